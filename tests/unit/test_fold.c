// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <errno.h>

#include "filter/fold.h"

enum { MS = 1000000 };

static struct bytes variables[] = { B("HOME=/"), B("PATH=/a:/b/:/c:/b") };
static struct bytes tool[] = { B("tool"), B("-v") };
static struct bytes tool_other[] = { B("tool"), B("-x") };

/* What was told: a line each, "path errno attempts". */
struct told {
	struct arena *arena;
	struct buffer text;
	struct fold *fold;
	int64_t now;
	bool awaits;
};

static void tell(void *context, struct event *event)
{
	struct told *told = context;

	buffer_printf(&told->text, "%.*s %d", (int)event->path.n, event->path.p, event_error(event));
	if (event->sought.p)
		buffer_printf(&told->text, " (%.*s)", (int)event_program(event).n, event_program(event).p);
	for (size_t i = 0; i < event->n_attempts; i++)
		buffer_printf(&told->text, " %.*s=%d", (int)event->attempts[i].path.n, event->attempts[i].path.p,
			      event->attempts[i].error);
	buffer_put(&told->text, '\n');
}

static bool awaits(void *context, uint32_t pid)
{
	const struct told *told = context;

	return told->awaits && pid == unit_event(told->arena).pid;
}

static int expire(struct told *told, int ms)
{
	return fold_expire(told->fold, told->now + (int64_t)ms * MS, awaits, told);
}

static int setup(void **state)
{
	struct told *told = calloc(1, sizeof(*told));

	told->arena = arena_new();
	told->fold = fold_new(tell, told);
	*state = told;
	return 0;
}

static int teardown(void **state)
{
	struct told *told = *state;

	fold_free(told->fold);
	buffer_free(&told->text);
	arena_free(told->arena);
	free(told);
	return 0;
}

static struct event event_of(struct told *told, const char *path, int error, const char *reason)
{
	struct event event = unit_event(told->arena);

	event.path = bytes_of(path);
	event.ret = -error;
	event.reason = bytes_of(reason);
	event.arguments = (struct bytes_list){ tool, COUNT(tool), true, false, 0 };
	event.environment = (struct bytes_list){ variables, COUNT(variables), true, false, 0 };
	return event;
}

static void add(struct told *told, struct event event)
{
	/* Its own memory goes at once. */
	fold_add(told->fold, &event, told->now);
	memset(&event, 0xa5, sizeof(event));
}

static void step(struct told *told, const char *path, int error, const char *reason)
{
	add(told, event_of(told, path, error, reason));
}

static void assert_told(struct told *told, const char *expected)
{
	assert_string_equal(buffer_string(&told->text), expected);
	told->text.n = 0;
}

static void test_search_that_fails(void **state)
{
	struct told *told = *state;

	step(told, "/a/tool", ENOENT, "not_in_path");
	step(told, "/b/tool", ENOENT, "not_in_path");
	step(told, "/c/tool", ENOENT, "not_in_path");
	assert_told(told, "");
	/* the end of PATH is the end of the search: nobody waits */
	step(told, "/b/tool", ENOENT, "not_in_path");
	assert_told(told, "/b/tool 2 (tool) /a/tool=2 /b/tool=2 /c/tool=2 /b/tool=2\n");
	assert_int_equal(fold_count(told->fold), 3);
	assert_int_equal(expire(told, 0), -1);
}

static void test_search_that_succeeds(void **state)
{
	struct told *told = *state;

	step(told, "/a/tool", ENOENT, "path_search");
	step(told, "/b/tool", ENOENT, "path_search");
	assert_int_equal(expire(told, 0), FOLD_MS);
	assert_int_equal(expire(told, FOLD_MS - 1), 1);
	assert_int_equal(expire(told, FOLD_MS), -1);
	assert_told(told, "");
	assert_int_equal(fold_count(told->fold), 2);
}

/* The caller died, or was stopped: nobody waits for ever. */
static void test_search_that_is_cut_off(void **state)
{
	struct told *told = *state;

	step(told, "/a/tool", ENOENT, "not_in_path");
	step(told, "/b/tool", ENOENT, "not_in_path");
	assert_told(told, "");
	expire(told, FOLD_MS);
	assert_told(told, "/b/tool 2 (tool) /a/tool=2 /b/tool=2\n");
	step(told, "/a/tool", ENOENT, "not_in_path");
	fold_flush(told->fold);
	assert_told(told, "/a/tool 2\n");
}

/*
 * Its next step has come, and waits until its cause is known: a machine that is busy makes no two rows of one search.
 */
