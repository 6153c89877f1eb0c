// SPDX-License-Identifier: GPL-2.0-only
#include "options.h"

#include <argp.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "base/text.h"
#include "cause/reasons.h"
#include "event/fields.h"
#include "filter/words.h"
#include "kernel/lineage.h"

#ifndef VERSION
#define VERSION "unknown"
#endif

#define REPEATS_AUTO UINT32_MAX

/* Options without a letter. */
enum {
	KEY_HOOKS = 0x100,
	KEY_TRANSPORT,
	KEY_BUFFER,
	KEY_NICE,
	KEY_BTF,
	KEY_NO_ENV,
	KEY_NO_SECCOMP,
	KEY_SHOW_SECRETS,
	KEY_DOCTOR,
	KEY_LIST_FIELDS,
	KEY_LIST_REASONS,
	KEY_UNIT,
	KEY_CONTAINER,
	KEY_CGROUP,
	KEY_FIELDS,
	KEY_WIDE,
	KEY_COLOUR,
	KEY_TIME,
	KEY_FOLD,
	KEY_REPEATS,
	KEY_ALL,
	KEY_SUMMARY,
	KEY_FAIL,
};

/* What to see, how to see it, and the rest: argp sorts each group by itself. */
enum { GROUP_WHAT = 1, GROUP_HOW, GROUP_SAY };

