// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Programs on tracepoints: the outcome of the system calls for the families kprobe, legacy and tracepoint, and the
 * life of tasks.
 */
#include "attempt.bpf.h"
#include "end.bpf.h"
#include "kernel.bpf.h"
#include "outcome.bpf.h"

struct builders tracepoint_builders SEC(".maps");

/* Builds the records of them all. */
SEC("tracepoint/syscalls/sys_exit_execve")
int tracepoint__build(void *ctx)
{
	builder_begins(ctx, &tracepoint_builders);
	outcome_build(ctx, true);
	return 0;
}

static __always_inline void syscall_exits(struct trace_event_raw_sys_exit *ctx, s32 nr, u32 call, u8 copy)
{
	if (outcome_finish_sys_exit(ctx->ret, nr, call, copy))
		outcome_build_by(ctx, &tracepoint_builders);
}

SEC("tracepoint/syscalls/sys_exit_execve")
int tracepoint__sys_exit_execve(struct trace_event_raw_sys_exit *ctx)
{
	syscall_exits(ctx, NR_EXECVE, CALL_EXECVE, 1);
	return 0;
}

SEC("tracepoint/syscalls/sys_exit_execveat")
int tracepoint__sys_exit_execveat(struct trace_event_raw_sys_exit *ctx)
{
	syscall_exits(ctx, NR_EXECVEAT, CALL_EXECVEAT, 1);
	return 0;
}

#define COPY(n)                                                                                                        \
	SEC("tracepoint/syscalls/sys_exit_execve")                                                                     \
	int tracepoint__sys_exit_execve_##n(struct trace_event_raw_sys_exit *ctx)                                      \
	{                                                                                                              \
		syscall_exits(ctx, NR_EXECVE, CALL_EXECVE, n);                                                         \
		return 0;                                                                                              \
	}                                                                                                              \
	SEC("tracepoint/syscalls/sys_exit_execveat")                                                                   \
	int tracepoint__sys_exit_execveat_##n(struct trace_event_raw_sys_exit *ctx)                                    \
	{                                                                                                              \
		syscall_exits(ctx, NR_EXECVEAT, CALL_EXECVEAT, n);                                                     \
		return 0;                                                                                              \
	}

COPIES(COPY)

/* An exec that succeeded: arm64 has no sys_exit then, and one that the kernel began has none anywhere. */
SEC("raw_tracepoint/sched_process_exec")
int tracepoint__sched_process_exec(struct bpf_raw_tracepoint_args *ctx)
{
	attempt_forget();
	return 0;
}

SEC("raw_tracepoint/sched_process_exit")
int tracepoint__sched_process_exit(struct bpf_raw_tracepoint_args *ctx)
{
	attempt_forget();
	copies_forget();
	return 0;
}

/* Where no function's return tells what a 32-bit program failed for past the point of no return, its end does. */
SEC("tracepoint/sched/sched_process_exit")
int tracepoint__sched_process_exit_killed(void *ctx)
{
	copies_forget();
	if (outcome_finish_killed())
		outcome_build_by(ctx, &tracepoint_builders);
	return 0;
}

/* By a function, so that its stack and that of end_claim_called() are not there at once. */
static __noinline int finish_killed_called(void)
{
	return outcome_finish_killed();
}

/* The same, and the end of a process that tells of itself: one program less at each end of a task. */
SEC("tracepoint/sched/sched_process_exit")
int tracepoint__process_ended(void *ctx)
{
	copies_forget();
	if (finish_killed_called() || (exit_is_last(ctx) && end_take(load(current_task(), exit_code))))
		outcome_build_by(ctx, &tracepoint_builders);
	return 0;
}

SEC("tracepoint/sched/sched_process_exit")
int legacy__process_ended(void *ctx)
{
	if (exit_is_last(ctx) && end_take_alone(load(current_task(), exit_code)))
		outcome_build_by(ctx, &tracepoint_builders);
	return 0;
}

/* The point of no return is near, since 6.10: (task, bprm). The one look inside of an exec without probes. */
SEC("raw_tracepoint/sched_prepare_exec")
int tracepoint__sched_prepare_exec(struct bpf_raw_tracepoint_args *ctx)
{
	attempt_note_program(ctx->args[1], SEEN_EXEC | SEEN_COMMIT | SEEN_NO_RETURN, FILE_FACTS);
	return 0;
}
