// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Programs at the end of a process. acct_collect() is called by every thread that ends, knows the last one, and comes while memory and
 * descriptors are still there; the tracepoint comes after them, and before them since 6.16.
 */
#include "end.bpf.h"

/* A function, whose frame is gone when the record is built: all that are called in turn have 512 bytes of stack. */
__noinline int end_taken(u64 code)
{
	return end_take(code);
}

SEC("fentry/acct_collect")
int fentry__acct_collect(u64 *ctx)
{
	if ((u32)slot_value(ctx, 1) && end_taken(slot_value(ctx, 0)))
		end_build(ctx);
	return 0;
}

SEC("kprobe/acct_collect")
int kprobe__acct_collect(struct pt_regs *ctx)
{
	if ((u32)PT_REGS_PARM2(ctx) && end_taken(PT_REGS_PARM1(ctx)))
		end_build(ctx);
	return 0;
}

SEC("raw_tracepoint/sched_process_exit")
int tracepoint__process_ended(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();

	if (exit_is_last(ctx) && end_taken(BPF_CORE_READ(task, exit_code)))
		end_build(ctx);
	return 0;
}
