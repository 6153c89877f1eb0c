// SPDX-License-Identifier: GPL-2.0-only
/* kernel hooks → record → decode → enrich → diagnose → print: the way of every event, read from the top of session_record(). */
#include "session.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "cause/diagnose.h"
#include "command.h"
#include "crew/charge.h"
#include "crew/confine.h"
#include "crew/lookers.h"
#include "crew/starter.h"
#include "event/decode.h"
#include "event/enrich.h"
#include "event/events.h"
#include "event/fields.h"
#include "event/stage.h"
#include "filter/join.h"
#include "filter/sift.h"
#include "kernel/lineage.h"
#include "kernel/stream.h"
#include "kernel/system.h"
#include "kernel/tracer.h"
#include "pace.h"
#include "print/output.h"
#include "print/target.h"
#include "show.h"
#include "stop.h"

enum {
	EXIT_TROUBLE = 1,
	LOST_INTERVAL_MS = 1000,
	DESCRIPTORS = 1024,
};

struct session {
	const struct options *options;
	struct tracer *tracer;
	struct stream *stream;
	struct output *output;
	struct enrich *enrich;
	struct diagnose *diagnose;
	struct join *join;
	struct arena *arena;
	struct decode decode;
	const void *decoded; /* the record that event is of; NULL: of none any more */
	struct event event;
	struct starter starter;
	struct lookers *lookers;
	struct command command;
	struct stop stop;
	struct pace pace;
	uint32_t mnt_ns; /* the machine's own; 0: unknown */
	bool begun; /* the printer */
	bool full; /* the output, and it was said */
	struct show show;
	int output_fd;
	int shown_ms; /* after which show_expire() is to be called again; -1: nothing waits */
	uint64_t ends_ns; /* when to, by CLOCK_MONOTONIC; 0: not by time */
	uint64_t lost;
	uint64_t counted_ns; /* when what was lost was last asked for */
};

static uint64_t monotonic_ns(void)
{
	return (uint64_t)clock_ns(CLOCK_MONOTONIC);
}

/* --- one event --- */

/* The end of what was told to have failed: that is its cause. */
static bool is_joined(const struct event *event)
{
	return event->type == EVENT_PROCESS_START_FAILED && event->cause_pid;
}

/* What is known of it without looking: by its record, by those before it, by the host's own files. False: too little. */
static bool session_know(struct session *s, const struct waiting *waiting, struct event *event)
{
	bool hasty = waiting->busy || waiting->unlooked, done;

	enrich_busy(s->enrich, hasty);
	diagnose_busy(s->diagnose, hasty);
	event->unlooked = waiting->unlooked;
	done = enrich_event(s->enrich, event);
	if (!event_is_failure(event->type))
		return true;
	stage_event(event);
	if (hasty)
		diagnose_event(s->diagnose, event);
	return hasty || (done && diagnose_known(s->diagnose, event));
}

/* And with what a worker found out. */
static void session_learn(struct session *s, const struct waiting *waiting, struct verdict *verdict,
			  struct event *event)
{
	verdict_apply(verdict, event);
	enrich_event(s->enrich, event);
	enrich_keep(s->enrich, event, waiting->looked_ns);
	stage_event(event);
	diagnose_take(s->diagnose, event, &verdict->diagnosis, waiting->looked_ns);
	pace_spend(&s->pace, event->steps);
}

static int session_decode(struct session *s, const struct decode *decode, const void *data, size_t size)
{
	arena_reset(s->arena);
	s->decoded = data;
	return decode_record(decode, data, size, s->arena, &s->event);
}

/* An event whose turn it is, from the kernel's bytes to the output. */
static bool session_tell(void *context, const struct waiting *waiting, struct verdict *verdict)
{
	struct session *s = context;
	bool known = true;

	/* One that waited was good when it came. */
	if (s->decoded != waiting->record)
		session_decode(s, &waiting->decode, waiting->record, waiting->size);
	s->decoded = NULL;
	if (s->event.type == EVENT_FOUND) {
		show_found(&s->show, &s->event);
		return true;
	}
	join_cause(s->join, &s->event);
	if (verdict && !is_joined(&s->event))
		session_learn(s, waiting, verdict, &s->event);
	else
		known = session_know(s, waiting, &s->event);
	if (known)
		show_event(&s->show, &s->event);
	return known;
}

