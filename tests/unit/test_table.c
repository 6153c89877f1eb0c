// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <time.h>

#include "print/printer.h"

#define HEADER "TIME         PID     USER       COMM            STARTED BY       ERRNO        WHAT\n"
/* up to WHAT, in most rows */
#define ALICE HEADER "22:13:20.123 4242    alice      make            bash             ENOENT       "
#define AT_80 "TIME     STARTED BY       ERRNO        WHAT\n22:13:20 bash             ENOENT       "

static int setup(void **state)
{
	setenv("TZ", "UTC", 1);
	tzset();
	*state = arena_new();
	return 0;
}

static int teardown(void **state)
{
	arena_free(*state);
	return 0;
}

static struct event full_event(struct arena *arena)
{
	static struct bytes arguments[] = { B("gcc"), B("-c"), B("two words"), B("") };
	static struct event_ancestor ancestors[] = { { 4000, B("bash") }, { 1, B("init") } };
	struct event event = unit_event(arena);

	event.path = B("/usr/local/bin/gcc");
	event.user = B("alice");
	event.uid = 1000;
	event.comm = B("make");
	event.ancestors = ancestors;
	event.n_ancestors = 2;
	event.ancestors_known = true;
	event.arguments = (struct bytes_list){ arguments, COUNT(arguments), true, false, 0 };
	return event;
}

/* Ends the output, and closes its descriptor. */
static void print_all(struct output *output, int fd, const struct event *events, size_t n, const char *expected)
{
	BUFFER_AUTO struct buffer text = {};

	assert_int_equal(table_printer.begin(output), 0);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(table_printer.event(output, &events[i]), 0);
	assert_int_equal(table_printer.end(output), 0);
	assert_int_equal(output_flush(output), 0);
	unit_read(fd, &text);
	assert_string_equal(buffer_string(&text), expected);
	output_free(output);
	close(fd);
}

/* Header and row, as for a terminal of that many columns; 0: no terminal. */
static void assert_printed(const struct event *event, unsigned int columns, bool colour, const char *expected)
{
	int fd = unit_file();
	struct output *output = output_new(fd, NULL);

	output->columns = columns;
	output->colour = colour;
	print_all(output, fd, event, 1, expected);
}

static void test_row(void **state)
{
	struct event event = full_event(*state);

	assert_printed(&event, 0, false, ALICE "/usr/local/bin/gcc -c 'two words' ''\n");
}

static void test_unknown(void **state)
{
	struct event event = unit_event(*state);
	struct bytes arguments[] = { B("x"), {}, B("?") };

	assert_printed(&event, 0, false,
		       HEADER "22:13:20.123 4242    ?          ?               ?                ENOENT       ?\n");
	event.uid = 4000000000;
	event.ret = 59;
	event.comm = B("x");
	event.path = B("");
	event.arguments = (struct bytes_list){ arguments, COUNT(arguments), true, false, 0 };
	event.cut = 1u << PART_ARGUMENTS;
	assert_printed(
		&event, 0, false,
		HEADER
		"22:13:20.123 4242    4000000000 x               ?                59           '' ? '?' \xe2\x80\xa6\n");
}

static void test_interpreter(void **state)
{
	struct event event = full_event(*state);

	event.interpreter = B("/bin/sh\r");
	event.arguments.n = 1;
	assert_printed(&event, 0, false,
		       ALICE "/usr/local/bin/gcc"
			     " (interpreter $'/bin/sh\\r')\n");
}

static void test_kernel_and_execveat(void **state)
{
	struct event event = full_event(*state);

	event.arguments.n = 0;
	event.call = CALL_KERNEL;
	assert_printed(&event, 0, false,
		       HEADER "22:13:20.123 4242    alice      make            the kernel       ENOENT       "
			      "[kernel] /usr/local/bin/gcc\n");
	event.call = CALL_EXECVEAT;
	event.dirfd_path = B("/some/dir");
	assert_printed(&event, 0, false, ALICE "/usr/local/bin/gcc\n");
	event.path = B("gcc");
	assert_printed(&event, 0, false, ALICE "gcc (at /some/dir)\n");
}

static void test_hostile_strings(void **state)
{
	struct bytes arguments[] = { B("x"), B("\x1b]0;gotcha\x07"), B("a\nb"), B("\xe2\x80\xaegnp.exe") };
	struct event event = full_event(*state);

	event.user = B("\x1b[2J");
	event.comm = B("\xff\n");
	event.path = B("\xc2\x9b"
		       "2J");
	event.arguments = (struct bytes_list){ arguments, COUNT(arguments), true, false, 0 };
	assert_printed(&event, 0, false,
		       HEADER
		       "22:13:20.123 4242    \\x1b[2J    \\xff\\n          bash             ENOENT       $'\\u009b2J' "
		       "$'\\x1b]0;gotcha\\a' $'a\\nb' $'\\u202egnp.exe'\n");
}

