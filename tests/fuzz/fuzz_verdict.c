// SPDX-License-Identifier: GPL-2.0-only
/* What is said between reader and worker, both ways. */
#include "fuzz.h"

#include "crew/verdict.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes message = { (const char *)data, size }, record;
	struct arena *arena = arena_new();
	struct event event = { .arena = arena, .seen = SEEN_OUTCOME, .argv = 1 };
	struct verdict verdict;
	struct request request;

	if (verdict_parse(message, &verdict) && !verdict.refused) {
		assert_true(fuzz_inside(verdict.diagnosis.hint.p, verdict.diagnosis.hint.n, message.p, message.n));
		assert_true(verdict.diagnosis.reason.n && verdict.diagnosis.reason.n <= VERDICT_REASON);
		verdict_apply(&verdict, &event);
		assert_true(!event.binary.known || event.look == LOOK_FOUND);
		assert_true(verdict.diagnosis.hint.p != NULL);
		assert_true(event.arguments.n <= verdict.arguments.n && !event.argv);
	}
	if (request_parse(message, &request, &record))
		assert_true(fuzz_inside(record.p, record.n, message.p, message.n));
	arena_free(arena);
	return 0;
}
