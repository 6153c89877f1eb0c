// SPDX-License-Identifier: GPL-2.0-only
#include "print/column.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/error.h"
#include "base/text.h"

enum {
	RANKS = 6,
	WORD_MAX = 256, /* columns of a word that is shown whole */
	WORD_SHOWN = 64, /* and of what is longer */
	ID_SHOWN = 12, /* of a container: enough to tell it, as docker and podman do */
	NUMBER_WIDTH = 10, /* of a field that the table does not have by itself */
	TEXT_WIDTH = 20,
};

struct tm column_clock(const struct row *row)
{
	time_t sec = (time_t)row->event->time_sec;
	struct tm tm = {};

	if (row->time == STYLE_UTC)
		gmtime_r(&sec, &tm);
	else
		localtime_r(&sec, &tm);
	return tm;
}

/* Rows of several tasks need not come in order. */
static void show_since(struct buffer *cell, const struct event *event, int64_t since)
{
	int64_t ms = (event_ns(event) - since) / 1000000;

	buffer_printf(cell, "%c%lld.%03lld", ms < 0 ? '-' : '+', llabs(ms) / 1000, llabs(ms) % 1000);
}

void column_time(struct buffer *cell, const struct row *row)
{
	struct tm tm;

	if (row->time == STYLE_RELATIVE || row->time == STYLE_DELTA) {
		show_since(cell, row->event, row->time == STYLE_DELTA ? row->before : row->begun);
		return;
	}
	tm = column_clock(row);
	buffer_printf(cell, "%02d:%02d:%02d.%03u", tm.tm_hour, tm.tm_min, tm.tm_sec, row->event->time_nsec / 1000000);
}

/* Not every user has a name on this machine. */
static void show_user(struct buffer *cell, const struct row *row)
{
	if (row->event->user.p)
		text_escape(cell, row->event->user);
	else if (row->event->uid != RECORD_UNKNOWN)
		buffer_printf(cell, "%u", row->event->uid);
	else
		buffer_put(cell, '?');
}

/* The units that a login has say no more than that there was one. */
static bool is_unit_of_login(struct bytes unit)
{
	return (bytes_begins(unit, "session-") && bytes_ends(unit, ".scope")) ||
	       (bytes_begins(unit, "user@") && bytes_ends(unit, ".service")) || bytes_is(unit, "init.scope");
}

static void show_container(struct buffer *cell, const struct event *event)
{
	if (event->container_runtime.p) {
		text_escape(cell, event->container_runtime);
		buffer_put(cell, ':');
	}
	text_escape(cell, bytes_first(event->container_id, ID_SHOWN));
}

/* Who has it started: the container, the service, or the parent. */
static void show_starter(struct buffer *cell, const struct row *row)
{
	const struct event *event = row->event;

	if (event->container_id.p)
		show_container(cell, event);
	else if (event->unit.p && !is_unit_of_login(event->unit))
		text_escape(cell, event->unit);
	else if (event->call == CALL_KERNEL)
		buffer_puts(cell, "the kernel");
	else if (event->n_ancestors && event->ancestors[0].comm.p)
		text_escape(cell, event->ancestors[0].comm);
	else
		buffer_put(cell, '?');
}

/* A seccomp filter can make the call return what is no error. */
static void show_errno(struct buffer *cell, const struct row *row)
{
	const struct field *field = fields_find("errno");
	struct value name = field_value(field, row->event);

	if (row->event->exit_code)
		buffer_printf(cell, "exit %u", row->event->exit_code);
	else if (!field_applies(field, row->event->type))
		buffer_put(cell, '-');
	else if (name.type == VALUE_BYTES)
		text_escape(cell, name.bytes);
	else
		buffer_printf(cell, "%d", row->event->ret);
}

/* The first so many bytes, or some less: no character is cut apart. */
static struct bytes whole_characters(struct bytes word, size_t n)
{
	while (n && (word.p[n] & 0xc0) == 0x80)
		n--;
	return bytes_first(word, n);
}

