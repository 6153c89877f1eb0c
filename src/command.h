/* SPDX-License-Identifier: GPL-2.0-only */
/* execfail -- COMMAND: a child that waits until everything is attached. */
#ifndef EXECFAIL_COMMAND_H
#define EXECFAIL_COMMAND_H

#include <signal.h>
#include <sys/types.h>

enum {
	COMMAND_NOT_EXECUTABLE = 126,
	COMMAND_NOT_FOUND = 127,
};

struct command {
	pid_t pid;
	int gate; /* closed, or written to: the child goes on */
};

/*
 * Forks the child, with the signal mask given, and leaves it waiting. argv ends with NULL; argv[0] without a slash is
 * looked for in PATH as a shell does, without a failed exec for each directory. 0 or -errno.
 */
int command_prepare(struct command *command, char **argv, const sigset_t *mask);

/* Lets it run. */
void command_release(struct command *command);

/* The exit status as a shell gives it, 128 + signal for a killed one; -1 while it runs. */
int command_poll(struct command *command);

/* Ends a child that was never released, or forgets one that runs. */
void command_abandon(struct command *command);

#endif
