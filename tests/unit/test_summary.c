// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <errno.h>

#include "print/printer.h"

#define HEAD "   COUNT ERRNO        REASON               STARTED BY       WHAT\n"

static int setup(void **state)
{
	*state = arena_new();
	return 0;
}

static int teardown(void **state)
{
	arena_free(*state);
	return 0;
}

static struct event event_of(struct arena *arena, const char *path, int error, const char *reason)
{
	struct event event = unit_event(arena);

	event.path = bytes_of(path);
	event.ret = -error;
	event.reason = bytes_of(reason);
	event.unit = B("cron.service");
	return event;
}

/* Each event by itself, in memory that is overwritten behind it. */
static void assert_summary(const struct printer *printer, const struct style *style, const struct event *events,
			   size_t n, const char *expected)
{
	BUFFER_AUTO struct buffer text = {};
	int fd = unit_file();
	struct output *output = output_new(fd, style);

	assert_int_equal(printer->begin(output), 0);
	for (size_t i = 0; i < n; i++) {
		struct event event = events[i];

		assert_int_equal(printer->event(output, &event), 0);
		memset(&event, 0xa5, sizeof(event));
	}
	/* no terminal: nothing before the end */
	assert_int_equal(output->text.n, 0);
	assert_int_equal(printer->end(output), 0);
	assert_int_equal(output_flush(output), 0);
	unit_read(fd, &text);
	assert_string_equal(buffer_string(&text), expected);
	output_free(output);
	close(fd);
}

static void test_table(void **state)
{
	struct event events[] = {
		event_of(*state, "/a", ENOENT, "missing_file"), event_of(*state, "/b", EACCES, "no_x_bit"),
		event_of(*state, "/b", EACCES, "no_x_bit"),     event_of(*state, "/b", ENOENT, "missing_file"),
		event_of(*state, "/b", EACCES, "no_x_bit"),     event_of(*state, "/\x1b[2J", ENOENT, "missing_file"),
	};

	events[2].pid = 9;
	assert_summary(&summary_printer, NULL, events, COUNT(events),
		       HEAD "       3 EACCES       no_x_bit             cron.service     /b\n"
			    "       1 ENOENT       missing_file         cron.service     /a\n"
			    "       1 ENOENT       missing_file         cron.service     /b\n"
			    "       1 ENOENT       missing_file         cron.service     $'/\\x1b[2J'\n");
	assert_summary(&summary_printer, NULL, events, 0, HEAD);
}

static void test_fields(void **state)
{
	struct style style = { .n_fields = 1, .fields = { fields_find("errno") } };
	struct event events[] = {
		event_of(*state, "/a", ENOENT, "missing_file"),
		event_of(*state, "/b", EACCES, "no_x_bit"),
		event_of(*state, "/c", ENOENT, "missing_file"),
	};

	assert_summary(&summary_printer, &style, events, COUNT(events),
		       "   COUNT ERRNO\n       2 ENOENT\n       1 EACCES\n");
}

static void test_json(void **state)
{
	struct event events[] = { event_of(*state, "/a", ENOENT, "missing_file"),
				  event_of(*state, "/a", ENOENT, "missing_file") };

	events[1].time_sec += 5;
	assert_summary(
		&summary_json_printer, NULL, events, COUNT(events),
		"{\"errno\":\"ENOENT\",\"reason\":\"missing_file\",\"unit\":\"cron.service\",\"path\":\"/a\",\"repeat_count\":2,"
		"\"first_time\":\"2023-11-14T22:13:20.123456789Z\",\"last_time\":\"2023-11-14T22:13:25.123456789Z\"}\n");
}

/* Below the table, by reason: no failure like the others. */
static void test_lost(void **state)
{
	struct style style = { .n_fields = 1, .fields = { fields_find("errno") } };
	struct event lost = { .arena = *state,
			      .type = EVENT_LOST,
			      .time_sec = 1700000001,
			      .lost_reason = B("buffer_full"),
			      .lost_count = 7 };
	struct event other = { .arena = *state, .type = EVENT_LOST, .lost_reason = B("too_many_in_flight") };
	struct event events[] = { lost, event_of(*state, "/a", ENOENT, "missing_file"), lost, other };

	assert_summary(&summary_printer, NULL, events, COUNT(events),
		       HEAD "       1 ENOENT       missing_file         cron.service     /a\n"
			    "*** 14 events lost: buffer_full\n"
			    "*** some events come without their file: too_many_in_flight\n");
	assert_summary(
		&summary_json_printer, &style, events, 3,
		"{\"errno\":\"ENOENT\",\"repeat_count\":1,"
		"\"first_time\":\"2023-11-14T22:13:20.123456789Z\",\"last_time\":\"2023-11-14T22:13:20.123456789Z\"}\n"
		"{\"event\":\"lost\",\"time\":\"2023-11-14T22:13:21.000000000Z\",\"host\":null,"
		"\"schema_version\":1,\"count\":14,\"reason\":\"buffer_full\"}\n");
}

/* However many there are, all are counted. */
static void test_many(void **state)
{
	enum { KINDS = 5000 };
	struct event *events = calloc(KINDS, sizeof(*events));
	BUFFER_AUTO struct buffer expected = {};

	for (int i = 0; i < KINDS; i++)
		events[i] = event_of(*state, arena_printf(*state, "/%d", i), ENOENT, "missing_file");
	buffer_puts(&expected, HEAD);
	for (int i = 0; i < 4096; i++)
		buffer_printf(&expected, "       1 ENOENT       missing_file         cron.service     /%d\n", i);
	buffer_puts(&expected, "     904 others\n");
	assert_summary(&summary_printer, NULL, events, KINDS, buffer_string(&expected));
	free(events);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(test_table), TEST(test_fields), TEST(test_json), TEST(test_lost),
					    TEST(test_many) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
