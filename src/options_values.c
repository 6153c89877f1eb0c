// SPDX-License-Identifier: GPL-2.0-only
/* What the values of options mean. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/ask.h"
#include "base/memory.h"
#include "base/text.h"
#include "cause/reasons.h"
#include "event/fields.h"
#include "filter/words.h"
#include "kernel/lineage.h"
#include "options_parse.h"

static int index_of(const char *value, const char *const *names)
{
	for (int i = 0; names[i]; i++)
		if (!strcmp(names[i], value))
			return i;
	return -1;
}

static error_t unknown_field(struct parser *parser, const char *name)
{
	buffer_puts(&parser->error, "unknown field ");
	options_quote(&parser->error, name);
	options_suggest(&parser->error, fields_nearest(name));
	buffer_puts(&parser->error, " (--list-fields lists them)");
	return options_finish(parser, OPTIONS_USAGE);
}

static error_t add_field(struct parser *parser, const char *name)
{
	struct style *style = &parser->options->style;
	const struct field *field = fields_find(name);

	if (!field)
		return unknown_field(parser, name);
	/* Twice would be two keys of one name. */
	for (size_t i = 0; i < style->n_fields; i++)
		if (style->fields[i] == field)
			return 0;
	style->fields[style->n_fields++] = field;
	return 0;
}

static error_t parse_fields(struct parser *parser, const char *list)
{
	struct bytes rest = bytes_of(list);
	error_t err = 0;

	parser->options->style.n_fields = 0;
	do {
		struct bytes name = bytes_cut(&rest, ',');
		BUFFER_AUTO struct buffer copy = {};

		buffer_add(&copy, name.p, name.n);
		err = add_field(parser, buffer_string(&copy));
	} while (!err && rest.n);
	return err;
}

static error_t parse_events(struct parser *parser, const char *list)
{
	switch (events_parse(list, &parser->options->events, &parser->error)) {
	case EVENTS_OK:
		return 0;
	case EVENTS_HELP:
		parser->list = list_events;
		return 0;
	default:
		return options_finish(parser, OPTIONS_USAGE);
	}
}

static error_t parse_output(struct parser *parser, const char *name)
{
	const char *names[16] = {};

	if (!strcmp(name, "help")) {
		parser->list = list_forms;
		return 0;
	}
	parser->options->printer = printer_find(name);
	if (parser->options->printer)
		return 0;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) - 1 && printers[i]; i++)
		names[i] = printers[i]->name;
	return options_unknown(parser, "output", name, names);
}

static int size_shift(const char *suffix)
{
	static const char letters[] = "KkMmGg";
	const char *letter = strchr(letters, *suffix);

	if (!*suffix)
		return 0;
	return letter && !suffix[1] ? 10 * (1 + (int)(letter - letters) / 2) : -1;
}

/* Bytes, or 0 for what is no size, or more than max. */
static uint64_t size_of(const char *text, uint64_t max)
{
	unsigned long long number;
	char *end;
	int shift;

	errno = 0;
	number = strtoull(text, &end, 10);
	shift = size_shift(end);
	if (text[0] < '0' || text[0] > '9' || errno || shift < 0 || number > max >> shift)
		return 0;
	return number << shift;
}

static error_t parse_nice(struct parser *parser, const char *text)
{
	char *end;
	long number = strtol(text, &end, 10);

	parser->options->nice = (int)number;
	if (*text && !*end && number >= -20 && number <= 19)
		return 0;
	buffer_puts(&parser->error, "--nice ");
	options_quote(&parser->error, text);
	buffer_puts(&parser->error, " is not a number between -20 and 19");
	return options_finish(parser, OPTIONS_USAGE);
}

static error_t parse_summary(struct parser *parser, const char *list)
{
	parser->options->summary = true;
	return list ? parse_fields(parser, list) : 0;
}

