// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include "crew/verdict.h"

static struct event found(struct arena *arena)
{
	struct event event = unit_event(arena);

	event.seen = SEEN_OUTCOME;
	event.steps = 7;
	event.look = LOOK_FOUND;
	event.binary = (struct event_file){ .known = true,
					    .dev = 0x801,
					    .ino = 42,
					    .ctime_sec = -1,
					    .ctime_nsec = 999999999,
					    .mode = 0100644,
					    .path = B("/bin/x") };
	event.proc_cgroup_known = true;
	event.proc_cgroup = B("/a.service");
	event.reason = B("no_x_bit");
	event.hint = B("it has no x bit");
	event.evidence = EVIDENCE_USER;
	event.stage = STAGE_LOOKUP;
	return event;
}

/* What a worker found is what the reader is told. */
static void test_there_and_back(void **state)
{
	struct arena *arena = arena_new();
	struct event event = found(arena), same = unit_event(arena);
	BUFFER_AUTO struct buffer message = {};
	struct verdict verdict;

	(void)state;
	verdict_pack(&message, 5, &event, true);
	assert_true(verdict_parse(buffer_bytes(&message), &verdict));
	assert_int_equal(verdict.number, 5);
	assert_int_equal(verdict.refused, 0);
	assert_true(verdict.diagnosis.kept);
	same.seen = SEEN_OUTCOME;
	verdict_apply(&verdict, &same);
	assert_int_equal(same.steps, 7);
	assert_int_equal(same.look, LOOK_FOUND);
	assert_true(same.look_known && same.binary.known && same.proc_cgroup_known);
	assert_int_equal(same.binary.ino, 42);
	assert_int_equal(same.binary.ctime_sec, -1);
	assert_bytes(same.binary.path, "/bin/x");
	assert_bytes(same.proc_cgroup, "/a.service");
	assert_bytes(verdict.diagnosis.reason, "no_x_bit");
	assert_bytes(verdict.diagnosis.hint, "it has no x bit");
	assert_int_equal(verdict.diagnosis.evidence, EVIDENCE_USER);
	assert_int_equal(verdict.diagnosis.stage, STAGE_LOOKUP);
	arena_free(arena);
}

/* The kernel's own word on the file is not written over, and what nobody looked for stays unknown. */
static void test_kernel_knows_better(void **state)
{
	struct arena *arena = arena_new();
	struct event event = found(arena), known = unit_event(arena);
	BUFFER_AUTO struct buffer message = {};
	struct verdict verdict;

	(void)state;
	verdict_pack(&message, 1, &event, false);
	assert_true(verdict_parse(buffer_bytes(&message), &verdict));
	known.binary = (struct event_file){ .known = true, .ino = 1 };
	verdict_apply(&verdict, &known);
	assert_int_equal(known.binary.ino, 1);
	assert_false(known.look_known);
	event.proc_cgroup = (struct bytes){};
	message.n = 0;
	verdict_pack(&message, 1, &event, false);
	assert_true(verdict_parse(buffer_bytes(&message), &verdict));
	assert_null(verdict.proc_cgroup.p);
	arena_free(arena);
}

/* Each byte that can be something else, and each length: none of it is believed, or read beyond. */
static void test_hostile(void **state)
{
	struct arena *arena = arena_new();
	struct event event = found(arena);
	BUFFER_AUTO struct buffer message = {};
	struct verdict verdict;
	struct bytes whole, cut;

	(void)state;
	verdict_pack(&message, 5, &event, true);
	whole = buffer_bytes(&message);
	for (size_t n = 0; n < whole.n; n++) {
		cut = (struct bytes){ memcpy(arena_alloc(arena, n + 1), whole.p, n), n };
		assert_false(verdict_parse(cut, &verdict));
	}
	for (size_t i = 0; i < whole.n; i++) {
		char before = message.p[i];

		message.p[i] = (char)0xff;
		if (verdict_parse(whole, &verdict) && !verdict.refused) {
			assert_true(verdict.steps <= VERDICT_STEPS);
			assert_true(verdict.look <= LOOK_UNSEEN && verdict.diagnosis.stage <= STAGE_COMMIT);
			assert_null(memchr(verdict.diagnosis.reason.p, 0xff, verdict.diagnosis.reason.n));
			verdict_apply(&verdict, &event);
			assert_null(memchr(verdict.diagnosis.hint.p, 0xff, verdict.diagnosis.hint.n));
		}
		message.p[i] = before;
	}
	event.hint = B("a \x1b[31m hint");
	message.n = 0;
	verdict_pack(&message, 5, &event, true);
	assert_true(verdict_parse(buffer_bytes(&message), &verdict));
	verdict_apply(&verdict, &event);
	assert_bytes(verdict.diagnosis.hint, "a \\x1b[31m hint");
	arena_free(arena);
}

static void test_refused(void **state)
{
	BUFFER_AUTO struct buffer message = {};
	struct verdict verdict;

	(void)state;
	verdict_pack_refused(&message, 59);
	assert_true(verdict_parse(buffer_bytes(&message), &verdict));
	assert_int_equal(verdict.refused, 59);
}

static void test_request(void **state)
{
	char message[sizeof(struct request) + 3] = {};
	struct request request = { .number = 9 };
	struct bytes record;

	(void)state;
	memcpy(message, &request, sizeof(request));
	assert_true(request_parse((struct bytes){ message, sizeof(message) }, &request, &record));
	assert_int_equal(request.number, 9);
	assert_int_equal(record.n, 3);
	assert_false(request_parse((struct bytes){ message, sizeof(request) - 1 }, &request, &record));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_there_and_back), cmocka_unit_test(test_kernel_knows_better),
		cmocka_unit_test(test_hostile),        cmocka_unit_test(test_refused),
		cmocka_unit_test(test_request),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
