// SPDX-License-Identifier: GPL-2.0-only
#include "print/jsonvalue.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "event/fields.h"

/*
 * A list and its text: the environment is most of what an event has to say, and in a flood it is the same again. Only
 * of what needed no escape.
 */
struct memo {
	struct buffer list; /* the strings, with a NUL behind each */
	size_t n; /* strings */
	uint64_t same; /* number of a list like that; 0: it has none */
	struct buffer text;
};

enum { MEMO_LEAST = 8 }; /* strings: arguments are seldom so many, and need not drive the environment out */

struct json {
	struct json_object *string;
	struct memo memo;
	struct buffer repaired;
	struct buffer raw; /* members of the object `raw` of this event */
};

/* Where in an event a string is: the key of its original in `raw`. */
struct place {
	const char *field; /* NULL: nowhere, nothing is kept */
	ssize_t index; /* of an array's element; -1: no array */
	const char *member; /* of an object; NULL: no object */
};

/* Whatever comes before the next element or member of what was opened last. */
static void put_comma(struct buffer *out)
{
	char last = out->n ? out->p[out->n - 1] : '{';

	if (last != '[' && last != '{')
		buffer_put(out, ',');
}

void json_key(struct buffer *out, const char *key)
{
	size_t n = strlen(key);
	char *p;

	put_comma(out);
	p = buffer_reserve(out, n + 3);
	*p++ = '"';
	p = mempcpy(p, key, n);
	memcpy(p, "\":", 2);
	out->n += n + 3;
}

static void put_escaped(struct buffer *out, struct json_object *string)
{
	struct bytes text;

	text.p = json_object_to_json_string_length(string, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE,
						   &text.n);
	memory_need((void *)text.p);
	text_json(out, text);
}

#define EACH(byte) ((byte)*0x0101010101010101ull)

/* The top bit of a byte that is 0, and perhaps of some above it. */
static uint64_t zeros(uint64_t word)
{
	return (word - EACH(1)) & ~word;
}

/* Top bits, where one of eight bytes is no ASCII that is printed, or a quote, '#' or a backslash. */
static uint64_t specials(uint64_t word)
{
	uint64_t control = (word - EACH(' ')) & ~word, quote = zeros((word | EACH(1)) ^ EACH('#'));

	return word | control | quote | zeros(word ^ EACH('\\')) | zeros(word ^ EACH(0x7f));
}

/* To a place with room for eight; what of them is no text is passed for some. */
static uint64_t word_copy(char *to, const char *from, size_t n)
{
	uint64_t word = EACH('.');

	memcpy(&word, from, n);
	memcpy(to, &word, sizeof(word));
	return specials(word);
}

/* What needs no escape, in quotes; false: it does. Eight bytes at a time, the last eight perhaps twice. */
static bool put_plain(struct buffer *out, struct bytes text)
{
	char *p = buffer_reserve(out, text.n + 2 + sizeof(uint64_t));
	uint64_t special = 0;
	size_t i;

	*p++ = '"';
	for (i = 0; i + sizeof(special) <= text.n; i += sizeof(special))
		special |= word_copy(p + i, text.p + i, sizeof(special));
	special |= word_copy(p + i, text.p + i, text.n - i);
	if (special & EACH(0x80))
		return false;
	p[text.n] = '"';
	out->n += text.n + 2;
	return true;
}

static void put_utf8(struct buffer *out, struct json *json, struct bytes utf8)
{
	/* 0 for out of memory */
	if (!json_object_set_string_len(json->string, utf8.p, (int)utf8.n))
		memory_need(NULL);
	put_escaped(out, json->string);
}

static void keep_raw(struct json *json, struct place place, struct bytes bytes)
{
	struct buffer *raw = &json->raw;

	if (raw->n)
		buffer_put(raw, ',');
	buffer_printf(raw, "\"%s", place.field);
	if (place.index >= 0)
		buffer_printf(raw, "[%zd]", place.index);
	if (place.member)
		buffer_printf(raw, ".%s", place.member);
	buffer_puts(raw, "\":\"");
	text_base64(raw, bytes);
	buffer_put(raw, '"');
}

static void put_null(struct buffer *out)
{
	buffer_add(out, "null", 4);
}

/* False: it needed an escape, or is null. */
static bool put_bytes(struct buffer *out, struct json *json, struct place place, struct bytes bytes)
{
	if (!bytes.p) {
		put_null(out);
		return false;
	}
	/*
	 * Most strings; json-c would copy them three times. The empty one must not come to it: json-c 0.16 would
	 * forget, and leak, the memory of the string that was there before.
	 */
	if (put_plain(out, bytes))
		return true;
	if (!text_is_utf8(bytes)) {
		if (place.field)
			keep_raw(json, place, bytes);
		json->repaired.n = 0;
		text_repair(&json->repaired, bytes);
		bytes = buffer_bytes(&json->repaired);
	}
	put_utf8(out, json, bytes);
	return false;
}

static void put_integer(struct buffer *out, int64_t integer)
{
	if (integer < 0)
		buffer_put(out, '-');
	buffer_number(out, integer < 0 ? -(uint64_t)integer : (uint64_t)integer);
}

