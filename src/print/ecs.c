// SPDX-License-Identifier: GPL-2.0-only
/*
 * An object per line as the Elastic Common Schema has it. What it has no field for is below `execfail`, by our own
 * name; what is not known is left out. `process` is the caller, `process.args` what it wanted to pass, `file` what it
 * tried to start.
 */
#include <string.h>

#include "event/fields.h"
#include "print/jsonvalue.h"
#include "print/message.h"
#include "print/printer.h"

#define ECS_VERSION "8.11.0"

static void put_text(struct output *output, const char *key, struct bytes text)
{
	json_key(&output->text, key);
	json_string(&output->text, output->state, text);
}

/* What its readers want to have first, whatever else there is. */
static void put_head(struct output *output, const struct event *event)
{
	static const char *const levels[] = {
		[MESSAGE_INFO] = "info", [MESSAGE_WARNING] = "warning", [MESSAGE_ERROR] = "error"
	};
	enum message_level level = message_level(event);
	BUFFER_AUTO struct buffer message = {};

	message_put(&message, event);
	put_text(output, "@timestamp", value_time(event->arena, event->time_sec, event->time_nsec).bytes);
	put_text(output, "log.level", bytes_of(levels[level]));
	put_text(output, "message", buffer_bytes(&message));
	put_text(output, "ecs.version", bytes_of(ECS_VERSION));
	buffer_puts(&output->text, ",\"event.kind\":\"event\",\"event.module\":\"execfail\"");
	if (event->type == EVENT_LOST)
		return;
	buffer_puts(&output->text, ",\"event.category\":[\"process\"],\"event.type\":[\"start\"]");
	put_text(output, "event.outcome", bytes_of(level == MESSAGE_ERROR ? "failure" : "success"));
	if (event->container_id.p)
		put_text(output, "container.id", event->container_id);
	if (event->container_runtime.p)
		put_text(output, "container.runtime", event->container_runtime);
}

static bool is_in_head(const struct field *field)
{
	return field->ecs && (!strcmp(field->ecs, "@timestamp") || !strcmp(field->ecs, "message"));
}

static void put_name(struct buffer *out, const struct field *field)
{
	BUFFER_AUTO struct buffer ours = {};

	buffer_printf(&ours, "execfail.%s", field->name);
	json_key(out, field->ecs ?: buffer_string(&ours));
}

static void put_field(struct output *output, const struct field *field, const struct event *event)
{
	struct buffer *out = &output->text;
	struct value value = field_value(field, event);

	if (is_in_head(field) || value.type == VALUE_NULL)
		return;
	put_name(out, field);
	if (field->flags & FIELD_ID && field->ecs)
		buffer_printf(out, "\"%llu\"", (unsigned long long)value.number);
	else
		json_value(out, output->state, field->name, &value);
}

static int ecs_event(struct output *output, const struct event *event)
{
	const struct field *raw = NULL, *field;

	json_begin_raw(output->state);
	buffer_put(&output->text, '{');
	put_head(output, event);
	for (size_t i = 0; (field = style_field(&output->style, event->type, &i));) {
		if (field->type == VALUE_RAW)
			raw = field;
		else
			put_field(output, field, event);
	}
	if (raw && json_has_raw(output->state))
		put_field(output, raw, event);
	buffer_puts(&output->text, "}\n");
	return output_commit(output);
}

const struct printer ecs_printer = {
	.name = "ecs",
	.help = "an object per line with the names of the Elastic Common Schema",
	.begin = json_begin,
	.event = ecs_event,
	.end = json_end,
};
