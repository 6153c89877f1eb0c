/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Where the state of a task lies in arrays: in a place of the row that a hash of it says. To compare with those few
 * numbers takes less than a hash map's call, and what is begun anew need not be copied whole, as that does.
 *
 * Only the task itself finds, takes and leaves its place.
 */
#ifndef EXECFAIL_PLACE_BPF_H
#define EXECFAIL_PLACE_BPF_H

#include "kernel.bpf.h"
#include "record.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1); /* cfg.rows: set by user space */
	__type(key, u32);
	__type(value, struct place_row);
} rows SEC(".maps") __weak;

#define NO_PLACE (~0U) /* behind the end of every array */

static __always_inline u32 row_of(u64 task)
{
	return task * 0x9e3779b97f4a7c15UL >> 40 & (cfg.rows - 1);
}

/* NULL only to the verifier. */
static __always_inline struct place_row *row_get(u32 index)
{
	return bpf_map_lookup_elem(&rows, &index);
}

static __always_inline u32 place_find(u64 task)
{
	u32 index = row_of(task);
	struct place_row *row = row_get(index);
	u64 at = 0;

	if (!row)
		return NO_PLACE;
	/* Mostly. */
	if (loop_limit(true, false) && row->task[0] == task)
		return index * ROW_PLACES;
#pragma clang loop unroll(disable)
	for (u32 i = 0; i < ROW_PLACES; i++)
		at |= i + 1 & mask_if_zero(row->task[i] ^ task);
	return index * ROW_PLACES + at - 1 | mask_if_zero(at);
}

/*
 * Whose addition finds nobody else's has it: since ca06f55b9002 (5.12) a program may be preempted while it runs, by a
 * task whose exec fails on the same CPU. Two that come at once may both find it taken, but never both have it; so
 * nothing is needed but an addition, which every kernel has. (A hash map's BPF_NOEXIST does the same, for ten times as
 * much.)
 */
static __always_inline bool is_first(u64 *takers)
{
	volatile u64 *now = takers;

	__sync_fetch_and_add(takers, 1);
	if (*now == 1)
		return true;
	__sync_fetch_and_add(takers, -1);
	return false;
}

/* For a task that has none. NO_PLACE: its row is full. */
static __always_inline u32 place_take(u64 task)
{
	u32 index = row_of(task), i;
	struct place_row *row = row_get(index);
	/* There the verifier forgets which it was, until 5.16, and goes on once. */
	volatile u32 place = NO_PLACE;

	for (i = 0; row && i < ROW_PLACES; i++) {
		if (row->takers[i] || !is_first(&row->takers[i]))
			continue;
		row->task[i] = task;
		place = index * ROW_PLACES + i;
		break;
	}
	return place;
}

static __always_inline void place_leave(u32 place)
{
	struct place_row *row = row_get(place / ROW_PLACES);
	u64 at = place;

	if (!row)
		return;
	bound(at, ROW_PLACES - 1);
	row->task[at] = 0;
	__sync_fetch_and_add(&row->takers[at], -1);
}

#endif
