// SPDX-License-Identifier: GPL-2.0-only
/*
 * Forms that others have published: hostile bytes, and what is no failure. That they are valid,
 * tests/cli/test_schemas.py asks.
 */
#include "unit.h"

#include "event/fields.h"
#include "print/printer.h"

static struct bytes words[] = { { "a\nb=\"", 5 }, { "\xff", 1 }, {} };

/* A failure with the least in it, whose strings are bad. */
static struct event hostile(struct arena *arena)
{
	struct event event = unit_event(arena);

	event.path = B("/x\x1b[2J\n::error::%");
	event.arguments = (struct bytes_list){ words, COUNT(words), true, false, 0 };
	return event;
}

static struct event lost(struct arena *arena)
{
	return (struct event){
		.arena = arena,
		.type = EVENT_LOST,
		.time_sec = 1700000000,
		.lost_count = 1,
		.lost_reason = B("buffer_full"),
	};
}

/* With these fields alone, ends with NULL; NULL: all. */
static void print(const char *form, const struct event *event, const char *const *names, struct buffer *text)
{
	const struct printer *printer = printer_find(form);
	struct style style = {};
	int fd = unit_file();
	struct output *output;

	for (; names && *names; names++)
		style.fields[style.n_fields++] = fields_find(*names);
	output = output_new(fd, &style);
	assert_int_equal(printer->begin(output), 0);
	assert_int_equal(printer->event(output, event), 0);
	assert_int_equal(printer->end(output), 0);
	assert_int_equal(output_flush(output), 0);
	unit_read(fd, text);
	output_free(output);
	close(fd);
}

static const char *const few[] = { "path", "arguments", "ret", "raw", NULL };

static void test_logfmt(void **state)
{
	struct event event = hostile(*state), gone = lost(*state);
	BUFFER_AUTO struct buffer text = {};

	print("logfmt", &event, few, &text);
	assert_text(&text, "path=\"/x\\u001b[2J\\n::error::%\" arguments=\"$'a\\\\nb=\\\"' $'\\\\xff' ?\" ret=-2\n");
	print("logfmt", &gone, few, &text);
	assert_text(&text,
		    "event=lost time=2023-11-14T22:13:20.000000000Z schema_version=1 count=1 reason=buffer_full\n");
}

static void test_ecs(void **state)
{
	struct event event = hostile(*state), gone = lost(*state);
	BUFFER_AUTO struct buffer text = {};

	print("ecs", &event, few, &text);
	assert_text(
		&text,
		"{\"@timestamp\":\"2023-11-14T22:13:20.123456789Z\",\"log.level\":\"error\","
		"\"message\":\"/x\\\\x1b[2J\\\\n::error::%: ENOENT\",\"ecs.version\":\"8.11.0\",\"event.kind\":\"event\","
		"\"event.module\":\"execfail\",\"event.category\":[\"process\"],\"event.type\":[\"start\"],"
		"\"event.outcome\":\"failure\",\"file.path\":\"/x\\u001b[2J\\n::error::%\","
		"\"process.args\":[\"a\\nb=\\\"\",\"\xef\xbf\xbd\",null],\"execfail.ret\":-2,"
		"\"execfail.raw\":{\"arguments[1]\":\"/w==\"}}\n");
	print("ecs", &gone, few, &text);
	assert_text(
		&text,
		"{\"@timestamp\":\"2023-11-14T22:13:20.000000000Z\",\"log.level\":\"warning\","
		"\"message\":\"1 event lost: buffer_full; a larger --buffer holds more, -u, -p or -c let in less, and "
		"--no-env makes it smaller\",\"ecs.version\":\"8.11.0\",\"event.kind\":\"event\","
		"\"event.module\":\"execfail\",\"event.action\":\"lost\",\"execfail.schema_version\":1,\"execfail.count\":1,"
		"\"event.code\":\"buffer_full\"}\n");
}

