// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "core.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* Not static: libbpf 1.1 on 5.4 cannot make the map of a section that exports nothing. */
const volatile struct config cfg = {};

/*
 * Which scratch slots are taken. Since ca06f55b9002 (5.12) a program may be preempted while it runs, by a task whose
 * exec fails on the same CPU; a hash map's BPF_NOEXIST is the test-and-set that every kernel has.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1); /* as many as scratch: set by user space */
	__type(key, u32);
	__type(value, u8);
} scratch_busy SEC(".maps");

/* max_entries of both: set by user space. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, u64);
	__type(value, struct attempt);
} attempts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, u64);
	__type(value, struct attempt_text);
} attempt_texts SEC(".maps");

/* What a new attempt and its text start from: too big for the stack. Never written to. */
struct blank {
	struct attempt attempt;
	struct attempt_text text;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct blank);
} blanks SEC(".maps");

/* Which exec made the kernel ask for a helper program, by the helper's subprocess_info. Few at a time, soon used. */
struct cause {
	u32 pid;
	char path[CAUSE_MAX];
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 256);
	__type(key, u64);
	__type(value, struct cause);
} causes SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, LOST_REASONS);
	__type(key, u32);
	__type(value, u64);
} lost SEC(".maps");

/*
 * x &= mask in one register that the compiler cannot see through: older verifiers do not carry a bound that was checked
 * in one register over to its copy in another, nor (before 5.16) to one on the stack. It belongs right before the use,
 * with no call between. A mask and not a comparison, as that would be one more branch to verify.
 */
#define bound(x, mask) asm volatile("%0 &= %1" : "+r"(x) : "i"(mask))

#define CGROUP_DEPTH 32
#define SECTION_LAST (RECORD_MAX - (int)sizeof(struct section)) /* the last offset that one may start at */
#define NAME_ROOM 256 /* NAME_MAX and its NUL */

__noinline int core_lost(u32 reason)
{
	u64 *count = bpf_map_lookup_elem(&lost, &reason);

	if (count)
		__sync_fetch_and_add(count, 1);
	return 0;
}

/* --- attempts: evidence, keyed by task --- */

static __always_inline u64 task_key(void)
{
	return bpf_get_current_task();
}

static __always_inline struct attempt *attempt_find(void)
{
	u64 key = task_key();

	return bpf_map_lookup_elem(&attempts, &key);
}

static __always_inline struct blank *blank_get(void)
{
	u32 zero = 0;

	return bpf_map_lookup_elem(&blanks, &zero);
}

static __always_inline struct attempt *attempt_reset(u64 flags)
{
	u64 key = task_key();
	struct blank *blank = blank_get();

	if (!blank)
		return NULL;
	if (bpf_map_update_elem(&attempts, &key, &blank->attempt, flags)) {
		core_lost(LOST_STATE);
		return NULL;
	}
	return bpf_map_lookup_elem(&attempts, &key);
}

static __always_inline struct attempt *attempt_get(void)
{
	struct attempt *a = attempt_find();

	return a ?: attempt_reset(BPF_NOEXIST);
}

static __always_inline struct attempt_text *text_find(void)
{
	u64 key = task_key();

	return bpf_map_lookup_elem(&attempt_texts, &key);
}

static __always_inline struct attempt_text *text_get(struct attempt *a)
{
	struct attempt_text *text = text_find();
	struct blank *blank;
	u64 key = task_key();

	if (text) {
		a->have_text = 1;
		return text;
	}
	blank = blank_get();
	if (!blank)
		return NULL;
	if (bpf_map_update_elem(&attempt_texts, &key, &blank->text, BPF_NOEXIST)) {
		core_lost(LOST_STATE);
		return NULL;
	}
	a->have_text = 1;
	return bpf_map_lookup_elem(&attempt_texts, &key);
}

__noinline int core_forget(void)
{
	u64 key = task_key();
	struct attempt *a = bpf_map_lookup_elem(&attempts, &key);

	if (!a)
		return 0;
	if (a->have_text)
		bpf_map_delete_elem(&attempt_texts, &key);
	bpf_map_delete_elem(&attempts, &key);
	return 0;
}

/* --- dentries --- */

static __always_inline struct mount *real_mount(struct vfsmount *mnt)
{
	return (void *)mnt - bpf_core_field_offset(struct mount, mnt);
}

/*
 * One step of a walk up to the root of the mount namespace. Returns the length of the name with its NUL that was put
 * at off & mask behind base, 0 where the step only went through a mount point, negative at the end.
 *
 * What changes from step to step is kept in maps, not in registers: so the verifier finds each step alike.
 */
static __always_inline long walk_step(struct walk *w, char *base, u64 off, const u64 mask)
{
	struct dentry *dentry = w->dentry, *parent = BPF_CORE_READ(dentry, d_parent);
	struct mount *mount = w->mount, *above;
	const unsigned char *name;
	long n;

	if (dentry == BPF_CORE_READ(mount, mnt.mnt_root)) {
		above = BPF_CORE_READ(mount, mnt_parent);
		if (above == mount || !above)
			return -1;
		w->dentry = BPF_CORE_READ(mount, mnt_mountpoint);
		w->mount = above;
		return 0;
	}
	name = BPF_CORE_READ(dentry, d_name.name);
	bound(off, mask);
	n = bpf_probe_read_kernel_str(base + off, NAME_ROOM, name);
	/* A file without a directory: memfd, pipe, anonymous inode. */
	w->dentry = parent == dentry ? BPF_CORE_READ(mount, mnt.mnt_root) : parent;
	return n;
}

