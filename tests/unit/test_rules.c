// SPDX-License-Identifier: GPL-2.0-only
/*
 * What holds of all rules. Each topic has a test of its own, with examples; that each has a row of the corpus is a
 * house rule.
 */
#include "unit.h"

#include "../e2e/reasons.h"
#include "cause/rules.h"

static bool is_sentence(const char *text)
{
	return text && text[strlen(text) - 1] == '.';
}

static int count_code(const struct rule *rules, const char *code)
{
	int count = 0;

	for (; rules->code; rules++)
		count += rules->looks && !strcmp(rules->code, code);
	return count;
}

static int times_explained(const char *code)
{
	int count = count_code(rules_helper, code);

	for (const struct rule_topic *topic = rule_topics; topic->title; topic++)
		count += count_code(topic->rules, code);
	return count;
}

static void check_words(const struct rule *rules)
{
	for (const struct rule *rule = rules; rule->code; rule++) {
		assert_int_equal(strspn(rule->code, "abcdefghijklmnopqrstuvwxyz_0123456789"), strlen(rule->code));
		/* A second row for a code has none. */
		assert_true(is_sentence(rule->looks) == is_sentence(rule->fix));
		assert_true(is_sentence(rule->looks) == is_sentence(rule->also));
		assert_int_equal(!rule->looks, !is_sentence(rule->looks));
		assert_int_equal(times_explained(rule->code), 1);
	}
}

static void test_every_rule_is_explained_once(void **state)
{
	(void)state;
	for (const struct rule_topic *topic = rule_topics; topic->title; topic++)
		check_words(topic->rules);
	check_words(rules_helper);
}

/* A row may not expect what no rule says; other_<errno> is none that a row could want. */
static void test_rows_expect_rules(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_REASON_CASES; i++) {
		assert_true(times_explained(reason_cases[i].usual.reason));
		/* Where nobody may look and no hook saw, there is nothing to tell. */
		assert_true(!reason_cases[i].too_late.reason || times_explained(reason_cases[i].too_late.reason));
		assert_true(!reason_cases[i].tracepoint.reason || times_explained(reason_cases[i].tracepoint.reason) ||
			    !strncmp(reason_cases[i].tracepoint.reason, "other_", 6));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_rule_is_explained_once),
		cmocka_unit_test(test_rows_expect_rules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
