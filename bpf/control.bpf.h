/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What user space and the programs tell each other besides records: how to run, from when on to report, and what was
 * lost.
 */
#ifndef EXECFAIL_CONTROL_BPF_H
#define EXECFAIL_CONTROL_BPF_H

#include "kernel.bpf.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, LOST_REASONS);
	__type(key, u32);
	__type(value, u64);
} lost SEC(".maps") __weak;

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, RUNS_KINDS);
	__type(key, u32);
	__type(value, u64);
} runs SEC(".maps") __weak;

/* Which user space has mapped, with config.shares. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct reader);
} reader SEC(".maps") __weak;

extern volatile struct control control;

static __always_inline volatile struct reader *reader_get(void)
{
	u32 zero = 0;

	return bpf_map_lookup_elem(&reader, &zero);
}

/* Once armed: before, nothing is lost that is watched for. reason: enum lost_reason. */
static __always_inline void lost_count(u32 reason)
{
	u64 *count = bpf_map_lookup_elem(&lost, &reason);

	if (count && control.armed)
		__sync_fetch_and_add(count, 1);
}

static __always_inline void runs_add(u32 index, s64 n)
{
	u64 *count = bpf_map_lookup_elem(&runs, &index);

	if (count && control.armed)
		__sync_fetch_and_add(count, n);
}

static __always_inline void runs_count(u32 index)
{
	runs_add(index, 1);
}

/* Then that there is no attempt means nothing. */
static __always_inline bool attempts_were_lost(void)
{
	u32 reason = LOST_STATE;
	u64 *count = bpf_map_lookup_elem(&lost, &reason);

	return count && *count;
}

#endif
