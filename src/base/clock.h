/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef EXECFAIL_CLOCK_H
#define EXECFAIL_CLOCK_H

#include <stdint.h>
#include <time.h>

/* Nanoseconds of that clock, which is one that cannot fail: CLOCK_REALTIME, _MONOTONIC, _BOOTTIME, ... */
static inline int64_t clock_ns(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec * (int64_t)1000000000 + t.tv_nsec;
}

#endif
