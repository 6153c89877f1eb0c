// SPDX-License-Identifier: GPL-2.0-only
/*
 * Entries of systemd's journal, in the one form that its socket takes as a datagram and its tools as a file: NAME=VALUE
 * lines, the length before what is no line of text, and an empty line at the end of an entry.
 */
#include <ctype.h>
#include <endian.h>
#include <string.h>

#include "base/text.h"
#include "event/fields.h"
#include "print/column.h"
#include "print/message.h"
#include "print/printer.h"

/* Which events are these: for `journalctl MESSAGE_ID=`, and catalogs. */
#define MESSAGE_ID "77994e75a98a469a9736b3e1b4e3a19b"

static bool is_text(struct bytes value)
{
	for (size_t i = 0; i < value.n; i++)
		if ((unsigned char)value.p[i] < ' ' && value.p[i] != '\t')
			return false;
	return true;
}

/* Names are capital letters, digits and underscores. */
static void put_name(struct buffer *out, const char *name)
{
	for (; *name; name++)
		buffer_put(out, isalnum((unsigned char)*name) ? (char)toupper((unsigned char)*name) : '_');
}

static void put_bytes(struct output *output, struct bytes value)
{
	struct buffer *out = &output->text;
	uint64_t n = htole64(value.n);

	/* A journal keeps any bytes; a terminal is not to have them. */
	if (output->tty) {
		buffer_put(out, '=');
		text_escape(out, value);
	} else if (is_text(value)) {
		buffer_put(out, '=');
		buffer_add(out, value.p, value.n);
	} else {
		buffer_put(out, '\n');
		buffer_add(out, &n, sizeof(n));
		buffer_add(out, value.p, value.n);
	}
	buffer_put(out, '\n');
}

static void put_value(struct output *output, const char *name, const char *member, const struct value *value)
{
	BUFFER_AUTO struct buffer text = {};

	if (value->type == VALUE_NULL || value->type == VALUE_RAW)
		return;
	buffer_puts(&output->text, "EXECFAIL_");
	put_name(&output->text, name);
	if (member) {
		buffer_put(&output->text, '_');
		put_name(&output->text, member);
	}
	if (value->type != VALUE_BYTES)
		column_value(&text, value);
	put_bytes(output, value->type == VALUE_BYTES ? value->bytes : buffer_bytes(&text));
}

/* A field may come several times: so lists do. */
static void put_field(struct output *output, const struct field *field, const struct event *event)
{
	struct value value = field_value(field, event), part;
	const char *member;

	switch (value.type) {
	case VALUE_STRINGS:
		for (size_t i = 0; i < value.strings->n; i++) {
			part = value_bytes(value.strings->v[i]);
			put_value(output, field->name, NULL, &part);
		}
		break;
	case VALUE_CONTAINER:
	case VALUE_CAUSE:
		for (size_t n = 0; (member = value_member(&value, 0, n, &part)); n++)
			put_value(output, field->name, member, &part);
		break;
	default:
		put_value(output, field->name, NULL, &value);
	}
}

static void put_head(struct output *output, const struct event *event)
{
	static const int priorities[] = { [MESSAGE_INFO] = 6, [MESSAGE_WARNING] = 4, [MESSAGE_ERROR] = 3 };
	struct buffer *out = &output->text;
	BUFFER_AUTO struct buffer message = {};

	message_put(&message, event);
	/* Its daemon has a time of its own, and passes this over; a file has no other. */
	buffer_printf(out, "__REALTIME_TIMESTAMP=%lld\nMESSAGE", (long long)event_ns(event) / 1000);
	put_bytes(output, buffer_bytes(&message));
	buffer_printf(out, "PRIORITY=%d\nSYSLOG_IDENTIFIER=execfail\nMESSAGE_ID=" MESSAGE_ID "\n",
		      priorities[message_level(event)]);
	if (event->type == EVENT_LOST)
		return;
	if (event_error(event))
		buffer_printf(out, "ERRNO=%d\n", event_error(event));
	if (event->pid != RECORD_UNKNOWN)
		buffer_printf(out, "OBJECT_PID=%u\n", event->pid);
}

static int journal_event(struct output *output, const struct event *event)
{
	const struct field *field;

	put_head(output, event);
	for (size_t i = 0; (field = style_field(&output->style, event->type, &i));)
		put_field(output, field, event);
	buffer_put(&output->text, '\n');
	/* An entry is a datagram. */
	return output_commit(output) ?: output_flush(output);
}

static int journal_nothing(struct output *output)
{
	return output->error;
}

const struct printer journal_printer = {
	.name = "journal",
	.help = "entries of systemd's journal, to its daemon, or with -w to a file",
	.shares = true,
	.socket = "/run/systemd/journal/socket",
	.begin = journal_nothing,
	.event = journal_event,
	.end = journal_nothing,
};
