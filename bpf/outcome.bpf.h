/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The outcome of an exec: forgets a success, makes a record of a failure. */
#ifndef EXECFAIL_OUTCOME_BPF_H
#define EXECFAIL_OUTCOME_BPF_H

#include "attempt.bpf.h"
#include "kernel.bpf.h"
#include "record.bpf.h"
#include "strings.bpf.h"

/* include/uapi/linux/seccomp.h */
#define SECCOMP_RET_KILL_PROCESS 0x80000000U
#define SECCOMP_RET_KILL_THREAD 0x00000000U

/* A record was made before the system call came to its exit. */
int outcome_note_reported(void);
int outcome_was_reported(void);
/* Whether all of the call was seen, or can have been: it began when everything was attached. */
int outcome_was_watched(void);
/* The n-th argument of attempt_note_kernel_call(), from 0 on; 0: none was noted. */
u64 outcome_kernel_call(u32 n);
/* Where the new stack has the strings, when the caller's memory is gone; else 0. */
u64 outcome_stack_strings(void);
/* Whether the caller's memory is gone: enum caller_memory. */
int outcome_caller_memory(void);
/* What attempt_note_commit() noted of the system call: enum record_call, 0: nothing. */
u32 outcome_noted_call(void);
u64 outcome_noted_at(void); /* the flags in the upper half, dirfd in the lower */
/* Whether begin_new_exec() was entered; whether the task dies of a failure past the point of no return. */
int outcome_is_committed(void);
int outcome_is_killed_for_exec(void);

