/* SPDX-License-Identifier: GPL-2.0-only */
/* Arguments and environment, as a record has them: bpf/strings.bpf.c puts them there. */
#ifndef EXECFAIL_STRINGS_H
#define EXECFAIL_STRINGS_H

#include <stddef.h>
#include <stdint.h>

#include "event/event.h"

/* One section's bytes, inside of the record. */
struct piece {
	uint16_t flags;
	const char *p;
	size_t n;
};

/* What the flags of a section say of a part of the event. */
void piece_mark(struct event *event, enum event_part part, uint16_t flags);

/* PART_ARGUMENTS or PART_ENVIRONMENT. Copied into the event's arena, as is the next. */
struct bytes_list strings_of(struct event *event, const struct piece *piece, enum event_part part);

/* Strings one behind the other: the last has its NUL, unless there was more. */
struct bytes_list strings_joined(struct event *event, const struct piece *piece);

#endif