/* Whether it may become one event with others. */
static bool folds(const struct session *s, enum event_type type)
{
	return options_fold(s->options) && event_is_failure(type);
}

/* One of the events that a record stands for. */
static void session_event(struct session *s, const void *data, size_t size, enum event_type type)
{
	struct waiting waiting = { .decode = s->decode, .record = data, .size = size };

	waiting.decode.type = type;
	if (session_decode(s, &waiting.decode, data, size)) {
		log_warn("a record of %zu bytes makes no sense and was dropped", size);
		return;
	}
	join_cause(s->join, &s->event);
	if (event_is_failure(type) && event_set_has(s->options->events, EVENT_PROCESS_START_FAILED))
		join_note(s->join, &s->event);
	if (type != EVENT_FOUND &&
	    !filter_passes(&s->options->filter, &s->event, folds(s, type) ? FILTER_STEP : FILTER_RECORD)) {
		s->show.filtered++;
		return;
	}
	waiting.task = s->event.pid;
	waiting.owner = charge_owner(&s->event, s->mnt_ns);
	/* What was told needs no looking into. */
	waiting.busy = pace_busy(&s->pace) || s->output->error || !event_is_failure(type) || is_joined(&s->event);
	lookers_add(s->lookers, &waiting);
}

/* One record, as it comes. */
static int session_record(void *context, const void *data, size_t size)
{
	struct session *s = context;
	struct event_set events = decode_events(data, size);
	int before = s->output->error;

	if (!events.bits)
		log_warn("a record of %zu bytes makes no sense and was dropped", size);
	events.bits &= s->options->events.bits | 1u << EVENT_FOUND;
	for (enum event_type type; (type = events_first(events)); events.bits &= ~(1u << type))
		session_event(s, data, size, type);
	return before ? 0 : s->output->error;
}

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

static void say_full(struct session *s)
{
	if (!s->output->beyond || s->full)
		return;
	s->full = true;
	log_warn("%s has reached --max-size: what comes now is only counted", s->options->write_to);
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
	s->shown_ms = show_expire(&s->show);
	flushed = output_flush(s->output);
	say_full(s);
	return more < 0 ? more : flushed ?: err ?: more;
}

/* --- the two parts of a run --- */

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
		[3 + LOOKERS_FDS - 1] = {},
	};
	int rest = timeout && !s->stop.ns ? stream_rest(s->stream) : 0;

	lookers_fds(s->lookers, fds + 3);
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
	/* The last of them has gone. All that failed before is still to be read. */
	if (s->options->n_pids && tracer_scope_empty(s->tracer))
		stop_now(&s->stop, 0);
	return session_lost(s);
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
	while (!more && !err && !lookers_rest(s->lookers)) {
		err = session_wait(s, lookers_timeout(s->lookers)) ?: lookers_work(s->lookers) ?: output_flush(s->output);
	}
	lookers_flush(s->lookers);
	show_flush(&s->show);
	say_full(s);
	return more ?: session_lost(s);
}

static void say_unwritten(const struct session *s, int err)
{
	if (err == -ECANCELED)
		log_err("cannot write: nobody reads the output, and %llu events that waited for it are lost",
			(unsigned long long)s->output->unwritten);
	else
		log_err("cannot write: %s", error_text(-err));
}

static int session_run(struct session *s)
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
	say_unwritten(s, err);
	return EXIT_TROUBLE;
}

/* There is one for each hook. COMMAND has been forked by then, and keeps the limit that it was given. */
static void take_descriptors(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur >= DESCRIPTORS)
		return;
	limit.rlim_cur = limit.rlim_max < DESCRIPTORS ? limit.rlim_max : DESCRIPTORS;
	setrlimit(RLIMIT_NOFILE, &limit);
}

/* False: none of what was asked for can be seen. */
static bool sees_events(const struct session *s)
{
	struct event_set unseen = { s->options->events.bits & ~tracer_events(s->tracer) };
	const struct event_kind *kind = events_by_type(events_first(unseen));

	if (!kind)
		return true;
	log_warn("%s cannot be seen with hooks %s: --doctor -e %s says more", kind->name,
		 hooks_names[tracer_hooks(s->tracer)], kind->name);
	return tracer_events(s->tracer);
}

