// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <json-c/json.h>

#include "event/fields.h"
#include "print/printer.h"

/* What the printer writes for one event, its newline included. */
static void print(const struct event *event, struct buffer *text)
{
	int fd = unit_file();
	struct output *output = output_new(fd, NULL);

	assert_int_equal(json_printer.begin(output), 0);
	assert_int_equal(json_printer.event(output, event), 0);
	assert_int_equal(json_printer.end(output), 0);
	assert_int_equal(output_flush(output), 0);
	unit_read(fd, text);
	output_free(output);
	close(fd);
}

/* One line, read back by a strict parser. */
static struct json_object *parse(const struct event *event)
{
	BUFFER_AUTO struct buffer text = {};
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *object;

	print(event, &text);
	assert_true(text.n > 2);
	assert_ptr_equal(memchr(text.p, '\n', text.n), text.p + text.n - 1);
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	object = json_tokener_parse_ex(tokener, text.p, (int)text.n);
	assert_int_equal(json_tokener_get_error(tokener), json_tokener_success);
	json_tokener_free(tokener);
	return object;
}

static struct json_object *member(struct json_object *object, const char *key)
{
	struct json_object *value;

	assert_true(json_object_object_get_ex(object, key, &value));
	return value;
}

static void assert_string(struct json_object *string, const char *expected)
{
	assert_true(json_object_is_type(string, json_type_string));
	assert_string_equal(json_object_get_string(string), expected);
}

static void test_every_field_is_there(void **state)
{
	struct arena *arena = arena_new();
	struct event event = unit_event(arena);
	struct json_object *object = parse(&event), *value;
	size_t expected = 0;

	(void)state;
	for (size_t i = 0; i < fields_count; i++) {
		bool there = field_applies(&fields[i], event.type) && !(fields[i].flags & FIELD_OPTIONAL);

		assert_int_equal(json_object_object_get_ex(object, fields[i].name, &value), there);
		expected += there;
	}
	assert_int_equal(json_object_object_length(object), expected);
	assert_null(member(object, "path"));
	assert_null(member(object, "environment"));
	assert_int_equal(json_object_get_int(member(object, "ret")), -2);
	json_object_put(object);
	arena_free(arena);
}

static void test_line(void **state)
{
	struct event event = {
		.arena = arena_new(),
		.type = EVENT_LOST,
		.time_sec = 1700000000,
		.lost_count = 7,
		.lost_reason = B("buffer_full"),
	};
	BUFFER_AUTO struct buffer text = {};

	(void)state;
	fields_set_host(B("here"));
	print(&event, &text);
	assert_text(&text, "{\"event\":\"lost\",\"time\":\"2023-11-14T22:13:20.000000000Z\",\"host\":\"here\","
			   "\"schema_version\":1,\"count\":7,\"reason\":\"buffer_full\"}\n");
	fields_set_host((struct bytes){});
	arena_free(event.arena);
}

static void test_numbers_are_exact(void **state)
{
	struct event event = unit_event(arena_new());
	BUFFER_AUTO struct buffer text = {};

	(void)state;
	event.binary = (struct event_file){ .known = true, .ino = UINT64_MAX, .dev = 1, .ctime_sec = 1690000000 };
	event.binary.ctime_nsec = 1;
	print(&event, &text);
	assert_non_null(strstr(buffer_string(&text), "\"binary.inode_number\":18446744073709551615,"));
	assert_non_null(strstr(text.p, "\"binary.ctime_ns\":1690000000000000001,"));
	assert_non_null(strstr(text.p, "\"ret\":-2,"));
	assert_non_null(strstr(text.p, "\"kernel_invoked\":false,"));
	arena_free(event.arena);
}

