// SPDX-License-Identifier: GPL-2.0-only
#include "look/shell.h"

#include <string.h>

#include "base/buffer.h"

enum {
	COMMANDS_MAX = 64,
	NAMES_MAX = 64, /* functions, and variables that the text sets */
};

struct word {
	struct buffer text; /* without quotes */
	struct bytes raw;
	bool quoted; /* a part of it is */
	bool unknown; /* it takes running it to know it */
};

/* What was set by the text; value p NULL: to something that is not known. */
struct setting {
	struct bytes name;
	struct bytes value;
};

struct reader {
	struct arena *arena;
	struct bytes in;
	size_t at;
	const struct shell_variables *variables;
	struct shell_commands *out;
	bool command; /* the next word is one */
	bool over; /* what follows cannot be read */
	const struct wrapper *wrapper; /* whose words come before the command that it starts */
	bool skip; /* the next word is an option's value */
	size_t operands; /* of the wrapper, still to come before the command */
	struct bytes path; /* for this command alone; p NULL: not so */
	struct setting settings[NAMES_MAX];
	size_t n_settings;
	struct bytes functions[NAMES_MAX];
	size_t n_functions;
	unsigned int changes; /* of directory */
};

/* Programs, and words of the shell's, that start what follows them. */
static const struct wrapper {
	const char *name;
	bool builtin;
	const char *with_value; /* options that have one */
	size_t operands; /* words before the command */
} wrappers[] = {
	{ "exec", true, "a", 0 },        { "command", true, "", 0 },   { "builtin", true, "", 0 },
	{ "env", false, "uCS", 0 },      { "nohup", false, "", 0 },    { "nice", false, "n", 0 },
	{ "ionice", false, "cnpPu", 0 }, { "setsid", false, "", 0 },   { "stdbuf", false, "ioe", 0 },
	{ "timeout", false, "ks", 1 },   { "chrt", false, "TPDp", 1 },
};

static const char *const builtins[] = {
	":",       ".",        "[",         "alias",    "bg",     "bind",    "break",   "caller", "cd",
	"compgen", "complete", "continue",  "declare",  "dirs",   "disown",  "echo",    "enable", "eval",
	"exit",    "export",   "false",     "fc",       "fg",     "getopts", "hash",    "help",   "history",
	"jobs",    "kill",     "let",       "local",    "logout", "mapfile", "popd",    "printf", "pushd",
	"pwd",     "read",     "readarray", "readonly", "return", "set",     "shift",   "shopt",  "source",
	"suspend", "test",     "times",     "trap",     "true",   "type",    "typeset", "ulimit", "umask",
	"unalias", "unset",    "wait",      NULL,
};

/* Behind these the next word is a command again; behind the others it is not, until the next separator. */
static const char *const openers[] = { "if", "then", "else", "elif", "while", "until", "do", "{", "!", "time", NULL };
static const char *const closers[] = { "fi", "done", "}", NULL };

static bool is_one_of(struct bytes word, const char *const *words)
{
	for (; *words; words++)
		if (bytes_is(word, *words))
			return true;
	return false;
}

static bool is_name(char c, bool first)
{
	return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (!first && c >= '0' && c <= '9');
}

static size_t name_length(struct bytes in)
{
	size_t n = 0;

	while (n < in.n && is_name(in.p[n], !n))
		n++;
	return n;
}

static struct bytes rest_of(const struct reader *r)
{
	return bytes_after(r->in, r->at);
}

/* '\0' at the end. */
static char peek(const struct reader *r, size_t ahead)
{
	return r->in.n - r->at > ahead ? r->in.p[r->at + ahead] : '\0';
}

/* --- variables --- */

static struct setting *find_setting(struct reader *r, struct bytes name)
{
	for (size_t i = 0; i < r->n_settings; i++)
		if (bytes_same(r->settings[i].name, name))
			return &r->settings[i];
	return NULL;
}

