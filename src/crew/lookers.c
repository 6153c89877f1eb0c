// SPDX-License-Identifier: GPL-2.0-only
#include "crew/lookers.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "crew/charge.h"
#include "crew/hung.h"
#include "crew/looker.h"

enum {
	START_MS = 5000, /* that may pass until there is a worker */
	AGAIN_MS = 1000, /* after one that has ended by itself, before there is another */
};

#define MS 1000000ull

struct lookers {
	const struct starter *starter;
	lookers_tell *tell;
	void *context;
	struct queue *queue;
	struct looker v[LOOKERS_WORKERS];
	size_t n_starting; /* asked for, and not there */
	uint64_t started_ns; /* when that was, or from when on it may be */
	uint64_t number;
	uint64_t heard; /* verdicts */
	struct charges charges;
	struct hung hung;
	bool helpless; /* nobody was there to look for so long that this was said */
	bool hurried; /* somebody waits for the end */
};

static uint64_t now_ns(void)
{
	return (uint64_t)clock_ns(CLOCK_MONOTONIC);
}

/* --- one event --- */

/* What is known by now may be all there is to know. */
static bool try_without(struct lookers *l, struct waiting *event)
{
	event->tried = l->heard;
	return l->tell(l->context, event, NULL);
}

static void tell(struct lookers *l, struct waiting *event, struct verdict *verdict)
{
	l->tell(l->context, event, verdict);
	queue_drop(l->queue, event);
}

static void tell_unlooked(struct lookers *l, struct waiting *event, enum event_unlooked why)
{
	event->unlooked = why;
	tell(l, event, NULL);
}

static void forget_asked(struct lookers *l, const struct waiting *event)
{
	for (size_t i = 0; i < LOOKERS_WORKERS; i++)
		for (size_t k = 0; k < l->v[i].n_asked; k++)
			if (l->v[i].asked[k].event == event)
				l->v[i].asked[k].event = NULL;
}

static void tell_oldest(struct lookers *l, enum event_unlooked why)
{
	struct waiting *oldest = queue_oldest(l->queue);

	forget_asked(l, oldest);
	tell_unlooked(l, oldest, why);
}

void lookers_add(struct lookers *l, struct waiting *event)
{
	if (queue_is_empty(l->queue) && try_without(l, event))
		return;
	while (queue_is_full(l->queue, event->size))
		tell_oldest(l, UNLOOKED_FULL);
	queue_add(l->queue, event);
}

/* --- asking and hearing --- */

/* What it had to do is done by another; but for the first, at which it ended. */
static void lose(struct lookers *l, struct looker *looker, enum event_unlooked why)
{
	struct asked culprit = looker->n_asked ? looker_take_first(looker) : (struct asked){};

	for (size_t i = looker->n_asked; i--;) {
		struct waiting *event = looker->asked[i].event;

		if (!event)
			continue;
		event->asked = false;
		queue_want_first(l->queue, event);
	}
	looker_close(looker);
	/* What it could not bear may be there again. */
	if (culprit.owner)
		charge_add(&l->charges, culprit.owner, now_ns());
	if (culprit.event)
		tell_unlooked(l, culprit.event, why);
}

static void say_silent(const struct looker *looker)
{
	const struct sleeper *sleeper = &looker->sleeper;
	struct bytes path = step_path(looker->worker.step);

	log_info(
		"what a worker looked at did not answer, last %.*s (%llu ms asleep, %llu running): it is given up, and "
		"another one goes on",
		(int)path.n, path.p, (unsigned long long)((sleeper->asleep_all_ns + sleeper->mounts_ns) / MS),
		(unsigned long long)(sleeper->running_ns / MS));
}

static void give_up(struct lookers *l, struct looker *looker)
{
	uint64_t device = step_device(looker->worker.step);
	uint64_t file = __atomic_load_n(&looker->worker.step->file, __ATOMIC_RELAXED);
	struct asked *first = &looker->asked[0];

	say_silent(looker);
	starter_end(l->starter, looker->worker.pid);
	/* Of somebody else, and nobody knows whom: for a time descriptors are not looked through. */
	if (device == STEP_MOUNTS)
		*first = (struct asked){ .event = first->event };
	if (device == STEP_DESCRIPTORS)
		*first = (struct asked){ .event = first->event, .owner = CHARGE_DESCRIPTORS };
	/* It says what it likes. */
	if (step_is_file(file))
		charge_add(&l->charges, file, now_ns());
	else
		file = 0;
	hung_add(&l->hung, (struct hung_worker){ looker->worker.stat, device, file, first->owner, first->place });
	looker->worker.stat = -1;
	/* It may be another who keeps what is everybody's, over and over. */
	if (file && first->owner) {
		charge_once(&l->charges, first->owner, now_ns());
		first->owner = 0;
	}
	lose(l, looker, UNLOOKED_SILENT);
}

