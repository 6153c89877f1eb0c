// SPDX-License-Identifier: GPL-2.0-only
/*
 * runner: starts execfail once, runs rows of the corpus one by one, and compares what execfail printed with what each
 * row says must be seen.
 */
#define _GNU_SOURCE
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "runner.h"

struct tally tally;

static const char *corpus_path, *execfail_path;

/* the row under way */
static struct stream answer = { .fd = -1 }, complaints = { .fd = -1 };
static struct json_object *row; /* what the corpus said */
static char *complaint;
static pid_t owner; /* the corpus process */
static bool explained; /* asked once for each row */
static int told; /* so many things that are wrong with it */

static bool given_up; /* execfail does not answer: the rows that are left need not wait for it, too */

#define TOLD_AT_MOST 5

/*
 * Threads that all fail at once may preempt each other inside of a program, which the kernel then does not run again.
 * Such a loss must have been counted: of these rows, no more may be missing than execfail said in the end.
 */
static int missing_in_row;
static long missing_in_all;

/* owners of finished rows: an event of theirs that comes now comes too late */
static struct {
	pid_t pid;
	const char *name;
	char *over; /* when its number became free for others */
} * finished;
static size_t n_finished;

static void *grow(void *array, size_t count, size_t size)
{
	array = reallocarray(array, count, size);
	if (!array)
		die("out of memory");
	return array;
}

static void forget_row(void)
{
	json_object_put(row);
	row = NULL;
	free(complaint);
	complaint = NULL;
	told = 0;
	explained = false;
	missing_in_row = 0;
	tracer_forget();
}

