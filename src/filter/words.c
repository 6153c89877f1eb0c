// SPDX-License-Identifier: GPL-2.0-only
#include "filter/words.h"

#include <ctype.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "event/container.h"
#include "event/events.h"
#include "event/fields.h"
#include "event/names.h"

/* SIGKILL; libc has only the rest of the name. Made once, as names are compared by all that they are asked for. */
static const char *signal_word(int number)
{
	static char names[NSIG][16];
	const char *name = number < NSIG ? sigabbrev_np(number) : NULL;

	if (name)
		snprintf(names[number], sizeof(names[number]), "SIG%s", name);
	return name ? names[number] : NULL;
}

static const char *call_word(int number)
{
	return number == CALL_KERNEL ? NULL : call_name((enum record_call)number);
}

static const char *stage_word(int number)
{
	return stage_name((enum stage)number);
}

static const char *event_word(int number)
{
	const struct event_kind *kind = events_by_type((enum event_type)number);

	return kind && kind->about ? kind->name : NULL;
}

static const char *evidence_word(int number)
{
	return evidence_name((enum evidence)number);
}

static const char *input_word(int number)
{
	return stdin_type_name((uint32_t)number << 12);
}

static const char *part_word(int number)
{
	const struct field *field = fields_of_part((enum event_part)number);

	return field ? field->name : NULL;
}

static const char *runtime_word(int number)
{
	return container_runtime((size_t)number);
}

static const char *hook_word(int number)
{
	return security_hook_name((enum record_step)number);
}

static const char *source_word(int number)
{
	return binary_source_name((enum binary_source)number);
}

/* Names of small numbers; numbered: the number itself may be written for the name. */
static struct {
	const char *field;
	const char *(*word)(int number);
	int end; /* one past the last number */
	bool numbered;
	const char **words; /* once they were asked for */
} sets[] = {
	{ .field = "errno", .word = error_name, .end = 4096, .numbered = true },
	{ .field = "signal", .word = signal_word, .end = NSIG, .numbered = true },
	{ .field = "event", .word = event_word, .end = EVENT_LOST + 1 },
	{ .field = "syscall", .word = call_word, .end = CALL_KERNEL },
	{ .field = "stage", .word = stage_word, .end = STAGE_SERVICE_MANAGER + 1 },
	{ .field = "evidence", .word = evidence_word, .end = EVIDENCE_USER + 1 },
	{ .field = "stdin_type", .word = input_word, .end = (STDIN_CLOSED >> 12) + 1 },
	{ .field = "truncated", .word = part_word, .end = PARTS },
	{ .field = "unreadable", .word = part_word, .end = PARTS },
	{ .field = "read_afterwards", .word = part_word, .end = PARTS },
	{ .field = "container.runtime", .word = runtime_word, .end = 64 },
	{ .field = "security_hook", .word = hook_word, .end = STEP_BEGIN_NEW_EXEC + 1 },
	{ .field = "binary_source", .word = source_word, .end = BINARY_SOURCE_STAT + 1 },
};

enum { SETS = sizeof(sets) / sizeof(sets[0]), OTHERS = 4 };

/* Told by who knows them. */
static struct {
	const char *field;
	const char *const *words;
} others[OTHERS];

void words_set(const char *field, const char *const *words)
{
	size_t i = 0;

	while (i < OTHERS && others[i].field && strcmp(others[i].field, field))
		i++;
	if (i == OTHERS)
		return;
	others[i].field = field;
	others[i].words = words;
}

static size_t find_set(const char *field)
{
	size_t i = 0;

	while (i < SETS && strcmp(sets[i].field, field))
		i++;
	return i;
}

static const char *const *words_made(size_t set)
{
	const char **words = sets[set].words;
	size_t n = 0;

	if (words)
		return words;
	words = memory_new(((size_t)sets[set].end + 1) * sizeof(*words));
	for (int number = 0; number < sets[set].end; number++)
		if (sets[set].word(number))
			words[n++] = sets[set].word(number);
	return sets[set].words = words;
}

const char *const *words_of(const char *field)
{
	size_t set = find_set(field);

	if (set < SETS)
		return words_made(set);
	for (size_t i = 0; i < OTHERS && others[i].field; i++)
		if (!strcmp(others[i].field, field))
			return others[i].words;
	return NULL;
}

/* Without the SIG that all their names begin with. */
static const char *signal_meant(const char *text)
{
	for (int number = 1; number < NSIG; number++)
		if (signal_word(number) && !strcmp(signal_word(number) + strlen("SIG"), text))
			return signal_word(number);
	return NULL;
}

const char *words_meant(const char *field, const char *text)
{
	const struct event_kind *kind = strcmp(field, "event") ? NULL : events_find(text);
	size_t set = find_set(field);
	char *end;
	long number;

	if (set == SETS || !sets[set].numbered)
		return kind ? kind->name : NULL;
	number = strtol(text, &end, 10);
	if (isdigit((unsigned char)text[0]) && !*end)
		return number < sets[set].end ? sets[set].word((int)number) : NULL;
	return sets[set].word == signal_word ? signal_meant(text) : NULL;
}
