// SPDX-License-Identifier: GPL-2.0-only
#include "base/buffer.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"

enum { BUFFER_FIRST = 256 };

void buffer_free(struct buffer *buffer)
{
	free(buffer->p);
	*buffer = (struct buffer){};
}

void buffer_grow(struct buffer *buffer, size_t n)
{
	size_t room = buffer->room ? buffer->room : BUFFER_FIRST;

	if (n > SIZE_MAX / 4 || buffer->n > SIZE_MAX / 4)
		memory_need(NULL);
	while (room - buffer->n < n)
		room *= 2;
	buffer->p = memory_resize(buffer->p, room);
	buffer->room = room;
}

void buffer_pad(struct buffer *buffer, char c, size_t n)
{
	memset(buffer_reserve(buffer, n), c, n);
	buffer->n += n;
}

void buffer_vprintf(struct buffer *buffer, const char *format, va_list args)
{
	va_list again;
	int n;

	va_copy(again, args);
	n = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (n <= 0)
		return;
	vsnprintf(buffer_reserve(buffer, (size_t)n + 1), (size_t)n + 1, format, args);
	buffer->n += (size_t)n;
}

void buffer_printf(struct buffer *buffer, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	buffer_vprintf(buffer, format, args);
	va_end(args);
}

void buffer_number(struct buffer *buffer, uint64_t number)
{
	static const char pairs[] =
		"00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748495051525354"
		"55565758596061626364656667686970717273747576777879808182838485868788899091929394959697"
		"9899";
	char digits[20], *p = digits + sizeof(digits);

	for (; number >= 10; number /= 100) {
		p -= 2;
		memcpy(p, pairs + number % 100 * 2, 2);
	}
	if (number || p == digits + sizeof(digits))
		*--p = (char)('0' + number);
	buffer_add(buffer, p, (size_t)(digits + sizeof(digits) - p));
}

const char *buffer_string(struct buffer *buffer)
{
	*buffer_reserve(buffer, 1) = '\0';
	return buffer->p;
}