static void set(struct reader *r, struct bytes name, struct bytes value)
{
	struct setting *setting = find_setting(r, name);

	if (!setting && r->n_settings == NAMES_MAX) {
		r->over = true;
		return;
	}
	if (!setting)
		setting = &r->settings[r->n_settings++];
	*setting = (struct setting){ name, value };
}

static void put_variable(struct reader *r, struct word *word, struct bytes name)
{
	const struct setting *setting = find_setting(r, name);
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
			r->at += 1 + bytes_find(bytes_after(rest_of(r), 1), '\'');
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
	struct bytes in = bytes_after(rest_of(r), 1);
	bool braces = bytes_begins(in, "{");
	size_t n = name_length(bytes_after(in, braces));

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
	for (r->at++; r->at < r->in.n && peek(r, 0) != '"';) {
		char c = peek(r, 0);

		if (c == '\\' && peek(r, 1) && strchr("$`\"\\\n", peek(r, 1))) {
			if (peek(r, 1) != '\n')
				buffer_put(&word->text, peek(r, 1));
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
	struct bytes in = bytes_after(rest_of(r), 1);
	size_t n = bytes_find(in, '\'');

	word->quoted = true;
	buffer_add(&word->text, in.p, n);
	r->over |= n == in.n;
	r->at += 1 + n + (n < in.n);
}

static void read_escaped(struct reader *r, struct word *word)
{
	word->quoted = true;
	if (peek(r, 1) && peek(r, 1) != '\n')
		buffer_put(&word->text, peek(r, 1));
	r->at += peek(r, 1) ? 2 : 1;
}

static bool ends_word(char c)
{
	return strchr(" \t\n;&|()<>", c);
}

static void read_piece(struct reader *r, struct word *word)
{
	char c = peek(r, 0);

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

/* To be ended by buffer_free(&word->text). */
static void read_word(struct reader *r, struct word *word)
{
	size_t start = r->at;

	*word = (struct word){};
	if (peek(r, 0) == '~' && (peek(r, 1) == '/' || ends_word(peek(r, 1)))) {
		put_variable(r, word, bytes_of("HOME"));
		r->at++;
	}
	/* A NUL is no byte of a text. */
	while (r->at < r->in.n && peek(r, 0) && !ends_word(peek(r, 0)))
		read_piece(r, word);
	r->over |= r->at < r->in.n && !peek(r, 0);
	word->raw = bytes_first(bytes_after(r->in, start), r->at - start);
}

static struct bytes kept(const struct reader *r, const struct word *word)
{
	return (struct bytes){ arena_copy(r->arena, word->text.p, word->text.n), word->text.n };
}

/* --- commands --- */

static void add_command(struct reader *r, struct bytes name)
{
	const struct setting *path = find_setting(r, bytes_of("PATH"));

	if (r->out->n == COMMANDS_MAX) {
		r->over = true;
		return;
	}
	if (path && !path->value.p) {
		r->out->complete = false;
		return;
	}
	r->out->v[r->out->n++] = (struct shell_command){
		.name = name,
		.path = r->path.p ? r->path
			: path    ? path->value
				  : (struct bytes){},
		.changes = r->changes,
	};
}

static bool is_function(const struct reader *r, struct bytes name)
{
	for (size_t i = 0; i < r->n_functions; i++)
		if (bytes_same(r->functions[i], name))
			return true;
	return false;
}

static void add_function(struct reader *r, struct bytes name)
{
	if (r->n_functions < NAMES_MAX)
		r->functions[r->n_functions++] = name;
	else
		r->over = true;
}

/* "A=b" before a command, or alone. The next word is still a command. */
static bool take_assignment(struct reader *r, const struct word *word)
{
	size_t n = name_length(word->raw);
	struct bytes name = bytes_first(word->raw, n);
	struct bytes value = bytes_after((struct bytes){ word->text.p, word->text.n }, n + 1);

	if (!n || n >= word->raw.n || word->raw.p[n] != '=')
		return false;
	value = word->unknown ? (struct bytes){} : (struct bytes){ arena_copy(r->arena, value.p, value.n), value.n };
	/* Of a variable before a command, only PATH is heeded when that is looked for. */
	if (bytes_is(name, "PATH") && r->command) {
		r->path = value;
		r->over |= !value.p;
	} else {
		set(r, name, value);
	}
	return true;
}

static const struct wrapper *find_wrapper(struct bytes name)
{
	for (size_t i = 0; i < sizeof(wrappers) / sizeof(wrappers[0]); i++)
		if (bytes_is(name, wrappers[i].name))
			return &wrappers[i];
	return NULL;
}

/* A word of a wrapper's own, in front of what it starts. */
static bool take_option(struct reader *r, const struct word *word)
{
	struct bytes text = { word->text.p, word->text.n };

	if (r->skip) {
		r->skip = false;
		return true;
	}
	if (text.n > 1 && text.p[0] == '-') {
		/* Asks where it is, rather than to start it. */
		if (bytes_is(bytes_of(r->wrapper->name), "command") && (bytes_is(text, "-v") || bytes_is(text, "-V")))
			r->command = false;
		r->skip = text.n == 2 && strchr(r->wrapper->with_value, text.p[1]);
		return true;
	}
	if (!r->operands)
		return false;
	r->operands--;
	return true;
}

static void leave(struct reader *r)
{
	r->command = false;
	r->wrapper = NULL;
}

static void take_builtin(struct reader *r, struct bytes name)
{
	r->out->exits |= bytes_is(name, "exit");
	r->changes += bytes_is(name, "cd") || bytes_is(name, "pushd") || bytes_is(name, "popd");
	/* What these do is in other words. */
	if (bytes_is(name, "eval") || bytes_is(name, ".") || bytes_is(name, "source"))
		r->out->complete = false;
	leave(r);
}

static void take_command(struct reader *r, const struct word *word)
{
	const struct wrapper *wrapper;
	struct bytes name = kept(r, word);

	if (word->unknown) {
		r->out->complete = false;
		leave(r);
		return;
	}
	/* One that is nothing after all is no word. */
	if (!name.n && !word->quoted)
		return;
	wrapper = find_wrapper(bytes_base(name));
	if (wrapper && (!wrapper->builtin || bytes_same(bytes_base(name), name))) {
		if (!wrapper->builtin)
			add_command(r, name);
		r->wrapper = wrapper;
		r->operands = wrapper->operands;
		return;
	}
	if (is_one_of(name, builtins) || is_function(r, name)) {
		take_builtin(r, name);
		return;
	}
	add_command(r, name);
	leave(r);
}

static void skip_line(struct reader *r)
{
	r->at += bytes_find(rest_of(r), '\n');
}

static void skip_blanks(struct reader *r)
{
	while (peek(r, 0) == ' ' || peek(r, 0) == '\t')
		r->at++;
}

/* Words of the shell's own, where they are not quoted. */
static bool take_reserved(struct reader *r, const struct word *word)
{
	struct bytes text = { word->text.p, word->text.n };
	struct word name;

	if (word->quoted || r->wrapper)
		return false;
	if (is_one_of(text, openers))
		return true;
	if (bytes_is(text, "case") || bytes_is(text, "select") || bytes_is(text, "[[") || bytes_is(text, "coproc")) {
		r->over = true;
		return true;
	}
	if (bytes_is(text, "for") || bytes_is(text, "function")) {
		skip_blanks(r);
		read_word(r, &name);
		if (text.n == strlen("for")) {
			set(r, kept(r, &name), (struct bytes){});
			leave(r);
		} else {
			add_function(r, kept(r, &name));
		}
		buffer_free(&name.text);
		return true;
	}
	if (!is_one_of(text, closers))
		return false;
	leave(r);
	return true;
}

/* "name()" */
static bool take_definition(struct reader *r, const struct word *word)
{
	size_t at = r->at;

	skip_blanks(r);
	if (peek(r, 0) == '(') {
		r->at++;
		skip_blanks(r);
		if (peek(r, 0) == ')') {
			r->at++;
			add_function(r, kept(r, word));
			return true;
		}
	}
	r->at = at;
	return false;
}

/* "export A=b" is as good as that without. */
static void take_word(struct reader *r)
{
	struct word word;

	read_word(r, &word);
	if (!r->command) {
		take_assignment(r, &word);
	} else if (r->wrapper && take_option(r, &word)) {
		;
	} else if (!take_assignment(r, &word) && !take_reserved(r, &word) && !take_definition(r, &word)) {
		take_command(r, &word);
	}
	buffer_free(&word.text);
}

/* ">file", "2>&1", "<<<word"; of a text that follows (<<) the end is not looked for. */
static void take_redirection(struct reader *r)
{
	struct word word;
	size_t n = strspn(arena_copy(r->arena, rest_of(r).p, rest_of(r).n < 4 ? rest_of(r).n : 4), "<>");

	r->over |= n == 2 && peek(r, 0) == '<' && peek(r, 1) == '<';
	r->at += n;
	r->at += peek(r, 0) == '&' || peek(r, 0) == '|';
	skip_blanks(r);
	read_word(r, &word);
	buffer_free(&word.text);
}

static bool is_redirection(const struct reader *r)
{
	size_t n = 0;

	while (peek(r, n) >= '0' && peek(r, n) <= '9')
		n++;
	n += !n && peek(r, 0) == '&';
	return peek(r, n) == '<' || peek(r, n) == '>';
}

static void take_separator(struct reader *r)
{
	r->at++;
	/* There was no command for which it was to hold. */
	if (r->command && r->path.p)
		set(r, bytes_of("PATH"), r->path);
	r->command = true;
	r->wrapper = NULL;
	r->skip = false;
	r->path = (struct bytes){};
}

static void take_next(struct reader *r)
{
	char c = peek(r, 0);

	if (!c) {
		r->over = true;
	} else if (is_redirection(r)) {
		r->at += strcspn(arena_copy(r->arena, rest_of(r).p, rest_of(r).n < 24 ? rest_of(r).n : 24), "<>");
		r->over |= r->at > r->in.n;
		if (!r->over)
			take_redirection(r);
	} else if (strchr("\n;&|()", c)) {
		take_separator(r);
	} else if (c == '#') {
		skip_line(r);
	} else {
		take_word(r);
	}
}

/* A name that is relative is looked for from where the shell is at the end, if it has stayed there since. */
static void settle(struct reader *r)
{
	for (size_t i = 0; i < r->out->n; i++) {
		struct shell_command *command = &r->out->v[i];

		command->moved = command->name.n && command->name.p[0] != '/' && command->changes != r->changes &&
				 memchr(command->name.p, '/', command->name.n);
	}
}

void shell_read(struct arena *arena, struct bytes text, const struct shell_variables *variables,
		struct shell_commands *out)
{
	struct reader r = { .arena = arena, .in = text, .variables = variables, .out = out, .command = true };
	size_t before;

	*out = (struct shell_commands){ .complete = true };
	out->v = arena_alloc(arena, COMMANDS_MAX * sizeof(*out->v));
	for (skip_blanks(&r); r.at < r.in.n && !r.over; skip_blanks(&r)) {
		before = r.at;
		take_next(&r);
		r.over |= r.at == before;
	}
	out->complete &= !r.over;
	settle(&r);
}

bool shell_is(struct bytes program)
{
	static const char *const names[] = { "sh",  "bash",  "dash",    "ash",   "ksh", "mksh",
					     "zsh", "rbash", "busybox", "ksh93", NULL };
	struct bytes base = bytes_base(program);

	/* "-bash": that of a login. */
	return is_one_of(bytes_after(base, bytes_begins(base, "-")), names);
}
