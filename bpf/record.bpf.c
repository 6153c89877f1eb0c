// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "record.bpf.h"

#include "attempt.bpf.h"
#include "scope.bpf.h"

#define CGROUP_NAMES 32
#define CGROUP_DEPTH 256
#define PF_FORKNOEXEC 0x40 /* include/linux/sched.h */

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
	struct attempt_text *text = attempt_text(a);

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

/* What every record has. a: the attempt that it is of, or NULL. */
static __always_inline struct record *record_head(struct scratch *s, struct attempt *a)
{
	struct record *r = (struct record *)s->data;
	struct exec_call *c = &s->call;

	s->len = sizeof(*r);
	s->place = a ? a->place : NO_PLACE;
	s->measure = c->ret == -E2BIG;
	s->longest = 0;
	__builtin_memset(&s->longest_facts, 0, sizeof(s->longest_facts));
	__builtin_memset(r, 0, sizeof(*r));
	r->kind = c->kind;
	r->time_ns = bpf_ktime_get_ns();
	r->call = c->call;
	r->ret = c->ret;
	r->seen = c->seen;
	r->signal = c->signal;
	r->argc = RECORD_UNKNOWN;
	r->envc = RECORD_UNKNOWN;
	r->binary.dev = RECORD_UNKNOWN;
	r->stdin_file.dev = RECORD_UNKNOWN;
	r->dirfd_file.dev = RECORD_UNKNOWN;
	r->root_file.dev = RECORD_UNKNOWN;
	r->cwd_file.dev = RECORD_UNKNOWN;
	r->user_ns_owner = RECORD_UNKNOWN;
	r->tid = bpf_get_current_pid_tgid();
	if (cfg.counts & COUNT_CGROUP)
		r->cgroup = bpf_get_current_cgroup_id();
	task_comm(r->comm, (struct task_struct *)bpf_get_current_task());
	return r;
}

__noinline int record_begin(u32 slot)
{
	struct scratch *s = scratch_get(slot);
	struct exec_call *c;
	struct attempt *a;
	struct record *r;

	if (!s)
		return 0;
	c = &s->call;
	a = attempt_find();
	r = record_head(s, a);
	if (a && a->have_caller) {
		r->tid = a->tid;
		__builtin_memcpy(r->comm, a->comm, sizeof(r->comm));
	}
	if (task_is_filtered(current_task()))
		r->seen |= SEEN_FILTERED;
	if (task_no_new_privs(current_task()))
		r->seen |= SEEN_NO_NEW_PRIVS;
	if (a)
		record_attempt(s, r, a);
	else if (attempts_were_lost())
		r->seen |= SEEN_ENTERED;
	if (!a || !a->have_given)
		section_string(s, SECTION_PATH, (void *)c->filename, c->call != CALL_KERNEL);
	return 0;
}

/* The counts are of the caller's strings only while no interpreter has changed them. */
__noinline int record_begin_bprm(u32 slot)
{
	struct scratch *s = scratch_get(slot);
	struct attempt *a = attempt_find();
	struct linux_binprm *bprm;
	const char *filename, *interp;
	struct record *r;

	if (!s)
		return 0;
	bprm = (struct linux_binprm *)s->call.bprm;
	r = record_head(s, a);
	filename = member_as(bprm, CAST_BPRM, filename);
	interp = member_as(bprm, CAST_BPRM, interp);
	section_string(s, SECTION_PATH, filename, false);
	if (bprm_has_fdpath(bprm))
		section_end(s, SECTION_FDPATH);
	section_string(s, SECTION_INTERP, interp, false);
	if (filename == interp || r->kind == RECORD_STARTED) {
		r->argc = member_as(bprm, CAST_BPRM, argc);
		r->envc = member_as(bprm, CAST_BPRM, envc);
	}
	if (s->call.tid)
		r->tid = s->call.tid;
	if (r->kind == RECORD_STARTED && a && a->have_caller)
		section_bytes(s, SECTION_PREV_COMM, a->comm, sizeof(a->comm), 2 * RECORD_COMM - 1, 0);
	return 0;
}

