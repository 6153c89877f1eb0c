// SPDX-License-Identifier: GPL-2.0-only
/* An object per line, with every field. */
#include "event/fields.h"
#include "print/jsonvalue.h"
#include "print/printer.h"

static void put_field(struct buffer *out, struct json *json, const struct field *field, const struct event *event)
{
	struct value value = field_value(field, event);

	if (field->flags & FIELD_OPTIONAL && value.type == VALUE_NULL)
		return;
	json_key(out, field->name);
	json_value(out, json, field->name, &value);
}

/* Returns the field that has the originals: it comes last, as only the others tell what belongs there. */
static const struct field *put_fields(struct output *output, const struct event *event)
{
	const struct field *raw = NULL, *field;

	for (size_t i = 0; (field = style_field(&output->style, event->type, &i));) {
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

	json_begin_raw(json);
	buffer_put(&output->text, '{');
	raw = put_fields(output, event);
	if (raw && json_has_raw(json))
		put_field(&output->text, json, raw, event);
	buffer_add(&output->text, "}\n", 2);
	return output_commit(output);
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

const struct printer json_printer = {
	.name = "json",
	.help = "an object per line with every field, for programs",
	.begin = json_begin,
	.event = json_event,
	.end = json_end,
};
