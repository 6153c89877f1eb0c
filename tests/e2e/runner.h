/* SPDX-License-Identifier: GPL-2.0-only */
/* What the parts of the runner share. */
#ifndef RUNNER_H
#define RUNNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

#include <json-c/json.h>

#include "runner_match.h"

/*
 * Against what hangs, so that they are much longer than anything takes on a machine that is emulated and busy: no test is
 * decided by them.
 */
#define START_SECONDS 600 /* verifying takes its time under emulation, on 5.4 most of all */
#define CORPUS_SECONDS 300 /* churn takes longest */
#define ARRIVAL_SECONDS 120
#define END_SECONDS 60
#define HELD_SECONDS 2 /* an event that may be held back to be told together with others */
#define RUNNER_SECONDS 700 /* for one row and all that it waits for */

extern struct tally {
	int passed, failed, skipped;
} tally;

/* runner_stream.c: lines from other processes */
struct stream {
	int fd; /* -1: closed */
	char *data;
	size_t size, room;
	void (*line)(char *line);
};

void stream_open(struct stream *s, int fd, void (*line)(char *line));
void stream_close(struct stream *s);
bool stream_pump(bool (*done)(void), long long milliseconds);
void append_line(char **text, const char *line);
struct json_object *parse_object(const char *line);
void __attribute__((noreturn, format(printf, 1, 2))) die(const char *format, ...);

struct child {
	pid_t pid;
	int in, out, err;
};

void children_watch(void); /* before the first is started */
struct child child_start(char **argv);
bool child_reap(pid_t pid, int *status, long long milliseconds);

/* runner_explain.c: what `execfail explain` says to nobody; NULL: nothing that can be read */
struct json_object *explain(const char *execfail, const char *path);

/* runner_tracer.c: execfail, from its start to its end */
struct tracer_options {
	const char *execfail, *hooks, *transport;
	FILE *out; /* keeps every line; may be NULL */
};

void tracer_start(const struct tracer_options *options);
void tracer_stop(void);
bool tracer_ended(void);
const char *tracer_messages(void);
const struct match_context *tracer_context(void);
struct json_object *tracer_events(void); /* all since the last tracer_forget() */
void tracer_forget(void);
long tracer_skipped(void); /* runs of its programs that the kernel skipped, and execfail counted as lost */
bool tracer_catch_up(void); /* until all that has happened so far was reported; false if that takes too long */

#endif
