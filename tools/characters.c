// SPDX-License-Identifier: GPL-2.0-only
/*
 * characters: what libutf8proc knows of each character, as far as text.c asks for it: rows for the table of
 * compat/utf8proc.c, one for each character that differs from the one before.
 */
#include <stdio.h>
#include <utf8proc.h>

enum { CHARACTERS = 0x110000 };

int main(void)
{
	unsigned int before = 0, now;

	for (utf8proc_int32_t code = 0; code < CHARACTERS; code++) {
		const utf8proc_property_t *property = utf8proc_get_property(code);

		now = (unsigned int)property->category << 3 | property->ignorable << 2 |
		      (unsigned int)utf8proc_charwidth(code);
		if (!code || now != before)
			printf("ROW(0x%x, %u)\n", (unsigned int)code, now);
		before = now;
	}
	return ferror(stdout) || fflush(stdout);
}
