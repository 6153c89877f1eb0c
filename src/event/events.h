/* SPDX-License-Identifier: GPL-2.0-only */
/* The events there are, by the names that -e takes and that the JSON field `event` shows. */
#ifndef EXECFAIL_EVENTS_H
#define EXECFAIL_EVENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/buffer.h"
#include "event/event.h"

/* Static, like all that it points to. */
struct event_kind {
	enum event_type type;
	const char *name;
	const char *alias; /* another accepted name, or NULL */
	const char *help; /* one line; NULL: cannot be asked for, comes by itself */
	const char *about; /* sentences for docs/events.md; NULL: nobody is told of it */
	uint32_t records; /* that stand for one: 1 << enum record_kind */
	enum record_call call; /* only such of these; CALL_UNKNOWN: any */
};

/* Those that are looked into, folded and counted; the others are told as they come. */
#define EVENTS_FAILURES (1u << EVENT_PROCESS_EXECUTE_FAILED | 1u << EVENT_PROCESS_START_FAILED)

bool event_is_failure(enum event_type type);

extern const struct event_kind event_kinds[];
extern const size_t event_kinds_count;

/* A set of types that were asked for. */
struct event_set {
	uint32_t bits; /* 1 << enum event_type */
};

static inline bool event_set_has(struct event_set set, enum event_type type)
{
	return (unsigned int)type < 32 && set.bits & 1u << type;
}

/* What a record stands for. Of one, those that come first in the table are told first. */
struct event_set events_of_record(enum record_kind kind, enum record_call call);

/* Of several the one that is told first; 0: there is none. */
enum event_type events_first(struct event_set set);

/* By name or alias, and by type; NULL when there is none. */
const struct event_kind *events_find(const char *name);
const struct event_kind *events_by_type(enum event_type type);

enum events_parsed {
	EVENTS_OK,
	EVENTS_HELP, /* `help` was in the list */
	EVENTS_ERROR,
};

/*
 * A list like "process_execute_failed,execve", "failures", "all,-execve" or "-execve", which is the same, goes on with
 * what is in set, where that is EVENTS_OK. On EVENTS_ERROR one line without its end is added to error, escaped.
 */
enum events_parsed events_parse(const char *list, struct event_set *set, struct buffer *error);

/* -e help: name, aliases and help, a line each. */
void events_list(FILE *to);

#endif
