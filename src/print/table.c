// SPDX-License-Identifier: GPL-2.0-only
/* A row per event, for people. Cut to the terminal's width; complete where it goes to a file or another program. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "print/column.h"
#include "print/message.h"
#include "print/printer.h"

#define COLOUR_ERROR "\x1b[31m"
#define COLOUR_FIX "\x1b[32m"
#define COLOUR_OFF "\x1b[0m"
#define HINT_MARK "  \xe2\x94\x94 " /* a corner that points to the row above */

enum {
	HINT_INDENT = 4,
	WHAT_MIN = 18, /* characters that have to be left for the last column; else nothing is padded */
};

/* Beside its columns a table has room for one cell at a time. */
struct table {
	struct columns columns;
	struct buffer cell;
	struct buffer tail;
	unsigned int rank; /* that made room when the header was printed */
	int64_t begun, before; /* as in struct row */
	int day; /* tm_yday of the row before; -1: there was none */
};

/* Whether not even all that can go gave enough room. */
static bool is_narrow(const struct output *output)
{
	const struct table *table = output->state;

	return output->columns && columns_width(&table->columns, table->rank) + WHAT_MIN > output->columns;
}

static void put_header(struct output *output)
{
	const struct table *table = output->state;
	bool narrow = is_narrow(output);

	for (size_t i = 0; i < table->columns.n; i++) {
		const struct column *column = &table->columns.v[i];
		unsigned int width = narrow ? 0 : column_width(column, table->rank);

		if (!column_is_shown(column, table->rank))
			continue;
		if (column->width)
			buffer_printf(&output->text, "%-*s ", (int)width, column->heading);
		else
			buffer_printf(&output->text, "%s\n", column->heading);
	}
}

/* What tells the cause, and stays in sight when the command has to be cut. */
static void show_remarks(struct buffer *cell, const struct event *event)
{
	bool relative = event->path.p && (!event->path.n || event->path.p[0] != '/');

	if (event->call == CALL_EXECVEAT && relative && event->dirfd_path.p) {
		buffer_puts(cell, " (at ");
		column_word(cell, event->dirfd_path);
		buffer_put(cell, ')');
	}
	if (event->repeats) {
		if (event->first_pid != event->last_pid)
			buffer_printf(cell, " (pids %u to %u)", event->first_pid, event->last_pid);
		return;
	}
	if (event->interpreter.p) {
		buffer_puts(cell, " (interpreter ");
		column_word(cell, event->interpreter);
		buffer_put(cell, ')');
	}
}

