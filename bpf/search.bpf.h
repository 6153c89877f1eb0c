/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Searches through PATH: who fails to start a program, and then starts one, has found it. A failed exec leaves a mark,
 * by which a program that starts is told from all the others, which pay for one look at a map.
 */
#ifndef EXECFAIL_SEARCH_BPF_H
#define EXECFAIL_SEARCH_BPF_H

#include "kernel.bpf.h"
#include "record.h"

/* By the task's address. The mark of a task that has died goes when there is no room, or tells of another's first exec, which is
 * no search that anybody waits for. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1); /* set by user space */
	__type(key, u64);
	__type(value, u8);
} searching SEC(".maps") __weak;

/* The record of an exec that failed has been sent. */
static __always_inline void search_goes_on(s32 ret)
{
	u64 key = bpf_get_current_task();
	u8 one = 1;

	/* It is there after each step but the first: to look costs a tenth of what it does to put it there. */
	if (cfg.searches && ret < 0 && !bpf_map_lookup_elem(&searching, &key))
		bpf_map_update_elem(&searching, &key, &one, BPF_ANY);
}

#endif
