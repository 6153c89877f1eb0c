// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <sys/wait.h>

#include "base/memory.h"

static void test_new_is_zeroed(void **state)
{
	char *p = memory_new(100);

	(void)state;
	for (int i = 0; i < 100; i++)
		assert_int_equal(p[i], 0);
	p = memory_resize(p, 200);
	assert_int_equal(p[99], 0);
	free(p);
	free(memory_new(0));
}

static void test_none_left_ends_the_program(void **state)
{
	char text[64] = "";
	int ends[2], status;
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	pid = fork();
	if (!pid) {
		dup2(ends[1], STDERR_FILENO);
		memory_need(NULL);
		_exit(0);
	}
	close(ends[1]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 1);
	assert_true(read(ends[0], text, sizeof(text) - 1) > 0);
	assert_string_equal(text, "execfail: out of memory\n");
	close(ends[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_new_is_zeroed),
		cmocka_unit_test(test_none_left_ends_the_program),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