/* Unhashed, as d_unlinked() has it, but for the root of a mount: that of rootfs never is hashed. */
static __always_inline bool walk_starts_deleted(struct walk *w)
{
	struct dentry *dentry = w->dentry;
	struct mount *mount = w->mount;

	return !BPF_CORE_READ(dentry, d_hash.pprev) && dentry != BPF_CORE_READ(mount, mnt.mnt_root);
}

static __always_inline void file_facts(struct inode *inode, struct record_file *out)
{
	out->ino = BPF_CORE_READ(inode, i_ino);
	out->dev = BPF_CORE_READ(inode, i_sb, s_dev);
	out->magic = BPF_CORE_READ(inode, i_sb, s_magic);
	out->mode = BPF_CORE_READ(inode, i_mode);
	inode_ctime(inode, &out->ctime_sec, &out->ctime_nsec);
}

/* Some steps of the walk from a->walk into the attempt's text. Not 0: the root was reached, or there is no more room. */
__noinline int core_attempt_climb(u32 unused)
{
	struct attempt *a = attempt_find();
	struct attempt_text *text = text_find();
	long n;
	u32 i;

	if (!a || !text)
		return 1;
	for (i = 0; i < loop_limit(CLIMB_STEPS, 1); i++) {
		if (a->path_len >= RECORD_PATH_MAX)
			return 1;
		n = walk_step(&a->walk, text->path, a->path_len, RECORD_PATH_MAX - 1);
		if (n < 0) {
			a->path_flags &= ~SECTION_CUT;
			return 1;
		}
		a->path_len += n;
	}
	return 0;
}

/* The path of an open file, into the attempt. */
__noinline int core_attempt_path(u64 address)
{
	struct file *file = (struct file *)address;
	struct attempt *a = attempt_find();
	u32 i;

	if (!a || !text_get(a))
		return 0;
	a->walk.dentry = BPF_CORE_READ(file, f_path.dentry);
	a->walk.mount = real_mount(BPF_CORE_READ(file, f_path.mnt));
	a->path_len = 0;
	/* Until the end has been seen. */
	a->path_flags = SECTION_CUT | (walk_starts_deleted(&a->walk) ? SECTION_DELETED : 0);
	a->have_path = 1;
	for (i = 0; i < loop_limit(CLIMBS_MAX, CLIMBS_MAX_STATIC); i++)
		if (core_attempt_climb(0))
			break;
	return 0;
}

static __always_inline void attempt_file(struct attempt *a, struct linux_binprm *bprm, bool with_path)
{
	struct file *file = BPF_CORE_READ(bprm, file);

	if (!file)
		return;
	a->seen |= SEEN_FILE;
	file_facts(BPF_CORE_READ(file, f_inode), &a->file);
	if (with_path)
		core_attempt_path((u64)file);
}

/* Copies a kernel string into `to`, an array, and notes so under `name` in the attempt. */
#define attempt_string(a, name, to, from)                                                                              \
	({                                                                                                             \
		long n_ = bpf_probe_read_kernel_str(to, sizeof(to), (const void *)(from));                             \
		(a)->name##_flags = n_ == sizeof(to) ? SECTION_CUT : 0;                                                \
		(a)->name##_len = n_ > 0 ? n_ - 1 : 0;                                                                 \
		(a)->have_##name = n_ > 0;                                                                             \
	})

/* --- evidence --- */

static __always_inline void note_caller(struct attempt *a)
{
	if (a->have_caller)
		return;
	a->have_caller = 1;
	a->tid = bpf_get_current_pid_tgid();
	bpf_get_current_comm(a->comm, sizeof(a->comm));
}

static __always_inline void note_counts(struct attempt *a, struct linux_binprm *bprm)
{
	if (a->have_counts)
		return;
	a->have_counts = 1;
	a->argc = BPF_CORE_READ(bprm, argc);
	a->envc = BPF_CORE_READ(bprm, envc);
}

/* Which system call it is: see call_as_noted(). */
static __always_inline void note_call(struct attempt *a)
{
	struct pt_regs *regs = current_user_regs();
	bool compat = in_compat_syscall();
	struct call_args args;

	a->call = call_of_syscall(regs_syscall(regs), compat);
	if (!a->call)
		return;
	syscall_args(regs, compat, &args);
	a->seen |= compat ? SEEN_COMPAT : 0;
	a->dirfd = args.arg[0];
	a->call_flags = args.arg[4];
}

static __always_inline bool is_err(s64 ret)
{
	return (u64)ret >= (u64)-MAX_ERRNO;
}

/* The kernel opens the program first; whatever it opens after the program is an interpreter. */
__noinline int core_opened(u64 name, s64 ret)
{
	struct attempt *a = attempt_find();
	bool interp = a && (a->seen & SEEN_FILE);
	struct attempt_text *text;
	const char *string;

	if (!interp && !is_err(ret)) {
		if (a)
			a->seen |= SEEN_FILE;
		return 0;
	}
	if (!a)
		a = attempt_get();
	if (!a)
		return 0;
	/* Since 7.x a name that could not be read comes this far. */
	if (is_err(name))
		return 0;
	string = BPF_CORE_READ((struct filename *)name, name);
	if (interp) {
		attempt_string(a, interp, a->interp, string);
	} else {
		text = text_get(a);
		if (text)
			attempt_string(a, given, text->given, string);
	}
	if (is_err(ret))
		a->step = interp ? STEP_OPEN_INTERPRETER : STEP_OPEN_PROGRAM;
	else
		a->seen |= SEEN_INTERP_OPEN;
	return 0;
}

