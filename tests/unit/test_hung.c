// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crew/hung.h"

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void test_hangs_as_long_as_it_is_there(void **state)
{
	uint64_t places[STEP_AVOIDED];
	struct hung hung = {};
	siginfo_t dead;
	pid_t a, b, c;
	int stat;

	(void)state;
	a = unit_sleeper(&stat);
	hung_add(&hung, (struct hung_worker){ .stat = stat, .device = 10 });
	b = unit_sleeper(&stat);
	hung_add(&hung, (struct hung_worker){ .stat = stat, .device = 20 });
	c = unit_sleeper(&stat);
	hung_add(&hung, (struct hung_worker){ .stat = stat, .device = 10 });
	assert_int_equal(hung_places(&hung, places), 2);
	assert_true(places[0] == 10 && places[1] == 20);
	end(a);
	assert_int_equal(hung_places(&hung, places), 2);
	assert_true((places[0] == 10 && places[1] == 20) || (places[0] == 20 && places[1] == 10));
	/* Nobody has waited for it yet. */
	kill(c, SIGKILL);
	waitid(P_PID, (id_t)c, &dead, WEXITED | WNOWAIT);
	assert_int_equal(hung_places(&hung, places), 1);
	assert_int_equal(places[0], 20);
	waitpid(c, NULL, 0);
	hung_close(&hung);
	end(b);
	assert_false(hung_places(&hung, places));
}

/* Of what is everybody's only the file, or directory, is left alone, unless nothing there answers anybody. */
static void test_file(void **state)
{
	uint64_t places[STEP_AVOIDED], one = step_file(10, 1), other = step_file(10, 2);
	struct hung hung = {};
	int stats[HUNG_OF_PLACE];
	pid_t pids[HUNG_OF_PLACE];

	(void)state;
	assert_true(step_is_file(one) && step_is_file(other) && one != other && step_file(11, 1) != one);
	assert_false(step_is_file(10) || step_is_file(UINT32_MAX) || step_is_file(STEP_DESCRIPTORS));
	for (size_t i = 0; i < HUNG_OF_PLACE; i++)
		pids[i] = unit_sleeper(&stats[i]);
	hung_add(&hung, (struct hung_worker){ .stat = stats[0], .device = 10, .file = one, .owner = 1 });
	hung_add(&hung, (struct hung_worker){ .stat = stats[1], .device = 10, .file = other, .owner = 1 });
	hung_add(&hung, (struct hung_worker){ .stat = stats[2], .device = 10, .file = one, .owner = 2 });
	assert_int_equal(hung_places(&hung, places), 2);
	assert_true(places[0] == one && places[1] == other);
	/* Who looked there need not have made it so. */
	assert_false(hung_holds(&hung, 1, 0));
	hung_add(&hung, (struct hung_worker){ .stat = stats[3], .device = 10, .file = other, .owner = 1 });
	assert_int_equal(hung_places(&hung, places), 2);
	for (uint64_t i = 0; i < HUNG_OF_PLACE; i++)
		hung.v[i].owner = 1 + i;
	assert_int_equal(hung_places(&hung, places), 1);
	assert_int_equal(places[0], 10);
	for (uint64_t i = 0; i < HUNG_OF_PLACE; i++)
		hung.v[i].owner = 1;
	assert_true(hung_holds(&hung, 1, 0));
	hung_close(&hung);
	for (size_t i = 0; i < HUNG_OF_PLACE; i++)
		end(pids[i]);
}

/* Whose it is, and of how many owners that are in one place. */
static void test_holds(void **state)
{
	struct hung hung = {};
	pid_t pids[HUNG_OF_PLACE];
	int stat;

	(void)state;
	for (size_t i = 0; i < HUNG_OF_PLACE; i++) {
		assert_false(hung_holds(&hung, 0, 7));
		assert_false(hung_holds(&hung, 100, 7));
		pids[i] = unit_sleeper(&stat);
		hung_add(&hung, (struct hung_worker){ .stat = stat, .owner = 200 + i, .place = 7 });
		assert_true(hung_holds(&hung, 200 + i, 0));
	}
	assert_true(hung_holds(&hung, 100, 7));
	assert_false(hung_holds(&hung, 100, 8) || hung_holds(&hung, 0, 0));
	end(pids[0]);
	assert_false(hung_holds(&hung, 100, 7) || hung_holds(&hung, 200, 7));
	assert_true(hung_holds(&hung, 201, 7));
	hung_close(&hung);
	for (size_t i = 1; i < HUNG_OF_PLACE; i++)
		end(pids[i]);
}

static void test_nothing_to_know(void **state)
{
	uint64_t places[STEP_AVOIDED];
	struct hung hung = {};
	int stat;
	pid_t pid;

	(void)state;
	hung_add(&hung, (struct hung_worker){ .stat = -1, .device = 10, .owner = 1 });
	assert_false(hung_holds(&hung, 1, 0));
	pid = unit_sleeper(&stat);
	hung_add(&hung, (struct hung_worker){ .stat = stat });
	assert_false(hung_places(&hung, places));
	hung_close(&hung);
	assert_int_equal(fcntl(stat, F_GETFD), -1);
	end(pid);
}

static void test_avoided(void **state)
{
	const uint64_t devices[STEP_AVOIDED] = { 10, 20 }, none[STEP_AVOIDED] = {};
	struct step step = { .device = 1 };

	(void)state;
	step_avoid(devices);
	assert_true(step_avoids(10) && step_avoids(20));
	assert_false(step_avoids(0) || step_avoids(30));
	step_avoid(none);
	assert_false(step_avoids(10));
	step_share(&step);
	step_touch(7, 8);
	assert_true(step.device == 7 && step.file == 8);
	/* Who looks up a name has not asked yet where. */
	step_begin(B("/a"), "b");
	assert_false(step.device || step.file);
	step_share(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hangs_as_long_as_it_is_there),
		cmocka_unit_test(test_file),
		cmocka_unit_test(test_holds),
		cmocka_unit_test(test_nothing_to_know),
		cmocka_unit_test(test_avoided),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
