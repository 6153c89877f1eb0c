/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the hook families share. A family's programs only say which kernel function they hang on and hand over what it
 * was called with and what it answered:
 *
 *   core_opened(), core_note_*(), core_failed_step()   evidence from inside of an exec, kept per task
 *   core_finish()                                      the outcome: forgets a success, makes a record of a failure
 *
 * Kernel pointers cross as numbers: functions that are not static are verified on their own, and until e5069b9c23b3
 * (5.12) they could take nothing else.
 */
#ifndef EXECFAIL_CORE_BPF_H
#define EXECFAIL_CORE_BPF_H

#include "kernel.bpf.h"
#include "record.h"

/* include/uapi/linux/seccomp.h */
#define SECCOMP_RET_KILL_PROCESS 0x80000000U
#define SECCOMP_RET_KILL_THREAD 0x00000000U

/*
 * Offsets and lengths are bounded by masks, each at least what is allowed: a read may begin at any offset up to
 * RECORD_MASK and be as long as STRINGS_MASK, so a scratch slot has room for both.
 */
#define RECORD_MASK 0xffff
#define STRINGS_MASK 0x7fff

_Static_assert(RECORD_MAX <= RECORD_MASK && RECORD_STRINGS_MAX < STRINGS_MASK, "masks leave room for what they bound");

/* A walk up from a file to the root of its mount namespace. */
struct walk {
	struct dentry *dentry;
	struct mount *mount;
};

/* Where a record is put together; see core.bpf.c for who may use which. */
struct scratch {
	u32 len; /* of what is in data */
	u32 section; /* offset of the section being filled */
	u32 left; /* of RECORD_STRINGS_MAX, while strings are copied */
	u32 limit; /* STRINGS_STACK: how many there are */
	u32 next; /* the first string that was not looked at */
	u32 ended; /* the list's end was seen */
	u32 kind; /* enum section_kind of the list */
	u32 measure; /* strings are measured, those without room as well */
	u64 longest; /* where the longest of them lies */
	struct record_longest longest_facts;
	u32 astray; /* STRINGS_STACK: where the next list begins is not known */
	u32 section_flags; /* enum section_flag */
	u32 skip; /* strings that are read but not kept */
	u64 where; /* the array of pointers */
	u64 stack; /* STRINGS_STACK: where the next string lies */
	struct walk walk;
	char data[RECORD_MASK + STRINGS_MASK + 64];
};

#define CAUSE_MAX 256
#define INTERP_MAX 256 /* a #! line has no more; a longer PT_INTERP is cut */

/* Evidence about the exec that a task is in; a map's value, keyed by the task's address. */
struct attempt {
	u64 bprm;
	u64 name; /* kprobe: the struct filename that do_open_execat() is opening */
	u64 kernel_call[3]; /* kprobe: arguments of kernel_execve() */
	u64 strings; /* past the point of no return: where the new stack holds the arguments */
	struct walk walk; /* for path */
	struct record_file file;
	u32 seen; /* enum record_seen */
	u32 argc; /* the caller's */
	u32 envc;
	u32 stack_argc; /* on the new stack */
	u32 tid; /* of the caller: an exec by another thread than the leader changes it on the way */
	u32 cause_pid;
	s32 dirfd; /* with call */
	u32 call_flags; /* with call */
	u16 call; /* enum record_call, noted by core_note_commit(); 0: it was not */
	u16 step; /* enum record_step */
	u16 level;
	u16 path_flags; /* enum section_flag; of attempt_text.path, and so on */
	u16 given_flags;
	u16 interp_flags;
	u16 path_len;
	u16 given_len;
	u16 interp_len;
	u8 have_path;
	u8 have_given;
	u8 have_interp;
	u8 have_head;
	u8 have_text; /* an attempt_text goes with it */
	u8 have_caller;
	u8 have_counts;
	u8 reported;
	char comm[RECORD_COMM];
	char interp[INTERP_MAX];
};

/* The bulk of an attempt, which most execs never need: they succeed. Keyed likewise. */
struct attempt_text {
	char path[RECORD_PATH_MAX + 256]; /* of the file: components */
	char given[RECORD_PATH_MAX]; /* by the caller */
	char head[RECORD_BUF]; /* of the file */
	char cause[CAUSE_MAX]; /* the path of the exec that cause_pid tried */
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF); /* or a perf event array: set by user space, with cfg.ringbuf */
} events SEC(".maps") __weak;

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1); /* two for each CPU: set by user space */
	__type(key, u32);
	__type(value, struct scratch);
} scratch SEC(".maps") __weak;

/* Thread groups that `execfail -- COMMAND` follows. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1); /* set by user space */
	__type(key, u32);
	__type(value, u8);
} scope SEC(".maps") __weak;

