// SPDX-License-Identifier: GPL-2.0-only
#include "look/shell_words.h"

#include <string.h>

static bool is_name(char c, bool first)
{
	return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (!first && c >= '0' && c <= '9');
}

size_t shell_name_length(struct bytes in)
{
	size_t n = 0;

	while (n < in.n && is_name(in.p[n], !n))
		n++;
	return n;
}

struct bytes shell_rest(const struct reader *r)
{
	return bytes_after(r->in, r->at);
}

char shell_peek(const struct reader *r, size_t ahead)
{
	return r->in.n - r->at > ahead ? r->in.p[r->at + ahead] : '\0';
}

void shell_skip_blanks(struct reader *r)
{
	while (shell_peek(r, 0) == ' ' || shell_peek(r, 0) == '\t')
		r->at++;
}

/* --- variables --- */

struct setting *shell_setting(struct reader *r, struct bytes name)
{
	for (size_t i = 0; i < r->n_settings; i++)
		if (bytes_same(r->settings[i].name, name))
			return &r->settings[i];
	return NULL;
}

void shell_set(struct reader *r, struct bytes name, struct bytes value)
{
	struct setting *setting = shell_setting(r, name);

	if (!setting && r->n_settings == SHELL_NAMES_MAX) {
		r->over = true;
		return;
	}
	if (!setting)
		setting = &r->settings[r->n_settings++];
	*setting = (struct setting){ name, value };
}

static void put_variable(struct reader *r, struct word *word, struct bytes name)
{
	const struct setting *setting = shell_setting(r, name);
	struct bytes value = setting ? setting->value : r->variables->value(r->variables->context, name);

	if (setting && !value.p)
		word->unknown = true;
	/* A value with blanks would be several words where it is not quoted. */
	if (!word->quoted && value.n && (memchr(value.p, ' ', value.n) || memchr(value.p, '*', value.n)))
		word->unknown = true;
	buffer_add(&word->text, value.p, value.n);
}

/* --- words --- */

/* Behind what has to be balanced, quotes in it heeded; the opening one has been passed. */
static void skip_balanced(struct reader *r, char open, char close)
{
	for (int depth = 1; depth && r->at < r->in.n; r->at++) {
		char c = r->in.p[r->at];

		if (c == '\\')
			r->at++;
		else if (c == '\'' && close != '\'')
			r->at += 1 + bytes_find(bytes_after(shell_rest(r), 1), '\'');
		else if (c == close)
			depth--;
		else if (c == open)
			depth++;
	}
	r->over |= r->at > r->in.n;
	r->at = r->at > r->in.n ? r->in.n : r->at;
}

/* At a dollar. */
static void read_dollar(struct reader *r, struct word *word)
{
	struct bytes in = bytes_after(shell_rest(r), 1);
	bool braces = bytes_begins(in, "{");
	size_t n = shell_name_length(bytes_after(in, braces));

	if (n && (!braces || (n + 1 < in.n && in.p[n + 1] == '}'))) {
		put_variable(r, word, bytes_first(bytes_after(in, braces), n));
		r->at += 1 + n + 2 * (size_t)braces;
	} else if (braces || bytes_begins(in, "(")) {
		r->at += 2;
		skip_balanced(r, braces ? '{' : '(', braces ? '}' : ')');
		word->unknown = true;
	} else if (in.n && strchr("0123456789@*#?-!$'\"", in.p[0])) {
		word->unknown = true;
		r->at += strchr("'\"", in.p[0]) ? 1 : 2;
	} else {
		buffer_put(&word->text, '$');
		r->at++;
	}
}

static void read_backquotes(struct reader *r, struct word *word)
{
	r->at++;
	skip_balanced(r, '\0', '`');
	word->unknown = true;
}

static void read_double(struct reader *r, struct word *word)
{
	word->quoted = true;
	for (r->at++; r->at < r->in.n && shell_peek(r, 0) != '"';) {
		char c = shell_peek(r, 0);

		if (c == '\\' && shell_peek(r, 1) && strchr("$`\"\\\n", shell_peek(r, 1))) {
			if (shell_peek(r, 1) != '\n')
				buffer_put(&word->text, shell_peek(r, 1));
			r->at += 2;
		} else if (c == '$') {
			read_dollar(r, word);
		} else if (c == '`') {
			read_backquotes(r, word);
		} else {
			buffer_put(&word->text, c);
			r->at++;
		}
	}
	r->over |= r->at >= r->in.n;
	r->at += r->at < r->in.n;
}

static void read_single(struct reader *r, struct word *word)
{
	struct bytes in = bytes_after(shell_rest(r), 1);
	size_t n = bytes_find(in, '\'');

	word->quoted = true;
	buffer_add(&word->text, in.p, n);
	r->over |= n == in.n;
	r->at += 1 + n + (n < in.n);
}

static void read_escaped(struct reader *r, struct word *word)
{
	word->quoted = true;
	if (shell_peek(r, 1) && shell_peek(r, 1) != '\n')
		buffer_put(&word->text, shell_peek(r, 1));
	r->at += shell_peek(r, 1) ? 2 : 1;
}

static bool ends_word(char c)
{
	return strchr(" \t\n;&|()<>", c);
}

static void read_piece(struct reader *r, struct word *word)
{
	char c = shell_peek(r, 0);

	switch (c) {
	case '\'':
		read_single(r, word);
		break;
	case '"':
		read_double(r, word);
		break;
	case '\\':
		read_escaped(r, word);
		break;
	case '$':
		read_dollar(r, word);
		break;
	case '`':
		read_backquotes(r, word);
		break;
	default:
		word->unknown |= c == '*' || c == '?';
		buffer_put(&word->text, c);
		r->at++;
		break;
	}
}

void shell_word(struct reader *r, struct word *word)
{
	size_t start = r->at;

	*word = (struct word){};
	if (shell_peek(r, 0) == '~' && (shell_peek(r, 1) == '/' || ends_word(shell_peek(r, 1)))) {
		put_variable(r, word, bytes_of("HOME"));
		r->at++;
	}
	/* A NUL is no byte of a text. */
	while (r->at < r->in.n && shell_peek(r, 0) && !ends_word(shell_peek(r, 0)))
		read_piece(r, word);
	r->over |= r->at < r->in.n && !shell_peek(r, 0);
	word->raw = bytes_first(bytes_after(r->in, start), r->at - start);
}
