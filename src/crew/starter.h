/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A process that is forked before anything else is there to be inherited: it starts workers, ends them, and hands
 * signals on to COMMAND. It never looks at anything, so that nobody makes it wait, and has neither our standard input,
 * output and error nor a descriptor of the kernel's programs: a worker that hangs for ever keeps nobody's pipe open.
 */
#ifndef EXECFAIL_STARTER_H
#define EXECFAIL_STARTER_H

#include <stdbool.h>
#include <sys/types.h>

#include "look/step.h"

enum { STARTER_WORKERS = 32 }; /* those that hang and cannot be ended counted */

/* A page for each worker, which that one alone can write to. */
union starter_page {
	struct step step;
	char bytes[64 * 1024]; /* no less than a page of any machine */
};

/* control -1: there is none. */
struct starter {
	pid_t pid;
	int control; /* to poll: readable when starter_take() is to be called */
	union starter_page *pages; /* STARTER_WORKERS */
};

struct starter_worker {
	pid_t pid;
	int socket; /* for requests and verdicts: the taker's to close, which ends the worker */
	int stat; /* its /proc/PID/stat, likewise; -1: there is none */
	const struct step *step; /* which may say anything */
};

/* command: 0, or the pid of a child, which is not yet waited for. 0 or -errno. */
int starter_open(struct starter *starter, pid_t command);

/* Asks for one more worker, for the end of one, or for a signal to COMMAND. 0 or -errno; never waits. */
int starter_ask(const struct starter *starter);
int starter_end(const struct starter *starter, pid_t worker);
int starter_signal(const struct starter *starter, int number);

/*
 * One that was asked for. 1, 0 when there is none yet, or -errno: -EMFILE when it could not be taken, -EPIPE when the
 * starter is no more.
 */
int starter_take(const struct starter *starter, struct starter_worker *worker);

/* Its workers are then ended by the kernel, one after the other. */
bool starter_has_ended(const struct starter *starter);

/* It ends, and its workers with it; waits for itself, unless it is stopped, and not for them. */
void starter_close(struct starter *starter);

#endif