static void show(struct json_object *event)
{
	if (event)
		printf("# %s\n",
		       json_object_to_json_string_ext(event, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
}

/* One line per row, whatever is wrong; the rest are comments to it. */
static void not_ok(const char *name, const char *why, struct json_object *event)
{
	if (++told > TOLD_AT_MOST)
		return;
	if (told == 1)
		printf("not ok %s # %s\n", name, why);
	else
		printf("# and: %s\n", why);
	show(event);
}

static struct json_object *get(struct json_object *object, const char *field)
{
	return json_object_object_get(object, field);
}

static bool is_pid(struct json_object *value, pid_t pid)
{
	return pid > 0 && json_object_is_type(value, json_type_int) && json_object_get_int64(value) == pid;
}

static bool descends_from(struct json_object *event, pid_t pid)
{
	struct json_object *ancestors = get(event, "ancestors");

	if (is_pid(get(event, "pid"), pid) || is_pid(get(event, "ppid"), pid))
		return true;
	if (!json_object_is_type(ancestors, json_type_array))
		return false;
	for (size_t i = 0; i < json_object_array_length(ancestors); i++)
		if (is_pid(get(json_object_array_get_idx(ancestors, i), "pid"), pid))
			return true;
	return false;
}

static bool kernel_invoked(struct json_object *event)
{
	return json_object_get_boolean(get(event, "kernel_invoked"));
}

static bool is_expected_kernel_event(struct json_object *event, struct json_object *expected)
{
	return kernel_invoked(event) && kernel_invoked(expected) &&
	       json_object_equal(get(event, "path"), get(expected, "path"));
}

static bool belongs(struct json_object *event)
{
	struct json_object *expected = get(row, "events");

	if (descends_from(event, owner) || descends_from(event, json_object_get_int(get(row, "pid"))))
		return true;
	for (size_t i = 0; i < json_object_array_length(expected); i++) {
		struct json_object *one = json_object_array_get_idx(expected, i), *pid = get(one, "pid");

		if (is_expected_kernel_event(event, one))
			return true;
		if (json_object_is_type(pid, json_type_int) && descends_from(event, json_object_get_int(pid)))
			return true;
	}
	return false;
}

/* The events of this row, either those of its processes or those the kernel started. */
static struct json_object *own_events(bool by_kernel)
{
	struct json_object *own = json_object_new_array();

	for (size_t i = 0; i < json_object_array_length(tracer_events()); i++) {
		struct json_object *event = json_object_array_get_idx(tracer_events(), i);

		if (kernel_invoked(event) == by_kernel && belongs(event))
			json_object_array_add(own, json_object_get(event));
	}
	return own;
}

static bool same_call(struct json_object *expected, struct json_object *event)
{
	return match_value(tracer_context(), get(expected, "path"), get(event, "path")) &&
	       match_value(tracer_context(), get(expected, "errno"), get(event, "errno"));
}

static bool may_come(struct json_object *event)
{
	struct json_object *may = get(row, "may");

	for (size_t i = 0; may && i < json_object_array_length(may); i++)
		if (same_call(json_object_array_get_idx(may, i), event))
			return true;
	return false;
}

/* Takes the event to compare with this expectation out of the list: the next one, unless order is a matter of luck. */
static struct json_object *take_event(struct json_object *own, struct json_object *expected)
{
	bool unordered = json_object_get_boolean(get(row, "unordered"));
	size_t n = json_object_array_length(own);

	for (size_t i = 0; i < (unordered ? n : n ? 1 : 0); i++) {
		struct json_object *event = json_object_array_get_idx(own, i);

		if ((unordered || match_optional(tracer_context(), expected)) && !same_call(expected, event))
			continue;
		event = json_object_get(event);
		json_object_array_del_idx(own, i, 1);
		return event;
	}
	return NULL;
}

/* Who asks afterwards, without tracing, must be told the same. */
static int compare_explained(const char *name, struct json_object *expected, struct json_object *event)
{
	struct json_object *path = get(expected, "@explain"), *answer;
	char why[200];
	bool same;

	if (!path || explained)
		return 0;
	explained = true;
	answer = explain(execfail_path, json_object_get_string(path));
	same = json_object_equal(get(answer, "reason"), get(event, "reason"));
	snprintf(why, sizeof(why), "`execfail explain` says %s",
		 json_object_get_string(get(answer, "reason")) ?: "no reason");
	if (!same)
		not_ok(name, why, answer);
	json_object_put(answer);
	return !same;
}

/* Expected and seen. Returns the number of complaints. */
static int compare(const char *name, struct json_object *own, bool by_kernel)
{
	struct json_object *expected = get(row, "events");
	int wrong = 0;

	for (size_t i = 0; i < json_object_array_length(expected); i++) {
		struct json_object *one = json_object_array_get_idx(expected, i), *event;
		char *difference;

		if (kernel_invoked(one) != by_kernel)
			continue;
		event = take_event(own, one);
		if (!event && json_object_get_boolean(get(row, "unordered")) &&
		    !match_optional(tracer_context(), one)) {
			missing_in_row++;
		} else if (!event && !match_optional(tracer_context(), one)) {
			not_ok(name, "this event is missing", one);
			wrong++;
		}
		difference = event ? match_event(tracer_context(), one, event) : NULL;
		if (difference) {
			not_ok(name, difference, event);
			wrong++;
		}
		free(difference);
		if (event)
			wrong += compare_explained(name, one, event);
		json_object_put(event);
	}
	for (size_t i = 0; i < json_object_array_length(own); i++) {
		struct json_object *event = json_object_array_get_idx(own, i);

		if (may_come(event))
			continue;
		not_ok(name, "this event was not expected", event);
		wrong++;
	}
	return wrong;
}

static bool enough_events(void)
{
	size_t wanted = 0, have = 0;
	struct json_object *expected = get(row, "events");

	for (size_t i = 0; i < json_object_array_length(expected); i++)
		wanted += !match_optional(tracer_context(), json_object_array_get_idx(expected, i));
	for (size_t i = 0; i < json_object_array_length(tracer_events()); i++)
		have += belongs(json_object_array_get_idx(tracer_events(), i));
	return have >= wanted;
}

/* As the time of an event: text that sorts as time does. */
static char *time_now(void)
{
	struct timespec now;
	char *text, seconds[32];
	struct tm tm;

	clock_gettime(CLOCK_REALTIME, &now);
	strftime(seconds, sizeof(seconds), "%Y-%m-%dT%H:%M:%S", gmtime_r(&now.tv_sec, &tm));
	if (asprintf(&text, "%s.%09ldZ", seconds, now.tv_nsec) < 0)
		abort();
	return text;
}

/* Numbers of processes come round: what failed after the row was over is somebody else's. */
static bool is_late(struct json_object *event, size_t k)
{
	const char *when = json_object_get_string(get(event, "time"));

	return descends_from(event, finished[k].pid) && when && strcmp(when, finished[k].over) <= 0;
}

/* Counted as failures of their own: the row under way has no part in it. */
static void check_late_events(void)
{
	for (size_t i = 0; i < json_object_array_length(tracer_events()); i++) {
		struct json_object *event = json_object_array_get_idx(tracer_events(), i);

		for (size_t k = 0; k < n_finished && !descends_from(event, owner); k++) {
			if (!is_late(event, k))
				continue;
			printf("not ok %s # an event that came only after the row was over\n", finished[k].name);
			show(event);
			tally.failed++;
			break;
		}
	}
}

static void answer_line(char *line)
{
	if (row)
		json_object_put(row);
	row = parse_object(line);
}

static void complaint_line(char *line)
{
	append_line(&complaint, line);
}

static bool answered(void)
{
	return row || (answer.fd < 0 && complaints.fd < 0);
}

/* Asks it to end, so that it restores what it changed, and insists. */
static bool end_corpus(struct child *corpus, int *status)
{
	close(corpus->in);
	if (child_reap(corpus->pid, status, row ? END_SECONDS * 1000 : 0))
		return true;
	kill(corpus->pid, SIGTERM);
	if (child_reap(corpus->pid, status, END_SECONDS * 1000))
		return row;
	kill(corpus->pid, SIGKILL);
	child_reap(corpus->pid, status, 1000);
	return false;
}

static bool judge(const char *name)
{
	struct json_object *own = own_events(false), *kernels = own_events(true);
	int wrong = compare(name, own, false) + compare(name, kernels, true);

	json_object_put(own);
	json_object_put(kernels);
	return !wrong;
}

static bool run_with_corpus(const char *name)
{
	if (!stream_pump(answered, CORPUS_SECONDS * 1000)) {
		not_ok(name, "the row hangs", NULL);
		return false;
	}
	if (!row)
		return false;
	if (!tracer_catch_up()) {
		given_up = true;
		not_ok(name, tracer_ended() ? "execfail has ended" : "execfail did not report the sentinels in time",
		       NULL);
		return false;
	}
	/* What it tried to find out that it must be skipped may have failed as an exec, too. */
	if (get(row, "skip"))
		return true;
	stream_pump(enough_events, HELD_SECONDS * 1000); /* for a tracer that holds events back to fold them */
	return judge(name);
}

static void run_row(const char *name)
{
	char *argv[] = { (char *)corpus_path, "--hold", (char *)name, NULL };
	struct child corpus;
	int status = 0;
	bool good;

	corpus = child_start(argv);
	owner = corpus.pid;
	stream_open(&answer, corpus.out, answer_line);
	stream_open(&complaints, corpus.err, complaint_line);
	good = run_with_corpus(name);
	if (!end_corpus(&corpus, &status) || !WIFEXITED(status) || WEXITSTATUS(status)) {
		char why[64];

		snprintf(why, sizeof(why), "the corpus ended with wait status %#x", status);
		if (!told)
			not_ok(name, complaint ? strtok(complaint, "\n") : why, NULL);
		good = false;
	}
	if (told > TOLD_AT_MOST)
		printf("# and %d more\n", told - TOLD_AT_MOST);
	stream_close(&answer);
	stream_close(&complaints);
	check_late_events();
	owner = 0;
	finished = grow(finished, n_finished + 1, sizeof(*finished));
	finished[n_finished].pid = corpus.pid;
	finished[n_finished].over = time_now();
	finished[n_finished++].name = name;

	if (!good) {
		tally.failed++;
	} else if (get(row, "skip")) {
		printf("skip %s # %s\n", name, json_object_get_string(get(row, "skip")));
		tally.skipped++;
	} else if (missing_in_row) {
		printf("skip %s # %d events are missing: see the check of what was lost\n", name, missing_in_row);
		missing_in_all += missing_in_row;
		tally.skipped++;
	} else {
		printf("ok %s\n", name);
		tally.passed++;
	}
	fflush(stdout);
	forget_row();
}

/* ---- all of it ---- */

static char **all_names;
static size_t n_names;

static void name_line(char *line)
{
	all_names = grow(all_names, n_names + 2, sizeof(*all_names));
	all_names[n_names++] = strdup(line);
	all_names[n_names] = NULL;
}

static bool answer_closed(void)
{
	return answer.fd < 0;
}

static char **corpus_names(void)
{
	char *argv[] = { (char *)corpus_path, "--list", NULL };
	struct child child = child_start(argv);
	int status;

	close(child.in);
	close(child.err);
	stream_open(&answer, child.out, name_line);
	if (!stream_pump(answer_closed, CORPUS_SECONDS * 1000) || !child_reap(child.pid, &status, END_SECONDS * 1000) ||
	    !n_names)
		die("%s --list gave no names", corpus_path);
	return all_names;
}

/* ---- options ---- */

static struct {
	struct tracer_options tracer;
	const char *out;
	bool list;
} options;

static void usage(FILE *to)
{
	fputs("Usage: runner --execfail PATH --corpus PATH [--hooks FAMILY] [--transport NAME] [--out FILE] [--list] "
	      "[NAME...]\n"
	      "Runs rows of the corpus (all by default) under one execfail and compares. --out keeps every line "
	      "execfail printed.\n",
	      to);
}

static void parse_options(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "execfail", required_argument, NULL, 'e' }, { "corpus", required_argument, NULL, 'c' },
		{ "hooks", required_argument, NULL, 'H' },    { "transport", required_argument, NULL, 't' },
		{ "out", required_argument, NULL, 'o' },      { "list", no_argument, NULL, 'l' },
		{ "help", no_argument, NULL, 'h' },           {},
	};
	const char **texts[] = {
		['e'] = &options.tracer.execfail,  ['c'] = &corpus_path, ['H'] = &options.tracer.hooks,
		['t'] = &options.tracer.transport, ['o'] = &options.out,
	};
	int option;

	while ((option = getopt_long(argc, argv, "h", longs, NULL)) != -1) {
		if (option == 'l') {
			options.list = true;
		} else if (option == 'h') {
			usage(stdout);
			exit(0);
		} else if (option == '?') {
			usage(stderr);
			exit(2);
		} else {
			*texts[option] = optarg;
		}
	}
	execfail_path = options.tracer.execfail;
	if (corpus_path && (options.tracer.execfail || options.list))
		return;
	usage(stderr);
	exit(2);
}

