// SPDX-License-Identifier: GPL-2.0-only
/* A file that may be a program with libraries, and that is also its library, its loader and the loader's cache. */
#include "fuzz.h"

#include "../unit/world.h"
#include "cause/diagnose.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct world_file files[] = {
		{ "/x", 0755, (const char *)data, size },
		{ "/lib64/ld-linux-x86-64.so.2", 0755, (const char *)data, size },
		{ "/lib/ld-musl-x86_64.so.1", 0755, (const char *)data, size },
		{ "/lib/libfoo.so.1", 0755, (const char *)data, size },
		{ "/etc/ld.so.cache", 0644, (const char *)data, size },
		{ "/etc/ld.so.conf", 0644, (const char *)data, size },
		{ "/etc/ld-musl-x86_64.path", 0644, (const char *)data, size },
		{ "/var/lib/dpkg/info/x.list", 0644, (const char *)data, size },
		{},
	};
	static const struct world_text texts[] = { { "proc:cpuinfo", "flags : fpu cx8 cmov mmx fxsr sse sse2\n" }, {} };
	static struct bytes variables[] = { { "LD_LIBRARY_PATH=/lib:", 21 } };
	struct world world = { .files = files, .texts = texts };
	struct event event = {
		.arena = arena_new(),
		.type = EVENT_PROCESS_EXECUTE_FAILED,
		.call = CALL_EXECVE,
		.path = { "/x", 2 },
		.cwd = { "/", 1 },
		.environment = { variables, 1, true, false },
	};
	struct view *view = world_view(&world, event.arena, VIEW_SELF);

	if (size && diagnose_libraries(view, &event))
		assert_true(event.reason.n && event.hint.n && event.stage == STAGE_LOADER);
	view_close(view);
	arena_free(event.arena);
	return 0;
}