/* Of seconds, or with a unit; 0: it is none, or nothing, or more than a year. */
static unsigned int milliseconds_of(const char *text)
{
	static const struct {
		const char *unit;
		double ms;
	} units[] = { { "", 1000 }, { "ms", 1 }, { "s", 1000 }, { "m", 60e3 }, { "h", 3600e3 }, { "d", 86400e3 } };
	double number, ms = 0;
	char *end;

	number = strtod(text, &end);
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (!strcmp(end, units[i].unit))
			ms = number * units[i].ms;
	/* Neither signs nor hexadecimal numbers, nor inf. */
	if (strspn(text, "0123456789.") != (size_t)(end - text) || ms < 1 || ms > UINT32_MAX / 2)
		return 0;
	return (unsigned int)ms;
}

static error_t parse_repeats(struct parser *parser, const char *text)
{
	parser->options->repeats_ms = milliseconds_of(text);
	if (parser->options->repeats_ms || !strcmp(text, "off"))
		return 0;
	return options_no_value(parser, "--repeats", text, "off or a time (10, 500ms, 1m)");
}

static error_t parse_duration(struct parser *parser, const char *text)
{
	parser->options->duration_ms = milliseconds_of(text);
	return parser->options->duration_ms
		       ? 0
		       : options_no_value(parser, "-d", text, "a time (30, 500ms, 5m, up to 24 days)");
}

static error_t parse_count(struct parser *parser, const char *text)
{
	char *end;

	errno = 0;
	parser->options->count = strtoull(text, &end, 10);
	if (text[0] >= '1' && text[0] <= '9' && !*end && !errno)
		return 0;
	return options_no_value(parser, "-n", text, "a number of events from 1 on");
}

/* 0: it is none. */
static uint32_t pid_of(struct bytes word)
{
	uint32_t pid = 0;

	for (size_t i = 0; i < word.n; i++) {
		if (word.p[i] < '0' || word.p[i] > '9' || pid >= LINEAGE_PIDS)
			return 0;
		pid = pid * 10 + (uint32_t)(word.p[i] - '0');
	}
	return pid < LINEAGE_PIDS ? pid : 0;
}

static error_t parse_pids(struct parser *parser, const char *list)
{
	struct options *options = parser->options;
	struct bytes rest = bytes_of(list);
	uint32_t pid;

	do {
		pid = pid_of(bytes_cut(&rest, ','));
		if (!pid)
			return options_no_value(parser, "-p", list, "a list of process numbers (812 or 812,4711)");
		options->pids = memory_resize(options->pids, (options->n_pids + 1) * sizeof(pid));
		options->pids[options->n_pids++] = pid;
	} while (rest.n);
	return 0;
}

static error_t parse_buffer(struct parser *parser, const char *text)
{
	parser->options->tracer.buffer = size_of(text, OPTIONS_BUFFER_MAX);
	if (parser->options->tracer.buffer >= OPTIONS_BUFFER_MIN)
		return 0;
	buffer_puts(&parser->error, "--buffer ");
	options_quote(&parser->error, text);
	buffer_printf(&parser->error, " is not a size between %dK and %dG", OPTIONS_BUFFER_MIN >> 10,
		      OPTIONS_BUFFER_MAX >> 30);
	return options_finish(parser, OPTIONS_USAGE);
}

static error_t parse_write(struct parser *parser, const char *path)
{
	parser->options->write_to = path;
	return *path ? 0 : options_no_value(parser, "-w", path, "a file (- is standard output)");
}

static error_t parse_max_size(struct parser *parser, const char *text)
{
	parser->options->max_size = size_of(text, INT64_MAX);
	return parser->options->max_size ? 0 : options_no_value(parser, "--max-size", text, "a size (500K, 10M, 2G)");
}

static error_t parse_as_user(struct parser *parser, const char *name)
{
	struct buffer *error = &parser->error;

	name = name ?: getenv("SUDO_UID");
	if (!name)
		return options_finish_saying(parser,
					     "--as-user: nobody called sudo (SUDO_UID is not set): name somebody");
	user_free(&parser->options->user);
	if (!user_find(&parser->options->user, name))
		return 0;
	buffer_puts(error, "--as-user: there is no user ");
	options_quote(error, name);
	return options_finish_saying(parser, ASK_NOWHERE("/etc/passwd"));
}

