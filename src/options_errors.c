// SPDX-License-Identifier: GPL-2.0-only
/* What is wrong with a command line, and what may have been meant. */
#include <string.h>

#include "base/text.h"
#include "options_parse.h"

void options_quote(struct buffer *out, const char *foreign)
{
	buffer_put(out, '\'');
	text_escape(out, bytes_of(foreign));
	buffer_put(out, '\'');
}

void options_suggest(struct buffer *out, const char *nearest)
{
	if (nearest)
		buffer_printf(out, ": did you mean '%s'?", nearest);
}

error_t options_unknown(struct parser *parser, const char *what, const char *value, const char *const *names)
{
	struct buffer *error = &parser->error;

	buffer_printf(error, "unknown %s ", what);
	options_quote(error, value);
	options_suggest(error, text_nearest(value, names));
	buffer_puts(error, " (");
	for (size_t i = 0; names[i]; i++)
		buffer_printf(error, "%s%s", i ? ", " : "", names[i]);
	buffer_put(error, ')');
	return options_finish(parser, OPTIONS_USAGE);
}

error_t options_no_value(struct parser *parser, const char *option, const char *text, const char *is_no)
{
	buffer_printf(&parser->error, "%s ", option);
	options_quote(&parser->error, text);
	buffer_printf(&parser->error, " is not %s", is_no);
	return options_finish(parser, OPTIONS_USAGE);
}

/* What a word without dashes may have been meant for: the job, or an option whose dashes were left out. */
void options_suggest_word(struct buffer *error, const char *word)
{
	static const char *const jobs[] = { "explain", "check", NULL };

	if (text_nearest(word, jobs))
		buffer_printf(error, ": did you mean '%s'?", text_nearest(word, jobs));
	else if (options_nearest(word))
		buffer_printf(error, ": did you mean '--%s'?", options_nearest(word));
	else
		buffer_puts(error, ": put -- before a command to trace");
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
		options_quote(error, word);
		buffer_puts(error, " can mean several");
	} else if (row) {
		buffer_printf(error, "option '--%s' %s", row->name, row->arg ? "needs a value" : "takes no value");
	} else {
		const char *nearest = options_nearest(name.p);

		buffer_puts(error, "unknown option ");
		options_quote(error, word);
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
	options_quote(error, word);
	buffer_puts(error, " (--help lists them)");
}

void options_explain(struct parser *parser, const struct argp_state *state)
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