__noinline int core_opening(u64 name)
{
	struct attempt *a = attempt_get();

	if (a)
		a->name = name;
	return 0;
}

__noinline int core_opening_done(s64 ret)
{
	struct attempt *a = attempt_find();

	if (a && a->name)
		core_opened(a->name, ret);
	return 0;
}

__noinline int core_opened_interp(u64 name_string, s64 ret)
{
	struct attempt *a = attempt_get();

	if (!a)
		return 0;
	attempt_string(a, interp, a->interp, name_string);
	if (is_err(ret))
		a->step = STEP_OPEN_INTERPRETER;
	else
		a->seen |= SEEN_INTERP_OPEN;
	return 0;
}

__noinline int core_note_entered(void)
{
	/* Anew: of an exec whose end no hook saw something may be left. */
	struct attempt *a = attempt_reset(BPF_ANY);

	if (a)
		a->seen |= SEEN_ENTERED;
	return 0;
}

/* The path as the caller gave it. */
static __always_inline struct attempt_text *note_given(struct attempt *a, struct linux_binprm *bprm)
{
	struct attempt_text *text = text_get(a);

	if (!text)
		return NULL;
	attempt_string(a, given, text->given, BPF_CORE_READ(bprm, filename));
	if (bprm_has_fdpath(bprm))
		a->given_flags |= SECTION_FDPATH;
	return text;
}

__noinline int core_note_program(u64 address, u32 seen, u32 with_path)
{
	struct linux_binprm *bprm = (struct linux_binprm *)address;
	struct attempt *a = attempt_find();
	const char *interp;

	/* Left over from an exec whose end no hook saw. */
	if (a && a->bprm && a->bprm != address)
		a = attempt_reset(BPF_ANY);
	if (!a)
		a = attempt_get();
	if (!a)
		return 0;
	a->seen |= seen | SEEN_FILE | SEEN_BPRM;
	if (a->bprm == address)
		return 0;
	a->bprm = address;
	note_caller(a);
	/* Soon the caller's memory will be gone. */
	if (seen & SEEN_COMMIT) {
		note_given(a, bprm);
		note_call(a);
		a->stack_argc = BPF_CORE_READ(bprm, argc);
	}
	interp = BPF_CORE_READ(bprm, interp);
	if (interp != BPF_CORE_READ(bprm, filename)) {
		/* Too late: a handler has put an interpreter in the program's place, and changed the arguments. */
		a->seen |= SEEN_SCRIPT;
		a->level = 1;
		attempt_string(a, interp, a->interp, interp);
		return 0;
	}
	note_counts(a, bprm);
	if (with_path)
		attempt_file(a, bprm, true);
	return 0;
}

__noinline int core_note_interp_change(u64 interp, u64 bprm)
{
	struct attempt *a = attempt_get();

	if (!a)
		return 0;
	if (!a->have_path)
		attempt_file(a, (struct linux_binprm *)bprm, true);
	a->seen |= SEEN_SCRIPT | SEEN_FILE;
	/* What was opened for the round before does not speak for this one. */
	a->seen &= ~SEEN_INTERP_OPEN;
	a->level++;
	attempt_string(a, interp, a->interp, interp);
	return 0;
}

__noinline int core_note_commit(u64 bprm, u32 with_call)
{
	struct attempt *a = attempt_get();

	if (!a)
		return 0;
	note_caller(a);
	a->seen |= SEEN_COMMIT;
	if (with_call)
		note_call(a);
	if (!a->have_path)
		a->bprm = bprm;
	return 0;
}

static __always_inline void note_head(struct attempt *a, struct attempt_text *text, struct linux_binprm *bprm)
{
	bpf_probe_read_kernel(text->head, sizeof(text->head), bprm->buf);
	a->have_head = 1;
}

static __always_inline void note_stack(struct attempt *a, struct linux_binprm *bprm)
{
	a->strings = BPF_CORE_READ(bprm, p);
	a->stack_argc = BPF_CORE_READ(bprm, argc);
}

__noinline int core_note_bprm(u64 address, u32 seen)
{
	struct linux_binprm *bprm = (struct linux_binprm *)address;
	struct attempt *a = attempt_get();
	struct attempt_text *text;
	const char *filename, *interp;

	if (!a)
		return 0;
	a->seen |= seen | SEEN_BPRM;
	if (a->have_head)
		return 0;
	filename = BPF_CORE_READ(bprm, filename);
	interp = BPF_CORE_READ(bprm, interp);
	/* bprm->file is the program's only while no interpreter has taken its place. */
	if (!a->have_path && filename == interp)
		attempt_file(a, bprm, true);
	text = note_given(a, bprm);
	if (!text)
		return 0;
	if (interp != filename && !a->have_interp)
		attempt_string(a, interp, a->interp, interp);
	note_head(a, text, bprm);
	note_counts(a, bprm);
	if (bprm_no_return(bprm)) {
		a->seen |= SEEN_NO_RETURN;
		note_stack(a, bprm);
	}
	return 0;
}

__noinline int core_note_known_bprm(u32 seen)
{
	struct attempt *a = attempt_find();

	if (a && a->bprm)
		core_note_bprm(a->bprm, seen);
	return 0;
}