static void worker_died(struct lookers *l, struct looker *looker)
{
	/* With the starter all of them go: that is told once, when the last has let go of its socket. */
	if (!starter_has_ended(l->starter))
		log_warn("a worker that looks for causes has ended unexpectedly: another one goes on");
	starter_end(l->starter, looker->worker.pid);
	lose(l, looker, UNLOOKED_FAILED);
	/* The next may fare the same. */
	l->started_ns = now_ns() + AGAIN_MS * MS;
}

/* False: there is nothing more to hear now. */
static bool hear_one(struct lookers *l, struct looker *looker)
{
	struct verdict verdict;
	struct waiting *event;
	int n = looker_hear(looker, &verdict);

	if (n < 0)
		worker_died(l, looker);
	if (n <= 0)
		return false;
	l->heard++;
	event = looker_answered(looker);
	if (event)
		tell(l, event, &verdict);
	return true;
}

/* What somebody waits for in vain, or did a moment ago. */
static void avoid(struct lookers *l, uint64_t places[STEP_AVOIDED])
{
	size_t n = hung_places(&l->hung, places);

	charge_files(&l->charges, now_ns(), places + n, STEP_AVOIDED - n);
	if (charge_holds(&l->charges, CHARGE_DESCRIPTORS, now_ns()))
		places[STEP_AVOIDED - 1] = STEP_DESCRIPTORS;
}

static bool ask(struct lookers *l, struct looker *looker, struct waiting *event)
{
	struct request request = { .number = ++l->number, .decode = event->decode };
	int err;

	avoid(l, request.avoid);
	event->looked_ns = clock_ns(CLOCK_BOOTTIME);
	err = looker_ask(looker, &request, event);
	/* More than its socket takes at a time: no other worker's takes more. */
	if (err == -EMSGSIZE)
		tell_unlooked(l, event, UNLOOKED_FAILED);
	else if (err)
		queue_want_first(l->queue, event);
	return !err;
}

static bool is_free(const struct looker *looker)
{
	return looker->ready && !looker_is_slow(looker);
}

/*
 * The first that is not held up, so that events are told in the order in which they came as long as none is; NULL:
 * wait.
 */
static struct looker *next_looker(struct lookers *l)
{
	for (size_t i = 0; i < LOOKERS_WORKERS; i++)
		if (is_free(&l->v[i]))
			return l->v[i].n_asked < LOOKER_AT_ONCE ? &l->v[i] : NULL;
	return NULL;
}

static bool is_held_up(const struct lookers *l)
{
	for (size_t i = 0; i < LOOKERS_WORKERS; i++)
		if (looker_is_slow(&l->v[i]))
			return true;
	return false;
}

/*
 * All that is known is told, oldest first. What is not is waited for by the younger ones, some of which are looked into
 * meanwhile, so that events come in the order of time; but not when somebody is held up: then only those of its own
 * task wait.
 */
static void tell_known(struct lookers *l)
{
	bool held_up = is_held_up(l);
	struct waiting *event, *next;
	size_t unknown = 0;

	for (event = queue_oldest(l->queue); event && (held_up || unknown < LOOKER_AT_ONCE); event = next) {
		next = queue_next(event);
		if (!event->first)
			continue;
		if (!event->wants && !event->asked) {
			if ((!unknown || held_up) && try_without(l, event)) {
				queue_drop(l->queue, event);
				continue;
			}
			if (!event->busy)
				queue_want(l->queue, event);
		}
		unknown++;
	}
}

/* Another event's verdict may have told what this one wants to know, or its owner is not looked at. */
static bool tell_instead(struct lookers *l, struct waiting *event)
{
	if (charge_holds(&l->charges, event->owner, now_ns()) || hung_holds(&l->hung, event->owner, event->place)) {
		tell_unlooked(l, event, UNLOOKED_OWNER);
		return true;
	}
	if (event != queue_oldest(l->queue) || event->tried == l->heard || !try_without(l, event))
		return false;
	queue_drop(l->queue, event);
	return true;
}

/* Whether there may be more to tell, with nobody at work whose verdict would say so. */
static bool ask_all(struct lookers *l)
{
	struct looker *looker;
	struct waiting *event;
	bool told = false;

	while ((event = queue_first_want(l->queue)) && (looker = next_looker(l))) {
		queue_want_no_more(l->queue, event);
		if (!tell_instead(l, event) && !ask(l, looker, event))
			break;
		told |= !looker->n_asked;
	}
	return told;
}

/* --- all of them --- */

static void want_workers(struct lookers *l, uint64_t now)
{
	size_t n = l->n_starting;

	for (size_t i = 0; i < LOOKERS_WORKERS; i++)
		n += l->v[i].worker.pid != 0;
	if (l->started_ns > now)
		return;
	if (l->n_starting && now - l->started_ns > START_MS * MS) {
		n -= l->n_starting;
		l->n_starting = 0;
	}
	for (; n < LOOKERS_WORKERS && !starter_ask(l->starter); n++) {
		l->n_starting++;
		l->started_ns = now;
	}
}

