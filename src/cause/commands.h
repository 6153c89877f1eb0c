/* SPDX-License-Identifier: GPL-2.0-only */
/* What a shell that ended with 126 or 127 was to run, and what of it is not there. */
#ifndef EXECFAIL_COMMANDS_H
#define EXECFAIL_COMMANDS_H

#include "cause/facts.h"

/* How a shell was told what to do. */
enum shell_told {
	SHELL_NONE, /* it is no shell */
	SHELL_UNKNOWN, /* by arguments that could not be read */
	SHELL_TEXT, /* -c */
	SHELL_SCRIPT, /* a file */
	SHELL_INPUT, /* by its standard input, or a person */
};

enum { COMMANDS_NAMED = 4 };

struct commands {
	enum shell_told told;
	struct bytes script; /* with SHELL_SCRIPT */
	bool opened; /* it was there */
	bool absent; /* there is none */
	struct bytes path; /* the PATH of the shell */
	struct bytes path_of_missing; /* that which the last of them was looked for in, as the text may set another */
	struct bytes missing[COMMANDS_NAMED]; /* that no directory of PATH has, the first of them */
	size_t n_missing; /* of all */
	struct bytes refused; /* the file of one that nobody may execute, or not this user; p NULL: none */
	bool read; /* the text, or the script, as far as it can be: what follows is of it */
	bool whole; /* to its end, with all that it names */
	bool all_there; /* everything that the text names is there, and nothing else can have been looked for */
	bool denied; /* there are directories that the caller may not enter among those */
	bool unseen; /* nothing could be looked at: what is missing is all that the text names */
	bool guess; /* it need not be those */
	bool says; /* the text itself can end it so: `exit 127`, ${UNSET:?} */
	bool chosen; /* ... and nothing tells that any of them was looked for */
	bool prepared; /* files of its own came before, which may have set another PATH: of a login, BASH_ENV, ~/.zshenv */
};

/* Once, in the facts' arena; never NULL. Looks at directories of PATH. */
const struct commands *facts_commands(struct facts *facts);

#endif
