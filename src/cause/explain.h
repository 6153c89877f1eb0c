/* SPDX-License-Identifier: GPL-2.0-only */
/* execfail explain PATH: whether an exec would fail for this user, and why, without tracing anything. */
#ifndef EXECFAIL_EXPLAIN_H
#define EXECFAIL_EXPLAIN_H

#include <stdbool.h>
#include <stdio.h>

#include "base/bytes.h"

enum {
	EXPLAIN_STARTS = 0, /* as far as can be seen, also where not all can */
	EXPLAIN_FAILS = 1,
};

/*
 * argv: the path, or a name to search for in PATH, and arguments; ends with NULL. Returns the exit status; one line, or
 * one JSON object, was written to out.
 */
int explain(char **argv, bool json, FILE *out);

/* Where that came to no end: what it looked at did not answer. silent: its path; n 0: unknown. */
void explain_silent(const char *name, struct bytes silent, bool json, FILE *out);

#endif