static bool memo_has(struct memo *memo, const struct bytes_list *list)
{
	const char *p = memo->list.p;
	size_t left = memo->list.n;

	if (list->same && memo->same == list->same)
		return true;
	if (memo->n != list->n)
		return false;
	for (size_t i = 0; i < list->n; i++) {
		size_t n = list->v[i].n;

		if (!list->v[i].p || n >= left || p[n] || memcmp(p, list->v[i].p, n))
			return false;
		p += n + 1;
		left -= n + 1;
	}
	if (!left)
		memo->same = list->same;
	return !left;
}

/* What is plain has no NUL in it, and so no other list is told by the same bytes. */
static void memo_keep(struct memo *memo, const struct bytes_list *list, struct bytes text)
{
	memo->list.n = memo->text.n = 0;
	for (size_t i = 0; i < list->n; i++) {
		buffer_add(&memo->list, list->v[i].p, list->v[i].n);
		buffer_put(&memo->list, '\0');
	}
	buffer_add(&memo->text, text.p, text.n);
	memo->n = list->n;
	memo->same = list->same;
}

static void put_strings(struct buffer *out, struct json *json, const char *field, const struct bytes_list *list)
{
	struct memo *memo = list->n < MEMO_LEAST ? NULL : &json->memo;
	size_t from = out->n;
	bool plain = true;

	if (memo && memo_has(memo, list)) {
		buffer_add(out, memo->text.p, memo->text.n);
		return;
	}
	buffer_put(out, '[');
	for (size_t i = 0; i < list->n; i++) {
		if (i)
			buffer_put(out, ',');
		plain &= put_bytes(out, json, (struct place){ field, (ssize_t)i, NULL }, list->v[i]);
	}
	buffer_put(out, ']');
	if (memo && plain)
		memo_keep(memo, list, (struct bytes){ out->p + from, out->n - from });
}

static void put_value(struct buffer *out, struct json *json, struct place place, const struct value *value);

static void put_members(struct buffer *out, struct json *json, struct place place, const struct value *value)
{
	size_t i = place.index < 0 ? 0 : (size_t)place.index;
	struct value member;

	buffer_put(out, '{');
	for (size_t n = 0; (place.member = value_member(value, i, n, &member)); n++) {
		json_key(out, place.member);
		put_value(out, json, place, &member);
	}
	buffer_put(out, '}');
}

static void put_objects(struct buffer *out, struct json *json, const char *field, const struct value *value)
{
	buffer_put(out, '[');
	for (size_t i = 0; i < value_objects(value); i++) {
		put_comma(out);
		put_members(out, json, (struct place){ field, (ssize_t)i, NULL }, value);
	}
	buffer_put(out, ']');
}

static void put_names(struct buffer *out, uint32_t parts)
{
	buffer_put(out, '[');
	for (size_t i = 0; i < fields_count; i++) {
		if (fields[i].part == PART_NONE || !(parts & 1u << fields[i].part))
			continue;
		put_comma(out);
		buffer_printf(out, "\"%s\"", fields[i].name);
	}
	buffer_put(out, ']');
}

static void put_raw(struct buffer *out, struct json *json)
{
	buffer_put(out, '{');
	buffer_add(out, json->raw.p, json->raw.n);
	buffer_put(out, '}');
}

static void put_value(struct buffer *out, struct json *json, struct place place, const struct value *value)
{
	switch (value->type) {
	case VALUE_BOOL:
		buffer_puts(out, value->boolean ? "true" : "false");
		break;
	case VALUE_INT:
		put_integer(out, value->integer);
		break;
	case VALUE_UINT:
		buffer_number(out, value->number);
		break;
	case VALUE_BYTES:
		put_bytes(out, json, place, value->bytes);
		break;
	case VALUE_STRINGS:
		put_strings(out, json, place.field, value->strings);
		break;
	case VALUE_ANCESTORS:
	case VALUE_ATTEMPTS:
		put_objects(out, json, place.field, value);
		break;
	case VALUE_CONTAINER:
	case VALUE_CAUSE:
		put_members(out, json, place, value);
		break;
	case VALUE_NAMES:
		put_names(out, value->parts);
		break;
	case VALUE_RAW:
		put_raw(out, json);
		break;
	case VALUE_NULL:
	case VALUE_TYPES:
		put_null(out);
		break;
	}
}

void json_value(struct buffer *out, struct json *json, const char *field, const struct value *value)
{
	put_value(out, json, (struct place){ field, -1, NULL }, value);
}

void json_string(struct buffer *out, struct json *json, struct bytes bytes)
{
	put_bytes(out, json, (struct place){}, bytes);
}

void json_begin_raw(struct json *json)
{
	json->raw.n = 0;
}

bool json_has_raw(const struct json *json)
{
	return json->raw.n;
}

struct json *json_new(void)
{
	struct json *json = memory_new(sizeof(*json));

	json->string = memory_need(json_object_new_string(""));
	return json;
}

void json_free(struct json *json)
{
	json_object_put(json->string);
	buffer_free(&json->memo.list);
	buffer_free(&json->memo.text);
	buffer_free(&json->repaired);
	buffer_free(&json->raw);
	free(json);
}

int json_begin(struct output *output)
{
	output->state = json_new();
	return output->error;
}

int json_end(struct output *output)
{
	json_free(output->state);
	output->state = NULL;
	return output->error;
}
