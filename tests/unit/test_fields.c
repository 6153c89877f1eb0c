// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <errno.h>
#include <limits.h>
#include <linux/magic.h>
#include <time.h>

#include "event/events.h"
#include "event/fields.h"
#include "event/names.h"
#include "print/style.h"

/* All that -e takes. */
enum {
	ASKABLE = EVENTS_FAILURES | 1u << EVENT_SECURITY_BPRM_CHECK | 1u << EVENT_SCHED_PROCESS_EXEC |
		  1u << EVENT_EXECVE | 1u << EVENT_EXECVEAT
};

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

static struct value value_of(const char *name, const struct event *event)
{
	const struct field *field = fields_find(name);
	struct value value;

	assert_non_null(field);
	value = field_value(field, event);
	if (value.type != VALUE_NULL)
		assert_int_equal(value.type, field->type);
	return value;
}

static void assert_null_value(const char *name, const struct event *event)
{
	assert_int_equal(value_of(name, event).type, VALUE_NULL);
}

#define assert_string_value(name, event, literal)                                                                      \
	do {                                                                                                           \
		struct value string_value = value_of(name, event);                                                     \
		assert_int_equal(string_value.type, VALUE_BYTES);                                                      \
		assert_bytes(string_value.bytes, literal);                                                             \
	} while (0)

static void assert_number_value(const char *name, const struct event *event, uint64_t number)
{
	struct value value = value_of(name, event);

	assert_int_equal(value.type, VALUE_UINT);
	assert_true(value.number == number);
}

static void assert_integer_value(const char *name, const struct event *event, int64_t integer)
{
	struct value value = value_of(name, event);

	assert_int_equal(value.type, VALUE_INT);
	assert_true(value.integer == integer);
}

static void test_table_is_complete(void **state)
{
	(void)state;
	for (size_t i = 0; i < fields_count; i++) {
		const struct field *field = &fields[i];

		assert_ptr_equal(fields_find(field->name), field);
		assert_non_null(value_type_name(field->type));
		assert_true(field->help && *field->help && !strchr(field->help, '\n'));
		assert_true(field->events);
		assert_int_equal(field->events & ~ASKABLE & ~(1u << EVENT_LOST), 0);
		assert_true(!field->get != !field->read);
		/* json.c writes names as they are. */
		assert_int_equal(strspn(field->name, "abcdefghijklmnopqrstuvwxyz._"), strlen(field->name));
	}
	assert_true(fields_count <= STYLE_FIELDS);
	assert_null(fields_find("nothing"));
	assert_null(fields_find(""));
	assert_null(value_type_name(VALUE_TYPES));
}

static void test_order_is_the_contract(void **state)
{
	static const char *const first[] = {
		"path",
		"binary.path",
		"binary.device_id",
		"binary.inode_number",
		"binary.ctime",
		"binary.ctime_ns",
		"binary.inode_mode",
		"interpreter_path",
		"stdin_type",
		"stdin_mode",
		"stdin_path",
		"kernel_invoked",
		"environment",
		"arguments",
		"event",
		"time",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(first); i++)
		assert_string_equal(fields[i].name, first[i]);
	assert_string_equal(fields[fields_count - 1].name, "binary_source");
}

static void test_every_part_has_one_field(void **state)
{
	(void)state;
	for (int part = PART_NONE + 1; part < PARTS; part++) {
		const struct field *field = fields_of_part((enum event_part)part);
		size_t users = 0;

		assert_non_null(field);
		for (size_t i = 0; i < fields_count; i++)
			users += fields[i].part == (enum event_part)part;
		assert_int_equal(users, 1);
	}
	assert_null(fields_of_part(PART_NONE));
}

static void test_nothing_known(void **state)
{
	struct event event = unit_event(*state);

	for (size_t i = 0; i < fields_count; i++) {
		const struct field *field = &fields[i];
		struct value value = field_value(field, &event);

		if (!field_applies(field, event.type) || field->type == VALUE_RAW)
			continue;
		if (field->flags & FIELD_NEVER_NULL)
			assert_int_equal(value.type, field->type);
	}
	assert_null_value("path", &event);
	assert_null_value("binary.device_id", &event);
	assert_null_value("binary.ctime", &event);
	assert_null_value("binary.ctime_ns", &event);
	assert_null_value("binary.inode_mode", &event);
	assert_null_value("stdin_type", &event);
	assert_null_value("stdin_mode", &event);
	assert_null_value("stdin_path", &event);
	assert_null_value("environment", &event);
	assert_null_value("stage", &event);
	assert_null_value("reason", &event);
	assert_null_value("uid", &event);
	assert_null_value("loginuid", &event);
	assert_null_value("mnt_ns", &event);
	assert_null_value("ancestors", &event);
	assert_null_value("container", &event);
	assert_null_value("dirfd", &event);
	assert_null_value("flags", &event);
	assert_null_value("argc", &event);
	assert_null_value("truncated", &event);
	assert_null_value("binary_source", &event);
	assert_null_value("evidence", &event);
	assert_null_value("unit", &event);
	assert_null_value("pod_uid", &event);
	assert_null_value("host", &event);
}

