/* SPDX-License-Identifier: GPL-2.0-only */
/* From the bytes of a record to an event. */
#ifndef EXECFAIL_DECODE_H
#define EXECFAIL_DECODE_H

#include <stddef.h>
#include <stdint.h>

#include "event/events.h"

/* What a record does not carry itself. */
struct decode {
	enum event_type type; /* as which of the events that the record stands for; 0: the first of them */
	uint32_t seen; /* enum record_seen that holds for every record: tracer_seen() */
	int64_t clock_offset_ns; /* CLOCK_REALTIME minus the clock of records: decode_clock() */
	int64_t boot_offset_ns; /* CLOCK_BOOTTIME minus that */
	uint32_t leave; /* sections that are passed over, as if they were not there: 1 << enum section_kind */
};

/* Offset of the clocks as of now; to be taken again from time to time, as the wall clock is set and slewed. */
void decode_clock(struct decode *decode);

/* The events that the bytes stand for, none where they are no record. */
struct event_set decode_events(const void *data, size_t size);

/*
 * Fills the event from size bytes at data, which may be longer than the record (perf pads) and need not be aligned.
 * Everything is copied into the arena. Returns 0, or -EBADMSG when the bytes are not a record: the event is then not to
 * be used. Unknown sections are passed over.
 */
int decode_record(const struct decode *decode, const void *data, size_t size, struct arena *arena, struct event *event);

/* These are its arguments, read when the call had failed: each with its NUL, one behind the other. Likewise copied. */
void decode_arguments(struct event *event, struct bytes joined);

#endif
