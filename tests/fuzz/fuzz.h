/* SPDX-License-Identifier: GPL-2.0-only */
/* What the fuzz targets share. */
#ifndef EXECFAIL_FUZZ_H
#define EXECFAIL_FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* world.h is written for cmocka. */
#define assert_true(condition)                                                                                         \
	do {                                                                                                           \
		if (!(condition)) {                                                                                    \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                                \
			abort();                                                                                       \
		}                                                                                                      \
	} while (0)
#define assert_int_equal(a, b) assert_true((a) == (b))
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whether a part lies inside of the whole. */
static inline int fuzz_inside(const char *p, size_t n, const char *whole, size_t whole_n)
{
	return !p || (p >= whole && n <= whole_n && (size_t)(p - whole) <= whole_n - n);
}

#endif
