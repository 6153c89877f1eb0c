/* SPDX-License-Identifier: GPL-2.0-only */
/* Why it failed: a cause with a stable name, and a sentence that a person can act on. */
#ifndef EXECFAIL_DIAGNOSE_H
#define EXECFAIL_DIAGNOSE_H

#include <stdbool.h>

#include "event/event.h"
#include "look/view.h"

struct diagnose;

/*
 * roots: as for views_new(). Out of memory ends the program. To be ended by diagnose_free(), which takes NULL as well.
 */
struct diagnose *diagnose_new(const struct view_roots *roots);
void diagnose_free(struct diagnose *diagnose);

/* As views_listen(). */
void diagnose_listen(struct diagnose *diagnose, struct audit *audit);

/*
 * As long as it is set, no caller's world is looked at: for when events come faster than they can be looked into. The
 * cause is then the one that the same exec had a moment ago, or is told from the kernel's facts and what it says of the
 * machine.
 */
void diagnose_busy(struct diagnose *diagnose, bool busy);

/*
 * Sets reason, hint and evidence, static or in the event's arena; the stage where it was unknown and user space saw it.
 * Adds to event->steps. After stage_event().
 */
void diagnose_event(struct diagnose *diagnose, struct event *event);

/* The same where the answer is known and nobody has to look for it; else false. */
bool diagnose_known(struct diagnose *diagnose, struct event *event);

/*
 * The same, but always looking, and without what only the reader of the event is told. Whether others can have the same
 * answer.
 */
bool diagnose_look(struct diagnose *diagnose, struct event *event);

/* What diagnose_look() said of the event somewhere else, its strings in the event's arena. */
struct diagnosis {
	enum evidence evidence;
	enum stage stage;
	bool kept; /* others can have the same answer */
	struct bytes reason;
	struct bytes hint;
	struct bytes path; /* of what did not start, where no exec failed; p NULL: not known */
};

/* That is the cause, and if it says so the answer for others, too. looked_ns: CLOCK_BOOTTIME, when looking began. */
void diagnose_take(struct diagnose *diagnose, struct event *event, const struct diagnosis *said, int64_t looked_ns);

/*
 * Of a program that the kernel would start or has started: whether its loader stops for want of a library. Then as
 * diagnose_in_view(), and the stage is set.
 */
bool diagnose_libraries(struct view *view, struct event *event);

/* The same with a view of the caller's, and no memory of what was found before: what it says follows from the two. */
void diagnose_in_view(struct view *view, struct event *event);

#endif
