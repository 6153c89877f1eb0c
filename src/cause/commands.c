// SPDX-License-Identifier: GPL-2.0-only
#include "cause/commands.h"

#include "look/search.h"
#include "look/shell.h"

/* An option with a word of its own behind it: of letters the last, as in -eo pipefail. */
static bool takes_word(struct bytes option)
{
	if (bytes_begins(option, "--"))
		return bytes_is(option, "--rcfile") || bytes_is(option, "--init-file");
	return bytes_ends(option, "o") || bytes_ends(option, "O");
}

static bool is_option(struct bytes word)
{
	return word.n > 1 && (word.p[0] == '-' || word.p[0] == '+');
}

/* What the options of a shell say. */
struct shell_options {
	bool text; /* -c */
	bool input; /* -s */
	bool prepared; /* -l, -i: files of its own come first */
	bool stops; /* -e, -u: not all of the text need have been reached */
};

static void take_option(struct shell_options *options, struct bytes word)
{
	bool plain = word.p[0] == '-' && word.p[1] != '-';

	if (bytes_is(word, "--login"))
		options->prepared = true;
	for (size_t i = 1; plain && i < word.n; i++) {
		options->text |= word.p[i] == 'c';
		options->input |= word.p[i] == 's';
		options->prepared |= word.p[i] == 'l' || word.p[i] == 'i';
		options->stops |= word.p[i] == 'e' || word.p[i] == 'u';
	}
}

/* Behind the options, as shells read them. */
static size_t skip_options(const struct bytes_list *words, size_t i, struct shell_options *options)
{
	for (; i < words->n && is_option(words->v[i]); i++) {
		if (bytes_is(words->v[i], "--"))
			return i + 1;
		take_option(options, words->v[i]);
		i += takes_word(words->v[i]);
	}
	return i + (i < words->n && bytes_is(words->v[i], "-"));
}

/* Where the arguments of a shell begin; 0: of busybox, another of its programs. */
static size_t first_argument(const struct bytes_list *words)
{
	if (!bytes_is(bytes_base(words->v[0]), "busybox"))
		return shell_is(words->v[0]) ? 1 : 0;
	return words->n > 1 && shell_is(words->v[1]) ? 2 : 0;
}

/* What it was told, where that is in its arguments: a text or the path of a script. */
static struct bytes told(struct facts *f, struct commands *c, struct shell_options *options)
{
	const struct bytes_list *words = &f->event->arguments;
	bool busybox = bytes_is(bytes_base(f->event->exe), "busybox");
	size_t i;

	c->told = SHELL_UNKNOWN;
	if (!words->known || !words->n)
		return (struct bytes){};
	i = first_argument(words);
	if (!i && busybox)
		c->told = SHELL_NONE;
	if (!i && busybox)
		return (struct bytes){};
	options->prepared = bytes_begins(words->v[0], "-");
	i = skip_options(words, i ?: 1, options);
	if (i >= words->n || (options->input && !options->text)) {
		c->told = options->text ? SHELL_UNKNOWN : SHELL_INPUT;
		return (struct bytes){};
	}
	c->told = options->text ? SHELL_TEXT : SHELL_SCRIPT;
	return words->v[i];
}

static struct bytes value_of(void *context, struct bytes name)
{
	const struct facts *f = context;

	return event_variable(f->event, arena_printf(f->arena, "%.*s=", (int)name.n, name.p));
}

enum { SCRIPT_MAX = 64 * 1024 };

/* What is relative is looked for from where the shell is at the end: another file, or none, if it has gone there. */
static void find_script(struct facts *f, struct commands *c, struct subject *s)
{
	struct bytes name = bytes_first(bytes_base(c->script), RECORD_COMM - 1);
	enum obstacle obstacle = bytes_begins(c->script, "/") ? facts_obstacle(f, s) : OBSTACLE_UNSEEN;

	/* The kernel has executed it where the process has its name. */
	c->opened = bytes_same(name, f->event->comm) || (obstacle != OBSTACLE_UNSEEN && obstacle != OBSTACLE_MISSING);
	c->absent = !c->opened && obstacle == OBSTACLE_MISSING;
}

/* Of who may read it, as the shell had to. p NULL: it cannot be read. */
static struct bytes read_script(struct facts *f, struct commands *c)
{
	struct subject *s = facts_subject(f, ROLE_PROGRAM, c->script, NULL);
	char *room = arena_alloc(f->arena, SCRIPT_MAX);
	ssize_t n;

	if (!s)
		return (struct bytes){};
	find_script(f, c, s);
	n = facts_read(f, s, 0, room, SCRIPT_MAX);
	return n < 0 ? (struct bytes){} : (struct bytes){ room, (size_t)n };
}

/* What of a text was found out. */
struct reading {
	struct commands *c;
	bool sure; /* one of those that are missing was looked for */
	bool only; /* all that it names are missing */
	bool chosen; /* it ends itself with such a status */
};

