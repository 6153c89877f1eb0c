// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include "filter/join.h"

enum { S = 1000000000 };

static struct event failed(struct arena *arena, uint32_t pid, const char *exe, const char *path, int64_t s)
{
	struct event event = unit_event(arena);

	event.pid = pid;
	event.exe = bytes_of(exe);
	event.path = bytes_of(path);
	event.failed_ns = s * S;
	return event;
}

static struct event ended(struct arena *arena, uint32_t pid, uint32_t ppid, const char *exe, uint32_t status, int64_t s)
{
	struct event event = failed(arena, pid, exe, "", s);

	event.type = EVENT_PROCESS_START_FAILED;
	event.path = (struct bytes){};
	event.image = event.exe;
	event.ppid = ppid;
	event.exit_code = status;
	return event;
}

static void note(struct join *join, struct event event)
{
	join_cause(join, &event);
	join_note(join, &event);
}

/* 0: it comes from nothing that is known. */
static uint32_t cause(const struct join *join, struct event event, const char *path)
{
	join_cause(join, &event);
	if (event.cause_pid)
		assert_true(bytes_is(event.cause_path, path));
	return event.cause_pid;
}

static void test_own(void **state)
{
	struct join *join = join_new();

	note(join, failed(*state, 10, "/bin/env", "/bin/none", 1));
	note(join, failed(*state, 10, "/bin/env", "/usr/bin/none", 2));
	assert_int_equal(cause(join, ended(*state, 10, 1, "/bin/env", 127, 3), "/usr/bin/none"), 10);
	/* It went on, and became another program. */
	assert_int_equal(cause(join, ended(*state, 10, 1, "/bin/python3", 127, 3), ""), 0);
	assert_int_equal(cause(join, ended(*state, 11, 1, "/bin/env", 127, 3), ""), 0);
	/* Later it has gone on as well. */
	assert_int_equal(cause(join, ended(*state, 10, 1, "/bin/env", 127, 8), ""), 0);
	/* What fails after an end is no cause of it. */
	assert_int_equal(cause(join, ended(*state, 10, 1, "/bin/env", 127, 0), ""), 0);
	join_free(join);
}

/* timeout's child fails, and timeout, and the shell that had it started, pass its status on. */
static void test_passed_on(void **state)
{
	struct join *join = join_new();

	note(join, failed(*state, 12, "/bin/timeout", "/bin/none", 1));
	note(join, ended(*state, 12, 11, "/bin/timeout", 127, 1));
	note(join, ended(*state, 11, 10, "/bin/timeout", 127, 1));
	assert_int_equal(cause(join, ended(*state, 11, 10, "/bin/timeout", 127, 1), "/bin/none"), 12);
	assert_int_equal(cause(join, ended(*state, 10, 1, "/bin/bash", 127, 2), "/bin/none"), 12);
	assert_int_equal(cause(join, ended(*state, 10, 1, "/bin/bash", 126, 2), ""), 0);
	join_free(join);
}

/* One that came from no exec has only itself to name. */
/* exec -a, python's os.execvp("python3", ...): the same program by what did not fail. */
static void test_again(void **state)
{
	static struct bytes words[] = { B("python3"), B("x.py") };
	struct join *join = join_new();
	struct event failure = failed(*state, 10, "/bin/python3", "/none/python3", 1);
	struct event end = ended(*state, 10, 1, "/bin/python3", 127, 1);

	failure.arguments = (struct bytes_list){ .v = words, .n = 2, .known = true };
	end.arguments = (struct bytes_list){ .v = words, .n = 1, .known = true };
	note(join, failure);
	assert_int_equal(cause(join, end, "/none/python3"), 10);
	end.arguments.n = 2;
	assert_int_equal(cause(join, end, ""), 0);
	join_free(join);
}

/* Without probes the memory of who ends has gone before 6.16: there is only its name. */
static void test_nameless(void **state)
{
	struct join *join = join_new();
	struct event failure = failed(*state, 10, "/bin/env", "/bin/none", 1);
	struct event end = ended(*state, 10, 1, "", 127, 1);

	failure.comm = end.comm = B("env");
	end.exe = (struct bytes){};
	note(join, failure);
	assert_int_equal(cause(join, end, "/bin/none"), 10);
	end.comm = B("none");
	assert_int_equal(cause(join, end, ""), 0);
	/* It may have become what it is called by then. */
	failure.path = B("/none/env");
	end.comm = B("env");
	end.pid = failure.pid = 11;
	note(join, failure);
	assert_int_equal(cause(join, end, ""), 0);
	join_free(join);
}

static void test_of_shells(void **state)
{
	struct join *join = join_new();
	struct event end;

	note(join, ended(*state, 12, 11, "/bin/sh", 127, 1));
	assert_int_equal(cause(join, ended(*state, 11, 10, "/bin/bash", 127, 1), "/bin/sh"), 12);
	/* No exec of it failed, nor of those that pass it on further. */
	note(join, ended(*state, 11, 10, "/bin/bash", 127, 1));
	end = ended(*state, 10, 1, "/bin/bash", 127, 1);
	join_cause(join, &end);
	assert_true(end.cause_ended && end.cause_pid == 12);
	note(join, failed(*state, 22, "/bin/env", "/bin/none", 1));
	note(join, ended(*state, 22, 21, "/bin/env", 127, 1));
	end = ended(*state, 21, 1, "/bin/bash", 127, 1);
	join_cause(join, &end);
	assert_true(!end.cause_ended && end.cause_pid == 22);
	join_free(join);
}

static void test_bounded(void **state)
{
	struct join *join = join_new();

	note(join, failed(*state, 5, "/bin/env", "/bin/none", 1));
	for (uint32_t pid = 100; pid < 5000; pid++)
		note(join, failed(*state, pid, "/bin/env", "/bin/other", 1));
	assert_int_equal(cause(join, ended(*state, 5, 1, "/bin/env", 127, 1), ""), 0);
	assert_int_equal(cause(join, ended(*state, 4999, 1, "/bin/env", 127, 1), "/bin/other"), 4999);
	join_free(join);
}

int main(void)
{
	struct arena *arena = arena_new();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(test_own, arena),     cmocka_unit_test_prestate(test_passed_on, arena),
		cmocka_unit_test_prestate(test_again, arena),   cmocka_unit_test_prestate(test_of_shells, arena),
		cmocka_unit_test_prestate(test_bounded, arena), cmocka_unit_test_prestate(test_nameless, arena),
	};
	int status = cmocka_run_group_tests(tests, NULL, NULL);

	arena_free(arena);
	return status;
}
