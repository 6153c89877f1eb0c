// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include "kernel/system.h"

static void test_preempts(void **state)
{
	(void)state;
	assert_false(system_preempts_as("#1 SMP Debian 5.10.251-4", ""));
	assert_false(system_preempts_as("#1 SMP PREEMPT_DYNAMIC Debian 6.12.63-1", "none (voluntary) full \n"));
	assert_false(system_preempts_as("#1 SMP PREEMPT_DYNAMIC", "(none) voluntary full lazy \n"));
	assert_true(system_preempts_as("#1 SMP PREEMPT_DYNAMIC", "none voluntary (full) \n"));
	assert_true(system_preempts_as("#1 SMP PREEMPT_DYNAMIC", "full (lazy) \n"));
	/* It does not say: believed to. */
	assert_true(system_preempts_as("#1 SMP PREEMPT_DYNAMIC", ""));
	assert_true(system_preempts_as("#1 SMP PREEMPT_RT", ""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_preempts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
