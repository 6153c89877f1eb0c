/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory that lives as long as one event: allocated piece by piece, released as a whole and used again.
 * Allocation never fails: out of memory ends the program with a message, as nothing sensible could go on.
 */
#ifndef EXECFAIL_ARENA_H
#define EXECFAIL_ARENA_H

#include <stddef.h>

struct arena;

/* To be ended by arena_free(), which takes NULL as well. */
struct arena *arena_new(void);
void arena_free(struct arena *arena);

/* Forgets all that was allocated; the memory is kept for the next event, up to a bound. */
void arena_reset(struct arena *arena);

/* What these return is the arena's, and valid until arena_reset(). Sizes are in bytes. */

/* Zeroed, aligned for any type. */
void *arena_alloc(struct arena *arena, size_t size);

/* A copy of n bytes with a terminating NUL behind it. bytes can be NULL where n is 0. */
char *arena_copy(struct arena *arena, const void *bytes, size_t n);

__attribute__((format(printf, 2, 3))) char *arena_printf(struct arena *arena, const char *format, ...);

#endif
