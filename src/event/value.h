/* SPDX-License-Identifier: GPL-2.0-only */
/* What a field of an event is, whatever the form of output makes of it. */
#ifndef EXECFAIL_VALUE_H
#define EXECFAIL_VALUE_H

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
	VALUE_ATTEMPTS,
	VALUE_NAMES, /* names of fields */
	VALUE_RAW, /* originals of values that are not UTF-8: made by the printer, which knows them */
	VALUE_TYPES, /* one past the last */
};

/* Points into the event or its arena, and lives as long. */
struct value {
	enum value_type type;
	union {
		bool boolean;
		int64_t integer; /* VALUE_INT */
		uint64_t number; /* VALUE_UINT */
		struct bytes bytes;
		const struct bytes_list *strings;
		struct {
			const struct event_ancestor *v;
			size_t n;
		} ancestors;
		struct {
			const struct event_attempt *v;
			size_t n;
		} attempts;
		struct {
			struct bytes id;
			struct bytes runtime;
			uint32_t user; /* RECORD_UNKNOWN: none */
		} container;
		struct {
			uint32_t pid;
			struct bytes path;
		} cause;
		uint32_t parts; /* VALUE_NAMES: the fields whose bit 1 << part is set */
	};
};

static inline struct value value_null(void)
{
	return (struct value){ .type = VALUE_NULL };
}

static inline struct value value_bool(bool boolean)
{
	return (struct value){ .type = VALUE_BOOL, .boolean = boolean };
}

static inline struct value value_integer(int64_t integer)
{
	return (struct value){ .type = VALUE_INT, .integer = integer };
}

static inline struct value value_number(uint64_t number)
{
	return (struct value){ .type = VALUE_UINT, .number = number };
}

/* Not copied; null where it is unknown. */
static inline struct value value_bytes(struct bytes bytes)
{
	return (struct value){ .type = bytes.p ? VALUE_BYTES : VALUE_NULL, .bytes = bytes };
}

/* The same of a string, or NULL. */
static inline struct value value_string(const char *string)
{
	return value_bytes(bytes_of(string));
}

/*
 * RFC 3339 in UTC with all nanoseconds, in the arena; sec since 1970. Null where it has no form for it: a file system
 * can hold any number.
 */
struct value value_time(struct arena *arena, int64_t sec, uint32_t nsec);

/*
 * A member, by its number from 0 on, of an object, or of the i-th object of a list. Returns its name, static; NULL:
 * there is none of that number.
 */
const char *value_member(const struct value *value, size_t i, size_t n, struct value *member);

/* How many objects a list has; of what is no list of objects 0. */
size_t value_objects(const struct value *value);

/* The type in words of the schema: "string", "integer", "array", …; static. */
const char *value_type_name(enum value_type type);

#endif