static void test_time(void **state)
{
	static const struct {
		int64_t sec;
		uint32_t nsec;
		const char *text; /* NULL: null */
	} rows[] = {
		{ 0, 0, "1970-01-01T00:00:00.000000000Z" },
		{ 1700000000, 123456789, "2023-11-14T22:13:20.123456789Z" },
		{ 951782399, 999999999, "2000-02-28T23:59:59.999999999Z" },
		{ 951782400, 1, "2000-02-29T00:00:00.000000001Z" },
		{ 951868800, 0, "2000-03-01T00:00:00.000000000Z" },
		{ 4107542399, 0, "2100-02-28T23:59:59.000000000Z" },
		{ 4107542400, 0, "2100-03-01T00:00:00.000000000Z" },
		{ 1709251199, 0, "2024-02-29T23:59:59.000000000Z" },
		{ -1, 0, "1969-12-31T23:59:59.000000000Z" },
		{ -62167219200, 0, "0000-01-01T00:00:00.000000000Z" },
		{ 253402300799, 0, "9999-12-31T23:59:59.000000000Z" },
		{ -62167219201, 0, NULL },
		{ 253402300800, 0, NULL },
		{ INT64_MIN, 0, NULL },
		{ INT64_MAX, 0, NULL },
		{ 0, 1000000000, NULL },
	};
	struct event event = unit_event(*state);

	event.binary.known = true;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct value value;

		event.binary.ctime_sec = rows[i].sec;
		event.binary.ctime_nsec = rows[i].nsec;
		value = value_of("binary.ctime", &event);
		assert_int_equal(value.type, rows[i].text ? VALUE_BYTES : VALUE_NULL);
		if (rows[i].text)
			assert_string_equal(value.bytes.p, rows[i].text);
	}
}

/* Against libc, over 800 years of days. */
static void test_time_of_every_day(void **state)
{
	struct event event = unit_event(*state);

	event.time_nsec = 0;
	for (int64_t day = -146097; day < 146097; day++) {
		time_t sec = day * 86400 + 3661;
		char text[64];
		struct tm tm;

		gmtime_r(&sec, &tm);
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S.000000000Z", &tm);
		event.time_sec = sec;
		assert_string_equal(value_of("time", &event).bytes.p, text);
		arena_reset(*state);
	}
}

static void test_binary(void **state)
{
	struct event event = unit_event(*state);

	event.binary = (struct event_file){
		.known = true,
		.dev = 0xfff00123456,
		.ino = UINT64_MAX,
		.ctime_sec = 1690000000,
		.ctime_nsec = 5,
		.mode = 0100755,
		.path = B("/bin/x"),
	};
	event.binary_source = BINARY_SOURCE_KERNEL;
	assert_string_value("binary.path", &event, "/bin/x");
	assert_number_value("binary.device_id", &event, 0xfff00123456);
	assert_number_value("binary.inode_number", &event, UINT64_MAX);
	assert_integer_value("binary.ctime_ns", &event, 1690000000000000005);
	assert_number_value("binary.inode_mode", &event, 33261);
	assert_string_value("binary_source", &event, "kernel");
	event.binary_source = BINARY_SOURCE_STAT;
	assert_string_value("binary_source", &event, "stat");
	event.evidence = EVIDENCE_KERNEL;
	assert_string_value("evidence", &event, "kernel");
	event.evidence = EVIDENCE_USER;
	assert_string_value("evidence", &event, "user");
	event.unit = B("x.service");
	assert_string_value("unit", &event, "x.service");
	event.pod_uid = B("1");
	assert_string_value("pod_uid", &event, "1");
	event.binary.ctime_sec = INT64_MAX / 1000000000 + 1;
	assert_null_value("binary.ctime_ns", &event);
	event.binary.ctime_sec = INT64_MIN;
	assert_null_value("binary.ctime_ns", &event);
	event.binary.ctime_sec = -1;
	assert_integer_value("binary.ctime_ns", &event, -999999995);
}

