// SPDX-License-Identifier: GPL-2.0-only
/*
 * JSON lines: an object per event with every field, also the unknown ones.
 *
 * json-c writes the values, through two objects of it that serve again and again; the brackets between them are
 * written here. To build json-c's tree of each event and throw it away took three times as long.
 */
#include <json-c/json.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "event/fields.h"
#include "print/printer.h"

struct json {
	struct json_object *string;
	struct json_object *number;
	struct buffer repaired;
	struct buffer raw; /* members of the object `raw` of this event */
};

/* Where in an event a string is: the key of its original in `raw`. */
struct place {
	const char *field;
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

/* Names of fields and members need no escape: they are plain ASCII. */
static void put_key(struct buffer *out, const char *key)
{
	put_comma(out);
	buffer_put(out, '"');
	buffer_puts(out, key);
	buffer_add(out, "\":", 2);
}

static void put_object(struct buffer *out, struct json_object *object)
{
	struct bytes text;

	text.p = json_object_to_json_string_length(object, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE,
						   &text.n);
	memory_need((void *)text.p);
	text_json(out, text);
}

/* Nothing in it needs an escape. Without a branch for each byte, so that many are looked at at once. */
static bool is_plain(struct bytes text)
{
	unsigned int special = 0;

	for (size_t i = 0; i < text.n; i++)
		special |= (text.p[i] < ' ') | (text.p[i] > '~') | (text.p[i] == '"') | (text.p[i] == '\\');
	return !special;
}

static void put_utf8(struct buffer *out, struct json *json, struct bytes utf8)
{
	/* 0 for out of memory */
	if (!json_object_set_string_len(json->string, utf8.p, (int)utf8.n))
		memory_need(NULL);
	put_object(out, json->string);
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

static void put_bytes(struct buffer *out, struct json *json, struct place place, struct bytes bytes)
{
	if (!bytes.p) {
		put_null(out);
		return;
	}
	/*
	 * Most strings; json-c would copy them three times. The empty one must not come to it: json-c 0.16 would forget, and
	 * leak, the memory of the string that was there before.
	 */
	if (is_plain(bytes)) {
		buffer_put(out, '"');
		buffer_add(out, bytes.p, bytes.n);
		buffer_put(out, '"');
		return;
	}
	if (!text_is_utf8(bytes)) {
		keep_raw(json, place, bytes);
		json->repaired.n = 0;
		text_repair(&json->repaired, bytes);
		bytes = buffer_bytes(&json->repaired);
	}
	put_utf8(out, json, bytes);
}

static void put_integer(struct buffer *out, struct json *json, int64_t integer)
{
	json_object_set_int64(json->number, integer);
	put_object(out, json->number);
}

static void put_number(struct buffer *out, struct json *json, uint64_t number)
{
	json_object_set_uint64(json->number, number);
	put_object(out, json->number);
}

static void put_strings(struct buffer *out, struct json *json, const char *field, const struct bytes_list *list)
{
	buffer_put(out, '[');
	for (size_t i = 0; i < list->n; i++) {
		if (i)
			buffer_put(out, ',');
		put_bytes(out, json, (struct place){ field, (ssize_t)i, NULL }, list->v[i]);
	}
	buffer_put(out, ']');
}

static void put_ancestors(struct buffer *out, struct json *json, const char *field, const struct value *value)
{
	buffer_put(out, '[');
	for (size_t i = 0; i < value->ancestors.n; i++) {
		const struct event_ancestor *ancestor = &value->ancestors.v[i];

		put_comma(out);
		buffer_put(out, '{');
		put_key(out, "pid");
		put_number(out, json, ancestor->pid);
		put_key(out, "comm");
		put_bytes(out, json, (struct place){ field, (ssize_t)i, "comm" }, ancestor->comm);
		buffer_put(out, '}');
	}
	buffer_put(out, ']');
}

static void put_attempts(struct buffer *out, struct json *json, const char *field, const struct value *value)
{
	buffer_put(out, '[');
	for (size_t i = 0; i < value->attempts.n; i++) {
		const struct event_attempt *attempt = &value->attempts.v[i];

		put_comma(out);
		buffer_put(out, '{');
		put_key(out, "path");
		put_bytes(out, json, (struct place){ field, (ssize_t)i, "path" }, attempt->path);
		put_key(out, "errno");
		buffer_printf(out, "\"%s\"", error_name(attempt->error) ?: "?");
		buffer_put(out, '}');
	}
	buffer_put(out, ']');
}

static void put_cause(struct buffer *out, struct json *json, const char *field, const struct value *value)
{
	buffer_put(out, '{');
	put_key(out, "pid");
	put_number(out, json, value->cause.pid);
	put_key(out, "path");
	put_bytes(out, json, (struct place){ field, -1, "path" }, value->cause.path);
	buffer_put(out, '}');
}

static void put_container(struct buffer *out, struct json *json, const char *field, const struct value *value)
{
	buffer_put(out, '{');
	put_key(out, "id");
	put_bytes(out, json, (struct place){ field, -1, "id" }, value->container.id);
	put_key(out, "runtime");
	put_bytes(out, json, (struct place){ field, -1, "runtime" }, value->container.runtime);
	put_key(out, "delegated_to");
	if (value->container.user == RECORD_UNKNOWN)
		put_null(out);
	else
		put_number(out, json, value->container.user);
	buffer_put(out, '}');
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

static void put_value(struct buffer *out, struct json *json, const char *field, const struct value *value)
{
	switch (value->type) {
	case VALUE_BOOL:
		buffer_puts(out, value->boolean ? "true" : "false");
		break;
	case VALUE_INT:
		put_integer(out, json, value->integer);
		break;
	case VALUE_UINT:
		put_number(out, json, value->number);
		break;
	case VALUE_BYTES:
		put_bytes(out, json, (struct place){ field, -1, NULL }, value->bytes);
		break;
	case VALUE_STRINGS:
		put_strings(out, json, field, value->strings);
		break;
	case VALUE_ANCESTORS:
		put_ancestors(out, json, field, value);
		break;
	case VALUE_CONTAINER:
		put_container(out, json, field, value);
		break;
	case VALUE_CAUSE:
		put_cause(out, json, field, value);
		break;
	case VALUE_ATTEMPTS:
		put_attempts(out, json, field, value);
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

static void put_field(struct buffer *out, struct json *json, const struct field *field, const struct event *event)
{
	struct value value = field_value(field, event);

	if (field->flags & FIELD_OPTIONAL && value.type == VALUE_NULL)
		return;
	put_key(out, field->name);
	put_value(out, json, field->name, &value);
}

/* Returns the field that has the originals: it comes last, as only the others tell what belongs there. */
static const struct field *put_fields(struct output *output, const struct event *event)
{
	const struct style *style = &output->style;
	/* Whatever was chosen, it is to be seen that something was lost. */
	bool chosen = style->n_fields && event->type != EVENT_LOST;
	size_t n = chosen ? style->n_fields : fields_count;
	const struct field *raw = NULL;

	for (size_t i = 0; i < n; i++) {
		const struct field *field = chosen ? style->fields[i] : &fields[i];

		if (!field_applies(field, event->type))
			continue;
		if (field->type == VALUE_RAW)
			raw = field;
		else
			put_field(&output->text, output->state, field, event);
	}
	return raw;
}

static int json_event(struct output *output, const struct event *event)
{
	struct json *json = output->state;
	const struct field *raw;

	json->raw.n = 0;
	buffer_put(&output->text, '{');
	raw = put_fields(output, event);
	if (raw && json->raw.n)
		put_field(&output->text, json, raw, event);
	buffer_add(&output->text, "}\n", 2);
	return output_commit(output);
}

static int json_begin(struct output *output)
{
	struct json *json = memory_new(sizeof(*json));

	json->string = memory_need(json_object_new_string(""));
	json->number = memory_need(json_object_new_uint64(0));
	output->state = json;
	return output->error;
}

static int json_end(struct output *output)
{
	struct json *json = output->state;

	json_object_put(json->string);
	json_object_put(json->number);
	buffer_free(&json->repaired);
	buffer_free(&json->raw);
	free(json);
	output->state = NULL;
	return output->error;
}

const struct printer json_printer = {
	.name = "json",
	.help = "an object per line with every field, for programs",
	.begin = json_begin,
	.event = json_event,
	.end = json_end,
};
