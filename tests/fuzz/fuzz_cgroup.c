// SPDX-License-Identifier: GPL-2.0-only
/* The path of a control group, and the text of /proc/PID/cgroup: names in them are of whoever may make groups. */
#include "fuzz.h"

#include "event/container.h"
#include "look/caller.h"

static void check(struct arena *arena, struct bytes path)
{
	struct container c = container_parse(arena, path);

	assert_true(fuzz_inside(c.id.p, c.id.n, path.p, path.n));
	assert_true(fuzz_inside(c.unit.p, c.unit.n, path.p, path.n));
	assert_true(fuzz_inside(c.user_unit.p, c.user_unit.n, path.p, path.n));
	assert_true(!c.id.p || c.id.n);
	assert_true(c.id.p || !c.runtime);
	/* What is below a user's manager is below a unit of the system's. */
	assert_true(c.unit.p || (!c.user_unit.p && c.delegated_to == CALLER_UNKNOWN));
	assert_true(!c.user_unit.p || c.unit.p < c.user_unit.p);
	assert_true(!c.user_unit.p || c.delegated_to != CALLER_UNKNOWN);
	assert_true(c.delegated_to == CALLER_UNKNOWN || !c.pod_uid.p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes text = { (const char *)data, size }, path = container_cgroup(text);
	struct arena *arena = arena_new();

	assert_true(fuzz_inside(path.p, path.n, text.p, text.n));
	check(arena, text);
	check(arena, path);
	arena_free(arena);
	return 0;
}
