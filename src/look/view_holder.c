// SPDX-License-Identifier: GPL-2.0-only
/* Which process holds a file: asked as often as there is time for, and kept. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "look/holder.h"
#include "look/view_live.h"

enum { HOLDER_SHARE = 4 }; /* of this many parts of the time, one may go into asking */

#define HELD_NS 1000000000 /* how long an answer is one, when there is no time to ask again */

static struct held *held_find(struct views *views, enum view_hold hold, const struct view_node *node)
{
	for (size_t i = 0; i < HELD; i++) {
		struct held *held = &views->held[i];

		if (held->asked && held->hold == hold && held->dev == node->dev && held->ino == node->ino)
			return held;
	}
	return NULL;
}

static void held_keep(struct views *views, const struct held *held, const struct view_node *node)
{
	struct held *old = held_find(views, held->hold, node);

	*(old ? old : &views->held[views->next_held++ % HELD]) = *held;
}

/* Asking takes long, and anybody can cause it: it is worth some of the time, and not all of it. */
static int64_t *scan_time(struct views *views)
{
	const int64_t most = (int64_t)HOLDER_MS * 1000000;
	int64_t now = clock_ns(CLOCK_MONOTONIC);

	views->scan_ns += views->scan_filled ? (now - views->scan_filled) / HOLDER_SHARE : most;
	views->scan_filled = now;
	if (views->scan_ns > most)
		views->scan_ns = most;
	return &views->scan_ns;
}

/* What was seen before the call is an answer only when there is no time to look again. */
static bool is_good(const struct held *held, const struct caller *caller, bool time)
{
	int64_t age = clock_ns(CLOCK_REALTIME) - held->asked;

	return caller && (caller->failed_ns <= held->asked || (!time && held->found && age < HELD_NS));
}

static bool tell_holder(struct view *view, const struct held *held, struct view_holder *holder)
{
	size_t n = strlen(held->comm);

	*holder = (struct view_holder){ held->pid, { arena_copy(view->arena, held->comm, n), n } };
	return held->found;
}

bool live_holder(struct view *view, enum view_hold hold, const struct view_node *node,
			struct view_holder *holder)
{
	static const struct view_node none;
	struct view_live *l = live(view);
	const struct view_node *key = node ? node : &none;
	struct held *old = held_find(l->views, hold, key);
	struct held held = { .hold = hold, .dev = key->dev, .ino = key->ino, .asked = clock_ns(CLOCK_REALTIME) };
	int64_t *left = scan_time(l->views);

	if (old && is_good(old, l->caller, *left > 0))
		return tell_holder(view, old, holder);
	if (*left <= 0)
		return false;
	held.found = holder_find(view->arena, l->views->proc, l->pid, hold, node, left, holder);
	held.pid = held.found ? holder->pid : 0;
	if (held.found)
		snprintf(held.comm, sizeof(held.comm), "%.*s", (int)holder->comm.n, holder->comm.p);
	/* Who gave up before the end knows no better. */
	else if (*left <= 0)
		return old && is_good(old, l->caller, false) && tell_holder(view, old, holder);
	held_keep(l->views, &held, key);
	return held.found;
}
