/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The forms of the output. Only printers write to stdout while events come.
 *
 * begin once, event for each event, end once; all through an output, which session.c flushes. They return 0 or the
 * -errno of the output, and keep nothing of the event. end is to be called whenever begin was, also after an error: it
 * frees what begin made, output->state.
 */
#ifndef EXECFAIL_PRINTER_H
#define EXECFAIL_PRINTER_H

#include "event/event.h"
#include "print/output.h"

struct printer {
	const char *name;
	const char *help; /* one line */
	const char *socket; /* of datagrams, where it goes without -w; NULL: to stdout */
	bool shares; /* can stand between lines of COMMAND's own */
	bool folds; /* searches and repeats, unless it is told otherwise */
	int (*begin)(struct output *output);
	void (*head)(struct output *output); /* what a file begins with, of which begin puts the first. NULL: nothing */
	int (*event)(struct output *output, const struct event *event);
	/*
	 * Where time passes: returns in how many milliseconds to call it again, -1: not before an event. NULL: never.
	 */
	int (*tick)(struct output *output);
	/* The terminal is somebody else's until the next tick. NULL: that is nothing to it. */
	void (*pause)(struct output *output);
	int (*end)(struct output *output);
};

extern const struct printer table_printer;
extern const struct printer json_printer;
extern const struct printer logfmt_printer;
extern const struct printer ecs_printer;
extern const struct printer otel_printer;
extern const struct printer journal_printer;
extern const struct printer github_printer;

/* Counts, for --summary: in place of the two. */
extern const struct printer summary_printer;
extern const struct printer summary_json_printer;

/* Ends with a NULL; the first is the default. */
extern const struct printer *const printers[];

/* NULL when there is none of that name. */
const struct printer *printer_find(const char *name);

#endif