/*
 * A cell and the gap behind it. On a terminal it keeps its width; elsewhere nothing is cut. Returns how much it took.
 */
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
	if (used < width && !is_narrow(output)) {
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

/* What begins at keep is a command, to be copied: it has a line for itself, where that is enough. */
static size_t break_at(struct bytes text, size_t columns, size_t keep)
{
	size_t n = text_break(text, columns);

	if (n < text.n && keep && keep < text_cut(text, columns) && text_width(bytes_after(text, keep)) <= columns)
		return keep;
	return n;
}

/* Where the fix begins, which a hint has behind its last semicolon; its length, where there is none. */
static size_t fix_of(struct bytes hint)
{
	for (size_t i = hint.n; i-- > 1;)
		if (hint.p[i - 1] == ';' && hint.p[i] == ' ')
			return i + 1;
	return hint.n;
}

/* Where the command of a fix begins, which is behind its colon; the hint's length, where there is none. */
static size_t command_of(struct bytes hint, size_t fix)
{
	for (size_t i = hint.n; i-- > fix + 1;)
		if (hint.p[i - 1] == ':' && hint.p[i] == ' ')
			return i + 1;
	return hint.n;
}

/* A part of a line of a hint: what is of the fix has its colour. */
static void put_line(struct output *output, struct bytes line, size_t fix)
{
	struct buffer *out = &output->text;

	if (!output->colour || fix >= line.n) {
		buffer_add(out, line.p, line.n);
		return;
	}
	buffer_add(out, line.p, fix);
	buffer_puts(out, COLOUR_FIX);
	buffer_add(out, line.p + fix, line.n - fix);
	buffer_puts(out, COLOUR_OFF);
}

/* Never cut: it is what people are here for. */
static void put_hint(struct output *output, struct bytes hint)
{
	struct buffer *out = &output->text;
	size_t columns = output->columns > HINT_INDENT ? output->columns - HINT_INDENT : SIZE_MAX;
	size_t fix = fix_of(hint), command = command_of(hint, fix), n;

	buffer_puts(out, HINT_MARK);
	while (hint.n) {
		n = break_at(hint, columns, command);
		put_line(output, bytes_first(hint, hint.p[n - 1] == ' ' ? n - 1 : n), fix);
		buffer_put(out, '\n');
		hint = bytes_after(hint, n);
		fix = fix > n ? fix - n : 0;
		command = command > n ? command - n : 0;
		if (hint.n)
			buffer_pad(out, ' ', HINT_INDENT);
	}
}

static int table_lost(struct output *output, const struct event *event)
{
	struct buffer *out = &output->text;
	const struct table *table = output->state;
	const struct row row = { event, output->style.time, table->begun, table->before };
	BUFFER_AUTO struct buffer time = {};

	column_time(&time, &row);
	buffer_add(out, time.p, time.n);
	buffer_puts(out, output->colour ? " " COLOUR_ERROR : " ");
	buffer_puts(out, "*** ");
	message_put_lost(out, event);
	buffer_puts(out, output->colour ? COLOUR_OFF "\n" : "\n");
	if (message_advice(event))
		put_hint(output, bytes_of(message_advice(event)));
	return output_commit(output);
}

/* Times of day mean nothing without their day. */
static void put_day(struct output *output, const struct row *row)
{
	struct table *table = output->state;
	struct tm tm;

	if (row->time == STYLE_RELATIVE || row->time == STYLE_DELTA)
		return;
	tm = column_clock(row);
	if (table->day >= 0 && table->day != tm.tm_yday)
		buffer_printf(&output->text, "--- %04d-%02d-%02d ---\n", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
	table->day = tm.tm_yday;
}

static void put_cells(struct output *output, const struct row *row)
{
	struct table *table = output->state;
	size_t used = 0;

	for (size_t i = 0; i < table->columns.n; i++) {
		const struct column *column = &table->columns.v[i];

		if (!column_is_shown(column, table->rank))
			continue;
		column_cell(column, row, &table->cell);
		/* What is brief is the beginning, not a part of a word. */
		if (column_width(column, table->rank) < column->width && table->cell.n > column->brief)
			table->cell.n = column->brief;
		if (column->width)
			used += put_cell(output, column, column_width(column, table->rank), buffer_bytes(&table->cell));
	}
	table->tail.n = 0;
	if (!output->style.n_fields)
		show_remarks(&table->tail, row->event);
	/* What failed again is told rather than in which processes. */
	if (row->event->repeats && output->columns &&
	    used + text_width(buffer_bytes(&table->cell)) + text_width(buffer_bytes(&table->tail)) > output->columns)
		table->tail.n = 0;
	put_rest(output, used, buffer_bytes(&table->cell), buffer_bytes(&table->tail));
	buffer_put(&output->text, '\n');
}

/* Among fields that were chosen it is a column, or is not wanted; and nobody needs it again and again. */
static bool has_hint(const struct output *output, const struct event *event)
{
	return event->hint.n && !output->style.n_fields && !event->repeats;
}

static int table_event(struct output *output, const struct event *event)
{
	struct table *table = output->state;
	const struct row row = { event, output->style.time, table->begun, table->before };
	unsigned int rank = columns_fit(&table->columns, output->columns);

	put_day(output, &row);
	if (event->type == EVENT_LOST)
		return table_lost(output, event);
	/* The window's size has changed. */
	if (rank != table->rank) {
		table->rank = rank;
		put_header(output);
	}
	put_cells(output, &row);
	table->before = event_ns(event);
	if (has_hint(output, event)) {
		table->cell.n = 0;
		text_sentence(&table->cell, event->hint);
		put_hint(output, buffer_bytes(&table->cell));
	}
	return output_commit(output);
}

static int table_begin(struct output *output)
{
	struct table *table = memory_new(sizeof(*table));

	columns_choose(&table->columns, &output->style);
	table->rank = columns_fit(&table->columns, output->columns);
	table->begun = table->before = clock_ns(CLOCK_REALTIME);
	table->day = -1;
	output->state = table;
	put_header(output);
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
	.shares = true,
	.folds = true,
	.help = "a row per event, for people",
	.begin = table_begin,
	.head = put_header,
	.event = table_event,
	.end = table_end,
};
