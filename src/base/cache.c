// SPDX-License-Identifier: GPL-2.0-only
#include "base/cache.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum {
	WAYS = 4, /* entries that a question can be in */
	SETS = CACHE_ENTRIES / WAYS,
};

struct entry {
	uint64_t hash;
	int64_t until;
	int64_t looked;
	uint64_t used; /* when, by a count */
	char *bytes; /* the question, and behind it the answer */
	size_t question_n;
	size_t answer_n;
};

struct cache {
	int64_t lifetime;
	uint64_t count;
	bool busy;
	int64_t time; /* for looking again, each of which is worth a part of a second */
	int64_t filled; /* when that was last added to; 0: never */
	struct entry entries[SETS][WAYS];
};

struct cache *cache_new(int64_t lifetime_ns)
{
	struct cache *cache = memory_new(sizeof(*cache));

	cache->lifetime = lifetime_ns;
	return cache;
}

void cache_free(struct cache *cache)
{
	if (!cache)
		return;
	for (size_t i = 0; i < CACHE_ENTRIES; i++)
		free(cache->entries[i / WAYS][i % WAYS].bytes);
	free(cache);
}

static struct entry *find(struct cache *cache, struct bytes question, uint64_t hash)
{
	for (size_t i = 0; i < WAYS; i++) {
		struct entry *entry = &cache->entries[hash % SETS][i];

		if (entry->bytes && entry->hash == hash && entry->question_n == question.n &&
		    (!question.n || !memcmp(entry->bytes, question.p, question.n)))
			return entry;
	}
	return NULL;
}

void cache_busy(struct cache *cache, bool busy)
{
	cache->busy = busy;
}

/* Takes one look out of those that there is time for. */
static bool look_again(struct cache *cache, int64_t now_ns)
{
	const int64_t one = 1000000000 / CACHE_AGAIN_RATE, all = CACHE_AGAIN * one;

	if (cache->busy)
		return false;
	cache->time += cache->filled ? now_ns - cache->filled : all;
	cache->filled = now_ns;
	if (cache->time > all)
		cache->time = all;
	if (cache->time < one)
		return false;
	cache->time -= one;
	return true;
}

struct bytes cache_get(struct cache *cache, struct bytes question, int64_t event_ns, int64_t now_ns)
{
	struct entry *entry = find(cache, question, bytes_hash(question));

	if (!entry || entry->until <= now_ns)
		return (struct bytes){};
	if (event_ns > entry->looked && look_again(cache, now_ns))
		return (struct bytes){};
	entry->used = ++cache->count;
	return (struct bytes){ entry->bytes + entry->question_n, entry->answer_n };
}

static struct entry *least_used(struct cache *cache, uint64_t hash)
{
	struct entry *least = &cache->entries[hash % SETS][0];

	for (size_t i = 1; i < WAYS; i++) {
		struct entry *entry = &cache->entries[hash % SETS][i];

		if (entry->used < least->used)
			least = entry;
	}
	return least;
}

void cache_put(struct cache *cache, struct bytes question, struct bytes answer, int64_t looked_ns, int64_t now_ns)
{
	uint64_t hash = bytes_hash(question);
	struct entry *entry = find(cache, question, hash);

	if (!entry)
		entry = least_used(cache, hash);
	/* One byte more, so that what is empty has an address, too. */
	entry->bytes = memory_resize(entry->bytes, question.n + answer.n + 1);
	if (question.n)
		memcpy(entry->bytes, question.p, question.n);
	if (answer.n)
		memcpy(entry->bytes + question.n, answer.p, answer.n);
	entry->hash = hash;
	entry->question_n = question.n;
	entry->answer_n = answer.n;
	entry->until = now_ns + cache->lifetime;
	entry->looked = looked_ns;
	entry->used = ++cache->count;
}
