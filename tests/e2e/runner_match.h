/* SPDX-License-Identifier: GPL-2.0-only */
/* Compares what a row expects with what was seen; README.md describes the language. */
#ifndef RUNNER_MATCH_H
#define RUNNER_MATCH_H

#include <stdbool.h>

#include <json-c/json.h>

/* What expectations may depend on. */
struct match_context {
	const char *family; /* of the hooks in use */
	int kernel; /* version * 1000 + patch level: 6012 */
};

int match_kernel_version(void);
bool match_value(const struct match_context *c, struct json_object *expected, struct json_object *actual);

/* Whether the event may be missing with this family, or before a kernel version. */
bool match_optional(const struct match_context *c, struct json_object *expected);

/* Every differing field, as "field: expected X got Y", joined by "; ". NULL when there is none. The caller frees. */
char *match_event(const struct match_context *c, struct json_object *expected, struct json_object *actual);

#endif