static void check_losses(void)
{
	if (!missing_in_all && !tracer_skipped())
		return;
	if (missing_in_all > tracer_skipped()) {
		printf("not ok lost # %ld events are missing, and execfail counted %ld\n", missing_in_all,
		       tracer_skipped());
		tally.failed++;
	} else {
		printf("ok lost\n");
		tally.passed++;
	}
}

static void run_rows(char **names)
{
	if (options.out && !(options.tracer.out = fopen(options.out, "ae")))
		die("%s: %m", options.out);
	tracer_start(&options.tracer);
	while (*names && !given_up && !tracer_ended()) {
		alarm(RUNNER_SECONDS);
		run_row(*names++);
	}
	if (*names) {
		printf("not ok %s # execfail has ended before it, or hangs. It said:\n%s", *names, tracer_messages());
		tally.failed++;
	}
	alarm(RUNNER_SECONDS);
	tracer_stop();
	check_late_events();
	check_losses();
	if (options.tracer.out)
		fclose(options.tracer.out);
	printf("%d passed, %d failed, %d skipped\n", tally.passed, tally.failed, tally.skipped);
}

int main(int argc, char **argv)
{
	char **names;

	parse_options(argc, argv);
	signal(SIGPIPE, SIG_IGN);
	children_watch();
	names = corpus_names();
	if (!options.list) {
		run_rows(optind < argc ? argv + optind : names);
		return tally.failed || !tally.passed;
	}
	while (*names)
		puts(*names++);
	return 0;
}
