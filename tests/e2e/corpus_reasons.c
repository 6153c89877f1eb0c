// SPDX-License-Identifier: GPL-2.0-only
/* Puts what reasons.h says into the expectations of a row's events. */
#define _GNU_SOURCE
#include <string.h>

#include "corpus.h"
#include "reasons.h"

/* "stdin_*" stands for all rows that begin so. */
static bool is_about(const struct reason_case *one, const char *row)
{
	const char *star = strchr(one->row, '*');

	return star ? !strncmp(one->row, row, star - one->row) : !strcmp(one->row, row);
}

/* The row's own cases; the first of several with a star. */
static size_t cases_of(const char *row, const struct reason_case **cases)
{
	size_t n = 0;

	for (const struct reason_case *one = reason_cases; one < reason_cases + N_REASON_CASES; one++) {
		if (!is_about(one, row) || (n && strchr(one->row, '*')))
			continue;
		if (!n++)
			*cases = one;
	}
	return n;
}

/* Each part of "one ... two". */
static void hint_has(const struct world *w, struct json_object *all, const char *parts)
{
	static const char gap[] = " ... ";
	const char *end;

	for (; parts; parts = end ? end + strlen(gap) : NULL) {
		end = strstr(parts, gap);
		json_object_array_add(
			all, match("contains", json_text(expand(w, end ? strndup(parts, end - parts) : parts))));
	}
}

static struct json_object *hint_of(const struct world *w, struct json_object *event,
				   const struct expected_reason *reason)
{
	struct json_object *all = json_object_new_array(), *more = json_object_object_get(event, "@hint");

	json_object_array_add(all, match("sentence", json_object_new_boolean(true)));
	hint_has(w, all, reason->hint);
	for (size_t i = 0; more && i < json_object_array_length(more); i++)
		json_object_array_add(all, match("contains", json_object_get(json_object_array_get_idx(more, i))));
	return match("all", all);
}

/* Either is right: what is known after a look, or what is said when nobody could look, or not in time. */
static struct json_object *reason_of(const struct expected_reason *one, const struct expected_reason *unseen)
{
	struct json_object *reason = json_text(one->reason);

	return unseen->reason ? match_either(reason, json_text(unseen->reason)) : reason;
}

static struct json_object *hint_of_either(const struct world *w, struct json_object *event,
					  const struct expected_reason *one, const struct expected_reason *unseen)
{
	struct json_object *hint = hint_of(w, event, one);

	return unseen->reason ? match_either(hint, hint_of(w, event, unseen)) : hint;
}

static void expect_reason(const struct world *w, struct json_object *event, const struct reason_case *one)
{
	const struct expected_reason *usual = &one->usual, *before = &one->before_5_8;
	const struct expected_reason *there = one->tracepoint.reason ? &one->tracepoint : usual;
	/* With the tracepoint family user space looks for the cause, and may come too late. */
	const struct expected_reason *late = one->too_late.reason ? &one->too_late : &one->too_many;
	struct json_object *reason, *hint;

	reason = match_by_family("tracepoint", reason_of(there, late), reason_of(usual, &one->too_many));
	hint = match_by_family("tracepoint", hint_of_either(w, event, there, late),
			       hint_of_either(w, event, usual, &one->too_many));
	if (before->reason) {
		reason = match_before("5.8", json_text(before->reason), reason);
		hint = match_before("5.8", hint_of(w, event, before), hint);
	}
	expect(event, "reason", reason);
	expect(event, "hint", hint);
	expect(event, "evidence", match_either(json_text("kernel"), json_text("user")));
	if (one->explain)
		expect(event, "@explain", json_text(w->call.path));
}

void expect_reasons(struct world *w)
{
	const struct reason_case *cases = NULL;
	size_t n = cases_of(w->row->name, &cases), events = json_object_array_length(w->events);

	if (n > 1 ? n != events : n != (events > 0))
		die("%s: %zu events, and reasons.h has %zu cases of it", w->row->name, events, n);
	for (size_t i = 0; i < events; i++)
		expect_reason(w, json_object_array_get_idx(w->events, i), &cases[n > 1 ? i : 0]);
}

void check_reasons(bool (*is_row)(const char *name))
{
	for (size_t i = 0; i < N_REASON_CASES; i++)
		if (!strchr(reason_cases[i].row, '*') && !is_row(reason_cases[i].row))
			die("reasons.h is about a row that there is not: %s", reason_cases[i].row);
}
