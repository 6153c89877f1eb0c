/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every field of every event: its name, type, help, which says its unit, and how its value is got from an event. Table,
 * JSON, --list-fields, the schema's check and the documentation read this one table.
 */
#ifndef EXECFAIL_FIELDS_H
#define EXECFAIL_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "event/value.h"

enum field_flag {
	FIELD_OPTIONAL = 1 << 0, /* no key where there is nothing to say, instead of null */
	FIELD_NEVER_NULL = 1 << 1,
	FIELD_LATE = 1 << 2, /* what looking adds or changes, after the event was decoded */
	FIELD_TIME = 1 << 3, /* RFC 3339 in UTC: in the order of its bytes */
	FIELD_STEP = 1 << 5, /* differs between the steps of a search through PATH */
	FIELD_ID = 1 << 4, /* a number that is a name, and no amount: the Elastic schema has it as text */
};

struct field;

/* The field schema_version. */
enum { SCHEMA_VERSION = 1 };

/* The field's value for an event that it applies to; null where it is unknown. */
typedef struct value field_get(const struct event *event);
/* The same for all members of struct event of one type; field->at says which. */
typedef struct value field_read(const struct field *field, const struct event *event);

struct field {
	const char *name;
	enum value_type type; /* of the value when it is not null */
	unsigned int events; /* that have it: 1 << enum event_type */
	unsigned int flags; /* enum field_flag */
	field_get *get; /* or: */
	field_read *read;
	size_t at; /* offset in struct event */
	const char *help; /* one line */
	enum event_part part; /* which can be cut or unreadable; PART_NONE: it cannot */
	/* In the Elastic Common Schema, and in OpenTelemetry's conventions; NULL: no field of theirs means the same. */
	const char *ecs;
	const char *otel;
	struct {
		unsigned int events; /* 1 << enum event_type */
		const char *name;
	} tracee[3]; /* the argument's name in Tracee's event of that name; the rest: {} */
};

/* In the order in which they are printed. */
extern const struct field fields[];
extern const size_t fields_count;

/* For an event that it applies to; points into the event or its arena. */
static inline struct value field_value(const struct field *field, const struct event *event)
{
	return field->get ? field->get(event) : field->read(field, event);
}

/* Whether events of this type have it. */
bool field_applies(const struct field *field, enum event_type type);

/* Whether looking changes it, of events of this type. */
bool field_is_late(const struct field *field, enum event_type type);

/* NULL when there is none of that name; fields_nearest(): the name of the one that may have been meant, or NULL. */
const struct field *fields_find(const char *name);
const char *fields_nearest(const char *name);

/* The field that a part belongs to; NULL for PART_NONE. */
const struct field *fields_of_part(enum event_part part);

/* --list-fields: name, type and help, a line each. */
void fields_list(FILE *to);

/*
 * The name of this machine is the same in all events, so it is told once. Not copied: must live as long as events are
 * printed. Unknown (null) before, and with p NULL.
 */
void fields_set_host(struct bytes host);

#endif
