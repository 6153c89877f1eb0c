// SPDX-License-Identifier: GPL-2.0-only
#include "filter/filter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ask.h"
#include "base/memory.h"
#include "base/text.h"
#include "filter/term.h"

static struct term *add_term(struct filter *filter)
{
	filter->terms = memory_resize(filter->terms, (filter->n + 1) * sizeof(*filter->terms));
	return &filter->terms[filter->n++];
}

bool filter_add(struct filter *filter, const char *text, struct buffer *error)
{
	size_t begin = error->n;
	BUFFER_AUTO struct buffer why = {};

	if (term_parse(add_term(filter), text, &why))
		return true;
	error->n = begin;
	buffer_puts(error, "filter '");
	text_escape(error, bytes_of(text));
	buffer_puts(error, "': ");
	buffer_add(error, why.p, why.n);
	return false;
}

/* --- options --- */

static bool find_user(struct bytes name, uid_t *uid)
{
	struct arena *arena = arena_new();
	struct passwd user = {};
	bool asked, found = ask_user(arena, arena_copy(arena, name.p, name.n), &user, &asked);

	*uid = user.pw_uid;
	arena_free(arena);
	return found;
}

static bool add_user(struct term *term, struct bytes value, struct buffer *error)
{
	char number[16];
	uid_t uid;

	if (value.n && value.p[0] >= '0' && value.p[0] <= '9')
		return term_add_value(term, value, error);
	if (!find_user(value, &uid)) {
		buffer_puts(error, "there is no user '");
		text_escape(error, value);
		buffer_puts(error, "'" ASK_NOWHERE("/etc/passwd"));
		return false;
	}
	snprintf(number, sizeof(number), "%u", uid);
	return term_add_value(term, bytes_of(number), error);
}

/* A start of an id, and nothing that has a meaning in a pattern. */
static bool add_container(struct term *term, struct bytes value, struct buffer *error)
{
	BUFFER_AUTO struct buffer pattern = {};

	buffer_add(&pattern, value.p, value.n);
	buffer_put(&pattern, '*');
	return term_add_value(term, buffer_bytes(&pattern), error);
}

static void quote_pattern(struct buffer *out, struct bytes path)
{
	for (size_t i = 0; i < path.n; i++) {
		if (strchr("*?[\\", path.p[i]))
			buffer_put(out, '\\');
		buffer_put(out, path.p[i]);
	}
}

/* With or without the place where control groups are mounted. */
static bool add_cgroup(struct term *term, struct bytes value, struct buffer *error)
{
	static const char mounted[] = "/sys/fs/cgroup";
	BUFFER_AUTO struct buffer pattern = {};
	struct bytes path = bytes_below(value, bytes_of(mounted)) ? bytes_after(value, sizeof(mounted) - 1) : value;

	while (path.n && path.p[path.n - 1] == '/')
		path.n--;
	if (value.n == 0 || value.p[0] != '/') {
		buffer_puts(error, "a control group is named by its path from /");
		return false;
	}
	quote_pattern(&pattern, path);
	term->subtrees = memory_resize(term->subtrees, (term->n_subtrees + 1) * sizeof(*term->subtrees));
	term->subtrees[term->n_subtrees++] = memory_need(strndup(path.p, path.n));
	if (path.n && !term_add_value(term, buffer_bytes(&pattern), error))
		return false;
	buffer_puts(&pattern, "/*");
	return term_add_value(term, buffer_bytes(&pattern), error);
}

static const struct {
	const char *flag;
	const char *subjects[2];
	bool (*add)(struct term *term, struct bytes value, struct buffer *error);
} options[] = {
	[FILTER_USER] = { "-u", { "uid", "euid" }, add_user },
	[FILTER_COMM] = { "-c", { "comm" }, term_add_value },
	[FILTER_UNIT] = { "--unit", { "unit" }, term_add_value },
	[FILTER_CONTAINER] = { "--container", { "container.id" }, add_container },
	[FILTER_CGROUP] = { "--cgroup", { "cgroup" }, add_cgroup },
};

static bool add_values(struct term *term, enum filter_option option, const char *list, struct buffer *error)
{
	BUFFER_AUTO struct buffer room = {};
	struct bytes rest = bytes_of(list), value;

	for (;;) {
		value = term_cut_value(&rest, &room);
		if (!value.n) {
			buffer_puts(error, "a name is missing");
			return false;
		}
		if (!options[option].add(term, value, error))
			return false;
		if (!rest.n)
			return true;
		rest = bytes_after(rest, 1);
	}
}

bool filter_add_option(struct filter *filter, enum filter_option option, const char *list, struct buffer *error)
{
	BUFFER_AUTO struct buffer why = {};
	struct term *term = add_term(filter);

	*term = (struct term){ .option = options[option].flag, .text = list, .op = TERM_EQUAL };
	for (size_t i = 0; i < 2 && options[option].subjects[i]; i++)
		subject_find(bytes_of(options[option].subjects[i]), &term->subjects[i]);
	if (add_values(term, option, list, &why))
		return true;
	buffer_printf(error, "%s '", options[option].flag);
	text_escape(error, bytes_of(list));
	buffer_puts(error, "': ");
	buffer_add(error, why.p, why.n);
	return false;
}

void filter_free(struct filter *filter)
{
	for (size_t i = 0; i < filter->n; i++)
		term_free(&filter->terms[i]);
	free(filter->terms);
	*filter = (struct filter){};
}

static bool is_asked(const struct term *term, enum filter_when when, enum event_type type)
{
	if (when == FILTER_STEP)
		return term_is_of_caller(term);
	return when == FILTER_WHOLE || term_is_early(term, type);
}

bool filter_passes(const struct filter *filter, const struct event *event, enum filter_when when)
{
	if (event->type == EVENT_LOST)
		return true;
	for (size_t i = 0; i < filter->n; i++)
		if (is_asked(&filter->terms[i], when, event->type) && !term_holds(&filter->terms[i], event))
			return false;
	return true;
}