__noinline int core_note_spent_bprm(u64 address)
{
	struct linux_binprm *bprm = (struct linux_binprm *)address;
	struct attempt *a = attempt_find();
	struct attempt_text *text;

	if (!a || !(a->seen & SEEN_COMMIT))
		return 0;
	text = note_given(a, bprm);
	if (text && !a->have_head)
		note_head(a, text, bprm);
	note_counts(a, bprm);
	note_stack(a, bprm);
	return 0;
}

__noinline int core_note_kernel_call(u64 filename, u64 argv, u64 envp)
{
	struct attempt *a = attempt_get();

	if (!a)
		return 0;
	a->kernel_call[0] = filename;
	a->kernel_call[1] = argv;
	a->kernel_call[2] = envp;
	return 0;
}

__noinline u64 core_kernel_call(u32 n)
{
	struct attempt *a = attempt_find();

	if (!a)
		return 0;
	switch (n) {
	case 0:
		return a->kernel_call[0];
	case 1:
		return a->kernel_call[1];
	default:
		return a->kernel_call[2];
	}
}

__noinline int core_failed_step(u32 step)
{
	struct attempt *a = attempt_get();

	if (a)
		a->step = step;
	return 0;
}

__noinline int core_note_reported(void)
{
	struct attempt *a = attempt_get();

	if (a)
		a->reported = 1;
	return 0;
}

__noinline int core_was_reported(void)
{
	struct attempt *a = attempt_find();

	return a && a->reported;
}

__noinline int core_note_helper_wanted(u64 info)
{
	struct attempt *a = attempt_find();
	struct linux_binprm *bprm;
	struct cause cause = {};

	/* Helpers for other purposes than an exec have no cause of this kind. */
	if (!a || !a->bprm)
		return 0;
	cause.pid = bpf_get_current_pid_tgid() >> 32;
	bprm = (struct linux_binprm *)a->bprm;
	bpf_probe_read_kernel_str(cause.path, sizeof(cause.path), BPF_CORE_READ(bprm, filename));
	bpf_map_update_elem(&causes, &info, &cause, BPF_ANY);
	return 0;
}

__noinline int core_note_helper(u64 info)
{
	struct cause *cause = bpf_map_lookup_elem(&causes, &info);
	struct attempt_text *text;
	struct attempt *a;

	if (!cause)
		return 0;
	a = attempt_get();
	text = a ? text_get(a) : NULL;
	if (text) {
		a->cause_pid = cause->pid;
		__builtin_memcpy(text->cause, cause->path, sizeof(text->cause));
	}
	bpf_map_delete_elem(&causes, &info);
	return 0;
}

/*
 * The address of the new stack's strings when the caller's memory is gone, else 0. Where no hook saw the bprm at its
 * end, the new memory itself tells where they lie; what an interpreter changed of them it does not.
 */
__noinline u64 core_stack_strings(void)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct attempt *a = attempt_find();

	if (!a)
		return 0;
	if (!a->strings && a->seen & SEEN_NO_RETURN && !a->level)
		a->strings = BPF_CORE_READ(task, mm, arg_start);
	return a->strings;
}

__noinline u32 core_noted_call(void)
{
	struct attempt *a = attempt_find();

	return a ? a->call : 0;
}

__noinline u64 core_noted_at(void)
{
	struct attempt *a = attempt_find();

	return a ? (u64)a->call_flags << 32 | (u32)a->dirfd : 0;
}

__noinline int core_is_committed(void)
{
	struct attempt *a = attempt_find();

	return a && a->seen & SEEN_COMMIT;
}

#define SIGSEGV 11
#define SIGNAL_BIT(n) (1UL << ((n)-1))

/*
 * The kernel is killing the task by SIGSEGV, as it does after a failure past the point of no return: nobody else can
 * have a signal pending that is neither blocked nor handled, and live to make a system call.
 */
static __always_inline bool is_killed_by_kernel(struct task_struct *task)
{
	if (!(BPF_CORE_READ(task, pending.signal.sig[0]) & SIGNAL_BIT(SIGSEGV)))
		return false;
	return !(BPF_CORE_READ(task, blocked.sig[0]) & SIGNAL_BIT(SIGSEGV)) &&
	       !BPF_CORE_READ(task, sighand, action[SIGSEGV - 1].sa.sa_handler);
}

__noinline int core_caller_memory(void)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct attempt *a = attempt_find();

	if (a)
		return a->strings || a->seen & SEEN_NO_RETURN ? MEMORY_GONE : MEMORY_KEPT;
	return !has_prepare_exec() && is_killed_by_kernel(task) ? MEMORY_UNSEEN : MEMORY_KEPT;
}

/* By then the signal has become the exit code. */
__noinline int core_is_killed_for_exec(void)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct attempt *a = attempt_find();

	return a && a->seen & SEEN_NO_RETURN && !a->reported && (BPF_CORE_READ(task, exit_code) & 0x7f) == SIGSEGV;
}

/* --- sections --- */

static __always_inline struct scratch *scratch_get(u32 slot)
{
	return bpf_map_lookup_elem(&scratch, &slot);
}

static __always_inline bool section_begin(struct scratch *s, u16 kind)
{
	struct section *sec;
	u64 off = s->len;

	if (off > SECTION_LAST)
		return false;
	bound(off, RECORD_MASK);
	sec = (void *)(s->data + off);
	sec->kind = kind;
	sec->flags = 0;
	sec->len = 0;
	s->section = off;
	s->len = off + sizeof(*sec);
	return true;
}

