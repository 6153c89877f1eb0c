// SPDX-License-Identifier: GPL-2.0-only
/* A file that may be an ELF program, through all that is told of such a file. */
#include "fuzz.h"

#include "../unit/world.h"
#include "cause/commit.h"
#include "cause/diagnose.h"
#include "cause/image.h"

static void diagnose_all(struct world *world, struct event *event)
{
	static const int errors[] = { ENOEXEC, EIO, ELIBBAD, ENOMEM, EINVAL, EPERM, EACCES, ENOENT };
	static const enum stage stages[] = { STAGE_UNKNOWN, STAGE_FORMAT, STAGE_INTERPRETER, STAGE_COMMIT };

	for (size_t i = 0; i < COUNT(errors) * COUNT(stages); i++) {
		struct view *view = world_view(world, event->arena, VIEW_CALLER);

		event->ret = -errors[i / COUNT(stages)];
		event->stage = stages[i % COUNT(stages)];
		event->seen = event->stage == STAGE_UNKNOWN ? SEEN_OUTCOME : SEEN_HOOKS | SEEN_EXEC;
		diagnose_in_view(view, event);
		assert_true(event->reason.n && event->hint.n && event->evidence);
		view_close(view);
	}
}

static void look_into(struct world *world, struct event *event)
{
	struct view *view = world_view(world, event->arena, VIEW_SELF);
	struct facts facts;

	event->ret = 0;
	facts_begin(&facts, event, view);
	facts_try(&facts);
	commit_try(&facts);
	facts_end(&facts);
	view_close(view);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct world_file files[] = {
		{ "/x", 0755, (const char *)data, size },
		{ "/lib64/ld-linux-x86-64.so.2", 0755, (const char *)data, size },
		{},
	};
	static const struct world_text texts[] = { { "proc:meminfo", "MemTotal: 1000 kB\n" }, {} };
	struct world world = { .files = files, .texts = texts };
	struct event event = {
		.arena = arena_new(),
		.type = EVENT_PROCESS_EXECUTE_FAILED,
		.call = CALL_EXECVE,
		.path = { "/x", 2 },
		.interpreter = { "/lib64/ld-linux-x86-64.so.2", 27 },
		.cwd = { "/", 1 },
		.uid = 1000,
		.euid = 1000,
	};

	if (!size) {
		arena_free(event.arena);
		return 0;
	}
	diagnose_all(&world, &event);
	/* As the kernel hands it over. */
	event.head = (struct bytes){ (const char *)data, size < RECORD_BUF ? size : RECORD_BUF };
	diagnose_all(&world, &event);
	look_into(&world, &event);
	arena_free(event.arena);
	return 0;
}
