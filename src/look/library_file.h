/* SPDX-License-Identifier: GPL-2.0-only */
/* Files that are asked for as libraries, as they are to whoever asks: each is looked at once. */
#ifndef EXECFAIL_LIBRARY_FILE_H
#define EXECFAIL_LIBRARY_FILE_H

#include "look/dynamic.h"
#include "look/libraries.h"
#include "look/linker.h"

/* A file that was asked for as a library, as it is to whoever asks. */
struct library {
	struct library *next; /* in its slot */
	struct bytes path;
	enum library_fault fault;
	const char *what;
	struct bytes mount;
	dev_t dev;
	uint64_t ino;
	struct dynamic dynamic;
};

enum { LIBRARY_SLOTS = 1024 };

struct libraries {
	struct arena *arena;
	struct library *slots[LIBRARY_SLOTS];
	struct {
		struct bytes name; /* p NULL: none was read yet */
		struct linker linker;
		struct bytes cache; /* the text of ld.so.cache */
	} last; /* the loader that most programs have */
};

/* What a path is. */
const struct library *library_at(struct libraries *libraries, const struct libraries_how *how, struct bytes path);

/* All of a file, or its beginning; p NULL: it cannot be read. */
struct bytes library_text(struct libraries *libraries, const struct libraries_how *how, struct bytes path, size_t max);

#endif