static __always_inline void section_end(struct scratch *s, u16 flags)
{
	struct section *sec;
	u64 off = s->section, end = s->len;

	bound(off, RECORD_MASK);
	if (end > RECORD_MAX) {
		end = RECORD_MAX;
		s->len = end;
		flags |= SECTION_CUT;
	}
	sec = (void *)(s->data + off);
	sec->flags |= flags;
	sec->len = end - off - sizeof(*sec);
}

/* Appends n & mask bytes of kernel memory. */
static __always_inline void section_bytes(struct scratch *s, u16 kind, const void *from, u64 n, const u64 mask,
					  u16 flags)
{
	u64 off;

	if (!section_begin(s, kind))
		return;
	off = s->len;
	bound(off, RECORD_MASK);
	bound(n, mask);
	if (!bpf_probe_read_kernel(s->data + off, n, from))
		s->len = off + n;
	section_end(s, flags);
}

static __always_inline void section_string(struct scratch *s, u16 kind, const void *from, bool user)
{
	u16 flags = 0;
	u64 off;
	long n;

	if (!section_begin(s, kind))
		return;
	off = s->len;
	bound(off, RECORD_MASK);
	if (user)
		n = bpf_probe_read_user_str(s->data + off, RECORD_PATH_MAX, from);
	else
		n = bpf_probe_read_kernel_str(s->data + off, RECORD_PATH_MAX, from);
	if (n < 0)
		flags = SECTION_UNREADABLE;
	else if (n == RECORD_PATH_MAX)
		flags = SECTION_CUT;
	if (n > 0)
		s->len = off + n - 1;
	section_end(s, flags);
}

/* Some steps of the walk from s->walk into the section. Not 0: the root was reached, or there is no more room. */
__noinline int core_section_climb(u32 slot)
{
	struct scratch *s = scratch_get(slot);
	long n;
	u32 i;

	if (!s)
		return 1;
	for (i = 0; i < loop_limit(CLIMB_STEPS, 1); i++) {
		if (s->len > RECORD_MAX)
			return 1;
		n = walk_step(&s->walk, s->data, s->len, RECORD_MASK);
		if (n < 0) {
			s->section_flags &= ~SECTION_CUT;
			return 1;
		}
		s->len += n;
	}
	return 0;
}

__noinline int core_section_path(u32 slot, u32 kind, u64 dentry, u64 mnt)
{
	struct scratch *s = scratch_get(slot);
	u32 i;

	if (!s || !section_begin(s, kind))
		return 0;
	s->walk.dentry = (struct dentry *)dentry;
	s->walk.mount = real_mount((void *)mnt);
	/* Until the end has been seen. */
	s->section_flags = SECTION_CUT | (walk_starts_deleted(&s->walk) ? SECTION_DELETED : 0);
	for (i = 0; i < loop_limit(CLIMBS_MAX, CLIMBS_MAX_STATIC); i++)
		if (core_section_climb(slot))
			break;
	section_end(s, s->section_flags);
	return 0;
}

static __always_inline void section_file_path(u32 slot, u32 kind, struct path *path)
{
	core_section_path(slot, kind, (u64)BPF_CORE_READ(path, dentry), (u64)BPF_CORE_READ(path, mnt));
}

/* --- the record --- */

static __always_inline bool out_of_scope(void)
{
	return cfg.scoped && !scope_has((struct task_struct *)bpf_get_current_task());
}

static __always_inline int slot_take(void)
{
	u32 first = bpf_get_smp_processor_id() * 2, second = first + 1;
	u8 one = 1;

	if (!bpf_map_update_elem(&scratch_busy, &first, &one, BPF_NOEXIST))
		return first;
	if (!bpf_map_update_elem(&scratch_busy, &second, &one, BPF_NOEXIST))
		return second;
	core_lost(LOST_SCRATCH);
	return -1;
}

__noinline int core_release(u32 slot)
{
	bpf_map_delete_elem(&scratch_busy, &slot);
	return 0;
}

static __always_inline void record_text(struct scratch *s, struct record *r, struct attempt *a,
					struct attempt_text *text)
{
	if (a->cause_pid) {
		r->cause_pid = a->cause_pid;
		section_string(s, SECTION_CAUSE, text->cause, false);
	}
	if (a->have_given)
		section_bytes(s, SECTION_PATH, text->given, a->given_len, RECORD_PATH_MAX - 1, a->given_flags);
	/* The mask reaches beyond path, and what is behind it in the text gives it room. */
	if (a->have_path)
		section_bytes(s, SECTION_BINARY, text->path, a->path_len, 2 * RECORD_PATH_MAX - 1, a->path_flags);
	if (a->have_head)
		section_bytes(s, SECTION_HEAD, text->head, RECORD_BUF, 2 * RECORD_BUF - 1, 0);
}

static __always_inline void record_attempt(struct scratch *s, struct record *r, struct attempt *a)
{
	struct attempt_text *text = a->have_text ? text_find() : NULL;

	r->seen |= a->seen;
	r->step = a->step;
	r->level = a->level;
	if (a->strings)
		r->seen |= SEEN_NO_RETURN;
	if (a->have_counts) {
		/* While arguments are copied, none may only mean: not yet counted. */
		if (a->argc || a->seen & SEEN_EXEC)
			r->argc = a->argc;
		if (a->envc || a->seen & SEEN_EXEC)
			r->envc = a->envc;
	}
	if (a->file.mode)
		r->binary = a->file;
	if (a->have_interp)
		section_bytes(s, SECTION_INTERPRETER, a->interp, a->interp_len, INTERP_MAX - 1, a->interp_flags);
	if (text)
		record_text(s, r, a, text);
}

