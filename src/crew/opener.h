/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The file of -w, opened again when it was moved away: by a process of its own, since who prints has no right to any
 * more. It knows which file from the beginning, and hears nothing but that it is time.
 */
#ifndef EXECFAIL_OPENER_H
#define EXECFAIL_OPENER_H

#include <sys/types.h>

struct opener {
	int control; /* to poll: readable when opener_take() is to be called; -1: there is none */
	pid_t pid;
};

/* path: as for target_open(). To be ended by opener_close(). 0 or -errno. */
int opener_open(struct opener *opener, const char *path);

/* It is time. Never waits: it may have to, for a directory that somebody keeps locked. 0 or -errno. */
int opener_ask(const struct opener *opener);

/*
 * Its answer: the descriptor, which is the caller's, or -errno; -EAGAIN: there is none yet; -EPIPE: nor will there be
 * one.
 */
int opener_take(const struct opener *opener);

void opener_close(struct opener *opener);

#endif
