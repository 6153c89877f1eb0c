/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Looking for causes takes longer than all the rest: when events pile up, reading them comes first.
 *
 * What is counted is events and the steps that looking took (struct view), never time: so the same events get the same
 * causes, however slow or busy the machine is.
 */
#ifndef EXECFAIL_PACE_H
#define EXECFAIL_PACE_H

#include <stdbool.h>
#include <stdint.h>

/* Of the events since the kernel's buffer was last empty. All zero to begin with. */
struct pace {
	unsigned int events;
	uint64_t steps;
};

enum {
	PACE_EVENTS = 256, /* in one go that can be looked into, */
	PACE_STEPS = 16 * 1024, /* as long as it does not take more than that, */
	PACE_EVENT_STEPS = 2048, /* and that for each of them, */
	PACE_LEAST = 8, /* but for the first of them */
};

/* One more event. Whether there is no time to look into it. */
static inline bool pace_busy(struct pace *pace)
{
	uint64_t most = PACE_STEPS + (uint64_t)pace->events * PACE_EVENT_STEPS;

	return ++pace->events > (pace->steps > most ? PACE_LEAST : PACE_EVENTS);
}

/* What looking into it took. */
static inline void pace_spend(struct pace *pace, uint64_t steps)
{
	pace->steps += steps;
}

/* The kernel's buffer is empty. */
static inline void pace_rest(struct pace *pace)
{
	*pace = (struct pace){};
}

#endif
