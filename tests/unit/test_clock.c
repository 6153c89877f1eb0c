// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include "base/clock.h"

#define US 1000LL
#define MS (1000 * US)
#define OFFSET (1700000000LL * 1000 * MS)

/* A clock that goes on by `steps` at each reading, over and over. */
static const int64_t *steps;
static size_t n_steps, at;
static int64_t now;

static int64_t stepping(clockid_t clock)
{
	now += steps[at++ % n_steps];
	return clock == CLOCK_REALTIME ? now + OFFSET : now;
}

static void step_by(const int64_t *by, size_t n)
{
	steps = by;
	n_steps = n;
	at = 0;
	now = 5000 * MS;
}

/* Where nothing comes between the readings, three are enough. */
static void test_calm(void **state)
{
	static const int64_t by[] = { 50 };

	(void)state;
	step_by(by, 1);
	assert_int_equal(clock_offset(stepping, CLOCK_REALTIME, CLOCK_MONOTONIC), OFFSET + 50);
	assert_int_equal(at, 3);
}

/* Another process ran in between, before or after the wall clock was read. */
static void test_interrupted(void **state)
{
	static const int64_t before[] = { 50, 30 * MS, 50, 50, 60, 70 };
	static const int64_t after[] = { 50, 50, 30 * MS, 50, 60, 70 };

	(void)state;
	step_by(before, 6);
	assert_int_equal(clock_offset(stepping, CLOCK_REALTIME, CLOCK_MONOTONIC), OFFSET + 60);
	step_by(after, 6);
	assert_int_equal(clock_offset(stepping, CLOCK_REALTIME, CLOCK_MONOTONIC), OFFSET + 60);
}

/* On a slow machine the best of them; and never so that a time would come early. */
static void test_slow(void **state)
{
	static const int64_t by[] = { 90 * US, 80 * US, 70 * US, 60 * US, 50 * US };
	int64_t offset;

	(void)state;
	step_by(by, 5);
	offset = clock_offset(stepping, CLOCK_REALTIME, CLOCK_MONOTONIC);
	assert_true(at > 3 && at < 100);
	assert_in_range(offset - OFFSET, 0, 90 * US);
}

static void test_ahead(void **state)
{
	static const char text[] = "monotonic      864000        25\nboottime           -7         0\n";

	(void)state;
	assert_int_equal(clock_ahead(text, "monotonic"), 864000LL * 1000 * MS + 25);
	assert_int_equal(clock_ahead(text, "boottime"), -7000 * MS);
	assert_int_equal(clock_ahead(text, "realtime"), 0);
	assert_int_equal(clock_ahead("1 3 0\n7 4 0\n", "1"), 3000 * MS);
	assert_int_equal(clock_ahead("", "monotonic"), 0);
	assert_int_equal(clock_ahead("monotonic 1", "monotonic"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_calm),
		cmocka_unit_test(test_interrupted),
		cmocka_unit_test(test_slow),
		cmocka_unit_test(test_ahead),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
