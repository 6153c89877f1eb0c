/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where printers write: one buffer in front of one descriptor.
 *
 * A printer appends to `text` and calls output_commit() at the end of each event; session.c calls output_flush() at the
 * end of each batch. So a batch costs one write(2), an event alone is out at once, and the buffer stays bounded.
 *
 * SIGPIPE must be ignored. A reader that does not read is waited for, and nothing seen is dropped, until
 * output_watch()'s function has had enough.
 */
#ifndef EXECFAIL_OUTPUT_H
#define EXECFAIL_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "base/buffer.h"
#include "print/style.h"

/*
 * Asked several times in a second while a write waits for the reader, who for waited_ms milliseconds has taken nothing.
 * True: no more is written.
 */
typedef bool output_patience(void *context, unsigned int waited_ms);

/*
 * How many failures there were of the kind of an event, and when the last (CLOCK_REALTIME); false: nobody counted them.
 */
typedef bool output_count(void *context, const struct event *event, uint64_t *n, int64_t *last_ns);

struct output {
	int fd;
	bool tty;
	bool live; /* a terminal that may be drawn over: it obeys, and nobody else is known to write there */
	bool beside; /* what is said on stderr goes to the same terminal */
	struct style style;
	bool colour;
	unsigned int columns; /* of the terminal; 0: unlimited, also where the style is wide */
	unsigned int rows, width; /* of its window; 0: unknown */
	struct buffer text;
	size_t *ends; /* of the events in text, in bytes from its beginning */
	size_t n_ends, room;
	int error; /* the first -errno; nothing is written after it. 0: none */
	uint64_t max; /* bytes that may be written; 0: any number */
	uint64_t written; /* bytes, so far */
	uint64_t beyond; /* events that there was no room for */
	bool full; /* there was none in this file */
	uint64_t unwritten; /* events that were not written, or not to their end */
	output_count *count; /* NULL: each comes as an event */
	void *counter; /* its context */
	uint64_t (*uncounted)(void *counter); /* those of no kind; set with count */
	output_patience *give_up;
	void *context;
	timer_t ticks; /* if give_up is set */
	void *state; /* the printer's own, between its begin and end */
};

/*
 * Does not own fd, which may be non-blocking; style is copied, NULL is all zeros. Colours come by themselves on a
 * terminal that is not dumb, unless NO_COLOR is set and not empty. Out of memory ends the program.
 */
struct output *output_new(int fd, const struct style *style);

/* What was not flushed is lost. NULL is fine. */
void output_free(struct output *output);

/* Takes SIGRTMIN. Without this call, and where fd is a regular file, a write waits for as long as it takes. */
void output_watch(struct output *output, output_patience *give_up, void *context);

/* Somebody else writes to that descriptor: if it is the same terminal, nothing of his is to be drawn over. */
void output_share(struct output *output, int fd);

/* Writes what there is, and goes on in another file, which is its own from now on: it has its own room. */
void output_turn(struct output *output, int fd);

/* Takes the width that the terminal's window has now; of what is no terminal, nothing. */
void output_measure(struct output *output);

/*
 * The end of an event: writes only when much has come together. 0 or -errno, as output_flush(). One that goes beyond
 * the maximum is taken back, and counted.
 */
int output_commit(struct output *output);

/*
 * Writes all out. 0, -EPIPE when the reader has gone, -ECANCELED when it was given up, or another -errno; the same
 * again from then on.
 */
int output_flush(struct output *output);

#endif
