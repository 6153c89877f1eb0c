// SPDX-License-Identifier: GPL-2.0-only
/* A record as the kernel might send it, on its whole way to the output. */
#include "fuzz.h"

#include <fcntl.h>

#include "../unit/world.h"
#include "cause/diagnose.h"
#include "event/container.h"
#include "event/decode.h"
#include "event/fields.h"
#include "event/stage.h"
#include "print/printer.h"

static const struct world_file files[] = {
	{ "/bin/sh", 0755, "#!/bin/sh\n" },
	{ "/bin/link", S_IFLNK | 0777, "../none" },
	{ "/opt", S_IFDIR | 0700 },
	{ "/opt/x", 0644, "text" },
	{},
};

static void print(const struct printer *printer, const struct event *event)
{
	static int null = -1;
	struct output *output;

	if (null < 0)
		null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	output = output_new(null, NULL);
	assert_int_equal(printer->begin(output), 0);
	assert_int_equal(printer->event(output, event), 0);
	assert_int_equal(printer->end(output), 0);
	output_free(output);
}

static void diagnose(struct event *event, enum view_standing standing)
{
	struct world world = { .files = files };
	struct view *view = world_view(&world, event->arena, standing);

	stage_event(event);
	diagnose_in_view(view, event);
	assert_true(event->reason.n && event->hint.n && event->evidence);
	view_close(view);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct decode decode = { .seen = size ? data[size - 1] % 2 ? SEEN_OUTCOME : SEEN_HOOKS : 0 };
	struct arena *arena = arena_new();
	struct event event;

	if (!decode_record(&decode, data, size, arena, &event)) {
		container_parse(arena, event.cgroup);
		diagnose(&event, VIEW_NOTHING);
		diagnose(&event, VIEW_CALLER);
		print(&json_printer, &event);
		print(&table_printer, &event);
	}
	arena_free(arena);
	return 0;
}
