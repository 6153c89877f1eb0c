// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The tasks below COMMAND. */
#include "scope.bpf.h"

#include "control.bpf.h"

SEC("raw_tracepoint/sched_process_fork")
int scope__sched_process_fork(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *parent = (void *)ctx->args[0], *child = (void *)ctx->args[1];
	u32 from = BPF_CORE_READ(parent, tgid), to = BPF_CORE_READ(child, tgid);
	u8 one = 1;

	if (from == to || !scope_has(parent))
		return 0;
	if (bpf_map_update_elem(&scope, &to, &one, BPF_ANY))
		lost_count(LOST_SCOPE);
	return 0;
}

SEC("raw_tracepoint/sched_process_exit")
int scope__sched_process_exit(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *task = (void *)ctx->args[0];
	u32 tgid = BPF_CORE_READ(task, tgid);

	/* Counted down before the tracepoint, by every thread of the group. */
	if (!BPF_CORE_READ(task, signal, live.counter))
		bpf_map_delete_elem(&scope, &tgid);
	return 0;
}
