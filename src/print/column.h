/* SPDX-License-Identifier: GPL-2.0-only */
/* The columns of the table: what each shows, and which there is room for. */
#ifndef EXECFAIL_COLUMN_H
#define EXECFAIL_COLUMN_H

#include <stdint.h>
#include <time.h>

#include "base/buffer.h"
#include "print/style.h"

/* Of which row a cell is. Times are of CLOCK_REALTIME, in nanoseconds. */
struct row {
	const struct event *event;
	enum style_time time;
	int64_t begun; /* when the table was */
	int64_t before; /* the time of the row before */
};

/* How a column shows its field; where NULL, the field's value is shown as it is. */
typedef void column_show(struct buffer *cell, const struct row *row);

struct column {
	const char *field;
	const char *heading;
	column_show *show;
	bool coloured;
	unsigned int width; /* in characters; 0: all that is left */
	unsigned int brief; /* a smaller one that does, too; 0: none */
	unsigned int briefed; /* at which rank it takes that; 0: never */
	unsigned int spared; /* at which rank it goes; 0: never */
};

struct columns {
	struct column v[STYLE_FIELDS];
	size_t n;
	char headings[STYLE_FIELDS][32]; /* of those that have none of their own */
};

void columns_choose(struct columns *columns, const struct style *style);

/* Those that a summary counts by: the style's, or errno, reason, who started it and the program. */
void columns_summarise(struct columns *columns, const struct style *style);

/* Their fields, and the numbers of a summary, for another form to show. */
void columns_fields(const struct columns *columns, struct style *style);

/*
 * How many ranks have to make room on a terminal of so many characters, that what was tried may have COLUMN_WHAT of
 * them; 0: none, which is also for what is no terminal.
 */
enum { COLUMN_WHAT = 40 };
unsigned int columns_fit(const struct columns *columns, unsigned int terminal);

/* Whether it is there, and its width then, where so many ranks make room. */
bool column_is_shown(const struct column *column, unsigned int rank);
unsigned int column_width(const struct column *column, unsigned int rank);

/* All together, with the gaps behind them. */
unsigned int columns_width(const struct columns *columns, unsigned int rank);

/* What the column has for this event, fit to be printed. */
void column_cell(const struct column *column, const struct row *row, struct buffer *cell);

/* A value as it is, lists with a blank between their elements; appended. */
void column_value(struct buffer *cell, const struct value *value);

/* A word of a command line, quoted; the middle of what nobody would read is left out. */
void column_word(struct buffer *cell, struct bytes word);

/* The event's time, as the style has it. */
void column_time(struct buffer *cell, const struct row *row);

/* The event's time broken down, in local time or UTC. */
struct tm column_clock(const struct row *row);

#endif