static void test_lists(void **state)
{
	struct bytes arguments[] = { B("a"), {}, B("") };
	struct event_ancestor ancestors[] = { { 7, B("make") }, { 1, {} } };
	struct event event = unit_event(arena_new());
	BUFFER_AUTO struct buffer text = {};

	(void)state;
	event.arguments = (struct bytes_list){ arguments, COUNT(arguments), true, false, 0 };
	event.environment.known = true;
	event.ancestors = ancestors;
	event.n_ancestors = COUNT(ancestors);
	event.ancestors_known = true;
	event.container_id = B("f00");
	event.container_runtime = B("docker");
	event.container_user = 1000;
	event.cut = 1u << PART_ARGUMENTS | 1u << PART_PATH;
	event.unreadable = 1u << PART_ENVIRONMENT;
	print(&event, &text);
	assert_non_null(strstr(buffer_string(&text), "\"arguments\":[\"a\",null,\"\"],"));
	assert_non_null(strstr(text.p, "\"environment\":[],"));
	assert_non_null(strstr(text.p, "\"ancestors\":[{\"pid\":7,\"comm\":\"make\"},{\"pid\":1,\"comm\":null}],"));
	assert_non_null(strstr(text.p, "\"container\":{\"id\":\"f00\",\"runtime\":\"docker\",\"delegated_to\":1000},"));
	assert_non_null(strstr(text.p, "\"truncated\":[\"path\",\"arguments\"],"));
	assert_non_null(strstr(text.p, "\"unreadable\":[\"environment\"],"));
	assert_null(strstr(text.p, "\"raw\""));
	arena_free(event.arena);
}

static void test_hostile_strings(void **state)
{
	struct bytes arguments[] = {
		B("\"},\n{\"event\":\"forged\"}"),
		B("\x1b[2J\x7f\xc2\x9b"),
		B("\xe2\x80\xae"),
		B("a\0b"),
		B("\\"),
		B("</x>"),
	};
	struct event event = unit_event(arena_new());
	BUFFER_AUTO struct buffer text = {};
	struct json_object *object, *list;

	(void)state;
	event.path = B("[{,");
	event.comm = B("{");
	event.arguments = (struct bytes_list){ arguments, COUNT(arguments), true, false, 0 };
	print(&event, &text);
	for (size_t i = 0; i + 1 < text.n; i++)
		assert_true((unsigned char)text.p[i] >= ' ' && (unsigned char)text.p[i] < 0x7f);
	object = parse(&event);
	list = member(object, "arguments");
	for (size_t i = 0; i < COUNT(arguments); i++) {
		struct json_object *string = json_object_array_get_idx(list, i);

		assert_int_equal(json_object_get_string_len(string), arguments[i].n);
		assert_memory_equal(json_object_get_string(string), arguments[i].p, arguments[i].n);
	}
	assert_string(member(object, "path"), "[{,");
	assert_string(member(object, "comm"), "{");
	json_object_put(object);
	arena_free(event.arena);
}

static void test_raw(void **state)
{
	struct bytes arguments[] = { B("fine"), B("b\xff"
						  "d") };
	struct event_ancestor ancestors[] = { { 1, B("\xfe") } };
	struct event event = unit_event(arena_new());
	struct json_object *object, *raw;

	(void)state;
	event.path = B("/\xc3");
	event.arguments = (struct bytes_list){ arguments, COUNT(arguments), true, false, 0 };
	event.ancestors = ancestors;
	event.n_ancestors = COUNT(ancestors);
	event.ancestors_known = true;
	event.container_id = B("\xff");
	object = parse(&event);
	assert_string(member(object, "path"), "/\xef\xbf\xbd");
	assert_string(json_object_array_get_idx(member(object, "arguments"), 1), "b\xef\xbf\xbd"
										 "d");
	raw = member(object, "raw");
	assert_int_equal(json_object_object_length(raw), 4);
	assert_string(member(raw, "path"), "L8M=");
	assert_string(member(raw, "arguments[1]"), "Yv9k");
	assert_string(member(raw, "ancestors[0].comm"), "/g==");
	assert_string(member(raw, "container.id"), "/w==");
	json_object_put(object);
	arena_free(event.arena);
}

/* Every byte there is, in every order of two. */
static void test_any_bytes_parse(void **state)
{
	struct event event = unit_event(arena_new());
	unsigned char bytes[512];

	(void)state;
	for (int shift = 0; shift < 256; shift++) {
		struct bytes path = { (char *)bytes, sizeof(bytes) };

		for (int i = 0; i < 256; i++) {
			bytes[2 * i] = (unsigned char)i;
			bytes[2 * i + 1] = (unsigned char)(i + shift);
		}
		event.path = path;
		json_object_put(parse(&event));
	}
	arena_free(event.arena);
}

/* What an event leaves behind must not be in the next. */
static void test_one_after_the_other(void **state)
{
	int fd = unit_file();
	struct output *output = output_new(fd, NULL);
	struct event bad = unit_event(arena_new()), good = bad;
	BUFFER_AUTO struct buffer text = {}, alone = {};

	(void)state;
	bad.path = B("\xff");
	good.path = B("fine");
	print(&good, &alone);
	json_printer.begin(output);
	json_printer.event(output, &bad);
	json_printer.event(output, &good);
	json_printer.end(output);
	output_flush(output);
	unit_read(fd, &text);
	assert_true(text.n > alone.n);
	assert_memory_equal(text.p + text.n - alone.n, alone.p, alone.n);
	output_free(output);
	close(fd);
	arena_free(bad.arena);
}

