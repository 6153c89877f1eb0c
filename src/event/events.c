// SPDX-License-Identifier: GPL-2.0-only
#include "event/events.h"

#include <string.h>

#include "base/text.h"

const struct event_kind event_kinds[] = {
	{ .type = EVENT_PROCESS_EXECUTE_FAILED,
	  .name = "process_execute_failed",
	  .alias = "process_execution_failed",
	  .help = "a program failed to start" },
	{ .type = EVENT_LOST, .name = "lost" },
};

const size_t event_kinds_count = sizeof(event_kinds) / sizeof(event_kinds[0]);

const struct event_kind *events_by_type(enum event_type type)
{
	for (size_t i = 0; i < event_kinds_count; i++)
		if (event_kinds[i].type == type)
			return &event_kinds[i];
	return NULL;
}

const struct event_kind *events_find(const char *name)
{
	for (size_t i = 0; i < event_kinds_count; i++) {
		const struct event_kind *kind = &event_kinds[i];

		if (!strcmp(kind->name, name) || (kind->alias && !strcmp(kind->alias, name)))
			return kind;
	}
	return NULL;
}

/* Of what can be asked for. */
static const char *events_nearest(const char *word)
{
	const char *names[2 * (sizeof(event_kinds) / sizeof(event_kinds[0])) + 3];
	size_t n = 0;

	for (size_t i = 0; i < event_kinds_count; i++) {
		if (!event_kinds[i].help)
			continue;
		names[n++] = event_kinds[i].name;
		if (event_kinds[i].alias)
			names[n++] = event_kinds[i].alias;
	}
	names[n++] = "all";
	names[n++] = "help";
	names[n] = NULL;
	return text_nearest(word, names);
}

static enum events_parsed events_unknown(const char *word, struct buffer *error)
{
	const char *nearest = events_nearest(word);

	buffer_puts(error, "unknown event '");
	text_escape(error, bytes_of(word));
	if (nearest)
		buffer_printf(error, "': did you mean '%s'? (-e help lists them)", nearest);
	else
		buffer_puts(error, "' (-e help lists them)");
	return EVENTS_ERROR;
}

static struct event_set events_all(void)
{
	struct event_set all = {};

	for (size_t i = 0; i < event_kinds_count; i++)
		if (event_kinds[i].help)
			all.bits |= 1u << event_kinds[i].type;
	return all;
}

static enum events_parsed events_parse_word(const char *word, struct event_set *set, struct buffer *error)
{
	const struct event_kind *kind = events_find(word);

	if (!strcmp(word, "help"))
		return EVENTS_HELP;
	if (!strcmp(word, "all"))
		set->bits |= events_all().bits;
	else if (kind && kind->help)
		set->bits |= 1u << kind->type;
	else
		return events_unknown(word, error);
	return EVENTS_OK;
}

enum events_parsed events_parse(const char *list, struct event_set *set, struct buffer *error)
{
	enum events_parsed parsed;

	*set = (struct event_set){};
	for (const char *at = list, *end;; at = end + 1) {
		BUFFER_AUTO struct buffer word = {};

		end = strchrnul(at, ',');
		buffer_add(&word, at, (size_t)(end - at));
		parsed = events_parse_word(buffer_string(&word), set, error);
		if (parsed != EVENTS_OK || !*end)
			return parsed;
	}
}

void events_list(FILE *to)
{
	for (size_t i = 0; i < event_kinds_count; i++) {
		const struct event_kind *kind = &event_kinds[i];

		if (!kind->help)
			continue;
		fprintf(to, "%-24s  %s%s%s%s\n", kind->name, kind->help, kind->alias ? " (also: " : "",
			kind->alias ? kind->alias : "", kind->alias ? ")" : "");
	}
	fprintf(to, "%-24s  %s\n", "all", "all of these");
}