/* The kernel's count of the kind that an event is of. */
static bool count_of(void *context, const struct event *event, uint64_t *n, int64_t *last_ns)
{
	const struct session *s = context;
	unsigned int by = s->options->counts;
	struct count_key key = {};
	struct count count;

	if (!event_is_failure(event->type))
		return false;
	key.ret = by & COUNT_ERRNO ? event->ret : 0;
	key.uid = by & COUNT_UID ? event->uid : 0;
	key.cgroup = by & COUNT_CGROUP ? event->cgroup_id : 0;
	if (by & COUNT_COMM)
		memcpy(key.comm, event->comm.p, event->comm.n < sizeof(key.comm) ? event->comm.n : sizeof(key.comm));
	if (!tracer_count(s->tracer, &key, &count))
		return false;
	*n = count.n;
	*last_ns = (int64_t)count.last_ns + s->decode.clock_offset_ns;
	return true;
}

static uint64_t uncounted(void *context)
{
	return tracer_uncounted(((const struct session *)context)->tracer);
}

static bool session_open(struct session *s, const struct options *o)
{
	struct tracer_config config = o->tracer;
	struct sieve sieve;
	struct stream_maps maps;

	config.kin = o->n_pids;
	config.searches = options_fold(o);
	config.counts = o->counts;
	sift_make(&sieve, &o->filter, options_fold(o));
	config.sieve = &sieve;
	config.scoped = o->command || o->n_pids;

	take_descriptors();
	s->options = o;
	s->shown_ms = -1;
	s->mnt_ns = system_mnt_ns();
	s->output_fd = target_open(o->write_to, o->printer->socket);
	if (s->output_fd < 0) {
		log_err("cannot write to %s: %s", o->write_to ?: o->printer->socket ?: "standard output",
			error_text(-s->output_fd));
		return false;
	}
	s->tracer = tracer_new(&config);
	if (!s->tracer || !sees_events(s))
		return false;
	maps = tracer_maps(s->tracer);
	s->stream = stream_new(&maps, o->tracer.buffer, session_record, s);
	if (!s->stream) {
		log_err("cannot read from the kernel's buffer: %s", error_text(errno));
		return false;
	}
	s->decode.seen = tracer_seen(s->tracer);
	s->arena = arena_new();
	s->enrich = enrich_new(NULL, ENRICH_NEVER_LOOKS | (o->show_secrets ? ENRICH_SHOW_SECRETS : 0));
	s->diagnose = diagnose_new(NULL);
	s->join = join_new();
	s->output = output_new(s->output_fd, &o->style);
	show_open(&s->show, o, s->output);
	s->output->max = o->max_size;
	if (o->counts) {
		s->output->count = count_of;
		s->output->uncounted = uncounted;
		s->output->counter = s;
	}
	output_watch(s->output, stop_patience, &s->stop);
	s->lookers = lookers_new(&s->starter, session_tell, s);
	return true;
}

static bool can_count(void *context)
{
	return tracer_can_count(context);
}

static void say_refused(int call)
{
	confine_say_refused("reader", call);
}

/* From here on it reads what is mapped and open, and prints. */
static int session_confine(struct session *s)
{
	return confine(confine_works(can_count, s->tracer) ? CONFINE_READER : CONFINE_COUNTER, say_refused);
}

/* Who is watched, where that is not the whole machine. */
static bool session_follow(struct session *s)
{
	const struct options *o = s->options;
	int err;

	if (o->n_pids)
		return lineage_follow(s->tracer, o->pids, o->n_pids);
	err = o->command ? tracer_scope_add(s->tracer, (uint32_t)s->command.pid) : 0;
	if (err)
		log_err("cannot follow the command: %s", error_text(-err));
	return !err;
}

static const char *watched(const struct session *s)
{
	if (s->options->command)
		return s->options->command[0];
	return s->options->n_pids ? "these processes" : "this machine";
}