static error_t parse_filter(struct parser *parser, const char *term)
{
	words_set("reason", reasons_words());
	return filter_add(&parser->options->filter, term, &parser->error) ? 0 : options_finish(parser, OPTIONS_USAGE);
}

static error_t parse_list(struct parser *parser, const char *form, list_print *list, list_print *markdown)
{
	static const char *const forms[] = { "markdown", NULL };

	if (form && strcmp(form, forms[0]))
		return options_unknown(parser, "form", form, forms);
	parser->list = form ? markdown : list;
	return 0;
}

static error_t parse_list_fields(struct parser *parser, const char *form)
{
	return parse_list(parser, form, list_fields, list_events_markdown);
}

static error_t parse_list_reasons(struct parser *parser, const char *form)
{
	return parse_list(parser, form, reasons_list, reasons_list_markdown);
}

static const char *const fold_names[] = { "auto", "on", "off", NULL };

/* Options that take one of several names. */
static const struct {
	int key;
	const char *what;
	const char *const *names; /* in the order of their enum */
	size_t at; /* of that enum in struct options */
} choices[] = {
	{ KEY_HOOKS, "hooks", hooks_names, offsetof(struct options, tracer.hooks) },
	{ KEY_TRANSPORT, "transport", transport_names, offsetof(struct options, tracer.transport) },
	{ KEY_COLOUR, "color", style_colours, offsetof(struct options, style.colour) },
	{ KEY_FOLD, "fold", fold_names, offsetof(struct options, fold) },
	{ KEY_TIME, "time", style_times, offsetof(struct options, style.time) },
};

/* Options that stand for a term of a filter. */
static const struct {
	int key;
	enum filter_option option;
} filters[] = {
	{ 'u', FILTER_USER },          { 'c', FILTER_COMM },
	{ KEY_UNIT, FILTER_UNIT },     { KEY_CONTAINER, FILTER_CONTAINER },
	{ KEY_CGROUP, FILTER_CGROUP },
};

/* All others that take a value. */
static const struct {
	int key;
	error_t (*parse)(struct parser *parser, const char *arg);
} values[] = {
	{ 'e', parse_events },
	{ 'o', parse_output },
	{ 'f', parse_filter },
	{ KEY_FIELDS, parse_fields },
	{ KEY_LIST_FIELDS, parse_list_fields },
	{ KEY_LIST_REASONS, parse_list_reasons },
	{ KEY_BUFFER, parse_buffer },
	{ KEY_NICE, parse_nice },
	{ KEY_REPEATS, parse_repeats },
	{ KEY_SUMMARY, parse_summary },
	{ KEY_AS_USER, parse_as_user },
	{ KEY_MAX_SIZE, parse_max_size },
	{ 'n', parse_count },
	{ 'p', parse_pids },
	{ 'w', parse_write },
	{ 'd', parse_duration },
};

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))
#define MEMBER(options, offset, type) (*(type *)((char *)(options) + (offset)))

static error_t parse_choice(struct parser *parser, int key, const char *name)
{
	for (size_t i = 0; i < ROWS(choices); i++) {
		int index;

		if (choices[i].key != key)
			continue;
		index = index_of(name, choices[i].names);
		if (index < 0)
			return options_unknown(parser, choices[i].what, name, choices[i].names);
		MEMBER(parser->options, choices[i].at, int) = index;
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

error_t options_value(struct parser *parser, int key, const char *arg)
{
	for (size_t i = 0; i < ROWS(values); i++)
		if (values[i].key == key)
			return values[i].parse(parser, arg);
	for (size_t i = 0; i < ROWS(filters); i++)
		if (filters[i].key == key)
			return filter_add_option(&parser->options->filter, filters[i].option, arg, &parser->error)
				       ? 0
				       : options_finish(parser, OPTIONS_USAGE);
	return parse_choice(parser, key, arg);
}
