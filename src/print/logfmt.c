// SPDX-License-Identifier: GPL-2.0-only
/*
 * key=value, a line each; what is not known is left out. Quoted values are JSON strings, as the readers of this form
 * take them.
 */
#include <string.h>

#include "base/text.h"
#include "event/fields.h"
#include "print/column.h"
#include "print/jsonvalue.h"
#include "print/printer.h"

/* Needs no quotes. */
static bool is_bare(struct bytes text)
{
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] <= ' ' || text.p[i] > '~' || strchr("=\"\\#", text.p[i]))
			return false;
	return text.n;
}

static void put_pair(struct output *output, const char *name, const char *member, struct bytes text)
{
	struct buffer *out = &output->text;

	if (out->n && out->p[out->n - 1] != '\n')
		buffer_put(out, ' ');
	buffer_puts(out, name);
	if (member)
		buffer_printf(out, ".%s", member);
	buffer_put(out, '=');
	if (is_bare(text))
		buffer_add(out, text.p, text.n);
	else
		json_string(out, output->state, text);
}

static void put_value(struct output *output, const char *name, const char *member, const struct value *value)
{
	BUFFER_AUTO struct buffer text = {};

	if (value->type == VALUE_NULL || value->type == VALUE_RAW)
		return;
	if (value->type != VALUE_BYTES)
		column_value(&text, value);
	put_pair(output, name, member, value->type == VALUE_BYTES ? value->bytes : buffer_bytes(&text));
}

static void put_field(struct output *output, const struct field *field, const struct event *event)
{
	struct value value = field_value(field, event), part;
	const char *member;

	if (value.type != VALUE_CONTAINER && value.type != VALUE_CAUSE) {
		put_value(output, field->name, NULL, &value);
		return;
	}
	for (size_t n = 0; (member = value_member(&value, 0, n, &part)); n++)
		put_value(output, field->name, member, &part);
}

static int logfmt_event(struct output *output, const struct event *event)
{
	const struct field *field;

	for (size_t i = 0; (field = style_field(&output->style, event->type, &i));)
		put_field(output, field, event);
	buffer_put(&output->text, '\n');
	return output_commit(output);
}

const struct printer logfmt_printer = {
	.name = "logfmt",
	.help = "key=value, a line per event",
	.begin = json_begin,
	.event = logfmt_event,
	.end = json_end,
};