/* The file that the security modules were asked about. */
__noinline int record_checked(u32 slot)
{
	struct scratch *s = scratch_get(slot);
	struct linux_binprm *bprm;
	struct file *file;

	if (!s)
		return 0;
	bprm = (struct linux_binprm *)s->call.bprm;
	file = member_as(bprm, CAST_BPRM, file);
	if (!file)
		return 0;
	file_facts(member_as(file, CAST_FILE, f_inode), false, &((struct record *)s->data)->binary);
	walk_section_file(s, slot, SECTION_BINARY, file);
	return 0;
}

/* A file in two sections: what it is, and its path. */
static __always_inline void section_file(struct scratch *s, u32 slot, u16 facts_kind, u16 path_kind, struct file *file)
{
	struct record_file facts = {};

	file_facts(member_as(file, CAST_FILE, f_inode), false, &facts);
	section_bytes(s, facts_kind, &facts, sizeof(facts), 2 * sizeof(facts) - 1, 0);
	walk_section_file(s, slot, path_kind, file);
}

/* The ELF interpreter: what a program that has just started begins in, unless it begins in itself. */
__noinline int record_loader(u32 slot)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct scratch *s = scratch_get(slot);
	struct mm_struct *mm = BPF_CORE_READ(task, mm);
	struct vm_area_struct *vma;
	struct file *file;

	if (!s)
		return 0;
	vma = mm_vma(mm, regs_ip(current_user_regs()));
	file = vma ? BPF_CORE_READ(vma, vm_file) : NULL;
	if (!file || file == BPF_CORE_READ(mm, exe_file))
		return 0;
	section_file(s, slot, SECTION_LOADER_FILE, SECTION_LOADER, file);
	return 0;
}

static __always_inline struct file *task_fd(struct task_struct *task, u32 fd)
{
	struct fdtable *fdt = load(load(task, files), fdt);
	struct file **files = load(fdt, fd);
	struct file *file = NULL;

	if (fd >= load(fdt, max_fds))
		return NULL;
	bpf_probe_read_kernel(&file, sizeof(file), files + fd);
	return file;
}

/* The strings between two addresses of the current task's memory, as they lie there. */
static __always_inline void record_joined(struct scratch *s, u16 kind, u64 start, u64 end)
{
	u64 off, n = end - start;
	u16 flags = SECTION_JOINED;

	if (end <= start || !section_begin(s, kind))
		return;
	off = s->len;
	bound(off, RECORD_MASK);
	if (n > RECORD_STRINGS_MAX) {
		n = RECORD_STRINGS_MAX;
		flags |= SECTION_CUT | SECTION_MORE;
	}
	bound(n, STRINGS_MASK);
	if (bpf_probe_read_user(s->data + off, n, (void *)start))
		flags |= SECTION_UNREADABLE;
	else
		s->len = off + n;
	section_end(s, flags);
}

/* musl's loader has the whole library in it: whoever ends there has mostly started. */
static __always_inline bool is_of_musl(struct file *file)
{
	const unsigned char *name = BPF_CORE_READ(file, f_path.dentry, d_name.name);
	char begin[8] = {};

	bpf_probe_read_kernel(begin, sizeof(begin), name);
	return *(u64 *)begin == *(u64 *)"ld-musl-";
}

/* A loader is no larger; below and above may be what it has loaded. */
#define LOADER_MAX (1 << 20)

__noinline int end_in_loader(void)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct mm_struct *mm = BPF_CORE_READ(task, mm);
	u64 base = mm ? mm_loader((u64)mm) : 0, ip;
	struct vm_area_struct *vma;
	struct file *file, *at_base;

	if (!base)
		return 0;
	ip = regs_ip(current_user_regs());
	if (ip - base >= LOADER_MAX)
		return 0;
	vma = mm_vma(mm, ip);
	file = vma ? BPF_CORE_READ(vma, vm_file) : NULL;
	vma = mm_vma(mm, base);
	at_base = vma ? BPF_CORE_READ(vma, vm_file) : NULL;
	return file && file == at_base && !is_of_musl(file);
}

