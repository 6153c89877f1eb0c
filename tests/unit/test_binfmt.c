// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include "look/binfmt.h"

#define QEMU "enabled\ninterpreter /usr/bin/qemu\nflags: OCF\noffset 0\nmagic 7f454c4602\nmask ffffffff00\n"
#define JAR "enabled\ninterpreter /usr/bin/jexec\nflags: \nextension .jar\n"
#define LATE "enabled\ninterpreter /x\nflags: \noffset 4\nmagic 6162\n"

static const struct {
	struct bytes registration;
	struct bytes head;
	struct bytes path;
	const char *interpreter;
} examples[] = {
	{ { QEMU, sizeof(QEMU) - 1 },
	  { "\x7f"
	    "ELF\1",
	    5 },
	  { "/x", 2 },
	  "/usr/bin/qemu" },
	{ { QEMU, sizeof(QEMU) - 1 },
	  { "\x7f"
	    "ELE\1",
	    5 },
	  { "/x", 2 },
	  NULL },
	{ { QEMU, sizeof(QEMU) - 1 },
	  { "\x7f"
	    "ELF",
	    4 },
	  { "/x", 2 },
	  NULL },
	{ { JAR, sizeof(JAR) - 1 }, { "PK", 2 }, { "/a.b/c.jar", 10 }, "/usr/bin/jexec" },
	{ { JAR, sizeof(JAR) - 1 }, { "PK", 2 }, { "/jar", 4 }, NULL },
	{ { JAR, sizeof(JAR) - 1 }, { "PK", 2 }, { "", 0 }, NULL },
	{ { LATE, sizeof(LATE) - 1 }, { "xxxxab", 6 }, { "/x", 2 }, "/x" },
	{ { LATE, sizeof(LATE) - 1 }, { "xxxxa", 5 }, { "/x", 2 }, NULL },
	{ { "disabled\ninterpreter /x\nextension .a\n", 37 }, { "", 0 }, { "b.a", 3 }, NULL },
	{ { "enabled\n", 8 }, { "", 0 }, { "b.a", 3 }, NULL },
	{ { "enabled\ninterpreter /x\nmagic zz\n", 32 }, { "zz", 2 }, { "b", 1 }, NULL },
	{ { "", 0 }, { "", 0 }, { "", 0 }, NULL },
};

static void test_examples(void **state)
{
	struct bytes interpreter;

	(void)state;
	for (size_t i = 0; i < COUNT(examples); i++) {
		bool matches =
			binfmt_matches(examples[i].registration, examples[i].head, examples[i].path, &interpreter);

		if (matches != !!examples[i].interpreter)
			print_error("example %zu\n", i);
		assert_int_equal(matches, !!examples[i].interpreter);
		if (matches)
			assert_bytes_at(interpreter, examples[i].interpreter, strlen(examples[i].interpreter), __FILE__,
					__LINE__);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_examples) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
