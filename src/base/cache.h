/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What was found out a moment ago, by the bytes of the question.
 *
 * What was seen after an exec failed tells more of it than what would be seen now. What was seen before may be over:
 * that is an answer only when there is no time to look again, because events come too fast.
 */
#ifndef EXECFAIL_CACHE_H
#define EXECFAIL_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

struct cache;

/*
 * Answers live so long, by the clock of now_ns. There is room for CACHE_ENTRIES, each in one of a few places: of those
 * that share them, the one goes that was not used for longest. To be ended by cache_free(), which takes NULL as well.
 */
struct cache *cache_new(int64_t lifetime_ns);
void cache_free(struct cache *cache);

enum {
	CACHE_ENTRIES = 256,
	/* What was known before the event is looked at again so many times at once, and so many more in each second. */
	CACHE_AGAIN = 100,
	CACHE_AGAIN_RATE = 200,
};

/* As long as it is set, there is no time to look again: what was known before the event is the answer. */
void cache_busy(struct cache *cache, bool busy);

/*
 * p NULL: not known, or to be looked at again. Valid until the next cache_put(). event_ns: when what it is about
 * happened, by CLOCK_BOOTTIME; now_ns: of any clock that does not go back, the same in all calls.
 */
struct bytes cache_get(struct cache *cache, struct bytes question, int64_t event_ns, int64_t now_ns);

/* Copies both. looked_ns: when looking for the answer began, by the clock of event_ns. */
void cache_put(struct cache *cache, struct bytes question, struct bytes answer, int64_t looked_ns, int64_t now_ns);

#endif
