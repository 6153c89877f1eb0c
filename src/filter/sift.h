/* SPDX-License-Identifier: GPL-2.0-only */
/* The part of a filter that the kernel's programs decide. */
#ifndef EXECFAIL_SIFT_H
#define EXECFAIL_SIFT_H

#include <stdio.h>

#include "filter/filter.h"
#include "sieve.h"

/* Fills in all of it; folds: searches through PATH become one event, so nothing is decided that their steps differ in. Returns how many terms are. */
size_t sift_make(struct sieve *sieve, const struct filter *filter, bool folds);

/* For --doctor: where each of the filter's terms is decided, a line each. */
void sift_describe(FILE *to, const struct filter *filter, bool folds);

#endif