#define OTEL(severity, name, attributes)                                                                               \
	"{\"resourceLogs\":[{\"resource\":{\"attributes\":[{\"key\":\"service.name\",\"value\":{\"stringValue\":"      \
	"\"execfail\"}}]},\"scopeLogs\":[{\"scope\":{\"name\":\"execfail\",\"version\":\"" VERSION                     \
	"\"},\"logRecords\":[{" severity ",\"eventName\":\"" name "\",\"body\":{\"stringValue\":" attributes           \
	"]}]}]}]}\n"

static void test_otel(void **state)
{
	struct event event = hostile(*state), gone = lost(*state);
	BUFFER_AUTO struct buffer text = {};

	print("otel", &event, few, &text);
	assert_text(
		&text,
		OTEL("\"timeUnixNano\":\"1700000000123456789\",\"severityNumber\":17,\"severityText\":\"ERROR\"",
		     "process_execute_failed",
		     "\"/x\\\\x1b[2J\\\\n::error::%: ENOENT\"},\"attributes\":["
		     "{\"key\":\"file.path\",\"value\":{\"stringValue\":\"/x\\u001b[2J\\n::error::%\"}},"
		     "{\"key\":\"process.command_args\",\"value\":{\"arrayValue\":{\"values\":[{\"stringValue\":\"a\\nb=\\\"\"},"
		     "{\"bytesValue\":\"/w==\"},{}]}}},{\"key\":\"execfail.ret\",\"value\":{\"intValue\":\"-2\"}}"));
	gone.lost_reason = B("x");
	print("otel", &gone, few, &text);
	assert_text(
		&text,
		OTEL("\"timeUnixNano\":\"1700000000000000000\",\"severityNumber\":13,\"severityText\":\"WARN\"", "lost",
		     "\"1 event lost: x\"},\"attributes\":[{\"key\":\"execfail.schema_version\",\"value\":{\"intValue\":"
		     "\"1\"}},{\"key\":\"execfail.count\",\"value\":{\"intValue\":"
		     "\"1\"}},{\"key\":\"execfail.reason\",\"value\":{\"stringValue\":\"x\"}}"));
}

static void test_journal(void **state)
{
	struct event event = hostile(*state);
	BUFFER_AUTO struct buffer text = {};
	const char *end;

	print("journal", &event, few, &text);
	end = strstr(buffer_string(&text), "EXECFAIL_PATH");
	assert_memory_equal(
		text.p, "__REALTIME_TIMESTAMP=1700000000123456\nMESSAGE=/x\\x1b[2J\\n::error::%: ENOENT\nPRIORITY=3\n",
		86);
	assert_non_null(end);
	/* What could end a line has its length before it. */
	assert_memory_equal(
		end, "EXECFAIL_PATH\n\x11\0\0\0\0\0\0\0/x\x1b[2J\n::error::%\nEXECFAIL_ARGUMENTS\n\x05\0\0\0\0\0\0\0",
		67);
	assert_memory_equal(text.p + text.n - 20, "=\xff\nEXECFAIL_RET=-2\n\n", 20);
}

static void test_github(void **state)
{
	struct event event = hostile(*state), gone = lost(*state);
	BUFFER_AUTO struct buffer text = {};

	event.repeats = 3;
	print("github", &event, NULL, &text);
	assert_text(&text,
		    "::error title=$'/x\\x1b[2J\\n%3A%3Aerror%3A%3A%25'%3A ENOENT::/x\\x1b[2J\\n::error::%25: ENOENT "
		    "(\xc3\x97"
		    "3 more)\n");
	gone.lost_reason = B("x");
	print("github", &gone, NULL, &text);
	assert_text(&text, "::warning title=execfail::1 event lost: x\n");
}

static int begin(void **state)
{
	*state = arena_new();
	return 0;
}

static int end(void **state)
{
	arena_free(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_logfmt, begin, end),
		cmocka_unit_test_setup_teardown(test_ecs, begin, end),
		cmocka_unit_test_setup_teardown(test_otel, begin, end),
		cmocka_unit_test_setup_teardown(test_journal, begin, end),
		cmocka_unit_test_setup_teardown(test_github, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
