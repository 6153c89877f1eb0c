/* SPDX-License-Identifier: GPL-2.0-only */
/* When and how a run ends: by a signal, by COMMAND's end, or with the reader of the output. */
#ifndef EXECFAIL_STOP_H
#define EXECFAIL_STOP_H

#include <stdbool.h>
#include <stdint.h>

#include "command.h"
#include "crew/starter.h"

struct stop {
	int signals; /* signalfd: readable when stop_signals() is to be called; -1: none */
	struct command_signals inherited; /* what this process was started with, for COMMAND */
	struct command *command; /* its maker's; NULL: there is none */
	const struct starter *starter; /* likewise: hands signals on to it, whoever it is by now */
	uint64_t ns; /* when, by clock_kernel_ns(): what fails later is not looked at; 0: watching */
	int status; /* of the exit */
	unsigned int asked; /* how often to end */
	int last_asked; /* by which signal */
	uint64_t asked_ns; /* and when, by the same clock */
	bool outlasted; /* COMMAND goes on after the end of watching: its status is still waited for */
	bool again; /* SIGUSR1 has come: the output's file is to be opened again */
	bool noticed; /* that the output is waited for */
	bool paused; /* Ctrl-Z was pressed: stop_pause() is to be called */
	sigset_t mask; /* of the signals that are taken */
};

/*
 * Blocks the signals that ask for an end, SIGCHLD and SIGUSR1, to be read from stop->signals; ignores SIGPIPE. status:
 * until something sets another. 0 or -errno.
 */
int stop_open(struct stop *stop, struct command *command, const struct starter *starter, int status);
void stop_close(struct stop *stop);

/* From now on Ctrl-Z is told by `paused`, so that a terminal can be left in order first. 0 or -errno. */
int stop_take_pauses(struct stop *stop);

/* Stops as by Ctrl-Z, and returns when somebody lets it go on. */
void stop_pause(struct stop *stop);

/* Until COMMAND has ended, whose status is the exit's. Signals are handed on as before. */
void stop_outlast(struct stop *stop);

/* Only what failed before now is of interest: sets ns and status; the first call counts. */
void stop_now(struct stop *stop, int status);

/*
 * Takes all signals that have come, and COMMAND's status where it has ended. May be the end: stop_now(). Never waits.
 */
void stop_signals(struct stop *stop);

/*
 * For output_watch(), context is the stop: whether a reader that does not read has been waited for long enough. Who
 * pressed Ctrl-C is there to press it again; who sends SIGTERM will send SIGKILL next.
 */
bool stop_patience(void *context, unsigned int waited_ms);

#endif
