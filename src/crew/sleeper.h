/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether another process sleeps over its work: one that does for SLEEPER_ASLEEP_MS at a stretch, or
 * SLEEPER_ASLEEP_ALL_MS over all of it, waits for somebody who does not answer; but over STEP_MOUNTS for
 * SLEEPER_MOUNTS_MS, and SLEEPER_ALONE times as long where nobody waits for it. One that runs, or could if it were let,
 * has SLEEPER_RUNNING_MS of processor time: a busy machine makes nobody late, nor one that stood still for a while.
 */
#ifndef EXECFAIL_SLEEPER_H
#define EXECFAIL_SLEEPER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct step;

enum {
	SLEEPER_ASLEEP_MS = 100,
	SLEEPER_ASLEEP_ALL_MS = 500,
	SLEEPER_ALONE = 10,
	SLEEPER_MOUNTS_MS = 5000, /* no user can make it longer than some: all of his mounts are moved, once */
	SLEEPER_RUNNING_MS = 2000,
	SLEEPER_RUN_AT_ONCE_MS = 100, /* from one look at it to the next: more is no time that it had */
	SLEEPER_TICK_MS = 10, /* how often to ask */
};

struct sleeper {
	pid_t pid; /* the maker's, as the next */
	int stat; /* its /proc/PID/stat; -1: there is none */
	const struct step *step; /* where it is. The maker's */
	bool alone; /* nobody else waits for it: told anew with each look at it. The maker's, as the next */
	bool unhurried; /* it may run for as long as it takes: who asked waits for nothing else */
	uint64_t began_ns; /* its work, CLOCK_MONOTONIC */
	uint64_t seen_ns; /* when it was last looked at */
	uint64_t asleep_ns; /* at a stretch */
	uint64_t asleep_all_ns;
	uint64_t mounts_ns; /* asleep over STEP_MOUNTS, which counts for nothing else */
	uint64_t running_ns; /* on a processor */
	uint64_t ran; /* its processor time, in ns, when it was last looked at */
};

/* R, S, ... of a /proc/PID/stat that is open; 0: it has gone, or it cannot be told. */
char sleeper_state(int stat);

/* It has something new to do. */
void sleeper_begin(struct sleeper *sleeper);

/* To be asked every SLEEPER_TICK_MS while it works. */
bool sleeper_is_silent(struct sleeper *sleeper);

#endif
