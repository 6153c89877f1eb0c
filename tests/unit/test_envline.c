// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include "look/envline.h"

static const struct {
	const char *argument, *name;
	bool path_set;
	const char *path;
} examples[] = {
	{ "python3", "python3", false, NULL },
	{ "python3\r", "python3\r", false, NULL },
	{ "python3 -u", "python3 -u", false, NULL },
	{ "/bin/sh", "/bin/sh", false, NULL },
	{ "-S python3 -u", "python3", false, NULL },
	{ "-Spython3 -u", "python3", false, NULL },
	{ "-vS A=b  python3", "python3", false, NULL },
	{ "--split-string=python3", "python3", false, NULL },
	{ "-S -i python3", "python3", true, NULL },
	{ "-S -u HOME python3", "python3", false, NULL },
	{ "-S -u PATH python3", "python3", true, NULL },
	{ "-S -i PATH=/a:/b python3", "python3", true, "/a:/b" },
	/* what cannot be told */
	{ "", NULL, false, NULL },
	{ "-S", NULL, false, NULL },
	{ "-S -u", NULL, false, NULL },
	{ "-S A=b", NULL, false, NULL },
	{ "-S -C /x python3", NULL, false, NULL },
	{ "-S 'python3' -u", NULL, false, NULL },
	{ "-S ${X}", NULL, false, NULL },
	{ "-i", NULL, false, NULL },
	{ "A=b", NULL, false, NULL },
};

static void assert_same(const char *string, const char *expected)
{
	assert_int_equal(!string, !expected);
	if (expected)
		assert_string_equal(string, expected);
}

static void test_examples(void **state)
{
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < COUNT(examples); i++) {
		struct bytes argument = { examples[i].argument, strlen(examples[i].argument) };
		struct env_request request = envline_parse(arena, argument);

		assert_same(request.name, examples[i].name);
		assert_int_equal(request.name && request.path_set, examples[i].path_set);
		assert_same(request.name ? request.path : NULL, examples[i].path);
	}
	assert_null(envline_parse(arena, (struct bytes){}).name);
	arena_free(arena);
}

static void test_env(void **state)
{
	(void)state;
	assert_true(envline_is_env(B("/usr/bin/env")));
	assert_true(envline_is_env(B("env")));
	assert_false(envline_is_env(B("/usr/bin/benv")));
	assert_false(envline_is_env(B("/env/")));
	assert_false(envline_is_env((struct bytes){}));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_examples),
		cmocka_unit_test(test_env),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
