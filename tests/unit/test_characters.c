// SPDX-License-Identifier: GPL-2.0-only
/* What static binaries have in the place of libutf8proc says the same as the library. */
#include "unit.h"

#include <utf8proc.h>

const utf8proc_property_t *own_property(utf8proc_int32_t code);
int own_charwidth(utf8proc_int32_t code);
utf8proc_ssize_t own_iterate(const utf8proc_uint8_t *text, utf8proc_ssize_t n, utf8proc_int32_t *code);

#define utf8proc_get_property own_property
#define utf8proc_charwidth own_charwidth
#define utf8proc_iterate own_iterate
#include "../../compat/utf8proc.c"
#undef utf8proc_get_property
#undef utf8proc_charwidth
#undef utf8proc_iterate

static void test_each_character_is_the_same(void **state)
{
	(void)state;
	for (utf8proc_int32_t code = 0; code < 0x110000; code++) {
		const utf8proc_property_t *theirs = utf8proc_get_property(code), *ours = own_property(code);

		assert_int_equal(ours->category, theirs->category);
		assert_int_equal(ours->ignorable, theirs->ignorable);
		assert_int_equal(own_charwidth(code), utf8proc_charwidth(code));
	}
}

static void assert_same(const utf8proc_uint8_t *text, utf8proc_ssize_t n)
{
	utf8proc_int32_t theirs, ours;

	assert_int_equal(own_iterate(text, n, &ours), utf8proc_iterate(text, n, &theirs));
	assert_int_equal(ours, theirs);
}

/* Each first byte with each second; of those behind it the first and last that are good, and their neighbours. */
static void test_each_sequence_is_the_same(void **state)
{
	static const utf8proc_uint8_t behind[] = { 0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff };
	utf8proc_uint8_t text[4];

	(void)state;
	for (unsigned int i = 0; i < 0x10000 * 100; i++) {
		text[0] = (utf8proc_uint8_t)(i / 100 >> 8);
		text[1] = (utf8proc_uint8_t)(i / 100);
		text[2] = behind[i / 10 % 10];
		text[3] = behind[i % 10];
		for (utf8proc_ssize_t n = 0; n <= 4; n++)
			assert_same(text, n);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_character_is_the_same),
		cmocka_unit_test(test_each_sequence_is_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
