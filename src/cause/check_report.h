/* SPDX-License-Identifier: GPL-2.0-only */
/* What a check found, said in the form that is wanted. */
#ifndef EXECFAIL_CHECK_REPORT_H
#define EXECFAIL_CHECK_REPORT_H

#include "cause/check.h"

/* Strings are owned, and text for people already, but for the paths. */
struct check_finding {
	char *path; /* from the tree's top */
	char *reason;
	char *hint;
	const char *stage; /* static */
	const char *error; /* "ENOENT", static; NULL: no exec fails */
};

struct check_findings {
	struct check_finding *v; /* sorted by path */
	size_t n;
};

void check_report(const struct check_findings *findings, const struct check_request *request, FILE *out);

#endif
