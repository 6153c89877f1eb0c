// SPDX-License-Identifier: GPL-2.0-only
/* What a #! line gives to env. */
#include "fuzz.h"

#include "look/envline.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes argument = { size ? (const char *)data : NULL, size };
	struct arena *arena = arena_new();
	struct env_request request = envline_parse(arena, argument);

	assert_true(!request.name || strlen(request.name) <= size);
	assert_true(!request.path || request.path_set);
	assert_true(!request.path || strlen(request.path) <= size);
	envline_is_env(argument);
	arena_free(arena);
	return 0;
}
