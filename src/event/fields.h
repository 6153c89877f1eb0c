/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every field of every event: its name, type, help, and how its value is got from an event. Table, JSON, filters,
 * --list-fields, completion, the schema's check and the documentation read this one table.
 */
#ifndef EXECFAIL_FIELDS_H
#define EXECFAIL_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "event/event.h"

enum value_type {
	VALUE_NULL, /* unknown, or does not apply */
	VALUE_BOOL,
	VALUE_INT,
	VALUE_UINT,
	VALUE_BYTES,
	VALUE_STRINGS, /* list of bytes */
	VALUE_ANCESTORS,
	VALUE_CONTAINER,
	VALUE_CAUSE,
	VALUE_NAMES, /* names of fields */
	VALUE_RAW, /* originals of values that are not UTF-8: made by the printer, which knows them */
	VALUE_TYPES, /* one past the last */
};

/* Points into the event or its arena, and lives as long. */
struct value {
	enum value_type type;
	union {
		bool boolean;
		int64_t integer;
		uint64_t number;
		struct bytes bytes;
		const struct bytes_list *strings;
		struct {
			const struct event_ancestor *v;
			size_t n;
		} ancestors;
		struct {
			struct bytes id;
			struct bytes runtime;
		} container;
		struct {
			uint32_t pid;
			struct bytes path;
		} cause;
		uint32_t parts; /* VALUE_NAMES: the fields whose bit 1 << part is set */
	};
};

enum field_flag {
	FIELD_LOST = 1 << 0, /* in a `lost` object */
	FIELD_EXEC = 1 << 1, /* in an event about an exec */
	FIELD_OPTIONAL = 1 << 2, /* no key where there is nothing to say, instead of null */
	FIELD_NEVER_NULL = 1 << 3,
};

struct field {
	const char *name;
	enum value_type type; /* of the value when it is not null */
	unsigned int flags; /* enum field_flag */
	enum event_part part; /* which can be cut or unreadable; PART_NONE */
	const char *help; /* one line */
	struct value (*get)(const struct event *event); /* or NULL, and these two: */
	struct value (*read)(const struct field *field, const struct event *event); /* a member of struct event */
	size_t at; /* its offset */
	const char *heading; /* as a column of the table; NULL: is none by default */
	unsigned int width; /* of that column; 0: all that is left */
};

/* In the order in which they are printed. */
extern const struct field fields[];
extern const size_t fields_count;

static inline struct value field_value(const struct field *field, const struct event *event)
{
	return field->get ? field->get(event) : field->read(field, event);
}

/* Whether events of this type have it. */
bool field_applies(const struct field *field, enum event_type type);

/* NULL when there is none of that name; fields_nearest() gives the one that may have been meant, or NULL. */
const struct field *fields_find(const char *name);
const char *fields_nearest(const char *name);

/* The field that a part belongs to. */
const struct field *fields_of_part(enum event_part part);

/* --list-fields: name, type and help, a line each. */
void fields_list(FILE *to);

/* The type in words of the schema: "string", "integer", "array", … */
const char *value_type_name(enum value_type type);

/*
 * The name of this machine is the same in all events, so it is told once. Not copied: must live as long as events are
 * printed. Unknown (null) before.
 */
void fields_set_host(struct bytes host);

/* "ENOENT" for 2; "E4095" for a number without a name, in memory of the arena. */
const char *errno_name(struct arena *arena, int number);

/* "execve", "entry", "kernel"; NULL where the answer is null. */
const char *call_name(enum record_call call);
const char *stage_name(enum stage stage);
const char *binary_source_name(enum binary_source source);
const char *evidence_name(enum evidence evidence);

#endif
