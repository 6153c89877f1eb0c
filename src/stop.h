/* SPDX-License-Identifier: GPL-2.0-only */
/* When and how a run ends: by a signal, by COMMAND's end, or with the reader of the output. */
#ifndef EXECFAIL_STOP_H
#define EXECFAIL_STOP_H

#include <stdbool.h>
#include <stdint.h>

#include "command.h"

struct stop {
	int signals; /* signalfd: readable when stop_signals() is to be called */
	struct command_signals inherited; /* what this process was started with, for COMMAND */
	struct command *command; /* NULL: there is none */
	uint64_t ns; /* clock_kernel_ns(): what fails later is not looked at; 0: watching */
	int status; /* of the end */
	unsigned int asked; /* how often to end */
	int last_asked; /* by which signal */
	uint64_t asked_ns; /* and when */
	bool noticed; /* that the output is waited for */
};

/* Blocks the signals that ask for an end, to be read from stop->signals. 0 or -errno. */
int stop_open(struct stop *stop, struct command *command, int status);
void stop_close(struct stop *stop);

/* Only what failed before is of interest from now on; the first call counts. */
void stop_now(struct stop *stop, int status);

/* All signals that have come. */
void stop_signals(struct stop *stop);

/*
 * For output_watch(), context is the stop: how long a reader is waited for that does not read. Who pressed Ctrl-C is there
 * to press it again; who sends SIGTERM will send SIGKILL next.
 */
bool stop_patience(void *context, unsigned int waited_ms);

#endif
