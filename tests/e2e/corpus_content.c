// SPDX-License-Identifier: GPL-2.0-only
/* Rows: what paths, arguments and environments contain. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "corpus.h"

#define ESCAPES "\x1b[2J\x1b]0;owned\x07"
#define BIDI                                                                                                           \
	"\xe2\x80\xae"                                                                                                 \
	"gnp.exe"                                                                                                      \
	"\xe2\x80\xac"
#define REPLACEMENT "\xef\xbf\xbd"

static void many_arguments(struct world *w, size_t count, size_t size)
{
	char **argv = calloc(count + 2, sizeof(*argv));

	argv[0] = w->call.argv[0];
	for (size_t i = 1; i <= count; i++) {
		argv[i] = text_printf("%zu", i);
		if (size)
			argv[i] = text_printf("%s%s", argv[i], text_repeat("x", size - strlen(argv[i])));
	}
	w->call.argv = argv;
}

/* They lie one behind the other as they please: rising, falling, twice, the end of another. */
static void arguments_in_any_order(struct world *w)
{
	static char line[] = "first\0second\0third\0fourth";
	static char *argv[] = { line + 6, line + 13, line, line + 19, line + 13, line + 15, line + 6, NULL };

	w->call.argv = argv;
}

static void arguments_falling_at_the_end(struct world *w)
{
	static char line[] = "first\0second\0third";
	static char *argv[] = { line + 6, line + 13, line, NULL };

	w->call.argv = argv;
}

static void arguments_200(struct world *w)
{
	many_arguments(w, 200, 0);
}

static void arguments_12_kib(struct world *w)
{
	many_arguments(w, 24, 512);
}

static void arguments_20_kib(struct world *w)
{
	many_arguments(w, 20, 1024);
}

static void argument_20_kib(struct world *w)
{
	many_arguments(w, 1, 20480);
}

static void arguments_500_long(struct world *w)
{
	many_arguments(w, 500, 1000);
}

static void arguments_3000(struct world *w)
{
	many_arguments(w, 3000, 0);
}

/* However many of them there is room for, all are counted; before 5.8 only those. */
static void arguments_maybe_cut(struct world *w, struct json_object *event)
{
	struct json_object *all;
	int n = 0;

	while (w->call.argv[n])
		n++;
	all = json_object_new_int(n);
	expect(event, "arguments", match("cut_of", json_list(w->call.argv)));
	expect(event, "argc", match_before("5.8", match_or_null(json_object_get(all)), all));
}

/* Bytes that are no UTF-8 are U+FFFD in the readable form, and kept as they are in `raw`. */
static void expect_raw(struct json_object *event, const char *field, const char *bytes)
{
	struct json_object *raw = json_object_new_object();

	expect_text(raw, field, base64(bytes));
	expect(event, "raw", match("includes", raw));
}

static void raw_path(struct world *w, struct json_object *event)
{
	expect_text(event, "path", expand(w, "@/caf" REPLACEMENT));
	expect_raw(event, "path", w->call.path);
}

static void raw_arguments(struct world *w, struct json_object *event)
{
	expect(event, "arguments", json_list((char *[]){ "program", "caf" REPLACEMENT "!", "plain", NULL }));
	expect_raw(event, "arguments[1]", w->call.argv[1]);
}

static void raw_environment(struct world *w, struct json_object *event)
{
	expect(event, "environment", json_list((char *[]){ "NAME=caf" REPLACEMENT "!", NULL }));
	expect_raw(event, "environment[0]", w->call.envp[0]);
}

static void raw_file(struct world *w, struct json_object *event)
{
	expect_text(event, "path", expand(w, "@/caf" REPLACEMENT));
	expect(event, "binary.path",
	       match_by_family("tracepoint", match_any(), json_text(expand(w, "@/caf" REPLACEMENT))));
	expect_text(event, "interpreter_path", NULL);
	expect_interp(event, expand(w, "@/th" REPLACEMENT));
	expect(event, "raw", match("has", json_text("path")));
}

static void hostile_comm(struct world *w)
{
	(void)w;
	prctl(PR_SET_NAME, "\x1b[31mred\n\"'");
}

static void invalid_comm(struct world *w)
{
	(void)w;
	prctl(PR_SET_NAME, "caf\xe9");
}

static void raw_comm(struct world *w, struct json_object *event)
{
	expect_raw(event, "comm", w->seen->comm);
	expect_text(event, "comm", "caf" REPLACEMENT);
}

static void hostile_cwd(struct world *w)
{
	char *path = expand(w, "@/" ESCAPES "\n");

	if (mkdir(path, 0755) || chdir(path))
		die("mkdir: %m");
}

static void ambiguous_comm(struct world *w)
{
	(void)w;
	prctl(PR_SET_NAME, "a) R 1 (b");
}

/*
 * Memory that is mapped and not there: a file's, with no page table entry yet. The tracer cannot fault it in, but the
 * kernel does when it reads it.
 */
