// SPDX-License-Identifier: GPL-2.0-only
/* A row per event, for people. Cut to the terminal's width; complete where it goes to a file or another program. */
#include <stdlib.h>
#include <time.h>

#include "base/memory.h"
#include "base/text.h"
#include "event/fields.h"
#include "print/printer.h"

#define COLOUR_ERROR "\x1b[31m"
#define COLOUR_OFF "\x1b[0m"
#define HINT_MARK "  \xe2\x94\x94 " /* a corner that points to the row above */

enum {
	HINT_INDENT = 4,
	WHAT_MIN = 18, /* columns of a terminal for what was tried; others make room for it */
};

/* How a column shows its field; where NULL, the field's value is shown as it is. */
struct column {
	const char *field;
	void (*show)(struct buffer *cell, const struct event *event);
	bool coloured;
	unsigned int spared; /* in which order columns go where a terminal is too narrow; 0: never */
};

/* Beside its columns a table has room for one cell at a time. */
struct table {
	struct buffer cell;
	struct buffer tail;
	unsigned int shown; /* columns, a bit each, that the header was for */
};

static void show_time(struct buffer *cell, const struct event *event)
{
	time_t sec = (time_t)event->time_sec;
	struct tm tm = {};

	localtime_r(&sec, &tm);
	buffer_printf(cell, "%02d:%02d:%02d.%03u", tm.tm_hour, tm.tm_min, tm.tm_sec, event->time_nsec / 1000000);
}

/* Not every user has a name on this machine. */
static void show_user(struct buffer *cell, const struct event *event)
{
	if (event->user.p)
		text_escape(cell, event->user);
	else if (event->uid != RECORD_UNKNOWN)
		buffer_printf(cell, "%u", event->uid);
	else
		buffer_put(cell, '?');
}

/* A seccomp filter can make the call return what is no error. */
static void show_errno(struct buffer *cell, const struct event *event)
{
	struct value name = field_value(fields_find("errno"), event);

	if (name.type == VALUE_BYTES)
		text_escape(cell, name.bytes);
	else
		buffer_printf(cell, "%d", event->ret);
}

static void show_word(struct buffer *cell, struct bytes word)
{
	if (word.p)
		text_quote(cell, word);
	else
		buffer_put(cell, '?');
}

static void show_command(struct buffer *cell, const struct event *event)
{
	if (event->call == CALL_KERNEL)
		buffer_puts(cell, "[kernel] ");
	show_word(cell, event_program(event));
	for (size_t i = 1; i < event->arguments.n; i++) {
		buffer_put(cell, ' ');
		show_word(cell, event->arguments.v[i]);
	}
	if (event->cut & 1u << PART_ARGUMENTS)
		buffer_puts(cell, " …");
}

/* What tells the cause, and stays in sight when the command has to be cut. */
static void show_remarks(struct buffer *cell, const struct event *event)
{
	bool relative = event->path.p && (!event->path.n || event->path.p[0] != '/');

	if (event->call == CALL_EXECVEAT && relative && event->dirfd_path.p) {
		buffer_puts(cell, " (at ");
		show_word(cell, event->dirfd_path);
		buffer_put(cell, ')');
	}
	if (event->interpreter.p) {
		buffer_puts(cell, " (interpreter ");
		show_word(cell, event->interpreter);
		buffer_put(cell, ')');
	}
}

static const struct column columns[] = {
	{ .field = "time", .show = show_time, .spared = 1 },        { .field = "pid", .spared = 4 },
	{ .field = "user", .show = show_user, .spared = 2 },        { .field = "comm", .spared = 3 },
	{ .field = "errno", .show = show_errno, .coloured = true }, { .field = "path", .show = show_command },
};

enum { COLUMNS = sizeof(columns) / sizeof(columns[0]), ALL = (1u << COLUMNS) - 1, SPARED = 4 };

static unsigned int width_of(unsigned int shown)
{
	unsigned int width = 0;

	for (size_t i = 0; i < COLUMNS; i++)
		if (shown & 1u << i && fields_find(columns[i].field)->width)
			width += fields_find(columns[i].field)->width + 1;
	return width;
}

/* The columns that there is room for, a bit each. */
static unsigned int columns_for(unsigned int terminal)
{
	unsigned int shown = ALL;

	for (unsigned int rank = 1; terminal && rank <= SPARED && width_of(shown) + WHAT_MIN > terminal; rank++)
		for (size_t i = 0; i < COLUMNS; i++)
			if (columns[i].spared == rank)
				shown &= ~(1u << i);
	return shown;
}

/* Whether not even all that can go gave enough room: then nothing is padded. */
static bool is_narrow(unsigned int terminal)
{
	return terminal && width_of(columns_for(terminal)) + WHAT_MIN > terminal;
}

static void put_header(struct output *output, unsigned int shown)
{
	for (size_t i = 0; i < COLUMNS; i++) {
		const struct field *field = fields_find(columns[i].field);
		unsigned int width = is_narrow(output->columns) ? 0 : field->width;

		if (!(shown & 1u << i))
			continue;
		if (field->width)
			buffer_printf(&output->text, "%-*s ", (int)width, field->heading);
		else
			buffer_printf(&output->text, "%s\n", field->heading);
	}
}

