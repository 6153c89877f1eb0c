/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Since when something is as it is: by the times of files, and by what the package manager wrote down. Nothing is
 * guessed.
 */
#ifndef EXECFAIL_HISTORY_H
#define EXECFAIL_HISTORY_H

#include "look/look.h"

struct history {
	int64_t changed; /* seconds since 1970; 0: not known, or too long ago to say anything */
	bool removed; /* the package was taken away; else it has the file, and was changed then */
	struct bytes package; /* by dpkg; p NULL: by nobody that is known */
};

/* Of a file: when it was last changed, and by which package that has it. */
void history_of_file(const struct look_how *how, const struct caller *caller, struct bytes path,
		     const struct view_node *node, struct history *history);

/* Of a library that is missing: when the package that would have it was removed. */
void history_of_library(const struct look_how *how, const struct caller *caller, struct bytes library,
			struct history *history);

/* "3 minutes", in the arena. */
const char *history_age(struct arena *arena, int64_t seconds);

#endif
