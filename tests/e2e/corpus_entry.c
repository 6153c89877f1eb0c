// SPDX-License-Identifier: GPL-2.0-only
/* Rows: the call was refused before any file was looked for. */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "corpus.h"

static void wild_path(struct world *w)
{
	w->call.path = (const char *)8;
}

static void null_path(struct world *w)
{
	w->call.path = NULL;
}

static void long_path(struct world *w)
{
	/* With its NUL one byte more than PATH_MAX. */
	w->call.path = text_repeat("/", PATH_MAX);
	w->call.argv[0] = "program";
}

static void expect_start_of_path(struct world *w, struct json_object *event)
{
	(void)w;
	/* The kernel copied nothing: the tracer may have read a part of it, or none. */
	expect(event, "path", match_or_null(match("prefix", json_text("////"))));
}

static void path_unknown(struct world *w, struct json_object *event)
{
	(void)w;
	expect(event, "path", NULL);
}

/* The limit counts processes of the user that are already there. */
static void process_of_nobody(struct world *w)
{
	pid_t pid = fork();

	(void)w;
	if (!pid) {
		become(NOBODY);
		raise(SIGSTOP); /* until the owner ends it */
		_exit(0);
	}
	if (waitpid(pid, NULL, WUNTRACED) != pid)
		die("waitpid: %m");
}

static void no_more_processes(struct world *w)
{
	(void)w;
	limit(RLIMIT_NPROC, 0);
}

const struct scenario entry_scenarios[] = {
	{ "path_fault", "entry", EFAULT, .path = "@/program", .prepare = wild_path, .adjust = path_unknown },
	{ "path_null", "entry", EFAULT, .path = "@/program", .prepare = null_path, .adjust = path_unknown },
	{ "path_empty", "entry", ENOENT, .path = "" },
	{ "path_empty_execveat", "entry", ENOENT, .at = true, .dir = "@", .path = "" },
	{ "path_too_long", "entry", ENAMETOOLONG, .path = "/", .setup = long_path, .adjust = expect_start_of_path },
	{ "process_limit", "entry", EAGAIN, .path = "@/program", .uid = NOBODY, .setup = process_of_nobody,
	  .prepare = no_more_processes, FILES({ "program", 0755, GOOD_ELF }) },
	{ "execveat_unknown_flag", "entry", EINVAL, .at = true, .dir = "@", .path = "program", .flags = 0x40000000,
	  FILES({ "program", 0755, GOOD_ELF }) },
	{},
};
