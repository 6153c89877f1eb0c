/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What user space adds to an event: the host's and the user's name, the container, masks over secrets, and the file
 * where no hook of the kernel could see it.
 */
#ifndef EXECFAIL_ENRICH_H
#define EXECFAIL_ENRICH_H

#include <stdbool.h>

#include "event/event.h"

struct enrich;

/* Where to look; each can be NULL for the real one. Not copied: to outlive the enrich. */
struct enrich_roots {
	const char *proc; /* "/proc" */
	const char *etc; /* "/etc" */
	const char *root; /* "/": where a caller that has gone is assumed to have lived */
};

enum enrich_flag {
	ENRICH_SHOW_SECRETS = 1 << 0,
	ENRICH_NEVER_LOOKS = 1 << 1, /* at nothing that is a caller's: somebody else does, and enrich_keep() is told */
	ENRICH_ALWAYS_LOOKS = 1 << 2, /* that somebody: what was found before is no answer */
};

/*
 * flags: enum enrich_flag; roots can be NULL. Also tells fields.h the name of the host. Out of memory ends the program.
 */
struct enrich *enrich_new(const struct enrich_roots *roots, unsigned int flags);

/* Forgets the name of the host, which it owns. NULL is fine. */
void enrich_free(struct enrich *enrich);

/* As long as it is set, no file is looked for, and what was found a moment ago is the answer: events come too fast. */
void enrich_busy(struct enrich *enrich, bool busy);

/*
 * Never fails, and from Linux 5.12 never waits for a file system of the caller's: what cannot be found stays unknown.
 * Adds to event->steps. False, of one that never looks: it would have to; what is known already was added.
 */
bool enrich_event(struct enrich *enrich, struct event *event);

/* What was found for an event is the answer for others, too. looked_ns: CLOCK_BOOTTIME, when looking began. */
void enrich_keep(struct enrich *enrich, const struct event *event, int64_t looked_ns);

#endif
