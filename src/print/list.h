/* SPDX-License-Identifier: GPL-2.0-only */
/* What the program says of itself, for programs: an object a line. */
#ifndef EXECFAIL_LIST_H
#define EXECFAIL_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct list_cell {
	const char *key; /* plain ASCII */
	const char *text; /* NULL: null */
};

/* One object, and the end of its line. */
void list_put(FILE *to, const struct list_cell *cells, size_t n);

/* "what: ..." for people; an object with `what` and `says`. */
__attribute__((format(printf, 4, 5))) void list_say(FILE *to, bool json, const char *what, const char *format, ...);

/* A line for people; on a terminal it is broken between words. */
__attribute__((format(printf, 2, 3))) void list_line(FILE *to, const char *format, ...);

/* --list-fields, -e help, -o help: for people as they are, or so. */
typedef void list_print(FILE *to, bool json);
list_print list_fields;
list_print list_events;
list_print list_forms;

/* docs/events.md: the events, and the fields of each. */
list_print list_events_markdown;

#endif
