// SPDX-License-Identifier: GPL-2.0-only
#include "show.h"

#include <time.h>

#include "base/clock.h"
#include "base/log.h"

static void print(void *context, struct event *event)
{
	struct show *s = context;

	if (s->full)
		return;
	if (!event->repeats)
		s->events++;
	s->full = s->options->count && s->events == s->options->count;
	/* Given up: those that are left are counted. */
	if (s->output->error)
		s->output->unwritten++;
	else
		s->options->printer->event(s->output, event);
}

static bool is_wanted(const struct show *s, const struct event *event)
{
	return filter_passes(&s->options->filter, event, FILTER_WHOLE);
}

/* Beside the output, which has each step. */
static void judge(void *context, struct event *event)
{
	struct show *s = context;

	s->judged += is_wanted(s, event);
}

/* What it is in the end. */
static void choose(void *context, struct event *event)
{
	struct show *s = context;
	bool wanted = is_wanted(s, event);

	s->judged += wanted && !s->judge;
	if (!wanted)
		s->filtered++;
	else if (s->repeat)
		repeat_add(s->repeat, event, clock_ns(CLOCK_MONOTONIC_COARSE));
	else
		print(s, event);
}

/* What is no failure is no step of a search, and does not come again: it is told as it comes. */
static void show_other(struct show *s, struct event *event)
{
	if (is_wanted(s, event))
		print(s, event);
	else
		s->filtered++;
}

/* What it comes from has been told: it is told where nothing is folded. */
static void show_after(struct show *s, struct event *event)
{
	if (!s->fold)
		choose(s, event);
	else
		s->joined++;
}

/* It was looked at for what may have been, and was not: sudo's command was there. */
static bool is_nothing(const struct event *event)
{
	return event->exit_code == 1 && event->stage == STAGE_UNKNOWN;
}

void show_event(struct show *s, struct event *event)
{
	int64_t now = clock_ns(CLOCK_MONOTONIC_COARSE);

	if (event->exit_code && event->cause_pid) {
		show_after(s, event);
		return;
	}
	if (is_nothing(event))
		return;
	if (!event_is_failure(event->type)) {
		show_other(s, event);
		return;
	}
	if (s->judge)
		fold_add(s->judge, event, now);
	if (s->fold)
		fold_add(s->fold, event, now);
	else
		choose(s, event);
}

void show_found(struct show *s, const struct event *event)
{
	if (s->judge)
		fold_found(s->judge, event);
	if (s->fold)
		fold_found(s->fold, event);
}

/* The sooner of two waits, of which -1 is none. */
static int sooner(int a, int b)
{
	if (a < 0 || b < 0)
		return a < 0 ? b : a;
	return a < b ? a : b;
}

int show_expire(struct show *s, fold_awaits *awaits, void *context)
{
	const struct printer *printer = s->options->printer;
	int64_t now = clock_ns(CLOCK_MONOTONIC_COARSE);
	int fold = s->fold ? fold_expire(s->fold, now, awaits, context) : -1;
	int repeat = s->repeat ? repeat_expire(s->repeat, now) : -1;

	if (s->judge)
		fold_expire(s->judge, now, awaits, context);
	return sooner(sooner(fold, repeat), printer->tick ? printer->tick(s->output) : -1);
}

void show_flush(struct show *s)
{
	if (s->judge)
		fold_flush(s->judge);
	if (s->fold)
		fold_flush(s->fold);
	if (s->repeat)
		repeat_flush(s->repeat);
}

void show_open(struct show *s, const struct options *options, struct output *output)
{
	*s = (struct show){ .options = options, .output = output };
	if (options->fold == FOLD_ON)
		s->fold = fold_new(choose, s);
	else if (options->fail)
		s->judge = fold_new(judge, s);
	if (options->repeats_ms)
		s->repeat = repeat_new(options->repeats_ms, print, s);
}

void show_close(struct show *s)
{
	fold_free(s->fold);
	fold_free(s->judge);
	repeat_free(s->repeat);
}

/* What there was none of is not worth a word. */
static void add_count(struct buffer *line, uint64_t count, const char *what)
{
	if (count)
		buffer_printf(line, ", %llu %s", (unsigned long long)count, what);
}

void show_counts(const struct show *s, uint64_t unwritten, uint64_t lost)
{
	uint64_t events = s->events - unwritten - s->output->beyond;
	BUFFER_AUTO struct buffer line = {};

	buffer_printf(&line, "%llu event%s", (unsigned long long)events, events == 1 ? "" : "s");
	add_count(&line, s->fold ? fold_count(s->fold) + s->joined : 0, "folded");
	add_count(&line, s->repeat ? repeat_count(s->repeat) : 0, "repeated");
	add_count(&line, s->filtered, "filtered");
	add_count(&line, s->output->beyond, "beyond --max-size");
	log_notice("%s, %llu lost", buffer_string(&line), (unsigned long long)lost);
}
