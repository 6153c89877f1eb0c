/* SPDX-License-Identifier: GPL-2.0-only */
/* Looking through the descriptors of all processes. */
#ifndef EXECFAIL_HOLDER_H
#define EXECFAIL_HOLDER_H

#include "look/view.h"

struct holder_file {
	struct view_node node;
	dev_t dev; /* of its file system, as mountinfo has it */
	bool local; /* it may be asked, where /proc does not say what a descriptor is of */
};

/*
 * Who holds the file: the first that is found. False: nobody whom this process may see; holder is then not written.
 * proc: "/proc". first: pids of processes to begin with, NULL behind the last. file: NULL for watchers of any. steps:
 * how many processes and descriptors may be looked at, from which those that were are taken off; 0 or less: the search
 * was given up. comm lives in the arena.
 */
bool holder_find(struct arena *arena, const char *proc, const char *const *first, enum view_hold hold,
		 const struct holder_file *file, int64_t *steps, struct view_holder *holder);

/* Whether a user has more processes than that, threads counted. steps: processes that may be looked at, as above. */
enum view_answer holder_has_more(const char *proc, uint32_t uid, uint64_t than, int64_t *steps);

enum { HOLDER_STEPS = 128 * 1024 }; /* for one search at most: half a second of a machine at rest */

#endif
