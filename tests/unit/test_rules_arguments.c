// SPDX-License-Identifier: GPL-2.0-only
/* Arguments and environment. */
#include "examples.h"

static struct bytes path_variable[] = { S("HOME=/"), S("PATH=/a:/b") };
static struct bytes long_argument[] = { S("tool"), S(X256) };
static struct bytes long_variable[] = { S("PATH=/bin"), S("BIG=" X256) };
static struct bytes longer_variable[] = { S("PATH=/bin"), S("BIG=" X256 X256 X256 X256) };
static struct bytes one_argument[] = { S("tool") };
static struct bytes wild_argument[] = { S("tool"), {} };

static const struct example examples[] = {
	{ "bad_argument_pointer", KERNEL, FAILED(ARGUMENTS, EFAULT), PATH("/bin/tool"),
	  .hint = "the list of arguments" },
	{ "bad_argument_pointer", KERNEL, FAILED(ARGUMENTS, EFAULT), PATH("/bin/tool"), ARGUMENTS(wild_argument),
	  .hint = "argument 1 where it has no memory" },
	{ "bad_argument_pointer", KERNEL, FAILED(ARGUMENTS, EFAULT), PATH("/bin/tool"), ARGUMENTS(one_argument),
	  ENVIRONMENT(wild_argument), .hint = "variable 1 of the environment" },
	{ "argument_too_long", KERNEL, FAILED(ARGUMENTS, E2BIG), PATH("/bin/tool"), ARGUMENTS(long_argument),
	  ENVIRONMENT(path_variable), .event.argc = 2, .event.envc = 2, .event.cut = 1u << PART_ARGUMENTS,
	  .hint = "argument 1 (\"xxxxxxxxxxxxxxxxxxxxxxxx...\") is likely too long: a single" },
	{ "argument_too_long", KERNEL, FAILED(ARGUMENTS, E2BIG), PATH("/bin/tool"), ARGUMENTS(one_argument),
	  ENVIRONMENT(long_variable), .event.argc = 1, .event.envc = 2, .event.cut = 1u << PART_ENVIRONMENT,
	  TEXTS({ "process:limits", "Max stack size   8388608   unlimited   bytes\n" }),
	  .hint = "the variable BIG is too long: a single argument or variable can have 131071 bytes" },
	/* The kernel's side has read them all. */
	{ "argument_too_long", KERNEL, FAILED(ARGUMENTS, E2BIG), PATH("/bin/tool"), ARGUMENTS(one_argument),
	  .event.longest = { .known = true,
			     .variable = true,
			     .index = 9,
			     .length = 140000,
			     .total = 150000,
			     .start = S("BIG=xxxx") },
	  .hint = "the variable BIG is too long: a single argument or variable can have 131071 bytes" },
	{ "arguments_too_big", KERNEL, FAILED(ARGUMENTS, E2BIG), PATH("/bin/tool"), ARGUMENTS(one_argument),
	  .event.longest = { .known = true, .index = 1, .length = 131071, .total = 2200000, .start = S("short") },
	  .event.argc = 30, .event.envc = 2,
	  TEXTS({ "process:limits", "Max stack size   8388608   unlimited   bytes\n" }),
	  .hint = "30 arguments and 2 variables are 2200000 bytes, too big together: more than 2097152 bytes, a quarter of "
		  "the stack limit (ulimit -s), and the longest is argument 1 (131071 bytes); pass them in portions" },
	/* What is behind it was not seen, and may be as long, or longer. */
	{ "arguments_too_big", KERNEL, FAILED(ARGUMENTS, E2BIG), PATH("/bin/tool"), ARGUMENTS(one_argument),
	  ENVIRONMENT(longer_variable), .event.argc = 1, .event.envc = 27, .event.cut = 1u << PART_ENVIRONMENT,
	  TEXTS({ "process:limits", "Max stack size   8388608   unlimited   bytes\n" }),
	  .hint = "or one of them has more than 131071 bytes, and the longest that was seen is the variable BIG" },
	{ "too_many_arguments", KERNEL, FAILED(ARGUMENTS, E2BIG), PATH("/bin/tool"), ARGUMENTS(one_argument),
	  .event.argc = 300001, .event.envc = 2, .event.cut = 1u << PART_ARGUMENTS,
	  TEXTS({ "process:limits", "Max stack size   8388608   unlimited   bytes\n" }),
	  .hint = "300001 arguments and 2 variables are too many: their pointers alone fill up the room of 2097152" },
	{ "arguments_too_big", KERNEL, FAILED(ARGUMENTS, E2BIG), PATH("/bin/tool"), ARGUMENTS(long_argument),
	  .event.argc = 31, .event.envc = 2, .event.cut = 1u << PART_ARGUMENTS,
	  TEXTS({ "process:limits", "Max stack size   unlimited   unlimited   bytes\n" }),
	  .hint = "31 arguments and 2 variables are too big together: more than 6291456 bytes" },
	{ "arguments_too_big", USER, FAILED(ARGUMENTS, E2BIG), PATH("/bin/tool"), ARGUMENTS(long_argument),
	  ENVIRONMENT(path_variable), .event.argc = 2, .event.envc = 2, .event.cut = 1u << PART_ARGUMENTS,
	  TEXTS({ "process:limits", "Max stack size   4096   unlimited   bytes\n" }),
	  .hint = "2 arguments and 2 variables are too big together for a stack limit of 4096 bytes (ulimit -s)" },
};

int main(void)
{
	return EXAMPLES_RUN(rules_arguments);
}
