// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counts instead of rows: how many events had the same values of some fields. At the end, the largest first; on a
 * terminal every second, too, on the screen that a terminal has for this. There each drawing begins at the top,
 * whatever has moved the cursor meanwhile: another size, a key, a line of somebody else's. What was there before comes
 * back in the end, and the table is written behind it.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "event/copy.h"
#include "print/column.h"
#include "print/message.h"
#include "print/printer.h"

enum {
	GROUPS = 4096, /* what comes beyond them is counted together */
	SLOTS = 2 * GROUPS,
	TICK_MS = 1000,
	COUNT_WIDTH = 8,
	HEAD_LINES = 2, /* beside rows: what goes on, and the header */
	LOSSES = 8, /* there are fewer reasons */
};

#define SCREEN_TAKE "\x1b[?1049h"
#define SCREEN_LEAVE "\x1b[?1049l"
#define SCREEN_TOP "\x1b[H"
#define LINE_CLEAR "\x1b[K"
#define BELOW_CLEAR "\x1b[J"

struct group {
	struct event *event; /* the first of them; repeats is their number */
	char *key;
	size_t key_n;
	uint64_t hash;
	uint64_t told; /* of them: which are no failed execs, and only counted here */
};

struct summary {
	struct columns columns;
	struct arena *arena; /* of all groups' events */
	struct group *groups;
	size_t n;
	unsigned short slots[SLOTS]; /* 1 + the index of a group, by its hash */
	uint64_t others;
	struct event *lost[LOSSES]; /* by reason */
	size_t n_lost;
	struct buffer key;
	struct buffer cell;
	bool drawn; /* it has the terminal's other screen */
	int64_t begun_ns, due_ns; /* since when, and when the next drawing is, by CLOCK_MONOTONIC */
};

/* --- counting --- */

/* What the columns show is what has to be the same. */
static struct bytes key_of(struct summary *s, const struct event *event)
{
	const struct row row = { .event = event };

	s->key.n = 0;
	for (size_t i = 0; i < s->columns.n; i++) {
		column_cell(&s->columns.v[i], &row, &s->cell);
		buffer_add(&s->key, s->cell.p, s->cell.n);
		buffer_put(&s->key, '\0');
	}
	return buffer_bytes(&s->key);
}

/* The slot of the key's group, or the one that it is to have. */
static unsigned short *slot_of(struct summary *s, struct bytes key, uint64_t hash)
{
	size_t slot = hash % SLOTS;

	for (; s->slots[slot]; slot = (slot + 1) % SLOTS) {
		const struct group *group = &s->groups[s->slots[slot] - 1];

		if (group->hash == hash && group->key_n == key.n && !memcmp(group->key, key.p, key.n))
			break;
	}
	return &s->slots[slot];
}

/* What it takes to show it, and no more. */
static struct event *copy_of(struct arena *arena, const struct event *event)
{
	struct event light = *event;

	light.environment = (struct bytes_list){};
	light.head = (struct bytes){};
	return event_copy(arena, &light);
}

static struct group *group_new(struct summary *s, const struct event *event, struct bytes key, uint64_t hash)
{
	struct group *group = &s->groups[s->n++];

	*group = (struct group){ .key = memory_new(key.n), .key_n = key.n, .hash = hash };
	memcpy(group->key, key.p, key.n);
	group->event = copy_of(s->arena, event);
	group->event->repeats = 0;
	group->event->first_ns = event_ns(event);
	return group;
}

static void count(struct summary *s, const struct event *event)
{
	struct bytes key = key_of(s, event);
	uint64_t hash = bytes_hash(key);
	unsigned short *slot = slot_of(s, key, hash);

	if (!*slot && s->n == GROUPS) {
		s->others++;
		return;
	}
	if (!*slot) {
		group_new(s, event, key, hash);
		*slot = (unsigned short)s->n;
	}
	s->groups[*slot - 1].event->repeats++;
	s->groups[*slot - 1].told += event->type != EVENT_PROCESS_EXECUTE_FAILED;
	s->groups[*slot - 1].event->last_ns = event_ns(event);
}

/* What is lost is no kind of failure, but is said below them. */
static void count_lost(struct summary *s, const struct event *event)
{
	size_t i = 0;

	while (i < s->n_lost && !bytes_same(s->lost[i]->lost_reason, event->lost_reason))
		i++;
	if (i == LOSSES)
		return;
	if (i < s->n_lost) {
		s->lost[i]->lost_count += event->lost_count;
		return;
	}
	s->lost[s->n_lost++] = event_copy(s->arena, event);
}

/* --- showing --- */