static void *cold_copy(struct world *w, const char *name, const void *data, size_t size)
{
	char *path = text_printf("%s/%s", w->dir, name);
	void *memory;

	make_file(path, 0600, data, size);
	memory = mmap(NULL, size, PROT_READ, MAP_PRIVATE, open_or_die(path, O_RDONLY), 0);
	if (memory == MAP_FAILED)
		die("mmap: %m");
	/* Faults map the neighbours of a page as well, were they not alone. */
	madvise(memory, size, MADV_RANDOM);
	madvise(memory, size, MADV_DONTNEED);
	return memory;
}

static char *cold_text(struct world *w, const char *name, const char *text)
{
	return cold_copy(w, name, text, strlen(text) + 1);
}

static void cold_path(struct world *w)
{
	w->call.path = cold_text(w, "path", w->call.path);
}

static void cold_arguments(struct world *w)
{
	size_t n = 0;

	for (; w->call.argv[n]; n++)
		w->call.argv[n] = cold_text(w, text_printf("argument%zu", n), w->call.argv[n]);
	w->call.argv = cold_copy(w, "argv", w->call.argv, (n + 1) * sizeof(char *));
	w->call.envp[0] = cold_text(w, "variable", w->call.envp[0]);
}

/*
 * Where the kernel opens the file before it reads the arguments, they were never read: what is not in memory is then
 * unknown, all of it or string by string.
 */
static void arguments_maybe_unknown(struct world *w, struct json_object *event)
{
	struct json_object *arguments = json_object_new_array(), *environment = json_object_new_array();

	for (size_t i = 0; w->call.argv[i]; i++)
		json_object_array_add(arguments, match_or_null(json_text(w->call.argv[i])));
	for (size_t i = 0; w->call.envp[i]; i++)
		json_object_array_add(environment,
				      i ? json_text(w->call.envp[i]) : match_or_null(json_text(w->call.envp[i])));
	expect(event, "arguments", match_or_null(arguments));
	expect(event, "environment", environment);
}

/* Another thread changes an argument while the calls are under way: each is one of the two, and each is an event. */
#define CHANGES 50

static char *volatile changing;
static volatile bool change_on = true;

static void *change(void *arg)
{
	while (change_on)
		*changing = *changing == 'a' ? 'b' : 'a';
	return arg;
}

static long issue_changing(const struct call *call)
{
	pthread_t thread;
	long result = 0;

	changing = call->argv[1];
	if (pthread_create(&thread, NULL, change, NULL))
		die("pthread_create failed");
	for (int i = 0; i < CHANGES; i++)
		result = call_issue(call);
	change_on = false;
	pthread_join(thread, NULL);
	return result;
}

static void changing_argument(struct world *w)
{
	w->call.issue = issue_changing;
}

static void one_or_the_other(struct world *w, struct json_object *event)
{
	char *path = (char *)w->call.path;

	expect(event, "arguments",
	       match_either(json_list((char *[]){ path, "a", NULL }), json_list((char *[]){ path, "b", NULL })));
	for (int i = 1; i < CHANGES; i++)
		expect_again(w, event);
}

/*
 * A path that is another one every time somebody looks: what the event says must be what the kernel read, so that each
 * goes with its own error. Without a hook inside of the kernel nobody can know.
 */
static long issue_changing_path(const struct call *call)
{
	struct call changed = *call;
	pthread_t thread;

	changed.path = strdup(call->path);
	changing = strchr(changed.path, '\0') - 1;
	if (pthread_create(&thread, NULL, change, NULL))
		die("pthread_create failed");
	for (int i = 0; i < CHANGES; i++)
		call_issue(&changed);
	change_on = false;
	pthread_join(thread, NULL);
	return call_issue(call);
}

static struct json_object *miss(const char *path, const char *error)
{
	struct json_object *miss = json_object_new_object();

	expect_text(miss, "path", path);
	expect(miss, "errno", match_by_family("tracepoint", match_any(), json_text(error)));
	return miss;
}

static void changing_path(struct world *w)
{
	w->call.issue = issue_changing_path;
	w->unordered = true;
	w->some = CHANGES;
	w->may = json_object_new_array();
	json_object_array_add(w->may, miss(expand(w, "@/none-a"), "ENOENT"));
	json_object_array_add(w->may, miss(expand(w, "@/none-b"), "EACCES"));
}

/* The names stay, the values are not shown. */
static void secrets_masked(struct world *w, struct json_object *event)
{
	struct json_object *shape = json_object_new_array();

	(void)w;
	json_object_array_add(shape, match("prefix", json_text("PASSWORD=")));
	json_object_array_add(shape, match("prefix", json_text("GITHUB_TOKEN=")));
	json_object_array_add(shape, match("prefix", json_text("AWS_SECRET_ACCESS_KEY=")));
	json_object_array_add(shape, json_text("EDITOR=vi"));
	expect(event, "environment", match("all", json_pair(shape, match("lacks", json_text("hunter2")))));
}

