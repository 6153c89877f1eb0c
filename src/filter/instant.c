// SPDX-License-Identifier: GPL-2.0-only
#include "filter/instant.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* .5 and the like; text is moved behind it. */
static bool read_fraction(const char **text, uint32_t *nsec)
{
	uint32_t unit = 100000000;

	*nsec = 0;
	if (**text != '.')
		return true;
	if (!isdigit((unsigned char)*++*text))
		return false;
	for (; isdigit((unsigned char)**text); ++*text, unit /= 10)
		*nsec += (uint32_t)(**text - '0') * unit;
	return true;
}

static const char *read_clock(const char *text, struct tm *tm, uint32_t *nsec)
{
	const char *end = strptime(text, "%H:%M:%S", tm);

	if (!end)
		return strptime(text, "%H:%M", tm);
	return read_fraction(&end, nsec) ? end : NULL;
}

/* What is behind date and clock says which they are. */
static bool read_zone(const char *text, struct tm *tm, int64_t *sec)
{
	struct tm zone = {};
	const char *end;

	tm->tm_isdst = -1;
	if (!*text) {
		*sec = mktime(tm);
		return true;
	}
	*sec = timegm(tm);
	if (!strcmp(text, "Z"))
		return true;
	end = *text == '+' || *text == '-' ? strptime(text + 1, "%H:%M", &zone) : NULL;
	if (!end || *end)
		return false;
	*sec -= (*text == '-' ? -1 : 1) * (zone.tm_hour * 3600 + zone.tm_min * 60);
	return true;
}

static bool read_seconds(const char *text, int64_t *sec)
{
	char *end;

	errno = 0;
	*sec = strtoll(text, &end, 10);
	return isdigit((unsigned char)text[0]) && !*end && !errno;
}

bool instant_parse(const char *text, time_t now, int64_t *sec, uint32_t *nsec)
{
	struct tm tm = {};
	const char *end;

	*nsec = 0;
	if (text[0] == '@')
		return read_seconds(text + 1, sec);
	end = strptime(text, "%Y-%m-%d", &tm);
	if (!end) {
		localtime_r(&now, &tm);
		tm.tm_sec = 0;
		end = read_clock(text, &tm, nsec);
	} else if (*end == 'T' || *end == ' ') {
		end = read_clock(end + 1, &tm, nsec);
	}
	return end && read_zone(end, &tm, sec);
}
