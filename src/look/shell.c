// SPDX-License-Identifier: GPL-2.0-only
#include "look/shell.h"

#include <string.h>

#include "look/search.h"
#include "look/shell_names.h"
#include "look/shell_word.h"

enum {
	COMMANDS_MAX = 64,
	DEPTH_MAX = 16, /* of subshells in each other */
};

struct reader {
	struct shell_text text;
	struct shell_commands *out;
	bool command; /* the next word is one */
	bool closed; /* the next word can only be one of the shell's own: behind ), }, fi and done */
	const struct shell_wrapper *wrapper; /* whose words come before the command that it starts */
	bool skip; /* the next word is an option's value */
	size_t operands; /* of the wrapper, still to come before the command */
	enum shell_effect effect; /* of the word that the next are arguments of */
	bool ends; /* exit was not followed by a status yet */
	struct bytes path; /* for this command alone; p NULL: not so */
	struct bytes functions[SHELL_NAMES_MAX];
	size_t n_functions;
	/* What is sure to be done. */
	unsigned int compounds; /* that are open: if, while, for */
	bool chain; /* behind a && or || */
	bool doubt; /* the shell may have ended before */
	bool defined; /* a function was: where its body ends is not looked for */
	/* Where it is done. */
	unsigned int depth; /* of subshells */
	unsigned int directory, directories;
	unsigned int outer[DEPTH_MAX]; /* the directory outside of each */
};

static struct bytes kept(const struct reader *r, const struct shell_word *word)
{
	return (struct bytes){ arena_copy(r->text.arena, word->text.p, word->text.n), word->text.n };
}

static bool is_dash(const struct reader *r)
{
	return r->text.world->kind == SHELL_DASH;
}

/* --- variables and functions --- */

static void set(struct reader *r, struct bytes name, struct bytes value)
{
	struct shell_setting setting = { name, value, r->depth, r->chain };

	/* Who knows whether it was. */
	if (r->compounds || r->defined)
		setting.value = (struct bytes){};
	shell_set(&r->text, &setting);
}

static bool is_exported(const struct reader *r, struct bytes name)
{
	const struct shell_world *world = r->text.world;
	const char *variable = arena_printf(r->text.arena, "BASH_FUNC_%.*s%%%%", (int)name.n, name.p);

	return world->kind == SHELL_BASH && world->value(world->context, bytes_of(variable)).p;
}

static bool is_function(const struct reader *r, struct bytes name)
{
	for (size_t i = 0; i < r->n_functions; i++)
		if (bytes_same(r->functions[i], name))
			return true;
	return is_exported(r, name);
}

static void add_function(struct reader *r, struct bytes name)
{
	if (r->n_functions < SHELL_NAMES_MAX)
		r->functions[r->n_functions++] = name;
	else
		r->text.over = true;
}

/* A list in parentheses, where its value would be. */
static bool take_list(struct reader *r)
{
	if (shell_peek(&r->text, 0) != '(')
		return false;
	r->text.at++;
	shell_skip_balanced(&r->text, '(', ')');
	return true;
}

/* "A=b" before a command, or alone. The next word is still a command. */
static bool take_assignment(struct reader *r, const struct shell_word *word)
{
	size_t n = shell_name_length(word->raw), length = shell_assignment_length(word->raw, n);
	struct bytes name = bytes_first(word->raw, n);
	struct bytes value = bytes_after((struct bytes){ word->text.p, word->text.n }, n + 1);

	if (!length)
		return false;
	if ((length == word->raw.n && take_list(r)) || word->unknown || length != n + 1)
		value = (struct bytes){};
	else
		value = (struct bytes){ arena_copy(r->text.arena, value.p, value.n), value.n };
	/* Of a variable before a command, only PATH is heeded when that is looked for. */
	if (bytes_is(name, "PATH") && r->command) {
		r->path = value;
		r->text.over |= !value.p;
	} else {
		set(r, name, value);
	}
	return true;
}

/* --- commands --- */

