/* SPDX-License-Identifier: GPL-2.0-only */
/* One term of a filter: what it is about, an operator, and values. */
#ifndef EXECFAIL_TERM_H
#define EXECFAIL_TERM_H

#include <regex.h>

#include "base/buffer.h"
#include "filter/subject.h"

enum term_operator {
	TERM_KNOWN, /* no value */
	TERM_EQUAL,
	TERM_REGEX,
	TERM_LESS,
	TERM_LESS_EQUAL,
	TERM_GREATER,
	TERM_GREATER_EQUAL,
};

struct term_value {
	char *text; /* of SUBJECT_TEXT and SUBJECT_TIME; a time that is compared has the form that the field has */
	size_t n;
	bool pattern; /* text has wildcards */
	bool truth;
	__int128 number; /* any of VALUE_INT and VALUE_UINT */
	bool compiled; /* there is a regex to be freed */
	regex_t regex;
};

struct term {
	const char *option, *text; /* as it was written; of who made the term */
	struct subject subjects[2]; /* one of them has to match; the second may have no field */
	enum term_operator op;
	bool negated;
	struct term_value *values;
	size_t n;
	char **subtrees; /* paths that are what the values say, each with all below */
	size_t n_subtrees; /* 0: no such thing is said */
};

/*
 * Reads a term; to be ended by term_free(), also where it is none: then one line without its end, escaped, was added to
 * error.
 */
bool term_parse(struct term *term, const char *text, struct buffer *error);

/*
 * The next value of a list, in room: up to a comma that has no backslash before it, which then is left at the beginning
 * of list.
 */
struct bytes term_cut_value(struct bytes *list, struct buffer *room);

/* The same of a value alone: subjects and operator are set. */
bool term_add_value(struct term *term, struct bytes value, struct buffer *error);

void term_free(struct term *term);

bool term_holds(const struct term *term, const struct event *event);

/* Whether all that it is about is known before anything was looked at. */
bool term_is_early(const struct term *term, enum event_type type);

/* And does not differ between the steps of a search through PATH. */
bool term_is_of_caller(const struct term *term);

#endif
