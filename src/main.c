// SPDX-License-Identifier: GPL-2.0-only
/* kernel hooks → record → decode → enrich → diagnose → print: the way of every event, read from the top of session_record(). */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "arena.h"
#include "command.h"
#include "decode.h"
#include "diagnose.h"
#include "enrich.h"
#include "explain.h"
#include "fields.h"
#include "log.h"
#include "options.h"
#include "output.h"
#include "stage.h"
#include "stream.h"
#include "tracer.h"

#define LOST_INTERVAL_MS 1000

enum {
	EXIT_TROUBLE = 1,
	BATCH_CALM = 256, /* events in one go that can be looked into */
};

struct session {
	const struct options *options;
	struct tracer *tracer;
	struct stream *stream;
	struct output *output;
	struct enrich *enrich;
	struct diagnose *diagnose;
	struct arena *arena;
	struct decode decode;
	struct command command;
	int signals; /* signalfd */
	sigset_t mask_before;
	bool begun; /* the printer */
	unsigned int batch; /* events since the kernel's buffer was last empty */
	uint64_t events;
	uint64_t lost;
};

/* Looking for causes takes longer than all the rest: when events pile up, they come first. */
static void session_pace(struct session *s)
{
	bool busy = ++s->batch > BATCH_CALM;

	enrich_busy(s->enrich, busy);
	diagnose_busy(s->diagnose, busy);
}

/* One record, from the kernel's bytes to the output. */
static int session_record(void *context, const void *data, size_t size)
{
	struct session *s = context;
	struct event event;
	int err;

	arena_reset(s->arena);
	err = decode_record(&s->decode, data, size, s->arena, &event);
	if (err) {
		log_warn("a record of %zu bytes makes no sense and was dropped", size);
		return 0;
	}
	if (!event_set_has(s->options->events, event.type))
		return 0;
	session_pace(s);
	enrich_event(s->enrich, &event);
	stage_event(&event);
	diagnose_event(s->diagnose, &event);
	s->events++;
	return s->options->printer->event(s->output, &event);
}

static int lost_print(struct session *s, const char *reason, uint64_t count)
{
	struct event event = { .arena = s->arena, .type = EVENT_LOST, .lost_count = count };
	struct timespec now;

	if (!count)
		return 0;
	clock_gettime(CLOCK_REALTIME, &now);
	event.time_sec = now.tv_sec;
	event.time_nsec = now.tv_nsec;
	event.lost_reason = (struct bytes){ .p = reason, .n = strlen(reason) };
	s->lost += count;
	return s->options->printer->event(s->output, &event);
}

/* What was lost is an event too. */
static int session_lost(struct session *s)
{
	static const char *const reasons[] = {
		[LOST_BUFFER] = "buffer_full",
		[LOST_SCRATCH] = "scratch_busy",
		[LOST_STATE] = "too_many_in_flight",
		[LOST_SCOPE] = "too_many_descendants",
	};
	struct tracer_lost lost;
	int err;

	tracer_lost(s->tracer, &lost);
	lost.counts[LOST_BUFFER] += stream_lost(s->stream);
	err = lost_print(s, "program_skipped", lost.skipped);
	for (size_t i = 0; i < LOST_REASONS && !err; i++)
		err = lost_print(s, reasons[i], lost.counts[i]);
	return err;
}

static int session_drain(struct session *s, bool last)
{
	int err;

	decode_clock(&s->decode);
	s->batch = 0;
	err = stream_consume(s->stream, last);
	return err ?: output_flush(s->output);
}

/* Returns true when it is time to stop. */
static bool session_signal(struct session *s, int *status)
{
	struct signalfd_siginfo info;
	sigset_t mask;
	int code;

	if (read(s->signals, &info, sizeof(info)) != sizeof(info))
		return false;
	if (info.ssi_signo == SIGCHLD) {
		code = s->command.pid ? command_poll(&s->command) : -1;
		if (code < 0)
			return false;
		*status = code;
		return true;
	}
	/* A second one need not be polite: perhaps nobody reads the output. */
	sigemptyset(&mask);
	sigaddset(&mask, info.ssi_signo);
	sigprocmask(SIG_UNBLOCK, &mask, NULL);
	if (!s->command.pid)
		return true;
	/* Ctrl-C has reached the command, too; its end will be ours. */
	if (info.ssi_signo == SIGTERM)
		kill(s->command.pid, SIGTERM);
	return false;
}

static int session_loop(struct session *s)
{
	struct pollfd fds[] = {
		{ .fd = stream_fd(s->stream), .events = POLLIN },
		{ .fd = s->signals, .events = POLLIN },
		/* Only its errors: a reader that has gone. */
		{ .fd = STDOUT_FILENO },
	};
	int status = 0, err = 0, n;
	bool stop = false;

	while (!stop && !err) {
		n = poll(fds, sizeof(fds) / sizeof(fds[0]),
			 stream_holds(s->stream) ? STREAM_HOLD_MS : LOST_INTERVAL_MS);
		if (n < 0 && errno != EINTR)
			return EXIT_TROUBLE;
		if (n > 0 && fds[2].revents & POLLERR)
			break;
		if (n > 0 && fds[2].revents & POLLNVAL)
			err = -EBADF;
		if (n > 0 && fds[1].revents)
			stop = session_signal(s, &status);
		err = err ?: session_drain(s, stop);
		if (!err && (!n || stop))
			err = session_lost(s) ?: output_flush(s->output);
	}
	if (err && err != -EPIPE) {
		log_err("cannot write: %s", strerror(-err));
		return EXIT_TROUBLE;
	}
	return status;
}

