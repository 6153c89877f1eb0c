// SPDX-License-Identifier: GPL-2.0-only
#include "crew/looker.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "crew/confine.h"

#define SLOW_NS (2 * SLEEPER_TICK_MS * 1000000ull)

void looker_open(struct looker *looker, const struct starter_worker *worker)
{
	*looker = (struct looker){ .worker = *worker,
				   .sleeper = { .pid = worker->pid, .stat = worker->stat, .step = worker->step },
				   .taken_ns = (uint64_t)clock_ns(CLOCK_MONOTONIC) };
}

void looker_close(struct looker *looker)
{
	close(looker->worker.socket);
	if (looker->worker.stat >= 0)
		close(looker->worker.stat);
	*looker = (struct looker){};
}

int looker_ask(struct looker *looker, const struct request *request, struct waiting *event)
{
	struct iovec parts[] = { { (void *)request, sizeof(*request) }, { (void *)event->record, event->size } };
	const struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };

	if (sendmsg(looker->worker.socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
		return -errno;
	if (!looker->n_asked)
		sleeper_begin(&looker->sleeper);
	event->asked = true;
	looker->asked[looker->n_asked++] = (struct asked){ event, request->number, event->owner, event->place };
	return 0;
}

static bool is_answer(const struct looker *looker, struct bytes message, struct verdict *verdict)
{
	if (!verdict_parse(message, verdict))
		return false;
	if (verdict->refused)
		confine_say_refused("worker", verdict->refused);
	return !verdict->refused && looker->n_asked && verdict->number == looker->asked[0].number;
}

int looker_hear(struct looker *looker, struct verdict *verdict)
{
	static char message[VERDICT_MAX + 1];
	ssize_t n = recv(looker->worker.socket, message, sizeof(message), MSG_DONTWAIT);

	if (n == 1 && !looker->ready) {
		looker->ready = true;
		n = recv(looker->worker.socket, message, sizeof(message), MSG_DONTWAIT);
	}
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	return n > 0 && is_answer(looker, (struct bytes){ message, (size_t)n }, verdict) ? 1 : -EPIPE;
}

/* The answer to the first came: of it, or of its end. */
struct asked looker_take_first(struct looker *looker)
{
	struct asked first = looker->asked[0];

	looker->n_asked--;
	memmove(looker->asked, looker->asked + 1, looker->n_asked * sizeof(*looker->asked));
	return first;
}

struct waiting *looker_answered(struct looker *looker)
{
	struct waiting *event = looker_take_first(looker).event;

	if (looker->n_asked)
		sleeper_begin(&looker->sleeper);
	return event;
}

bool looker_is_slow(const struct looker *looker)
{
	return looker->n_asked && looker->sleeper.asleep_ns + looker->sleeper.mounts_ns >= SLOW_NS;
}