static void add_missing(struct commands *c, const struct shell_command *command)
{
	if (c->n_missing < COMMANDS_NAMED)
		c->missing[c->n_missing] = command->name;
	if (command->path.p)
		c->path_of_missing = command->path;
	c->n_missing++;
}

static void look_for(struct facts *f, struct reading *reading, const struct shell_command *command)
{
	const struct look_how how = facts_how(f);
	struct commands *c = reading->c;
	struct bytes found = {};
	enum search_result result = SEARCH_UNSEEN;

	/* Of one behind a cd it is not known where. */
	if (!command->moved)
		result = search_path(&how, f->caller, command->path.p ? command->path : c->path, command->name, &found);
	c->all_there &= result == SEARCH_PROGRAM;
	reading->only &= result <= SEARCH_DENIED;
	if (result == SEARCH_REFUSED && (command->sure || !reading->chosen))
		c->refused = found;
	if (result > SEARCH_DENIED)
		return;
	c->denied |= result == SEARCH_DENIED;
	reading->sure |= command->sure;
	add_missing(c, command);
}

static bool is_forked(const struct facts *f)
{
	return f->event->seen & SEEN_FORKED;
}

/* What was found, where the shell may have met something else. */
static void weigh(struct facts *f, const struct reading *reading, const struct shell_commands *commands)
{
	struct commands *c = reading->c;
	bool script = c->told == SHELL_SCRIPT;
	bool known = !(f->event->cut & (1u << PART_ARGUMENTS | 1u << PART_ENVIRONMENT)) &&
		     f->event->environment.known && !c->prepared && shell_kind(f->event->exe) != SHELL_OTHER;
	bool only = reading->only && commands->complete && !commands->others && !commands->chosen;

	c->read = true;
	c->whole = commands->complete;
	c->all_there &= known && c->whole && f->view;
	c->says = commands->chosen;
	/* Most of these are for a command, and few to end so. */
	c->chosen = c->says && !reading->sure && !(is_forked(f) && c->n_missing);
	c->unseen = !f->view && !c->chosen;
	/* A script goes on behind a command that it does not find. */
	c->guess = c->unseen || script || !known || (!reading->sure && !only);
}

static void read_text(struct facts *f, struct commands *c, struct bytes text, const struct shell_options *options)
{
	const struct shell_world world = { value_of, f, shell_kind(f->event->exe) };
	struct reading reading = { .c = c, .only = true };
	struct shell_commands commands = {};

	shell_read(f->arena, text, &world, &commands);
	/* From there it is another file, or none. */
	if (c->told == SHELL_SCRIPT && commands.moves && !bytes_begins(c->script, "/"))
		return;
	c->all_there = true;
	reading.chosen = commands.chosen;
	for (size_t i = 0; i < commands.n && f->view; i++)
		look_for(f, &reading, &commands.v[i]);
	/* A child that the shell forked has the same text, and does a part of it. */
	if (options->stops || is_forked(f))
		reading.sure = false;
	weigh(f, &reading, &commands);
	for (size_t i = 0; c->unseen && i < commands.n; i++)
		add_missing(c, &commands.v[i]);
}

/* Files that it reads before: what they do to PATH, and which functions they have, is not seen. */
static bool is_prepared(struct facts *f, const struct shell_options *options)
{
	enum shell_kind kind = shell_kind(f->event->exe);
	struct bytes name = f->event->arguments.n ? bytes_base(f->event->arguments.v[0]) : (struct bytes){};
	bool remote = event_variable(f->event, "SSH_CLIENT=").p || event_variable(f->event, "SSH2_CLIENT=").p;

	if (options->prepared || bytes_is(bytes_base(f->event->exe), "zsh"))
		return true;
	return kind == SHELL_BASH && !bytes_is(name, "sh") && (remote || event_variable(f->event, "BASH_ENV=").n);
}

const struct commands *facts_commands(struct facts *f)
{
	struct commands *c = f->commands;
	struct shell_options options = {};
	struct bytes text;

	f->user = true;
	if (c)
		return c;
	c = arena_alloc(f->arena, sizeof(*c));
	*c = (struct commands){ .path = event_variable(f->event, "PATH=") };
	f->commands = c;
	if (!c->path.p)
		c->path = bytes_of(SEARCH_USUAL);
	c->path_of_missing = c->path;
	if (!shell_is(f->event->exe) && !(f->event->arguments.n && shell_is(f->event->arguments.v[0])))
		return c;
	text = told(f, c, &options);
	c->prepared = is_prepared(f, &options);
	if (c->told == SHELL_SCRIPT) {
		c->script = text;
		text = read_script(f, c);
	}
	if (text.p && c->told != SHELL_UNKNOWN && c->told != SHELL_INPUT)
		read_text(f, c, text, &options);
	return c;
}
