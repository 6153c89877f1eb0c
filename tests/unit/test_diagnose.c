// SPDX-License-Identifier: GPL-2.0-only
/* What is told where no rule knows, and what of all that was seen is told when. The rules have tests of their own. */
#include "examples.h"

static const struct example examples[] = {
	{ "other_EACCES", KERNEL, .gone = true, FAILED(LOOKUP, EACCES), PATH("/bin/tool"),
	  .hint = "the kernel answered EACCES for /bin/tool at stage lookup, and it could not be looked into" },
	{ "other_EDQUOT", KERNEL, FAILED(UNKNOWN, EDQUOT), PATH("/bin/tool"),
	  .hint = "nothing that can be seen explains it" },
	/* Others of its world are there, but not what it alone leads to. */
	{ "other_EACCES", KERNEL, .standing = VIEW_STAND_IN, FAILED(UNKNOWN, EACCES), PATH("/proc/self/cwd/tool"),
	  FILES({ "/proc/self", 0755, .error = EAGAIN }), .hint = "it could not be looked into: the caller has gone" },
	{ "other_EPERM", KERNEL, .gone = true, OUTCOME(EPERM), PATH("/bin/tool"), .hint = "could not be looked into" },
};

static void test_no_rule(void **state)
{
	struct topic topic = { .examples = examples, .n = COUNT(examples), .arena = *state };
	void *examples_state = &topic;

	test_examples(&examples_state);
}

static void test_unit_is_named(void **state)
{
	struct diagnose *diagnosis = diagnose_new(NULL);
	struct event event = unit_event(*state);

	event.path = B("/opt/x");
	event.seen = SEEN_HOOKS;
	event.stage = STAGE_FORMAT;
	event.ret = -ENOEXEC;
	event.head = B("text\n");
	event.comm = B("(x)");
	event.unit = B("x.service");
	diagnose_event(diagnosis, &event);
	assert_bytes(event.reason, "no_shebang");
	assert_true(contains(event.hint, "(systemd reports 203/EXEC for x.service)"));
	diagnose_free(diagnosis);
}

/* An exec of this process, on this machine. */
static struct event own_event(struct arena *arena, const char *path)
{
	struct event event = unit_event(arena);
	struct stat own;

	assert_int_equal(stat("/proc/self/ns/mnt", &own), 0);
	unit_now(&event);
	event.pid = event.tid = (uint32_t)getpid();
	event.mnt_ns = (uint32_t)own.st_ino;
	event.path = (struct bytes){ path, strlen(path) };
	event.cwd = B("/");
	event.seen = SEEN_HOOKS;
	event.stage = STAGE_LOOKUP;
	return event;
}

/* What was seen after an exec failed is the better answer; what was seen before is one only if there is no time. */
static void test_answers_are_kept(void **state)
{
	struct diagnose *diagnosis = diagnose_new(NULL);
	char *directory = unit_directory();
	char *path = arena_printf(*state, "%s/tool", directory);
	struct event event = own_event(*state, path), same = event, later;

	diagnose_event(diagnosis, &event);
	assert_bytes(event.reason, "missing_file");
	unit_write(path, "");
	diagnose_event(diagnosis, &same);
	assert_bytes(same.reason, "missing_file");
	later = own_event(*state, path);
	diagnose_busy(diagnosis, true);
	diagnose_event(diagnosis, &later);
	assert_bytes(later.reason, "missing_file");
	later = own_event(*state, path);
	diagnose_busy(diagnosis, false);
	diagnose_event(diagnosis, &later);
	assert_bytes(later.reason, "changed_since");
	diagnose_free(diagnosis);
	unit_remove(directory);
}

static void test_busy(void **state)
{
	struct diagnose *diagnosis = diagnose_new(NULL);
	struct event event = unit_event(*state);

	event.path = B("/no/such/file");
	event.seen = SEEN_HOOKS;
	event.stage = STAGE_LOOKUP;
	diagnose_busy(diagnosis, true);
	diagnose_event(diagnosis, &event);
	assert_bytes(event.reason, "not_found");
	assert_int_equal(event.evidence, EVIDENCE_KERNEL);
	event.type = EVENT_LOST;
	event.reason = B("kept");
	diagnose_event(diagnosis, &event);
	assert_bytes(event.reason, "kept");
	diagnose_free(diagnosis);
	diagnose_free(NULL);
}

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

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_no_rule),
		TEST(test_unit_is_named),
		TEST(test_answers_are_kept),
		TEST(test_busy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
