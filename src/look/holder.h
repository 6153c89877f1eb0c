/* SPDX-License-Identifier: GPL-2.0-only */
/* Looking through the descriptors of all processes. */
#ifndef EXECFAIL_HOLDER_H
#define EXECFAIL_HOLDER_H

#include "look/view.h"

/*
 * Who holds the file: the first that is found. node is not needed for VIEW_WATCHERS. first: the pid of a process to begin
 * with, or NULL. left_ns: processor time that it may take, of which is taken off what it took. comm lives in the arena.
 */
bool holder_find(struct arena *arena, const char *proc, const char *first, enum view_hold hold,
		 const struct view_node *node, int64_t *left_ns, struct view_holder *holder);

enum { HOLDER_MS = 500 }; /* that one may take at most */

#endif