/* The pid of a thread group as its own namespace has it. */
static __always_inline bool task_ns_pid(struct task_struct *task, u32 *nr, u32 *ns)
{
	struct pid *pid = BPF_CORE_READ(task, group_leader, thread_pid);
	u32 level = BPF_CORE_READ(pid, level);
	struct upid upid;

	if (bpf_core_read(&upid, sizeof(upid), &pid->numbers[level]))
		return false;
	*nr = upid.nr;
	*ns = BPF_CORE_READ(upid.ns, ns.inum);
	return true;
}

static __always_inline bool scope_has(struct task_struct *task)
{
	u32 tgid = BPF_CORE_READ(task, tgid), nr, ns;

	if (bpf_map_lookup_elem(&scope, &tgid))
		return true;
	return cfg.scope_ns && task_ns_pid(task, &nr, &ns) && nr == cfg.scope_pid && ns == cfg.scope_ns;
}

/* How strings are reached from the pointer that core_strings() is given. */
enum string_source {
	STRINGS_USER, /* an array of user pointers */
	STRINGS_COMPAT, /* an array of 32-bit user pointers */
	STRINGS_KERNEL, /* an array of kernel pointers */
	STRINGS_STACK, /* user memory with one string behind the other */
};

/* Returns a struct filename or ERR_PTR from do_open_execat(); `name` is its argument. */
int core_opened(u64 name, s64 ret);
int core_opened_interp(u64 name_string, s64 ret);
/* The same in two halves, for probes: what it is called with, and what it returns. */
int core_opening(u64 name);
int core_opening_done(s64 ret);
/* The function behind the system call is entered: no seccomp filter answered in its place. */
int core_note_entered(void);
/* The credentials hook: the program has been opened. with_path: copy its path too, as nothing later may see it. */
int core_note_program(u64 bprm, u32 seen, u32 with_path);
/* A handler put an interpreter in the program's place. */
int core_note_interp_change(u64 interp, u64 bprm);
/* begin_new_exec() is entered. with_call: note the system call too, as its exit may not tell any more. */
int core_note_commit(u64 bprm, u32 with_call);
/* The bprm of an exec that has failed; the second finds it by core_note_program(). */
int core_note_bprm(u64 bprm, u32 seen);
int core_note_known_bprm(u32 seen);
/* A bprm is freed of an exec that succeeded, or failed past the point of no return: the outcome will tell. */
int core_note_spent_bprm(u64 bprm);
/* The kernel starts a program itself: its three arguments, all kernel pointers. */
int core_note_kernel_call(u64 filename, u64 argv, u64 envp);
/* A function of the kernel answered an error. */
int core_failed_step(u32 step);
/* A record was made before the system call came to its exit. */
int core_note_reported(void);
int core_was_reported(void);
/* The current task asks for a helper program; and: the current task is to become that helper. info: subprocess_info. */
int core_note_helper_wanted(u64 info);
int core_note_helper(u64 info);
int core_forget(void);

/* Pieces of core_finish(). */
/* flags: the signal in the upper half, enum record_seen in the lower. */
int core_begin(u32 call, s64 ret, u64 filename, u64 flags);
int core_caller(u32 slot);
int core_strings(u32 slot, u32 kind, u64 where, u32 source);
int core_longest(u32 slot, u32 source);
int core_dirfd(u32 slot, s32 fd, u32 flags);
u64 core_kernel_call(u32 n);
int core_release(u32 slot);
u64 core_stack_strings(void);
/* Whether the caller's memory is gone: enum caller_memory. */
int core_caller_memory(void);
/* What core_note_commit() noted of the system call. */
u32 core_noted_call(void);
u64 core_noted_at(void); /* the flags in the upper half, dirfd in the lower */
int core_is_committed(void);
int core_is_killed_for_exec(void);
int core_lost(u32 reason);

/* Sends the record in the slot; in the program itself since the perf buffer wants its context. */
static __always_inline void core_submit(void *ctx, u32 slot)
{
	struct scratch *s = bpf_map_lookup_elem(&scratch, &slot);
	u64 len;
	long err;

	if (!s)
		return;
	len = s->len;
	asm volatile("" : "+r"(len));
	if (len > RECORD_MAX)
		len = RECORD_MAX;
	if (len < sizeof(struct record))
		return;
	((struct record *)s->data)->len = len;
	if (bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_ringbuf_output) && cfg.ringbuf)
		err = bpf_ringbuf_output(&events, s->data, len, 0);
	else
		err = bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, s->data, len);
	if (err)
		core_lost(LOST_BUFFER);
}

#define E2BIG 7

