// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include "cause/history.h"
#include "look/elsewhere.h"
#include "world.h"

static void test_age(void **state)
{
	assert_string_equal(history_age(*state, 1), "1 second");
	assert_string_equal(history_age(*state, 59), "59 seconds");
	assert_string_equal(history_age(*state, 61), "1 minute");
	assert_string_equal(history_age(*state, 7199), "1 hour");
	assert_string_equal(history_age(*state, 3 * 86400), "3 days");
}

static void test_debian_names(void **state)
{
	assert_string_equal(elsewhere_debian_name(*state, B("libssl.so.1.1")), "libssl1.1");
	assert_string_equal(elsewhere_debian_name(*state, B("libstdc++.so.6")), "libstdc++6");
	assert_string_equal(elsewhere_debian_name(*state, B("libX11.so.6")), "libx11-6");
	assert_string_equal(elsewhere_debian_name(*state, B("libgcc_s.so.1")), "libgcc-s1");
	assert_string_equal(elsewhere_debian_name(*state, B("libfoo.so")), "");
	assert_string_equal(elsewhere_debian_name(*state, B("ld-linux.so.2")), "");
	assert_string_equal(elsewhere_debian_name(*state, B("lib.so.2")), "");
}

/* A log whose last lines are so many seconds old. */
static const char *log_of(struct arena *arena, const char *format, int64_t ago)
{
	time_t then = time(NULL) - ago;
	char when[32];
	struct tm tm;

	strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S", localtime_r(&then, &tm));
	return arena_printf(arena, format, when, when, when);
}

static struct history ask(struct arena *arena, const char *log, int64_t file_ago, const char *library)
{
	const struct world_file files[] = {
		{ "/var/log/dpkg.log", 0644, log },
		{ "/var/lib/dpkg/info/libother1:amd64.list", 0644, "/.\n/usr/bin/tool2\n" },
		{ "/var/lib/dpkg/info/tool.list", 0644, "/.\n/bin\n/bin/tool\n" },
		{},
	};
	struct world world = { .files = files };
	struct credentials who = { .uid = 0, .effective = ~0ull, .capabilities_known = true, .groups_known = true };
	struct caller caller = {};
	struct look_how how = { .view = world_view(&world, arena, VIEW_SELF), .credentials = &who, .follow = true };
	struct view_node node = { .ctime_sec = time(NULL) - file_ago };
	struct history history;

	if (library)
		history_of_library(&how, &caller, bytes_of(library), &history);
	else
		history_of_file(&how, &caller, B("/usr/bin/tool"), &node, &history);
	view_close(how.view);
	return history;
}

static void test_file(void **state)
{
	const char *log = log_of(
		*state, "%s startup archives unpack\n%s upgrade libother1:amd64 1 2\n%s upgrade tool:amd64 1 2\n", 300);
	time_t before = time(NULL);
	struct history history = ask(*state, log, 305, NULL);

	assert_bytes(history.package, "tool");
	assert_false(history.removed);
	assert_true(history.changed >= before - 305);
	/* not by what dpkg did at another time, and what is old is no news */
	history = ask(*state, log, 3600, NULL);
	assert_null(history.package.p);
	assert_true(history.changed);
	assert_false(ask(*state, log, 3 * 86400, NULL).changed);
	assert_null(ask(*state, "no log\n\n2025-13-99 upgrade\n2025", 5, NULL).package.p);
}

static void test_library(void **state)
{
	const char *log = log_of(
		*state,
		"%s install libfoo1:amd64 <none> 1\n%s remove libfoo1:amd64 1 <none>\n%s status x libfoo1:amd64 1\n",
		600);
	struct history history = ask(*state, log, 0, "libfoo.so.1");

	assert_bytes(history.package, "libfoo1");
	assert_true(history.removed && history.changed);
	assert_false(ask(*state, log, 0, "libbar.so.1").changed);
	/* it is there again */
	log = log_of(
		*state,
		"%s remove libfoo1:amd64 1 <none>\n%s install libfoo1:amd64 <none> 1\n%s status installed libfoo1:amd64 1\n",
		600);
	assert_false(ask(*state, log, 0, "libfoo.so.1").changed);
}

int main(void)
{
	struct arena *arena = arena_new();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(test_age, arena),
		cmocka_unit_test_prestate(test_debian_names, arena),
		cmocka_unit_test_prestate(test_file, arena),
		cmocka_unit_test_prestate(test_library, arena),
	};
	int status = cmocka_run_group_tests(tests, NULL, NULL);

	arena_free(arena);
	return status;
}
