// SPDX-License-Identifier: GPL-2.0-only
#include "options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "filter/sift.h"
#include "options_parse.h"

#ifndef VERSION
#define VERSION "unknown"
#endif

/* What to see, how to see it, and the rest: argp sorts each group by itself. */
enum { GROUP_WHAT = 1, GROUP_HOW, GROUP_SAY };

const struct argp_option option_rows[] = {
	{ .name = "event",
	  .key = 'e',
	  .arg = "LIST",
	  .group = GROUP_WHAT,
	  .doc = "Events, separated by commas; all,-NAME: all but that; several add up; help lists them (default failures)" },
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
	{ .name = "as-user",
	  .key = KEY_AS_USER,
	  .arg = "NAME",
	  .flags = OPTION_ARG_OPTIONAL,
	  .group = GROUP_WHAT,
	  .doc = "Start COMMAND as who called sudo, or as that user" },
	{ .name = "max-size",
	  .key = KEY_MAX_SIZE,
	  .arg = "SIZE",
	  .group = GROUP_WHAT,
	  .doc = "With -w: write no more than that, as in 500K, 10M, 2G; what comes then is only counted" },
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
	  .arg = "markdown",
	  .flags = OPTION_ARG_OPTIONAL,
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

const char *options_nearest(const char *name)
{
	const char *names[sizeof(option_rows) / sizeof(option_rows[0])];
	size_t n = 0;

	for (const struct argp_option *row = option_rows; row->name || row->key; row++)
		if (row->name)
			names[n++] = row->name;
	names[n] = NULL;
	return text_nearest(name, names);
}

static const char help_text[] =
	"Tells every time a program fails to start: what was tried, by whom, and why it failed.\v"
	"Without COMMAND or -p the whole machine is watched, until a signal ends it. With COMMAND, only that and its "
	"descendants are, and the exit status is that of COMMAND. explain and check trace nothing and need no root: they say whether "
	"PATH would start, and which programs in DIR would not (explain --help, check --help).\n\n"
	"Examples:\n"
	"  execfail\n"
	"  execfail -o json | jq 'select(.errno==\"ENOENT\")'\n"
	"  execfail -- make check\n"
	"  execfail -p 812 -f 'errno=EACCES,EPERM'\n"
	"  execfail explain ./run.sh";

error_t options_finish(struct parser *parser, enum options_result result)
{
	parser->result = result;
	return ECANCELED;
}

/* A word that is no option. Behind `--` it begins the command, which is not ours to read. */
static error_t parse_word(struct parser *parser, struct argp_state *state, const char *word)
{
	int at = state->next - 1;

	if (state->quoted && at >= state->quoted) {
		parser->options->command = state->argv + at;
		state->next = state->argc;
		return 0;
	}
	parser->job = options_is_job(word);
	if (parser->job) {
		state->next = state->argc;
		return options_job(parser, word, state->argv + at + 1);
	}
	buffer_puts(&parser->error, "unexpected argument ");
	options_quote(&parser->error, word);
	options_suggest_word(&parser->error, word);
	return options_finish(parser, OPTIONS_USAGE);
}

/* By what the kernel can count, where it knows all that is asked for: 0, where it does not. */
static unsigned int countable(const struct options *options)
{
	static const struct {
		const char *field;
		enum count_by by;
	} known[] = {
		{ "errno", COUNT_ERRNO }, { "uid", COUNT_UID }, { "comm", COUNT_COMM }, { "cgroup", COUNT_CGROUP }
	};
	unsigned int counts = 0, found;
	struct sieve sieve;

	for (size_t i = 0; i < options->style.n_fields; i++, counts |= found) {
		found = 0;
		for (size_t j = 0; j < sizeof(known) / sizeof(known[0]); j++)
			if (!strcmp(options->style.fields[i]->name, known[j].field))
				found = known[j].by;
		if (!found)
			return 0;
	}
	/*
	 * Searches are folded by whom they are told to, and of a record that stands for several events each is counted.
	 */
	if (!options->summary || options->events.bits & ~EVENTS_FAILURES || options->fold == FOLD_ON || options->fail ||
	    options->count || sift_make(&sieve, &options->filter, false) < options->filter.n)
		return 0;
	return counts;
}

/* What the form does by itself, unless it was said. */
static void settle_folding(struct options *options)
{
	bool folds = options->printer->folds;

	options->counts = countable(options);
	if (options->counts)
		options->fold = FOLD_OFF;
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

error_t options_finish_saying(struct parser *parser, const char *why)
{
	buffer_puts(&parser->error, why);
	return options_finish(parser, OPTIONS_USAGE);
}

/* Where the others would have no sense. */
static bool has_two_forms(const struct options *options)
{
	return options->printer == &table_printer || options->printer == &json_printer;
}

static error_t parse_end(struct parser *parser, const struct argp_state *state)
{
	if (parser->list) {
		parser->list(parser->out, parser->options->printer == &json_printer);
		return options_finish(parser, OPTIONS_DONE);
	}
	if (parser->options->n_pids && (parser->options->command || parser->job)) {
		buffer_printf(&parser->error, "-p follows processes that are there: not with %s",
			      parser->options->command ? "a command" : "explain or check (put it behind that word)");
		return options_finish(parser, OPTIONS_USAGE);
	}
	if (parser->options->fail && !parser->options->command)
		return options_finish_saying(parser, "--fail is about a command: put one after --");
	if (parser->options->user.name && !parser->options->command)
		return options_finish_saying(parser, "--as-user is about a command: put one after --");
	if (parser->options->max_size && !parser->options->write_to)
		return options_finish_saying(parser, "--max-size is about a file: name one with -w");
	if (parser->job && !has_two_forms(parser->options))
		return options_finish_saying(parser, "explain and check have the forms table and json");
	if (parser->job && parser->options->filter.n)
		return options_finish_saying(
			parser, "filters are of events: put what is for explain or check behind that word");
	if (parser->options->summary && !has_two_forms(parser->options))
		return options_finish_saying(parser, "--summary has the forms table and json");
	if (!state->quoted || parser->job || parser->options->command)
		return 0;
	return options_finish_saying(parser, "no command after --");
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

static error_t parse_option(struct parser *parser, int key, char *arg)
{
	struct options *options = parser->options;

	if (parse_switch(parser, key))
		return 0;
	switch (key) {
	case KEY_BTF:
		options->tracer.btf = arg;
		return 0;
	case 'v':
		options->verbose++;
		return 0;
	case KEY_ALL:
		options->fold = FOLD_OFF;
		options->repeats_ms = 0;
		return 0;
	case 'V':
		fprintf(parser->out, "execfail %s\n", VERSION);
		return options_finish(parser, OPTIONS_DONE);
	default:
		return options_value(parser, key, arg);
	}
}

static error_t parse_help(struct parser *parser, struct argp_state *state)
{
	/* Only argp_state_help() heeds filter_help(), and not as long as argp is to be silent. */
	state->flags &= ~(unsigned int)ARGP_NO_ERRS;
	state->name = (char *)"execfail";
	argp_state_help(state, parser->out, ARGP_HELP_STD_HELP & ~(unsigned int)ARGP_HELP_EXIT_OK);
	return options_finish(parser, OPTIONS_DONE);
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
			options_explain(parser, state);
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
		.args_doc = "[-- COMMAND [ARGUMENT...]]\nexplain PATH...\ncheck DIR",
		.doc = help_text,
		.help_filter = filter_help,
	};
	const unsigned int flags = ARGP_NO_ERRS | ARGP_NO_EXIT | ARGP_NO_HELP | ARGP_IN_ORDER;
	struct parser parser = { .options = options, .out = out, .next = 1 };

	*options = (struct options){
		.printer = printers[0],
		.nice = OPTIONS_NICE,
		.repeats_ms = REPEATS_AUTO,
		.tracer = { .buffer = OPTIONS_BUFFER, .environment = true, .seccomp = true },
	};
	if (argp_parse(&argp, argc, argv, flags, NULL, &parser) && parser.result == OPTIONS_RUN)
		parser.result = OPTIONS_USAGE;
	if (!options->events.bits)
		options->events.bits = EVENTS_FAILURES;
	options->tracer.events = options->events.bits;
	options->style.events = options->events.bits & ~EVENTS_FAILURES;
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
	user_free(&options->user);
	free(options->pids);
	options->pids = NULL;
	options->n_pids = 0;
}
