// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include "kernel/hooks.h"

static const struct hook *hook_of(const char *program)
{
	for (size_t i = 0; i < hooks_count; i++)
		if (!strcmp(hooks_table[i].program, program))
			return &hooks_table[i];
	return NULL;
}

/* What it stands in for is listed before, and in every family of its own. */
static void test_stand_ins(void **state)
{
	(void)state;
	for (size_t i = 0; i < hooks_count; i++) {
		const struct hook *hook = &hooks_table[i], *better;

		if (!hook->instead_of)
			continue;
		better = hook_of(hook->instead_of);
		if (!better || better > hook || hook->families & ~better->families)
			fail_msg("%s stands in for %s", hook->program, hook->instead_of);
	}
}

/* --no-seccomp: what filters deny is then unseen, is all that is unseen, and is only so where a hook is left out. */
static void test_without_sandboxes(void **state)
{
	unsigned int families = 0;

	(void)state;
	for (size_t i = 0; i < hooks_count; i++) {
		if (!(hooks_table[i].flags & HOOK_SANDBOX))
			continue;
		families |= hooks_table[i].families;
		assert_false(hooks_table[i].flags & HOOK_REQUIRED);
		assert_string_equal(hooks_table[i].gives, hooks_family_unseen(HOOKS_FENTRY, false));
	}
	assert_int_equal(families, 1u << HOOKS_FENTRY);
	assert_string_equal(hooks_family_unseen(HOOKS_FENTRY, false), "execs that a seccomp filter denies");
	assert_string_equal(hooks_family_unseen(HOOKS_FENTRY, true), "nothing");
	for (enum hooks family = HOOKS_KPROBE; family <= HOOKS_TRACEPOINT; family++)
		assert_string_equal(hooks_family_unseen(family, false), hooks_family_unseen(family, true));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stand_ins),
		cmocka_unit_test(test_without_sandboxes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