/* Then that there is no attempt means nothing. */
static __always_inline bool attempts_were_lost(void)
{
	u32 reason = LOST_STATE;
	u64 *count = bpf_map_lookup_elem(&lost, &reason);

	return count && *count;
}

/* Takes a slot and starts a record in it. Returns the slot; negative when there is nothing to report. */
__noinline int core_begin(u32 call, s64 ret, u64 filename, u64 flags)
{
	struct attempt *a;
	struct scratch *s;
	struct record *r;
	int slot;

	if (out_of_scope())
		return -1;
	slot = slot_take();
	if (slot < 0)
		return -1;
	s = scratch_get(slot);
	if (!s)
		return -1;
	r = (struct record *)s->data;
	s->len = sizeof(*r);
	s->measure = ret == -E2BIG;
	s->longest = 0;
	__builtin_memset(&s->longest_facts, 0, sizeof(s->longest_facts));
	__builtin_memset(r, 0, sizeof(*r));
	r->type = RECORD_EXEC_FAILED;
	r->time_ns = bpf_ktime_get_ns();
	r->call = call;
	r->ret = ret;
	r->seen = (u32)flags;
	r->signal = flags >> 32;
	r->argc = RECORD_UNKNOWN;
	r->envc = RECORD_UNKNOWN;
	r->binary.dev = RECORD_UNKNOWN;
	r->stdin_file.dev = RECORD_UNKNOWN;
	r->tid = bpf_get_current_pid_tgid();
	bpf_get_current_comm(r->comm, sizeof(r->comm));
	a = attempt_find();
	if (a && a->have_caller) {
		r->tid = a->tid;
		__builtin_memcpy(r->comm, a->comm, sizeof(r->comm));
	}
	if (task_is_filtered((struct task_struct *)bpf_get_current_task()))
		r->seen |= SEEN_FILTERED;
	if (a)
		record_attempt(s, r, a);
	else if (attempts_were_lost())
		r->seen |= SEEN_ENTERED;
	if (!a || !a->have_given)
		section_string(s, SECTION_PATH, (void *)filename, call != CALL_KERNEL);
	return slot;
}

static __always_inline void record_ids(struct record *r, struct task_struct *task)
{
	const struct cred *cred = BPF_CORE_READ(task, cred);

	r->pid = BPF_CORE_READ(task, tgid);
	r->ppid = BPF_CORE_READ(task, real_parent, tgid);
	task_ns_pid(task, &r->ns_pid, &r->pid_ns);
	r->mnt_ns = BPF_CORE_READ(task, nsproxy, mnt_ns, ns.inum);
	r->uid = BPF_CORE_READ(cred, uid.val);
	r->gid = BPF_CORE_READ(cred, gid.val);
	r->euid = BPF_CORE_READ(cred, euid.val);
	r->loginuid = task_loginuid(task);
}

static __always_inline struct file *task_fd(struct task_struct *task, u32 fd)
{
	struct fdtable *fdt = BPF_CORE_READ(task, files, fdt);
	struct file **files = BPF_CORE_READ(fdt, fd);
	struct file *file = NULL;

	if (fd >= BPF_CORE_READ(fdt, max_fds))
		return NULL;
	bpf_probe_read_kernel(&file, sizeof(file), files + fd);
	return file;
}

static __always_inline void record_ancestors(struct scratch *s, struct task_struct *task)
{
	struct record_ancestor *out;
	struct task_struct *parent;
	u64 off;
	int i;

	if (!section_begin(s, SECTION_ANCESTORS))
		return;
	for (i = 0; i < RECORD_ANCESTORS; i++) {
		parent = BPF_CORE_READ(task, real_parent);
		off = s->len;
		if (!parent || parent == task || !BPF_CORE_READ(parent, tgid))
			break;
		bound(off, RECORD_MASK);
		out = (void *)(s->data + off);
		out->pid = BPF_CORE_READ(parent, tgid);
		BPF_CORE_READ_INTO(&out->comm, parent, group_leader, comm);
		s->len = off + sizeof(*out);
		task = BPF_CORE_READ(parent, group_leader);
	}
	section_end(s, 0);
}

static __always_inline void record_cgroup(struct scratch *s, struct task_struct *task)
{
	struct kernfs_node *kn = BPF_CORE_READ(task, cgroups, dfl_cgrp, kn);
	struct kernfs_node *parent = NULL;
	const char *name;
	u64 off;
	long n;
	int i;

	if (!section_begin(s, SECTION_CGROUP))
		return;
	for (i = 0; i < CGROUP_DEPTH && kn; i++) {
		parent = kernfs_parent(kn);
		if (!parent || s->len > RECORD_MAX)
			break;
		name = BPF_CORE_READ(kn, name);
		off = s->len;
		bound(off, RECORD_MASK);
		n = bpf_probe_read_kernel_str(s->data + off, NAME_ROOM, name);
		if (n > 0)
			s->len += n;
		kn = parent;
	}
	section_end(s, kn && parent ? SECTION_CUT : 0);
}

/* Past the point of no return the program that runs is the new one already. */
static __always_inline void record_exe(u32 slot, struct record *r, struct file *exe)
{
	if (!exe)
		return;
	if (r->seen & SEEN_IMAGE) {
		file_facts(BPF_CORE_READ(exe, f_inode), &r->binary);
		section_file_path(slot, SECTION_BINARY, &exe->f_path);
	} else if (!(r->seen & SEEN_NO_RETURN)) {
		section_file_path(slot, SECTION_EXE, &exe->f_path);
	}
}

