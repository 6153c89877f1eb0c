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

/* Against what hangs: no machine is so slow, emulated and busy as it may be, that one of these decides a test. */
#define START_SECONDS 600 /* verifying takes its time under emulation, beside others most of all */
#define CORPUS_SECONDS 600 /* churn takes longest */
#define ARRIVAL_SECONDS 180
#define END_SECONDS 60 /* for a process that was told to */
#define HELD_SECONDS 10 /* for an event that may be held back, to be told together with others */
#define RUNNER_SECONDS 1500 /* for a row, or a start, and all that it waits for: longer than the sum of these */

/* runner_report.c: what is told, and counted */
extern struct tally {
	int passed, failed, skipped;
} tally;

struct check {
	const char *name;
	int wrong; /* so many things are */
	long missing; /* events that may have been lost */
};

void check_wrong(struct check *check, const char *why,
		 struct json_object *event); /* event: that it is about, or NULL */
void check_end(const struct check *check, const char *skip); /* skip: why, or NULL */
void check_losses(long counted); /* what was missing in all checks, against what execfail says of it */

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

struct child child_start(char **argv);
bool child_reap(pid_t pid, int *status, long long milliseconds);

/* runner_row.c: the rows, one by one */
void row_run(const char *name, const char *corpus, const char *execfail);
bool row_gave_up(void);
void rows_check_late(void); /* events of rows that are over, among those that came since */

/* runner_explain.c: what `execfail explain` says to nobody; NULL: nothing that can be read */
struct json_object *explain(const char *execfail, const char *path);

/* runner_start.c: execs that fail while execfail starts. The second checks what it said of them. */
#define START_NAME "start"
void start_begin(void);
void start_end(void);

/* runner_related.c: events beside failures */
extern char *related_rows[]; /* that make enough of them; end with NULL */
void related_begin(void); /* without, there are none */
bool related_take(struct json_object *event, const char *kind); /* whether it is one of them */
void related_end(void);

/* runner_tracer.c: execfail, from its start to its end */
struct tracer_options {
	const char *execfail, *hooks, *transport, *btf;
	FILE *out; /* keeps every line; may be NULL */
	bool related; /* all kinds of events, not failures alone */
	bool ours; /* only of the runner's descendants and the kernel's: what else fails on the machine is not seen */
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
