// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/log.h"
#include "cause/check.h"
#include "cause/explain.h"
#include "crew/patience.h"
#include "filter/sift.h"
#include "identity.h"
#include "kernel/doctor.h"
#include "options.h"
#include "print/list.h"
#include "session.h"

enum { EXIT_TROUBLE = 1 };

/* The status, unless what was printed did not arrive. */
static int stdout_closed(int status)
{
	if (!fflush(stdout) && !ferror(stdout))
		return status;
	log_err("cannot write: %s", error_text(errno));
	return EXIT_TROUBLE;
}

/*
 * A standard descriptor that is closed would be taken by the next that is opened, and be written to or watched. One
 * that only stands for a path keeps the place and answers EBADF, as a closed one; COMMAND does not inherit it.
 */
static void open_standard(void)
{
	int fd;

	do
		fd = open("/", O_PATH | O_CLOEXEC);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

struct explaining {
	const struct options *options;
	struct arena *arena;
	struct bytes unit; /* what is said of it */
};

enum { EXPLAIN_NOT_FOUND = 2 }; /* whom to look as: why, instead of an answer */

/* What is looked at is others', and so is whom to look as. */
static int explain_found(void *context, FILE *out)
{
	const struct explaining *x = context;
	BUFFER_AUTO struct buffer error = {};
	struct explain_who who;
	int found = identity_find(&who, &x->options->job, x->unit, x->arena, &error);
	const struct explain_request request = {
		.argv = *x->options->explain ? x->options->explain : who.program,
		.several = x->options->job.several,
		.who = found ? &who : NULL,
		.since = true,
		.json = x->options->printer == &json_printer,
	};

	if (found >= 0 && !request.argv)
		buffer_puts(&error, "the unit starts no program of its own: name one");
	if (!error.n)
		return explain(&request, out);
	fputs(buffer_string(&error), out);
	return EXPLAIN_NOT_FOUND;
}

static void say_silent(const struct explaining *x, struct bytes silent)
{
	char **own = *x->options->explain ? NULL : identity_unit_program(x->arena, x->unit);
	const char *name = own ? *own : *x->options->explain ?: x->options->job.unit;

	explain_silent(name, silent, x->options->printer == &json_printer, stdout);
}

static int run_explain(const struct options *options)
{
	struct explaining x = { .options = options, .arena = arena_new() };
	BUFFER_AUTO struct buffer said = {};
	int status;

	/* For that one is waited: it is who is asked. */
	if (options->job.unit)
		x.unit = identity_ask_unit(x.arena, options->job.unit);
	status = patience_try(explain_found, &x, &said);
	if (status == -ETIMEDOUT)
		say_silent(&x, buffer_bytes(&said));
	else if (status == EXPLAIN_NOT_FOUND)
		log_err("%s", buffer_string(&said));
	else
		fwrite(said.p, 1, said.n, stdout);
	arena_free(x.arena);
	return status == EXPLAIN_STARTS ? EXPLAIN_STARTS : EXPLAIN_FAILS;
}

static int run_check(const struct options *options)
{
	const struct check_request request = {
		.directory = options->check,
		.root = options->job.root,
		.machine = options->job.machine,
		.form = options->job.sarif                  ? CHECK_SARIF
			: options->printer == &json_printer ? CHECK_JSON
							    : CHECK_TABLE,
		.quiet = options->quiet,
	};

	return check(&request, stdout, stderr);
}

static void say_filter(void *context, const char *what, const char *says)
{
	list_say(stdout, *(const bool *)context, what, "%s", says);
}

static int say_doctor(const struct options *options)
{
	bool json = options->printer == &json_printer;
	int status = doctor(stdout, json, &options->tracer);

	sift_describe(&options->filter, options_fold(options), say_filter, &json);
	return status;
}

/* What the options ask for. */
static int run(const struct options *options)
{
	log_init(options->quiet ? -1 : options->verbose, STDERR_FILENO);
	if (options->explain)
		return stdout_closed(run_explain(options));
	if (options->check)
		return stdout_closed(run_check(options));
	if (options->doctor)
		return stdout_closed(say_doctor(options));
	return session_trace(options);
}

int main(int argc, char **argv)
{
	struct options options;
	int status = 0;

	open_standard();
	switch (options_parse(&options, argc, argv, stdout, stderr)) {
	case OPTIONS_DONE:
		status = stdout_closed(0);
		break;
	case OPTIONS_USAGE:
		status = OPTIONS_EXIT_USAGE;
		break;
	case OPTIONS_RUN:
		status = run(&options);
		break;
	}
	options_free(&options);
	return status;
}