/* Who did it, as the kernel knows the current task. */
__noinline int core_caller(u32 slot)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct scratch *s = scratch_get(slot);
	struct record *r;
	struct file *in;
	struct tty_struct *tty;

	if (!s)
		return 0;
	r = (struct record *)s->data;
	record_ids(r, task);
	in = task_fd(task, 0);
	if (in) {
		file_facts(BPF_CORE_READ(in, f_inode), &r->stdin_file);
		section_file_path(slot, SECTION_STDIN, &in->f_path);
	}
	record_exe(slot, r, BPF_CORE_READ(task, mm, exe_file));
	core_section_path(slot, SECTION_CWD, (u64)BPF_CORE_READ(task, fs, pwd.dentry),
			  (u64)BPF_CORE_READ(task, fs, pwd.mnt));
	core_section_path(slot, SECTION_ROOT, (u64)BPF_CORE_READ(task, fs, root.dentry),
			  (u64)BPF_CORE_READ(task, fs, root.mnt));
	tty = BPF_CORE_READ(task, signal, tty);
	if (tty)
		section_string(s, SECTION_TTY, tty->name, false);
	record_ancestors(s, task);
	record_cgroup(s, task);
	return 0;
}

__noinline int core_dirfd(u32 slot, s32 fd, u32 flags)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct scratch *s = scratch_get(slot);
	struct file *file;
	struct record *r;

	if (!s)
		return 0;
	r = (struct record *)s->data;
	r->dirfd = fd;
	r->flags = flags;
	file = fd < 0 ? NULL : task_fd(task, fd);
	if (file)
		section_file_path(slot, SECTION_DIRFD, &file->f_path);
	return 0;
}

/* --- arguments and environment --- */

/* The i-th pointer of the array; on the new stack there is no array, strings lie one behind the other. */
static __always_inline long string_pointer(struct scratch *s, u32 i, u32 source, u64 *ptr)
{
	u32 narrow = 0;
	long err;

	if (source == STRINGS_STACK) {
		*ptr = i < s->limit ? s->stack : 0;
		return 0;
	}
	if (source == STRINGS_COMPAT) {
		err = bpf_probe_read_user(&narrow, sizeof(narrow), (void *)(s->where + i * sizeof(narrow)));
		*ptr = narrow;
		return err;
	}
	if (source == STRINGS_KERNEL)
		return bpf_probe_read_kernel(ptr, sizeof(*ptr), (void *)(s->where + i * sizeof(*ptr)));
	return bpf_probe_read_user(ptr, sizeof(*ptr), (void *)(s->where + i * sizeof(*ptr)));
}

static __always_inline long string_read(void *dst, u64 size, u64 ptr, u32 source)
{
	if (source == STRINGS_KERNEL)
		return bpf_probe_read_kernel_str(dst, size, (void *)ptr);
	return bpf_probe_read_user_str(dst, size, (void *)ptr);
}

/*
 * Copies one string as an element. False when there is no room for it. Sign masks in the place of conditions: each turn
 * of the loop is verified in all its ways, where functions are not verified on their own.
 */
static __always_inline bool element_put(struct scratch *s, u64 ptr, u32 source)
{
	struct element *e;
	u64 off = s->len, room = s->left;
	s64 n, len, over, failed, cut;

	if (off > SECTION_LAST || !room)
		return false;
	bound(off, RECORD_MASK);
	e = (void *)(s->data + off);
	/* Besides the NUL one byte more than may be kept: it tells a string that is cut from one that just fits. */
	room += 2;
	bound(room, STRINGS_MASK);
	n = string_read(s->data + off + sizeof(*e), room, ptr, source);
	failed = n >> 63;
	/* strncpy_from_user_nofault() counts the NUL of an empty string on some kernels and not on others. */
	len = n - 1;
	len &= ~(len >> 63);
	s->stack = ptr + len + 1;
	over = (s64)s->left - len;
	cut = over >> 63;
	len += over & cut;
	s->section_flags |= (failed & SECTION_UNREADABLE) | (cut & SECTION_CUT);
	e->flags = (failed & ELEMENT_UNREADABLE) | (cut & ELEMENT_CUT);
	e->len = len;
	s->len = off + sizeof(*e) + len;
	s->left -= len;
	return true;
}

/* Reads it piece by piece to behind what was written, where the next section will be. */
static __always_inline u32 string_length(struct scratch *s, u64 ptr, u32 source)
{
	u32 len = 0;
	u64 off;
	s64 n;
	int i;

	for (i = 0; i < RECORD_MEASURED_STRING / STRINGS_MASK + 1; i++) {
		off = s->len;
		bound(off, RECORD_MASK);
		n = string_read(s->data + off, STRINGS_MASK, ptr + len, source);
		if (n <= 0)
			break;
		len += n - 1;
		if (n < STRINGS_MASK)
			break;
	}
	return len;
}

__noinline int core_measure(u32 slot, u32 index, u64 ptr, u32 source)
{
	struct scratch *s = scratch_get(slot);
	struct record_longest *longest;
	u32 len;

	if (!s || s->longest_facts.total >= RECORD_MEASURED_MAX)
		return 0;
	longest = &s->longest_facts;
	len = string_length(s, ptr, source);
	longest->total += len + 1;
	if (s->longest && len <= longest->len)
		return 0;
	s->longest = ptr;
	longest->kind = s->kind;
	longest->index = index;
	longest->len = len;
	return 0;
}

