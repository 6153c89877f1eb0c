// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include "base/cache.h"

static struct bytes number(uint64_t *n)
{
	return (struct bytes){ (const char *)n, sizeof(*n) };
}

static void test_answers(void **state)
{
	struct cache *cache = cache_new(100);

	(void)state;
	assert_null(cache_get(cache, B("a"), 0, 0).p);
	cache_put(cache, B("a"), B("answer"), 0, 0);
	assert_bytes(cache_get(cache, B("a"), 0, 0), "answer");
	assert_bytes(cache_get(cache, B("a"), 0, 99), "answer");
	assert_null(cache_get(cache, B("a"), 0, 100).p);
	assert_null(cache_get(cache, B("aa"), 0, 0).p);
	cache_put(cache, B("a"), B(""), 0, 200);
	assert_bytes(cache_get(cache, B("a"), 0, 200), "");
	cache_put(cache, B(""), B("nothing"), 0, 200);
	assert_bytes(cache_get(cache, B(""), 0, 200), "nothing");
	cache_free(cache);
	cache_free(NULL);
}

static void test_many(void **state)
{
	struct cache *cache = cache_new(100);
	size_t found = 0;

	(void)state;
	for (uint64_t i = 0; i < 10000; i++)
		cache_put(cache, number(&i), number(&i), 0, 0);
	for (uint64_t i = 0; i < 10000; i++) {
		struct bytes answer = cache_get(cache, number(&i), 0, 0);

		if (!answer.p)
			continue;
		assert_memory_equal(answer.p, &i, sizeof(i));
		found++;
	}
	assert_in_range(found, CACHE_ENTRIES / 2, CACHE_ENTRIES);
	cache_free(cache);
}

/* What is asked for again and again stays, whatever else comes. */
static void test_used_stay(void **state)
{
	struct cache *cache = cache_new(100);

	(void)state;
	cache_put(cache, B("popular"), B("yes"), 0, 0);
	for (uint64_t i = 0; i < 10000; i++) {
		cache_put(cache, number(&i), B(""), 0, 0);
		assert_bytes(cache_get(cache, B("popular"), 0, 0), "yes");
	}
	cache_free(cache);
}

/* Seen before the event: to be looked at again, as long as there is time for that. */
static void test_older_than_the_event(void **state)
{
	struct cache *cache = cache_new(1000000000000);
	const int64_t second = 1000000000;
	int again = 0;

	(void)state;
	cache_put(cache, B("a"), B("answer"), 50, 1);
	assert_bytes(cache_get(cache, B("a"), 49, 1), "answer");
	assert_bytes(cache_get(cache, B("a"), 50, 1), "answer");
	assert_null(cache_get(cache, B("a"), 51, 1).p);
	cache_busy(cache, true);
	assert_bytes(cache_get(cache, B("a"), 51, 1), "answer");
	cache_busy(cache, false);
	while (!cache_get(cache, B("a"), 51, 1).p)
		again++;
	assert_int_equal(again, CACHE_AGAIN - 1);
	for (again = 0; !cache_get(cache, B("a"), 51, 1 + second / 10).p; again++)
		;
	assert_int_equal(again, CACHE_AGAIN_RATE / 10);
	cache_free(cache);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_used_stay),
		cmocka_unit_test(test_older_than_the_event),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
