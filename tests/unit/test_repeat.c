// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <errno.h>
#include <malloc.h>

#include "filter/repeat.h"
#include "print/printer.h"

enum { INTERVAL_MS = 10000 };

#define SECOND 1000000000ll

/* What was told: a line each, "path" or "path xN first..last first_pid-last_pid". */
struct told {
	struct arena *arena;
	struct buffer text;
	struct repeat *repeat;
	int64_t now;
};

static void tell(void *context, struct event *event)
{
	struct told *told = context;

	buffer_printf(&told->text, "%.*s", (int)event->path.n, event->path.p);
	if (event->repeats)
		buffer_printf(&told->text, " x%d %d..%d %u-%u", (int)event->repeats,
			      (int)(event->first_ns / SECOND - 1700000000), (int)(event->last_ns / SECOND - 1700000000),
			      event->first_pid, event->last_pid);
	buffer_put(&told->text, '\n');
}

static int setup(void **state)
{
	struct told *told = calloc(1, sizeof(*told));

	told->arena = arena_new();
	told->repeat = repeat_new(INTERVAL_MS, tell, told);
	*state = told;
	return 0;
}

static int teardown(void **state)
{
	struct told *told = *state;

	repeat_free(told->repeat);
	buffer_free(&told->text);
	arena_free(told->arena);
	free(told);
	return 0;
}

static struct event event_at(struct told *told, int second, uint32_t pid, const char *path)
{
	struct event event = unit_event(told->arena);

	told->now = second * SECOND;
	event.time_sec += second;
	event.pid = pid;
	event.path = bytes_of(path);
	event.reason = B("missing_file");
	return event;
}

static void add(struct told *told, struct event event)
{
	repeat_add(told->repeat, &event, told->now);
	memset(&event, 0xa5, sizeof(event));
}

static void fail_at(struct told *told, int second, uint32_t pid, const char *path)
{
	add(told, event_at(told, second, pid, path));
}

static void assert_told(struct told *told, const char *expected)
{
	assert_string_equal(buffer_string(&told->text), expected);
	told->text.n = 0;
}

/* Once a second: a row, and then a line each ten seconds. */
static void test_crash_loop(void **state)
{
	struct told *told = *state;

	for (int second = 0; second < 25; second++) {
		fail_at(told, second, 100 + (uint32_t)second, "/x");
		repeat_expire(told->repeat, told->now);
	}
	assert_told(told, "/x\n/x x10 1..10 101-110\n/x x10 11..20 111-120\n");
	repeat_flush(told->repeat);
	assert_told(told, "/x x4 21..24 121-124\n");
	repeat_flush(told->repeat);
	assert_told(told, "");
	assert_int_equal(repeat_count(told->repeat), 24);
}

/* --- an hour of it, as it is shown --- */

struct shown {
	struct output *output;
	struct repeat *repeat;
	struct arena *arena;
	size_t used; /* bytes of memory, after some minutes */
};

static void print(void *context, struct event *event)
{
	struct shown *shown = context;

	assert_int_equal(table_printer.event(shown->output, event), 0);
}

static void fail_in_second(struct shown *shown, int second)
{
	struct event event;

	arena_reset(shown->arena);
	event = unit_event(shown->arena);
	event.time_sec += second;
	event.pid = 5000 + (uint32_t)second;
	event.unit = B("app.service");
	event.path = B("/opt/app");
	event.reason = B("missing_file");
	event.hint = B("/opt/app does not exist");
	event.arguments = (struct bytes_list){};
	repeat_add(shown->repeat, &event, second * SECOND);
	repeat_expire(shown->repeat, second * SECOND);
}

/* The table's lines with these words in them. */
static int lines_with(const char *text, const char *words)
{
	int n = 0;

	for (const char *at = text; (at = strstr(at, words)); at = strchr(at, '\n'))
		n++;
	return n;
}

/*
 * A service that is started again each second: a row, its cause, a line each ten seconds; and no more memory than in
 * its first minutes.
 */
