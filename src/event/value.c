// SPDX-License-Identifier: GPL-2.0-only
#include "event/value.h"

#include "base/error.h"

enum { DAY = 24 * 60 * 60, DAYS_400_YEARS = 146097 };

struct date {
	int64_t year;
	unsigned int month, day;
};

/* The proleptic Gregorian calendar, in years that begin in March so that the leap day is their last. */
static struct date date_of_days(int64_t days)
{
	int64_t from = days + 719468; /* since 0000-03-01 */
	int64_t era = (from >= 0 ? from : from - DAYS_400_YEARS + 1) / DAYS_400_YEARS;
	unsigned int day = (unsigned int)(from - era * DAYS_400_YEARS);
	unsigned int year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	unsigned int day_of_year = day - (365 * year + year / 4 - year / 100);
	unsigned int month = (5 * day_of_year + 2) / 153; /* 0: March */

	return (struct date){
		.year = year + era * 400 + (month >= 10),
		.month = month < 10 ? month + 3 : month - 9,
		.day = day_of_year - (153 * month + 2) / 5 + 1,
	};
}

static char *put_digits(char *to, uint32_t number, int digits)
{
	for (int i = digits; i-- > 0; number /= 10)
		to[i] = (char)('0' + number % 10);
	return to + digits;
}

struct value value_time(struct arena *arena, int64_t sec, uint32_t nsec)
{
	const int64_t year_0 = -62167219200, year_10000 = 253402300800;
	char text[32], *p = text;
	struct date date;
	uint32_t of_day;
	int64_t days;

	if (sec < year_0 || sec >= year_10000 || nsec >= 1000000000)
		return value_null();
	days = (sec - (sec < 0 ? DAY - 1 : 0)) / DAY;
	of_day = (uint32_t)(sec - days * DAY);
	date = date_of_days(days);
	p = put_digits(p, (uint32_t)date.year, 4);
	*p++ = '-';
	p = put_digits(p, date.month, 2);
	*p++ = '-';
	p = put_digits(p, date.day, 2);
	*p++ = 'T';
	p = put_digits(p, of_day / 3600, 2);
	*p++ = ':';
	p = put_digits(p, of_day / 60 % 60, 2);
	*p++ = ':';
	p = put_digits(p, of_day % 60, 2);
	*p++ = '.';
	p = put_digits(p, nsec, 9);
	*p++ = 'Z';
	return value_bytes((struct bytes){ arena_copy(arena, text, (size_t)(p - text)), (size_t)(p - text) });
}

size_t value_objects(const struct value *value)
{
	switch (value->type) {
	case VALUE_ANCESTORS:
		return value->ancestors.n;
	case VALUE_ATTEMPTS:
		return value->attempts.n;
	default:
		return 0;
	}
}

static struct value member_of_ancestor(const struct event_ancestor *ancestor, size_t n)
{
	return n ? value_bytes(ancestor->comm) : value_number(ancestor->pid);
}

static struct value member_of_attempt(const struct event_attempt *attempt, size_t n)
{
	return n ? value_string(error_name(attempt->error) ?: "?") : value_bytes(attempt->path);
}

static struct value member_of_cause(const struct value *value, size_t n)
{
	return n ? value_bytes(value->cause.path) : value_number(value->cause.pid);
}

static struct value member_of_container(const struct value *value, size_t n)
{
	if (n < 2)
		return value_bytes(n ? value->container.runtime : value->container.id);
	return value->container.user == RECORD_UNKNOWN ? value_null() : value_number(value->container.user);
}

const char *value_member(const struct value *value, size_t i, size_t n, struct value *member)
{
	static const char *const names[VALUE_TYPES][4] = {
		[VALUE_ANCESTORS] = { "pid", "comm" },
		[VALUE_ATTEMPTS] = { "path", "errno" },
		[VALUE_CAUSE] = { "pid", "path" },
		[VALUE_CONTAINER] = { "id", "runtime", "delegated_to" },
	};

	if (!names[value->type][n])
		return NULL;
	if (value->type == VALUE_ANCESTORS)
		*member = member_of_ancestor(&value->ancestors.v[i], n);
	else if (value->type == VALUE_ATTEMPTS)
		*member = member_of_attempt(&value->attempts.v[i], n);
	else
		*member = value->type == VALUE_CAUSE ? member_of_cause(value, n) : member_of_container(value, n);
	return names[value->type][n];
}

const char *value_type_name(enum value_type type)
{
	static const char *const names[VALUE_TYPES] = {
		[VALUE_NULL] = "null",       [VALUE_BOOL] = "boolean",     [VALUE_INT] = "integer",
		[VALUE_UINT] = "integer",    [VALUE_BYTES] = "string",     [VALUE_STRINGS] = "array",
		[VALUE_ANCESTORS] = "array", [VALUE_CONTAINER] = "object", [VALUE_CAUSE] = "object",
		[VALUE_NAMES] = "array",     [VALUE_ATTEMPTS] = "array",   [VALUE_RAW] = "object",
	};

	return type < VALUE_TYPES ? names[type] : NULL;
}