void column_word(struct buffer *cell, struct bytes word)
{
	if (!word.p) {
		buffer_put(cell, '?');
	} else if (word.n > WORD_MAX) {
		text_quote(cell, whole_characters(word, WORD_SHOWN));
		buffer_printf(cell, "\xe2\x80\xa6(%zu bytes)", word.n);
	} else {
		text_quote(cell, word);
	}
}

static void show_command(struct buffer *cell, const struct row *row)
{
	const struct event *event = row->event;

	if (event->repeats)
		buffer_printf(cell, "\xc3\x97%llu more: ", (unsigned long long)event->repeats);
	if (event->call == CALL_KERNEL)
		buffer_puts(cell, "[kernel] ");
	column_word(cell, event->exit_code && event->arguments.n ? event->arguments.v[0] : event_program(event));
	for (size_t i = 1; i < event->arguments.n; i++) {
		buffer_put(cell, ' ');
		column_word(cell, event->arguments.v[i]);
	}
	if (event->cut & 1u << PART_ARGUMENTS)
		buffer_puts(cell, " \xe2\x80\xa6");
}

/* Those that have no use on a narrow terminal go first; who runs it stays longest beside the error. */
/* clang-format off */ // a line each
static const struct column usual[] = {
	{ "time", "TIME", column_time, .width = 12, .brief = 8, .briefed = 4, .spared = 5 },
	{ "pid", "PID", .show = NULL, .width = 7, .spared = 3 },
	{ "user", "USER", show_user, .width = 10, .spared = 2 },
	{ "comm", "COMM", .show = NULL, .width = 15, .spared = 1 },
	{ "unit", "STARTED BY", show_starter, .width = 16, .spared = RANKS },
	{ "event", "EVENT", .show = NULL, .width = 22, .spared = RANKS },
	{ "errno", "ERRNO", show_errno, .coloured = true, .width = 12 },
	{ "path", "WHAT", show_command, .width = 0 },
};
/* clang-format on */

enum { USUAL = sizeof(usual) / sizeof(usual[0]) };

/* --- values as they are --- */

static void show_words(struct buffer *cell, const struct bytes_list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		if (i)
			buffer_put(cell, ' ');
		column_word(cell, list->v[i]);
	}
}

static void show_names(struct buffer *cell, uint32_t parts)
{
	for (enum event_part part = PART_NONE + 1; part < PARTS; part++)
		if (parts & 1u << part)
			buffer_printf(cell, "%s%s", cell->n ? "," : "", fields_of_part(part)->name);
}

static void show_ancestors(struct buffer *cell, const struct value *value)
{
	for (size_t i = 0; i < value->ancestors.n; i++) {
		if (i)
			buffer_puts(cell, " < ");
		text_escape(cell, value->ancestors.v[i].comm);
		buffer_printf(cell, "(%u)", value->ancestors.v[i].pid);
	}
}

static void show_attempts(struct buffer *cell, const struct value *value)
{
	for (size_t i = 0; i < value->attempts.n; i++) {
		if (i)
			buffer_put(cell, ' ');
		column_word(cell, value->attempts.v[i].path);
		buffer_printf(cell, "(%s)", error_name(value->attempts.v[i].error) ?: "?");
	}
}

void column_value(struct buffer *cell, const struct value *value)
{
	switch (value->type) {
	case VALUE_BOOL:
		buffer_puts(cell, value->boolean ? "true" : "false");
		break;
	case VALUE_INT:
		buffer_printf(cell, "%lld", (long long)value->integer);
		break;
	case VALUE_UINT:
		buffer_printf(cell, "%llu", (unsigned long long)value->number);
		break;
	case VALUE_BYTES:
		text_escape(cell, value->bytes);
		break;
	case VALUE_STRINGS:
		show_words(cell, value->strings);
		break;
	case VALUE_ANCESTORS:
		show_ancestors(cell, value);
		break;
	case VALUE_CONTAINER:
		text_escape(cell, value->container.id);
		break;
	case VALUE_CAUSE:
		text_escape(cell, value->cause.path);
		break;
	case VALUE_ATTEMPTS:
		show_attempts(cell, value);
		break;
	case VALUE_NAMES:
		show_names(cell, value->parts);
		break;
	default:
		buffer_put(cell, '?');
	}
}

