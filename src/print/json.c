// SPDX-License-Identifier: GPL-2.0-only
/* An object per line, with every field. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "event/fields.h"
#include "print/jsonvalue.h"
#include "print/printer.h"

/* A field that events of a type have, and its key as it stands in a line, with the comma before it. */
struct column {
	const struct field *field;
	const char *key;
	size_t n;
};

struct line {
	struct column columns[STYLE_FIELDS];
	size_t n; /* 0: none of this type has come yet */
	const struct field *raw; /* has the originals: it comes last, as only the others tell what belongs there */
	struct buffer keys;
};

struct state {
	struct json *json;
	struct line lines[EVENT_LOST + 1];
};

/* What is the same in each line is made once. */
static void line_make(struct line *line, const struct style *style, enum event_type type)
{
	const struct field *field;
	size_t at = 0;

	for (size_t i = 0; (field = style_field(style, type, &i));) {
		if (field->type == VALUE_RAW) {
			line->raw = field;
			continue;
		}
		line->columns[line->n].field = field;
		line->columns[line->n++].n = strlen(",\"\":") + strlen(field->name);
		buffer_printf(&line->keys, ",\"%s\":", field->name);
	}
	for (size_t i = 0; i < line->n; at += line->columns[i++].n)
		line->columns[i].key = line->keys.p + at;
}

static void put_columns(struct buffer *out, struct json *json, const struct line *line, const struct event *event)
{
	const struct column *column = line->columns, *end = column + line->n;
	struct value value;

	for (bool first = true; column < end; column++) {
		value = field_value(column->field, event);
		if (value.type == VALUE_NULL && column->field->flags & FIELD_OPTIONAL)
			continue;
		buffer_add(out, column->key + first, column->n - first);
		json_value(out, json, column->field->name, &value);
		first = false;
	}
}

static int json_event(struct output *output, const struct event *event)
{
	struct state *state = output->state;
	struct line *line = &state->lines[event->type];
	struct value raw = { .type = VALUE_RAW };

	if (!line->n)
		line_make(line, &output->style, event->type);
	json_begin_raw(state->json);
	buffer_put(&output->text, '{');
	put_columns(&output->text, state->json, line, event);
	if (line->raw && json_has_raw(state->json)) {
		json_key(&output->text, line->raw->name);
		json_value(&output->text, state->json, line->raw->name, &raw);
	}
	buffer_add(&output->text, "}\n", 2);
	return output_commit(output);
}

static int begin(struct output *output)
{
	struct state *state = memory_new(sizeof(*state));

	state->json = json_new();
	output->state = state;
	return output->error;
}

static int end(struct output *output)
{
	struct state *state = output->state;

	for (size_t i = 0; i <= EVENT_LOST; i++)
		buffer_free(&state->lines[i].keys);
	json_free(state->json);
	free(state);
	output->state = NULL;
	return output->error;
}

const struct printer json_printer = {
	.name = "json",
	.help = "an object per line with every field, for programs",
	.begin = begin,
	.event = json_event,
	.end = end,
};
