/* SPDX-License-Identifier: GPL-2.0-only */
/* Who descends from whom: execfail -p PID. */
#ifndef EXECFAIL_LINEAGE_H
#define EXECFAIL_LINEAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/tracer.h"

enum { LINEAGE_PIDS = 4 * 1024 * 1024 }; /* PID_MAX_LIMIT: every pid is below */

/*
 * Follows these processes, and all their descendants, now and from now on. Between tracer_new() with kin and
 * tracer_arm(). How many there are is said; so is what is wrong, and then it is false.
 */
bool lineage_follow(struct tracer *tracer, const uint32_t *pids, size_t n);

/* What the above is made of. */

struct kinsman {
	uint32_t pid, parent;
	bool gone; /* had ended before the hooks were there: only who descends from it counts */
};

struct lineage {
	struct kinsman *kin;
	size_t n, room;
	bool *followed; /* by pid; NULL: nothing has been added yet */
};

/* All zero to begin with; to be ended by lineage_free(). */
void lineage_add(struct lineage *lineage, struct kinsman kinsman);
void lineage_free(struct lineage *lineage);

/*
 * Marks all who descend from who is marked in followed, and calls follow for each of them that is not gone. How many
 * are new, or what follow answered when that was negative.
 */
int lineage_close(struct lineage *lineage, int (*follow)(void *context, uint32_t pid), void *context);

/*
 * The text of /proc/PID/status, since who executes something may keep others from the stat of it. gone: that thread is
 * ending, and has no memory any more. False: it is none.
 */
bool lineage_parse(const char *status, struct kinsman *kinsman);

#endif
