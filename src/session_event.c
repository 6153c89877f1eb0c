// SPDX-License-Identifier: GPL-2.0-only
/*
 * record → decode → enrich → diagnose → print: the way of every event, read from session_record(), and from its turn
 * on.
 */
#include "base/log.h"
#include "crew/charge.h"
#include "event/events.h"
#include "event/stage.h"
#include "session_state.h"

/* The end of what was told to have failed: that is its cause. */
static bool is_joined(const struct event *event)
{
	return event->type == EVENT_PROCESS_START_FAILED && event->cause_pid;
}

/*
 * What is known of it without looking: by its record, by those before it, by the host's own files. False: too little.
 */
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
	pace_spend(&s->pace, waiting->source, event->steps);
}

static int session_decode(struct session *s, const struct decode *decode, const void *data, size_t size)
{
	arena_reset(s->arena);
	s->decoded = decode->leave ? NULL : data;
	return decode_record(decode, data, size, s->arena, &s->event);
}

/* An event whose turn it is, from the kernel's bytes to the output. */
bool session_tell(void *context, const struct waiting *waiting, struct verdict *verdict)
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

/* What there is no need to know of one that has to wait: once told, it is made of the record again. */
static uint32_t session_leaves(const struct session *s)
{
	const uint32_t later = 1u << SECTION_ENVIRONMENT | 1u << SECTION_ANCESTORS | 1u << SECTION_STDIN |
			       1u << SECTION_CWD | 1u << SECTION_ROOT | 1u << SECTION_TTY | 1u << SECTION_HEAD;

	return lookers_rest(s->lookers) || s->options->filter.n ? 0 : later;
}

/* One of the events that a record stands for. */
static void session_event(struct session *s, const void *data, size_t size, enum event_type type)
{
	struct waiting waiting = { .decode = s->decode, .record = data, .size = size };
	struct decode brief;
	bool waits;

	waiting.decode.type = type;
	brief = waiting.decode;
	brief.leave = session_leaves(s);
	if (session_decode(s, &brief, data, size)) {
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
	waiting.place = charge_place(&s->event, s->mnt_ns);
	waiting.source = charge_source(&s->event, s->mnt_ns);
	waits = lookers_await_source(s->lookers, waiting.source);
	/* What was told needs no looking into. */
	waiting.busy = pace_busy(&s->pace, waiting.source, waits) || s->output->error || !event_is_failure(type) ||
		       is_joined(&s->event);
	lookers_add(s->lookers, &waiting);
}

/* One record, as it comes. */
int session_record(void *context, const void *data, size_t size)
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
