// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

static void test_starts_empty(void **state)
{
	BUFFER_AUTO struct buffer buffer = {};

	(void)state;
	assert_string_equal(buffer_string(&buffer), "");
	assert_int_equal(buffer.n, 0);
	buffer_add(&buffer, NULL, 0);
	assert_int_equal(buffer.n, 0);
}

static void test_appends(void **state)
{
	BUFFER_AUTO struct buffer buffer = {};

	(void)state;
	buffer_puts(&buffer, "ab");
	buffer_put(&buffer, 'c');
	buffer_add(&buffer, "\0d", 2);
	buffer_pad(&buffer, ' ', 2);
	buffer_pad(&buffer, 'x', 0);
	buffer_printf(&buffer, "%d%s", 5, "");
	buffer_printf(&buffer, "%s", "");
	assert_text(&buffer, "abc\0d  5");
}

static void test_numbers(void **state)
{
	BUFFER_AUTO struct buffer buffer = {};

	(void)state;
	buffer_number(&buffer, 0);
	buffer_put(&buffer, ' ');
	buffer_number(&buffer, 1090);
	buffer_put(&buffer, ' ');
	buffer_number(&buffer, UINT64_MAX);
	assert_text(&buffer, "0 1090 18446744073709551615");
}

static void test_grows(void **state)
{
	BUFFER_AUTO struct buffer buffer = {};

	(void)state;
	for (int i = 0; i < 100000; i++)
		buffer_printf(&buffer, "%05d", i);
	assert_int_equal(buffer.n, 500000);
	assert_memory_equal(buffer.p + 499990, "9999899999", 10);
	assert_int_equal(strlen(buffer_string(&buffer)), 500000);
}

static void test_reserve_keeps_what_is_there(void **state)
{
	BUFFER_AUTO struct buffer buffer = {};

	(void)state;
	buffer_puts(&buffer, "kept");
	memset(buffer_reserve(&buffer, 1 << 20), 'x', 1 << 20);
	assert_text(&buffer, "kept");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_starts_empty),
		cmocka_unit_test(test_appends),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_grows),
		cmocka_unit_test(test_reserve_keeps_what_is_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
