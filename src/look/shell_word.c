// SPDX-License-Identifier: GPL-2.0-only
#include "look/shell_word.h"

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

struct bytes shell_rest(const struct shell_text *t)
{
	return bytes_after(t->in, t->at);
}

char shell_peek(const struct shell_text *t, size_t ahead)
{
	return t->in.n - t->at > ahead ? t->in.p[t->at + ahead] : '\0';
}

void shell_skip_blanks(struct shell_text *t)
{
	while (shell_peek(t, 0) == ' ' || shell_peek(t, 0) == '\t')
		t->at++;
}

bool shell_skip_if(struct shell_text *t, const char *what)
{
	size_t at = t->at;

	shell_skip_blanks(t);
	if (bytes_begins(shell_rest(t), what))
		t->at += strlen(what);
	else
		t->at = at;
	return t->at != at;
}

/* --- variables --- */

struct shell_setting *shell_setting(struct shell_text *t, struct bytes name)
{
	for (size_t i = 0; i < t->n_settings; i++)
		if (bytes_same(t->settings[i].name, name))
			return &t->settings[i];
	return NULL;
}

void shell_set(struct shell_text *t, const struct shell_setting *new)
{
	struct shell_setting *setting = shell_setting(t, new->name);

	if (!setting && t->n_settings == SHELL_NAMES_MAX) {
		t->over = true;
		return;
	}
	if (!setting)
		setting = &t->settings[t->n_settings++];
	*setting = *new;
}

