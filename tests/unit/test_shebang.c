// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include "look/shebang.h"

#define X16 "xxxxxxxxxxxxxxxx"
#define X240 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16

#define BLANKS24 "                        "
#define BLANKS240 BLANKS24 BLANKS24 BLANKS24 BLANKS24 BLANKS24 BLANKS24 BLANKS24 BLANKS24 BLANKS24 BLANKS24

static const struct {
	struct bytes head;
	enum shebang_state state;
	const char *interpreter;
	const char *argument;
} examples[] = {
	{ { "", 0 }, SHEBANG_NONE, NULL, NULL },
	{ { "#", 1 }, SHEBANG_NONE, NULL, NULL },
	{ { "# !/bin/sh\n", 11 }, SHEBANG_NONE, NULL, NULL },
	{ { "#!/bin/sh\n", 10 }, SHEBANG_OK, "/bin/sh", NULL },
	{ { "#!/bin/sh", 9 }, SHEBANG_OK, "/bin/sh", NULL },
	{ { "#!/bin/sh\r\n", 11 }, SHEBANG_OK, "/bin/sh\r", NULL },
	{ { "#! \t/bin/sh \t \n", 15 }, SHEBANG_OK, "/bin/sh", NULL },
	{ { "#!/bin/sh -e -x\necho\n", 21 }, SHEBANG_OK, "/bin/sh", "-e -x" },
	{ { "#!/usr/bin/env python3\r\n", 24 }, SHEBANG_OK, "/usr/bin/env", "python3\r" },
	/* as the kernel leaves it */
	{ { "#!/bin/sh\0echo\nmore\n", 20 }, SHEBANG_OK, "/bin/sh", NULL },
	{ { "#!/bin/sh\0-e\0echo\n", 18 }, SHEBANG_OK, "/bin/sh", NULL },
	{ { "#!\n", 3 }, SHEBANG_EMPTY, NULL, NULL },
	{ { "#! \t \n", 6 }, SHEBANG_EMPTY, NULL, NULL },
	{ { "#!", 2 }, SHEBANG_NAMELESS, "", NULL },
	{ { "#! \t", 4 }, SHEBANG_NAMELESS, "", NULL },
	{ { "#!\0/bin/sh\n", 11 }, SHEBANG_NAMELESS, "", NULL },
	{ { "#! \0\n", 5 }, SHEBANG_NAMELESS, "", NULL },
	{ { "#!" BLANKS240 "             ", 255 }, SHEBANG_NAMELESS, "", NULL },
	{ { "#!" BLANKS240 "              ", 256 }, SHEBANG_EMPTY, NULL, NULL },
	{ { "#!/" X240 "xxxxxxxxxxxxx", 256 }, SHEBANG_TOO_LONG, "/" X240 "xxxxxxxxxxxxx", NULL },
	/* cut behind the name: the kernel takes it, with an argument that is cut off */
	{ { "#!/bin/sh " X240 "xxxxxx", 256 }, SHEBANG_OK, "/bin/sh", X240 "xxxxxx" },
	{ { "#!/" X240 "xxxxxxxxxxxxx\n", 257 }, SHEBANG_TOO_LONG, "/" X240 "xxxxxxxxxxxxx", NULL },
};

static void assert_part(struct bytes part, const char *expected)
{
	assert_int_equal(!part.p, !expected);
	if (expected)
		assert_bytes_at(part, expected, strlen(expected), __FILE__, __LINE__);
}

static void test_examples(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(examples); i++) {
		struct shebang shebang = shebang_parse(examples[i].head);

		if (shebang.state != examples[i].state)
			print_error("example %zu\n", i);
		assert_int_equal(shebang.state, examples[i].state);
		assert_part(shebang.interpreter, examples[i].interpreter);
		assert_part(shebang.argument, examples[i].argument);
	}
}

static void test_crlf(void **state)
{
	(void)state;
	assert_true(shebang_is_crlf(B("/bin/sh\r")));
	assert_false(shebang_is_crlf(B("/bin/sh")));
	assert_false(shebang_is_crlf(B("")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_examples),
		cmocka_unit_test(test_crlf),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