static void add_command(struct reader *r, struct bytes name)
{
	const struct shell_setting *path = shell_setting(&r->text, bytes_of("PATH"));

	if (r->out->n == COMMANDS_MAX) {
		r->text.over = true;
		return;
	}
	if (path && !path->value.p && !r->path.p) {
		r->out->complete = false;
		return;
	}
	r->out->v[r->out->n++] = (struct shell_command){
		.name = name,
		.path = r->path.p ? r->path
			: path    ? path->value
				  : (struct bytes){},
		.sure = !r->compounds && !r->chain && !r->doubt && !r->defined && !r->text.asks,
		.directory = r->directory,
	};
}

/* A word of a wrapper's own, in front of what it starts. */
static bool take_option(struct reader *r, const struct shell_word *word)
{
	struct bytes text = { word->text.p, word->text.n };

	if (r->skip) {
		r->skip = false;
		return true;
	}
	if (text.n && text.p[0] == '-') {
		/* Asks where it is, rather than to start it. */
		if (bytes_is(bytes_of(r->wrapper->name), "command") && (bytes_is(text, "-v") || bytes_is(text, "-V"))) {
			r->command = false;
			r->out->others = true;
		}
		/* Whether the next is its value is known of those of one letter; that of env -S is a text. */
		if ((text.n > 2 && bytes_begins(text, "--") && bytes_find(text, '=') == text.n) ||
		    bytes_begins(text, "-S")) {
			r->command = false;
			r->out->complete = false;
		}
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

static void take_builtin(struct reader *r, enum shell_effect effect)
{
	if (effect == EFFECT_MOVES)
		r->directory = ++r->directories;
	/* What these do is in other words: what was there before is all that can be said. */
	r->text.over |= effect == EFFECT_READS;
	r->out->others |= effect == EFFECT_OTHERS;
	r->doubt |= effect == EFFECT_OTHERS;
	r->ends = effect == EFFECT_ENDS;
	r->effect = effect;
	leave(r);
}

/* "exit STATUS": of another than 127 it is known that it was not met, as the shell ended with that. */
static void take_status(struct reader *r, const struct shell_word *word)
{
	struct bytes text = { word->text.p, word->text.n };
	bool certain = !r->compounds && !r->chain && !r->defined, number = true;

	r->ends = false;
	for (size_t i = 0; i < text.n; i++)
		number &= text.p[i] >= '0' && text.p[i] <= '9';
	r->out->chosen |= !word->unknown && (bytes_is(text, "127") || bytes_is(text, "126"));
	r->out->others |= (word->unknown || !number) && !bytes_is(word->raw, "$?");
	r->doubt |= certain || word->unknown || !number || r->out->chosen;
}

static void take_argument(struct reader *r, const struct shell_word *word)
{
	size_t n = shell_name_length(word->raw);

	if (take_assignment(r, word) && r->effect != EFFECT_NAMES)
		return;
	if (r->ends)
		take_status(r, word);
	else if (r->effect == EFFECT_SETS && n == word->raw.n)
		set(r, word->raw, (struct bytes){});
	else if (r->effect == EFFECT_NAMES && n)
		add_function(r, bytes_first(word->raw, bytes_find(word->raw, '=')));
}

static bool starts_by(const struct reader *r, const char *wrapper)
{
	return r->wrapper && !strcmp(r->wrapper->name, wrapper);
}

static void take_command(struct reader *r, const struct shell_word *word)
{
	const struct shell_wrapper *wrapper;
	enum shell_kind kind = r->text.world->kind;
	struct bytes name = kept(r, word);
	enum shell_effect effect = EFFECT_NONE;
	bool function;

	if (word->unknown) {
		r->out->complete = false;
		leave(r);
		return;
	}
	/* One that is nothing after all is no word. */
	if (!name.n && !word->quoted)
		return;
	/* `command` goes past functions, `builtin` past files. */
	function = !starts_by(r, "command") && is_function(r, name);
	if (function || shell_has(name, kind, &effect) || starts_by(r, "builtin")) {
		r->out->others |= function || starts_by(r, "builtin");
		take_builtin(r, effect);
		return;
	}
	wrapper = shell_wrapper(name, kind);
	if (wrapper) {
		if (!wrapper->shells)
			add_command(r, name);
		r->wrapper = wrapper;
		r->operands = wrapper->operands;
		return;
	}
	add_command(r, name);
	r->doubt |= starts_by(r, "exec");
	leave(r);
}

static void close_word(struct reader *r)
{
	leave(r);
	r->closed = true;
}

/* "for NAME", "function NAME" */
static void take_named(struct reader *r, bool loop)
{
	struct shell_word name;

	shell_skip_blanks(&r->text);
	shell_read_word(&r->text, &name);
	r->text.over |= !name.text.n;
	if (loop) {
		r->compounds++;
		set(r, kept(r, &name), (struct bytes){});
		leave(r);
	} else {
		add_function(r, kept(r, &name));
		r->defined = true;
	}
	buffer_free(&name.text);
}

/* Words of the shell's own, where they are not quoted. */
static bool take_reserved(struct reader *r, const struct shell_word *word)
{
	struct bytes text = { word->text.p, word->text.n };
	bool known = !word->quoted && !r->wrapper;
	enum shell_reserved reserved = known ? shell_reserved(text, r->text.world->kind) : RESERVED_NOT;

	r->compounds += reserved == RESERVED_BEGINS;
	r->compounds -= reserved == RESERVED_ENDS && r->compounds;
	r->text.over |= reserved == RESERVED_HARD;
	if (reserved == RESERVED_CLOSES || reserved == RESERVED_ENDS)
		close_word(r);
	else if (reserved == RESERVED_LOOPS || reserved == RESERVED_DEFINES)
		take_named(r, reserved == RESERVED_LOOPS);
	else if (reserved == RESERVED_TIMES)
		shell_skip_if(&r->text, "-p ");
	return reserved != RESERVED_NOT;
}

/* "name()" */
static bool take_definition(struct reader *r, const struct shell_word *word)
{
	if (!shell_skip_if(&r->text, "()") && !shell_skip_if(&r->text, "( )"))
		return false;
	add_function(r, kept(r, word));
	r->defined = true;
	return true;
}

/* "export A=b" is as good as that without. */
static void take_word(struct reader *r)
{
	struct shell_word word;

	shell_read_word(&r->text, &word);
	if (shell_names_descriptor(&r->text, &word)) {
		;
	} else if (r->closed) {
		r->closed = false;
		r->command = true;
		r->text.over |= !take_reserved(r, &word);
	} else if (!r->command) {
		take_argument(r, &word);
	} else if (r->wrapper && take_option(r, &word)) {
		;
	} else if (!take_assignment(r, &word) && !take_reserved(r, &word) && !take_definition(r, &word)) {
		take_command(r, &word);
	}
	buffer_free(&word.text);
}

/* --- separators --- */

/* ((...)): arithmetic, but in dash. */
static bool take_arithmetic(struct reader *r)
{
	if (is_dash(r) || !bytes_begins(shell_rest(&r->text), "(("))
		return false;
	r->text.at++;
	shell_skip_balanced(&r->text, '(', ')');
	r->out->complete = false;
	close_word(r);
	return true;
}

static void open_subshell(struct reader *r)
{
	if (!r->command || r->wrapper || r->depth == DEPTH_MAX) {
		r->text.over = true;
		return;
	}
	r->outer[r->depth++] = r->directory;
}

/* What was set in it is gone. */
static void close_subshell(struct reader *r)
{
	if (!r->depth) {
		r->text.over = true;
		return;
	}
	r->directory = r->outer[--r->depth];
	for (size_t i = 0; i < r->text.n_settings; i++)
		if (r->text.settings[i].depth > r->depth)
			r->text.settings[i].value = (struct bytes){};
}

/* Behind a list of && and || nobody knows which of it was done. */
static void end_list(struct reader *r)
{
	for (size_t i = 0; i < r->text.n_settings; i++)
		if (r->text.settings[i].chained)
			r->text.settings[i].value = (struct bytes){};
	r->chain = false;
}

static void end_command(struct reader *r)
{
	/* exit without a status passes on that of what came before. */
	r->doubt |= r->ends;
	r->ends = false;
	/* There was no command for which it was to hold. */
	if (r->command && r->path.p)
		set(r, bytes_of("PATH"), r->path);
	r->command = true;
	r->closed = false;
	r->wrapper = NULL;
	r->skip = false;
	r->effect = EFFECT_NONE;
	r->path = (struct bytes){};
}

static void take_separator(struct reader *r)
{
	char c = shell_peek(&r->text, 0);
	bool twice = c == shell_peek(&r->text, 1);

	if (c == '(') {
		if (take_arithmetic(r))
			return;
		open_subshell(r);
	}
	end_command(r);
	if (c == ')') {
		close_subshell(r);
		close_word(r);
	}
	if (strchr("&|", c) && twice)
		r->chain = true;
	else if (strchr(";\n&", c))
		end_list(r);
	r->text.at += strchr("&|", c) && twice ? 2 : 1;
	r->text.at += c == '|' && !twice && shell_peek(&r->text, 0) == '&';
}

static void take_next(struct reader *r)
{
	char c = shell_peek(&r->text, 0);

	if (!c) {
		r->text.over = true;
	} else if (shell_redirects(&r->text)) {
		r->out->complete &= !shell_skip_redirection(&r->text);
	} else if (strchr("\n;&|()", c)) {
		take_separator(r);
	} else if (c == '#') {
		r->text.at += bytes_find(shell_rest(&r->text), '\n');
	} else {
		take_word(r);
	}
}

/* What is relative is looked for from where the shell is at the end, if that is where it was. */
static void settle(struct reader *r)
{
	struct bytes own = r->text.world->value(r->text.world->context, bytes_of("PATH"));

	for (size_t i = 0; i < r->out->n; i++) {
		struct shell_command *command = &r->out->v[i];
		bool direct = bytes_has(command->name, '/');
		bool relative =
			direct ? command->name.p[0] != '/' : search_is_relative(command->path.p ? command->path : own);

		command->moved = relative && command->directory != r->directory;
	}
}

static void read_all(struct reader *r, struct bytes in)
{
	struct shell_text *t = &r->text;
	size_t before;

	t->in = in;
	t->at = 0;
	t->over = false;
	r->command = true;
	for (shell_skip_blanks(t); t->at < t->in.n && !t->over; shell_skip_blanks(t)) {
		before = t->at;
		take_next(r);
		t->over |= t->at == before;
	}
	end_command(r);
	r->out->complete &= !t->over && !t->hidden;
	r->out->chosen |= t->asks || shell_says_status(shell_rest(t));
}

/* $(...): by another shell, at some time before the end. What variables had then, and where that was, is not known. */
static void read_nested(struct reader *r, struct bytes in)
{
	for (size_t i = 0; i < r->text.n_settings; i++)
		r->text.settings[i].value = (struct bytes){};
	r->directory = r->directories ? ++r->directories : 0;
	r->compounds = 1;
	r->depth = 0;
	read_all(r, in);
}

void shell_read(struct arena *arena, struct bytes text, const struct shell_world *world, struct shell_commands *out)
{
	struct reader r = { .text = { .arena = arena, .world = world }, .out = out };
	unsigned int directory;

	*out = (struct shell_commands){ .complete = true };
	out->v = arena_alloc(arena, COMMANDS_MAX * sizeof(*out->v));
	read_all(&r, text);
	out->moves = r.directories;
	directory = r.directory;
	for (size_t i = 0; i < r.text.n_nested; i++)
		read_nested(&r, r.text.nested[i]);
	r.directory = directory;
	settle(&r);
}
