// SPDX-License-Identifier: GPL-2.0-only
#include "print/list.h"

#include <stdarg.h>
#include <stdint.h>
#include <sys/ioctl.h>

#include "base/text.h"
#include "event/events.h"
#include "event/fields.h"
#include "print/jsonvalue.h"
#include "print/printer.h"

enum { LIST_INDENT = 6 }; /* of a line that goes on */

#define PUT(to, ...)                                                                                                   \
	list_put(to, (const struct list_cell[]){ __VA_ARGS__ },                                                        \
		 sizeof((const struct list_cell[]){ __VA_ARGS__ }) / sizeof(struct list_cell))

void list_put(FILE *to, const struct list_cell *cells, size_t n)
{
	struct json *json = json_new();
	BUFFER_AUTO struct buffer line = {};

	buffer_put(&line, '{');
	for (size_t i = 0; i < n; i++) {
		json_key(&line, cells[i].key);
		json_string(&line, json, bytes_of(cells[i].text));
	}
	buffer_puts(&line, "}\n");
	fwrite(line.p, 1, line.n, to);
	json_free(json);
}

void list_say(FILE *to, bool json, const char *what, const char *format, ...)
{
	BUFFER_AUTO struct buffer says = {};
	va_list args;

	va_start(args, format);
	buffer_vprintf(&says, format, args);
	va_end(args);
	if (json)
		PUT(to, { "what", what }, { "says", buffer_string(&says) });
	else
		list_line(to, "%s: %s", what, buffer_string(&says));
}

void list_line(FILE *to, const char *format, ...)
{
	struct winsize size = {};
	BUFFER_AUTO struct buffer line = {}, lines = {};
	va_list args;

	va_start(args, format);
	buffer_vprintf(&line, format, args);
	va_end(args);
	ioctl(fileno(to), TIOCGWINSZ, &size);
	text_wrap(&lines, buffer_bytes(&line), size.ws_col ?: SIZE_MAX, LIST_INDENT);
	fwrite(lines.p, 1, lines.n, to);
}

void list_fields(FILE *to, bool json)
{
	if (!json)
		fields_list(to);
	for (size_t i = 0; json && i < fields_count; i++)
		PUT(to, { "name", fields[i].name }, { "type", value_type_name(fields[i].type) },
		    { "help", fields[i].help }, { "ecs", fields[i].ecs }, { "otel", fields[i].otel });
}

void list_events(FILE *to, bool json)
{
	if (!json)
		events_list(to);
	for (size_t i = 0; json && i < event_kinds_count; i++)
		if (event_kinds[i].help)
			PUT(to, { "name", event_kinds[i].name }, { "alias", event_kinds[i].alias },
			    { "help", event_kinds[i].help });
}

void list_forms(FILE *to, bool json)
{
	for (const struct printer *const *printer = printers; *printer; printer++)
		if (json)
			PUT(to, { "name", (*printer)->name }, { "help", (*printer)->help });
		else
			fprintf(to, "%-8s  %s\n", (*printer)->name, (*printer)->help);
}