/* Those that did not come, since they were counted where they failed. */
static void recount(struct output *output)
{
	struct summary *s = output->state;

	for (size_t i = 0; output->count && i < s->n; i++) {
		struct event *event = s->groups[i].event;
		int64_t last_ns;

		if (!output->count(output->counter, event, &event->repeats, &last_ns))
			continue;
		event->repeats += s->groups[i].told;
		event->last_ns = last_ns > event->last_ns ? last_ns : event->last_ns;
	}
	if (output->count)
		s->others = output->uncounted(output->counter);
}

static int by_count(const void *a, const void *b)
{
	const struct group *const *one = a, *const *other = b;
	uint64_t n = (*one)->event->repeats, m = (*other)->event->repeats;

	return n != m ? (n < m ? 1 : -1) : (*one < *other ? -1 : *one > *other);
}

/* Ends with NULL; the caller's to free. */
static struct group **sorted(const struct summary *s)
{
	struct group **groups = memory_new((s->n + 1) * sizeof(*groups));

	for (size_t i = 0; i < s->n; i++)
		groups[i] = &s->groups[i];
	qsort(groups, s->n, sizeof(*groups), by_count);
	return groups;
}

/* The line that was begun there, without the blanks behind it, and cut to the window. */
static void end_line(struct output *output, size_t begin)
{
	struct buffer *out = &output->text;
	BUFFER_AUTO struct buffer line = {};

	while (out->n > begin && out->p[out->n - 1] == ' ')
		out->n--;
	buffer_add(&line, out->p + begin, out->n - begin);
	out->n = begin;
	text_fit(out, buffer_bytes(&line), output->columns ?: SIZE_MAX);
	buffer_put(out, '\n');
}

static void put_head(struct output *output)
{
	const struct summary *s = output->state;
	size_t begin = output->text.n;

	buffer_printf(&output->text, "%*s ", COUNT_WIDTH, "COUNT");
	for (size_t i = 0; i < s->columns.n; i++)
		buffer_printf(&output->text, "%-*s ", (int)s->columns.v[i].width, s->columns.v[i].heading);
	end_line(output, begin);
}

static void put_cell(struct output *output, struct bytes cell, unsigned int width)
{
	size_t begin = output->text.n, used;

	text_fit(&output->text, cell, output->columns && width ? width : SIZE_MAX);
	used = text_width((struct bytes){ output->text.p + begin, output->text.n - begin });
	buffer_pad(&output->text, ' ', used < width ? width - used : 0);
	buffer_put(&output->text, ' ');
}

static void put_row(struct output *output, const struct event *event)
{
	struct summary *s = output->state;
	const struct row row = { .event = event };
	size_t begin = output->text.n;

	buffer_printf(&output->text, "%*llu ", COUNT_WIDTH, (unsigned long long)event->repeats);
	for (size_t i = 0; i < s->columns.n; i++) {
		column_cell(&s->columns.v[i], &row, &s->cell);
		put_cell(output, buffer_bytes(&s->cell), s->columns.v[i].width);
	}
	end_line(output, begin);
}

static void put_lost(struct output *output, const struct event *event)
{
	size_t begin = output->text.n;

	buffer_puts(&output->text, "*** ");
	message_put_lost(&output->text, event);
	end_line(output, begin);
}

static void put_table(struct output *output, size_t rows)
{
	const struct summary *s = output->state;
	struct group **groups;

	groups = sorted(s);
	put_head(output);
	rows -= s->n_lost < rows ? s->n_lost : rows;
	for (size_t i = 0; i < s->n && i < rows; i++)
		put_row(output, groups[i]->event);
	if (s->others && s->n < rows)
		buffer_printf(&output->text, "%*llu others\n", COUNT_WIDTH, (unsigned long long)s->others);
	for (size_t i = 0; i < s->n_lost; i++)
		put_lost(output, s->lost[i]);
	free(groups);
}

/* What says that it goes on, where the line that said so is not in sight. */
static void put_state(struct output *output, int64_t now_ns)
{
	const struct summary *s = output->state;
	long long seconds = (now_ns - s->begun_ns) / 1000000000;
	size_t begin = output->text.n;
	uint64_t n = s->others;

	for (size_t i = 0; i < s->n; i++)
		n += s->groups[i].event->repeats;
	buffer_printf(&output->text, "%llu event%s in %lld:%02lld, Ctrl-C ends", (unsigned long long)n,
		      n == 1 ? "" : "s", seconds / 60, seconds % 60);
	end_line(output, begin);
}

