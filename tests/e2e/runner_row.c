// SPDX-License-Identifier: GPL-2.0-only
/* One row: the corpus does it, and what execfail printed meanwhile is compared with what the corpus says of it. */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "runner_row.h"

/* the row under way */
static struct row row;
static struct stream answer = { .fd = -1 }, complaints = { .fd = -1 };

/* owners of finished rows: an event of theirs that comes now comes too late */
static struct {
	pid_t pid;
	const char *name;
	bool open; /* it had events that need not come: nobody waited for them */
	char ended[sizeof("2000-01-01T00:00:00.000000000Z")]; /* as events have their time */
} * finished;
static size_t n_finished;

/* execfail does not answer: the rows that are left need not wait for it, too */
static bool gave_up;

bool row_gave_up(void)
{
	return gave_up;
}

static void write_now(char *to, size_t size)
{
	struct timespec now;
	struct tm date;
	size_t n;

	clock_gettime(CLOCK_REALTIME, &now);
	n = strftime(to, size, "%Y-%m-%dT%H:%M:%S", gmtime_r(&now.tv_sec, &date));
	snprintf(to + n, size - n, ".%09ldZ", now.tv_nsec);
}

static void row_finish(void)
{
	finished = reallocarray(finished, n_finished + 1, sizeof(*finished));
	if (!finished)
		die("out of memory");
	finished[n_finished].pid = row.owner;
	finished[n_finished].open = row_is_open(&row);
	write_now(finished[n_finished].ended, sizeof(finished[n_finished].ended));
	finished[n_finished++].name = row.check.name;
	json_object_put(row.said);
	free(row.complaint);
	row = (struct row){};
	tracer_forget();
}

/* Counted as failures of their own: the row under way has no part in it. */
void rows_check_late(void)
{
	for (size_t i = 0; i < json_object_array_length(tracer_events()); i++) {
		struct json_object *event = json_object_array_get_idx(tracer_events(), i);

		/* By churn, numbers of processes come round. */
		for (size_t k = 0; k < n_finished && !event_descends_from(event, row.owner); k++) {
			struct check late = { .name = finished[k].name };

			/* What failed later is somebody else's, who has that number by now. */
			if (finished[k].open || !event_descends_from(event, finished[k].pid) ||
			    strcmp(json_object_get_string(get(event, "time")) ?: "", finished[k].ended) > 0)
				continue;
			check_wrong(&late, "an event that came only after the row was over", event);
			check_end(&late, NULL);
			break;
		}
	}
}

static void answer_line(char *line)
{
	json_object_put(row.said);
	row.said = parse_object(line);
}

static void complaint_line(char *line)
{
	append_line(&row.complaint, line);
}

static bool answered(void)
{
	return row.said || (answer.fd < 0 && complaints.fd < 0);
}

/* Asks it to end, so that it restores what it changed, and insists. */
static bool end_corpus(struct child *corpus, int *status)
{
	close(corpus->in);
	if (child_reap(corpus->pid, status, row.said ? END_SECONDS * 1000 : 0))
		return true;
	kill(corpus->pid, SIGTERM);
	if (child_reap(corpus->pid, status, END_SECONDS * 1000))
		return row.said;
	kill(corpus->pid, SIGKILL);
	child_reap(corpus->pid, status, END_SECONDS * 1000);
	return false;
}

static bool enough_events(void)
{
	return row_events_are_enough(&row);
}

static void row_judge(void)
{
	if (!stream_pump(answered, CORPUS_SECONDS * 1000)) {
		check_wrong(&row.check, "the row hangs", NULL);
		return;
	}
	if (!row.said)
		return;
	if (!tracer_catch_up()) {
		gave_up = true;
		check_wrong(&row.check,
			    tracer_ended() ? "execfail has ended" : "execfail did not report the sentinels in time",
			    NULL);
		return;
	}
	/* What it tried to find out that it must be skipped may have failed as an exec, too. */
	if (get(row.said, "skip"))
		return;
	stream_pump(enough_events, HELD_SECONDS * 1000);
	row_compare(&row, false);
	row_compare(&row, true);
}

static void row_run_corpus(const char *corpus_path)
{
	char *argv[] = { (char *)corpus_path, "--hold", (char *)row.check.name, NULL };
	struct child corpus = child_start(argv);
	char why[64];
	int status = 0;

	row.owner = corpus.pid;
	stream_open(&answer, corpus.out, answer_line);
	stream_open(&complaints, corpus.err, complaint_line);
	row_judge();
	if (!end_corpus(&corpus, &status) || !WIFEXITED(status) || WEXITSTATUS(status) || !row.said) {
		snprintf(why, sizeof(why), "the corpus ended with wait status %#x", status);
		if (!row.check.wrong)
			check_wrong(&row.check, row.complaint ? strtok(row.complaint, "\n") : why, NULL);
	}
	stream_close(&answer);
	stream_close(&complaints);
}

void row_run(const char *name, const char *corpus, const char *execfail)
{
	struct json_object *skip;

	row.check.name = name;
	row.execfail = execfail;
	row_run_corpus(corpus);
	rows_check_late();
	skip = row.said ? get(row.said, "skip") : NULL;
	check_end(&row.check, skip ? json_object_get_string(skip) : NULL);
	row_finish();
}
