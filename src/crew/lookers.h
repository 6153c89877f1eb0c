/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The reader's side of looking: which event is looked into next, by which worker, and for how long. Nothing here waits.
 *
 * A worker that sleeps over one event is given up (sleeper.h), and another one goes on: so somebody can make us wait
 * once.
 */
#ifndef EXECFAIL_LOOKERS_H
#define EXECFAIL_LOOKERS_H

#include <poll.h>

#include "crew/queue.h"
#include "crew/starter.h"
#include "crew/verdict.h"

enum {
	LOOKERS_WORKERS = 2,
	LOOKERS_FDS = LOOKERS_WORKERS + 1,
};

/*
 * Tells an event, with the verdict, or without one where that is NULL and somebody knows the answer, or event->busy or
 * event->unlooked says that there will be none. False: it has to be looked into, and was not told.
 */
typedef bool lookers_tell(void *context, const struct waiting *event, struct verdict *verdict);

struct lookers;

/* The starter outlives it. Asks for workers; until they come, events wait. */
struct lookers *lookers_new(const struct starter *starter, lookers_tell *tell, void *context);
void lookers_free(struct lookers *lookers);

/* One more event: told at once, or once it is known. The record is copied where it has to be. */
void lookers_add(struct lookers *lookers, struct waiting *event);

/* No event waits. */
bool lookers_rest(const struct lookers *lookers);

/* Memory that a flood took, once it is over: to be called now and then. */
void lookers_give_back(struct lookers *lookers);

/* Some event of that process does. */
bool lookers_await(const struct lookers *lookers, uint32_t pid);

/* Some event of that source does: struct waiting's. */
bool lookers_await_source(const struct lookers *lookers, uint64_t source);

/* What is to be polled for, LOOKERS_FDS of them; and for how many ms at most, -1 for ever. */
void lookers_fds(const struct lookers *lookers, struct pollfd *fds);
int lookers_timeout(const struct lookers *lookers);

/* Hears what was said, gives up who is silent, and asks for more. 0, or -ECHILD where there is no starter any more. */
int lookers_work(struct lookers *lookers);

/* From now on somebody waits for all of them: none is let sleep for longer because nobody does. */
void lookers_hurry(struct lookers *lookers);

/* Tells all that wait, whatever is known of them. */
void lookers_flush(struct lookers *lookers);

#endif
