// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "outcome.bpf.h"

/*
 * An attempt begins at the entry of the function behind the system call, and tells whether everything was attached by then. At
 * the exit of the system call, calls arrive whose entry was not seen: they were under way before; unless the function was
 * not entered at all, because a seccomp filter answered in its place.
 */
__noinline int outcome_was_watched(void)
{
	struct attempt *a = attempt_find();

	if (!control.armed || (a && !a->armed))
		return 0;
	if (!cfg.entries || (a && a->seen & SEEN_ENTERED))
		return 1;
	/* Since 7.x the kernel skips runs of programs at an entry, too: that is no reason to lose what failed. */
	if (bpf_ktime_get_ns() > control.settled_ns)
		return 1;
	if (a)
		return 0;
	return task_is_filtered((struct task_struct *)bpf_get_current_task()) || attempts_were_lost();
}

__noinline u64 outcome_kernel_call(u32 n)
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

__noinline int outcome_note_reported(void)
{
	struct attempt *a = attempt_get();

	if (a)
		a->reported = 1;
	return 0;
}

__noinline int outcome_was_reported(void)
{
	struct attempt *a = attempt_find();

	return a && a->reported;
}

/*
 * The address of the new stack's strings when the caller's memory is gone, else 0. Where no hook saw the bprm at its
 * end, the new memory itself tells where they lie; what an interpreter changed of them it does not.
 */
__noinline u64 outcome_stack_strings(void)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct attempt *a = attempt_find();

	if (!a)
		return 0;
	if (!a->strings && a->seen & SEEN_NO_RETURN && !a->level)
		a->strings = BPF_CORE_READ(task, mm, arg_start);
	return a->strings;
}

__noinline u32 outcome_noted_call(void)
{
	struct attempt *a = attempt_find();

	return a ? a->call : 0;
}

__noinline u64 outcome_noted_at(void)
{
	struct attempt *a = attempt_find();

	return a ? (u64)a->call_flags << 32 | (u32)a->dirfd : 0;
}

__noinline int outcome_is_committed(void)
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

__noinline int outcome_caller_memory(void)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct attempt *a = attempt_find();

	if (a)
		return a->strings || a->seen & SEEN_NO_RETURN ? MEMORY_GONE : MEMORY_KEPT;
	return !has_prepare_exec() && is_killed_by_kernel(task) ? MEMORY_UNSEEN : MEMORY_KEPT;
}

/* By then the signal has become the exit code. */
__noinline int outcome_is_killed_for_exec(void)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct attempt *a = attempt_find();

	return a && a->seen & SEEN_NO_RETURN && !a->reported && (BPF_CORE_READ(task, exit_code) & 0x7f) == SIGSEGV;
}
