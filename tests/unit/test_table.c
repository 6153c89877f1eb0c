// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <time.h>

#include "print/printer.h"

#define HEADER "TIME         PID     USER       COMM            ERRNO        WHAT\n"
/* up to WHAT, in most rows */
#define ALICE HEADER "22:13:20.123 4242    alice      make            ENOENT       "

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
	struct event event = unit_event(arena);

	event.path = B("/usr/local/bin/gcc");
	event.user = B("alice");
	event.uid = 1000;
	event.comm = B("make");
	event.arguments = (struct bytes_list){ arguments, COUNT(arguments), true, false };
	return event;
}

/* Header and row, as for a terminal of that many columns; 0: no terminal. */
static void assert_printed(const struct event *event, unsigned int columns, bool colour, const char *expected)
{
	BUFFER_AUTO struct buffer text = {};
	int fd = unit_file();
	struct output *output = output_new(fd);

	output->columns = columns;
	output->colour = colour;
	assert_int_equal(table_printer.begin(output), 0);
	assert_int_equal(table_printer.event(output, event), 0);
	assert_int_equal(table_printer.end(output), 0);
	assert_int_equal(output_flush(output), 0);
	unit_read(fd, &text);
	assert_string_equal(buffer_string(&text), expected);
	output_free(output);
	close(fd);
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

	assert_printed(&event, 0, false, HEADER "22:13:20.123 4242    ?          ?               ENOENT       ?\n");
	event.uid = 4000000000;
	event.ret = 59;
	event.comm = B("x");
	event.path = B("");
	event.arguments = (struct bytes_list){ arguments, COUNT(arguments), true, false };
	event.cut = 1u << PART_ARGUMENTS;
	assert_printed(&event, 0, false,
		       HEADER "22:13:20.123 4242    4000000000 x               59           '' ? '?' \xe2\x80\xa6\n");
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
	assert_printed(&event, 0, false, ALICE "[kernel] /usr/local/bin/gcc\n");
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
	event.arguments = (struct bytes_list){ arguments, COUNT(arguments), true, false };
	assert_printed(&event, 0, false,
		       HEADER "22:13:20.123 4242    \\x1b[2J    \\xff\\n          ENOENT       $'\\u009b2J' "
			      "$'\\x1b]0;gotcha\\a' $'a\\nb' $'\\u202egnp.exe'\n");
}

static void test_cut_to_the_terminal(void **state)
{
	struct event event = full_event(*state);

	assert_printed(&event, 80, false, ALICE "/usr/local/bin/gcc\xe2\x80\xa6\n");
	/* the interpreter is rather kept than the command's end, as long as it leaves half */
	event.interpreter = B("/x");
	assert_printed(&event, 100, false,
		       ALICE "/usr/local/bin/gcc -c\xe2\x80\xa6"
			     " (interpreter /x)\n");
	event.interpreter = B("/opt/a/long/way/to/python3");
	assert_printed(&event, 80, false,
		       ALICE "/usr/loca\xe2\x80\xa6"
			     " (interp\xe2\x80\xa6\n");
	event.comm = B("\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01");
	event.user = B("a-very-long-user-name");
	event.interpreter.p = NULL;
	assert_printed(&event, 80, false,
		       HEADER "22:13:20.123 4242    a-very-lo\xe2\x80\xa6 \\x01\\x01\\x01\xe2\x80\xa6   ENOENT       "
			      "/usr/local/bin/gcc\xe2\x80\xa6\n");
}

static void test_narrow_terminal(void **state)
{
	struct event event = full_event(*state);

	assert_printed(&event, 79, false, ALICE "/usr/local/bin/gc\xe2\x80\xa6\n");
	/* the time goes first, then whose it was; the error never does */
	assert_printed(&event, 78, false,
		       "PID     USER       COMM            ERRNO        WHAT\n"
		       "4242    alice      make            ENOENT       /usr/local/bin/gcc -c 'two wo\xe2\x80\xa6\n");
	assert_printed(&event, 60, false,
		       "PID     COMM            ERRNO        WHAT\n"
		       "4242    make            ENOENT       /usr/local/bin/gcc -c \xe2\x80\xa6\n");
	assert_printed(&event, 40, false,
		       "PID     ERRNO        WHAT\n"
		       "4242    ENOENT       /usr/local/bin/gcc\xe2\x80\xa6\n");
	assert_printed(&event, 31, false,
		       "ERRNO        WHAT\n"
		       "ENOENT       /usr/local/bin/gc\xe2\x80\xa6\n");
	assert_printed(&event, 20, false, "ERRNO WHAT\nENOENT /usr/local/b\xe2\x80\xa6\n");
	assert_printed(&event, 1, false, "ERRNO WHAT\nENOENT \n");
}

static void test_resized_terminal(void **state)
{
	struct event event = full_event(*state);
	BUFFER_AUTO struct buffer text = {};
	int fd = unit_file();
	struct output *output = output_new(fd);

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
	assert_text(&text, ALICE "/usr/local/bin/gcc\n"
				 "PID     ERRNO        WHAT\n"
				 "4242    ENOENT       /usr/local/bin/gcc\n"
				 "4242    ENOENT       /usr/local/bin/gcc\n");
	output_free(output);
	close(fd);
}

static void test_long_values_without_terminal(void **state)
{
	struct event event = full_event(*state);

	event.user = B("a-very-long-user-name");
	event.arguments.n = 0;
	assert_printed(&event, 0, false,
		       HEADER "22:13:20.123 4242    a-very-long-user-name make            ENOENT       "
			      "/usr/local/bin/gcc\n");
}

static void test_colour(void **state)
{
	struct event event = full_event(*state);

	event.arguments.n = 0;
	assert_printed(&event, 100, true,
		       HEADER "22:13:20.123 4242    alice      make            \x1b[31mENOENT\x1b[0m       "
			      "/usr/local/bin/gcc\n");
}

#define ROW "22:13:20.123 4242    alice      make            ENOENT       /usr/local/bin/gcc\n"
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
		       HEADER ROW CORNER
		       "the script asks for \"/bin/sh\\r\": repair with: sed -i 's/\\r$//' \\x1b[2J and\n"
		       "    again\n");
	event.hint = B("no_blank_in_it_at_all");
	assert_printed(&event, 80, false, HEADER ROW CORNER "no_blank_in_it_at_all\n");
	event.path = B("x");
	event.user = B("u");
	event.comm = B("c");
	assert_printed(&event, 12, false,
		       "ERRNO WHAT\nENOENT x\n" CORNER "no_blank\n"
		       "    _in_it_a\n    t_all\n");
}

static void test_lost(void **state)
{
	struct event event = unit_event(*state);

	event.type = EVENT_LOST;
	event.lost_count = 42;
	event.lost_reason = B("buffer_full");
	assert_printed(&event, 0, false, HEADER "22:13:20.123 *** 42 events lost: buffer_full ***\n");
	event.lost_count = 0;
	event.lost_reason = B("too_many_in_flight");
	assert_printed(&event, 0, false,
		       HEADER "22:13:20.123 *** some events come without their file: too_many_in_flight ***\n");
	event.lost_count = 42;
	event.lost_reason.p = NULL;
	assert_printed(&event, 0, true, HEADER "22:13:20.123 \x1b[31m*** 42 events lost ***\x1b[0m\n");
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
		TEST(test_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
