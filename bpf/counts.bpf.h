/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * --summary by what is known here: the first failure of a kind makes a record, the others are only counted, so no flood
 * loses one.
 */
#ifndef EXECFAIL_COUNTS_BPF_H
#define EXECFAIL_COUNTS_BPF_H

#include "attempt.bpf.h"

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1); /* set by user space */
	__type(key, struct count_key);
	__type(value, struct count);
} counts SEC(".maps") __weak;

/* Of those whose kind had no room. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u64);
} uncounted SEC(".maps") __weak;

static __always_inline void count_key_of(struct count_key *key, s32 ret)
{
	struct attempt *a = attempt_find();

	__builtin_memset(key, 0, sizeof(*key));
	if (cfg.counts & COUNT_ERRNO)
		key->ret = ret;
	if (cfg.counts & COUNT_UID)
		key->uid = bpf_get_current_uid_gid();
	if (cfg.counts & COUNT_CGROUP)
		key->cgroup = bpf_get_current_cgroup_id();
	if (!(cfg.counts & COUNT_COMM))
		return;
	if (a && a->have_caller)
		__builtin_memcpy(key->comm, a->comm, sizeof(key->comm));
	else
		bpf_get_current_comm(key->comm, sizeof(key->comm));
}

static __always_inline bool count_more(struct count_key *key)
{
	struct count *count = bpf_map_lookup_elem(&counts, key);

	if (!count)
		return false;
	__sync_fetch_and_add(&count->n, 1);
	count->last_ns = bpf_ktime_get_ns();
	return true;
}

/* True: it was counted, and there has been a record of its kind. */
static __always_inline bool counted(s32 ret)
{
	struct count first = { .n = 1, .last_ns = bpf_ktime_get_ns() };
	struct count_key key;
	u32 zero = 0;
	u64 *rest;

	count_key_of(&key, ret);
	if (count_more(&key))
		return true;
	if (!bpf_map_update_elem(&counts, &key, &first, BPF_NOEXIST))
		return false;
	/* Another processor was faster, or there is no room. */
	if (count_more(&key))
		return true;
	rest = bpf_map_lookup_elem(&uncounted, &zero);
	if (rest)
		__sync_fetch_and_add(rest, 1);
	return true;
}

#endif