static void test_stdin(void **state)
{
	static const struct {
		uint32_t mode, magic;
		const char *type, *path;
	} rows[] = {
		{ S_IFCHR | 0620, DEVPTS_SUPER_MAGIC, "chr", "/a/path" },
		{ S_IFREG | 0644, EXT4_SUPER_MAGIC, "reg", "/a/path" },
		{ S_IFDIR | 0755, EXT4_SUPER_MAGIC, "dir", "/a/path" },
		{ S_IFBLK | 0660, TMPFS_MAGIC, "blk", "/a/path" },
		{ S_IFLNK | 0777, TMPFS_MAGIC, "lnk", "/a/path" },
		{ S_IFIFO | 0600, EXT4_SUPER_MAGIC, "fifo", "/a/path" },
		{ S_IFSOCK | 0777, TMPFS_MAGIC, "sock", "/a/path" },
		{ 0600, 0x09041934, "anon", "/a/path" },
	};
	struct event event = unit_event(*state);

	event.in_known = true;
	assert_string_value("stdin_type", &event, "closed");
	assert_null_value("stdin_mode", &event);
	assert_null_value("stdin_path", &event);
	for (size_t i = 0; i < COUNT(rows); i++) {
		event.in = (struct event_file){
			.known = true,
			.mode = rows[i].mode,
			.magic = rows[i].magic,
			.ino = 4026532123456,
			.path = B("/a/path"),
		};
		assert_string_equal(value_of("stdin_type", &event).bytes.p, rows[i].type);
		assert_number_value("stdin_mode", &event, rows[i].mode);
		assert_string_equal(value_of("stdin_path", &event).bytes.p, rows[i].path);
	}
	/* What the kernel could not be asked about is not shown, whatever is there. */
	event.in_known = false;
	assert_null_value("stdin_type", &event);
	assert_null_value("stdin_mode", &event);
	assert_null_value("stdin_path", &event);
}

static void test_call(void **state)
{
	struct event event = unit_event(*state);

	event.dirfd = -100;
	event.dirfd_path = B("/dir");
	event.flags = 0x1000;
	assert_string_value("event", &event, "process_execute_failed");
	assert_string_value("syscall", &event, "execve");
	assert_false(value_of("kernel_invoked", &event).boolean);
	assert_null_value("dirfd", &event);
	assert_null_value("dirfd_path", &event);
	assert_null_value("flags", &event);
	event.call = CALL_EXECVEAT;
	assert_string_value("syscall", &event, "execveat");
	assert_integer_value("dirfd", &event, -100);
	assert_string_value("dirfd_path", &event, "/dir");
	assert_number_value("flags", &event, 0x1000);
	event.call = CALL_KERNEL;
	assert_null_value("syscall", &event);
	assert_true(value_of("kernel_invoked", &event).boolean);
	assert_null_value("dirfd", &event);
}

static void test_errno(void **state)
{
	static const struct {
		int ret;
		const char *name; /* NULL: null */
	} rows[] = {
		{ -ENOENT, "ENOENT" },
		{ -EAGAIN, "EAGAIN" },
		{ -ELIBBAD, "ELIBBAD" },
		{ -E2BIG, "E2BIG" },
		{ -EOPNOTSUPP, "EOPNOTSUPP" },
		{ -520, "E520" },
		{ -524, "ENOTSUPP" },
		{ -4095, "E4095" },
		{ -4096, NULL },
		{ 0, NULL },
		{ 59, NULL },
		{ INT_MIN, NULL },
		{ INT_MAX, NULL },
	};
	struct event event = unit_event(*state);

	for (size_t i = 0; i < COUNT(rows); i++) {
		event.ret = rows[i].ret;
		assert_integer_value("ret", &event, rows[i].ret);
		if (rows[i].name)
			assert_string_equal(value_of("errno", &event).bytes.p, rows[i].name);
		else
			assert_null_value("errno", &event);
	}
	assert_string_equal(errno_name(*state, ENOEXEC), "ENOEXEC");
	assert_string_equal(errno_name(*state, 0), "E0");
	assert_string_equal(errno_name(*state, -5), "E-5");
}

static void test_stage(void **state)
{
	struct event event = unit_event(*state);

	for (int stage = STAGE_ENTRY; stage <= STAGE_COMMIT; stage++) {
		event.stage = (enum stage)stage;
		assert_int_equal(value_of("stage", &event).type, VALUE_BYTES);
	}
	event.stage = STAGE_INTERPRETER;
	assert_string_value("stage", &event, "interpreter");
	assert_null(stage_name((enum stage)77));
	assert_null(call_name((enum record_call)0));
	assert_null(call_name((enum record_call) - 1));
	assert_null(binary_source_name(BINARY_SOURCE_NONE));
}

