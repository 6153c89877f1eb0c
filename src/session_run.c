// SPDX-License-Identifier: GPL-2.0-only
/* The session's loop: what waits is waited for, drained and written, and counted where it was lost. */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <time.h>

#include "base/error.h"
#include "base/log.h"
#include "session_state.h"

enum { LOST_INTERVAL_MS = 1000 };

/* --- what was lost --- */

static int lost_print(struct session *s, const char *reason, uint64_t count)
{
	struct event event = { .arena = s->arena, .type = EVENT_LOST, .lost_count = count };
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	event.time_sec = now.tv_sec;
	event.time_nsec = now.tv_nsec;
	event.lost_reason = (struct bytes){ .p = reason, .n = strlen(reason) };
	s->lost += count;
	return s->output->error ?: s->options->printer->event(s->output, &event);
}

/* What was lost is an event too. */
static int session_lost(struct session *s)
{
	static const struct {
		const char *name;
		bool detail; /* the event itself has come */
	} reasons[] = {
		[LOST_BUFFER] = { .name = "buffer_full" },
		[LOST_SCRATCH] = { .name = "scratch_busy" },
		[LOST_STATE] = { .name = "too_many_in_flight", .detail = true },
		[LOST_SCOPE] = { .name = "too_many_descendants" },
		[LOST_SHARE] = { .name = "over_share" },
	};
	struct tracer_lost lost;
	int err = 0;

	s->counted_ns = monotonic_ns();
	tracer_lost(s->tracer, &lost);
	if (lost.skipped)
		err = lost_print(s, "program_skipped", lost.skipped);
	for (size_t i = 0; i < LOST_REASONS && !err; i++)
		if (lost.counts[i])
			err = lost_print(s, reasons[i].name, reasons[i].detail ? 0 : lost.counts[i]);
	return err ?: output_flush(s->output);
}

static void say_not_again(const struct session *s, int err)
{
	log_warn("cannot open %s again, and goes on in the one that is open: %s", s->options->write_to,
		 error_text(-err));
}

/* Its file was moved away. */
static void session_again(struct session *s)
{
	int err;

	s->stop.again = false;
	err = s->opener.control < 0 ? 0 : opener_ask(&s->opener);
	if (err)
		say_not_again(s, err);
}

/* What comes goes to what has its name now. */
static void session_turn(struct session *s)
{
	int fd = opener_take(&s->opener);

	if (fd == -EAGAIN)
		return;
	if (fd < 0) {
		say_not_again(s, fd);
		if (fd == -EPIPE)
			opener_close(&s->opener);
		return;
	}
	output_turn(s->output, fd);
	s->output_fd = fd;
	s->full = false;
	if (!s->output->written && s->options->printer->head)
		s->options->printer->head(s->output);
}

static void say_full(struct session *s)
{
	if (!s->output->full || s->full)
		return;
	s->full = true;
	log_warn("%s has reached --max-size: what comes now is only counted", s->options->write_to);
}

/* Of that process: unread, or read and not told yet. */
static bool session_awaits(void *context, uint32_t pid)
{
	const struct session *s = context;

	return s->more || lookers_await(s->lookers, pid);
}

/* 1: there may be more to come at once. */
static int session_drain(struct session *s)
{
	int more, err, flushed;

	decode_clock(&s->decode);
	output_measure(s->output);
	more = stream_consume(s->stream);
	err = lookers_work(s->lookers);
	if (!more && lookers_rest(s->lookers))
		pace_rest(&s->pace);
	s->more = more > 0;
	s->shown_ms = show_expire(&s->show, session_awaits, s);
	flushed = output_flush(s->output);
	say_full(s);
	return more < 0 ? more : flushed ?: err ?: more;
}

/* --- the two parts of a run: until it is to stop, and what is left then --- */

/* Milliseconds, rounded up, so that it is over when they are. */
static int until_end(const struct session *s)
{
	uint64_t now = monotonic_ns();

	if (!s->ends_ns)
		return -1;
	return now < s->ends_ns ? (int)((s->ends_ns - now + 999999) / 1000000) : 0;
}

static int session_timeout(const struct session *s)
{
	uint64_t passed = (monotonic_ns() - s->counted_ns) / 1000000;
	const int waits[] = { lookers_timeout(s->lookers), s->shown_ms, until_end(s) };
	int until = passed < LOST_INTERVAL_MS ? (int)(LOST_INTERVAL_MS - passed) : 0;

	for (size_t i = 0; i < sizeof(waits) / sizeof(waits[0]); i++)
		if (waits[i] >= 0 && waits[i] < until)
			until = waits[i];
	return until;
}