/* As it was made or, past the point of no return, noted. Addresses are of user space, or of what source says. */
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
static __always_inline void outcome_report(void *ctx, s32 ret, struct exec_call *c)
{
	int slot = record_begin(c->call, ret, c->filename, (u64)c->signal << 32 | c->seen);
	u64 stack;

	if (slot < 0) {
		attempt_forget();
		return;
	}
	if (c->call == CALL_EXECVEAT)
		record_dirfd(slot, c->dirfd, c->flags);
	record_caller(slot);
	stack = outcome_stack_strings();
	if (stack) {
		/* The caller's memory is gone; the new stack holds what the kernel copied from it. */
		c->source = STRINGS_STACK;
		c->argv = stack;
		c->envp = stack;
	}
	strings_copy(slot, SECTION_ARGUMENTS, c->argv, c->source);
	if (cfg.environment)
		strings_copy(slot, SECTION_ENVIRONMENT, c->envp, c->source);
	if (ret == -E2BIG)
		strings_longest(slot, c->source);
	record_submit(ctx, slot);
	record_release(slot);
	attempt_forget();
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

/* Whether an answer is a failure that somebody gets to see. */
static __always_inline bool is_failure(s32 ret)
{
	if (ret >= 0 || ret < -MAX_ERRNO || (ret <= -ERESTARTSYS && ret >= -ERESTART_RESTARTBLOCK))
		return false;
	return !is_error_of_the_dying(ret);
}

/* The outcome of an exec is known: forget a success, report a failure. */
static __always_inline void outcome_finish(void *ctx, s32 ret, struct exec_call *c)
{
	if (is_failure(ret) && outcome_was_watched())
		outcome_report(ctx, ret, c);
	else
		attempt_forget();
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
	int memory = outcome_caller_memory();
	u32 call = outcome_noted_call();
	u64 at;

	if (call) {
		at = outcome_noted_at();
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

/* The end of what attempt_note_kernel_call() saw begin. */
static __always_inline void outcome_finish_kernel_call(void *ctx, long outcome)
{
	struct exec_call c = { .call = CALL_KERNEL, .source = STRINGS_KERNEL };

	c.filename = outcome_kernel_call(0);
	if (!c.filename)
		return;
	c.argv = outcome_kernel_call(1);
	c.envp = outcome_kernel_call(2);
	outcome_finish(ctx, outcome, &c);
}

/* A system call from its registers. compat: by a 32-bit caller. */
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
static __always_inline void outcome_finish_syscall(void *ctx, s32 ret, u32 call, struct pt_regs *regs, bool compat)
{
	struct exec_call c;

	if (ret >= 0) {
		attempt_forget();
		return;
	}
	exec_call_of_syscall(&c, call, regs, compat);
	outcome_finish(ctx, ret, &c);
}

/*
 * The same at the function's return, for families whose outcome otherwise comes from the tracepoints of system calls:
 * past the point of no return that may be another's, or none may fire.
 */
static __always_inline void outcome_finish_committed(void *ctx, s32 ret, u32 call, bool compat)
{
	bool committed = outcome_is_committed();
	struct exec_call c;

	/* No exit of the system call will tell. */
	if (ret >= 0 && compat)
		attempt_forget();
	if (ret >= 0 || (!committed && !compat))
		return;
	exec_call_of_current(&c, call, compat);
	call_as_noted(&c);
	outcome_finish(ctx, ret, &c);
	if (committed)
		outcome_note_reported();
}

#define SIGSYS 31
#define AT_EXECVE_CHECK 0x10000

/*
 * A seccomp filter has answered a system call in the place of its function, with an error or with success, though
 * nothing ran; or with SIGSYS.
 */
static __always_inline void outcome_denied(void *ctx, s32 ret, bool killed, u32 call, struct pt_regs *regs, bool compat)
{
	struct exec_call c;

	/* Nothing of an exec was entered: what is noted is of an earlier one. */
	attempt_forget();
	if (!control.armed)
		return;
	exec_call_of_syscall(&c, call, regs, compat);
	c.seen |= SEEN_SECCOMP;
	if (killed) {
		c.signal = SIGSYS;
		ret = 0;
	}
	outcome_report(ctx, ret, &c);
}

/*
 * The system call is at its exit, whoever answered it: also a seccomp filter. Where the filter made it a success, or
 * kills, only the registers tell: after an exec they are the new program's and hold no arguments any more.
 */
static __always_inline void outcome_finish_sys_exit(void *ctx, long ret, s32 nr, u32 call)
{
	struct exec_call c;
	bool failed, rolled_back;

	exec_call_of_current(&c, call, false);
	rolled_back = is_rolled_back(ret, nr, call, current_user_regs());
	if (ret > 0 || rolled_back || (!ret && c.filename && c.filename != NOWHERE && !(c.flags & AT_EXECVE_CHECK))) {
		c.seen |= SEEN_SECCOMP;
		failed = true;
	} else {
		failed = is_failure(ret);
		if (failed)
			call_as_noted(&c);
	}
	if (rolled_back) {
		c.signal = SIGSYS;
		ret = 0;
	}
	/* One place that reports: what it is made of is verified once for each. */
	if (failed && !outcome_was_reported() && outcome_was_watched())
		outcome_report(ctx, ret, &c);
	else
		attempt_forget();
}

/* The task ends. What kills it may be an exec whose failure no exit of a system call has shown. */
static __always_inline void outcome_finish_killed(void *ctx)
{
	struct exec_call c = {};

	if (!outcome_is_killed_for_exec() || !outcome_was_watched()) {
		attempt_forget();
		return;
	}
	call_as_noted(&c);
	outcome_report(ctx, regs_return(current_user_regs()), &c);
}

/* A filter is about to kill the task, which then may never come to the exit of its system call: until 5.15. */
static __always_inline void outcome_killed(void *ctx, s32 nr, u32 action)
{
	bool compat = in_compat_syscall();
	u32 call = call_of_syscall(nr, compat);

	if (!call || (action != SECCOMP_RET_KILL_THREAD && action != SECCOMP_RET_KILL_PROCESS))
		return;
	outcome_denied(ctx, 0, true, call, current_user_regs(), compat);
	outcome_note_reported();
}

#endif
