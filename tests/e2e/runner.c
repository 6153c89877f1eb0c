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
#include <unistd.h>

#include "runner.h"

/* ---- rows ---- */

static const char *corpus_path;
static struct stream answer = { .fd = -1 };
static char **all_names;
static size_t n_names;

static void name_line(char *line)
{
	all_names = reallocarray(all_names, n_names + 2, sizeof(*all_names));
	if (!all_names)
		die("out of memory");
	all_names[n_names++] = strdup(line);
	all_names[n_names] = NULL;
}

static bool answer_closed(void)
{
	return answer.fd < 0;
}

/* The runner's own first. */
static char **corpus_names(void)
{
	char *argv[] = { (char *)corpus_path, "--list", NULL };
	struct child child = child_start(argv);
	char own[] = START_NAME;
	int status;

	name_line(own);
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
	fputs("Usage: runner --execfail PATH --corpus PATH [--hooks FAMILY] [--transport NAME] [--btf FILE] [--out FILE] "
	      "[--list] [--related] [--ours] [NAME...]\n"
	      "Runs rows of the corpus (all by default) under one execfail and compares. --out keeps every line "
	      "execfail printed. --related: events beside failures, too. --ours: of our own processes, and the kernel's.\n",
	      to);
}

static void parse_options(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "execfail", required_argument, NULL, 'e' },
		{ "corpus", required_argument, NULL, 'c' },
		{ "hooks", required_argument, NULL, 'H' },
		{ "transport", required_argument, NULL, 't' },
		{ "out", required_argument, NULL, 'o' },
		{ "list", no_argument, NULL, 'l' },
		{ "related", no_argument, NULL, 'r' },
		{ "help", no_argument, NULL, 'h' },
		{ "btf", required_argument, NULL, 'b' },
		{ "ours", no_argument, NULL, 'O' },
		{},
	};
	const char **texts[] = {
		['e'] = &options.tracer.execfail,  ['c'] = &corpus_path, ['H'] = &options.tracer.hooks,
		['t'] = &options.tracer.transport, ['o'] = &options.out, ['b'] = &options.tracer.btf,
	};
	int option;

	while ((option = getopt_long(argc, argv, "h", longs, NULL)) != -1) {
		if (option == 'l') {
			options.list = true;
		} else if (option == 'r') {
			options.tracer.related = true;
		} else if (option == 'O') {
			options.tracer.ours = true;
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
	if (corpus_path && (options.tracer.execfail || options.list))
		return;
	usage(stderr);
	exit(2);
}

static void run_rows(char **names)
{
	bool start;

	if (options.out && !(options.tracer.out = fopen(options.out, "ae")))
		die("%s: %m", options.out);
	alarm(RUNNER_SECONDS);
	if (options.tracer.related)
		related_begin();
	start = *names && !strcmp(*names, START_NAME);
	if (start)
		start_begin();
	tracer_start(&options.tracer);
	if (start) {
		start_end();
		names++;
	}
	while (*names && !row_gave_up() && !tracer_ended()) {
		alarm(RUNNER_SECONDS);
		row_run(*names++, corpus_path, options.tracer.execfail);
	}
	if (*names) {
		printf("not ok %s # execfail has ended before it, or hangs. It said:\n%s", *names, tracer_messages());
		tally.failed++;
	}
	alarm(RUNNER_SECONDS);
	tracer_stop();
	rows_check_late();
	if (options.tracer.related)
		related_end();
	check_losses(tracer_skipped());
	if (options.tracer.out)
		fclose(options.tracer.out);
	printf("%d passed, %d failed, %d skipped\n", tally.passed, tally.failed, tally.skipped);
}

int main(int argc, char **argv)
{
	char **names;

	parse_options(argc, argv);
	signal(SIGPIPE, SIG_IGN);
	names = options.tracer.related ? related_rows : corpus_names();
	if (!options.list) {
		run_rows(optind < argc ? argv + optind : names);
		return tally.failed || !tally.passed;
	}
	while (*names)
		puts(*names++);
	return 0;
}
