/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A string of bytes that grows at its end.
 *
 * The holder owns it: start from `= {}`, end with buffer_free(), or let it be done: BUFFER_AUTO struct buffer b = {};
 * Appending never fails: out of memory ends the program with a message, as in arena.h.
 */
#ifndef EXECFAIL_BUFFER_H
#define EXECFAIL_BUFFER_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/bytes.h"

struct buffer {
	char *p; /* not terminated; NULL while nothing was ever appended */
	size_t n;
	size_t room; /* bytes allocated */
};

#define BUFFER_AUTO __attribute__((cleanup(buffer_free)))

/* Leaves an empty one, which can be used again. To empty it and keep its memory: n = 0. */
void buffer_free(struct buffer *buffer);

/* For buffer_reserve() alone. */
void buffer_grow(struct buffer *buffer, size_t n);

/*
 * Room for n more bytes at the end, never NULL, valid until the next change; the caller writes them there and adds what
 * it wrote to buffer->n.
 */
static inline char *buffer_reserve(struct buffer *buffer, size_t n)
{
	if (!buffer->p || buffer->room - buffer->n < n)
		buffer_grow(buffer, n);
	return buffer->p + buffer->n;
}

/* bytes can be NULL where n is 0; they are not to be the buffer's own. */
static inline void buffer_add(struct buffer *buffer, const void *bytes, size_t n)
{
	if (!n)
		return;
	memcpy(buffer_reserve(buffer, n), bytes, n);
	buffer->n += n;
}

static inline void buffer_put(struct buffer *buffer, char c)
{
	*buffer_reserve(buffer, 1) = c;
	buffer->n++;
}

/* n times c. */
void buffer_pad(struct buffer *buffer, char c, size_t n);

/* Without a NUL behind it. */
__attribute__((format(printf, 2, 3))) void buffer_printf(struct buffer *buffer, const char *format, ...);
__attribute__((format(printf, 2, 0))) void buffer_vprintf(struct buffer *buffer, const char *format, va_list args);

/* In decimal digits. */
void buffer_number(struct buffer *buffer, uint64_t number);

/* The bytes with a NUL behind them, which is not part of the string. Valid until the next change. */
const char *buffer_string(struct buffer *buffer);

/* What is in it, even if that is nothing: p is never NULL. Valid until the next change. */
static inline struct bytes buffer_bytes(const struct buffer *buffer)
{
	return (struct bytes){ buffer->p ? buffer->p : "", buffer->n };
}

static inline void buffer_puts(struct buffer *buffer, const char *string)
{
	buffer_add(buffer, string, strlen(string));
}

#endif
