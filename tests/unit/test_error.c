// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <errno.h>

#include "base/error.h"

static void test_common(void **state)
{
	(void)state;
	assert_string_equal(error_name(ENOENT), "ENOENT");
	assert_string_equal(error_text(ENOENT), strerror(ENOENT));
	assert_string_equal(error_name(EOPNOTSUPP), "EOPNOTSUPP");
}

/* What libc calls "Unknown error 524". */
static void test_internal(void **state)
{
	(void)state;
	assert_string_equal(error_name(524), "ENOTSUPP");
	assert_string_equal(error_text(524), "not supported by this kernel on this machine (ENOTSUPP)");
	assert_string_equal(error_name(512), "ERESTARTSYS");
	for (int error = 1; error < 4096; error++)
		if (error_name(error) && strstr(error_text(error), "nknown error"))
			fail_msg("%s has no text", error_name(error));
}

static void test_unknown(void **state)
{
	(void)state;
	assert_null(error_name(0));
	assert_null(error_name(-ENOENT));
	assert_null(error_name(520));
	assert_null(error_name(4000));
	assert_non_null(error_text(4000));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_common),
		cmocka_unit_test(test_internal),
		cmocka_unit_test(test_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
