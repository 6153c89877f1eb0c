/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Looking for causes takes longer than all the rest: when events pile up, reading them comes first.
 *
 * What is counted is events and the steps that looking took (struct view), never time: so the same events get the same
 * causes, however slow or busy the machine is. And each source has its own, so that nobody's flood makes others' causes
 * vaguer.
 */
#ifndef EXECFAIL_PACE_H
#define EXECFAIL_PACE_H

#include <stdbool.h>
#include <stdint.h>

enum {
	PACE_EVENTS = 1024, /* in one go that can be looked into, */
	PACE_STEPS = 16 * 1024, /* as long as it does not take more than that, */
	PACE_EVENT_STEPS = 2048, /* and that for each of them, */
	PACE_LEAST = 8, /* but for the first of them */
	PACE_SOURCES = 256, /* that are told apart, by chance */
};

/* Of the events since the kernel's buffer was last empty, by whose they are. All zero to begin with. */
struct pace {
	struct pace_of {
		unsigned int events;
		uint64_t steps;
	} of[PACE_SOURCES];
};

static inline struct pace_of *pace_of(struct pace *pace, uint64_t source)
{
	return &pace->of[(source * 0x9e3779b97f4a7c15) >> 56];
}

static inline unsigned int pace_most(const struct pace_of *of)
{
	uint64_t most = PACE_STEPS + (uint64_t)of->events * PACE_EVENT_STEPS;

	return of->steps > most ? PACE_LEAST : PACE_EVENTS;
}

/*
 * One more event. Whether there is no time to look into it. waits: others of that source do; one that had as many as it
 * may have, and waits for none, is no flood, whatever others do.
 */
static inline bool pace_busy(struct pace *pace, uint64_t source, bool waits)
{
	struct pace_of *of = pace_of(pace, source);
	unsigned int most = pace_most(of);

	if (waits || of->events > most)
		return of->events++ >= most;
	*of = (struct pace_of){ .events = 1 };
	return false;
}

/* What looking into it took. */
static inline void pace_spend(struct pace *pace, uint64_t source, uint64_t steps)
{
	pace_of(pace, source)->steps += steps;
}

/* The kernel's buffer is empty. */
static inline void pace_rest(struct pace *pace)
{
	*pace = (struct pace){};
}

#endif