/* Until something has come. */
static int session_wait(struct session *s, int timeout)
{
	struct pollfd fds[] = {
		{ .events = POLLIN }, /* the stream */
		{ .fd = s->stop.signals, .events = POLLIN },
		/* Only its errors: a reader that has gone. */
		{ .fd = s->output_fd },
		{ .fd = s->opener.control, .events = POLLIN },
		[4 + LOOKERS_FDS - 1] = {},
	};
	int rest = timeout && !s->stop.ns ? stream_rest(s->stream) : 0;

	lookers_fds(s->lookers, fds + 4);
	/* While it rests, that there is something tells nothing new; what fails after the stop is not waited for. */
	fds[0].fd = rest || s->stop.ns ? -1 : stream_fd(s->stream);
	if (rest && rest < timeout)
		timeout = rest;
	if (poll(fds, sizeof(fds) / sizeof(fds[0]), timeout) < 0)
		return errno == EINTR ? 0 : -errno;
	if (fds[2].revents & POLLERR)
		return -EPIPE;
	if (fds[2].revents & POLLNVAL)
		return -EBADF;
	if (fds[1].revents)
		stop_signals(&s->stop);
	if (fds[3].revents)
		session_turn(s);
	return 0;
}

/* So many events, or so long, as was asked for. */
static void end_as_asked(struct session *s)
{
	if (!s->show.full && until_end(s))
		return;
	s->stop.outlasted = s->options->command;
	stop_now(&s->stop, 0);
}

/* Once a second. */
static int session_beat(struct session *s)
{
	lookers_give_back(s->lookers);
	/* The last of them has gone. All that failed before is still to be read. */
	if (s->options->n_pids && tracer_scope_empty(s->tracer))
		stop_now(&s->stop, 0);
	return session_lost(s);
}

/* Ctrl-Z: whoever goes on typing has his terminal as it was. */
static void session_pause(struct session *s)
{
	s->options->printer->pause(s->output);
	output_flush(s->output);
	log_hold(false);
	stop_pause(&s->stop);
}

/* Until it is time to stop. */
static int session_watch(struct session *s)
{
	int more = 0, err = 0;

	s->counted_ns = monotonic_ns();
	while (!s->stop.ns && !err) {
		err = session_wait(s, more ? 0 : session_timeout(s));
		if (err || s->stop.ns)
			break;
		if (s->stop.again)
			session_again(s);
		if (s->stop.paused)
			session_pause(s);
		more = session_drain(s);
		if (more < 0)
			err = more;
		else if (monotonic_ns() - s->counted_ns >= LOST_INTERVAL_MS * 1000000ull)
			err = session_beat(s);
		end_as_asked(s);
	}
	return err;
}

/* What failed before the stop, and no more: what goes on failing would keep it alive. */
static int session_finish(struct session *s)
{
	int more = 1, err = 0;

	stop_now(&s->stop, EXIT_TROUBLE);
	stream_stop(s->stream, s->stop.ns);
	while (more > 0) {
		stop_signals(&s->stop);
		more = session_drain(s);
		/* What is left is counted. */
		if (more == -ECANCELED)
			more = stream_consume(s->stream);
	}
	lookers_hurry(s->lookers);
	while (!more && !err && !lookers_rest(s->lookers)) {
		err = session_wait(s, lookers_timeout(s->lookers)) ?: lookers_work(s->lookers) ?: output_flush(s->output);
	}
	lookers_flush(s->lookers);
	show_flush(&s->show);
	say_full(s);
	return more ?: session_lost(s);
}

void session_say_unwritten(const struct session *s, int err)
{
	if (err == -ECANCELED)
		log_err("cannot write: nobody reads the output, and %llu events that waited for it are lost",
			(unsigned long long)s->output->unwritten);
	else
		log_err("cannot write: %s", error_text(-err));
}

int session_run(struct session *s)
{
	int err = session_watch(s);

	if (!err || err == -ECANCELED || err == -ECHILD)
		err = session_finish(s) ?: err == -ECHILD ? err : 0;
	if (err == -ECHILD) {
		log_err("the process that starts others was killed: nobody could look for causes any more");
		return EXIT_TROUBLE;
	}
	if (err == -EPIPE && !s->stop.ns)
		return 0;
	if (!err || err == -EPIPE)
		return s->stop.status;
	session_say_unwritten(s, err);
	return EXIT_TROUBLE;
}
