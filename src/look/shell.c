// SPDX-License-Identifier: GPL-2.0-only
#include "look/shell.h"

#include <string.h>

#include "look/shell_words.h"

enum { COMMANDS_MAX = 64 };

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

static struct bytes kept(const struct reader *r, const struct word *word)
{
	return (struct bytes){ arena_copy(r->arena, word->text.p, word->text.n), word->text.n };
}

static void add_command(struct reader *r, struct bytes name)
{
	const struct setting *path = shell_setting(r, bytes_of("PATH"));

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
	if (r->n_functions < SHELL_NAMES_MAX)
		r->functions[r->n_functions++] = name;
	else
		r->over = true;
}

/* "A=b" before a command, or alone. The next word is still a command. */
static bool take_assignment(struct reader *r, const struct word *word)
{
	size_t n = shell_name_length(word->raw);
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
		shell_set(r, name, value);
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
	r->at += bytes_find(shell_rest(r), '\n');
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
		shell_skip_blanks(r);
		shell_word(r, &name);
		if (text.n == strlen("for")) {
			shell_set(r, kept(r, &name), (struct bytes){});
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

	shell_skip_blanks(r);
	if (shell_peek(r, 0) == '(') {
		r->at++;
		shell_skip_blanks(r);
		if (shell_peek(r, 0) == ')') {
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

	shell_word(r, &word);
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
	size_t n = strspn(arena_copy(r->arena, shell_rest(r).p, shell_rest(r).n < 4 ? shell_rest(r).n : 4), "<>");

	r->over |= n == 2 && shell_peek(r, 0) == '<' && shell_peek(r, 1) == '<';
	r->at += n;
	r->at += shell_peek(r, 0) == '&' || shell_peek(r, 0) == '|';
	shell_skip_blanks(r);
	shell_word(r, &word);
	buffer_free(&word.text);
}

static bool is_redirection(const struct reader *r)
{
	size_t n = 0;

	while (shell_peek(r, n) >= '0' && shell_peek(r, n) <= '9')
		n++;
	n += !n && shell_peek(r, 0) == '&';
	return shell_peek(r, n) == '<' || shell_peek(r, n) == '>';
}

static void take_separator(struct reader *r)
{
	r->at++;
	/* There was no command for which it was to hold. */
	if (r->command && r->path.p)
		shell_set(r, bytes_of("PATH"), r->path);
	r->command = true;
	r->wrapper = NULL;
	r->skip = false;
	r->path = (struct bytes){};
}

static void take_next(struct reader *r)
{
	char c = shell_peek(r, 0);

	if (!c) {
		r->over = true;
	} else if (is_redirection(r)) {
		r->at += strcspn(arena_copy(r->arena, shell_rest(r).p, shell_rest(r).n < 24 ? shell_rest(r).n : 24),
				 "<>");
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
	for (shell_skip_blanks(&r); r.at < r.in.n && !r.over; shell_skip_blanks(&r)) {
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
