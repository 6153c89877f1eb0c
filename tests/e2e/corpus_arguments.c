// SPDX-License-Identifier: GPL-2.0-only
/* Rows: the kernel could not take the arguments over. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "corpus.h"

/* MAX_ARG_STRLEN, the final NUL included. */
static size_t max_string(void)
{
	return 32 * sysconf(_SC_PAGESIZE);
}

static char *wild = (char *)8;

static void argv_fault(struct world *w)
{
	w->call.argv = (char **)wild;
}

static void argv_element_fault(struct world *w)
{
	w->call.argv[1] = wild;
}

static void envp_fault(struct world *w)
{
	w->call.envp = (char **)wild;
}

static void envp_element_fault(struct world *w)
{
	w->call.envp[1] = wild;
}

static void string_too_long(struct world *w)
{
	w->call.argv[1] = text_repeat("a", max_string() - 1 + 1);
}

static void variable_too_long(struct world *w)
{
	w->call.envp[1] = text_repeat("V=", max_string() / 2);
}

/* What is behind it has no room in an event. */
static void variable_too_long_in_between(struct world *w)
{
	variable_too_long(w);
	w->call.envp[0] = w->call.envp[1];
	w->call.envp[1] = "LAST=1";
}

static void many_strings(struct world *w, size_t count, const char *string)
{
	char **argv = calloc(count + 2, sizeof(*argv));

	argv[0] = w->call.argv[0];
	for (size_t i = 1; i <= count; i++)
		argv[i] = (char *)string;
	w->call.argv = argv;
}

/* A quarter of the stack limit is for arguments, and never more than 6 MiB. */
static void total_too_big(struct world *w)
{
	many_strings(w, 30, text_repeat("a", 100000));
}

static void total_unlimited_stack(struct world *w)
{
	many_strings(w, 70, text_repeat("a", 100000));
}

/* None of them is too long. */
static void variables_too_big(struct world *w)
{
	static char *variables[32];

	for (int i = 0; i < 30; i++)
		variables[i] = text_printf("V%d=%s", i, text_repeat("v", 90000));
	w->call.envp = variables;
}

/* The floor: 128 KiB, however small the stack may be. */
static void small_stack(struct world *w)
{
	many_strings(w, 3, text_repeat("a", 60000));
}

static void too_many_pointers(struct world *w)
{
	many_strings(w, 300000, "");
}

static void tiny_stack(struct world *w)
{
	many_strings(w, 1, text_repeat("a", 100000));
}

static void stack_8_mib(struct world *w)
{
	(void)w;
	limit(RLIMIT_STACK, 8 << 20);
}

static void stack_unlimited(struct world *w)
{
	(void)w;
	limit(RLIMIT_STACK, RLIM_INFINITY);
}

static void stack_256_kib(struct world *w)
{
	(void)w;
	limit(RLIMIT_STACK, 256 << 10);
}

static void stack_4_kib(struct world *w)
{
	(void)w;
	limit(RLIMIT_STACK, 4096);
}

static void arguments_unknown(struct world *w, struct json_object *event)
{
	(void)w;
	expect(event, "arguments", NULL);
	expect(event, "argc", NULL);
}

/* The strings that can be read, and null for the one that cannot; or nothing at all. */
static struct json_object *second_unreadable(char **strings)
{
	return match_or_null(json_pair(json_text(strings[0]), NULL));
}

static void argument_unknown(struct world *w, struct json_object *event)
{
	expect(event, "arguments", second_unreadable(w->call.argv));
}

static void variable_unknown(struct world *w, struct json_object *event)
{
	expect(event, "environment", second_unreadable(w->call.envp));
}

static void environment_unknown(struct world *w, struct json_object *event)
{
	(void)w;
	expect(event, "environment", NULL);
	expect(event, "envc", NULL);
}

/* Some of them, in order, and a word about the rest. */
static void arguments_cut(struct world *w, struct json_object *event)
{
	expect(event, "arguments", match("cut_of", json_list(w->call.argv)));
	expect(event, "truncated", match("contains", json_text("arguments")));
}

static void longest_is_named(struct json_object *event)
{
	expect_hint(event, text_printf("%zu bytes", max_string() - 1));
}

static void argument_too_long(struct world *w, struct json_object *event)
{
	arguments_cut(w, event);
	longest_is_named(event);
}

static void environment_cut(struct world *w, struct json_object *event)
{
	expect(event, "environment", match("cut_of", json_list(w->call.envp)));
	expect(event, "truncated", match("contains", json_text("environment")));
}

static void variable_is_too_long(struct world *w, struct json_object *event)
{
	environment_cut(w, event);
	longest_is_named(event);
}

#define PROGRAM .path = "@/program", FILES({ "program", 0755, GOOD_ELF })

const struct scenario arguments_scenarios[] = {
	{ "argv_fault", "arguments", EFAULT, PROGRAM, .prepare = argv_fault, .adjust = arguments_unknown },
	{ "argv_element_fault", "arguments", EFAULT, PROGRAM, .prepare = argv_element_fault,
	  .adjust = argument_unknown },
	{ "envp_fault", "arguments", EFAULT, PROGRAM, .prepare = envp_fault, .adjust = environment_unknown },
	{ "envp_element_fault", "arguments", EFAULT, PROGRAM, .prepare = envp_element_fault,
	  .adjust = variable_unknown },
	{ "string_too_long", "arguments", E2BIG, PROGRAM, .setup = string_too_long, .adjust = argument_too_long },
	{ "variable_too_long", "arguments", E2BIG, PROGRAM, .setup = variable_too_long,
	  .adjust = variable_is_too_long },
	{ "variable_too_long_in_between", "arguments", E2BIG, PROGRAM, .setup = variable_too_long_in_between,
	  .adjust = variable_is_too_long },
	{ "total_too_big", "arguments", E2BIG, PROGRAM, .setup = total_too_big, .prepare = stack_8_mib,
	  .adjust = arguments_cut },
	{ "variables_too_big", "arguments", E2BIG, PROGRAM, .setup = variables_too_big, .prepare = stack_8_mib,
	  .adjust = environment_cut },
	{ "total_unlimited_stack", "arguments", E2BIG, PROGRAM, .setup = total_unlimited_stack,
	  .prepare = stack_unlimited, .adjust = arguments_cut },
	{ "total_small_stack", "arguments", E2BIG, PROGRAM, .setup = small_stack, .prepare = stack_256_kib,
	  .adjust = arguments_cut },
	{ "too_many_pointers", "arguments", E2BIG, PROGRAM, .setup = too_many_pointers, .prepare = stack_8_mib,
	  .adjust = arguments_cut },
	{ "tiny_stack", "arguments", E2BIG, PROGRAM, .setup = tiny_stack, .prepare = stack_4_kib,
	  .adjust = arguments_cut },
	{},
};
