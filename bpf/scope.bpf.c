// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The tasks below COMMAND, or below those that -p names. */
#include "scope.bpf.h"

#include "control.bpf.h"

static __always_inline bool notes_kin(void)
{
	return cfg.kin && !control.armed;
}

static __always_inline void kin_began(u32 number, u32 parent, bool followed)
{
	struct kin born = { .parent = parent, .followed = followed };

	if (notes_kin())
		bpf_map_update_elem(&kin, &number, &born, BPF_ANY);
}

static __always_inline void kin_ended(struct task_struct *task, u32 number)
{
	struct kin *known, ended = { .gone = 1 };

	if (!notes_kin())
		return;
	known = bpf_map_lookup_elem(&kin, &number);
	if (known) {
		known->gone = 1;
		return;
	}
	/* It was there before we were: its children may be those whose parent nobody else can name. */
	ended.parent = scope_number(BPF_CORE_READ(task, real_parent));
	bpf_map_update_elem(&kin, &number, &ended, BPF_ANY);
}

static __always_inline int fork_follow(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *parent = (void *)ctx->args[0], *child = (void *)ctx->args[1];
	u32 from = scope_number(parent), to = scope_number(child);
	u8 one = 1;

	if (from == to)
		return 0;
	/*
	 * First noted, then asked: user space adds the parent first, and reads the notes then. One of us sees the
	 * other.
	 */
	kin_began(to, from, false);
	if (!scope_has(from))
		return 0;
	if (bpf_map_update_elem(&scope, &to, &one, BPF_ANY))
		lost_count(LOST_SCOPE);
	kin_began(to, from, true);
	return 0;
}

static __always_inline int exit_forget(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *task = (void *)ctx->args[0];
	u32 number = scope_number(task);

	/* Counted down before the tracepoint, by every thread of the group. */
	if (BPF_CORE_READ(task, signal, live.counter))
		return 0;
	/* Likewise: noted, then deleted, where user space adds and reads the notes then. */
	kin_ended(task, number);
	bpf_map_delete_elem(&scope, &number);
	return 0;
}

SEC("raw_tracepoint/sched_process_fork")
int scope__sched_process_fork(struct bpf_raw_tracepoint_args *ctx)
{
	return fork_follow(ctx);
}

SEC("raw_tracepoint/sched_process_exit")
int scope__sched_process_exit(struct bpf_raw_tracepoint_args *ctx)
{
	return exit_forget(ctx);
}

/*
 * In 7.x tracepoints can be preempted, and runs of the same program are skipped meanwhile: a child would not be
 * followed, or one that has gone would be waited for.
 */
#define COPY(n)                                                                                                        \
	SEC("raw_tracepoint/sched_process_fork")                                                                       \
	int scope__sched_process_fork_##n(struct bpf_raw_tracepoint_args *ctx)                                         \
	{                                                                                                              \
		return fork_follow(ctx);                                                                               \
	}                                                                                                              \
	SEC("raw_tracepoint/sched_process_exit")                                                                       \
	int scope__sched_process_exit_##n(struct bpf_raw_tracepoint_args *ctx)                                         \
	{                                                                                                              \
		return exit_forget(ctx);                                                                               \
	}

COPIES(COPY)