static const struct argp_option option_rows[] = {
	{ .name = "event",
	  .key = 'e',
	  .arg = "LIST",
	  .group = GROUP_WHAT,
	  .doc = "Events, separated by commas; help lists them (default process_execute_failed)" },
	{ .name = "filter",
	  .key = 'f',
	  .arg = "TERM",
	  .group = GROUP_WHAT,
	  .doc = "Only events for which it holds: errno=EACCES,EPERM path!=/tmp/* hint~regex uid>=1000 unit !tty; several: all" },
	{ .name = "pid",
	  .key = 'p',
	  .arg = "LIST",
	  .group = GROUP_WHAT,
	  .doc = "Only these processes and all their descendants, until the last of them has gone" },
	{ .name = "user", .key = 'u', .arg = "LIST", .group = GROUP_WHAT, .doc = "Only these users (uid or euid)" },
	{ .name = "comm",
	  .key = 'c',
	  .arg = "LIST",
	  .group = GROUP_WHAT,
	  .doc = "Only callers of these names, patterns such as cron*" },
	{ .name = "unit",
	  .key = KEY_UNIT,
	  .arg = "LIST",
	  .group = GROUP_WHAT,
	  .doc = "Only these units of systemd, patterns" },
	{ .name = "container",
	  .key = KEY_CONTAINER,
	  .arg = "LIST",
	  .group = GROUP_WHAT,
	  .doc = "Only containers whose ids begin so" },
	{ .name = "cgroup",
	  .key = KEY_CGROUP,
	  .arg = "LIST",
	  .group = GROUP_WHAT,
	  .doc = "Only these control groups and what is below" },
	{ .name = "output",
	  .key = 'o',
	  .arg = "FORM",
	  .group = GROUP_WHAT,
	  .doc = "table (default), json, logfmt, ecs, otel, journal or github; help lists them" },
	{ .name = "count", .key = 'n', .arg = "COUNT", .group = GROUP_WHAT, .doc = "End after so many events" },
	{ .name = "duration",
	  .key = 'd',
	  .arg = "TIME",
	  .group = GROUP_WHAT,
	  .doc = "End after that time: seconds, or with a unit as in 500ms, 10s, 5m, 1h" },
	{ .name = "write",
	  .key = 'w',
	  .arg = "FILE",
	  .group = GROUP_WHAT,
	  .doc = "Write there instead of to standard output: so COMMAND has that to itself" },
	{ .name = "all",
	  .key = KEY_ALL,
	  .group = GROUP_WHAT,
	  .doc = "Each failed exec by itself: --fold=off --repeats=off" },
	{ .name = "fold",
	  .key = KEY_FOLD,
	  .arg = "WHEN",
	  .group = GROUP_WHAT,
	  .doc = "Searches through PATH as one event, none if they succeed: auto (default; in the table), on or off" },
	{ .name = "repeats",
	  .key = KEY_REPEATS,
	  .arg = "SECONDS",
	  .group = GROUP_WHAT,
	  .doc = "Count what comes again, and say so that often: off, or seconds (default 10 in the table, off elsewhere)" },
	{ .name = "summary",
	  .key = KEY_SUMMARY,
	  .arg = "FIELDS",
	  .flags = OPTION_ARG_OPTIONAL,
	  .group = GROUP_WHAT,
	  .doc = "Count, by these fields, instead of telling each: at the end, and each second on a terminal" },
	{ .name = "fail",
	  .key = KEY_FAIL,
	  .group = GROUP_WHAT,
	  .doc = "With COMMAND: exit with 3 when it succeeded, and an event was shown" },
	{ .name = "fields",
	  .key = KEY_FIELDS,
	  .arg = "LIST",
	  .group = GROUP_WHAT,
	  .doc = "Columns of the table, or keys of JSON, in this order; --list-fields lists them" },
	{ .name = "wide", .key = KEY_WIDE, .group = GROUP_WHAT, .doc = "Do not cut rows to the terminal's width" },
	{ .name = "color",
	  .key = KEY_COLOUR,
	  .arg = "WHEN",
	  .group = GROUP_WHAT,
	  .doc = "auto (default), always or never" },
	{ .name = "time",
	  .key = KEY_TIME,
	  .arg = "FORM",
	  .group = GROUP_WHAT,
	  .doc = "Times in the table: local (default), utc, relative (to the start) or delta (to the row before)" },
	{ .name = "no-env", .key = KEY_NO_ENV, .group = GROUP_WHAT, .doc = "Do not collect environments" },
	{ .name = "no-seccomp",
	  .key = KEY_NO_SECCOMP,
	  .group = GROUP_HOW,
	  .doc = "With fentry, do without what seccomp filters deny: for sandboxes that make very many system calls" },
	{ .name = "show-secrets",
	  .key = KEY_SHOW_SECRETS,
	  .group = GROUP_WHAT,
	  .doc = "Do not mask passwords, tokens and keys" },
	{ .name = "hooks",
	  .key = KEY_HOOKS,
	  .arg = "FAMILY",
	  .group = GROUP_HOW,
	  .doc = "auto (default), fentry, kprobe, legacy or tracepoint" },
	{ .name = "transport",
	  .key = KEY_TRANSPORT,
	  .arg = "KIND",
	  .group = GROUP_HOW,
	  .doc = "auto (default), ringbuf or perfbuf" },
	{ .name = "buffer",
	  .key = KEY_BUFFER,
	  .arg = "SIZE",
	  .group = GROUP_HOW,
	  .doc = "Room for events not yet read (default 16M)" },
	{ .name = "nice",
	  .key = KEY_NICE,
	  .arg = "NUMBER",
	  .group = GROUP_HOW,
	  .doc = "Priority of reading events, from -20 (default) to 19" },
	{ .name = "btf",
	  .key = KEY_BTF,
	  .arg = "FILE",
	  .group = GROUP_HOW,
	  .doc = "Types of this kernel, if it has none of its own" },
	{ .name = "doctor", .key = KEY_DOCTOR, .group = GROUP_SAY, .doc = "Say what this kernel lets us see, and exit" },
	{ .name = "list-fields",
	  .key = KEY_LIST_FIELDS,
	  .group = GROUP_SAY,
	  .doc = "List the fields of events, and exit" },
	{ .name = "list-reasons",
	  .key = KEY_LIST_REASONS,
	  .arg = "markdown",
	  .flags = OPTION_ARG_OPTIONAL,
	  .group = GROUP_SAY,
	  .doc = "List the reasons of failures, and exit" },
	{ .name = "quiet", .key = 'q', .group = GROUP_SAY, .doc = "Say nothing on stderr but what goes wrong" },
	{ .name = "verbose", .key = 'v', .group = GROUP_SAY, .doc = "Say more on stderr; twice: still more" },
	{ .name = "version", .key = 'V', .group = GROUP_SAY, .doc = "Print the version, and exit" },
	{ .name = "help", .key = 'h', .group = GROUP_SAY, .doc = "Print this help, and exit" },
	{ .key = '?', .flags = OPTION_ALIAS | OPTION_HIDDEN },
	{},
};

static const char help_text[] =
	"Tells every time a program fails to start: what was tried, by whom, and why it failed.\v"
	"Without COMMAND or -p the whole machine is watched, until a signal ends it. With COMMAND, only that and its "
	"descendants are, and the exit status is that of COMMAND. explain traces nothing and needs no root: it says whether "
	"PATH would start for you, and if not, why.\n\n"
	"Examples:\n"
	"  execfail\n"
	"  execfail -o json | jq 'select(.errno==\"ENOENT\")'\n"
	"  execfail -- make check\n"
	"  execfail -p 812 -f 'errno=EACCES,EPERM'\n"
	"  execfail explain ./run.sh";

