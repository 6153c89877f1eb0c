/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What each of the three processes may do: its user, its capabilities, its system calls. Whatever is found to be wrong
 * in one of them is worth no more than that.
 */
#ifndef EXECFAIL_CONFINE_H
#define EXECFAIL_CONFINE_H

#include <stdbool.h>
#include <stdio.h>

enum confine_role {
	CONFINE_READER, /* reads what the kernel sends, prints it, never looks */
	CONFINE_COUNTER, /* the same where the kernel refuses its counters to who has no capability (before 5.19) */
	CONFINE_STARTER,
	CONFINE_WORKER,
	CONFINE_OPENER, /* opens one file to write it, and nothing else */
	CONFINE_ROLES,
};

/*
 * Once and for all. refused: told the number of a system call that the role is not allowed, in a signal handler; then
 * the process ends with EXIT_REFUSED. 0 or -errno.
 */
int confine(enum confine_role role, void (*refused)(int call));

enum { EXIT_REFUSED = 125 };

/* For stderr: who made the call that is not allowed, whichever of them it was. */
void confine_say_refused(const char *who, int call);

/* Whether it works for who has no capability. */
bool confine_works(bool (*works)(void *context), void *context);

/* Names of those that we have not and that looking needs, and what for: a line each, by log_warn(). */
void confine_warn(void);

/* What each role keeps, and why. */
void confine_describe(FILE *to, bool json);

#endif
