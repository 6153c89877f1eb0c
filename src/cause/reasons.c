// SPDX-License-Identifier: GPL-2.0-only
#include "cause/reasons.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "cause/rules.h"
#include "event/names.h"
#include "print/list.h"

/* The index-th of all topics; NULL: there are no more. */
static const struct rule_topic *topic_at(size_t index)
{
	const struct rule_topic *lists[] = { rule_topics, rule_topics_end, rule_topics_apart };

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		for (const struct rule_topic *topic = lists[i]; topic->title; topic++)
			if (!index--)
				return topic;
	return NULL;
}

static void list_rule(FILE *to, bool json, const struct rule *rule)
{
	const struct list_cell cells[] = { { "reason", rule->code },
					   { "stage", stage_name(rule->stage) },
					   { "looks_like", rule->looks },
					   { "may_also_be", rule->also },
					   { "repair", rule->fix } };

	if (json)
		list_put(to, cells, sizeof(cells) / sizeof(cells[0]));
	else
		fprintf(to, "%-32s  %s\n", rule->code, rule->looks);
}

static void list_topic(FILE *to, bool json, const struct rule_topic *topic)
{
	for (const struct rule *rule = topic->rules; rule->code; rule++)
		if (rule->looks)
			list_rule(to, json, rule);
}

bool reasons_find(const char *reason, const char **looks, const char **fix)
{
	for (size_t i = 0; topic_at(i); i++)
		for (const struct rule *rule = topic_at(i)->rules; rule->code; rule++)
			if (rule->looks && !strcmp(rule->code, reason)) {
				*looks = rule->looks;
				*fix = rule->fix;
				return true;
			}
	return false;
}

/* Where no rule is. */
static const struct rule other = {
	.code = "other_<errno>",
	.looks = "Nothing that is known or can be seen explains the error: other_EACCES, ...",
	.also = "Anything: a file system's server and a BPF program may answer what they like.",
	.fix = "The hint has the stage at which the kernel gave up; the kernel's log may say more.",
};

void reasons_list(FILE *to, bool json)
{
	for (size_t i = 0; topic_at(i); i++)
		list_topic(to, json, topic_at(i));
	list_rule(to, json, &other);
}

/* A cell of a table: what would end it, or be taken for a tag, is escaped. */
static void put_cell(FILE *to, const char *text)
{
	for (; *text; text++) {
		if (*text == '|' || *text == '<')
			fputc('\\', to);
		fputc(*text, to);
	}
}

static void markdown_rule(FILE *to, const struct rule *rule)
{
	const char *stage = stage_name(rule->stage);

	fprintf(to, "| `%s` | %s | ", rule->code, stage ? stage : "any");
	put_cell(to, rule->looks);
	fputs(" | ", to);
	put_cell(to, rule->also);
	fputs(" | ", to);
	put_cell(to, rule->fix);
	fputs(" |\n", to);
}

#define MARKDOWN_HEAD                                                                                                  \
	"| reason | stage | what it looks like | may also be | how to repair it |\n|---|---|---|---|---|\n"

static void markdown_topic(FILE *to, const struct rule_topic *topic)
{
	fprintf(to, "\n## %s\n\n", topic->title);
	fputs(MARKDOWN_HEAD, to);
	for (const struct rule *rule = topic->rules; rule->code; rule++)
		if (rule->looks)
			markdown_rule(to, rule);
}

void reasons_list_markdown(FILE *to, bool json)
{
	(void)json;
	fputs("<!-- Made by `execfail --list-reasons=markdown`. Change src/cause/rules_*.c instead. -->\n\n"
	      "# Reasons\n\n"
	      "Every event has a `reason`, a fixed name of the cause, and a `hint`, one sentence with the names, numbers and\n"
	      "limits of this very failure. `evidence` says what the reason was told from: `kernel`, the kernel's own data\n"
	      "alone, or `user`, what was seen afterwards from user space in the caller's mount namespace, root and working\n"
	      "directory. Where a hint says \"likely\", the cause fits all that can be seen, but nobody saw it at work.\n\n"
	      "\"May also be\" is what else answers the same error at that place, by the kernel's source, and how the two are\n"
	      "told apart, if they are. No row repeats what may answer anything: the server of a file system (FUSE, NFS) in the\n"
	      "place of the lookup, and, where no hook is inside of the exec (`--hooks=tracepoint`), a seccomp filter of the caller.\n\n"
	      "The first reason that fits is given. `execfail explain PATH` gives the same ones without tracing.\n",
	      to);
	for (size_t i = 0; topic_at(i); i++)
		markdown_topic(to, topic_at(i));
	fputs("\n## Anything else\n\n" MARKDOWN_HEAD, to);
	markdown_rule(to, &other);
}

enum { ERRORS = 4096 };

static const char **words_of_topic(const struct rule_topic *topic, const char **to)
{
	for (const struct rule *rule = topic->rules; rule->code; rule++)
		*to++ = rule->code;
	return to;
}

static size_t count_rules(void)
{
	size_t n = 0;

	for (size_t i = 0; topic_at(i); i++)
		for (const struct rule *rule = topic_at(i)->rules; rule->code; rule++)
			n++;
	return n;
}

const char *const *reasons_words(void)
{
	static const char **words;
	const char **to;
	char *other;

	if (words)
		return words;
	to = words = memory_new((count_rules() + ERRORS + 1) * sizeof(*words));
	for (size_t i = 0; topic_at(i); i++)
		to = words_of_topic(topic_at(i), to);
	for (int error = 1; error < ERRORS; error++) {
		if (!error_name(error) || asprintf(&other, "other_%s", error_name(error)) < 0)
			continue;
		*to++ = other;
	}
	return words;
}
