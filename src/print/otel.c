// SPDX-License-Identifier: GPL-2.0-only
/*
 * Log records of OpenTelemetry: an ExportLogsServiceRequest in OTLP's JSON per line, which its collector reads
 * (otlpjsonfile) and takes by HTTP. What the conventions have no name for begins with `execfail.`. What is not UTF-8 is
 * a bytesValue.
 */
#include <string.h>

#include "base/text.h"
#include "event/fields.h"
#include "print/jsonvalue.h"
#include "print/message.h"
#include "print/printer.h"

#ifndef VERSION
#define VERSION "unknown"
#endif

/* Severities of its data model: INFO, WARN, ERROR. */
static const struct {
	int number;
	const char *text;
} severities[] = {
	[MESSAGE_INFO] = { 9, "INFO" },
	[MESSAGE_WARNING] = { 13, "WARN" },
	[MESSAGE_ERROR] = { 17, "ERROR" },
};

static void put_any(struct output *output, const struct value *value);

static void put_bytes(struct output *output, struct bytes bytes)
{
	struct buffer *out = &output->text;

	buffer_put(out, '{');
	if (bytes.p && text_is_utf8(bytes)) {
		json_key(out, "stringValue");
		json_string(out, output->state, bytes);
	} else if (bytes.p) {
		buffer_puts(out, "\"bytesValue\":\"");
		text_base64(out, bytes);
		buffer_put(out, '"');
	}
	buffer_put(out, '}');
}

/* The comma that belongs before an element of a list. */
static void put_comma(struct buffer *out)
{
	if (out->p[out->n - 1] != '[')
		buffer_put(out, ',');
}

static void put_attribute(struct output *output, const char *key, const struct value *value)
{
	struct buffer *out = &output->text;

	if (value->type == VALUE_NULL || value->type == VALUE_RAW)
		return;
	put_comma(out);
	buffer_printf(out, "{\"key\":\"%s\",\"value\":", key);
	put_any(output, value);
	buffer_put(out, '}');
}

static void put_members(struct output *output, const struct value *value, size_t i)
{
	struct value member;
	const char *name;

	buffer_puts(&output->text, "{\"kvlistValue\":{\"values\":[");
	for (size_t n = 0; (name = value_member(value, i, n, &member)); n++)
		put_attribute(output, name, &member);
	buffer_puts(&output->text, "]}}");
}

static void put_list(struct output *output, const struct value *value)
{
	struct buffer *out = &output->text;

	buffer_puts(out, "{\"arrayValue\":{\"values\":[");
	for (size_t i = 0; value->type == VALUE_STRINGS && i < value->strings->n; i++) {
		put_comma(out);
		put_bytes(output, value->strings->v[i]);
	}
	for (size_t i = 0; i < value_objects(value); i++) {
		put_comma(out);
		put_members(output, value, i);
	}
	for (size_t i = 0; value->type == VALUE_NAMES && i < PARTS; i++) {
		if (!(value->parts & 1u << i) || !fields_of_part((enum event_part)i))
			continue;
		put_comma(out);
		put_bytes(output, bytes_of(fields_of_part((enum event_part)i)->name));
	}
	buffer_puts(out, "]}}");
}

/* Numbers of 64 bits are strings in the JSON of protocol buffers. */
static void put_any(struct output *output, const struct value *value)
{
	struct buffer *out = &output->text;

	switch (value->type) {
	case VALUE_BOOL:
		buffer_printf(out, "{\"boolValue\":%s}", value->boolean ? "true" : "false");
		break;
	case VALUE_INT:
		buffer_printf(out, "{\"intValue\":\"%lld\"}", (long long)value->integer);
		break;
	case VALUE_UINT:
		buffer_printf(out, "{\"intValue\":\"%lld\"}", (long long)value->number);
		break;
	case VALUE_BYTES:
		put_bytes(output, value->bytes);
		break;
	case VALUE_CONTAINER:
	case VALUE_CAUSE:
		put_members(output, value, 0);
		break;
	default:
		put_list(output, value);
	}
}

static void put_field(struct output *output, const struct field *field, const struct event *event)
{
	static const char *const elsewhere[] = { "time", "host", "hint", "event", NULL };
	struct value value = field_value(field, event);
	BUFFER_AUTO struct buffer ours = {};

	for (const char *const *name = elsewhere; *name; name++)
		if (!strcmp(*name, field->name))
			return;
	buffer_printf(&ours, "execfail.%s", field->name);
	put_attribute(output, field->otel ?: buffer_string(&ours), &value);
}

/* A log record, but for its attributes. */
static void put_record(struct output *output, const struct event *event)
{
	enum message_level level = message_level(event);
	struct buffer *out = &output->text;
	BUFFER_AUTO struct buffer message = {};

	message_put(&message, event);
	buffer_printf(out, "{\"timeUnixNano\":\"%lld\",\"severityNumber\":%d,\"severityText\":\"%s\",\"eventName\":",
		      (long long)event_ns(event), severities[level].number, severities[level].text);
	json_string(out, output->state, field_value(fields_find("event"), event).bytes);
	buffer_puts(out, ",\"body\":");
	put_bytes(output, buffer_bytes(&message));
}

static void put_attributes(struct output *output, const struct event *event)
{
	struct value id = value_bytes(event->container_id), runtime = value_bytes(event->container_runtime);
	const struct field *field;

	buffer_puts(&output->text, ",\"attributes\":[");
	if (event->type != EVENT_LOST) {
		put_attribute(output, "container.id", &id);
		put_attribute(output, "container.runtime.name", &runtime);
	}
	for (size_t i = 0; (field = style_field(&output->style, event->type, &i));)
		put_field(output, field, event);
	buffer_puts(&output->text, "]}");
}

static int otel_event(struct output *output, const struct event *event)
{
	struct value host = field_value(fields_find("host"), event), service = value_string("execfail");
	struct buffer *out = &output->text;

	buffer_puts(out, "{\"resourceLogs\":[{\"resource\":{\"attributes\":[");
	put_attribute(output, "service.name", &service);
	put_attribute(output, "host.name", &host);
	buffer_puts(out, "]},\"scopeLogs\":[{\"scope\":{\"name\":\"execfail\",\"version\":\"" VERSION
			 "\"},\"logRecords\":[");
	put_record(output, event);
	put_attributes(output, event);
	buffer_puts(out, "]}]}]}\n");
	return output_commit(output);
}

const struct printer otel_printer = {
	.name = "otel",
	.help = "log records of OpenTelemetry (OTLP in JSON), a line each",
	.begin = json_begin,
	.event = otel_event,
	.end = json_end,
};
