/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The same failure again: the first is told at once, those after it are counted, and told as one every so often.
 *
 * Two are the same whose event, reason, path, errno, user and starter (container, unit, or else the parent's name) are.
 * What was not told is told, with `repeats`, when the interval is over, when it has to make room for others, and by
 * repeat_flush(). A failure that has not come again for a minute is a new one.
 */
#ifndef EXECFAIL_REPEAT_H
#define EXECFAIL_REPEAT_H

#include "event/event.h"

struct repeat;

/* Of the event nothing is to be kept after it returns; event->repeats is 0 where it stands for itself. */
typedef void repeat_tell(void *context, struct event *event);

/* interval_ms: between two that are told. To be ended by repeat_free(), which tells nothing more. */
struct repeat *repeat_new(unsigned int interval_ms, repeat_tell *tell, void *context);
void repeat_free(struct repeat *repeat);

/* Of the event nothing is kept but a copy. now_ns: CLOCK_MONOTONIC. */
void repeat_add(struct repeat *repeat, struct event *event, int64_t now_ns);

/* Tells what is due. Returns in how many milliseconds to call it again, -1: nothing waits. */
int repeat_expire(struct repeat *repeat, int64_t now_ns);

/* Tells all that was only counted. */
void repeat_flush(struct repeat *repeat);

/* How many events were counted only. */
uint64_t repeat_count(const struct repeat *repeat);

#endif