static bool has_workers(const struct lookers *l)
{
	for (size_t i = 0; i < LOOKERS_WORKERS; i++)
		if (l->v[i].ready)
			return true;
	return false;
}

/* Nobody is there to look, nor will be soon. */
static bool is_hopeless(const struct lookers *l, uint64_t now)
{
	return !has_workers(l) && (l->started_ns > now || now - l->started_ns > START_MS * MS / 2);
}

static void take_worker(struct lookers *l, const struct starter_worker *worker)
{
	l->n_starting -= l->n_starting > 0;
	for (size_t i = 0; i < LOOKERS_WORKERS; i++) {
		if (l->v[i].worker.pid)
			continue;
		looker_open(&l->v[i], worker);
		return;
	}
	/* One that was not hoped for any more. */
	close(worker->socket);
	if (worker->stat >= 0)
		close(worker->stat);
}

static int take_workers(struct lookers *l)
{
	struct starter_worker worker;
	int n;

	while ((n = starter_take(l->starter, &worker)) > 0)
		take_worker(l, &worker);
	/* It is asked for again, when it is not hoped for any more. */
	return n && n != -EMFILE ? -ECHILD : 0;
}

/* One that never comes to say that it is there makes room for another. */
static void give_up_start(struct lookers *l, struct looker *looker)
{
	log_info("a worker did not become ready: another one is started");
	starter_end(l->starter, looker->worker.pid);
	looker_close(looker);
}

/* Nobody else waits for it: it has nothing more to do, and there is another one. */
static bool is_alone(const struct lookers *l, const struct looker *looker)
{
	if (l->hurried || looker->n_asked != 1)
		return false;
	for (size_t i = 0; i < LOOKERS_WORKERS; i++)
		if (&l->v[i] != looker && is_free(&l->v[i]))
			return true;
	return false;
}

static void work_with(struct lookers *l, struct looker *looker, uint64_t now)
{
	while (looker->worker.pid && hear_one(l, looker))
		;
	looker->sleeper.alone = is_alone(l, looker);
	if (looker->n_asked && sleeper_is_silent(&looker->sleeper))
		give_up(l, looker);
	else if (looker->worker.pid && !looker->ready && now > looker->taken_ns + START_MS * MS)
		give_up_start(l, looker);
}

/* Not of the second that passes after one has died. */
static void say_helpless(struct lookers *l, uint64_t now)
{
	if (l->helpless || l->started_ns > now)
		return;
	log_warn("no process can be started to look for causes: they are not looked for until one can");
	l->helpless = true;
}

int lookers_work(struct lookers *l)
{
	uint64_t now = now_ns();
	int err = take_workers(l);

	if (err)
		return err;
	for (size_t i = 0; i < LOOKERS_WORKERS; i++)
		work_with(l, &l->v[i], now);
	want_workers(l, now);
	l->helpless &= !has_workers(l);
	while (is_hopeless(l, now) && queue_first_want(l->queue)) {
		say_helpless(l, now);
		tell_unlooked(l, queue_first_want(l->queue), UNLOOKED_FAILED);
	}
	do
		tell_known(l);
	while (ask_all(l));
	return 0;
}

bool lookers_rest(const struct lookers *l)
{
	return queue_is_empty(l->queue);
}

void lookers_give_back(struct lookers *l)
{
	queue_give_back(l->queue);
}

bool lookers_await(const struct lookers *l, uint32_t pid)
{
	return queue_has(l->queue, pid);
}

bool lookers_await_source(const struct lookers *l, uint64_t source)
{
	return queue_has_source(l->queue, source);
}

void lookers_hurry(struct lookers *l)
{
	l->hurried = true;
}

void lookers_flush(struct lookers *l)
{
	while (!queue_is_empty(l->queue))
		tell_oldest(l, UNLOOKED_FAILED);
}

void lookers_fds(const struct lookers *l, struct pollfd *fds)
{
	for (size_t i = 0; i < LOOKERS_WORKERS; i++)
		fds[i] = (struct pollfd){ l->v[i].worker.pid ? l->v[i].worker.socket : -1, POLLIN, 0 };
	fds[LOOKERS_WORKERS] = (struct pollfd){ l->starter->control, POLLIN, 0 };
}

int lookers_timeout(const struct lookers *l)
{
	return queue_is_empty(l->queue) ? -1 : SLEEPER_TICK_MS;
}

struct lookers *lookers_new(const struct starter *starter, lookers_tell *tell, void *context)
{
	struct lookers *l = memory_new(sizeof(*l));

	l->starter = starter;
	l->tell = tell;
	l->context = context;
	l->queue = queue_new();
	want_workers(l, now_ns());
	return l;
}

void lookers_free(struct lookers *l)
{
	if (!l)
		return;
	for (size_t i = 0; i < LOOKERS_WORKERS; i++)
		if (l->v[i].worker.pid)
			looker_close(&l->v[i]);
	hung_close(&l->hung);
	queue_free(l->queue);
	free(l);
}
