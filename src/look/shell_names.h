/* SPDX-License-Identifier: GPL-2.0-only */
/* Words that shells know without looking for a file. */
#ifndef EXECFAIL_SHELL_NAMES_H
#define EXECFAIL_SHELL_NAMES_H

#include "look/shell.h"

/* What else than doing it is of interest. */
enum shell_effect {
	EFFECT_NONE,
	EFFECT_MOVES, /* to another directory */
	EFFECT_READS, /* other words, which are not seen */
	EFFECT_SETS, /* the variables that are named behind it */
	EFFECT_NAMES, /* what is behind it is a command from now on: NAME, or NAME=... */
	EFFECT_ENDS, /* the shell, or a function, with the status behind it */
	EFFECT_OTHERS, /* may end the shell later on, or has a status of 127 of its own */
};

/* Words of the shell's grammar, where a command can stand and where they are not quoted. */
enum shell_reserved {
	RESERVED_NOT,
	RESERVED_OPENS, /* the next word is a command again; behind the others it is not, until the next separator */
	RESERVED_BEGINS, /* the same, and a compound begins */
	RESERVED_CLOSES, /* the next word can only be another of these */
	RESERVED_ENDS, /* the same, and a compound ends */
	RESERVED_TIMES, /* an option may follow, and a command */
	RESERVED_LOOPS, /* a variable's name follows */
	RESERVED_DEFINES, /* a function's */
	RESERVED_HARD, /* what comes then is not followed */
};

/* Programs, and words of the shell's, that start what follows them. */
struct shell_wrapper {
	const char *name;
	unsigned int shells; /* enum shell_kind: of which it is a word of its own; 0: a program */
	const char *with_value; /* options that have one */
	size_t operands; /* words before the command */
};

const struct shell_wrapper *shell_wrapper(struct bytes name, enum shell_kind kind);
bool shell_has(struct bytes name, enum shell_kind kind, enum shell_effect *effect);
enum shell_reserved shell_reserved(struct bytes word, enum shell_kind kind);

/* Whether it is a word of bash's that dash does not know. */
bool shell_is_of_bash(struct bytes name);

#endif
