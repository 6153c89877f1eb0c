// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "runner_match.h"

static int version(const char *text)
{
	int major = 0, minor = 0;

	sscanf(text, "%d.%d", &major, &minor);
	return major * 1000 + minor;
}

int match_kernel_version(void)
{
	struct utsname name;

	return uname(&name) ? 0 : version(name.release);
}

static const char *text_of(struct json_object *value)
{
	return json_object_is_type(value, json_type_string) ? json_object_get_string(value) : NULL;
}

static size_t length_of(struct json_object *value)
{
	switch (json_object_get_type(value)) {
	case json_type_array:
		return json_object_array_length(value);
	case json_type_string:
		return json_object_get_string_len(value);
	case json_type_object:
		return json_object_object_length(value);
	default:
		return 0;
	}
}

static bool in_list(const struct match_context *c, struct json_object *list, struct json_object *actual)
{
	for (size_t i = 0; i < json_object_array_length(list); i++)
		if (match_value(c, json_object_array_get_idx(list, i), actual))
			return true;
	return false;
}

static bool any(const struct match_context *c, struct json_object *expected, struct json_object *actual)
{
	(void)c;
	(void)expected;
	(void)actual;
	return true;
}

static bool not_null(const struct match_context *c, struct json_object *expected, struct json_object *actual)
{
	(void)c;
	(void)expected;
	return actual;
}

static bool prefix(const struct match_context *c, struct json_object *expected, struct json_object *actual)
{
	if (text_of(expected))
		return text_of(actual) && !strncmp(text_of(actual), text_of(expected), length_of(expected));
	if (!json_object_is_type(actual, json_type_array) || length_of(actual) < length_of(expected))
		return false;
	for (size_t i = 0; i < length_of(expected); i++)
		if (!match_value(c, json_object_array_get_idx(expected, i), json_object_array_get_idx(actual, i)))
			return false;
	return true;
}

/* One sentence for a person: it begins and ends with words, and has nothing that commands a terminal. */
static bool sentence(const struct match_context *c, struct json_object *expected, struct json_object *actual)
{
	const unsigned char *text = (const unsigned char *)text_of(actual);
	size_t n = length_of(actual);

	(void)c;
	(void)expected;
	if (!text || !n || strlen((const char *)text) != n || strchr(" ,;:", text[0]) || strchr(" .,;:", text[n - 1]))
		return false;
	for (size_t i = 0; i < n; i++) {
		/* C0, DEL, C1; a new sentence, or words that an empty name has left behind. */
		if (text[i] < ' ' || text[i] == 0x7f || (text[i] == 0xc2 && text[i + 1] < 0xa0))
			return false;
		if (!strncmp((const char *)text + i, ". ", 2) || !strncmp((const char *)text + i, "  ", 2))
			return false;
	}
	return !strstr((const char *)text, "(null)");
}

/* An element of a list, or a part of a string. */
static bool contains(const struct match_context *c, struct json_object *expected, struct json_object *actual)
{
	if (text_of(actual))
		return text_of(expected) && strstr(text_of(actual), text_of(expected));
	if (!json_object_is_type(actual, json_type_array))
		return false;
	for (size_t i = 0; i < length_of(actual); i++)
		if (match_value(c, expected, json_object_array_get_idx(actual, i)))
			return true;
	return false;
}

static bool has_length(const struct match_context *c, struct json_object *expected, struct json_object *actual)
{
	(void)c;
	return actual && (int64_t)length_of(actual) == json_object_get_int64(expected);
}

static bool between(const struct match_context *c, struct json_object *expected, struct json_object *actual)
{
	const char *low = text_of(json_object_array_get_idx(expected, 0));
	const char *high = text_of(json_object_array_get_idx(expected, 1));

	(void)c;
	return text_of(actual) && strcmp(low, text_of(actual)) <= 0 && strcmp(text_of(actual), high) <= 0;
}

/* An object with at least these members. */
static bool includes(const struct match_context *c, struct json_object *expected, struct json_object *actual)
{
	json_object_object_foreach(expected, key, value)
	{
		if (!json_object_is_type(actual, json_type_object) ||
		    !match_value(c, value, json_object_object_get(actual, key)))
			return false;
	}
	return true;
}

static bool has(const struct match_context *c, struct json_object *expected, struct json_object *actual)
{
	(void)c;
	return json_object_is_type(actual, json_type_object) && json_object_object_get(actual, text_of(expected));
}

static bool begins_like(const char *whole, const char *cut)
{
	size_t common = 0;

	while (cut[common] && cut[common] == whole[common])
		common++;
	return common > 0; /* the rest may be the tracer's way to say that there was more */
}

