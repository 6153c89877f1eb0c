/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a shell would look for when it is given a text, as `sh -c`: the words that stand where commands stand. Nothing
 * is executed; what only executing tells is left out, and said to be. Bytes in, facts out.
 */
#ifndef EXECFAIL_SHELL_H
#define EXECFAIL_SHELL_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/bytes.h"

/* Whose words they are: bits. */
enum shell_kind {
	SHELL_DASH = 1 << 0,
	SHELL_BASH = 1 << 1,
	SHELL_OTHER = 1 << 2, /* ksh, zsh, busybox: which have more words than are known here */
};

struct shell_command {
	struct bytes name; /* quotes and variables resolved */
	struct bytes path; /* the PATH that the text sets for it; p NULL: the shell's own */
	bool sure; /* it is looked for, whatever else the text's commands do, unless it ends before */
	bool moved; /* a name with a slash that is relative, where the directory is another at the end: from where is not known */
	unsigned int directory; /* number of the directory that it is looked for in */
};

/* In the arena. */
struct shell_commands {
	struct shell_command *v; /* neither what the shell does itself, nor functions of the text */
	size_t n;
	bool complete; /* these are all that there are */
	bool moves; /* it goes to another directory */
	bool chosen; /* the text itself ends it with such a status: exit 127, exit 126, ${UNSET:?} */
	bool others; /* what the shell does itself may also end it with 127: wait, set -u, a trap */
};

/* What the text meets. value: of a variable; p NULL: it is not set. */
struct shell_world {
	struct bytes (*value)(void *context, struct bytes name);
	void *context;
	enum shell_kind kind;
};

void shell_read(struct arena *arena, struct bytes text, const struct shell_world *world,
		struct shell_commands *commands);

/* Whether a program is one: sh, bash, dash, ksh, zsh, ash, busybox' sh; by its name alone. */
bool shell_is(struct bytes program);

/* By its own name, not by that of a link to it: sh may be any. */
enum shell_kind shell_kind(struct bytes program);

#endif
