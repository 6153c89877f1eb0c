// SPDX-License-Identifier: GPL-2.0-only
#include "look/binfmt.h"

#include <stdlib.h>
#include <string.h>

/* "interpreter /usr/bin/x": what is behind the word that a line begins with. */
static struct bytes value_of(struct bytes text, const char *word)
{
	struct bytes line;

	while (text.n) {
		line = bytes_cut(&text, '\n');
		if (bytes_is(bytes_cut(&line, ' '), word))
			return line;
	}
	return (struct bytes){};
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte that two hexadecimal digits write; -1: there are none. */
static int hex_byte(struct bytes hex, size_t index)
{
	int high, low;

	if (hex.n / 2 <= index)
		return -1;
	high = digit(hex.p[2 * index]);
	low = digit(hex.p[2 * index + 1]);
	return high < 0 || low < 0 ? -1 : high << 4 | low;
}

static size_t offset_of(struct bytes text)
{
	struct bytes value = value_of(text, "offset");
	size_t offset = 0;

	for (size_t i = 0; i < value.n && i < 4 && value.p[i] >= '0' && value.p[i] <= '9'; i++)
		offset = offset * 10 + (size_t)(value.p[i] - '0');
	return offset;
}

static bool magic_matches(struct bytes text, struct bytes head)
{
	struct bytes magic = value_of(text, "magic"), mask = value_of(text, "mask");
	size_t offset = offset_of(text), n = magic.n / 2;

	if (!n || offset > head.n || head.n - offset < n)
		return false;
	for (size_t i = 0; i < n; i++) {
		int wanted = hex_byte(magic, i), bits = mask.p ? hex_byte(mask, i) : 0xff;

		if (wanted < 0 || bits < 0 || ((unsigned char)head.p[offset + i] ^ wanted) & bits)
			return false;
	}
	return true;
}

static bool extension_matches(struct bytes text, struct bytes path)
{
	struct bytes extension = value_of(text, "extension");
	const char *dot = path.n ? memrchr(path.p, '.', path.n) : NULL;

	return dot && bytes_same(extension, bytes_after(path, (size_t)(dot - path.p)));
}

bool binfmt_matches(struct bytes registration, struct bytes head, struct bytes path, struct bytes *interpreter)
{
	if (!bytes_begins(registration, "enabled\n"))
		return false;
	*interpreter = value_of(registration, "interpreter");
	if (!interpreter->n)
		return false;
	return magic_matches(registration, head) || extension_matches(registration, path);
}
