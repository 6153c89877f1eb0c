/* SPDX-License-Identifier: GPL-2.0-only */
/* The words of a shell's text: quotes, and the variables in them. */
#ifndef EXECFAIL_SHELL_WORD_H
#define EXECFAIL_SHELL_WORD_H

#include "base/buffer.h"
#include "look/shell.h"

enum { SHELL_NAMES_MAX = 64 }; /* functions, and variables that the text sets */

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
	bool asks; /* for a variable that has to be set, and is not */
	struct shell_setting settings[SHELL_NAMES_MAX];
	size_t n_settings;
};

struct bytes shell_rest(const struct shell_text *text);
/* '\0' at the end. */
char shell_peek(const struct shell_text *text, size_t ahead);
void shell_skip_blanks(struct shell_text *text);
/* Behind what has to be balanced, quotes in it heeded; the opening one has been passed. */
void shell_skip_balanced(struct shell_text *text, char open, char close);
/* To be ended by buffer_free(&word->text). */
void shell_read_word(struct shell_text *text, struct shell_word *word);

/* How long the name of a variable is that it begins with. */
size_t shell_name_length(struct bytes in);
struct shell_setting *shell_setting(struct shell_text *text, struct bytes name);
void shell_set(struct shell_text *text, const struct shell_setting *setting);

#endif
