/* SPDX-License-Identifier: GPL-2.0-only */
/* The words of a text for a shell, and the variables in them. */
#ifndef EXECFAIL_SHELL_WORDS_H
#define EXECFAIL_SHELL_WORDS_H

#include "base/buffer.h"
#include "look/shell.h"

enum {
	SHELL_NAMES_MAX = 64, /* functions, and variables that the text sets */
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
	struct setting settings[SHELL_NAMES_MAX];
	size_t n_settings;
	struct bytes functions[SHELL_NAMES_MAX];
	size_t n_functions;
	unsigned int changes; /* of directory */
};

/* Of the name that the bytes begin with; 0: with none. */
size_t shell_name_length(struct bytes in);

struct bytes shell_rest(const struct reader *reader);

/* '\0' at the end. */
char shell_peek(const struct reader *reader, size_t ahead);

void shell_skip_blanks(struct reader *reader);

/* NULL: the text has not set it. */
struct setting *shell_setting(struct reader *reader, struct bytes name);
void shell_set(struct reader *reader, struct bytes name, struct bytes value);

/* To be ended by buffer_free(&word->text). */
void shell_word(struct reader *reader, struct word *word);

#endif
