// SPDX-License-Identifier: GPL-2.0-only
/* A text for sh -c, as any process may have it among its arguments. */
#include "fuzz.h"

#include "look/shell.h"

static struct bytes value(void *context, struct bytes name)
{
	(void)context;
	return bytes_is(name, "PATH") ? bytes_of("/usr/bin:/bin") : (struct bytes){};
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct shell_world world = { .value = value, .kind = 1u << (size % 3) };
	struct arena *arena = arena_new();
	char *copy = malloc(size ? size : 1);
	struct shell_commands commands;

	/* Of its own size, so that reading beyond is seen. */
	memcpy(copy, data, size);
	shell_read(arena, (struct bytes){ copy, size }, &world, &commands);
	for (size_t i = 0; i < commands.n; i++)
		assert_true(commands.v[i].name.p);
	free(copy);
	arena_free(arena);
	return 0;
}