#define MISSING "lookup", ENOENT, .path = "@/none"

const struct scenario content_scenarios[] = {
	{ "no_arguments_no_environment", MISSING, .argv = STRINGS(NULL), .envp = STRINGS(NULL) },
	{ "empty_strings", MISSING, .argv = STRINGS("", "", "a", ""), .envp = STRINGS("", "A=", "=") },
	{ "environment", MISSING,
	  .envp = STRINGS("HOME=/root", "LANG=C.UTF-8", "A=b=c", "NOT_AN_ASSIGNMENT", "SPACES= x y ") },
	{ "arguments_in_any_order", MISSING, .setup = arguments_in_any_order },
	{ "arguments_falling_at_the_end", MISSING, .setup = arguments_falling_at_the_end },
	{ "arguments_200", MISSING, .setup = arguments_200 },
	{ "arguments_12_kib", MISSING, .setup = arguments_12_kib },
	{ "arguments_20_kib", MISSING, .setup = arguments_20_kib, .adjust = arguments_maybe_cut },
	{ "argument_20_kib", MISSING, .setup = argument_20_kib, .adjust = arguments_maybe_cut },
	{ "arguments_500_long", MISSING, .setup = arguments_500_long, .adjust = arguments_maybe_cut },
	{ "arguments_3000", MISSING, .setup = arguments_3000, .adjust = arguments_maybe_cut },
	{ "escape_sequences", "lookup", ENOENT, .path = "@/" ESCAPES, .argv = STRINGS(ESCAPES, "a" ESCAPES "b"),
	  .envp = STRINGS("X=" ESCAPES) },
	{ "newline", "lookup", ENOENT, .path = "@/a\nb", .argv = STRINGS("a\nb", "\r\n\t", "\n"),
	  .envp = STRINGS("X=\n\n") },
	{ "quotes", "lookup", ENOENT, .path = "@/a'\"\\b", .argv = STRINGS("'", "\"", "\\", "$(x) `y` *"),
	  .envp = STRINGS("X=\"'\\") },
	{ "bidi", "lookup", ENOENT, .path = "@/" BIDI, .argv = STRINGS(BIDI), .envp = STRINGS("X=" BIDI) },
	{ "control_characters", MISSING, .argv = STRINGS("\x01\x02\x1f\x7f", "\xc2\x9b[31m", "\xc2\x85") },
	{ "utf8", "lookup", ENOENT, .path = "@/r\xc3\xa9sum\xc3\xa9",
	  .argv = STRINGS("\xe6\x97\xa5\xe6\x9c\xac", "\xf0\x9f\x92\xa5") },
	{ "invalid_utf8_path", "lookup", ENOENT, .path = "@/caf\xe9", .argv = STRINGS("program", "x"),
	  .adjust = raw_path },
	{ "invalid_utf8_arguments", MISSING, .argv = STRINGS("program", "caf\xe9!", "plain"), .adjust = raw_arguments },
	{ "invalid_utf8_environment", MISSING, .envp = STRINGS("NAME=caf\xe9!"), .adjust = raw_environment },
	{ "invalid_utf8_file", "interpreter", ENOENT, .path = "@/caf\xe9", .argv = STRINGS("program"),
	  .interp = "@/th\xe9", .adjust = raw_file, FILES({ "caf\xe9", 0755, "#!@/th\xe9\n" }) },
	{ "hostile_comm", MISSING, .prepare = hostile_comm },
	{ "invalid_utf8_comm", MISSING, .prepare = invalid_comm, .adjust = raw_comm },
	{ "ambiguous_comm", MISSING, .prepare = ambiguous_comm },
	{ "hostile_cwd", MISSING, .prepare = hostile_cwd },
	{ "hostile_interpreter", "interpreter", ENOENT, .path = "@/script", .interp = "@/" ESCAPES BIDI,
	  FILES({ "script", 0755, "#!@/" ESCAPES BIDI "\n" }) },
	{ "secrets", MISSING, .adjust = secrets_masked,
	  .envp = STRINGS("PASSWORD=hunter2", "GITHUB_TOKEN=hunter2", "AWS_SECRET_ACCESS_KEY=hunter2", "EDITOR=vi") },
	{ "cold_path", MISSING, .prepare = cold_path },
	{ "cold_arguments", "format", ENOEXEC, .path = "@/text", .prepare = cold_arguments,
	  FILES({ "text", 0755, "text\n" }) },
	{ "cold_arguments_missing", MISSING, .prepare = cold_arguments, .adjust = arguments_maybe_unknown },
	{ "changing_argument", MISSING, .argv = STRINGS("@/none", "a"), .setup = changing_argument,
	  .adjust = one_or_the_other },
	{ "changing_path", "lookup", ENOENT, .path = "@/none-a", .setup = changing_path,
	  FILES({ "none-b", 0644, "no program\n" }) },
	{},
};
