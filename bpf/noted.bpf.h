/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What was noted of an exec on its way, as its outcome asks for it; and what the task itself tells of that. An attempt
 * is the current task's: looked for once, since most execs that fail have none, and to find that costs a lookup each
 * time.
 */
#ifndef EXECFAIL_NOTED_BPF_H
#define EXECFAIL_NOTED_BPF_H

#include "attempt.bpf.h"
#include "kernel.bpf.h"

/*
 * An attempt begins at the entry of the function behind the system call, and tells whether everything was attached by
 * then. At the exit of the system call, calls arrive whose entry was not seen: they were under way before; unless the
 * function was not entered at all, because a seccomp filter answered in its place.
 */
static __always_inline bool outcome_was_watched(struct attempt *a)
{
	if (!control.armed || (a && !a->armed))
		return false;
	if (!cfg.entries || (a && a->seen & SEEN_ENTERED))
		return true;
	/* Since 7.x the kernel skips runs of programs at an entry, too: that is no reason to lose what failed. */
	if (bpf_ktime_get_ns() > control.settled_ns)
		return true;
	if (a)
		return false;
	return task_is_filtered(current_task()) || attempts_were_lost();
}

/* The n-th argument of attempt_note_kernel_call(), from 0 on; 0: none was noted. */
static __always_inline u64 outcome_kernel_call(u32 n)
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

/* A record was made before the system call came to its exit: enum reported. */
static __always_inline void outcome_note_reported(u8 where)
{
	struct attempt *a = attempt_get();

	if (a)
		a->reported = where;
}

static __always_inline u8 outcome_was_reported(struct attempt *a)
{
	return a ? a->reported : 0;
}

/*
 * The address of the new stack's strings when the caller's memory is gone, else 0. Where no hook saw the bprm at its
 * end, the new memory itself tells where they lie; what an interpreter changed of them it does not.
 */
static __always_inline u64 outcome_stack_strings(struct attempt *a)
{
	if (!a)
		return 0;
	if (!a->strings && a->seen & SEEN_NO_RETURN && !a->level)
		a->strings = load(load(current_task(), mm), arg_start);
	return a->strings;
}

/* Whether begin_new_exec() was entered. */
static __always_inline bool outcome_is_committed(struct attempt *a)
{
	return a && a->seen & SEEN_COMMIT;
}

enum caller_memory {
	MEMORY_KEPT,
	MEMORY_GONE, /* what the kernel copied from it may be on the new stack */
	MEMORY_UNSEEN, /* the same, and no hook was inside of the exec: nothing is known but the file that runs */
};

#define SIGSEGV 11
#define SIGNAL_BIT(n) (1UL << ((n)-1))

/*
 * The kernel is killing the task by SIGSEGV, as it does after a failure past the point of no return: nobody else can
 * have a signal pending that is neither blocked nor handled, and live to make a system call.
 */
static __always_inline bool is_killed_by_kernel(struct task_struct *task)
{
	if (!(load(task, pending.signal.sig[0]) & SIGNAL_BIT(SIGSEGV)))
		return false;
	return !(load(task, blocked.sig[0]) & SIGNAL_BIT(SIGSEGV)) &&
	       !load(load(task, sighand), action[SIGSEGV - 1].sa.sa_handler);
}

static __always_inline enum caller_memory outcome_caller_memory(struct attempt *a)
{
	if (a && a->seen & ~SEEN_COMPAT)
		return a->strings || a->seen & SEEN_NO_RETURN ? MEMORY_GONE : MEMORY_KEPT;
	return !has_prepare_exec() && is_killed_by_kernel(current_task()) ? MEMORY_UNSEEN : MEMORY_KEPT;
}

/* Whether the task dies of a failure past the point of no return. By then the signal has become the exit code. */
static __always_inline bool outcome_is_killed_for_exec(struct attempt *a)
{
	return a && a->seen & SEEN_NO_RETURN && !a->reported && (load(current_task(), exit_code) & 0x7f) == SIGSEGV;
}

#endif
