// SPDX-License-Identifier: GPL-2.0-only
#include "fuzz.h"

#include "filter/filter.h"

static struct bytes arguments[] = { { "ls", 2 }, { "-l", 2 }, { NULL, 0 }, { "\xff\n", 2 } };
static struct event_ancestor ancestors[] = { { 20, { "bash", 4 } }, { 1, { "systemd", 7 } } };

static struct event made(struct arena *arena)
{
	return (struct event){
		.arena = arena,
		.type = EVENT_PROCESS_EXECUTE_FAILED,
		.time_sec = 1795667536,
		.call = CALL_EXECVE,
		.ret = -2,
		.path = bytes_of("/usr/bin/tool"),
		.arguments = { arguments, 4, .known = true },
		.argc = 4,
		.envc = RECORD_UNKNOWN,
		.pid = 300,
		.comm = bytes_of("cron"),
		.ancestors = ancestors,
		.n_ancestors = 2,
		.ancestors_known = true,
		.container_id = bytes_of("3f2a99"),
		.cut = 1u << PART_ARGUMENTS,
	};
}

/* Any text is a filter or a line that says why not; and = and != never both hold, nor FIELD and !FIELD. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	BUFFER_AUTO struct buffer text = {}, error = {};
	struct arena *arena = arena_new();
	struct event event = made(arena);
	struct filter filter = {};

	/* Nobody else is asked for names. */
	setenv("PATH", "/dev/null", 1);
	/* What a pattern costs is the affair of who writes it: such as *a*a*a*a*a. */
	if (size > 64 || memchr(data, '{', size))
		return arena_free(arena), 0;
	buffer_add(&text, data, size);
	if (filter_add(&filter, buffer_string(&text), &error)) {
		assert_true(!error.n);
		/* What an early answer drops, a late one does not keep. */
		assert_true(filter_passes(&filter, &event, FILTER_RECORD) ||
			    !filter_passes(&filter, &event, FILTER_WHOLE));
	} else {
		assert_true(error.n && !memchr(error.p, '\n', error.n) && !memchr(error.p, '\x1b', error.n));
	}
	filter_free(&filter);
	error.n = 0;
	filter_add_option(&filter, (enum filter_option)(size % (FILTER_CGROUP + 1)), buffer_string(&text), &error);
	filter_free(&filter);
	arena_free(arena);
	return 0;
}
