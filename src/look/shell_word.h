/* SPDX-License-Identifier: GPL-2.0-only */
/* The words of a shell's text: quotes, the variables in them, and redirections. */
#ifndef EXECFAIL_SHELL_WORD_H
#define EXECFAIL_SHELL_WORD_H

#include "base/buffer.h"
#include "look/shell.h"

enum {
	SHELL_NAMES_MAX = 64, /* functions, and variables that the text sets */
	SHELL_NESTED_MAX = 16,
	SHELL_VALUES_MAX = 256 * 1024, /* bytes of the variables that it names: A=$A$A doubles each time */
};

struct shell_word {
	struct buffer text; /* without quotes */
	struct bytes raw;
	bool quoted; /* a part of it is */
	bool unknown; /* it takes running it to know it */
};

/* What was set by the text; value p NULL: to something that is not known. */
struct shell_setting {
	struct bytes name;
	struct bytes value;
	unsigned int depth; /* of the subshell that it holds in */
	bool chained; /* it holds as long as the list of && and || that it is in */
};

struct shell_text {
	struct arena *arena;
	struct bytes in;
	size_t at;
	const struct shell_world *world;
	bool over; /* what follows cannot be read */
	bool hidden; /* it has others that are not in nested */
	struct bytes nested[SHELL_NESTED_MAX]; /* $(...): texts of other shells */
	size_t n_nested;
	bool asks; /* for a variable that has to be set, and is not */
	struct shell_setting settings[SHELL_NAMES_MAX];
	size_t n_settings;
	size_t values; /* bytes, so far */
};

struct bytes shell_rest(const struct shell_text *text);
/* '\0' at the end. */
char shell_peek(const struct shell_text *text, size_t ahead);
void shell_skip_blanks(struct shell_text *text);
/* Blanks, and then that, if it is what comes. */
bool shell_skip_if(struct shell_text *text, const char *what);
/* Behind what has to be balanced, quotes in it heeded; the opening one has been passed. */
void shell_skip_balanced(struct shell_text *text, char open, char close);
/* Whether one of < and > is next, or what stands before it: "2>", "&>". */
bool shell_redirects(const struct shell_text *text);
/*
 * ">file", "2>&1", "<<<word"; of a text that follows (<<) the end is not looked for. True: another shell does a part of
 * it, <(...), which is not looked into.
 */
bool shell_skip_redirection(struct shell_text *text);
/* "{NAME}" in front of a redirection. */
bool shell_names_descriptor(const struct shell_text *text, const struct shell_word *word);
/* "exit 127", "return 126", wherever they stand. */
bool shell_says_status(struct bytes in);
/* To be ended by buffer_free(&word->text). */
void shell_read_word(struct shell_text *text, struct shell_word *word);

/* How long the name of a variable is that it begins with. */
size_t shell_name_length(struct bytes in);
/* "name=", "name+=", "name[0]=", where that of the name is known: how long; 0: it is none. */
size_t shell_assignment_length(struct bytes raw, size_t name);
struct shell_setting *shell_setting(struct shell_text *text, struct bytes name);
void shell_set(struct shell_text *text, const struct shell_setting *setting);

#endif
