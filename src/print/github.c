// SPDX-License-Identifier: GPL-2.0-only
/* Annotations of a GitHub workflow: a command to its runner per event, ::error title=...::... */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "event/names.h"
#include "print/column.h"
#include "print/message.h"
#include "print/printer.h"

/* What would end a line, or a property, is written by its number. */
static void put_escaped(struct buffer *out, struct bytes text, const char *special)
{
	for (size_t i = 0; i < text.n; i++)
		if (memchr(special, text.p[i], strlen(special)))
			buffer_printf(out, "%%%02X", (unsigned char)text.p[i]);
		else
			buffer_put(out, text.p[i]);
}

static void put_property(struct buffer *out, const char *name, struct bytes value)
{
	buffer_printf(out, "%s=", name);
	put_escaped(out, value, "%\r\n:,");
}

/* Where it is: as the kernel has it, or else as the caller said. */
static void path_of(struct buffer *path, const struct event *event)
{
	struct bytes given = event->path;

	if (event->binary.path.p) {
		text_escape(path, event->binary.path);
		return;
	}
	if (given.n && given.p[0] != '/' && event->cwd.p) {
		text_escape(path, event->cwd);
		buffer_put(path, '/');
		given = bytes_after(given, bytes_begins(given, "./") ? 2 : 0);
	}
	text_escape(path, given);
}

/* Only what is of the repository can be shown at its place. */
static void put_file(struct buffer *out, const struct event *event)
{
	struct bytes workspace = bytes_of(getenv("GITHUB_WORKSPACE"));
	BUFFER_AUTO struct buffer path = {};

	path_of(&path, event);
	if (!workspace.n || !bytes_below(buffer_bytes(&path), workspace) || path.n <= workspace.n + 1)
		return;
	put_property(out, "file", bytes_after(buffer_bytes(&path), workspace.n + 1));
	buffer_put(out, ',');
}

static void put_title(struct buffer *out, const struct event *event)
{
	BUFFER_AUTO struct buffer title = {};

	if (event->type == EVENT_LOST) {
		buffer_puts(&title, "execfail");
	} else {
		column_word(&title, event_program(event));
		if (event_error(event))
			buffer_printf(&title, ": %s", errno_name(event->arena, event_error(event)));
	}
	put_property(out, "title", buffer_bytes(&title));
}

static int github_event(struct output *output, const struct event *event)
{
	static const char *const commands[] = {
		[MESSAGE_INFO] = "notice", [MESSAGE_WARNING] = "warning", [MESSAGE_ERROR] = "error"
	};
	struct buffer *out = &output->text;
	BUFFER_AUTO struct buffer message = {};

	message_put(&message, event);
	if (event->repeats)
		buffer_printf(&message, " (\xc3\x97%llu more)", (unsigned long long)event->repeats);
	buffer_printf(out, "::%s ", commands[message_level(event)]);
	if (event->type != EVENT_LOST)
		put_file(out, event);
	put_title(out, event);
	buffer_puts(out, "::");
	put_escaped(out, buffer_bytes(&message), "%\r\n");
	buffer_put(out, '\n');
	return output_commit(output);
}

static int github_nothing(struct output *output)
{
	return output->error;
}

const struct printer github_printer = {
	.name = "github",
	.help = "annotations of a GitHub workflow",
	.shares = true,
	.folds = true,
	.begin = github_nothing,
	.event = github_event,
	.end = github_nothing,
};