static void test_crash_loop_of_an_hour(void **state)
{
	struct shown shown = { .arena = arena_new() };
	BUFFER_AUTO struct buffer text = {};
	int fd = unit_file();

	(void)state;
	shown.output = output_new(fd, NULL);
	shown.repeat = repeat_new(INTERVAL_MS, print, &shown);
	assert_int_equal(table_printer.begin(shown.output), 0);
	for (int second = 0; second < 3600; second++) {
		fail_in_second(&shown, second);
		assert_int_equal(output_flush(shown.output), 0);
		if (second == 180)
			shown.used = mallinfo2().uordblks;
		if (second > 180 && (second - 180) % 10 == 0)
			assert_int_equal(mallinfo2().uordblks, shown.used);
	}
	repeat_flush(shown.repeat);
	table_printer.end(shown.output);
	output_flush(shown.output);
	unit_read(fd, &text);
	assert_int_equal(lines_with(buffer_string(&text), "/opt/app"), 1 + 1 + 360);
	assert_int_equal(lines_with(buffer_string(&text), "app.service"), 1 + 360);
	assert_int_equal(lines_with(buffer_string(&text), "\xc3\x97"
							  "10 more: /opt/app (pids "),
			 359);
	assert_int_equal(lines_with(buffer_string(&text), "\xc3\x97"
							  "9 more: /opt/app (pids 8591 to 8599)"),
			 1);
	assert_int_equal(repeat_count(shown.repeat), 3599);
	repeat_free(shown.repeat);
	output_free(shown.output);
	arena_free(shown.arena);
	close(fd);
}

static void test_timeout(void **state)
{
	struct told *told = *state;

	assert_int_equal(repeat_expire(told->repeat, 0), -1);
	fail_at(told, 0, 1, "/x");
	assert_int_equal(repeat_expire(told->repeat, told->now), -1);
	fail_at(told, 4, 1, "/x");
	assert_int_equal(repeat_expire(told->repeat, told->now), 6000);
	assert_int_equal(repeat_expire(told->repeat, 10 * SECOND), -1);
	assert_told(told, "/x\n/x x1 4..4 1-1\n");
}

static void test_what_is_another(void **state)
{
	static struct event_ancestor ancestors[] = { { 1, B("cron") } };
	struct told *told = *state;
	struct event events[9];

	for (size_t i = 0; i < COUNT(events); i++)
		events[i] = event_at(told, 0, 1, "/x");
	events[1].path = B("/y");
	events[2].reason = B("changed_since");
	events[3].ret = -EACCES;
	events[4].uid = 5;
	events[5].unit = B("a.service");
	events[6].container_id = B("3f");
	events[7].ancestors = ancestors;
	events[7].n_ancestors = 1;
	/* neither argument, thread nor time makes another */
	events[8].tid = 99;
	for (size_t i = 0; i < COUNT(events); i++)
		add(told, events[i]);
	assert_told(told, "/x\n/y\n/x\n/x\n/x\n/x\n/x\n/x\n");
	assert_int_equal(repeat_count(told->repeat), 1);
}

static void test_forgotten(void **state)
{
	struct told *told = *state;

	fail_at(told, 0, 1, "/x");
	fail_at(told, 1, 1, "/x");
	repeat_expire(told->repeat, 62 * SECOND);
	assert_told(told, "/x\n/x x1 1..1 1-1\n");
	fail_at(told, 63, 1, "/x");
	assert_told(told, "/x\n");
}

/* However many kinds there are, none is lost. */
static void test_many(void **state)
{
	struct told *told = *state;
	char path[16];
	size_t lines = 0;

	for (int i = 0; i < 3000; i++) {
		snprintf(path, sizeof(path), "/%d", i % 1000);
		add(told, event_at(told, i, 1, arena_printf(told->arena, "%s", path)));
	}
	repeat_flush(told->repeat);
	for (size_t i = 0; i < told->text.n; i++)
		lines += told->text.p[i] == '\n';
	assert_int_equal(lines, 3000);
	told->text.n = 0;
	for (int i = 0; i < 3; i++)
		fail_at(told, 3000, 1, "/999");
	repeat_flush(told->repeat);
	assert_told(told, "/999 x3 3000..3000 1-1\n");
}

static void test_lost(void **state)
{
	struct told *told = *state;
	struct event lost = event_at(told, 0, 1, "(lost)");

	lost.type = EVENT_LOST;
	add(told, lost);
	add(told, lost);
	assert_told(told, "(lost)\n(lost)\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_crash_loop), TEST(test_crash_loop_of_an_hour),
		TEST(test_timeout),    TEST(test_what_is_another),
		TEST(test_forgotten),  TEST(test_many),
		TEST(test_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
