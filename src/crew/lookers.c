// SPDX-License-Identifier: GPL-2.0-only
#include "crew/lookers.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "crew/charge.h"
#include "crew/confine.h"

enum {
	TICK_MS = 10,
	AT_ONCE = 4, /* events that a worker may have before it answers the first */
	START_MS = 5000, /* that may pass until there is a worker */
	AGAIN_MS = 1000, /* after one that has ended by itself, before there is another */
};

#define MS 1000000ull

struct looker {
	struct starter_worker worker; /* pid 0: there is none */
	struct waiting *asked[AT_ONCE]; /* NULL: it was told meanwhile */
	uint64_t numbers[AT_ONCE];
	size_t n_asked;
	uint64_t began_ns; /* when it was given the first of these, or could begin it */
	uint64_t seen_ns; /* when it was last looked at whether it sleeps */
	uint64_t asleep_ns; /* over it */
	uint64_t ran_before; /* processor time, in ticks, before it */
};

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
};

static uint64_t now_ns(void)
{
	return (uint64_t)clock_ns(CLOCK_MONOTONIC);
}

/* --- one worker --- */

/* Its state, and its processor time in ticks. False: it cannot be told. */
static bool read_state(const struct looker *looker, char *state, uint64_t *ran)
{
	unsigned long long user, system;
	char text[512];
	const char *at;
	ssize_t n = looker->worker.stat < 0 ? -1 : pread(looker->worker.stat, text, sizeof(text) - 1, 0);

	if (n <= 0)
		return false;
	text[n] = '\0';
	at = strrchr(text, ')');
	if (!at || sscanf(at, ") %c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu", state, &user, &system) != 3)
		return false;
	*ran = user + system;
	return true;
}

static void begin_first(struct looker *looker)
{
	char state;

	looker->began_ns = looker->seen_ns = now_ns();
	looker->asleep_ns = 0;
	looker->ran_before = 0;
	read_state(looker, &state, &looker->ran_before);
}

/* What passed since the last time counts as one tick at most: we may have been asleep ourselves. */
static bool is_silent(struct looker *looker, uint64_t now)
{
	uint64_t passed = now - looker->seen_ns, ran, tick = (uint64_t)sysconf(_SC_CLK_TCK);
	char state;

	if (!looker->n_asked || passed < TICK_MS * MS)
		return false;
	looker->seen_ns = now;
	if (!read_state(looker, &state, &ran)) {
		/* Without /proc there is hardly anything to look at. */
		looker->asleep_ns += TICK_MS * MS * LOOKERS_ASLEEP_MS / LOOKERS_RUNNING_MS;
		return looker->asleep_ns >= LOOKERS_ASLEEP_MS * MS;
	}
	if (state != 'R')
		looker->asleep_ns += TICK_MS * MS;
	return looker->asleep_ns >= LOOKERS_ASLEEP_MS * MS ||
	       (ran - looker->ran_before) * 1000 / tick >= LOOKERS_RUNNING_MS;
}

static void looker_close(struct looker *looker)
{
	close(looker->worker.socket);
	if (looker->worker.stat >= 0)
		close(looker->worker.stat);
	*looker = (struct looker){};
}

/* The answer to the first came: of it, or of its end. */
static struct waiting *take_first(struct looker *looker)
{
	struct waiting *event = looker->asked[0];

	looker->n_asked--;
	memmove(looker->asked, looker->asked + 1, looker->n_asked * sizeof(*looker->asked));
	memmove(looker->numbers, looker->numbers + 1, looker->n_asked * sizeof(*looker->numbers));
	return event;
}

/* --- one event --- */

/* What is known by now may be all there is to know. */
static bool try_without(struct lookers *l, struct waiting *event)
{
	event->tried = l->heard;
	return l->tell(l->context, event, NULL);
}

/* It was told; so are those behind it, until one has to be looked into. */
static void drop(struct lookers *l, struct waiting *event)
{
	for (event = queue_drop(l->queue, event); event; event = queue_drop(l->queue, event)) {
		if (try_without(l, event))
			continue;
		queue_want(l->queue, event);
		return;
	}
}

static void tell(struct lookers *l, struct waiting *event, struct verdict *verdict)
{
	l->tell(l->context, event, verdict);
	drop(l, event);
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
			if (l->v[i].asked[k] == event)
				l->v[i].asked[k] = NULL;
}

static void tell_oldest(struct lookers *l, enum event_unlooked why)
{
	struct waiting *oldest = queue_oldest(l->queue);

	forget_asked(l, oldest);
	tell_unlooked(l, oldest, why);
}

void lookers_add(struct lookers *l, struct waiting *event)
{
	struct waiting *copy;
	bool first = !queue_has(l->queue, event->task);

	if (first && try_without(l, event))
		return;
	while (queue_is_full(l->queue, event->size))
		tell_oldest(l, UNLOOKED_FULL);
	first = !queue_has(l->queue, event->task);
	copy = queue_add(l->queue, event);
	if (first)
		queue_want(l->queue, copy);
}

/* --- asking and hearing --- */

/* What it had to do is done by another; but for the first, at which it ended. */
static void lose(struct lookers *l, struct looker *looker, enum event_unlooked why)
{
	struct waiting *culprit = looker->n_asked ? take_first(looker) : NULL;

	for (size_t i = looker->n_asked; i--;)
		if (looker->asked[i])
			queue_want_first(l->queue, looker->asked[i]);
	looker_close(looker);
	if (!culprit)
		return;
	/* What it could not bear may be there again. */
	charge_add(&l->charges, culprit->owner, now_ns());
	tell_unlooked(l, culprit, why);
}