static void test_search_that_is_held_up(void **state)
{
	struct told *told = *state;

	step(told, "/a/tool", ENOENT, "not_in_path");
	told->awaits = true;
	assert_int_equal(expire(told, 5 * FOLD_MS), FOLD_MS);
	assert_told(told, "");
	step(told, "/b/tool", ENOENT, "not_in_path");
	told->awaits = false;
	assert_int_equal(expire(told, FOLD_MS), -1);
	assert_told(told, "/b/tool 2 (tool) /a/tool=2 /b/tool=2\n");
	/* not for ever */
	step(told, "/a/tool", ENOENT, "not_in_path");
	told->awaits = true;
	assert_int_equal(expire(told, 1000 + FOLD_MS), -1);
	assert_told(told, "/a/tool 2\n");
}

static void found(struct told *told, const char *path)
{
	struct event event = event_of(told, path, 0, NULL);

	event.type = EVENT_FOUND;
	event.arguments = event.environment = (struct bytes_list){};
	fold_found(told->fold, &event);
}

/* It was told before its end, since who searches was held up: its other steps are no second search. */
static void test_search_that_goes_on_late(void **state)
{
	struct told *told = *state;

	step(told, "/a/tool", ENOENT, "not_in_path");
	assert_int_equal(expire(told, FOLD_MS), -1);
	assert_told(told, "/a/tool 2\n");
	step(told, "/b/tool", ENOENT, "not_in_path");
	step(told, "/c/tool", ENOENT, "not_in_path");
	assert_int_equal(expire(told, 5 * FOLD_MS), -1);
	step(told, "/b/tool", ENOENT, "not_in_path");
	assert_told(told, "");
	assert_int_equal(fold_count(told->fold), 3);
	/* It was over with the end of PATH: this is another. */
	step(told, "/a/tool", ENOENT, "not_in_path");
	expire(told, FOLD_MS);
	assert_told(told, "/a/tool 2\n");
	/* And so is one that begins anew. */
	step(told, "/a/tool", ENOENT, "not_in_path");
	expire(told, FOLD_MS);
	assert_told(told, "/a/tool 2\n");
	/* What says more is told. */
	step(told, "/b/tool", EACCES, "no_x_bit");
	expire(told, FOLD_MS);
	assert_told(told, "/b/tool 13\n");
	/* It starts after all. */
	found(told, "/c/tool");
	/* Nor is it known for ever. */
	step(told, "/a/tool", ENOENT, "not_in_path");
	expire(told, FOLD_MS);
	expire(told, 100 * FOLD_MS + FOLD_MS);
	step(told, "/b/tool", ENOENT, "not_in_path");
	fold_flush(told->fold);
	assert_told(told, "/a/tool 2\n/b/tool 2\n");
}

/* Where PATH is not known, its end is not seen: what comes later may be the next search. */
static void test_late_search_of_another_path(void **state)
{
	struct told *told = *state;

	for (int i = 0; i < 2; i++) {
		step(told, "/p/tool", ENOENT, "not_in_path");
		step(told, "/q/tool", ENOENT, "not_in_path");
		expire(told, FOLD_MS);
		assert_told(told, "/q/tool 2 (tool) /p/tool=2 /q/tool=2\n");
	}
}

/* What libc reports in the end, and what is to be repaired, is the one that is there. */
static void test_culprit(void **state)
{
	struct told *told = *state;

	step(told, "/a/tool", ENOENT, "not_in_path");
	step(told, "/b/tool", EACCES, "no_x_bit");
	step(told, "/c/tool", EACCES, "no_search_permission");
	step(told, "/b/tool", ENOENT, "not_in_path");
	assert_told(told, "/b/tool 13 /a/tool=2 /b/tool=13 /c/tool=13 /b/tool=2\n");
	step(told, "/a/tool", ENOENT, "interpreter_missing");
	step(told, "/b/tool", ENOENT, "not_in_path");
	fold_flush(told->fold);
	assert_told(told, "/a/tool 2 /a/tool=2 /b/tool=2\n");
}

/* It was found, and could not be started. */
static void test_found_and_failed(void **state)
{
	struct told *told = *state;

	step(told, "/a/tool", ENOENT, "path_search");
	step(told, "/b/tool", ENOEXEC, "no_shebang");
	assert_told(told, "/b/tool 8 /a/tool=2 /b/tool=8\n");
}

static void test_program_starts(void **state)
{
	struct told *told = *state;

	/* The first that is there cannot be started, the next can. */
	step(told, "/a/tool", EACCES, "no_x_bit");
	found(told, "/c/tool");
	assert_told(told, "");
	assert_int_equal(fold_count(told->fold), 1);
	/* Not what was searched for: another name, a place that was passed, one that is not in PATH. */
	step(told, "/a/tool", EACCES, "no_x_bit");
	found(told, "/b/other");
	assert_told(told, "/a/tool 13\n");
	step(told, "/b/tool", EACCES, "no_x_bit");
	found(told, "/a/tool");
	assert_told(told, "/b/tool 13\n");
	step(told, "/a/tool", EACCES, "no_x_bit");
	found(told, "/opt/tool");
	assert_told(told, "/a/tool 13\n");
	/* Where its PATH is not known, the name tells. */
	step(told, "/x/tool", ENOENT, "path_search");
	found(told, "/y/tool");
	/* Of who searches for nothing. */
	found(told, "/a/tool");
	fold_flush(told->fold);
	assert_told(told, "");
}