static int session_signals(struct session *s)
{
	sigset_t mask;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&mask);
	sigaddset(&mask, SIGINT);
	sigaddset(&mask, SIGTERM);
	sigaddset(&mask, SIGHUP);
	sigaddset(&mask, SIGCHLD);
	sigprocmask(SIG_BLOCK, &mask, &s->mask_before);
	s->signals = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
	return s->signals < 0 ? -errno : 0;
}

static bool session_open(struct session *s, const struct options *o)
{
	struct tracer_config config = {
		.hooks = o->hooks,
		.transport = o->transport,
		.buffer = o->buffer,
		.btf = o->btf,
		.environment = !o->no_env,
		.seccomp = !o->no_seccomp,
		.scoped = o->command != NULL,
	};

	struct tracer_lost before;

	s->options = o;
	s->tracer = tracer_new(&config);
	if (!s->tracer)
		return false;
	s->stream = stream_new(tracer_events(s->tracer), o->buffer, session_record, s);
	if (!s->stream) {
		log_err("cannot read from the kernel's buffer: %s", strerror(errno));
		return false;
	}
	/* What perf buffers could not take before there were any is nothing that was watched for. */
	tracer_lost(s->tracer, &before);
	s->decode.seen = tracer_seen(s->tracer);
	s->arena = arena_new();
	s->enrich = enrich_new(NULL, o->show_secrets ? ENRICH_SHOW_SECRETS : 0);
	s->diagnose = diagnose_new(NULL);
	s->output = output_new(STDOUT_FILENO);
	return true;
}

static bool session_begin(struct session *s)
{
	int err;

	if (s->options->command && tracer_scope_add(s->tracer, s->command.pid)) {
		log_err("cannot follow the command: %s", strerror(errno));
		return false;
	}
	err = s->options->printer->begin(s->output) ?: output_flush(s->output);
	if (err) {
		log_err("cannot write: %s", strerror(-err));
		return false;
	}
	s->begun = true;
	log_notice("watching for failed execs (hooks %s, %s)%s", hooks_name(tracer_hooks(s->tracer)),
		   transport_name(tracer_transport(s->tracer)), s->options->command ? "" : ", Ctrl-C ends");
	if (s->options->command)
		command_release(&s->command);
	return true;
}

static void session_close(struct session *s)
{
	if (s->begun) {
		s->options->printer->end(s->output);
		output_flush(s->output);
		log_notice("%llu events, %llu lost", (unsigned long long)s->events, (unsigned long long)s->lost);
		if (s->options->verbose)
			log_info("%zu execs in flight", tracer_in_flight(s->tracer));
	}
	output_free(s->output);
	enrich_free(s->enrich);
	diagnose_free(s->diagnose);
	if (s->arena)
		arena_free(s->arena);
	stream_free(s->stream);
	tracer_free(s->tracer);
	command_abandon(&s->command);
}

static int trace(const struct options *options)
{
	struct session s = { .command = { .gate = -1 } };
	int status = EXIT_TROUBLE, err;

	err = session_signals(&s);
	/* Before anything is loaded: the child is not to inherit a descriptor of it. */
	if (!err && options->command)
		err = command_prepare(&s.command, options->command, &s.mask_before);
	if (err)
		log_err("%s", strerror(-err));
	else if (session_open(&s, options) && session_begin(&s))
		status = session_loop(&s);
	session_close(&s);
	return status;
}

/* The status, unless what was printed did not arrive. */
static int stdout_closed(int status)
{
	if (!fflush(stdout) && !ferror(stdout))
		return status;
	log_err("cannot write: %s", strerror(errno));
	return EXIT_TROUBLE;
}

/*
 * A standard descriptor that is closed would be taken by the next that is opened, and be written to or watched. One that
 * only stands for a path keeps the place and answers EBADF, as a closed one; COMMAND does not inherit it.
 */
static void open_standard(void)
{
	int fd;

	do
		fd = open("/", O_PATH | O_CLOEXEC);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

static int doctor(const struct options *options)
{
	struct tracer_config config = {
		.hooks = options->hooks,
		.transport = options->transport,
		.buffer = options->buffer,
		.btf = options->btf,
		.environment = !options->no_env,
		.seccomp = !options->no_seccomp,
	};

	return stdout_closed(tracer_doctor(&config));
}

int main(int argc, char **argv)
{
	struct options options;

	open_standard();
	switch (options_parse(&options, argc, argv, stdout, stderr)) {
	case OPTIONS_DONE:
		return stdout_closed(0);
	case OPTIONS_USAGE:
		return OPTIONS_EXIT_USAGE;
	case OPTIONS_RUN:
		break;
	}
	log_init(options.verbose, STDERR_FILENO);
	if (options.explain)
		return stdout_closed(explain(options.explain, options.printer == &json_printer, stdout));
	return options.doctor ? doctor(&options) : trace(&options);
}
