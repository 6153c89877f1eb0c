/* SPDX-License-Identifier: GPL-2.0-only */
/* Clocks, in nanoseconds. */
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

/*
 * One clock minus another, read through `read`, which is clock_ns() but in tests. Two readings may lie far apart, where
 * something comes between them: of some triples the one counts that took the shortest. What is left of that makes the
 * times of the other clock late, never early.
 */
int64_t clock_offset(int64_t (*read)(clockid_t), clockid_t clock, clockid_t minus);

/*
 * CLOCK_MONOTONIC as the kernel and its programs have it, whatever time namespace this process is in, if /proc says
 * which.
 */
int64_t clock_kernel_ns(void);

/* A clock minus that. */
int64_t clock_kernel_offset(clockid_t clock);

/*
 * How far the clock `name` is ahead in a time namespace, from the text of /proc/PID/timens_offsets; 0 where that has no
 * such.
 */
int64_t clock_ahead(const char *text, const char *name);

#endif