static void show_value(struct buffer *cell, const struct field *field, const struct event *event)
{
	struct value value = field_value(field, event);

	switch (value.type) {
	case VALUE_INT:
		buffer_printf(cell, "%lld", (long long)value.integer);
		break;
	case VALUE_UINT:
		buffer_printf(cell, "%llu", (unsigned long long)value.number);
		break;
	case VALUE_BYTES:
		text_escape(cell, value.bytes);
		break;
	default:
		buffer_put(cell, '?');
	}
}

/* A cell and the gap behind it. On a terminal it keeps its width; elsewhere nothing is cut. Returns how much it took. */
static size_t put_cell(struct output *output, const struct column *column, unsigned int width, struct bytes cell)
{
	struct buffer *out = &output->text;
	bool colour = column->coloured && output->colour;
	size_t begin, used;

	if (colour)
		buffer_puts(out, COLOUR_ERROR);
	begin = out->n;
	text_fit(out, cell, output->columns ? width : SIZE_MAX);
	used = text_width((struct bytes){ out->p + begin, out->n - begin });
	if (colour)
		buffer_puts(out, COLOUR_OFF);
	if (used < width && !is_narrow(output->columns)) {
		buffer_pad(out, ' ', width - used);
		used = width;
	}
	buffer_put(out, ' ');
	return used + 1;
}

/* The last cell: what is left of the line, which goes to the remarks first as long as the command keeps half. */
static void put_rest(struct output *output, size_t used, struct bytes head, struct bytes tail)
{
	struct buffer *out = &output->text;
	size_t room = output->columns > used ? output->columns - used : 0;
	size_t tail_width = text_width(tail);

	if (!output->columns || text_width(head) + tail_width <= room) {
		buffer_add(out, head.p, head.n);
		buffer_add(out, tail.p, tail.n);
	} else if (tail_width <= room / 2) {
		text_fit(out, head, room - tail_width);
		buffer_add(out, tail.p, tail.n);
	} else {
		text_fit(out, head, room - room / 2);
		text_fit(out, tail, room / 2);
	}
}

static int table_lost(struct output *output, const struct event *event)
{
	struct buffer *out = &output->text;

	show_time(out, event);
	buffer_puts(out, output->colour ? " " COLOUR_ERROR : " ");
	if (event->lost_count)
		buffer_printf(out, "*** %llu events lost", (unsigned long long)event->lost_count);
	else
		buffer_puts(out, "*** some events come without their file");
	if (event->lost_reason.p) {
		buffer_puts(out, ": ");
		text_escape(out, event->lost_reason);
	}
	buffer_puts(out, " ***");
	buffer_puts(out, output->colour ? COLOUR_OFF "\n" : "\n");
	return output_commit(output);
}

/* Where a line of so many columns is to be broken: behind its last blank, or where it is full. */
static size_t break_at(struct bytes text, size_t columns)
{
	size_t fits = text_cut(text, columns), at = fits;

	if (fits == text.n)
		return fits;
	while (at && text.p[at - 1] != ' ')
		at--;
	return at ? at : fits;
}

/* Never cut: it is what people are here for. */
static void put_hint(struct output *output, struct bytes hint)
{
	struct buffer *out = &output->text;
	size_t columns = output->columns > HINT_INDENT ? output->columns - HINT_INDENT : SIZE_MAX, n;

	buffer_puts(out, HINT_MARK);
	while (hint.n) {
		n = break_at(hint, columns);
		/* Not even one character fits. */
		n = n ? n : hint.n;
		buffer_add(out, hint.p, hint.p[n - 1] == ' ' ? n - 1 : n);
		buffer_put(out, '\n');
		hint.p += n;
		hint.n -= n;
		if (hint.n)
			buffer_pad(out, ' ', HINT_INDENT);
	}
}

static int table_event(struct output *output, const struct event *event)
{
	struct table *table = output->state;
	unsigned int shown = columns_for(output->columns);
	size_t used = 0;

	if (event->type == EVENT_LOST)
		return table_lost(output, event);
	/* The window's size has changed. */
	if (shown != table->shown)
		put_header(output, shown);
	table->shown = shown;
	for (size_t i = 0; i < COLUMNS; i++) {
		const struct field *field = fields_find(columns[i].field);

		if (!(shown & 1u << i))
			continue;
		table->cell.n = 0;
		if (columns[i].show)
			columns[i].show(&table->cell, event);
		else
			show_value(&table->cell, field, event);
		if (!field->width)
			break;
		used += put_cell(output, &columns[i], field->width, buffer_bytes(&table->cell));
	}
	table->tail.n = 0;
	show_remarks(&table->tail, event);
	put_rest(output, used, buffer_bytes(&table->cell), buffer_bytes(&table->tail));
	buffer_put(&output->text, '\n');
	if (event->hint.n) {
		table->cell.n = 0;
		text_sentence(&table->cell, event->hint);
		put_hint(output, buffer_bytes(&table->cell));
	}
	return output_commit(output);
}

static int table_begin(struct output *output)
{
	struct table *table = memory_new(sizeof(*table));

	table->shown = columns_for(output->columns);
	output->state = table;
	put_header(output, table->shown);
	return output->error;
}

static int table_end(struct output *output)
{
	struct table *table = output->state;

	buffer_free(&table->cell);
	buffer_free(&table->tail);
	free(table);
	output->state = NULL;
	return output->error;
}

const struct printer table_printer = {
	.name = "table",
	.help = "a row per event, for people",
	.begin = table_begin,
	.event = table_event,
	.end = table_end,
};
