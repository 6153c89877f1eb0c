/* SPDX-License-Identifier: GPL-2.0-only */
/* The command line. */
#ifndef EXECFAIL_OPTIONS_H
#define EXECFAIL_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "event/events.h"
#include "filter/filter.h"
#include "kernel/tracer.h"
#include "print/printer.h"
#include "print/style.h"
#include "user.h"

enum fold_choice { FOLD_AUTO, FOLD_ON, FOLD_OFF }; /* as the form has it */

/* What explain and check are asked for. Strings belong to argv; NULL: not given. */
struct job_options {
	const char *user, *pid, *unit, *container; /* who is meant */
	const char *root, *cwd, *machine;
	const char *form;
	bool sarif; /* check: that form */
	bool several; /* explain: each word is a path */
};

/* Strings belong to argv. pids: with neither explain nor command. */
struct options {
	struct event_set events;
	struct filter filter;
	const struct printer *printer;
	struct style style;
	enum fold_choice fold; /* steps of searches are one event */
	unsigned int repeats_ms; /* how often what came again is told; 0: each by itself */
	uint64_t count; /* of events that are shown, after which it ends; 0: no end */
	unsigned int duration_ms; /* after which it ends; 0: no end */
	const char *write_to; /* file instead of stdout, "-": stdout; NULL: stdout */
	uint64_t max_size; /* of that, in bytes; 0: any */
	struct user user; /* whom command is started as */
	bool summary; /* counts, by the style's fields */
	unsigned int counts; /* by what of these the kernel counts, enum count_by; 0: it does not */
	bool quiet; /* nothing on stderr but errors */
	bool fail; /* with command: events make it OPTIONS_EXIT_FAILED */
	struct tracer_config tracer; /* buffer: between OPTIONS_BUFFER_MIN and _MAX, in bytes; scope: not set */
	bool show_secrets;
	bool doctor;
	int verbose; /* how often -v was given */
	int nice; /* of who reads the kernel's buffer; COMMAND has what we were started with */
	uint32_t *pids; /* who is followed, with all descendants, instead of the whole machine; the options' own */
	size_t n_pids; /* 0: not so */
	char **explain; /* path or name, and its arguments, ends with NULL; NULL: trace */
	char *check; /* directory; NULL: not that */
	struct job_options job; /* of explain and check */
	char **command; /* after `--`, ends with NULL; NULL: the whole machine */
};

enum {
	OPTIONS_REPEATS_MS = 10 * 1000, /* of forms that fold by themselves */
	OPTIONS_BUFFER_MIN = 128 * 1024,
	OPTIONS_BUFFER_MAX = 1024 * 1024 * 1024,
	OPTIONS_BUFFER = 16 * 1024 * 1024,
	OPTIONS_NICE = -20,
};

/* Whether searches through PATH become one event, be it only to tell whether something failed. */
static inline bool options_fold(const struct options *options)
{
	return options->fold == FOLD_ON || options->fail;
}

enum options_result {
	OPTIONS_RUN,
	OPTIONS_DONE, /* help, version or a list was printed: exit with 0 */
	OPTIONS_USAGE, /* one line was written to err: exit with OPTIONS_EXIT_USAGE */
};

enum { OPTIONS_EXIT_USAGE = 2, OPTIONS_EXIT_FAILED = 3 };

/*
 * Fills in all of options, defaults included; to be ended by options_free(), whatever the result. out: for what
 * OPTIONS_DONE prints.
 */
enum options_result options_parse(struct options *options, int argc, char **argv, FILE *out, FILE *err);
void options_free(struct options *options);

#endif