void column_cell(const struct column *column, const struct row *row, struct buffer *cell)
{
	const struct field *field;
	struct value value;

	cell->n = 0;
	if (column->show) {
		column->show(cell, row);
		return;
	}
	field = fields_find(column->field);
	value = field_applies(field, row->event->type) ? field_value(field, row->event) : value_null();
	column_value(cell, &value);
}

/* --- which --- */

/* As the table has it by itself, or by its type; what was asked for stays, however narrow it gets. */
static struct column column_of(const struct field *field, char heading[32])
{
	for (size_t i = 0; i < USUAL; i++)
		/* Who started it is the table's own idea. */
		if (!strcmp(usual[i].field, field->name) && usual[i].show != show_starter)
			return (struct column){ .field = field->name,
						.heading = usual[i].heading,
						.show = usual[i].show,
						.coloured = usual[i].coloured,
						.width = usual[i].width };
	for (size_t i = 0; i < 31 && field->name[i]; i++)
		heading[i] = (char)toupper((unsigned char)field->name[i]);
	return (struct column){
		.field = field->name,
		.heading = heading,
		.width = field->type == VALUE_INT || field->type == VALUE_UINT ? NUMBER_WIDTH : TEXT_WIDTH,
	};
}

void columns_choose(struct columns *columns, const struct style *style)
{
	*columns = (struct columns){ .n = style->n_fields };
	for (size_t i = 0; i < style->n_fields; i++) {
		struct column *column = &columns->v[i];
		size_t heading;

		*column = column_of(style->fields[i], columns->headings[i]);
		heading = strlen(column->heading);
		/* The last has the rest of the line, and no other may take it. */
		if (i + 1 == style->n_fields)
			column->width = 0;
		else if (column->width < heading || !column->width)
			column->width = heading > TEXT_WIDTH ? (unsigned int)heading : TEXT_WIDTH;
	}
	if (style->n_fields)
		return;
	for (size_t i = 0; i < USUAL; i++)
		if (style->events || strcmp(usual[i].field, "event"))
			columns->v[columns->n++] = usual[i];
}

static void show_program(struct buffer *cell, const struct row *row)
{
	column_word(cell, event_program(row->event));
}

/* clang-format off */ // a line each
static const struct column counted[] = {
	{ "errno", "ERRNO", show_errno, .width = 12 },
	{ "reason", "REASON", .show = NULL, .width = 20 },
	{ "unit", "STARTED BY", show_starter, .width = 16 },
	{ "path", "WHAT", show_program, .width = 0 },
};
/* clang-format on */

void columns_summarise(struct columns *columns, const struct style *style)
{
	if (style->n_fields) {
		columns_choose(columns, style);
		return;
	}
	*columns = (struct columns){ .n = sizeof(counted) / sizeof(counted[0]) };
	memcpy(columns->v, counted, sizeof(counted));
}

void columns_fields(const struct columns *columns, struct style *style)
{
	static const char *const numbers[] = { "repeat_count", "first_time", "last_time" };

	style->n_fields = 0;
	for (size_t i = 0; i < columns->n; i++)
		style->fields[style->n_fields++] = fields_find(columns->v[i].field);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]) && style->n_fields < STYLE_FIELDS; i++)
		style->fields[style->n_fields++] = fields_find(numbers[i]);
}

bool column_is_shown(const struct column *column, unsigned int rank)
{
	return !column->spared || column->spared > rank;
}

unsigned int column_width(const struct column *column, unsigned int rank)
{
	return column->briefed && column->briefed <= rank ? column->brief : column->width;
}

unsigned int columns_width(const struct columns *columns, unsigned int rank)
{
	unsigned int width = 0;

	for (size_t i = 0; i < columns->n; i++)
		if (column_is_shown(&columns->v[i], rank) && columns->v[i].width)
			width += column_width(&columns->v[i], rank) + 1;
	return width;
}

unsigned int columns_fit(const struct columns *columns, unsigned int terminal)
{
	unsigned int rank = 0;

	while (terminal && rank < RANKS && columns_width(columns, rank) + COLUMN_WHAT > terminal)
		rank++;
	return rank;
}
