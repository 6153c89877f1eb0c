// SPDX-License-Identifier: GPL-2.0-only
/* Which of the events that execfail printed are a row's. */
#include "runner_row.h"

static bool is_pid(struct json_object *value, pid_t pid)
{
	return pid > 0 && json_object_is_type(value, json_type_int) && json_object_get_int64(value) == pid;
}

bool event_descends_from(struct json_object *event, pid_t pid)
{
	struct json_object *ancestors = get(event, "ancestors");

	if (is_pid(get(event, "pid"), pid) || is_pid(get(event, "ppid"), pid))
		return true;
	if (!json_object_is_type(ancestors, json_type_array))
		return false;
	for (size_t i = 0; i < json_object_array_length(ancestors); i++)
		if (is_pid(get(json_object_array_get_idx(ancestors, i), "pid"), pid))
			return true;
	return false;
}

bool event_kernel_invoked(struct json_object *event)
{
	return json_object_get_boolean(get(event, "kernel_invoked"));
}

static bool is_expected_kernel_event(struct json_object *event, struct json_object *expected)
{
	return event_kernel_invoked(event) && event_kernel_invoked(expected) &&
	       json_object_equal(get(event, "path"), get(expected, "path"));
}

static bool belongs(const struct row *row, struct json_object *event)
{
	struct json_object *expected = get(row->said, "events");

	if (event_descends_from(event, row->owner) ||
	    event_descends_from(event, json_object_get_int(get(row->said, "pid"))))
		return true;
	for (size_t i = 0; i < json_object_array_length(expected); i++) {
		struct json_object *one = json_object_array_get_idx(expected, i), *pid = get(one, "pid");

		if (is_expected_kernel_event(event, one))
			return true;
		if (json_object_is_type(pid, json_type_int) && event_descends_from(event, json_object_get_int(pid)))
			return true;
	}
	return false;
}

struct json_object *row_events(const struct row *row, bool by_kernel)
{
	struct json_object *own = json_object_new_array();

	for (size_t i = 0; i < json_object_array_length(tracer_events()); i++) {
		struct json_object *event = json_object_array_get_idx(tracer_events(), i);

		if (event_kernel_invoked(event) == by_kernel && belongs(row, event))
			json_object_array_add(own, json_object_get(event));
	}
	return own;
}

bool row_events_are_enough(const struct row *row)
{
	size_t some = (size_t)json_object_get_int(get(row->said, "some")), wanted = some, have = 0;
	struct json_object *expected = get(row->said, "events");

	for (size_t i = 0; i < json_object_array_length(expected); i++)
		wanted += !match_optional(tracer_context(), json_object_array_get_idx(expected, i));
	for (size_t i = 0; i < json_object_array_length(tracer_events()); i++) {
		struct json_object *event = json_object_array_get_idx(tracer_events(), i);

		have += belongs(row, event) && (some || !row_may_come(row, event));
	}
	return have >= wanted;
}

bool row_is_open(const struct row *row)
{
	struct json_object *expected = get(row->said, "events");

	for (size_t i = 0; expected && i < json_object_array_length(expected); i++)
		if (match_optional(tracer_context(), json_object_array_get_idx(expected, i)))
			return true;
	return get(row->said, "may");
}
