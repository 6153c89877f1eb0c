/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Programs that are attached several times to the same end of a call, since the kernel skips runs of one that was
 * preempted: the first copy that runs takes the call.
 */
#ifndef EXECFAIL_COPIES_BPF_H
#define EXECFAIL_COPIES_BPF_H

#include "attempt.bpf.h"
#include "control.bpf.h"
#include "kernel.bpf.h"

/* Where there are copies of a program; below an address, in the key of the map `takers`. */
enum place {
	AT_RETURN,
	AT_START,
	AT_CHECK,
};

static __always_inline u32 copies_at(enum place place)
{
	return place == AT_RETURN || cfg.copies < OUTCOME_COPIES ? cfg.copies : OUTCOME_COPIES;
}

/*
 * Whether this copy, from 1 on, 0: there is one only, of a program at the end of a call takes it: none before has. In
 * which order they run differs. Who takes a call leaves a mark, the set of the copies that have run of it, which is
 * gone when all have. Where one was skipped the mark stays, until one of them comes to it for the second time: that is
 * another call.
 */
static __always_inline bool copy_takes(enum place place, u8 copy)
{
	u16 bit = 1 << (copy - 1), all = (1 << copies_at(place)) - 1, *ran;
	u64 key = task_key() | place;

	if (!copy || cfg.copies <= 1)
		return true;
	runs_count(RUNS_OF_COPY + copy - 1);
	ran = bpf_map_lookup_elem(&takers, &key);
	if (ran && !(*ran & bit)) {
		*ran |= bit;
		if (*ran == all)
			bpf_map_delete_elem(&takers, &key);
		return false;
	}
	/* No room for marks, which whoever leaves many takes from all: then one copy takes all calls. */
	if (bpf_map_update_elem(&takers, &key, &bit, BPF_ANY) && copy != copies_at(place))
		return false;
	runs_count(RUNS_TAKEN);
	return true;
}

/* One that has no room for the record leaves the call to the next; true: there is one, and the last always has. */
static __always_inline bool copy_leaves(u32 copy)
{
	u64 key = task_key();

	if (!copy || cfg.copies != OUTCOME_LAST || copy == OUTCOME_LAST)
		return false;
	bpf_map_delete_elem(&takers, &key);
	runs_add(RUNS_TAKEN, -1);
	return true;
}

/* The task ends, and with it the mark that it may have left. */
static __always_inline void copies_forget(void)
{
	u64 key;

	if (cfg.copies <= 1)
		return;
	for (u32 place = AT_RETURN; place <= AT_CHECK; place++) {
		key = task_key() | place;
		bpf_map_delete_elem(&takers, &key);
	}
}

#endif