__noinline int core_longest(u32 slot, u32 source)
{
	struct scratch *s = scratch_get(slot);
	u64 off;
	long n;

	if (!s || !s->longest || !section_begin(s, SECTION_LONGEST))
		return 0;
	off = s->len;
	bound(off, RECORD_MASK);
	__builtin_memcpy(s->data + off, &s->longest_facts, sizeof(s->longest_facts));
	off += sizeof(s->longest_facts);
	n = string_read(s->data + off, RECORD_LONGEST_START + 1, s->longest, source);
	s->len = off + (n > 0 ? n - 1 : 0);
	section_end(s, 0);
	return 0;
}

/* One turn of core_strings(), on its own so that it is verified once. Not 0: it was the last. */
__noinline int core_string(u32 slot, u32 i, u32 source)
{
	struct scratch *s = scratch_get(slot);
	u64 ptr = 0;
	u32 len;

	if (!s)
		return 1;
	if (string_pointer(s, i, source, &ptr)) {
		s->section_flags |= SECTION_UNREADABLE;
		return 1;
	}
	if (!ptr) {
		s->ended = 1;
		return 1;
	}
	s->next = i + 1;
	if (loop_limit(true, false) && s->measure)
		core_measure(slot, i, ptr, source);
	len = s->len;
	if (!element_put(s, ptr, source)) {
		s->section_flags |= SECTION_CUT | SECTION_MORE;
		return 1;
	}
	if (source == STRINGS_STACK && i < s->skip)
		s->len = len;
	return 0;
}

/* Not 0: it held the last. */
__noinline int core_string_batch(u32 slot, u32 first, u32 source)
{
	u32 i;

	for (i = 0; i < STRINGS_BATCH; i++)
		if (core_string(slot, first + i, source))
			return 1;
	return 0;
}

/*
 * The new stack has the arguments as the kernel changed them for an interpreter: in the place of the first are the
 * interpreter, its argument and the script. The caller's first is gone.
 */
static __always_inline void strings_of_script(struct scratch *s, struct record *r, struct attempt *a)
{
	struct element *e;
	u64 off = s->len;

	s->skip = a->stack_argc - r->argc + 1;
	s->limit = a->stack_argc;
	bound(off, RECORD_MASK);
	e = (void *)(s->data + off);
	e->len = 0;
	e->flags = ELEMENT_UNREADABLE;
	s->len = off + sizeof(*e);
	s->section_flags = SECTION_UNREADABLE;
}

/* Not 0: the end of the list was seen, or it cannot be. */
__noinline int core_count_batch(u32 slot, u32 source)
{
	struct scratch *s = scratch_get(slot);
	u64 ptr = 0;
	u32 i;

	if (!s)
		return 1;
	for (i = 0; i < STRINGS_BATCH; i++) {
		if (string_pointer(s, s->next, source, &ptr))
			return 1;
		if (!ptr) {
			s->ended = 1;
			return 1;
		}
		if (s->measure)
			core_measure(slot, s->next, ptr, source);
		s->next++;
	}
	return 0;
}

/* How many strings there are in a list, of which only the first may have had room; before 5.8 those were all. */
static __always_inline u32 strings_counted(u32 slot, u32 known, u32 source)
{
	struct scratch *s = scratch_get(slot);
	u32 i;

	if (!s || (known != RECORD_UNKNOWN && !s->measure) || source == STRINGS_STACK)
		return known;
	for (i = 0; !s->ended && i < loop_limit(COUNT_BATCHES, 0); i++)
		if (core_count_batch(slot, source))
			break;
	return s->ended && known == RECORD_UNKNOWN ? s->next : known;
}

__noinline int core_strings(u32 slot, u32 kind, u64 where, u32 source)
{
	struct scratch *s = scratch_get(slot);
	struct attempt *a = attempt_find();
	struct record *r;
	u32 i, last = 1;

	if (!s || !section_begin(s, kind))
		return 0;
	r = (struct record *)s->data;
	s->limit = kind == SECTION_ARGUMENTS ? r->argc : r->envc;
	if (kind == SECTION_ARGUMENTS)
		s->stack = where;
	s->where = where;
	s->kind = kind;
	s->left = RECORD_STRINGS_MAX;
	s->section_flags = 0;
	s->skip = 0;
	s->next = 0;
	s->ended = 0;
	if (kind == SECTION_ARGUMENTS)
		s->astray = 0;
	if (source == STRINGS_STACK && s->astray) {
		section_end(s, SECTION_UNREADABLE);
		return 0;
	}
	if (kind == SECTION_ARGUMENTS && source == STRINGS_STACK && a && a->level)
		strings_of_script(s, r, a);
	if (where) {
		for (i = 0; i < loop_limit(BATCHES_MAX, BATCHES_MAX_STATIC); i++) {
			last = core_string_batch(slot, i * STRINGS_BATCH, source);
			if (last)
				break;
		}
	}
	s->astray = !s->ended || s->section_flags & SECTION_CUT;
	section_end(s, last ? s->section_flags : s->section_flags | SECTION_CUT | SECTION_MORE);
	if (kind == SECTION_ARGUMENTS)
		r->argc = strings_counted(slot, r->argc, source);
	else
		r->envc = strings_counted(slot, r->envc, source);
	return 0;
}
