// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include "event/events.h"

enum {
	FAILED = 1u << EVENT_PROCESS_EXECUTE_FAILED,
	ALL = EVENTS_FAILURES | 1u << EVENT_SECURITY_BPRM_CHECK | 1u << EVENT_SCHED_PROCESS_EXEC | 1u << EVENT_EXECVE |
	      1u << EVENT_EXECVEAT
};

static void assert_parsed(const char *list, enum events_parsed expected, uint32_t bits)
{
	BUFFER_AUTO struct buffer error = {};
	struct event_set set = {};

	assert_int_equal(events_parse(list, &set, &error), expected);
	if (expected == EVENTS_OK)
		assert_int_equal(set.bits, bits);
	assert_int_equal(error.n, 0);
}

static void assert_refused(const char *list, const char *expected)
{
	BUFFER_AUTO struct buffer error = {};
	struct event_set set = {};

	assert_int_equal(events_parse(list, &set, &error), EVENTS_ERROR);
	assert_string_equal(buffer_string(&error), expected);
}

static void test_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < event_kinds_count; i++) {
		const struct event_kind *kind = &event_kinds[i];

		assert_ptr_equal(events_find(kind->name), kind);
		assert_ptr_equal(events_by_type(kind->type), kind);
		if (kind->alias)
			assert_ptr_equal(events_find(kind->alias), kind);
		/* A set of what can be asked for has 32 bits. */
		if (kind->help)
			assert_true(kind->type < 32);
	}
	assert_null(events_find("nothing"));
	assert_null(events_by_type((enum event_type)12345));
}

static void test_set(void **state)
{
	struct event_set set = { .bits = FAILED };

	(void)state;
	assert_true(event_set_has(set, EVENT_PROCESS_EXECUTE_FAILED));
	assert_false(event_set_has(set, EVENT_LOST));
	assert_false(event_set_has((struct event_set){}, EVENT_PROCESS_EXECUTE_FAILED));
}

static void test_lists(void **state)
{
	(void)state;
	assert_parsed("process_execute_failed", EVENTS_OK, FAILED);
	assert_parsed("process_execution_failed", EVENTS_OK, FAILED);
	assert_parsed("process_execute_failed,process_execution_failed", EVENTS_OK, FAILED);
	assert_parsed("failures", EVENTS_OK, EVENTS_FAILURES);
	assert_parsed("process_start_failed", EVENTS_OK, 1u << EVENT_PROCESS_START_FAILED);
	assert_parsed("all", EVENTS_OK, ALL);
	assert_parsed("all,process_execute_failed", EVENTS_OK, ALL);
	assert_parsed("execve,execveat", EVENTS_OK, 1u << EVENT_EXECVE | 1u << EVENT_EXECVEAT);
	assert_parsed("bprm_check", EVENTS_OK, 1u << EVENT_SECURITY_BPRM_CHECK);
	assert_parsed("help", EVENTS_HELP, 0);
	assert_parsed("all,help", EVENTS_HELP, 0);
}

/* -e again: one list goes on with what was in the one before. */
static void test_several(void **state)
{
	BUFFER_AUTO struct buffer error = {};
	struct event_set set = {};

	(void)state;
	assert_int_equal(events_parse("execve", &set, &error), EVENTS_OK);
	assert_int_equal(events_parse("failures", &set, &error), EVENTS_OK);
	assert_int_equal(set.bits, EVENTS_FAILURES | 1u << EVENT_EXECVE);
	assert_int_equal(events_parse("-execve", &set, &error), EVENTS_OK);
	assert_int_equal(set.bits, EVENTS_FAILURES);
	assert_int_equal(events_parse("-failures", &set, &error), EVENTS_ERROR);
	assert_string_equal(buffer_string(&error), "no event is left of '-failures' (-e help lists them)");
}

static void test_exclusions(void **state)
{
	(void)state;
	assert_parsed("all,-execve", EVENTS_OK, ALL & ~(1u << EVENT_EXECVE));
	assert_parsed("-execve", EVENTS_OK, ALL & ~(1u << EVENT_EXECVE));
	assert_parsed("-failures,-execve,execve", EVENTS_OK, ALL & ~EVENTS_FAILURES);
	assert_parsed("failures,-execve", EVENTS_OK, EVENTS_FAILURES);
	assert_parsed("failures,-process_start_failed", EVENTS_OK, FAILED);
	assert_refused("execve,-execve", "no event is left of 'execve,-execve' (-e help lists them)");
	assert_refused("-all", "no event is left of '-all' (-e help lists them)");
	assert_refused("all,-exceve", "unknown event 'exceve': did you mean 'execve'? (-e help lists them)");
	assert_parsed("-help", EVENTS_HELP, 0);
	assert_refused("all,-", "unknown event '' (-e help lists them)");
}

/* Each that can be asked for is in `all`, and of a record in the order of the table. */
static void test_all(void **state)
{
	struct event_set set = {};

	(void)state;
	for (size_t i = 0; i < event_kinds_count; i++)
		if (event_kinds[i].help)
			set.bits |= 1u << event_kinds[i].type;
	assert_int_equal(set.bits, ALL);
	assert_int_equal(events_first(set), EVENT_PROCESS_EXECUTE_FAILED);
	set.bits = 1u << EVENT_EXECVE | 1u << EVENT_SCHED_PROCESS_EXEC;
	assert_int_equal(events_first(set), EVENT_SCHED_PROCESS_EXEC);
	assert_int_equal(events_first((struct event_set){}), 0);
	assert_true(event_is_failure(EVENT_PROCESS_EXECUTE_FAILED));
	assert_true(event_is_failure(EVENT_PROCESS_START_FAILED));
	assert_false(event_is_failure(EVENT_EXECVE));
}

static void test_unknown(void **state)
{
	(void)state;
	assert_refused("proces_execute_failed", "unknown event 'proces_execute_failed': did you mean "
						"'process_execute_failed'? (-e help lists them)");
	assert_refused("all,hlep", "unknown event 'hlep': did you mean 'help'? (-e help lists them)");
	assert_refused("xyzzy", "unknown event 'xyzzy' (-e help lists them)");
	assert_refused("", "unknown event '' (-e help lists them)");
	assert_refused("all,", "unknown event '' (-e help lists them)");
	assert_refused(",", "unknown event '' (-e help lists them)");
	/* comes by itself, and cannot be asked for */
	assert_refused("lost", "unknown event 'lost' (-e help lists them)");
	assert_refused("\x1b[2J\n", "unknown event '\\x1b[2J\\n' (-e help lists them)");
}

static void test_list(void **state)
{
	char *text = NULL;
	size_t size = 0;
	FILE *file = open_memstream(&text, &size);

	(void)state;
	events_list(file);
	fclose(file);
	assert_string_equal(text, "process_execute_failed    a program failed to start "
				  "(also: process_execution_failed)\n"
				  "process_start_failed      a program did not start, though no exec failed\n"
				  "security_bprm_check       the security modules were asked about a binary "
				  "(also: bprm_check)\n"
				  "sched_process_exec        a program started\n"
				  "execve                    execve returned, whatever it answered\n"
				  "execveat                  execveat returned, whatever it answered\n"
				  "failures                  all that fails, as without -e\n"
				  "all                       all of these\n");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),   cmocka_unit_test(test_set),        cmocka_unit_test(test_lists),
		cmocka_unit_test(test_several), cmocka_unit_test(test_exclusions), cmocka_unit_test(test_all),
		cmocka_unit_test(test_unknown), cmocka_unit_test(test_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
