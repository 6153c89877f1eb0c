// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Programs for the execs that succeed, the same in every family. */
#include "attempt.bpf.h"
#include "kernel.bpf.h"
#include "related.bpf.h"

struct builders exec_builders SEC(".maps");

SEC("raw_tracepoint/sched_process_exec")
int exec__build(struct bpf_raw_tracepoint_args *ctx)
{
	builder_begins(ctx, &exec_builders);
	related_build(ctx, RECORD_STARTED);
	return 0;
}

/* (task, tid before, bprm) */
static __always_inline void exec_started(struct bpf_raw_tracepoint_args *ctx, u8 copy)
{
	if (related_started(ctx->args[2], ctx->args[1], copy))
		outcome_build_by(ctx, &exec_builders);
}

SEC("raw_tracepoint/sched_process_exec")
int exec__sched_process_exec(struct bpf_raw_tracepoint_args *ctx)
{
	exec_started(ctx, 1);
	return 0;
}

/* What was noted of one that died on its way. */
SEC("raw_tracepoint/sched_process_exit")
int exec__sched_process_exit(struct bpf_raw_tracepoint_args *ctx)
{
	attempt_forget();
	copies_forget();
	return 0;
}

/* (task, its new name) */
static __always_inline void exec_renamed(struct bpf_raw_tracepoint_args *ctx)
{
	if (ctx->args[0] == bpf_get_current_task())
		attempt_note_rename();
}

SEC("raw_tracepoint/task_rename")
int exec__task_rename(struct bpf_raw_tracepoint_args *ctx)
{
	exec_renamed(ctx);
	return 0;
}

#define COPY(n)                                                                                                        \
	SEC("raw_tracepoint/sched_process_exec")                                                                       \
	int exec__sched_process_exec_##n(struct bpf_raw_tracepoint_args *ctx)                                          \
	{                                                                                                              \
		exec_started(ctx, n);                                                                                  \
		return 0;                                                                                              \
	}                                                                                                              \
	SEC("raw_tracepoint/task_rename")                                                                              \
	int exec__task_rename_##n(struct bpf_raw_tracepoint_args *ctx)                                                 \
	{                                                                                                              \
		exec_renamed(ctx);                                                                                     \
		return 0;                                                                                              \
	}

COPIES(COPY)
