// SPDX-License-Identifier: GPL-2.0-only
/* Any file is a database that has the library, or has it not: at an end, and with names that are texts. */
#include "fuzz.h"

#include "look/rpmdb.h"

struct file {
	const uint8_t *data;
	size_t size;
};

static ssize_t read_file(void *context, uint64_t at, void *to, size_t size)
{
	const struct file *file = context;

	if (at >= file->size)
		return 0;
	size = size < file->size - at ? size : (size_t)(file->size - at);
	memcpy(to, file->data + at, size);
	return (ssize_t)size;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct file file = { data, size };
	const struct dynamic_source source = { read_file, &file };
	struct arena *arena = arena_new();
	struct rpmdb_file found;

	if (rpmdb_find(arena, &source, bytes_of("libfoo.so.1"), &found))
		assert_true(found.package.n && found.path.n >= strlen("libfoo.so.1"));
	arena_free(arena);
	return 0;
}
