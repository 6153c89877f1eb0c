// SPDX-License-Identifier: GPL-2.0-only
#include "base/memory.h"

#include <stdlib.h>
#include <unistd.h>

void *memory_need(void *allocated)
{
	static const char message[] = "execfail: out of memory\n";

	if (allocated)
		return allocated;
	/* Not through log.h, which allocates. */
	if (write(STDERR_FILENO, message, sizeof(message) - 1) < 0)
		_exit(1);
	_exit(1);
}

void *memory_new(size_t size)
{
	return memory_need(calloc(1, size ? size : 1));
}

void *memory_resize(void *old, size_t size)
{
	return memory_need(realloc(old, size ? size : 1));
}