struct parser {
	struct options *options;
	enum options_result result;
	struct buffer error; /* one line without its end */
	FILE *out;
	bool explaining; /* the word explain was seen */
	int next; /* state->next after the last option that was understood */
};

/* Ends the parsing; not an error of argp's, which it would write about. */
static error_t finish(struct parser *parser, enum options_result result)
{
	parser->result = result;
	return ECANCELED;
}

static void quote(struct buffer *out, const char *foreign)
{
	buffer_put(out, '\'');
	text_escape(out, bytes_of(foreign));
	buffer_put(out, '\'');
}

static void suggest(struct buffer *out, const char *nearest)
{
	if (nearest)
		buffer_printf(out, ": did you mean '%s'?", nearest);
}

static error_t unknown_value(struct parser *parser, const char *what, const char *value, const char *const *names)
{
	struct buffer *error = &parser->error;

	buffer_printf(error, "unknown %s ", what);
	quote(error, value);
	suggest(error, text_nearest(value, names));
	buffer_puts(error, " (");
	for (size_t i = 0; names[i]; i++)
		buffer_printf(error, "%s%s", i ? ", " : "", names[i]);
	buffer_put(error, ')');
	return finish(parser, OPTIONS_USAGE);
}

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
	quote(&parser->error, name);
	suggest(&parser->error, fields_nearest(name));
	buffer_puts(&parser->error, " (--list-fields lists them)");
	return finish(parser, OPTIONS_USAGE);
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
		events_list(parser->out);
		return finish(parser, OPTIONS_DONE);
	default:
		return finish(parser, OPTIONS_USAGE);
	}
}

static error_t parse_output(struct parser *parser, const char *name)
{
	const char *names[16] = {};

	if (!strcmp(name, "help")) {
		printers_list(parser->out);
		return finish(parser, OPTIONS_DONE);
	}
	parser->options->printer = printer_find(name);
	if (parser->options->printer)
		return 0;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) - 1 && printers[i]; i++)
		names[i] = printers[i]->name;
	return unknown_value(parser, "output", name, names);
}

static int size_shift(const char *suffix)
{
	static const char letters[] = "KkMmGg";
	const char *letter = strchr(letters, *suffix);

	if (!*suffix)
		return 0;
	return letter && !suffix[1] ? 10 * (1 + (int)(letter - letters) / 2) : -1;
}

/* Bytes, or 0 for what is no size. */
static size_t size_of(const char *text)
{
	const unsigned long long max = OPTIONS_BUFFER_MAX;
	unsigned long long number;
	char *end;
	int shift;

	errno = 0;
	number = strtoull(text, &end, 10);
	shift = size_shift(end);
	if (text[0] < '0' || text[0] > '9' || errno || shift < 0 || number > max >> shift)
		return 0;
	return (size_t)(number << shift);
}

static error_t parse_nice(struct parser *parser, const char *text)
{
	char *end;
	long number = strtol(text, &end, 10);

	parser->options->nice = (int)number;
	if (*text && !*end && number >= -20 && number <= 19)
		return 0;
	buffer_puts(&parser->error, "--nice ");
	quote(&parser->error, text);
	buffer_puts(&parser->error, " is not a number between -20 and 19");
	return finish(parser, OPTIONS_USAGE);
}

static error_t parse_summary(struct parser *parser, const char *list)
{
	parser->options->summary = true;
	return list ? parse_fields(parser, list) : 0;
}

static error_t no_value(struct parser *parser, const char *option, const char *text, const char *is_no)
{
	buffer_printf(&parser->error, "%s ", option);
	quote(&parser->error, text);
	buffer_printf(&parser->error, " is not %s", is_no);
	return finish(parser, OPTIONS_USAGE);
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
	return no_value(parser, "--repeats", text, "off or a time (10, 500ms, 1m)");
}

static error_t parse_duration(struct parser *parser, const char *text)
{
	parser->options->duration_ms = milliseconds_of(text);
	return parser->options->duration_ms ? 0 : no_value(parser, "-d", text, "a time (30, 500ms, 5m, up to 24 days)");
}