/* A list that came before is told as it was, and no other for it. */
static void test_environments(void **state)
{
	struct bytes lists[][8] = {
		{ B("A=1"), B("B"), B("C"), B("D"), B("E"), B("F"), B("G"), B("H") },
		{ B("A=1"), B("B"), B("C"), B("D"), B("E"), B("F"), B("G"), B("H") },
		{ B("A=1"), B("B"), B("C"), B("D"), B("E"), B("F"), B("G"), B("I") },
		{ B("A=1B"), B(""), B("C"), B("D"), B("E"), B("F"), B("G"), B("I") },
		{ B("A=1"), B("B"), B("C"), B("D"), B("E"), B("F"), B("G\0I"), B("") },
		{ B("A=1"), B("B"), B(""), B("D"), B("E"), B("F"), B("G"), B("I") },
		{ B("A=1"), B("B"), {}, B("D"), B("E"), B("F"), B("G"), B("I") },
		{ B("A=1"), B("B"), {}, B("D"), B("E"), B("F"), B("G"), B("\n") },
		{ B("A=1"), B("B"), {}, B("D"), B("E"), B("F"), B("G"), B("\n") },
	};
	int fd = unit_file();
	struct output *output = output_new(fd, NULL);
	struct event event = unit_event(arena_new());
	BUFFER_AUTO struct buffer text = {}, alone = {}, all = {};

	(void)state;
	json_printer.begin(output);
	for (size_t i = 0; i < COUNT(lists); i++) {
		event.environment = (struct bytes_list){ lists[i], COUNT(lists[i]), true, false, 0 };
		json_printer.event(output, &event);
		print(&event, &alone);
		buffer_add(&all, alone.p, alone.n);
	}
	json_printer.end(output);
	output_flush(output);
	unit_read(fd, &text);
	assert_int_equal(text.n, all.n);
	assert_memory_equal(text.p, all.p, all.n);
	output_free(output);
	close(fd);
	arena_free(event.arena);
}

/* Strings are looked at eight bytes at a time: what is to be escaped is found wherever it is among them. */
static void test_each_byte_anywhere(void **state)
{
	static const size_t lengths[] = { 1, 7, 8, 9, 16, 17 };
	struct arena *arena = arena_new();
	struct event event = unit_event(arena);
	char text[17];

	(void)state;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		for (unsigned int at = 0; at < 256 * lengths[i]; at++) {
			struct json_object *object;

			memset(text, 'a', sizeof(text));
			text[at % lengths[i]] = (char)(at / lengths[i]);
			event.comm = (struct bytes){ text, lengths[i] };
			object = parse(&event);
			if (text[at % lengths[i]] & 0x80)
				assert_non_null(strstr(json_object_get_string(member(object, "comm")), "\xef\xbf\xbd"));
			else
				assert_memory_equal(json_object_get_string(member(object, "comm")), text, lengths[i]);
			json_object_put(object);
		}
	}
	arena_free(arena);
}

/* What a strict parser takes as it is: a command to a terminal, and one to who runs a workflow. */
static void test_commands_anywhere(void **state)
{
	static const char *const commands[] = { "\x7f", "##[x]" };
	struct arena *arena = arena_new();
	struct event event = unit_event(arena);

	(void)state;
	for (size_t i = 0; i < 2 * 20; i++) {
		BUFFER_AUTO struct buffer text = {};

		event.comm =
			bytes_of(arena_printf(arena, "%.*s%s", (int)(i / 2), "aaaaaaaaaaaaaaaaaaaa", commands[i % 2]));
		print(&event, &text);
		assert_null(memmem(text.p, text.n, commands[i % 2], strlen(commands[i % 2])));
	}
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_field_is_there), cmocka_unit_test(test_line),
		cmocka_unit_test(test_numbers_are_exact),    cmocka_unit_test(test_lists),
		cmocka_unit_test(test_hostile_strings),      cmocka_unit_test(test_raw),
		cmocka_unit_test(test_any_bytes_parse),      cmocka_unit_test(test_one_after_the_other),
		cmocka_unit_test(test_environments),         cmocka_unit_test(test_each_byte_anywhere),
		cmocka_unit_test(test_commands_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