static void give_up(struct lookers *l, struct looker *looker)
{
	log_info("what a worker looked at did not answer: it is given up, and another one goes on");
	starter_end(l->starter, looker->worker.pid);
	lose(l, looker, UNLOOKED_SILENT);
}

static void worker_died(struct lookers *l, struct looker *looker)
{
	log_warn("a worker that looks for causes has ended unexpectedly: another one goes on");
	starter_end(l->starter, looker->worker.pid);
	lose(l, looker, UNLOOKED_FAILED);
	/* The next may fare the same. */
	l->started_ns = now_ns() + AGAIN_MS * MS;
}

/* Whether it is the answer to what was asked first. */
static bool is_answer(const struct looker *looker, struct bytes message, struct verdict *verdict)
{
	if (!verdict_parse(message, verdict))
		return false;
	if (verdict->refused)
		confine_say_refused("worker", verdict->refused);
	return !verdict->refused && looker->n_asked && verdict->number == looker->numbers[0];
}

/* False: there is nothing more to hear now. */
static bool hear_one(struct lookers *l, struct looker *looker)
{
	static char message[VERDICT_MAX + 1];
	struct verdict verdict;
	struct waiting *event;
	ssize_t n = recv(looker->worker.socket, message, sizeof(message), MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	if (n <= 0 || !is_answer(looker, (struct bytes){ message, (size_t)n }, &verdict)) {
		worker_died(l, looker);
		return false;
	}
	l->heard++;
	event = take_first(looker);
	if (looker->n_asked)
		begin_first(looker);
	if (event)
		tell(l, event, &verdict);
	return true;
}

static bool ask(struct lookers *l, struct looker *looker, struct waiting *event)
{
	const struct request request = { .number = ++l->number, .decode = event->decode };
	struct iovec parts[] = { { (void *)&request, sizeof(request) }, { (void *)event->record, event->size } };
	const struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };

	event->looked_ns = clock_ns(CLOCK_BOOTTIME);
	if (sendmsg(looker->worker.socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL) < 0) {
		queue_want_first(l->queue, event);
		return false;
	}
	if (!looker->n_asked)
		begin_first(looker);
	looker->asked[looker->n_asked] = event;
	looker->numbers[looker->n_asked++] = request.number;
	return true;
}

static bool is_slow(const struct looker *looker, uint64_t now)
{
	return looker->n_asked && now - looker->began_ns > TICK_MS * MS;
}

/* The first that is not held up, so that events are told in the order in which they came as long as none is; NULL: wait. */
static struct looker *next_looker(struct lookers *l)
{
	uint64_t now = now_ns();

	for (size_t i = 0; i < LOOKERS_WORKERS; i++)
		if (l->v[i].worker.pid && !is_slow(&l->v[i], now))
			return l->v[i].n_asked < AT_ONCE ? &l->v[i] : NULL;
	return NULL;
}

/* Another event's verdict may have told what this one wants to know. */
static void ask_all(struct lookers *l)
{
	struct looker *looker;
	struct waiting *event;

	while ((event = queue_first_want(l->queue)) && (looker = next_looker(l))) {
		queue_want_no_more(l->queue, event);
		if (charge_holds(&l->charges, event->owner, now_ns()))
			tell_unlooked(l, event, UNLOOKED_OWNER);
		else if (event->tried != l->heard && try_without(l, event))
			drop(l, event);
		else if (!ask(l, looker, event))
			return;
	}
}

/* --- all of them --- */

static void want_workers(struct lookers *l)
{
	size_t n = l->n_starting;
	uint64_t now = now_ns();

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
		if (l->v[i].worker.pid)
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
		l->v[i] = (struct looker){ .worker = *worker };
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
	return n ? -ECHILD : 0;
}

int lookers_work(struct lookers *l)
{
	uint64_t now = now_ns();
	int err = take_workers(l);

	if (err)
		return err;
	for (size_t i = 0; i < LOOKERS_WORKERS; i++) {
		struct looker *looker = &l->v[i];

		while (looker->worker.pid && hear_one(l, looker))
			;
		if (looker->worker.pid && is_silent(looker, now))
			give_up(l, looker);
	}
	want_workers(l);
	while (is_hopeless(l, now) && queue_first_want(l->queue))
		tell_unlooked(l, queue_first_want(l->queue), UNLOOKED_FAILED);
	ask_all(l);
	return 0;
}

bool lookers_rest(const struct lookers *l)
{
	return queue_is_empty(l->queue);
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
	return queue_is_empty(l->queue) ? -1 : TICK_MS;
}

struct lookers *lookers_new(const struct starter *starter, lookers_tell *tell, void *context)
{
	struct lookers *l = memory_new(sizeof(*l));

	l->starter = starter;
	l->tell = tell;
	l->context = context;
	l->queue = queue_new();
	want_workers(l);
	return l;
}

void lookers_free(struct lookers *l)
{
	if (!l)
		return;
	for (size_t i = 0; i < LOOKERS_WORKERS; i++)
		if (l->v[i].worker.pid)
			looker_close(&l->v[i]);
	queue_free(l->queue);
	free(l);
}
