/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ends of processes joined with the failures that they come from: who could not execute a program ends with 127 or 126
 * for that, and so does a shell whose last command did. What has failed is noted as its record comes, before it is
 * looked into.
 */
#ifndef EXECFAIL_JOIN_H
#define EXECFAIL_JOIN_H

#include "event/event.h"

struct join;

/* Out of memory ends the program. To be ended by join_free(), which takes NULL as well. */
struct join *join_new(void);
void join_free(struct join *join);

/*
 * Of a process_execute_failed or process_start_failed: the last of each process is kept, of the last thousand that
 * failed.
 */
void join_note(struct join *join, const struct event *event);

/* Sets the event's cause, in its arena, where it is an end and comes from what was noted. */
void join_cause(const struct join *join, struct event *event);

#endif
