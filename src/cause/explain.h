/* SPDX-License-Identifier: GPL-2.0-only */
/* execfail explain PATH: whether an exec would fail for this user or another, and why, without tracing anything. */
#ifndef EXECFAIL_EXPLAIN_H
#define EXECFAIL_EXPLAIN_H

#include <stdbool.h>
#include <stdio.h>

#include "look/view.h"

enum {
	EXPLAIN_STARTS = 0, /* as far as can be seen, also where not all can */
	EXPLAIN_FAILS = 1,
};

/* Somebody else. What it points to is its maker's. */
struct explain_who {
	struct view_as as;
	uint32_t uid, gid;
	const char *cwd; /* from the root of as; NULL: that of the process */
	char **environment; /* ends with NULL; NULL: none */
	bool filtered; /* it has a seccomp filter, which nobody can ask */
	const char *label; /* what its security module calls it by, likewise; NULL: that confines it by none */
	char **program; /* what a unit starts, with its arguments; ends with NULL; NULL: nothing that is known */
};

struct explain_request {
	char **argv; /* path, or a name to search for in PATH, and arguments; or several; ends with NULL */
	bool several;
	const struct explain_who *who; /* NULL: this process */
	bool json;
	bool since; /* say since when it is so, where that is known */
};

/* Returns the exit status: of several, that of the worst. A line, or a JSON object, for each was written to out. */
int explain(const struct explain_request *request, FILE *out);

/* Where that came to no end: what it looked at did not answer. silent: its path; n 0: unknown. */
void explain_silent(const char *name, struct bytes silent, bool json, FILE *out);

#endif
