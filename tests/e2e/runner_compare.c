// SPDX-License-Identifier: GPL-2.0-only
/* What a row says must be seen, beside what execfail printed. */
#define _GNU_SOURCE
#include <stdlib.h>

#include "runner_row.h"

static bool same_call(struct json_object *expected, struct json_object *event)
{
	return match_value(tracer_context(), get(expected, "path"), get(event, "path")) &&
	       match_value(tracer_context(), get(expected, "errno"), get(event, "errno"));
}

bool row_may_come(const struct row *row, struct json_object *event)
{
	struct json_object *may = get(row->said, "may");

	for (size_t i = 0; may && i < json_object_array_length(may); i++)
		if (same_call(json_object_array_get_idx(may, i), event))
			return true;
	return false;
}

/* Takes the event to compare with this expectation out of the list: the next one, unless order is a matter of luck. */
static struct json_object *take_event(const struct row *row, struct json_object *own, struct json_object *expected)
{
	bool unordered = json_object_get_boolean(get(row->said, "unordered"));
	size_t n = json_object_array_length(own);

	for (size_t i = 0; i < n; i++) {
		struct json_object *event = json_object_array_get_idx(own, i);

		if (!same_call(expected, event)) {
			if (unordered || row_may_come(row, event))
				continue;
			if (match_optional(tracer_context(), expected))
				return NULL;
		}
		event = json_object_get(event);
		json_object_array_del_idx(own, i, 1);
		return event;
	}
	return NULL;
}

/* Who asks afterwards, without tracing, must be told the same. Asked once for each row. */
static void compare_explained(struct row *row, struct json_object *expected, struct json_object *event)
{
	struct json_object *path = get(expected, "@explain"), *answer;
	char why[200];

	if (!path || row->explained)
		return;
	row->explained = true;
	answer = explain(row->execfail, json_object_get_string(path));
	snprintf(why, sizeof(why), "`execfail explain` says %s",
		 json_object_get_string(get(answer, "reason")) ?: "no reason");
	if (!json_object_equal(get(answer, "reason"), get(event, "reason")))
		check_wrong(&row->check, why, answer);
	json_object_put(answer);
}

static void compare_missing(struct row *row, struct json_object *expected)
{
	if (match_optional(tracer_context(), expected))
		return;
	if (json_object_get_boolean(get(row->said, "unordered")))
		row->check.missing++;
	else
		check_wrong(&row->check, "this event is missing", expected);
}

static void compare_one(struct row *row, struct json_object *own, struct json_object *expected)
{
	struct json_object *event = take_event(row, own, expected);
	char *difference;

	if (!event) {
		compare_missing(row, expected);
		return;
	}
	difference = match_event(tracer_context(), expected, event);
	if (difference)
		check_wrong(&row->check, difference, event);
	free(difference);
	compare_explained(row, expected, event);
	json_object_put(event);
}

void row_compare(struct row *row, bool by_kernel)
{
	struct json_object *expected = get(row->said, "events"), *own = row_events(row, by_kernel);

	for (size_t i = 0; i < json_object_array_length(expected); i++) {
		struct json_object *one = json_object_array_get_idx(expected, i);

		if (event_kernel_invoked(one) == by_kernel)
			compare_one(row, own, one);
	}
	for (size_t i = 0; i < json_object_array_length(own); i++) {
		struct json_object *event = json_object_array_get_idx(own, i);

		if (!row_may_come(row, event))
			check_wrong(&row->check, "this event was not expected", event);
	}
	json_object_put(own);
}