static error_t parse_count(struct parser *parser, const char *text)
{
	char *end;

	errno = 0;
	parser->options->count = strtoull(text, &end, 10);
	if (text[0] >= '1' && text[0] <= '9' && !*end && !errno)
		return 0;
	return no_value(parser, "-n", text, "a number of events from 1 on");
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
			return no_value(parser, "-p", list, "a list of process numbers (812 or 812,4711)");
		options->pids = memory_resize(options->pids, (options->n_pids + 1) * sizeof(pid));
		options->pids[options->n_pids++] = pid;
	} while (rest.n);
	return 0;
}

static error_t parse_buffer(struct parser *parser, const char *text)
{
	parser->options->tracer.buffer = size_of(text);
	if (parser->options->tracer.buffer >= OPTIONS_BUFFER_MIN)
		return 0;
	buffer_puts(&parser->error, "--buffer ");
	quote(&parser->error, text);
	buffer_printf(&parser->error, " is not a size between %dK and %dG", OPTIONS_BUFFER_MIN >> 10,
		      OPTIONS_BUFFER_MAX >> 30);
	return finish(parser, OPTIONS_USAGE);
}

static const char *long_nearest(const char *name)
{
	const char *names[sizeof(option_rows) / sizeof(option_rows[0])];
	size_t n = 0;

	for (const struct argp_option *row = option_rows; row->name || row->key; row++)
		if (row->name)
			names[n++] = row->name;
	names[n] = NULL;
	return text_nearest(name, names);
}

/* What a word without dashes may have been meant for: the job, or an option whose dashes were left out. */
static void suggest_word(struct buffer *error, const char *word)
{
	static const char *const jobs[] = { "explain", NULL };

	if (text_nearest(word, jobs))
		buffer_puts(error, ": did you mean 'explain'?");
	else if (long_nearest(word))
		buffer_printf(error, ": did you mean '--%s'?", long_nearest(word));
	else
		buffer_puts(error, ": put -- before a command to trace");
}

/* A word that is no option. Behind `--` it begins the command, which is not ours to read. */
static error_t parse_word(struct parser *parser, struct argp_state *state, const char *word)
{
	int at = state->next - 1;

	if (parser->explaining || (state->quoted && at >= state->quoted)) {
		*(parser->explaining ? &parser->options->explain : &parser->options->command) = state->argv + at;
		state->next = state->argc;
		return 0;
	}
	parser->explaining = !strcmp(word, "explain");
	if (parser->explaining)
		return 0;
	buffer_puts(&parser->error, "unexpected argument ");
	quote(&parser->error, word);
	suggest_word(&parser->error, word);
	return finish(parser, OPTIONS_USAGE);
}

/* What the form does by itself, unless it was said. */
static void settle_folding(struct options *options)
{
	bool folds = options->printer->folds;

	/* What comes again is what is counted. */
	if (options->summary) {
		options->printer = options->printer == &json_printer ? &summary_json_printer : &summary_printer;
		options->repeats_ms = 0;
	}
	if (options->fold == FOLD_AUTO)
		options->fold = folds ? FOLD_ON : FOLD_OFF;
	if (options->repeats_ms == REPEATS_AUTO)
		options->repeats_ms = folds ? OPTIONS_REPEATS_MS : 0;
}

static error_t usage(struct parser *parser, const char *why)
{
	buffer_puts(&parser->error, why);
	return finish(parser, OPTIONS_USAGE);
}

/* Where the others would have no sense. */
static bool has_two_forms(const struct options *options)
{
	return options->printer == &table_printer || options->printer == &json_printer;
}

static error_t parse_end(struct parser *parser, const struct argp_state *state)
{
	bool explained = !parser->explaining || parser->options->explain;

	if (parser->options->n_pids && (parser->options->command || parser->options->explain)) {
		buffer_printf(&parser->error, "-p follows processes that are there: not with %s",
			      parser->options->command ? "a command" : "explain");
		return finish(parser, OPTIONS_USAGE);
	}
	if (parser->options->fail && !parser->options->command)
		return usage(parser, "--fail is about a command: put one after --");
	if (parser->options->explain && !has_two_forms(parser->options))
		return usage(parser, "explain has the forms table and json");
	if (parser->options->summary && !has_two_forms(parser->options))
		return usage(parser, "--summary has the forms table and json");
	if (explained && (!state->quoted || parser->explaining || parser->options->command))
		return 0;
	return usage(parser, explained ? "no command after --" : "explain which program?");
}

static error_t parse_filter(struct parser *parser, const char *term)
{
	words_set("reason", reasons_words());
	return filter_add(&parser->options->filter, term, &parser->error) ? 0 : finish(parser, OPTIONS_USAGE);
}

