// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <errno.h>

#include "base/log.h"

static void assert_logged(int fd, const char *expected)
{
	BUFFER_AUTO struct buffer text = {};

	unit_read(fd, &text);
	assert_string_equal(buffer_string(&text), expected);
	assert_int_equal(ftruncate(fd, 0), 0);
	assert_true(lseek(fd, 0, SEEK_SET) == 0);
}

static void log_all(void)
{
	log_err("e");
	log_warn("w");
	log_info("i");
	log_debug("d");
}

static void test_verbosity(void **state)
{
	int fd = unit_file();

	(void)state;
	log_init(0, fd);
	log_all();
	assert_logged(fd, "execfail: e\nexecfail: w\n");
	log_init(1, fd);
	log_all();
	assert_logged(fd, "execfail: e\nexecfail: w\nexecfail: i\n");
	assert_false(log_enabled(LOG_DEBUG));
	log_init(2, fd);
	log_all();
	assert_logged(fd, "execfail: e\nexecfail: w\nexecfail: i\nexecfail: d\n");
	assert_true(log_enabled(LOG_DEBUG));
	close(fd);
}

static void test_foreign_bytes_are_escaped(void **state)
{
	int fd = unit_file();

	(void)state;
	log_init(0, fd);
	log_err("cannot open %s", "\x1b[2J\nexecfail: all is well\xff");
	assert_logged(fd, "execfail: cannot open \\x1b[2J\\nexecfail: all is well\\xff\n");
	close(fd);
}

static void test_one_line(void **state)
{
	int fd = unit_file();

	(void)state;
	log_init(0, fd);
	log_err("libbpf: said this\n");
	assert_logged(fd, "execfail: libbpf: said this\n");
	log_err("%s", "");
	assert_logged(fd, "execfail: \n");
	close(fd);
}

static void test_errno_survives(void **state)
{
	(void)state;
	log_init(0, -1);
	errno = EXDEV;
	log_err("nobody reads this");
	assert_int_equal(errno, EXDEV);
}

/* Later, in their order; what goes wrong at once as well. */
static void test_held(void **state)
{
	int fd = unit_file();

	(void)state;
	log_init(0, fd);
	log_hold(true);
	log_warn("one");
	assert_logged(fd, "");
	log_err("two");
	assert_logged(fd, "execfail: two\n");
	log_notice("three");
	log_hold(false);
	assert_logged(fd, "execfail: one\nexecfail: two\nexecfail: three\n");
	log_notice("four");
	log_hold(false);
	assert_logged(fd, "execfail: four\n");
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_verbosity), cmocka_unit_test(test_foreign_bytes_are_escaped),
		cmocka_unit_test(test_one_line),  cmocka_unit_test(test_errno_survives),
		cmocka_unit_test(test_held),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