static void test_cut_to_the_terminal(void **state)
{
	struct event event = full_event(*state);
	static struct bytes long_arguments[] = { B("gcc"), B("-c"), B("a-file-of-a-long-name.c"), B("-o") };

	event.arguments.v = long_arguments;
	assert_printed(&event, 80, false, AT_80 "/usr/local/bin/gcc -c a-file-of-a-long-n\xe2\x80\xa6\n");
	/* the interpreter is rather kept than the command's end, as long as it leaves half */
	event.interpreter = B("/x");
	assert_printed(&event, 80, false, AT_80 "/usr/local/bin/gcc -c a\xe2\x80\xa6 (interpreter /x)\n");
	event.interpreter = B("/opt/a/long/way/to/python3");
	assert_printed(&event, 80, false, AT_80 "/usr/local/bin/gcc -\xe2\x80\xa6 (interpreter /opt/\xe2\x80\xa6\n");
	event.interpreter.p = NULL;
	event.unit = B("a-service-of-a-long-name.service");
	assert_printed(
		&event, 80, false,
		"TIME     STARTED BY       ERRNO        WHAT\n"
		"22:13:20 a-service-of-a-\xe2\x80\xa6 ENOENT       /usr/local/bin/gcc -c a-file-of-a-long-n\xe2\x80\xa6\n");
}

/* What was tried has forty columns; the others go, who runs it last; the error never does. */
static void test_narrow_terminal(void **state)
{
	static const struct {
		unsigned int columns;
		const char *header;
	} widths[] = {
		{ 118, "TIME         PID     USER       COMM            STARTED BY       ERRNO        WHAT\n" },
		{ 117, "TIME         PID     USER       STARTED BY       ERRNO        WHAT\n" },
		{ 102, "TIME         PID     USER       STARTED BY       ERRNO        WHAT\n" },
		{ 101, "TIME         PID     STARTED BY       ERRNO        WHAT\n" },
		{ 91, "TIME         PID     STARTED BY       ERRNO        WHAT\n" },
		{ 90, "TIME         STARTED BY       ERRNO        WHAT\n" },
		{ 83, "TIME         STARTED BY       ERRNO        WHAT\n" },
		{ 82, "TIME     STARTED BY       ERRNO        WHAT\n" },
		{ 79, "TIME     STARTED BY       ERRNO        WHAT\n" },
		{ 78, "STARTED BY       ERRNO        WHAT\n" },
		{ 69, "ERRNO        WHAT\n" },
		{ 31, "ERRNO        WHAT\n" },
		{ 30, "ERRNO WHAT\n" },
	};
	struct event event = full_event(*state);

	event.type = EVENT_LOST;
	for (size_t i = 0; i < COUNT(widths); i++)
		assert_printed(&event, widths[i].columns, false,
			       arena_printf(*state, "%s22:13:20.123 *** some events come without their file\n",
					    widths[i].header));
	event.type = EVENT_PROCESS_EXECUTE_FAILED;
	assert_printed(&event, 31, false, "ERRNO        WHAT\nENOENT       /usr/local/bin/gc\xe2\x80\xa6\n");
	assert_printed(&event, 20, false, "ERRNO WHAT\nENOENT /usr/local/b\xe2\x80\xa6\n");
	assert_printed(&event, 1, false, "ERRNO WHAT\nENOENT \n");
}

static void assert_started_by(struct event *event, const char *name)
{
	struct event copy = *event;

	copy.arguments.n = 0;
	assert_printed(&copy, 80, false,
		       arena_printf(copy.arena,
				    "TIME     STARTED BY       ERRNO        WHAT\n22:13:20 %-16s ENOENT       "
				    "/usr/local/bin/gcc\n",
				    name));
}

/* The container, the service, or the parent; that somebody is logged in says nothing. */
static void test_started_by(void **state)
{
	struct event event = full_event(*state);

	assert_started_by(&event, "bash");
	event.unit = B("session-3.scope");
	assert_started_by(&event, "bash");
	event.unit = B("user@1000.service");
	assert_started_by(&event, "bash");
	event.unit = B("nginx.service");
	assert_started_by(&event, "nginx.service");
	event.container_id = B("3f2a99887766554433221100");
	assert_started_by(&event, "3f2a99887766");
	event.container_runtime = B("cri");
	assert_started_by(&event, "cri:3f2a99887766");
}

