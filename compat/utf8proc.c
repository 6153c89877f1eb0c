// SPDX-License-Identifier: GPL-2.0-only
/*
 * What src/base/text.c calls of libutf8proc, for static binaries: of the library's own, everything comes along that it
 * knows of characters, 330 KB, of which this is asked for. The table is made of the library's (tools/characters.c).
 */
#include <stddef.h>
#include <utf8proc.h>

static const struct row {
	unsigned int code : 21; /* the first of those that are alike */
	unsigned int category : 5, ignorable : 1, width : 2;
} rows[] = {
#define ROW(first, kind) { (first), (kind) >> 3, (kind) >> 2 & 1, (kind)&3 },
#include "characters.h"
};

/* Of a character, as utf8proc_iterate() finds them. */
static const struct row *row_of(utf8proc_int32_t code)
{
	size_t low = 0, high = sizeof(rows) / sizeof(rows[0]), middle;

	/* The last that begins no later. */
	while (high - low > 1) {
		middle = low + (high - low) / 2;
		if (rows[middle].code <= (unsigned int)code)
			low = middle;
		else
			high = middle;
	}
	return &rows[low];
}

const utf8proc_property_t *utf8proc_get_property(utf8proc_int32_t code)
{
	static utf8proc_property_t property;
	const struct row *row = row_of(code);

	property.category = row->category;
	property.ignorable = row->ignorable;
	property.charwidth = row->width;
	return &property;
}

int utf8proc_charwidth(utf8proc_int32_t code)
{
	return row_of(code)->width;
}

/* How many bytes the character has that begins with this one. 0: none does. */
static int length_of(utf8proc_uint8_t first)
{
	if (first < 0x80)
		return 1;
	if (first < 0xc2 || first > 0xf4)
		return 0;
	return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

utf8proc_ssize_t utf8proc_iterate(const utf8proc_uint8_t *text, utf8proc_ssize_t n, utf8proc_int32_t *code)
{
	static const utf8proc_int32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	int length = n ? length_of(*text) : 0;
	utf8proc_int32_t found;

	*code = -1;
	if (!n)
		return 0;
	if (!length || (n > 0 && n < length))
		return UTF8PROC_ERROR_INVALIDUTF8;
	found = length == 1 ? *text : *text & (0x7f >> length);
	for (int i = 1; i < length; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return UTF8PROC_ERROR_INVALIDUTF8;
		found = found << 6 | (text[i] & 0x3f);
	}
	/* Too long for what it is, half of a pair, or no character any more. */
	if (found < least[length] || (found >= 0xd800 && found < 0xe000) || found > 0x10ffff)
		return UTF8PROC_ERROR_INVALIDUTF8;
	*code = found;
	return length;
}
