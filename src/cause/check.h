/* SPDX-License-Identifier: GPL-2.0-only */
/* execfail check DIR: every program in a tree that could not start there. Nothing of it is started. */
#ifndef EXECFAIL_CHECK_H
#define EXECFAIL_CHECK_H

#include <stdbool.h>
#include <stdio.h>

enum check_form {
	CHECK_TABLE,
	CHECK_JSON, /* a line for each */
	CHECK_SARIF, /* one document of SARIF 2.1.0 */
};

struct check_request {
	const char *directory;
	const char *root; /* whose files they are; NULL: directory's own if it looks like a root, else ours */
	const char *machine; /* uname -m of where they are to run; NULL: that of the root's own shell, or ours */
	enum check_form form;
	bool quiet;
	unsigned int threads; /* 0: one for each processor */
};

enum {
	CHECK_FINE = 0,
	CHECK_FOUND = 1, /* there are some */
	CHECK_TROUBLE = 2, /* it could not be looked into */
};

/* out: what was found. notes: how far it is, where that is a terminal, and how many there were. */
int check(const struct check_request *request, FILE *out, FILE *notes);

#endif
