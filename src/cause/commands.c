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

/* Behind the options, as shells read them: *text, whether one of them was -c. */
static size_t skip_options(const struct bytes_list *words, size_t i, bool *text)
{
	for (; i < words->n && is_option(words->v[i]); i++) {
		struct bytes word = words->v[i];

		if (bytes_is(word, "--"))
			return i + 1;
		if (word.p[0] == '-' && word.p[1] != '-' && bytes_find(word, 'c') < word.n)
			*text = true;
		i += takes_word(word);
	}
	return i;
}

/* What it was told, where that is in its arguments: a text or the path of a script. */
static struct bytes told(struct facts *f, struct commands *c)
{
	const struct bytes_list *words = &f->event->arguments;
	bool text = false;
	size_t i;

	c->told = SHELL_UNKNOWN;
	if (!words->known || !words->n)
		return (struct bytes){};
	i = skip_options(words, bytes_is(bytes_base(words->v[0]), "busybox") ? 2 : 1, &text);
	if (i >= words->n) {
		c->told = text ? SHELL_UNKNOWN : SHELL_INPUT;
		return (struct bytes){};
	}
	c->told = text ? SHELL_TEXT : SHELL_SCRIPT;
	return words->v[i];
}

static struct bytes value_of(void *context, struct bytes name)
{
	const struct facts *f = context;

	return event_variable(f->event, arena_printf(f->arena, "%.*s=", (int)name.n, name.p));
}

static void add_missing(struct commands *c, struct bytes name)
{
	if (c->n_missing < COMMANDS_NAMED)
		c->missing[c->n_missing] = name;
	c->n_missing++;
	c->all_there = false;
}

static void look_for(struct facts *f, struct commands *c, const struct shell_command *command)
{
	const struct look_how how = facts_how(f);
	struct bytes found = {};

	/* Of one behind a cd it is not known where. */
	if (command->moved) {
		c->guess = true;
		return;
	}
	switch (search_path(&how, f->caller, command->path.p ? command->path : c->path, command->name, &found)) {
	case SEARCH_NOTHING:
		add_missing(c, command->name);
		break;
	case SEARCH_REFUSED:
		c->refused = found;
		c->all_there = false;
		break;
	case SEARCH_UNSEEN:
		c->guess = true;
		c->all_there = false;
		break;
	case SEARCH_PROGRAM:
		break;
	}
}

static void read_text(struct facts *f, struct commands *c, struct bytes text)
{
	const struct shell_variables variables = { value_of, f };
	struct shell_commands commands = {};

	shell_read(f->arena, text, &variables, &commands);
	c->guess = !commands.complete || f->event->cut & 1u << PART_ARGUMENTS;
	c->all_there = !c->guess;
	for (size_t i = 0; i < commands.n && f->view; i++)
		look_for(f, c, &commands.v[i]);
	if (f->view)
		return;
	c->all_there = false;
	c->unseen = c->guess = !commands.exits;
	for (size_t i = 0; c->unseen && i < commands.n; i++)
		add_missing(c, commands.v[i].name);
}

const struct commands *facts_commands(struct facts *f)
{
	struct commands *c = f->commands;
	struct bytes text;

	f->user = true;
	if (c)
		return c;
	c = arena_alloc(f->arena, sizeof(*c));
	*c = (struct commands){ .path = event_variable(f->event, "PATH=") };
	f->commands = c;
	if (!c->path.p)
		c->path = bytes_of(SEARCH_USUAL);
	if (!shell_is(f->event->exe) && !(f->event->arguments.n && shell_is(f->event->arguments.v[0])))
		return c;
	text = told(f, c);
	if (c->told == SHELL_TEXT)
		read_text(f, c, text);
	else if (c->told == SHELL_SCRIPT)
		c->script = text;
	return c;
}
