// SPDX-License-Identifier: GPL-2.0-only
/* explain and check: what stands behind these words. */
#include <string.h>

#include "base/text.h"
#include "look/elffile.h"
#include "options_parse.h"

enum { EXPLAIN = 1, CHECK = 2 };

/* In this order --help has them. */
static const struct job_option {
	const char *name;
	char letter; /* '\0': none */
	const char *arg; /* NULL: it takes none */
	int jobs;
	size_t at; /* of a string in struct job_options, or without arg of a bool in struct options */
	const char *doc;
} rows[] = {
	{ "user", 'u', "NAME", EXPLAIN, offsetof(struct job_options, user),
	  "As that user: its ids and groups, no capabilities" },
	{ "pid", 'p', "PID", EXPLAIN, offsetof(struct job_options, pid),
	  "As that process: its root, mounts, directory, user, capabilities, environment" },
	{ "unit", '\0', "NAME", EXPLAIN, offsetof(struct job_options, unit),
	  "As that service of systemd would, by what systemctl show says; it need not run" },
	{ "container", '\0', "ID", EXPLAIN, offsetof(struct job_options, container),
	  "As the first process of that container, by the beginning of its id" },
	{ "root", '\0', "DIR", EXPLAIN | CHECK, offsetof(struct job_options, root), "With that directory as the root" },
	{ "cwd", '\0', "DIR", EXPLAIN, offsetof(struct job_options, cwd),
	  "With that working directory, from the root" },
	{ "machine", '\0', "NAME", CHECK, offsetof(struct job_options, machine),
	  "For machines of that kind (uname -m); default is that of the root's own shell" },
	{ "output", 'o', "FORM", EXPLAIN | CHECK, offsetof(struct job_options, form),
	  "table (default) or json; check also has sarif" },
	{ "quiet", 'q', NULL, EXPLAIN | CHECK, offsetof(struct options, quiet),
	  "Say nothing on stderr but what goes wrong" },
};

enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

static const struct {
	const char *name;
	int job;
	const char *usage, *says;
} jobs[] = {
	{ "explain", EXPLAIN,
	  "explain [OPTION...] PATH...\n   or: execfail explain [OPTION...] -- PATH [ARGUMENT...]\n   or: execfail explain --unit=NAME",
	  "Says whether each PATH would start, and if not, why: for you, or as somebody or something else." },
	{ "check", CHECK, "check [OPTION...] DIR",
	  "Says which programs in a tree could not start there, and why: an image's root, /opt/app, what a build made." },
};

static error_t help(struct parser *parser, size_t job)
{
	fprintf(parser->out, "Usage: execfail %s\n%s\n\n", jobs[job].usage, jobs[job].says);
	for (size_t i = 0; i < ROWS; i++) {
		const struct job_option *row = &rows[i];
		char name[64];

		if (!(row->jobs & jobs[job].job))
			continue;
		snprintf(name, sizeof(name), "%c%c%s--%s%s%s", row->letter ? '-' : ' ', row->letter ? row->letter : ' ',
			 row->letter ? ", " : "  ", row->name, row->arg ? "=" : "", row->arg ? row->arg : "");
		fprintf(parser->out, "  %-22s %s\n", name, row->doc);
	}
	return options_finish(parser, OPTIONS_DONE);
}

static const struct job_option *find_long(const char *name, size_t n, int job)
{
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].jobs & job && strlen(rows[i].name) == n && !strncmp(rows[i].name, name, n))
			return &rows[i];
	return NULL;
}

static const struct job_option *find_letter(char letter, int job)
{
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].jobs & job && letter && rows[i].letter == letter)
			return &rows[i];
	return NULL;
}

static error_t unknown(struct parser *parser, const char *word, int job)
{
	const char *names[ROWS + 1];
	size_t n = 0;

	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].jobs & job)
			names[n++] = rows[i].name;
	names[n] = NULL;
	buffer_puts(&parser->error, "unknown option ");
	options_quote(&parser->error, word);
	if (word[1] == '-' && text_nearest(word + 2, names))
		buffer_printf(&parser->error, ": did you mean '--%s'?", text_nearest(word + 2, names));
	buffer_printf(&parser->error, " (execfail %s --help lists them)", job == CHECK ? "check" : "explain");
	return options_finish(parser, OPTIONS_USAGE);
}

