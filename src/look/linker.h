/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a dynamic loader has of its own: where it looks by itself. Which directories those are differs from distribution
 * to distribution, and is written in the loader's file. Bytes in, facts out.
 */
#ifndef EXECFAIL_LINKER_H
#define EXECFAIL_LINKER_H

#include "base/arena.h"
#include "look/elffile.h"

enum linker_kind {
	LINKER_OTHER, /* how it looks for libraries is not known */
	LINKER_GLIBC,
	LINKER_MUSL,
};

struct linker {
	enum linker_kind kind;
	struct bytes *directories;
	size_t n_directories;
	struct bytes cache; /* the path of ld.so.cache; p NULL: it has none */
	struct bytes config; /* of musl: the file that has other directories */
	const char *lib; /* $LIB */
	bool legacy; /* of glibc before 2.37: it looks into directories that are named after parts of processors, too */
};

/* By its name, as the program asks for it. */
enum linker_kind linker_kind_of(struct bytes name);

/* image: the loader's file, or as much of it as could be read; header: the program's. */
void linker_parse(struct linker *linker, struct arena *arena, struct bytes name, struct bytes image,
		  const struct elf_header *header);

/* Of musl: the text of its config file, which replaces the directories. */
void linker_configure(struct linker *linker, struct arena *arena, struct bytes text);

/*
 * ld.so.cache: the next path that it has for a name, from entry *at on, which is moved behind it; p NULL: there is
 * none. Of which machine that is, it does not say. header: for the byte order.
 */
struct bytes linker_cached(const struct elf_header *header, struct bytes cache, struct bytes name, size_t *at);

#endif
