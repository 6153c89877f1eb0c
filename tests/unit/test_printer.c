// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include "print/printer.h"

static void test_table(void **state)
{
	(void)state;
	assert_ptr_equal(printers[0], &table_printer);
	for (size_t i = 0; printers[i]; i++) {
		assert_ptr_equal(printer_find(printers[i]->name), printers[i]);
		assert_non_null(printers[i]->help);
		assert_true(printers[i]->begin && printers[i]->event && printers[i]->end);
	}
	assert_ptr_equal(printer_find("json"), &json_printer);
	assert_null(printer_find("xml"));
	assert_null(printer_find(""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
