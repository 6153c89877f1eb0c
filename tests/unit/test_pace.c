// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include "pace.h"

/* How many of so many events at a time are looked into, when each takes so many steps. */
static unsigned int looked_into(unsigned int events, uint64_t steps)
{
	unsigned int looked = 0;
	struct pace pace = {};

	for (unsigned int i = 0; i < events; i++) {
		if (pace_busy(&pace, 1000, true))
			continue;
		pace_spend(&pace, 1000, steps);
		looked++;
	}
	return looked;
}

static void test_cheap(void **state)
{
	(void)state;
	assert_int_equal(looked_into(100, 20), 100);
	assert_int_equal(looked_into(PACE_EVENTS, PACE_EVENT_STEPS), PACE_EVENTS);
	assert_int_equal(looked_into(1000, 0), PACE_EVENTS);
}

/* What is expensive does not take all the time there is, and is looked into all the same when it is seldom. */
static void test_expensive(void **state)
{
	unsigned int some = looked_into(1000, 2 * PACE_EVENT_STEPS);

	(void)state;
	assert_int_equal(looked_into(1000, 1000 * 1000), PACE_LEAST);
	/* on the average no more than there is for each */
	assert_in_range(some, PACE_EVENTS / 2 - PACE_LEAST, PACE_EVENTS / 2 + PACE_LEAST);
	assert_int_equal(looked_into(PACE_LEAST, 1000 * 1000), PACE_LEAST);
}

static void test_rest(void **state)
{
	struct pace pace = {};

	(void)state;
	for (int i = 0; i < 1000; i++)
		pace_busy(&pace, 0, true);
	pace_spend(&pace, 0, 1000 * 1000);
	assert_true(pace_busy(&pace, 0, true));
	/* That none of its waits any more does not make a flood none. */
	assert_true(pace_busy(&pace, 0, false));
	pace_rest(&pace);
	assert_false(pace_busy(&pace, 0, true));
}

/* Somebody else's flood is nothing to who fails now and then, as long as that may take. */
static void test_beside_a_flood(void **state)
{
	struct pace pace = {};

	(void)state;
	for (int i = 0; i < 10 * PACE_EVENTS; i++) {
		pace_busy(&pace, 1000, true);
		assert_false(pace_busy(&pace, 1001, false));
		pace_spend(&pace, 1001, 1000 * 1000);
	}
	assert_true(pace_busy(&pace, 1000, true));
	/* And it is one, if it does not wait. */
	for (int i = 0; i < PACE_EVENTS; i++)
		pace_busy(&pace, 1001, true);
	assert_true(pace_busy(&pace, 1001, true));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cheap),
		cmocka_unit_test(test_expensive),
		cmocka_unit_test(test_rest),
		cmocka_unit_test(test_beside_a_flood),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