static void test_look_alikes(void **state)
{
	struct told *told = *state;
	struct event other;

	/* a directory that is not in PATH */
	step(told, "/d/tool", ENOENT, "missing_file");
	assert_told(told, "/d/tool 2\n");
	/* the other way round: two searches, or none */
	step(told, "/c/tool", ENOENT, "not_in_path");
	step(told, "/a/tool", ENOENT, "not_in_path");
	assert_told(told, "/c/tool 2\n");
	/* other arguments */
	other = event_of(told, "/b/tool", ENOENT, "not_in_path");
	other.arguments.v = tool_other;
	add(told, other);
	assert_told(told, "/a/tool 2\n");
	fold_flush(told->fold);
	assert_told(told, "/b/tool 2\n");
	/* another name */
	step(told, "/a/tool", ENOENT, "not_in_path");
	step(told, "/b/tools", ENOENT, "missing_file");
	assert_told(told, "/a/tool 2\n/b/tools 2\n");
	/* a program that was called by its path, whose directory is in PATH, and is its last */
	step(told, "/b/tool", EINVAL, "elf_bad_segment");
	assert_told(told, "/b/tool 22\n");
}

static void test_threads(void **state)
{
	struct told *told = *state;
	struct event other = event_of(told, "/a/tool", ENOENT, "not_in_path");

	step(told, "/a/tool", ENOENT, "not_in_path");
	other.tid++;
	add(told, other);
	step(told, "/b/tool", ENOENT, "not_in_path");
	other.path = B("/b/tool");
	add(told, other);
	assert_told(told, "");
	fold_flush(told->fold);
	assert_told(told, "/b/tool 2 (tool) /a/tool=2 /b/tool=2\n/b/tool 2 (tool) /a/tool=2 /b/tool=2\n");
}

/* An unrelated failure of another thread is not kept back. */
static void test_nobody_waits(void **state)
{
	struct told *told = *state;
	struct event other = event_of(told, "/x/y", EACCES, "no_x_bit");

	step(told, "/a/tool", ENOENT, "not_in_path");
	other.tid++;
	add(told, other);
	assert_told(told, "/x/y 13\n");
	/* of the same thread, in their order */
	other.tid--;
	add(told, other);
	assert_told(told, "/a/tool 2\n/x/y 13\n");
}

/* posix_spawnp() searches another PATH than it passes on: the rules know. */
static void test_other_path(void **state)
{
	struct told *told = *state;

	step(told, "/p/tool", ENOENT, "not_in_path");
	step(told, "/q/tool", ENOENT, "not_in_path");
	assert_told(told, "");
	fold_flush(told->fold);
	assert_told(told, "/q/tool 2 (tool) /p/tool=2 /q/tool=2\n");
}

static void test_many(void **state)
{
	struct told *told = *state;

	for (uint32_t tid = 1; tid <= 1000; tid++) {
		struct event event = event_of(told, "/a/tool", ENOENT, "not_in_path");

		event.tid = tid;
		add(told, event);
	}
	fold_flush(told->fold);
	for (int i = 0; i < 1000; i++) {
		assert_memory_equal(told->text.p, "/a/tool 2\n", 10);
		memmove(told->text.p, told->text.p + 10, told->text.n -= 10);
	}
	assert_int_equal(told->text.n, 0);
	/* no search is longer than what is kept of it */
	for (int i = 0; i < 200; i++)
		step(told, i % 2 ? "/p/tool" : "/q/tool", ENOENT, "not_in_path");
	fold_flush(told->fold);
	assert_int_equal(fold_count(told->fold), 200 - 4);
}

static void test_lost(void **state)
{
	struct told *told = *state;
	struct event lost = unit_event(told->arena);

	lost.type = EVENT_LOST;
	lost.path = B("(lost)");
	add(told, lost);
	assert_told(told, "(lost) 2\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_search_that_fails),
		TEST(test_search_that_succeeds),
		TEST(test_search_that_is_cut_off),
		TEST(test_search_that_is_held_up),
		TEST(test_search_that_goes_on_late),
		TEST(test_late_search_of_another_path),
		TEST(test_culprit),
		TEST(test_found_and_failed),
		TEST(test_program_starts),
		TEST(test_look_alikes),
		TEST(test_threads),
		TEST(test_nobody_waits),
		TEST(test_other_path),
		TEST(test_many),
		TEST(test_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
