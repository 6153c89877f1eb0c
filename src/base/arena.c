// SPDX-License-Identifier: GPL-2.0-only
#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/sanitized.h"

/* With the address sanitizer, what was not allocated is out of bounds, as it would be with malloc(). */
#ifdef SANITIZED_ADDRESS
#include <sanitizer/asan_interface.h>
#define ARENA_GAP 16
#else
#define ASAN_POISON_MEMORY_REGION(at, size) ((void)(at), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(at, size) ((void)(at), (void)(size))
#define ARENA_GAP 0
#endif

enum {
	ARENA_CHUNK = 64 * 1024,
	ARENA_KEEP = 256 * 1024, /* across arena_reset() */
	ARENA_ALIGN = _Alignof(max_align_t),
};

struct chunk {
	struct chunk *next;
	size_t size; /* of data */
	size_t used;
	_Alignas(ARENA_ALIGN) char data[];
};

struct arena {
	struct chunk *first;
	struct chunk *current;
};

static struct chunk *chunk_new(size_t size)
{
	struct chunk *chunk;

	if (size > SIZE_MAX - sizeof(*chunk))
		memory_need(NULL);
	chunk = memory_need(malloc(sizeof(*chunk) + size));
	*chunk = (struct chunk){ .size = size };
	ASAN_POISON_MEMORY_REGION(chunk->data, size);
	return chunk;
}

static void chunk_free(struct chunk *chunk)
{
	ASAN_UNPOISON_MEMORY_REGION(chunk->data, chunk->size);
	free(chunk);
}

struct arena *arena_new(void)
{
	struct arena *arena = memory_new(sizeof(*arena));

	arena->first = arena->current = chunk_new(ARENA_CHUNK);
	return arena;
}

void arena_free(struct arena *arena)
{
	if (!arena)
		return;
	for (struct chunk *chunk = arena->first, *next; chunk; chunk = next) {
		next = chunk->next;
		chunk_free(chunk);
	}
	free(arena);
}

void arena_reset(struct arena *arena)
{
	struct chunk **link = &arena->first;
	size_t kept = 0;

	while (*link) {
		struct chunk *chunk = *link;

		if (chunk != arena->first && kept + chunk->size > ARENA_KEEP) {
			*link = chunk->next;
			chunk_free(chunk);
			continue;
		}
		kept += chunk->size;
		chunk->used = 0;
		ASAN_POISON_MEMORY_REGION(chunk->data, chunk->size);
		link = &chunk->next;
	}
	arena->current = arena->first;
}

/* The first chunk from the current one on with room for size bytes. What is left in those passed over stays unused. */
static struct chunk *arena_chunk(struct arena *arena, size_t size)
{
	struct chunk *chunk = arena->current;

	while (chunk->size - chunk->used < size) {
		if (!chunk->next)
			chunk->next = chunk_new(size > ARENA_CHUNK ? size : ARENA_CHUNK);
		chunk = chunk->next;
	}
	arena->current = chunk;
	return chunk;
}

static void *arena_take(struct arena *arena, size_t size)
{
	struct chunk *chunk;
	size_t step;
	char *p;

	if (size > SIZE_MAX - ARENA_ALIGN - ARENA_GAP)
		memory_need(NULL);
	step = (size + ARENA_GAP + ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN;
	chunk = arena_chunk(arena, step);
	p = chunk->data + chunk->used;
	chunk->used += step;
	ASAN_UNPOISON_MEMORY_REGION(p, size);
	return p;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	return memset(arena_take(arena, size), 0, size);
}

char *arena_copy(struct arena *arena, const void *bytes, size_t n)
{
	char *p = arena_take(arena, n < SIZE_MAX ? n + 1 : n);

	if (n)
		memcpy(p, bytes, n);
	p[n] = '\0';
	return p;
}

static int length_of(const char *format, va_list args)
{
	va_list again;
	int n;

	va_copy(again, args);
	n = vsnprintf(NULL, 0, format, again);
	va_end(again);
	return n;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args;
	char *p;
	int n;

	va_start(args, format);
	n = length_of(format, args);
	p = arena_alloc(arena, (size_t)(n < 0 ? 0 : n) + 1);
	if (n > 0)
		vsnprintf(p, (size_t)n + 1, format, args);
	va_end(args);
	return p;
}