/* Those that the shell keeps itself, whatever the environment says. */
static bool is_own(struct bytes name)
{
	static const char *const names[] = { "PWD",    "OLDPWD",   "IFS",      "OPTARG", "OPTIND",     "UID",
					     "EUID",   "HOSTNAME", "PPID",     "SHLVL",  "REPLY",      "RANDOM",
					     "LINENO", "SECONDS",  "HOSTTYPE", "OSTYPE", "MACHTYPE",   "FUNCNAME",
					     "GROUPS", "DIRSTACK", "SRANDOM",  "argv",   "PIPESTATUS", "_" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (bytes_is(name, names[i]))
			return true;
	return bytes_begins(name, "BASH") || bytes_begins(name, "ZSH") || bytes_begins(name, "EPOCH");
}

static bool has_any(struct bytes in, const char *bytes)
{
	for (; *bytes; bytes++)
		if (bytes_find(in, *bytes) < in.n)
			return true;
	return false;
}

static void put_variable(struct shell_text *t, struct shell_word *word, struct bytes name)
{
	const struct shell_setting *setting = shell_setting(t, name);
	struct bytes value = setting ? setting->value : t->world->value(t->world->context, name);

	if ((setting && !value.p) || (!setting && is_own(name)))
		word->unknown = true;
	/* A value with blanks would be several words where it is not quoted. */
	if (!word->quoted && has_any(value, " \t\n*?["))
		word->unknown = true;
	t->values += value.n;
	if (t->values > SHELL_VALUES_MAX)
		t->over = true;
	else
		buffer_add(&word->text, value.p, value.n);
}

size_t shell_assignment_length(struct bytes raw, size_t name)
{
	size_t n = name;

	if (n && n < raw.n && raw.p[n] == '[')
		n += bytes_find(bytes_after(raw, n), ']') + 1;
	if (n && n < raw.n && raw.p[n] == '+')
		n++;
	return n && n < raw.n && raw.p[n] == '=' ? n + 1 : 0;
}

/* --- words --- */

static void skip_quoted(struct shell_text *t)
{
	while (t->at < t->in.n && shell_peek(t, 0) != '"')
		t->at += shell_peek(t, 0) == '\\' ? 2 : 1;
}

void shell_skip_balanced(struct shell_text *t, char open, char close)
{
	size_t start = t->at;
	struct bytes skipped;

	for (int depth = 1; depth && t->at < t->in.n; t->at++) {
		char c = t->in.p[t->at];

		if (c == '\\') {
			t->at++;
		} else if (c == '\'' && close != '\'') {
			t->at += 1 + bytes_find(bytes_after(shell_rest(t), 1), '\'');
		} else if (c == '"') {
			t->at++;
			skip_quoted(t);
		} else if (c == close) {
			depth--;
		} else if (c == open) {
			depth++;
		}
	}
	t->over |= t->at > t->in.n;
	t->at = t->at > t->in.n ? t->in.n : t->at;
	skipped = bytes_first(bytes_after(t->in, start), t->at - start);
	/* Where parentheses need not be balanced: comments, patterns of case, texts that follow (<<). */
	t->over |= close == ')' && (has_any(skipped, "#") || memmem(skipped.p, skipped.n, "case", strlen("case")) ||
				    memmem(skipped.p, skipped.n, "<<", strlen("<<")));
}

/* ${NAME?...}, ${NAME:?...}: without a value bash ends there, with 127. */
static bool asks_in_vain(const struct shell_text *t, struct bytes in, size_t n)
{
	struct bytes rest = bytes_after(in, n);

	return t->world->kind != SHELL_DASH && (bytes_begins(rest, ":?") || bytes_begins(rest, "?")) &&
	       !t->world->value(t->world->context, bytes_first(in, n)).n;
}

/* ${NAME...}: what it has beside the name may set it. */
static void read_braces(struct shell_text *t, struct shell_word *word)
{
	struct bytes in = bytes_after(shell_rest(t), 2);
	size_t n = shell_name_length(in), start;

	word->unknown = true;
	t->asks |= n && !shell_setting(t, bytes_first(in, n)) && asks_in_vain(t, in, n);
	if (n)
		shell_set(t, &(struct shell_setting){ .name = bytes_first(in, n) });
	start = t->at += 2;
	shell_skip_balanced(t, '{', '}');
	t->hidden |= memmem(t->in.p + start, t->at - start, "$(", 2) || memchr(t->in.p + start, '`', t->at - start);
	/* A quote in it, where the whole is quoted, need not have another. */
	t->over |= word->quoted && memchr(t->in.p + start, '\'', t->at - start);
}

/* Behind what opens it, which is skipped with what closes it. */
static void add_nested(struct shell_text *t, char open, char close)
{
	size_t start = t->at;

	shell_skip_balanced(t, open, close);
	if (t->n_nested == SHELL_NESTED_MAX)
		t->hidden = true;
	else if (t->at > start)
		t->nested[t->n_nested++] = (struct bytes){ t->in.p + start, t->at - start - 1 };
}

/* $'...' */
static void read_escapes(struct shell_text *t, struct shell_word *word)
{
	word->quoted = word->unknown = true;
	for (t->at += 2; t->at < t->in.n && shell_peek(t, 0) != '\''; t->at++)
		t->at += shell_peek(t, 0) == '\\';
	t->over |= t->at >= t->in.n;
	t->at = t->at < t->in.n ? t->at + 1 : t->in.n;
}

/* At a dollar. */
static void read_dollar(struct shell_text *t, struct shell_word *word)
{
	struct bytes in = bytes_after(shell_rest(t), 1);
	bool braces = bytes_begins(in, "{");
	size_t n = shell_name_length(bytes_after(in, braces));

	if (n && (!braces || (n + 1 < in.n && in.p[n + 1] == '}'))) {
		put_variable(t, word, bytes_first(bytes_after(in, braces), n));
		t->at += 1 + n + 2 * (size_t)braces;
	} else if (braces) {
		read_braces(t, word);
	} else if (bytes_begins(in, "((")) {
		t->at += 2;
		shell_skip_balanced(t, '(', ')');
		word->unknown = true;
	} else if (bytes_begins(in, "(")) {
		t->at += 2;
		add_nested(t, '(', ')');
		word->unknown = true;
	} else if (bytes_begins(in, "'") && t->world->kind != SHELL_DASH) {
		read_escapes(t, word);
	} else if (in.n && strchr("0123456789@*#?-!$'\"", in.p[0])) {
		word->unknown = true;
		t->at += strchr("'\"", in.p[0]) ? 1 : 2;
	} else {
		buffer_put(&word->text, '$');
		t->at++;
	}
}

static void read_backquotes(struct shell_text *t, struct shell_word *word)
{
	size_t n = t->n_nested;

	t->at++;
	add_nested(t, '\0', '`');
	word->unknown = true;
	/* It has a quoting of its own. */
	if (t->n_nested > n && has_any(t->nested[n], "\\")) {
		t->n_nested = n;
		t->hidden = true;
	}
}

static void read_double(struct shell_text *t, struct shell_word *word)
{
	word->quoted = true;
	for (t->at++; t->at < t->in.n && shell_peek(t, 0) != '"';) {
		char c = shell_peek(t, 0);

		if (c == '\\' && shell_peek(t, 1) && strchr("$`\"\\\n", shell_peek(t, 1))) {
			if (shell_peek(t, 1) != '\n')
				buffer_put(&word->text, shell_peek(t, 1));
			t->at += 2;
		} else if (c == '$' && shell_peek(t, 1) != '\'' && shell_peek(t, 1) != '"') {
			read_dollar(t, word);
		} else if (c == '`') {
			read_backquotes(t, word);
		} else {
			buffer_put(&word->text, c);
			t->at++;
		}
	}
	t->over |= t->at >= t->in.n;
	t->at += t->at < t->in.n;
}

static void read_single(struct shell_text *t, struct shell_word *word)
{
	struct bytes in = bytes_after(shell_rest(t), 1);
	size_t n = bytes_find(in, '\'');

	word->quoted = true;
	buffer_add(&word->text, in.p, n);
	t->over |= n == in.n;
	t->at += 1 + n + (n < in.n);
}

static void read_escaped(struct shell_text *t, struct shell_word *word)
{
	word->quoted = true;
	if (shell_peek(t, 1) && shell_peek(t, 1) != '\n')
		buffer_put(&word->text, shell_peek(t, 1));
	t->at += shell_peek(t, 1) ? 2 : 1;
}

static bool ends_word(char c)
{
	return strchr(" \t\n;&|()<>", c);
}

/* A pattern, or one of {a,b}: not the word [ itself, nor {. */
static bool is_pattern(const struct shell_text *t, const struct shell_word *word)
{
	char c = shell_peek(t, 0), next = shell_peek(t, 1);

	if (c == '*' || c == '?')
		return true;
	if (c == '[')
		return !ends_word(next) && !(next == '[' && !word->text.n);
	return c == '{' && !ends_word(next) && next != '}';
}

static void read_piece(struct shell_text *t, struct shell_word *word)
{
	switch (shell_peek(t, 0)) {
	case '\'':
		read_single(t, word);
		break;
	case '"':
		read_double(t, word);
		break;
	case '\\':
		read_escaped(t, word);
		break;
	case '$':
		read_dollar(t, word);
		break;
	case '`':
		read_backquotes(t, word);
		break;
	default:
		word->unknown |= is_pattern(t, word);
		buffer_put(&word->text, shell_peek(t, 0));
		t->at++;
		break;
	}
}

/* ~, and ~user, which is somebody's. */
static void read_tilde(struct shell_text *t, struct shell_word *word)
{
	if (shell_peek(t, 0) != '~')
		return;
	if (shell_peek(t, 1) == '/' || ends_word(shell_peek(t, 1))) {
		put_variable(t, word, bytes_of("HOME"));
		t->at++;
	} else {
		word->unknown = true;
	}
}

/* In the value of an assignment they are also behind = and :. */
static bool has_tilde(struct bytes raw)
{
	return memmem(raw.p, raw.n, "=~", 2) || memmem(raw.p, raw.n, ":~", 2);
}

void shell_read_word(struct shell_text *t, struct shell_word *word)
{
	size_t start = t->at;

	*word = (struct shell_word){};
	read_tilde(t, word);
	/* A NUL is no byte of a text. */
	while (t->at < t->in.n && shell_peek(t, 0) && !ends_word(shell_peek(t, 0)))
		read_piece(t, word);
	t->over |= t->at < t->in.n && !shell_peek(t, 0);
	word->raw = bytes_first(bytes_after(t->in, start), t->at - start);
	word->unknown |= has_tilde(word->raw);
}

/* --- redirections --- */

static size_t descriptor_length(const struct shell_text *t)
{
	size_t n = 0;

	while (shell_peek(t, n) >= '0' && shell_peek(t, n) <= '9')
		n++;
	return n ?: shell_peek(t, 0) == '&';
}

bool shell_redirects(const struct shell_text *t)
{
	char c = shell_peek(t, descriptor_length(t));

	return c == '<' || c == '>';
}

bool shell_skip_redirection(struct shell_text *t)
{
	struct shell_word word;
	size_t n = 0;

	t->at += descriptor_length(t);
	while (n < 3 && shell_peek(t, n) && strchr("<>", shell_peek(t, n)))
		n++;
	t->over |= n == 2 && shell_peek(t, 0) == '<' && shell_peek(t, 1) == '<';
	t->at += n;
	if (shell_peek(t, 0) == '(') {
		t->at++;
		shell_skip_balanced(t, '(', ')');
		return true;
	}
	t->at += shell_peek(t, 0) == '&' || shell_peek(t, 0) == '|';
	shell_skip_blanks(t);
	if (bytes_begins(shell_rest(t), "<(") || bytes_begins(shell_rest(t), ">("))
		return shell_skip_redirection(t);
	shell_read_word(t, &word);
	buffer_free(&word.text);
	return false;
}

bool shell_names_descriptor(const struct shell_text *t, const struct shell_word *word)
{
	char next = shell_peek(t, 0);

	return (next == '<' || next == '>') && bytes_begins(word->raw, "{") && bytes_ends(word->raw, "}");
}

/* --- what is not followed --- */

static bool says(struct bytes in, const char *word)
{
	size_t n = strlen(word);

	for (const char *at; (at = memmem(in.p, in.n, word, n));) {
		in = bytes_after(in, (size_t)(at - in.p) + n);
		while (bytes_begins(in, " "))
			in = bytes_after(in, 1);
		if (bytes_begins(in, "127") || bytes_begins(in, "126"))
			return true;
	}
	return false;
}

bool shell_says_status(struct bytes in)
{
	return says(in, "exit ") || says(in, "return ");
}