static void test_resized_terminal(void **state)
{
	struct event event = full_event(*state);
	BUFFER_AUTO struct buffer text = {};
	int fd = unit_file();
	struct output *output = output_new(fd, NULL);

	event.arguments.n = 0;
	output->columns = 80;
	assert_int_equal(table_printer.begin(output), 0);
	assert_int_equal(table_printer.event(output, &event), 0);
	output->columns = 40;
	assert_int_equal(table_printer.event(output, &event), 0);
	assert_int_equal(table_printer.event(output, &event), 0);
	assert_int_equal(table_printer.end(output), 0);
	assert_int_equal(output_flush(output), 0);
	unit_read(fd, &text);
	assert_text(&text, AT_80 "/usr/local/bin/gcc\n"
				 "ERRNO        WHAT\n"
				 "ENOENT       /usr/local/bin/gcc\n"
				 "ENOENT       /usr/local/bin/gcc\n");
	output_free(output);
	close(fd);
}

static void test_long_values_without_terminal(void **state)
{
	struct event event = full_event(*state);

	event.user = B("a-very-long-user-name");
	event.arguments.n = 0;
	assert_printed(&event, 0, false,
		       HEADER
		       "22:13:20.123 4242    a-very-long-user-name make            bash             ENOENT       "
		       "/usr/local/bin/gcc\n");
}

static void test_colour(void **state)
{
	struct event event = full_event(*state);

	event.arguments.n = 0;
	assert_printed(&event, 120, true,
		       HEADER
		       "22:13:20.123 4242    alice      make            bash             \x1b[31mENOENT\x1b[0m       "
		       "/usr/local/bin/gcc\n");
}

#define ROW "22:13:20.123 4242    alice      make            bash             ENOENT       /usr/local/bin/gcc\n"
#define ROW_80 AT_80 "/usr/local/bin/gcc\n"
#define CORNER "  \xe2\x94\x94 "

static void test_hint(void **state)
{
	struct event event = full_event(*state);

	event.arguments.n = 0;
	event.hint = B("the script asks for \"/bin/sh\r\": repair with: sed -i 's/\\r$//' \x1b[2J and again");
	assert_printed(&event, 0, false,
		       HEADER ROW CORNER
		       "the script asks for \"/bin/sh\\r\": repair with: sed -i 's/\\r$//' \\x1b[2J and again\n");
	/* a terminal gets all of it, too */
	assert_printed(&event, 80, false,
		       ROW_80 CORNER "the script asks for \"/bin/sh\\r\": repair with: sed -i 's/\\r$//' \\x1b[2J and\n"
				     "    again\n");
	event.hint = B("no_blank_in_it_at_all");
	assert_printed(&event, 80, false, ROW_80 CORNER "no_blank_in_it_at_all\n");
	event.path = B("x");
	event.user = B("u");
	event.comm = B("c");
	assert_printed(&event, 12, false,
		       "ERRNO WHAT\nENOENT x\n" CORNER "no_blank\n"
		       "    _in_it_a\n    t_all\n");
}

/* What is behind the last semicolon is what to do. */
static void test_fix(void **state)
{
	struct event event = full_event(*state);

	event.arguments.n = 0;
	event.hint = B("it has no execute permission (mode 0644); give it with: chmod +x /usr/local/bin/gcc or so");
	assert_printed(&event, 80, true,
		       "TIME     STARTED BY       ERRNO        WHAT\n"
		       "22:13:20 bash             \x1b[31mENOENT\x1b[0m       /usr/local/bin/gcc\n" CORNER
		       "it has no execute permission (mode 0644); \x1b[32mgive it with:\x1b[0m\n"
		       "    \x1b[32mchmod +x /usr/local/bin/gcc or so\x1b[0m\n");
	event.hint = B("x; y");
	assert_printed(&event, 80, false, ROW_80 CORNER "x; y\n");
	/* One that no line holds is broken like any other, and a path behind a part of it. */
	event.hint = B(
		"it is not; do: rm /usr/local/share/applications/of/somebody/else/with/a/very/long/path/to/gcc.desktop");
	assert_printed(&event, 80, false,
		       ROW_80 CORNER "it is not; do: rm\n"
				     "    /usr/local/share/applications/of/somebody/else/with/a/very/long/path/to/\n"
				     "    gcc.desktop\n");
}

static void print_styled(const struct event *events, size_t n, const struct style *style, const char *expected)
{
	int fd = unit_file();
	struct output *output = output_new(fd, style);

	print_all(output, fd, events, n, expected);
}

