/* SPDX-License-Identifier: GPL-2.0-only */
/* A row under way, for the parts of the runner that judge it. */
#ifndef RUNNER_ROW_H
#define RUNNER_ROW_H

#include "runner.h"

struct row {
	struct check check;
	const char *execfail; /* its path */
	pid_t owner; /* the corpus process */
	struct json_object *said; /* by the corpus: what must be seen */
	char *complaint; /* of the corpus */
	bool explained; /* `execfail explain` was asked */
};

static inline struct json_object *get(struct json_object *object, const char *field)
{
	return json_object_object_get(object, field);
}

/* runner_events.c: events that are the row's, either those of its processes or those that the kernel started */
struct json_object *row_events(const struct row *row, bool by_kernel);
bool row_events_are_enough(const struct row *row);
/* There are some that need not come. */
bool row_is_open(const struct row *row);
/* One of those that the row allows besides. */
bool row_may_come(const struct row *row, struct json_object *event);
bool event_descends_from(struct json_object *event, pid_t pid);
bool event_kernel_invoked(struct json_object *event);

/* runner_compare.c */
void row_compare(struct row *row, bool by_kernel);

#endif
