// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>

#include "print/output.h"

static void test_nothing_is_written_before_the_flush(void **state)
{
	struct output *output;
	char text[16];
	int ends[2];

	(void)state;
	assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
	output = output_new(ends[1], NULL);
	assert_false(output->tty);
	assert_false(output->colour);
	assert_int_equal(output->columns, 0);
	buffer_puts(&output->text, "one\n");
	assert_int_equal(output_commit(output), 0);
	buffer_puts(&output->text, "two\n");
	assert_int_equal(output_commit(output), 0);
	assert_int_equal(read(ends[0], text, sizeof(text)), -1);
	assert_int_equal(output_flush(output), 0);
	assert_int_equal(read(ends[0], text, sizeof(text)), 8);
	assert_memory_equal(text, "one\ntwo\n", 8);
	assert_int_equal(output_flush(output), 0);
	assert_int_equal(read(ends[0], text, sizeof(text)), -1);
	output_free(output);
	output_free(NULL);
	close(ends[0]);
	close(ends[1]);
}

static void test_much_is_written_before_the_flush(void **state)
{
	int fd = unit_file();
	struct output *output = output_new(fd, NULL);

	(void)state;
	for (int i = 0; i < 1000; i++) {
		buffer_pad(&output->text, 'x', 999);
		buffer_put(&output->text, '\n');
		assert_int_equal(output_commit(output), 0);
		assert_true(output->text.n < 300000);
	}
	assert_int_equal(output_flush(output), 0);
	assert_int_equal(lseek(fd, 0, SEEK_END), 1000000);
	output_free(output);
	close(fd);
}

static void test_reader_has_gone(void **state)
{
	struct output *output;
	int ends[2];

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(pipe(ends), 0);
	close(ends[0]);
	output = output_new(ends[1], NULL);
	buffer_puts(&output->text, "x");
	assert_int_equal(output_flush(output), -EPIPE);
	/* and stays so, without a write that could succeed */
	buffer_puts(&output->text, "y");
	assert_int_equal(output_commit(output), -EPIPE);
	assert_int_equal(output->text.n, 0);
	assert_int_equal(output_flush(output), -EPIPE);
	output_free(output);
	close(ends[1]);
}

static void test_device_is_full(void **state)
{
	int fd = open("/dev/full", O_WRONLY);
	struct output *output;

	(void)state;
	if (fd < 0)
		skip();
	output = output_new(fd, NULL);
	buffer_puts(&output->text, "x");
	assert_int_equal(output_flush(output), -ENOSPC);
	output_free(output);
	close(fd);
}

static void *drain(void *arg)
{
	size_t *total = arg;
	char text[1000];
	ssize_t n;

	while ((n = read((int)total[1], text, sizeof(text))) > 0)
		total[0] += (size_t)n;
	return NULL;
}

/* Far more than a pipe holds, at once, into one that does not block: short writes and EAGAIN. */
static void test_slow_reader(void **state)
{
	struct output *output;
	size_t total[2] = {};
	pthread_t reader;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(fcntl(ends[1], F_SETFL, O_NONBLOCK), 0);
	output = output_new(ends[1], NULL);
	total[1] = (size_t)ends[0];
	assert_int_equal(pthread_create(&reader, NULL, drain, total), 0);
	buffer_pad(&output->text, 'x', 2000000);
	assert_int_equal(output_flush(output), 0);
	close(ends[1]);
	assert_int_equal(pthread_join(reader, NULL), 0);
	assert_int_equal(total[0], 2000000);
	output_free(output);
	close(ends[0]);
}

/* Who is asked, and what was asked. */
struct asked {
	unsigned int times;
	unsigned int waited_ms;
};

static bool ask_thrice(void *context, unsigned int waited_ms)
{
	struct asked *asked = context;

	asked->waited_ms = waited_ms;
	return ++asked->times == 3;
}

/* A pipe that is full and blocks: who wrote comes back to be asked, and what has not arrived is counted. */
static void test_reader_does_not_read(void **state)
{
	struct asked asked = {};
	struct output *output;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	output = output_new(ends[1], NULL);
	output_watch(output, ask_thrice, &asked);
	buffer_puts(&output->text, "arrives\n");
	assert_int_equal(output_commit(output), 0);
	for (int i = 0; i < 10; i++) {
		buffer_pad(&output->text, 'x', 20000);
		assert_int_equal(output_commit(output), 0);
	}
	assert_int_equal(output_flush(output), -ECANCELED);
	assert_int_equal(asked.times, 3);
	assert_true(asked.waited_ms > 0);
	/* three events of 20000 bytes are in the 64 KiB of the pipe */
	assert_int_equal(output->unwritten, 7);
	buffer_puts(&output->text, "y");
	assert_int_equal(output_commit(output), -ECANCELED);
	assert_int_equal(output->unwritten, 8);
	output_free(output);
	close(ends[0]);
	close(ends[1]);
}

/* A file that was moved away is left as it is; what comes goes to the other, which has room of its own. */
static void test_another_file(void **state)
{
	int first = unit_file(), kept = dup(first), second = unit_file(), other = dup(second);
	struct output *output = output_new(first, NULL);

	(void)state;
	output->max = 8;
	assert_int_equal(pwrite(other, "12", 2, 0), 2);
	assert_int_equal(lseek(second, 0, SEEK_END), 2);
	for (int i = 0; i < 3; i++) {
		buffer_puts(&output->text, "one\n");
		output_commit(output);
	}
	assert_true(output->full);
	output_turn(output, second);
	assert_false(output->full);
	for (int i = 0; i < 3; i++) {
		buffer_puts(&output->text, "two\n");
		output_commit(output);
	}
	assert_int_equal(output_flush(output), 0);
	assert_int_equal(lseek(kept, 0, SEEK_END), 8);
	assert_int_equal(lseek(other, 0, SEEK_END), 6);
	assert_int_equal(output->beyond, 3);
	output_free(output);
	close(kept);
	close(other);
	close(second);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_is_written_before_the_flush),
		cmocka_unit_test(test_much_is_written_before_the_flush),
		cmocka_unit_test(test_reader_has_gone),
		cmocka_unit_test(test_device_is_full),
		cmocka_unit_test(test_slow_reader),
		cmocka_unit_test(test_reader_does_not_read),
		cmocka_unit_test(test_another_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
