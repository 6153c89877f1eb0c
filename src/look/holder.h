/* SPDX-License-Identifier: GPL-2.0-only */
/* Looking through the descriptors of all processes. */
#ifndef EXECFAIL_HOLDER_H
#define EXECFAIL_HOLDER_H

#include "look/view.h"

/*
 * Who holds the file: the first that is found. node is not needed for VIEW_WATCHERS. first: the pid of a process to begin
 * with, or NULL. steps: descriptors that may be looked at, of which is taken off how many were; 0: the search was given
 * up. comm lives in the arena.
 */
bool holder_find(struct arena *arena, const char *proc, const char *first, enum view_hold hold,
		 const struct view_node *node, int64_t *steps, struct view_holder *holder);

enum { HOLDER_STEPS = 128 * 1024 }; /* for one search at most: half a second of a machine at rest */

#endif
