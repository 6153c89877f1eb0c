// SPDX-License-Identifier: GPL-2.0-only
/* Which process holds a file: asked as often as there is time for, and kept. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "look/holder.h"
#include "look/step.h"
#include "look/view_live.h"

enum { HOLDER_RATE = 64 * 1024 }; /* steps in a second that may go into asking: a quarter of a processor */

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
static int64_t *steps_left(struct views *views)
{
	const int64_t second = 1000000000;
	int64_t now = clock_ns(CLOCK_MONOTONIC), passed = now - views->holder_filled;
	int64_t more = passed > 2 * second ? HOLDER_STEPS : passed * HOLDER_RATE / second;

	_Static_assert(HOLDER_STEPS <= 2 * HOLDER_RATE, "after two seconds there is all that there can be");
	if (!views->holder_filled)
		more = HOLDER_STEPS;
	if (more)
		views->holder_filled = now;
	views->holder_steps += more;
	if (views->holder_steps > HOLDER_STEPS)
		views->holder_steps = HOLDER_STEPS;
	return &views->holder_steps;
}

/* What was seen before the call is an answer only when there is no time to look again. */
static bool is_good(const struct held *held, const struct caller *caller, bool time)
{
	int64_t age = clock_ns(CLOCK_BOOTTIME) - held->asked;

	return caller && (caller->failed_ns <= held->asked || (!time && held->found && age < HELD_NS));
}

static bool tell_holder(struct view *view, const struct held *held, struct view_holder *holder)
{
	size_t n = strlen(held->comm);

	*holder = (struct view_holder){ held->pid, { arena_copy(view->arena, held->comm, n), n } };
	return held->found;
}

enum view_answer live_has_more(struct view *view, uint32_t uid, uint64_t than)
{
	struct views *views = live(view)->views;
	int64_t *left = steps_left(views), before = *left;
	enum view_answer answer = VIEW_UNSURE;

	if (*left > 0 && views_are_complete(views))
		answer = holder_has_more(views->proc, uid, than, left);
	view->steps += (uint64_t)(before - *left);
	return answer;
}

/*
 * What the caller has open, its parent may have opened: then the parent is the one to name, which is there as well when
 * the caller has gone.
 */
static void begin_with(struct view *view, const char *first[static 3])
{
	struct view_live *l = live(view);
	size_t n = 0;

	if (l->caller && l->caller->ppid != CALLER_UNKNOWN && views_are_complete(l->views))
		first[n++] = arena_printf(view->arena, "%u", l->caller->ppid);
	if (l->pid)
		first[n++] = l->pid;
	first[n] = NULL;
}

static bool find(struct view *view, enum view_hold hold, const struct view_node *node, int64_t *left,
		 struct view_holder *holder)
{
	struct view_live *l = live(view);
	const struct mount_row *mount = node ? view_mount(view, node) : NULL;
	const char *first[3];
	struct holder_file file;

	bool found;

	begin_with(view, first);
	if (node)
		file = (struct holder_file){
			.node = *node,
			.dev = mount && mount->dev ? mount->dev : node->dev,
			.local = view_is_local(view, node),
		};
	if (node && node->mount == MEMORY_MOUNT)
		file.node.mount = l->views->memory_mount;
	step_touch(STEP_DESCRIPTORS, 0);
	found = holder_find(view->arena, l->views->proc, first, hold, node ? &file : NULL, left, holder);
	step_touch(0, 0);
	return found;
}

bool live_holder(struct view *view, enum view_hold hold, const struct view_node *node, struct view_holder *holder)
{
	static const struct view_node none;
	struct view_live *l = live(view);
	const struct view_node *key = node ? node : &none;
	struct held *old = held_find(l->views, hold, key);
	struct held held = { .hold = hold, .dev = key->dev, .ino = key->ino, .asked = clock_ns(CLOCK_BOOTTIME) };
	int64_t *left = steps_left(l->views), before = *left;

	if (old && is_good(old, l->caller, *left > 0))
		return tell_holder(view, old, holder);
	if (*left <= 0 || step_avoids(STEP_DESCRIPTORS))
		return false;
	held.found = find(view, hold, node, left, holder);
	view->steps += (uint64_t)(before - *left);
	held.pid = held.found ? holder->pid : 0;
	if (held.found)
		snprintf(held.comm, sizeof(held.comm), "%.*s", (int)holder->comm.n, holder->comm.p);
	/* Who gave up before the end knows no better. */
	else if (*left <= 0)
		return old && is_good(old, l->caller, false) && tell_holder(view, old, holder);
	held_keep(l->views, &held, key);
	return held.found;
}