static void test_times(void **state)
{
	struct event events[] = { full_event(*state), full_event(*state), full_event(*state) };
	struct style style = { .n_fields = 2, .fields = { fields_find("time"), fields_find("pid") } };

	events[1].time_nsec += 5000000;
	events[2].time_sec += 2 * 3600;
	/* a new day has its date, whatever the zone */
	print_styled(events, 3, &style,
		     "TIME         PID\n22:13:20.123 4242\n22:13:20.128 4242\n--- 2023-11-15 ---\n00:13:20.123 4242\n");
	setenv("TZ", "XYZ-1", 1);
	tzset();
	print_styled(events, 3, &style,
		     "TIME         PID\n23:13:20.123 4242\n23:13:20.128 4242\n--- 2023-11-15 ---\n01:13:20.123 4242\n");
	style.time = STYLE_UTC;
	print_styled(events, 1, &style, "TIME         PID\n22:13:20.123 4242\n");
	setenv("TZ", "UTC", 1);
	tzset();
}

static void test_delta(void **state)
{
	struct event events[] = { full_event(*state), full_event(*state), full_event(*state) };
	struct style style = { .time = STYLE_DELTA,
			       .n_fields = 2,
			       .fields = { fields_find("pid"), fields_find("time") } };
	BUFFER_AUTO struct buffer text = {};
	int fd = unit_file();
	struct output *output = output_new(fd, &style);

	events[1].time_sec += 3600;
	events[1].time_nsec += 5000000;
	assert_int_equal(table_printer.begin(output), 0);
	for (size_t i = 0; i < COUNT(events); i++)
		assert_int_equal(table_printer.event(output, &events[i]), 0);
	assert_int_equal(table_printer.end(output), 0);
	assert_int_equal(output_flush(output), 0);
	unit_read(fd, &text);
	/* before the first there was the start, which is now */
	assert_non_null(strstr(buffer_string(&text), "\n4242    +3600.005\n4242    -3600.005\n"));
	output_free(output);
	close(fd);
}

static void test_fields(void **state)
{
	struct event event = full_event(*state);
	struct style style = { .n_fields = 5,
			       .fields = { fields_find("errno"), fields_find("ancestors"), fields_find("tty"),
					   fields_find("path"), fields_find("arguments") } };

	event.hint = B("not shown, since it was not asked for");
	print_styled(
		&event, 1, &style,
		"ERRNO        ANCESTORS            TTY                  WHAT                 ARGUMENTS\n"
		"ENOENT       bash(4000) < init(1) ?                    /usr/local/bin/gcc -c 'two words' '' gcc -c 'two words' ''\n");
}

/* Nobody reads sixteen thousand bytes in a row. */
static void test_long_word(void **state)
{
	struct event event = full_event(*state);
	struct bytes arguments[] = { B("gcc"), { memset(arena_alloc(*state, 16000), 'x', 16000), 16000 } };

	event.arguments = (struct bytes_list){ arguments, 2, true, false, 0 };
	assert_printed(&event, 0, false,
		       ALICE "/usr/local/bin/gcc xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
			     "\xe2\x80\xa6(16000 bytes)\n");
}

static void test_lost(void **state)
{
	struct event event = unit_event(*state);

	event.type = EVENT_LOST;
	event.lost_count = 42;
	event.lost_reason = B("buffer_full");
	assert_printed(
		&event, 0, false,
		HEADER
		"22:13:20.123 *** 42 events lost: buffer_full\n"
		"  \xe2\x94\x94 a larger --buffer holds more, -u, -p or -c let in less, and --no-env makes it smaller\n");
	event.lost_count = 0;
	event.lost_reason = B("too_many_in_flight");
	assert_printed(
		&event, 0, false,
		HEADER
		"22:13:20.123 *** some events come without their file: too_many_in_flight\n"
		"  \xe2\x94\x94 more programs start at the same time than are kept track of: -p follows fewer\n");
	event.lost_count = 42;
	event.lost_reason.p = NULL;
	assert_printed(&event, 0, true, HEADER "22:13:20.123 \x1b[31m*** 42 events lost\x1b[0m\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_row),
		TEST(test_unknown),
		TEST(test_interpreter),
		TEST(test_kernel_and_execveat),
		TEST(test_hostile_strings),
		TEST(test_cut_to_the_terminal),
		TEST(test_narrow_terminal),
		TEST(test_resized_terminal),
		TEST(test_long_values_without_terminal),
		TEST(test_colour),
		TEST(test_hint),
		TEST(test_fix),
		TEST(test_started_by),
		TEST(test_times),
		TEST(test_delta),
		TEST(test_fields),
		TEST(test_long_word),
		TEST(test_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
