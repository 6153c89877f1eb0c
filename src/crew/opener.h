/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The file of -w, opened again when it was moved away: by a process of its own, since who prints has no right to any more. It
 * knows which file from the beginning, and hears nothing but that it is time.
 */
#ifndef EXECFAIL_OPENER_H
#define EXECFAIL_OPENER_H

#include <sys/types.h>

struct opener {
	int control; /* -1: there is none */
	pid_t pid;
};

/* path: as for target_open(). To be ended by opener_close(). 0 or -errno. */
int opener_open(struct opener *opener, const char *path);

/* Waits for it. The descriptor, which is the caller's, or -errno. */
int opener_again(const struct opener *opener);

void opener_close(struct opener *opener);

#endif
