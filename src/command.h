/* SPDX-License-Identifier: GPL-2.0-only */
/* execfail -- COMMAND: a child that waits until everything is attached. */
#ifndef EXECFAIL_COMMAND_H
#define EXECFAIL_COMMAND_H

#include <signal.h>
#include <stdint.h>
#include <sys/types.h>

#include "user.h"

enum {
	COMMAND_LOST = 1, /* somebody else took its status */
	COMMAND_NOT_EXECUTABLE = 126,
	COMMAND_NOT_FOUND = 127,
};

/* All zero to begin with, but for gate, -1. */
struct command {
	pid_t pid; /* 0: there is none, or it has ended */
	int gate; /* a pipe. Written to: the child goes on; closed before that: it ends. -1: none any more */
};

/* What this process was started with, and has changed for itself; the command is to have the same. */
struct command_signals {
	sigset_t mask;
	struct sigaction pipe;
	struct sigaction child;
};

/*
 * Forks the child, as that user unless it has no name, with these signals, and leaves it waiting. argv ends with NULL;
 * argv[0] without a slash is looked for in PATH as a shell does, without a failed exec for each directory. 0 or -errno;
 * what fails in the child is said by it, and is its status.
 */
int command_prepare(struct command *command, char **argv, const struct user *user,
		    const struct command_signals *signals);

/* Lets it run. Once, after command_prepare(). */
void command_release(struct command *command);

/* While pid is set. The exit status as a shell gives it, 128 + signal for a killed one, COMMAND_LOST; -1: it runs. */
int command_poll(struct command *command);

/* Ends a child that was never released, and waits for that; one that runs goes on. Where there is none, nothing. */
void command_abandon(struct command *command);

#endif