/* The first of the strings, at least one; of the last one shown, maybe just the beginning. */
static bool cut_of(const struct match_context *c, struct json_object *expected, struct json_object *actual)
{
	size_t n = length_of(actual);

	(void)c;
	if (!json_object_is_type(actual, json_type_array) || !n || n > length_of(expected))
		return false;
	for (size_t i = 0; i < n; i++) {
		const char *whole = text_of(json_object_array_get_idx(expected, i));
		const char *seen = text_of(json_object_array_get_idx(actual, i));

		if (!seen || (strcmp(whole, seen) && (i + 1 < n || !begins_like(whole, seen))))
			return false;
	}
	return true;
}

static bool one_of(const struct match_context *c, struct json_object *expected, struct json_object *actual)
{
	return in_list(c, expected, actual);
}

static bool all(const struct match_context *c, struct json_object *expected, struct json_object *actual)
{
	for (size_t i = 0; i < json_object_array_length(expected); i++)
		if (!match_value(c, json_object_array_get_idx(expected, i), actual))
			return false;
	return true;
}

static const char *shown(struct json_object *value)
{
	return json_object_to_json_string_ext(value, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
}

/* Nowhere in the value, however deep. */
static bool lacks(const struct match_context *c, struct json_object *expected, struct json_object *actual)
{
	(void)c;
	return !strstr(shown(actual), text_of(expected));
}

static bool families(const struct match_context *c, struct json_object *expected, struct json_object *actual)
{
	struct json_object *value;

	if (!json_object_object_get_ex(expected, c->family, &value))
		value = json_object_object_get(expected, "default");
	return match_value(c, value, actual);
}

/* {"before": "5.8", "value": X, "default": Y}: X on kernels before that version. */
static bool kernel(const struct match_context *c, struct json_object *expected, struct json_object *actual)
{
	bool before = c->kernel < version(text_of(json_object_object_get(expected, "before")));

	return match_value(c, json_object_object_get(expected, before ? "value" : "default"), actual);
}

static const struct {
	const char *name;
	bool (*match)(const struct match_context *c, struct json_object *expected, struct json_object *actual);
} matchers[] = {
	{ "any", any },           { "not_null", not_null }, { "prefix", prefix },     { "contains", contains },
	{ "length", has_length }, { "between", between },   { "includes", includes }, { "has", has },
	{ "cut_of", cut_of },     { "one_of", one_of },     { "families", families }, { "kernel", kernel },
	{ "all", all },           { "lacks", lacks },       { "sentence", sentence },
};

#define N_MATCHERS (sizeof(matchers) / sizeof(matchers[0]))

bool match_value(const struct match_context *c, struct json_object *expected, struct json_object *actual)
{
	struct json_object *argument;

	if (json_object_is_type(expected, json_type_array))
		return length_of(expected) == length_of(actual) && prefix(c, expected, actual);
	if (!json_object_is_type(expected, json_type_object) || json_object_object_length(expected) != 1)
		return json_object_equal(expected, actual);
	for (size_t i = 0; i < N_MATCHERS; i++)
		if (json_object_object_get_ex(expected, matchers[i].name, &argument))
			return matchers[i].match(c, argument, actual);
	return json_object_equal(expected, actual);
}

bool match_optional(const struct match_context *c, struct json_object *expected)
{
	struct json_object *optional = json_object_object_get(expected, "@optional");

	if (text_of(optional))
		return c->kernel < version(text_of(optional));
	if (json_object_is_type(optional, json_type_object))
		return !strcmp(c->family, text_of(json_object_object_get(optional, "family"))) &&
		       c->kernel < version(text_of(json_object_object_get(optional, "before")));
	if (!json_object_is_type(optional, json_type_array))
		return json_object_get_boolean(optional);
	for (size_t i = 0; i < json_object_array_length(optional); i++)
		if (!strcmp(c->family, json_object_get_string(json_object_array_get_idx(optional, i))))
			return true;
	return false;
}

/* Long values are cut: the full event follows in the output anyway. */
#define SHOWN 300

char *match_event(const struct match_context *c, struct json_object *expected, struct json_object *actual)
{
	char *text = NULL;

	json_object_object_foreach(expected, field, value)
	{
		struct json_object *seen = json_object_object_get(actual, field);
		char *before = text;

		if (*field == '@' || match_value(c, value, seen))
			continue;
		if (asprintf(&text, "%s%s%s: expected %.*s got %.*s", before ?: "", before ? "; " : "", field, SHOWN,
			     shown(value), SHOWN, shown(seen)) < 0)
			abort();
		free(before);
	}
	return text;
}