static const struct argp_option *row_of_key(int key)
{
	for (const struct argp_option *row = option_rows; row->name || row->key; row++)
		if (row->key == key)
			return row;
	return NULL;
}

/* The options that a long name can stand for: getopt takes any unambiguous beginning. */
static const struct argp_option *row_of_name(const char *name, size_t n, size_t *matches)
{
	const struct argp_option *found = NULL;

	*matches = 0;
	for (const struct argp_option *row = option_rows; row->name || row->key; row++) {
		if (!row->name || strncmp(row->name, name, n))
			continue;
		found = row;
		++*matches;
		if (strlen(row->name) == n) {
			*matches = 1;
			break;
		}
	}
	return found;
}

static void explain_long(struct buffer *error, const char *word)
{
	BUFFER_AUTO struct buffer name = {};
	const struct argp_option *row;
	size_t matches;

	buffer_add(&name, word + 2, strcspn(word + 2, "="));
	row = row_of_name(buffer_string(&name), name.n, &matches);
	if (matches > 1) {
		buffer_puts(error, "option ");
		quote(error, word);
		buffer_puts(error, " can mean several");
	} else if (row) {
		buffer_printf(error, "option '--%s' %s", row->name, row->arg ? "needs a value" : "takes no value");
	} else {
		const char *nearest = long_nearest(name.p);

		buffer_puts(error, "unknown option ");
		quote(error, word);
		if (nearest)
			buffer_printf(error, ": did you mean '--%s'?", nearest);
		buffer_puts(error, " (--help lists them)");
	}
}

static void explain_short(struct buffer *error, const char *word)
{
	const struct argp_option *row;
	size_t i = 1;

	while ((row = row_of_key(word[i])) && !row->arg && word[i + 1])
		i++;
	if (row && row->arg) {
		buffer_printf(error, "option '-%c' needs a value", word[i]);
		return;
	}
	buffer_puts(error, "unknown option ");
	quote(error, word);
	buffer_puts(error, " (--help lists them)");
}

/* argp would write two lines of its own to the process's stderr, so it is kept silent and explained here. */
static void explain(struct parser *parser, const struct argp_state *state)
{
	/* Letters of one word are parsed one by one: after an earlier one of them, state->next is still at the word. */
	int at = parser->next == state->next ? state->next : state->next - 1;
	const char *word = at < state->argc ? state->argv[at] : "";

	parser->result = OPTIONS_USAGE;
	if (!strncmp(word, "--", 2))
		explain_long(&parser->error, word);
	else if (word[0])
		explain_short(&parser->error, word);
}

static error_t parse_list_reasons(struct parser *parser, const char *form)
{
	static const char *const forms[] = { "markdown", NULL };

	if (form && strcmp(form, forms[0]))
		return unknown_value(parser, "form", form, forms);
	(form ? reasons_list_markdown : reasons_list)(parser->out);
	return finish(parser, OPTIONS_DONE);
}

/* Options that only turn something on or off. */
static const struct {
	int key;
	size_t at; /* of a bool in struct options */
	bool value;
} switches[] = {
	{ 'q', offsetof(struct options, quiet), true },
	{ KEY_FAIL, offsetof(struct options, fail), true },
	{ KEY_WIDE, offsetof(struct options, style.wide), true },
	{ KEY_DOCTOR, offsetof(struct options, doctor), true },
	{ KEY_NO_ENV, offsetof(struct options, tracer.environment), false },
	{ KEY_NO_SECCOMP, offsetof(struct options, tracer.seccomp), false },
	{ KEY_SHOW_SECRETS, offsetof(struct options, show_secrets), true },
};

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
	{ KEY_LIST_REASONS, parse_list_reasons },
	{ KEY_BUFFER, parse_buffer },
	{ KEY_NICE, parse_nice },
	{ KEY_REPEATS, parse_repeats },
	{ KEY_SUMMARY, parse_summary },
	{ 'n', parse_count },
	{ 'p', parse_pids },
	{ 'd', parse_duration },
};

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))
#define MEMBER(options, offset, type) (*(type *)((char *)(options) + (offset)))

static bool parse_switch(struct parser *parser, int key)
{
	for (size_t i = 0; i < ROWS(switches); i++)
		if (switches[i].key == key) {
			MEMBER(parser->options, switches[i].at, bool) = switches[i].value;
			return true;
		}
	return false;
}

