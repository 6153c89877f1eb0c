/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a shell would look for when it is given a text, as `sh -c`: the words that stand where commands stand. Nothing is
 * executed; what only executing tells is left out, and said to be. Bytes in, facts out.
 */
#ifndef EXECFAIL_SHELL_H
#define EXECFAIL_SHELL_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/bytes.h"

struct shell_command {
	struct bytes name; /* quotes and variables resolved */
	struct bytes path; /* the PATH that the text sets for it; p NULL: the shell's own */
	bool moved; /* a name with a slash that is relative, before the directory is changed: from where is not known */
	unsigned int changes; /* how often the text changes the directory before it */
};

/* In the arena. */
struct shell_commands {
	struct shell_command *v; /* neither what the shell does itself, nor functions of the text */
	size_t n;
	bool complete; /* these are all that there are */
	bool exits; /* it may end as it likes: exit */
};

/* The values of variables. p NULL: it is not set. context: the caller's. */
struct shell_variables {
	struct bytes (*value)(void *context, struct bytes name);
	void *context;
};

void shell_read(struct arena *arena, struct bytes text, const struct shell_variables *variables,
		struct shell_commands *commands);

/* Whether a program is one: sh, bash, dash, ksh, zsh, ash, busybox' sh; by its name alone. */
bool shell_is(struct bytes program);

#endif