static void take_screen(struct output *output)
{
	struct summary *s = output->state;

	if (!s->drawn) {
		buffer_puts(&output->text, SCREEN_TAKE);
		log_hold(output->beside);
	}
	s->drawn = true;
	buffer_puts(&output->text, SCREEN_TOP);
}

/*
 * Over what was there before, line by line: nothing is blank for a moment. Behind the last there is none, which would
 * scroll.
 */
static void put_frame(struct output *output, struct bytes lines)
{
	struct buffer *out = &output->text;

	for (unsigned int row = 1; lines.n && (!output->rows || row <= output->rows); row++) {
		struct bytes line = bytes_cut(&lines, '\n');

		if (row > 1)
			buffer_put(out, '\n');
		/* Before the line: behind one that fills the row it would take its last character. */
		buffer_puts(out, lines.n ? LINE_CLEAR : BELOW_CLEAR);
		text_fit(out, line, output->width ?: SIZE_MAX);
	}
}

static void draw(struct output *output, int64_t now_ns)
{
	size_t begin = output->text.n, rows = output->rows > HEAD_LINES ? output->rows - HEAD_LINES : 0;
	BUFFER_AUTO struct buffer frame = {};

	recount(output);
	put_state(output, now_ns);
	put_table(output, output->rows ? rows : SIZE_MAX);
	buffer_add(&frame, output->text.p + begin, output->text.n - begin);
	output->text.n = begin;
	take_screen(output);
	put_frame(output, buffer_bytes(&frame));
}

static int summary_event(struct output *output, const struct event *event)
{
	struct summary *s = output->state;

	if (event->type == EVENT_LOST)
		count_lost(s, event);
	else
		count(s, event);
	return output->error;
}

static int summary_tick(struct output *output)
{
	struct summary *s = output->state;
	int64_t now = clock_ns(CLOCK_MONOTONIC);

	if (!output->live || output->error)
		return -1;
	if (now >= s->due_ns) {
		output_measure(output);
		draw(output, now);
		s->due_ns = now + TICK_MS * 1000000ll;
	}
	return (int)((s->due_ns - now + 999999) / 1000000);
}

static void summary_pause(struct output *output)
{
	struct summary *s = output->state;

	if (s->drawn)
		buffer_puts(&output->text, SCREEN_LEAVE);
	s->drawn = false;
	s->due_ns = 0;
}

static struct summary *summary_new(struct output *output)
{
	struct summary *s = memory_new(sizeof(*s));

	s->arena = arena_new();
	s->groups = memory_new(GROUPS * sizeof(*s->groups));
	columns_summarise(&s->columns, &output->style);
	s->begun_ns = clock_ns(CLOCK_MONOTONIC);
	output->state = s;
	return s;
}

static int summary_begin(struct output *output)
{
	summary_new(output);
	return output->error;
}

static void summary_free(struct output *output)
{
	struct summary *s = output->state;

	for (size_t i = 0; i < s->n; i++)
		free(s->groups[i].key);
	arena_free(s->arena);
	free(s->groups);
	buffer_free(&s->key);
	buffer_free(&s->cell);
	free(s);
	output->state = NULL;
}

static int summary_end(struct output *output)
{
	const struct summary *s = output->state;

	if (s->drawn)
		buffer_puts(&output->text, SCREEN_LEAVE);
	recount(output);
	put_table(output, SIZE_MAX);
	summary_free(output);
	return output->error;
}

/* --- for programs: an object for each --- */

static int summary_end_json(struct output *output)
{
	struct summary *s = output->state;
	struct output json = *output;
	struct group **groups;

	recount(output);
	groups = sorted(s);

	/* The same output, and another printer's state. */
	json.state = NULL;
	columns_fields(&s->columns, &json.style);
	json_printer.begin(&json);
	for (size_t i = 0; i < s->n; i++)
		json_printer.event(&json, groups[i]->event);
	for (size_t i = 0; i < s->n_lost; i++)
		json_printer.event(&json, s->lost[i]);
	json_printer.end(&json);
	if (s->others)
		buffer_printf(&json.text, "{\"repeat_count\":%llu}\n", (unsigned long long)s->others);
	json.state = s;
	json.style = output->style;
	*output = json;
	free(groups);
	summary_free(output);
	return output->error;
}

const struct printer summary_json_printer = {
	.name = "json",
	.shares = true,
	.help = "counts, an object each",
	.begin = summary_begin,
	.event = summary_event,
	.end = summary_end_json,
};

const struct printer summary_printer = {
	.name = "table",
	.help = "counts",
	.shares = true,
	.folds = true,
	.begin = summary_begin,
	.event = summary_event,
	.tick = summary_tick,
	.pause = summary_pause,
	.end = summary_end,
};