struct exec_call {
	u32 call; /* enum record_call */
	u32 source; /* enum string_source of argv and envp */
	u64 filename;
	u64 argv;
	u64 envp;
	s32 dirfd;
	u32 flags;
	u32 seen; /* enum record_seen, besides what the attempt has seen */
	u32 signal; /* instead of an answer */
};

/* An exec has failed: makes a record of it, and forgets what was known. */
static __always_inline void core_report(void *ctx, s32 ret, struct exec_call *c)
{
	int slot = core_begin(c->call, ret, c->filename, (u64)c->signal << 32 | c->seen);
	u64 stack;

	if (slot < 0) {
		core_forget();
		return;
	}
	if (c->call == CALL_EXECVEAT)
		core_dirfd(slot, c->dirfd, c->flags);
	core_caller(slot);
	stack = core_stack_strings();
	if (stack) {
		/* The caller's memory is gone; the new stack holds what the kernel copied from it. */
		c->source = STRINGS_STACK;
		c->argv = stack;
		c->envp = stack;
	}
	core_strings(slot, SECTION_ARGUMENTS, c->argv, c->source);
	if (cfg.environment)
		core_strings(slot, SECTION_ENVIRONMENT, c->envp, c->source);
	if (ret == -E2BIG)
		core_longest(slot, c->source);
	core_submit(ctx, slot);
	core_release(slot);
	core_forget();
}

#define SIGKILL_PENDING (1UL << (9 - 1))

/*
 * A task with SIGKILL pending (it lost the race of its threads to exec, or was killed from outside) gives up wherever it
 * would sleep, fault or read: EINTR, EIO, E2BIG (get_arg_page()), ENOEXEC and ELIBBAD (load_elf_phdrs()), EAGAIN
 * (de_thread()), ENOMEM, EFAULT.
 */
#define ERRORS_OF_THE_DYING (1UL << 4 | 1UL << 5 | 1UL << 7 | 1UL << 8 | 1UL << 11 | 1UL << 12 | 1UL << 14)
#define ELIBBAD 80

static __always_inline bool is_error_of_the_dying(s32 ret)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();

	if (ret != -ELIBBAD && (ret <= -64 || !(ERRORS_OF_THE_DYING >> -ret & 1)))
		return false;
	return BPF_CORE_READ(task, pending.signal.sig[0]) & SIGKILL_PENDING;
}

/* include/linux/errno.h: the kernel talking to itself, when threads race to exec or a signal comes first. */
#define ERESTARTSYS 512
#define ERESTART_RESTARTBLOCK 516
#define MAX_ERRNO 4095

/* Whether an answer is a failure that somebody gets to see. */
static __always_inline bool is_failure(s32 ret)
{
	if (ret >= 0 || ret < -MAX_ERRNO || (ret <= -ERESTARTSYS && ret >= -ERESTART_RESTARTBLOCK))
		return false;
	return !is_error_of_the_dying(ret);
}

/* The outcome of an exec is known: forget a success, report a failure. */
static __always_inline void core_finish(void *ctx, s32 ret, struct exec_call *c)
{
	if (is_failure(ret))
		core_report(ctx, ret, c);
	else
		core_forget();
}

/* An address that nothing can be read at. */
#define NOWHERE (~0UL)

enum caller_memory {
	MEMORY_KEPT,
	MEMORY_GONE, /* what the kernel copied from it may be on the new stack */
	MEMORY_UNSEEN, /* the same, and no hook was inside of the exec: nothing is known but the file that runs */
};

/*
 * Past the point of no return the registers point into memory that is gone, and what is there now is the new program's.
 * By then they may also tell another system call than the one that was made: its number is written over with the execve of
 * the new program's ABI (set_personality_64bit() and its kin on x86).
 */
static __always_inline void call_as_noted(struct exec_call *c)
{
	int memory = core_caller_memory();
	u32 call = core_noted_call();
	u64 at;

	if (call) {
		at = core_noted_at();
		c->call = call;
		c->dirfd = at;
		c->flags = at >> 32;
	}
	if (memory == MEMORY_KEPT)
		return;
	c->filename = c->argv = c->envp = NOWHERE;
	if (memory == MEMORY_UNSEEN)
		c->seen |= SEEN_COMMIT | SEEN_NO_RETURN | SEEN_IMAGE;
}

/* The end of what core_note_kernel_call() saw begin. */
static __always_inline void core_finish_kernel_call(void *ctx, long outcome)
{
	struct exec_call c = { .call = CALL_KERNEL, .source = STRINGS_KERNEL };

	c.filename = core_kernel_call(0);
	if (!c.filename)
		return;
	c.argv = core_kernel_call(1);
	c.envp = core_kernel_call(2);
	core_finish(ctx, outcome, &c);
}