__noinline int record_begin_end(u32 slot)
{
	struct task_struct *task = current_task();
	struct scratch *s = scratch_get(slot);
	struct mm_struct *mm;
	struct record *r;
	struct file *err;

	if (!s)
		return 0;
	r = record_head(s, attempt_find());
	if (load(task, flags) & PF_FORKNOEXEC)
		r->seen |= SEEN_FORKED;
	if (end_in_loader())
		r->seen |= SEEN_LOADER;
	/* Gone, where the end of a task is only told of when that is nearly over. */
	mm = load(task, mm);
	if (mm) {
		if (load(mm, brk) > load(mm, start_brk))
			r->seen |= SEEN_RAN;
		record_joined(s, SECTION_ARGUMENTS, load(mm, arg_start), load(mm, arg_end));
		if (cfg.environment)
			record_joined(s, SECTION_ENVIRONMENT, load(mm, env_start), load(mm, env_end));
	}
	/* Where its messages go. */
	err = task_fd(task, 2);
	if (err)
		section_file(s, slot, SECTION_STDERR_FILE, SECTION_STDERR, err);
	return 0;
}

/* The owner of the namespace right below the initial one, which has no parent. Deeper the kernel makes none. */
static __always_inline void record_user_ns(struct record *r, struct user_namespace *ns)
{
	struct user_namespace *parent, *below = NULL;

	for (u32 i = 0; i < loop_limit(USER_NS_DEPTH, USER_NS_DEPTH_STATIC); i++) {
		parent = cast_member(ns, parent);
		if (!parent)
			break;
		below = ns;
		ns = parent;
	}
	if (below)
		r->user_ns_owner = cast_member(below, owner.val);
}

static __always_inline void record_ids(struct record *r, struct task_struct *task)
{
	const struct cred *cred = load(task, cred);
	struct mnt_namespace *mnt_ns;

	r->pid = load(task, tgid);
	task_ns_pid(task, &r->ns_pid, &r->pid_ns);
	mnt_ns = load(load(task, nsproxy), mnt_ns);
	r->mnt_ns = load(mnt_ns, ns.inum);
	r->uid = load(cred, uid.val);
	r->gid = load(cred, gid.val);
	r->euid = load(cred, euid.val);
	r->loginuid = task_loginuid(task);
	record_user_ns(r, load(cred, user_ns));
}

#define BITS_PER_LONG 64

static __always_inline bool task_fd_closes(struct task_struct *task, u32 fd)
{
	unsigned long *bits = load(load(load(task, files), fdt), close_on_exec), word = 0;

	bpf_probe_read_kernel(&word, sizeof(word), bits + fd / BITS_PER_LONG);
	return word >> fd % BITS_PER_LONG & 1;
}

/* And who the parent is, the first of them. */
__noinline int record_ancestors(u32 slot)
{
	struct task_struct *parent, *leader;
	struct scratch *s = scratch_get(slot);
	struct record_ancestor *out;
	struct record *r;
	u64 off;
	u32 pid;
	int i;

	if (!s || !section_begin(s, SECTION_ANCESTORS))
		return 0;
	r = (struct record *)s->data;
	group_read((struct task_struct *)bpf_get_current_task(), &pid, &parent, &leader);
	for (i = 0; i < RECORD_ANCESTORS && parent; i++) {
		off = s->len;
		group_read(parent, &pid, &parent, &leader);
		if (!pid)
			break;
		if (!i)
			r->ppid = pid;
		bound(off, RECORD_MASK);
		out = (void *)(s->data + off);
		out->pid = pid;
		task_comm(out->comm, leader);
		s->len = off + sizeof(*out);
	}
	section_end(s, 0);
	return 0;
}

/* Some of the groups that it is in, up to the root: NULL then. Not 0: that was reached, or there is no more room. */
__noinline int record_cgroup_climb(u32 slot)
{
	struct scratch *s = scratch_get(slot);
	struct kernfs_node *kn, *parent;
	u64 off;
	long n;
	u32 i;

	if (!s)
		return 1;
	for (i = 0; i < loop_limit(CLIMB_STEPS, 1); i++) {
		kn = cast(s->node, CAST_KERNFS_NODE);
		parent = kernfs_parent(kn, has_casts());
		s->node = parent;
		if (!parent || s->len > RECORD_MAX)
			return 1;
		if (s->level-- > CGROUP_NAMES)
			continue;
		off = s->len;
		bound(off, RECORD_MASK);
		n = bpf_probe_read_kernel_str(s->data + off, NAME_ROOM, cast_member(kn, name));
		if (n > 0)
			s->len += n;
	}
	return 0;
}

/*
 * Whose it is say the outermost, which the machine's manager made: so it is the innermost that there is no room for, and
 * without the outermost there is none. Any user can make as many as he likes below his own.
 */
