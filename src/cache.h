/* SPDX-License-Identifier: GPL-2.0-only */
/* What was found out a moment ago, by the bytes of the question. */
#ifndef EXECFAIL_CACHE_H
#define EXECFAIL_CACHE_H

#include <stddef.h>
#include <stdint.h>

#include "event.h"

struct cache;

/* Answers live so long; only the last CACHE_ENTRIES that were used are kept. */
struct cache *cache_new(int64_t lifetime_ns);
void cache_free(struct cache *cache);

enum { CACHE_ENTRIES = 256 };

/* p NULL: not known, or no longer. Valid until the next cache_put(). now_ns: of any clock that does not go back. */
struct bytes cache_get(struct cache *cache, struct bytes question, int64_t now_ns);

/* Copies both. */
void cache_put(struct cache *cache, struct bytes question, struct bytes answer, int64_t now_ns);

#endif