static void test_caller(void **state)
{
	struct event_ancestor ancestors[] = { { 1, B("init") } };
	struct event event = unit_event(*state);

	event.uid = 0;
	event.mnt_ns = 4026531840u;
	event.ancestors = ancestors;
	event.n_ancestors = 1;
	event.ancestors_known = true;
	event.container_id = B("abc");
	event.reason = B("missing_interpreter");
	event.hint = B("Install it.");
	assert_number_value("pid", &event, 4242);
	assert_number_value("tid", &event, 4243);
	assert_number_value("uid", &event, 0);
	assert_number_value("mnt_ns", &event, 4026531840u);
	assert_int_equal(value_of("ancestors", &event).ancestors.n, 1);
	assert_bytes(value_of("container", &event).container.id, "abc");
	assert_null(value_of("container", &event).container.runtime.p);
	assert_string_value("reason", &event, "missing_interpreter");
	assert_string_value("hint", &event, "Install it.");
	fields_set_host(B("here"));
	assert_string_value("host", &event, "here");
	fields_set_host((struct bytes){});
	assert_null_value("host", &event);
}

static void test_parts(void **state)
{
	struct event event = unit_event(*state);

	event.cut = 1u << PART_ARGUMENTS | 1u << PART_CWD;
	event.unreadable = 1u << PART_PATH;
	assert_int_equal(value_of("truncated", &event).parts, event.cut);
	assert_int_equal(value_of("unreadable", &event).parts, event.unreadable);
	/* and of fields that the event does not have */
	event.type = EVENT_EXECVE;
	event.cut = 1u << PART_CWD | 1u << PART_STDIN_PATH;
	assert_int_equal(value_of("truncated", &event).parts, 1u << PART_CWD);
	/* bits that no field has */
	event.cut = 1u << PART_NONE | 1u << 31;
	assert_null_value("truncated", &event);
}

static void test_lost(void **state)
{
	struct event event = {
		.arena = *state,
		.type = EVENT_LOST,
		.lost_count = UINT64_MAX,
		.lost_reason = B("full"),
	};
	size_t applying = 0;

	for (size_t i = 0; i < fields_count; i++)
		applying += field_applies(&fields[i], EVENT_LOST);
	assert_int_equal(applying, 6);
	assert_false(field_applies(fields_find("count"), EVENT_PROCESS_EXECUTE_FAILED));
	assert_string_value("event", &event, "lost");
	assert_number_value("count", &event, UINT64_MAX);
	assert_string_value("reason", &event, "full");
}

static void test_nearest(void **state)
{
	(void)state;
	assert_string_equal(fields_nearest("binray.path"), "binary.path");
	assert_string_equal(fields_nearest("ernno"), "errno");
	assert_null(fields_nearest("something_else"));
}

static void test_list(void **state)
{
	char *text = NULL, *line;
	size_t size = 0, lines = 0;
	FILE *file = open_memstream(&text, &size);

	(void)state;
	fields_list(file);
	fclose(file);
	for (line = text; *line; line = strchr(line, '\n') + 1) {
		assert_int_equal(strncmp(line, fields[lines].name, strlen(fields[lines].name)), 0);
		assert_true(strcspn(line, "\n") <= 120);
		lines++;
	}
	assert_int_equal(lines, fields_count);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table_is_complete),
		cmocka_unit_test(test_order_is_the_contract),
		cmocka_unit_test(test_every_part_has_one_field),
		cmocka_unit_test_setup_teardown(test_nothing_known, setup, teardown),
		cmocka_unit_test_setup_teardown(test_time, setup, teardown),
		cmocka_unit_test_setup_teardown(test_time_of_every_day, setup, teardown),
		cmocka_unit_test_setup_teardown(test_binary, setup, teardown),
		cmocka_unit_test_setup_teardown(test_stdin, setup, teardown),
		cmocka_unit_test_setup_teardown(test_call, setup, teardown),
		cmocka_unit_test_setup_teardown(test_errno, setup, teardown),
		cmocka_unit_test_setup_teardown(test_stage, setup, teardown),
		cmocka_unit_test_setup_teardown(test_caller, setup, teardown),
		cmocka_unit_test_setup_teardown(test_parts, setup, teardown),
		cmocka_unit_test_setup_teardown(test_lost, setup, teardown),
		cmocka_unit_test(test_nearest),
		cmocka_unit_test(test_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