static __always_inline void exec_call_of_syscall(struct exec_call *c, u32 call, struct pt_regs *regs, bool compat)
{
	struct call_args a;

	__builtin_memset(c, 0, sizeof(*c));
	c->call = call;
	c->source = compat ? STRINGS_COMPAT : STRINGS_USER;
	c->seen = compat ? SEEN_COMPAT : 0;
	syscall_args(regs, compat, &a);
	if (call == CALL_EXECVEAT) {
		c->dirfd = a.arg[0];
		c->filename = a.arg[1];
		c->argv = a.arg[2];
		c->envp = a.arg[3];
		c->flags = a.arg[4];
	} else {
		c->filename = a.arg[0];
		c->argv = a.arg[1];
		c->envp = a.arg[2];
	}
}

/* The same from where the registers should be. */
static __always_inline void exec_call_of_current(struct exec_call *c, u32 call, bool compat)
{
	struct pt_regs *regs = current_user_regs();

	exec_call_of_syscall(c, call, regs, compat);
	if (!user_regs_are_told() && call_of_syscall(regs_syscall(regs), compat) != call)
		c->filename = c->argv = c->envp = NOWHERE;
}

/* The function behind the system call has returned. */
static __always_inline void core_finish_syscall(void *ctx, s32 ret, u32 call, struct pt_regs *regs, bool compat)
{
	struct exec_call c;

	if (ret >= 0) {
		core_forget();
		return;
	}
	exec_call_of_syscall(&c, call, regs, compat);
	core_finish(ctx, ret, &c);
}

/*
 * The same at the function's return, for families whose outcome otherwise comes from the tracepoints of system calls:
 * past the point of no return that may be another's, or none may fire.
 */
static __always_inline void core_finish_committed(void *ctx, s32 ret, u32 call, bool compat)
{
	bool committed = core_is_committed();
	struct exec_call c;

	if (ret >= 0 || (!committed && !compat))
		return;
	exec_call_of_current(&c, call, compat);
	call_as_noted(&c);
	core_finish(ctx, ret, &c);
	if (committed)
		core_note_reported();
}

#define SIGSYS 31
#define AT_EXECVE_CHECK 0x10000

/*
 * A seccomp filter has answered a system call in the place of its function, with an error or with success, though
 * nothing ran; or, where the register still holds the call's number, with SIGSYS.
 */
static __always_inline void core_denied(void *ctx, s32 ret, s32 nr, u32 call, struct pt_regs *regs, bool compat)
{
	struct exec_call c;

	exec_call_of_syscall(&c, call, regs, compat);
	c.seen |= SEEN_SECCOMP;
	if (ret == nr) {
		c.signal = SIGSYS;
		ret = 0;
	}
	core_report(ctx, ret, &c);
}

/*
 * The system call is at its exit, whoever answered it: also a seccomp filter. Where the filter made it a success, or
 * kills, only the registers tell: after an exec they are the new program's and hold no arguments any more.
 */
static __always_inline void core_finish_sys_exit(void *ctx, s32 ret, s32 nr, u32 call)
{
	struct exec_call c;
	bool failed;

	exec_call_of_current(&c, call, false);
	if (ret > 0 || (!ret && c.filename && c.filename != NOWHERE && !(c.flags & AT_EXECVE_CHECK))) {
		c.seen |= SEEN_SECCOMP;
		failed = true;
	} else {
		failed = is_failure(ret);
		if (failed)
			call_as_noted(&c);
	}
	if (ret == nr) {
		c.signal = SIGSYS;
		ret = 0;
	}
	/* One place that reports: what it is made of is verified once for each. */
	if (failed && !core_was_reported())
		core_report(ctx, ret, &c);
	else
		core_forget();
}

/* The task ends. What kills it may be an exec whose failure no exit of a system call has shown. */
static __always_inline void core_finish_killed(void *ctx)
{
	struct exec_call c = {};

	if (!core_is_killed_for_exec()) {
		core_forget();
		return;
	}
	call_as_noted(&c);
	core_report(ctx, regs_return(current_user_regs()), &c);
}

/* A filter is about to kill the task, which then may never come to the exit of its system call: until 5.15. */
static __always_inline void core_killed(void *ctx, s32 nr, u32 action)
{
	bool compat = in_compat_syscall();
	u32 call = call_of_syscall(nr, compat);

	if (!call || (action != SECCOMP_RET_KILL_THREAD && action != SECCOMP_RET_KILL_PROCESS))
		return;
	core_denied(ctx, nr, nr, call, current_user_regs(), compat);
	core_note_reported();
}

#endif
