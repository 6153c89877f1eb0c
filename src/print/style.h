/* SPDX-License-Identifier: GPL-2.0-only */
/* How the output is to look, as the command line has it. What a form has no use for it leaves. */
#ifndef EXECFAIL_STYLE_H
#define EXECFAIL_STYLE_H

#include <stdbool.h>
#include <stddef.h>

#include "event/fields.h"

enum style_colour { STYLE_AUTO, STYLE_ALWAYS, STYLE_NEVER };

enum style_time {
	STYLE_LOCAL,
	STYLE_UTC,
	STYLE_RELATIVE, /* since it began to watch */
	STYLE_DELTA, /* since the row before */
};

enum { STYLE_FIELDS = 96 }; /* as many as there are fields, or more */

struct style {
	bool events; /* of several kinds, or of another than failures: which is in sight */
	enum style_colour colour;
	enum style_time time;
	bool wide; /* no row is cut to the terminal's width */
	const struct field *fields[STYLE_FIELDS]; /* that are shown, in this order */
	size_t n_fields; /* 0: the form's own choice */
};

/* The next field that events of a type are to show, from *at on, which begins with 0; NULL: there are no more. */
const struct field *style_field(const struct style *style, enum event_type type, size_t *at);

/* In the order of their enums; end with NULL. */
extern const char *const style_colours[];
extern const char *const style_times[];

#endif
