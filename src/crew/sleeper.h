/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether another process sleeps over its work: one that does for SLEEPER_ASLEEP_MS, over all of it, waits for somebody who
 * does not answer. One that runs, or could if it were let, has SLEEPER_RUNNING_MS of processor time: a busy machine makes
 * nobody late.
 */
#ifndef EXECFAIL_SLEEPER_H
#define EXECFAIL_SLEEPER_H

#include <stdbool.h>
#include <stdint.h>

enum {
	SLEEPER_ASLEEP_MS = 100,
	SLEEPER_RUNNING_MS = 2000,
	SLEEPER_TICK_MS = 10, /* how often to ask */
};

struct sleeper {
	int stat; /* its /proc/PID/stat, the maker's; -1: there is none */
	uint64_t began_ns; /* its work, CLOCK_MONOTONIC */
	uint64_t seen_ns; /* when it was last looked at */
	uint64_t asleep_ns;
	uint64_t ran_before; /* processor time, in ticks, before it began */
};

/* It has something new to do. */
void sleeper_begin(struct sleeper *sleeper);

/* To be asked every SLEEPER_TICK_MS while it works. */
bool sleeper_is_silent(struct sleeper *sleeper);

#endif