/* What was there is said before there is a row of it. */
static void say_watching(const struct session *s)
{
	enum hooks hooks = tracer_hooks(s->tracer);

	log_notice("watching %s for %s (hooks %s, %s%s)%s", watched(s),
		   s->options->style.events ? "execs" : "failed execs", hooks_names[hooks],
		   transport_names[tracer_transport(s->tracer)],
		   hooks == HOOKS_TRACEPOINT ? ": not all can be seen, --doctor says what" : "",
		   s->options->command ? "" : ", Ctrl-C ends");
}

/* Lines of two writers in one file: one that COMMAND has not ended yet has an object glued to it. */
static void say_shared(const struct session *s)
{
	const struct options *o = s->options;
	struct stat st;

	if (!o->command || o->write_to || o->printer->shares || fstat(STDOUT_FILENO, &st) ||
	    (S_ISCHR(st.st_mode) && !s->output->tty))
		return;
	log_notice("%s writes to the same place, and its lines may mix with these: -w FILE keeps them apart",
		   o->command[0]);
}

/* From here on nothing that fails is missed. */
static bool session_arm(struct session *s)
{
	int err;

	/* Who floods the machine is not to keep us from reading. Where this is not allowed, it goes on as it is. */
	if (setpriority(PRIO_PROCESS, 0, s->options->nice))
		log_debug("cannot have the priority %d: %s", s->options->nice, error_text(errno));
	err = tracer_arm(s->tracer);
	if (err) {
		log_err("cannot begin to watch: %s", error_text(-err));
		return false;
	}
	system_warn_of_proc(!s->options->command && !s->options->n_pids);
	err = session_confine(s);
	if (err) {
		log_err("cannot give up privileges: %s", error_text(-err));
		return false;
	}
	say_watching(s);
	say_shared(s);
	return true;
}

/* What comes before the first event. */
static bool session_head(struct session *s)
{
	int err = s->options->printer->begin(s->output) ?: output_flush(s->output);

	s->begun = true;
	if (!err)
		return true;
	if (err == -EPIPE && !s->options->command)
		s->stop.status = 0;
	else
		say_unwritten(s, err);
	return false;
}

static bool session_begin(struct session *s)
{
	if (!session_follow(s) || !session_arm(s) || !session_head(s))
		return false;
	if (s->options->duration_ms)
		s->ends_ns = monotonic_ns() + s->options->duration_ms * 1000000ull;
	if (s->options->command)
		command_release(&s->command);
	return true;
}

static void session_close(struct session *s)
{
	uint64_t unwritten;

	if (s->begun) {
		s->options->printer->end(s->output);
		output_flush(s->output);
		unwritten = s->output->unwritten;
		/* Who stops reading wants no more. */
		s->lost += s->output->error == -EPIPE ? 0 : unwritten;
		s->show.filtered += tracer_filtered(s->tracer);
		if (s->options->counts)
			s->show.events += tracer_counted(s->tracer);
		show_counts(&s->show, unwritten, s->lost);
		if (s->options->verbose)
			log_info("%zu execs in flight", tracer_in_flight(s->tracer));
	}
	lookers_free(s->lookers);
	show_close(&s->show);
	output_free(s->output);
	enrich_free(s->enrich);
	diagnose_free(s->diagnose);
	join_free(s->join);
	if (s->arena)
		arena_free(s->arena);
	stream_free(s->stream);
	tracer_free(s->tracer);
	stop_outlast(&s->stop);
	starter_close(&s->starter);
	command_abandon(&s->command);
	stop_close(&s->stop);
}

int session_trace(const struct options *options)
{
	struct session s = { .command = { .gate = -1 }, .starter = { .control = -1 } };
	int err;

	err = stop_open(&s.stop, options->command ? &s.command : NULL, &s.starter, EXIT_TROUBLE);
	/* Before anything is loaded: the child is not to inherit a descriptor of it. */
	if (!err && options->command)
		err = command_prepare(&s.command, options->command, &options->user, &s.stop.inherited);
	err = err ?: starter_open(&s.starter, s.command.pid);
	if (err)
		log_err("cannot start the processes that belong to it: %s%s", error_text(-err),
			err == -EAGAIN ? ", the user has as many as he may (ulimit -u)" : "");
	else if (session_open(&s, options) && session_begin(&s))
		s.stop.status = session_run(&s);
	session_close(&s);
	if (options->fail && !s.stop.status && s.show.judged)
		return OPTIONS_EXIT_FAILED;
	return s.stop.status;
}
