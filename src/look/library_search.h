/* SPDX-License-Identifier: GPL-2.0-only */
/* Where a loader looks for one library, in its order. */
#ifndef EXECFAIL_LIBRARY_SEARCH_H
#define EXECFAIL_LIBRARY_SEARCH_H

#include "look/library_file.h"

/* One that is loaded, or the program, or the loader. */
struct loaded {
	const struct library *file;
	struct bytes name; /* by which it was asked for */
	const struct loaded *asker;
};

struct search {
	struct libraries *libraries;
	const struct libraries_how *how;
	struct arena *arena;
	const struct elf_header *header; /* the program's */
	struct loaded *loaded;
	size_t n_loaded;
	struct library_problem *problems;
	struct library_answer *answer;

	/* Of the library that is looked for. */
	const char *platform; /* $PLATFORM */
	const struct library *other; /* the first that was passed over */
	struct library_looked *looked;
	size_t n_looked;
};

/* What the loader of that name has of its own: asked before anything is looked for. */
void library_linker(struct search *search, struct bytes name);

/* The file that it takes, or stops at; NULL: none. What was passed over, and where, is noted in the search. */
const struct library *library_find(struct search *search, const struct loaded *asker, struct bytes name);

/* Whether LD_LIBRARY_PATH, which is not heeded, would have led to it. */
bool library_is_ignored(struct search *search, struct bytes name);

#endif