static error_t parse_choice(struct parser *parser, int key, const char *name)
{
	for (size_t i = 0; i < ROWS(choices); i++) {
		int index;

		if (choices[i].key != key)
			continue;
		index = index_of(name, choices[i].names);
		if (index < 0)
			return unknown_value(parser, choices[i].what, name, choices[i].names);
		MEMBER(parser->options, choices[i].at, int) = index;
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static error_t parse_value(struct parser *parser, int key, const char *arg)
{
	for (size_t i = 0; i < ROWS(values); i++)
		if (values[i].key == key)
			return values[i].parse(parser, arg);
	for (size_t i = 0; i < ROWS(filters); i++)
		if (filters[i].key == key)
			return filter_add_option(&parser->options->filter, filters[i].option, arg, &parser->error)
				       ? 0
				       : finish(parser, OPTIONS_USAGE);
	return parse_choice(parser, key, arg);
}

static error_t parse_option(struct parser *parser, int key, char *arg)
{
	struct options *options = parser->options;

	if (parse_switch(parser, key))
		return 0;
	switch (key) {
	case KEY_BTF:
		options->tracer.btf = arg;
		return 0;
	case 'w':
		options->write_to = arg;
		return 0;
	case 'v':
		options->verbose++;
		return 0;
	case KEY_ALL:
		options->fold = FOLD_OFF;
		options->repeats_ms = 0;
		return 0;
	case KEY_LIST_FIELDS:
		fields_list(parser->out);
		return finish(parser, OPTIONS_DONE);
	case 'V':
		fprintf(parser->out, "execfail %s\n", VERSION);
		return finish(parser, OPTIONS_DONE);
	default:
		return parse_value(parser, key, arg);
	}
}

static error_t parse_help(struct parser *parser, struct argp_state *state)
{
	/* Only argp_state_help() heeds filter_help(), and not as long as argp is to be silent. */
	state->flags &= ~(unsigned int)ARGP_NO_ERRS;
	state->name = (char *)"execfail";
	argp_state_help(state, parser->out, ARGP_HELP_STD_HELP & ~(unsigned int)ARGP_HELP_EXIT_OK);
	return finish(parser, OPTIONS_DONE);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct parser *parser = state->input;
	error_t err;

	switch (key) {
	case 'h':
	case '?':
		return parse_help(parser, state);
	case ARGP_KEY_ARG:
		return parse_word(parser, state, arg);
	case ARGP_KEY_END:
		return parse_end(parser, state);
	case ARGP_KEY_ERROR:
		if (parser->result == OPTIONS_RUN)
			explain(parser, state);
		return 0;
	default:
		err = parse_option(parser, key, arg);
		if (err != ARGP_ERR_UNKNOWN)
			parser->next = state->next;
		return err;
	}
}

/* Leaves out the remark that an argument of a long option is also one of its letter. */
static char *filter_help(int key, const char *text, void *input)
{
	(void)input;
	return key == ARGP_KEY_HELP_DUP_ARGS_NOTE ? NULL : (char *)text;
}

enum options_result options_parse(struct options *options, int argc, char **argv, FILE *out, FILE *err)
{
	static const struct argp argp = {
		.options = option_rows,
		.parser = parse,
		.args_doc = "[-- COMMAND [ARGUMENT...]]\nexplain [--] PATH [ARGUMENT...]",
		.doc = help_text,
		.help_filter = filter_help,
	};
	const unsigned int flags = ARGP_NO_ERRS | ARGP_NO_EXIT | ARGP_NO_HELP | ARGP_IN_ORDER;
	struct parser parser = { .options = options, .out = out, .next = 1 };

	*options = (struct options){
		.events.bits = 1u << EVENT_PROCESS_EXECUTE_FAILED,
		.printer = printers[0],
		.nice = OPTIONS_NICE,
		.repeats_ms = REPEATS_AUTO,
		.tracer = { .buffer = OPTIONS_BUFFER, .environment = true, .seccomp = true },
	};
	if (argp_parse(&argp, argc, argv, flags, NULL, &parser) && parser.result == OPTIONS_RUN)
		parser.result = OPTIONS_USAGE;
	if (parser.result == OPTIONS_RUN)
		settle_folding(options);
	else if (parser.result == OPTIONS_USAGE)
		fprintf(err, "execfail: %s\n", buffer_string(&parser.error));
	buffer_free(&parser.error);
	return parser.result;
}

void options_free(struct options *options)
{
	filter_free(&options->filter);
	free(options->pids);
	options->pids = NULL;
	options->n_pids = 0;
}
