// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include "kernel/lineage.h"

static const struct kinsman family[] = {
	{ .pid = 40, .parent = 30 }, /* listed before its parent */
	{ .pid = 1, .parent = 0 },
	{ .pid = 20, .parent = 1 },
	{ .pid = 30, .parent = 20, .gone = true },
	{ .pid = 21, .parent = 1 },
	{ .pid = 50, .parent = 40 },
	{ .pid = LINEAGE_PIDS, .parent = 20 }, /* there is no such pid */
};

struct followed {
	uint32_t pids[8];
	size_t n;
	int answer;
};

static int note(void *context, uint32_t pid)
{
	struct followed *f = context;

	f->pids[f->n++] = pid;
	return f->answer;
}

static void family_add(struct lineage *l)
{
	for (size_t i = 0; i < sizeof(family) / sizeof(family[0]); i++)
		lineage_add(l, family[i]);
}

/* Children of who has gone are followed, he himself is not; nobody twice; and the next notes find more. */
static void test_close(void **state)
{
	struct lineage l = {};
	struct followed f = {};

	(void)state;
	family_add(&l);
	l.followed[20] = true;
	assert_int_equal(lineage_close(&l, note, &f), 3);
	assert_int_equal(f.n, 2);
	assert_int_equal(f.pids[0], 40);
	assert_int_equal(f.pids[1], 50);
	assert_int_equal(lineage_close(&l, note, &f), 0);
	lineage_add(&l, (struct kinsman){ .pid = 60, .parent = 50 });
	assert_int_equal(lineage_close(&l, note, &f), 1);
	assert_int_equal(f.pids[2], 60);
	lineage_free(&l);
}

static void test_close_fails(void **state)
{
	struct lineage l = {};
	struct followed f = { .answer = -7 };

	(void)state;
	family_add(&l);
	l.followed[1] = true;
	assert_int_equal(lineage_close(&l, note, &f), -7);
	assert_int_equal(f.n, 1);
	lineage_free(&l);
}

static void test_parse(void **state)
{
	struct kinsman k;

	(void)state;
	assert_true(lineage_parse("Name:\tsh\nState:\tS (sleeping)\nPid:\t812\nPPid:\t7\nVmSize:\t100 kB\n", &k));
	assert_int_equal(k.pid, 812);
	assert_int_equal(k.parent, 7);
	assert_false(k.gone);
	/* A name is whatever its process made of it. */
	assert_true(lineage_parse("Name:\tPid:\t1\\nPid:\t1\nState:\tZ (zombie)\nPid:\t9\nPPid:\t8\n", &k));
	assert_int_equal(k.parent, 8);
	assert_true(k.gone);
	/* One that closes its files, and one of the kernel's. */
	assert_true(lineage_parse("Name:\ta\nState:\tD (disk sleep)\nPid:\t9\nPPid:\t8\nThreads:\t1\n", &k) && k.gone);
	assert_true(lineage_parse("Name:\ta\nState:\tI (idle)\nPid:\t9\nPPid:\t2\nThreads:\t1\n", &k) && !k.gone);
	assert_false(lineage_parse("Name:\ta\nState:\tR", &k));
	assert_false(lineage_parse("Name:\ta\nState:\tR (running)\nPid:\t9\n", &k));
	assert_false(lineage_parse("", &k));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_close),
		cmocka_unit_test(test_close_fails),
		cmocka_unit_test(test_parse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
