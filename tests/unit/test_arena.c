// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

static void test_alloc_is_zeroed_and_aligned(void **state)
{
	struct arena *arena = arena_new();

	(void)state;
	for (int round = 0; round < 3; round++) {
		for (size_t size = 0; size < 300; size++) {
			unsigned char *p = arena_alloc(arena, size);

			assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
			for (size_t i = 0; i < size; i++)
				assert_int_equal(p[i], 0);
			memset(p, 0xff, size);
		}
		arena_reset(arena);
	}
	arena_free(arena);
}

static void test_pieces_do_not_overlap(void **state)
{
	struct arena *arena = arena_new();
	const size_t sizes[] = { 1, 7, 60000, 10000, 200000, 3, 65536, 65537, 1 };
	unsigned char *pieces[COUNT(sizes)];

	(void)state;
	for (size_t i = 0; i < COUNT(sizes); i++)
		pieces[i] = memset(arena_alloc(arena, sizes[i]), (int)i + 1, sizes[i]);
	for (size_t i = 0; i < COUNT(sizes); i++)
		for (size_t j = 0; j < sizes[i]; j++)
			assert_int_equal(pieces[i][j], i + 1);
	arena_free(arena);
}

static void test_copy_is_terminated(void **state)
{
	struct arena *arena = arena_new();
	char *copy = arena_copy(arena, "a\0b", 3);

	(void)state;
	assert_memory_equal(copy, "a\0b", 4);
	assert_string_equal(arena_copy(arena, NULL, 0), "");
	arena_free(arena);
}

static void test_printf(void **state)
{
	struct arena *arena = arena_new();

	(void)state;
	assert_string_equal(arena_printf(arena, "%s:[%d]", "pipe", 7), "pipe:[7]");
	assert_string_equal(arena_printf(arena, "%s", ""), "");
	assert_int_equal(strlen(arena_printf(arena, "%100000d", 1)), 100000);
	arena_free(arena);
}

static void test_memory_is_used_again(void **state)
{
	struct arena *arena = arena_new();
	void *first = arena_alloc(arena, 10);

	(void)state;
	arena_alloc(arena, 1000000);
	arena_reset(arena);
	assert_ptr_equal(arena_alloc(arena, 10), first);
	arena_free(arena);
	arena_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_alloc_is_zeroed_and_aligned), cmocka_unit_test(test_pieces_do_not_overlap),
		cmocka_unit_test(test_copy_is_terminated),          cmocka_unit_test(test_printf),
		cmocka_unit_test(test_memory_is_used_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
