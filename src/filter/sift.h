/* SPDX-License-Identifier: GPL-2.0-only */
/* The part of a filter that the kernel's programs decide. */
#ifndef EXECFAIL_SIFT_H
#define EXECFAIL_SIFT_H

#include "filter/filter.h"
#include "sieve.h"

/*
 * Fills in all of it; folds: searches through PATH become one event, so nothing is decided that their steps differ in.
 * Returns how many terms are.
 */
size_t sift_make(struct sieve *sieve, const struct filter *filter, bool folds);

/* For --doctor: each of the filter's terms, and where it is decided. */
typedef void sift_say(void *context, const char *what, const char *says);
void sift_describe(const struct filter *filter, bool folds, sift_say *say, void *context);

#endif
