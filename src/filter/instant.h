/* SPDX-License-Identifier: GPL-2.0-only */
/* A point in time as people write it. */
#ifndef EXECFAIL_INSTANT_H
#define EXECFAIL_INSTANT_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/*
 * 2026-11-26, 2026-11-26T04:32[:16[.123456789]], each with Z, +01:00 or nothing for local time behind it; a blank for
 * the T; 04:32[:16[.5]] of the day of now; @SECONDS since 1970. False: it is none.
 */
bool instant_parse(const char *text, time_t now, int64_t *sec, uint32_t *nsec);

#endif
