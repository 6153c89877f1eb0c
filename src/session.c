// SPDX-License-Identifier: GPL-2.0-only
/* A run of the tracer: what it needs is opened in the order that privileges allow, and closed again. */
#include "session.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/log.h"
#include "crew/confine.h"
#include "event/events.h"
#include "filter/sift.h"
#include "kernel/lineage.h"
#include "kernel/system.h"
#include "print/target.h"
#include "session_state.h"

enum { DESCRIPTORS = 1024 };

/* There is one for each hook. COMMAND has been forked by then, and keeps the limit that it was given. */
static void take_descriptors(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur >= DESCRIPTORS)
		return;
	limit.rlim_cur = limit.rlim_max < DESCRIPTORS ? limit.rlim_max : DESCRIPTORS;
	setrlimit(RLIMIT_NOFILE, &limit);
}

/*
 * Any user can fill the memory with processes that are smaller than ours, and the largest is what the kernel ends. Ours
 * do not grow: they go after all others. COMMAND has been forked by then, and ends as it would have.
 */
static void outlast_others(void)
{
	static const char last[] = "-999";
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, last, strlen(last)) < 0)
		log_debug("cannot be the last that is ended for want of memory: %s", error_text(errno));
	if (fd >= 0)
		close(fd);
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

/* Where it goes, and who can open a file again. */
static bool session_target(struct session *s)
{
	const struct options *o = s->options;
	struct stat st;
	int err = 0;

	s->output_fd = target_open(o->write_to, o->printer->socket);
	if (s->output_fd < 0) {
		log_err("cannot write to %s: %s", o->write_to ?: o->printer->socket ?: "standard output",
			error_text(-s->output_fd));
		return false;
	}
	if (o->write_to && s->output_fd != STDOUT_FILENO && !fstat(s->output_fd, &st) && S_ISREG(st.st_mode))
		err = opener_open(&s->opener, o->write_to);
	if (err)
		log_err("cannot start who opens %s again: %s", o->write_to, error_text(-err));
	return !err;
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
	if (!session_target(s))
		return false;
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
	for (int fd = STDOUT_FILENO; o->command && fd <= STDERR_FILENO; fd++)
		output_share(s->output, fd);
	if (s->output->live && o->printer->pause && stop_take_pauses(&s->stop))
		return false;
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
		session_say_unwritten(s, err);
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
		/* Where a printer had the terminal. */
		log_hold(false);
		unwritten = s->output->unwritten;
		/* Who stops reading wants no more. */
		s->lost += s->output->error == -EPIPE ? 0 : unwritten;
		s->show.filtered += tracer_filtered(s->tracer);
		if (s->options->counts)
			s->show.events += tracer_counted(s->tracer);
		show_counts(&s->show, unwritten, s->lost);
		if (s->options->verbose) {
			log_info("%llu filtered in the kernel", (unsigned long long)tracer_filtered(s->tracer));
			log_info("%zu execs in flight", tracer_in_flight(s->tracer));
		}
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
	opener_close(&s->opener);
	starter_close(&s->starter);
	command_abandon(&s->command);
	stop_close(&s->stop);
}

int session_trace(const struct options *options)
{
	struct session s = { .command = { .gate = -1 }, .starter = { .control = -1 }, .opener = { .control = -1 } };
	int err;

	err = stop_open(&s.stop, options->command ? &s.command : NULL, &s.starter, EXIT_TROUBLE);
	/* Before anything is loaded: the child is not to inherit a descriptor of it. */
	if (!err && options->command)
		err = command_prepare(&s.command, options->command, &options->user, &s.stop.inherited);
	outlast_others();
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
