/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where printers write: one buffer in front of one descriptor.
 *
 * A printer appends to `text` and calls output_commit() at the end of each event; main calls output_flush() at the end
 * of each batch. So a batch costs one write(2), an event alone is out at once, and the buffer stays bounded.
 *
 * SIGPIPE must be ignored. A reader that does not read is waited for, through signals: nothing seen is dropped.
 */
#ifndef EXECFAIL_OUTPUT_H
#define EXECFAIL_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "buffer.h"

struct output {
	int fd;
	bool tty;
	bool colour; /* tty, and NO_COLOR is unset or empty */
	unsigned int columns; /* of the terminal; 0: unlimited */
	struct buffer text;
	int error; /* the first -errno; nothing is written after it */
	void *state; /* the printer's own, between its begin and end */
};

/* Does not own fd. Out of memory ends the program. */
struct output *output_new(int fd);

/* What was not flushed is lost. NULL is fine. */
void output_free(struct output *output);

/* The end of an event: writes only when much has come together. 0 or -errno, as output_flush(). */
int output_commit(struct output *output);

/* Writes all out. 0, -EPIPE when the reader has gone, or another -errno; the same again from then on. */
int output_flush(struct output *output);

#endif
