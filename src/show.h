/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What becomes of an event whose cause is known: searches are folded, it is filtered, repeats are counted, the rest is
 * printed.
 */
#ifndef EXECFAIL_SHOW_H
#define EXECFAIL_SHOW_H

#include "filter/fold.h"
#include "filter/repeat.h"
#include "options.h"
#include "print/output.h"

struct show {
	const struct options *options;
	struct output *output; /* its maker's */
	struct fold *fold; /* NULL: each step by itself */
	struct fold *judge; /* what --fail counts, where the searches are not folded for the output */
	struct repeat *repeat; /* NULL: each by itself */
	uint64_t events; /* that were printed, or would have been but for an error of the output */
	uint64_t filtered; /* that were not wanted */
	uint64_t joined; /* ends whose failure has been told */
	uint64_t judged; /* that were wanted, searches folded */
	bool full; /* so many as were asked for have been printed: nothing more is */
};

/* To be ended by show_close(), which prints nothing more. Both to outlive it. */
void show_open(struct show *show, const struct options *options, struct output *output);
void show_close(struct show *show);

/* Of the event nothing is kept but copies. */
void show_event(struct show *show, struct event *event);

/* A program has started: one that was searched for, it may be. */
void show_found(struct show *show, const struct event *event);

/* Prints what has waited long enough. Returns in how many milliseconds to call it again, -1: nothing waits. */
int show_expire(struct show *show, fold_awaits *awaits, void *context);

/* Prints all that waits. */
void show_flush(struct show *show);

/* The closing line; unwritten: of what was to be printed. */
void show_counts(const struct show *show, uint64_t unwritten, uint64_t lost);

#endif
