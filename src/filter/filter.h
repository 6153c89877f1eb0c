/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which events are wanted: terms over the table of fields, all of which have to hold.
 *
 * 	FIELD = VALUE[,VALUE...]	one of them; text as patterns of glob(7) in which * and ? match a slash, too
 * 	FIELD != VALUE[,VALUE...]	none of them
 * 	FIELD ~ REGEX, FIELD !~ REGEX	extended regular expression (regex(7)), anywhere in the text
 * 	FIELD < VALUE			and <=, >, >=: numbers and times
 * 	FIELD, !FIELD			is known, is null
 *
 * Null matches neither = nor !=, nor any other comparison. Of a list (arguments, ancestors ...) one element has to
 * match; for != and !~ none may. Blanks around the operator do not matter; a comma in a value is written \, there.
 */
#ifndef EXECFAIL_FILTER_H
#define EXECFAIL_FILTER_H

#include <stdbool.h>

#include "base/buffer.h"
#include "event/event.h"

/* Starts from `= {}`, which lets everything pass; ends with filter_free(). */
struct filter {
	struct term *terms;
	size_t n;
};

/*
 * Adds a term. False: it is none, and one line without its end, escaped, was added to error, which names the place. Of
 * the text its address is kept. Out of memory ends the program.
 */
bool filter_add(struct filter *filter, const char *text, struct buffer *error);

/* Options that stand for a term. */
enum filter_option {
	FILTER_USER, /* USER[,USER...]: names or numbers, see ask_user(); uid or euid */
	FILTER_COMM, /* GLOB[,GLOB...]; the next one likewise */
	FILTER_UNIT,
	FILTER_CONTAINER, /* starts of ids */
	FILTER_CGROUP, /* paths, and what is below */
};

bool filter_add_option(struct filter *filter, enum filter_option option, const char *list, struct buffer *error);

void filter_free(struct filter *filter);

enum filter_when {
	FILTER_STEP, /* as it was decoded, of what may become one event with others: terms about what these differ in are left out */
	FILTER_RECORD, /* as it was decoded: terms about what is only found by looking are left out */
	FILTER_WHOLE,
};

/* What was lost always passes. */
bool filter_passes(const struct filter *filter, const struct event *event, enum filter_when when);

#endif