/* One option at **words, which is moved behind it and its value. */
static error_t take_option(struct parser *parser, size_t job, char ***words)
{
	const char *word = *(*words)++, *value = NULL;
	bool is_long = word[1] == '-';
	size_t n = strcspn(word + 2, "=");
	const struct job_option *row =
		is_long ? find_long(word + 2, n, jobs[job].job) : find_letter(word[1], jobs[job].job);

	if (!strcmp(word, "--help") || !strcmp(word, "-h") || !strcmp(word, "-?"))
		return help(parser, job);
	if (!strcmp(word, "--verbose") || !strcmp(word, "-v")) {
		parser->options->verbose++;
		return 0;
	}
	if (!row || (!row->arg && (is_long ? word[2 + n] : word[2])))
		return unknown(parser, word, jobs[job].job);
	if (!row->arg) {
		*(bool *)((char *)parser->options + row->at) = true;
		return 0;
	}
	value = is_long ? word[2 + n] ? word + 3 + n : NULL : word[2] ? word + 2 : NULL;
	if (!value && **words)
		value = *(*words)++;
	if (!value) {
		buffer_printf(&parser->error, "option '--%s' needs a value", row->name);
		return options_finish(parser, OPTIONS_USAGE);
	}
	*(const char **)((char *)&parser->options->job + row->at) = value;
	return 0;
}

static error_t take_form(struct parser *parser, int job)
{
	static const char *const forms[] = { "table", "json", "sarif", NULL }, *const two[] = { "table", "json", NULL };
	const char *form = parser->options->job.form;

	parser->options->job.sarif = form && job == CHECK && !strcmp(form, "sarif");
	if (!form || parser->options->job.sarif)
		return 0;
	if (strcmp(form, "table") && strcmp(form, "json"))
		return options_unknown(parser, "output", form, job == CHECK ? forms : two);
	parser->options->printer = printer_find(form);
	return 0;
}

static error_t take_machine(struct parser *parser)
{
	const char *machine = parser->options->job.machine, *names[32];
	size_t n = 0;

	while (n < sizeof(names) / sizeof(names[0]) - 1 && (names[n] = elf_kernel_name(n))) {
		if (machine && !strcmp(machine, names[n]))
			return 0;
		n++;
	}
	names[n] = NULL;
	return machine ? options_unknown(parser, "machine", machine, names) : 0;
}

/* Whose world it is can be said once. */
static error_t take_who(struct parser *parser)
{
	const struct job_options *job = &parser->options->job;

	if (!!job->pid + !!job->unit + !!job->container > 1 || (job->user && (job->unit || job->pid || job->container)))
		return options_finish_saying(parser,
					     "--user, --pid, --unit and --container each say who is meant: take one");
	if (job->root && (job->pid || job->container))
		return options_finish_saying(parser, "--pid and --container have a root of their own: not with --root");
	return 0;
}

static error_t take_words(struct parser *parser, size_t job, char **words, bool quoted)
{
	struct options *options = parser->options;

	/* A unit has a program of its own. */
	if ((!*words && !(jobs[job].job == EXPLAIN && options->job.unit)) || (jobs[job].job == CHECK && !words[0][0]))
		return options_finish_saying(parser, jobs[job].job == CHECK ? "check which directory?"
									    : "explain which program?");
	if (jobs[job].job == CHECK && words[1])
		return options_finish_saying(parser, "check takes one directory");
	if (jobs[job].job == CHECK)
		options->check = *words;
	else
		options->explain = words;
	/* What begins with a dash is an argument: of the one program. */
	options->job.several = !quoted && words[0] && words[1] && words[1][0] != '-';
	return 0;
}

bool options_is_job(const char *word)
{
	for (size_t i = 0; i < sizeof(jobs) / sizeof(jobs[0]); i++)
		if (!strcmp(jobs[i].name, word))
			return true;
	return false;
}

error_t options_job(struct parser *parser, const char *word, char **words)
{
	size_t job = strcmp(jobs[0].name, word) != 0;
	bool quoted = false;
	error_t err = 0;

	while (!err && *words && (*words)[0] == '-' && (*words)[1] && !quoted) {
		quoted = !strcmp(*words, "--");
		if (quoted)
			words++;
		else
			err = take_option(parser, job, &words);
	}
	if (!err)
		err = take_form(parser, jobs[job].job);
	if (!err)
		err = take_who(parser);
	if (!err)
		err = take_machine(parser);
	return err ? err : take_words(parser, job, words, quoted);
}