__noinline int record_cgroup(u32 slot)
{
	struct scratch *s = scratch_get(slot);
	struct cgroup *cgroup;
	u16 flags;
	u32 i;

	if (!s || !section_begin(s, SECTION_CGROUP))
		return 0;
	cgroup = load(load(current_task(), cgroups), dfl_cgrp);
	s->level = load(cgroup, level);
	s->node = load(cgroup, kn);
	flags = s->level > CGROUP_NAMES ? SECTION_CUT : 0;
	for (i = 0; i < loop_limit(CGROUP_DEPTH / CLIMB_STEPS, CGROUP_NAMES); i++)
		if (record_cgroup_climb(slot))
			break;
	if (s->node || s->len > RECORD_MAX) {
		s->len = s->section + sizeof(struct section);
		flags = SECTION_CUT;
	}
	section_end(s, flags);
	return 0;
}

/* Whether the file of the new memory is the one that was noted: it may fail before it has a new memory. */
static __always_inline bool is_noted(struct scratch *s, struct inode *inode)
{
	struct attempt *a = scratch_attempt(s);

	if (!a || a->have_path || !a->file.mode)
		return false;
	return BPF_CORE_READ(inode, i_ino) == a->file.ino && BPF_CORE_READ(inode, i_sb, s_dev) == a->file.dev;
}

/* Past the point of no return the program that runs is the new one already. */
static __always_inline void record_exe(struct scratch *s, u32 slot, struct file *exe)
{
	struct record *r = (struct record *)s->data;
	struct inode *inode;

	if (!exe)
		return;
	if (!(r->seen & (SEEN_NO_RETURN | SEEN_IMAGE))) {
		walk_section_file(s, slot, SECTION_EXE, exe);
		return;
	}
	inode = member_as(exe, CAST_FILE, f_inode);
	if (r->seen & SEEN_IMAGE)
		file_facts(inode, false, &r->binary);
	if (r->seen & SEEN_IMAGE || is_noted(s, inode))
		walk_section_file(s, slot, SECTION_BINARY, exe);
}

/* Who did it, as the kernel knows the current task. */
__noinline int record_caller(u32 slot)
{
	struct task_struct *task = current_task();
	struct scratch *s = scratch_get(slot);
	struct record *r;
	struct file *in;
	struct tty_struct *tty;
	struct signal_struct *signal;
	struct mm_struct *mm;
	struct fs_struct *fs;

	if (!s)
		return 0;
	r = (struct record *)s->data;
	record_ids(r, task);
	in = task_fd(task, 0);
	if (in) {
		file_facts(member_as(in, CAST_FILE, f_inode), false, &r->stdin_file);
		walk_section_file(s, slot, SECTION_STDIN, in);
	}
	mm = load(task, mm);
	record_exe(s, slot, load(mm, exe_file));
	fs = load(task, fs);
	file_facts(load(load(fs, root.dentry), d_inode), true, &r->root_file);
	file_facts(load(load(fs, pwd.dentry), d_inode), true, &r->cwd_file);
	walk_section(s, slot, SECTION_CWD, load(fs, pwd.dentry), load(fs, pwd.mnt));
	walk_section(s, slot, SECTION_ROOT, load(fs, root.dentry), load(fs, root.mnt));
	signal = load(task, signal);
	tty = load(signal, tty);
	if (tty)
		section_string(s, SECTION_TTY, tty->name, false);
	record_ancestors(slot);
	record_cgroup(slot);
	return 0;
}

__noinline int record_dirfd(u32 slot)
{
	struct task_struct *task = current_task();
	struct scratch *s = scratch_get(slot);
	struct file *file;
	struct record *r;
	s32 fd;

	if (!s)
		return 0;
	r = (struct record *)s->data;
	fd = s->call.dirfd;
	r->dirfd = fd;
	r->flags = s->call.flags;
	file = fd < 0 ? NULL : task_fd(task, fd);
	if (!file)
		return 0;
	file_facts(member_as(file, CAST_FILE, f_inode), false, &r->dirfd_file);
	if (task_fd_closes(task, fd))
		r->seen |= SEEN_CLOSES;
	walk_section_file(s, slot, SECTION_DIRFD, file);
	return 0;
}
