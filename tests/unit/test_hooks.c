// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <linux/version.h>

#include "kernel/hooks.h"
#include "record.h"

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

static void expect_order(const char *before, const char *after)
{
	if (!hook_of(before) || !hook_of(after) || hook_of(before) > hook_of(after))
		fail_msg("%s is not attached before %s", before, after);
}

/* So nothing is told of a call whose entry may have gone by unseen, and nothing is kept of one whose end has. */
static void test_entries_before_exits(void **state)
{
	static const char *const calls[] = { "execve", "execveat", "compat_execve", "compat_execveat" };
	char entry[64], exit[64];

	(void)state;
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		snprintf(entry, sizeof(entry), "fentry__%s_entry", calls[i]);
		snprintf(exit, sizeof(exit), "fentry__%s", calls[i]);
		expect_order(entry, exit);
		expect_order("tracepoint__sched_process_exit", entry);
		snprintf(entry, sizeof(entry), "kprobe__%s", calls[i]);
		snprintf(exit, sizeof(exit), "kprobe__%s_ret", calls[i]);
		expect_order(entry, exit);
		expect_order("tracepoint__sched_process_exit", entry);
	}
	for (size_t i = 0; i < hooks_count; i++)
		if (hooks_table[i].families & 1u << HOOKS_FENTRY && !(hooks_table[i].flags & HOOK_SCOPE))
			expect_order(hooks_table[i].program, "fentry__kernel_execve");
	expect_order("kprobe__kernel_execve", "kprobe__kernel_execve_ret");
	expect_order("legacy__do_execve", "legacy__do_execve_ret");
	expect_order("scope__sched_process_exit_8", "scope__sched_process_fork");
}

static void assert_unseen(enum hooks family, bool seccomp, unsigned int version, const char *expected)
{
	BUFFER_AUTO struct buffer text = {};

	hooks_family_unseen(family, seccomp, version, &text);
	assert_string_equal(buffer_string(&text), expected);
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
		assert_unseen(HOOKS_FENTRY, false, KERNEL_VERSION(6, 1, 0), hooks_table[i].gives);
	}
	assert_int_equal(families, 1u << HOOKS_FENTRY);
	assert_unseen(HOOKS_FENTRY, false, 0, "execs that a seccomp filter denies");
	assert_unseen(HOOKS_FENTRY, true, 0, "nothing");
	assert_unseen(HOOKS_KPROBE, false, 0, "32-bit callers that a seccomp filter denies");
}

/* Of other kernels than this one nothing is said. */
static void test_unseen_of_a_kernel(void **state)
{
	(void)state;
	assert_unseen(
		HOOKS_TRACEPOINT, true, KERNEL_VERSION(6, 16, 0),
		"programs that the kernel starts itself, 32-bit callers, the interpreter, most stages; the file is "
		"looked up from user space");
	assert_unseen(
		HOOKS_TRACEPOINT, true, KERNEL_VERSION(6, 1, 0),
		"programs that the kernel starts itself, 32-bit callers, the interpreter, most stages, the path and "
		"arguments of execs that fail past the point of no return, the arguments of processes that end "
		"because a program did not start; the file is looked up from user space");
	assert_unseen(HOOKS_LEGACY, true, KERNEL_VERSION(5, 4, 0),
		      "32-bit callers that a seccomp filter denies, programs that do not start because a "
		      "library is too old or lacks a symbol");
}

static bool begins(const char *text, const char *start)
{
	return !strncmp(text, start, strlen(start));
}

/*
 * Nobody pays for what was not asked for: a failed exec nothing for programs that start, an exec nothing more for
 * failures.
 */
static void test_events(void **state)
{
	const unsigned int failed = 1u << EVENT_PROCESS_EXECUTE_FAILED, started = 1u << EVENT_SCHED_PROCESS_EXEC,
			   checked = 1u << EVENT_SECURITY_BPRM_CHECK;

	(void)state;
	for (size_t i = 0; i < hooks_count; i++) {
		const struct hook *hook = &hooks_table[i];
		bool follows = hook->flags & HOOK_SCOPE, ends = strstr(hook->program, "__sched_process_exit");
		bool checks = strstr(hook->program, "_checked");
		bool over = strstr(hook->program, "acct_collect") || strstr(hook->program, "process_ended");

		assert_true(hook->events);
		assert_int_equal(!!(hook->events & started),
				 follows || (ends && !(hook->flags & HOOK_OUTCOME)) || begins(hook->program, "exec__"));
		assert_int_equal(!(hook->events & failed), begins(hook->program, "exec__") || checks || over);
		assert_int_equal(!!(hook->events & checked), follows || checks);
		/* Where a builder can be called by both, it is the same one. */
		if (!(hook->flags & HOOK_BUILDER))
			assert_int_equal(!!(hook->events & 1u << EVENT_PROCESS_START_FAILED), follows || over);
	}
}

/* There is no tracepoint at which the security modules are asked. */
static void test_events_of_families(void **state)
{
	(void)state;
	for (enum hooks family = HOOKS_FENTRY; family <= HOOKS_TRACEPOINT; family++)
		assert_int_equal(hooks_family_events(family) & 1u << EVENT_SECURITY_BPRM_CHECK ? 1 : 0,
				 family != HOOKS_TRACEPOINT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_events),
		cmocka_unit_test(test_events_of_families),
		cmocka_unit_test(test_stand_ins),
		cmocka_unit_test(test_entries_before_exits),
		cmocka_unit_test(test_without_sandboxes),
		cmocka_unit_test(test_unseen_of_a_kernel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
