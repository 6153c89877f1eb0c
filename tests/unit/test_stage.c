// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>

#include "event/stage.h"

static void test_steps(void **state)
{
	static const struct {
		enum record_step step;
		enum stage stage;
	} steps[] = {
		{ STEP_OPEN_PROGRAM, STAGE_LOOKUP },        { STEP_OPEN_INTERPRETER, STAGE_INTERPRETER },
		{ STEP_LSM_CREDS, STAGE_SECURITY },         { STEP_LSM_CHECK, STAGE_SECURITY },
		{ STEP_LSM_CREDS_FROM_FILE, STAGE_COMMIT }, { STEP_BEGIN_NEW_EXEC, STAGE_COMMIT },
	};
	struct event event = unit_event(NULL);

	(void)state;
	for (size_t i = 0; i < COUNT(steps); i++) {
		event.seen = SEEN_HOOKS;
		event.step = steps[i].step;
		stage_event(&event);
		assert_int_equal(event.stage, steps[i].stage);
	}
	event.seen |= SEEN_SECCOMP;
	stage_event(&event);
	assert_int_equal(event.stage, STAGE_ENTRY);
}

static void test_reached(void **state)
{
	static const struct {
		uint32_t seen;
		int error;
		enum stage stage;
	} reached[] = {
		{ SEEN_HOOKS, EFAULT, STAGE_ENTRY },
		{ SEEN_HOOKS | SEEN_BPRM, E2BIG, STAGE_ARGUMENTS },
		{ SEEN_BPRM, E2BIG, STAGE_UNKNOWN },
		/* what none of them can answer: a hook was skipped */
		{ SEEN_HOOKS, ENOENT, STAGE_UNKNOWN },
		{ SEEN_HOOKS, E2BIG, STAGE_UNKNOWN },
		{ SEEN_HOOKS | SEEN_BPRM, ENOEXEC, STAGE_UNKNOWN },
		{ SEEN_HOOKS | SEEN_EXEC, EACCES, STAGE_UNKNOWN },
		{ SEEN_HOOKS | SEEN_EXEC, ENOEXEC, STAGE_FORMAT },
		{ SEEN_HOOKS | SEEN_EXEC, ENOENT, STAGE_INTERPRETER },
		{ SEEN_HOOKS | SEEN_EXEC | SEEN_SCRIPT, ENOEXEC, STAGE_INTERPRETER },
		{ SEEN_HOOKS | SEEN_EXEC | SEEN_COMMIT, ENOMEM, STAGE_COMMIT },
		{ SEEN_HOOKS | SEEN_EXEC | SEEN_NO_RETURN, ENOMEM, STAGE_COMMIT },
		{ SEEN_OUTCOME | SEEN_COMMIT, ENOMEM, STAGE_COMMIT },
	};
	struct event event = unit_event(NULL);

	(void)state;
	for (size_t i = 0; i < COUNT(reached); i++) {
		event.seen = reached[i].seen;
		event.ret = -reached[i].error;
		stage_event(&event);
		assert_int_equal(event.stage, reached[i].stage);
	}
}

/* Where only the outcome is seen, nothing is said that user space did not see. */
static void test_inferred(void **state)
{
	static const struct {
		int error;
		enum event_look look;
		enum stage stage;
	} inferred[] = {
		{ E2BIG, LOOK_UNSEEN, STAGE_ARGUMENTS },     { ELIBBAD, LOOK_UNSEEN, STAGE_INTERPRETER },
		{ EAGAIN, LOOK_UNSEEN, STAGE_UNKNOWN },      { EFAULT, LOOK_UNSEEN, STAGE_ARGUMENTS },
		{ ENOENT, LOOK_FOUND, STAGE_UNKNOWN },       { ENOENT, LOOK_ABSENT, STAGE_LOOKUP },
		{ ENOENT, LOOK_UNSEEN, STAGE_UNKNOWN },      { ENOTDIR, LOOK_UNSEEN, STAGE_UNKNOWN },
		{ ENOTDIR, LOOK_FOUND, STAGE_UNKNOWN },      { ENOTDIR, LOOK_ABSENT, STAGE_LOOKUP },
		{ ENAMETOOLONG, LOOK_FOUND, STAGE_UNKNOWN }, { ENAMETOOLONG, LOOK_ABSENT, STAGE_LOOKUP },
		{ EACCES, LOOK_FOUND, STAGE_UNKNOWN },       { EPERM, LOOK_FOUND, STAGE_UNKNOWN },
	};
	struct event event = unit_event(NULL);

	(void)state;
	event.seen = SEEN_OUTCOME;
	event.path = B("/x");
	for (size_t i = 0; i < COUNT(inferred); i++) {
		event.ret = -inferred[i].error;
		event.look = inferred[i].look;
		stage_event(&event);
		if (event.stage != inferred[i].stage)
			print_error("%s\n", strerror(inferred[i].error));
		assert_int_equal(event.stage, inferred[i].stage);
	}
}

/* A seccomp filter, or a tracer, makes the call return what it likes. */
static void test_no_error(void **state)
{
	static const int answers[] = { INT_MIN, -4096, 0, 1, INT_MAX };
	struct event event = unit_event(NULL);

	(void)state;
	event.path = B("/x");
	for (size_t i = 0; i < COUNT(answers); i++) {
		event.ret = answers[i];
		assert_int_equal(event_error(&event), 0);
		for (int step = STEP_NONE; step <= STEP_BEGIN_NEW_EXEC; step++) {
			event.step = step;
			event.seen = SEEN_HOOKS;
			stage_event(&event);
			event.seen = SEEN_OUTCOME;
			stage_event(&event);
		}
	}
	event.ret = -4095;
	assert_int_equal(event_error(&event), 4095);
}

static void test_inferred_of_the_file(void **state)
{
	struct event event = unit_event(NULL);

	(void)state;
	event.seen = SEEN_OUTCOME;
	event.path = B("/x");
	event.ret = -EACCES;
	event.binary = (struct event_file){ .known = true, .mode = S_IFREG | 0644 };
	stage_event(&event);
	assert_int_equal(event.stage, STAGE_LOOKUP);
	event.binary.mode = S_IFREG | 0755;
	stage_event(&event);
	assert_int_equal(event.stage, STAGE_UNKNOWN);
	event.ret = -ENOENT;
	event.path = B("");
	stage_event(&event);
	assert_int_equal(event.stage, STAGE_ENTRY);
	event.flags = AT_EMPTY_PATH;
	stage_event(&event);
	assert_int_equal(event.stage, STAGE_UNKNOWN);
	event.path = (struct bytes){};
	event.ret = -EFAULT;
	stage_event(&event);
	assert_int_equal(event.stage, STAGE_ENTRY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_steps),
		cmocka_unit_test(test_reached),
		cmocka_unit_test(test_inferred),
		cmocka_unit_test(test_no_error),
		cmocka_unit_test(test_inferred_of_the_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
