/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a loader reads of an ELF program or library: which others it asks for, which versions of them, which it has
 * itself. Found as a loader does, by program headers; sections may be stripped. Nothing in the file is to be trusted,
 * nor is it read as a whole: what is longer than any that makes sense is left out.
 */
#ifndef EXECFAIL_DYNAMIC_H
#define EXECFAIL_DYNAMIC_H

#include <sys/types.h>

#include "look/elffile.h"

/*
 * Bytes of the file from the byte `at` on: how many were read, fewer than size at its end; negative: it cannot be read.
 */
struct dynamic_source {
	ssize_t (*read)(void *context, uint64_t at, void *to, size_t size);
	void *context;
};

enum dynamic_state {
	DYNAMIC_FINE,
	DYNAMIC_STATIC, /* has no section for a loader */
	DYNAMIC_UNREADABLE,
	DYNAMIC_EMPTY,
	DYNAMIC_SHORT, /* ends within its header */
	DYNAMIC_NO_ELF,
	DYNAMIC_TYPE, /* neither a program nor a library */
	DYNAMIC_DAMAGED,
};

/* A version of a library that is asked for. */
struct dynamic_need {
	struct bytes file; /* the library, as it is asked for */
	struct bytes version;
	bool weak; /* and is done without */
};

/* Lists live in the arena. */
struct dynamic {
	enum dynamic_state state;
	struct elf_header header;
	bool is_position_independent; /* a program that says that it is one: libraries are ET_DYN, too */
	bool has_interpreter;
	bool no_default; /* its libraries are not in the default directories */
	struct bytes soname; /* this and the next two: p NULL: none */
	struct bytes rpath; /* none, too, where there is a runpath */
	struct bytes runpath;
	struct bytes *needed;
	size_t n_needed;
	struct dynamic_need *needs;
	size_t n_needs;
	struct bytes *versions; /* that it has */
	size_t n_versions;
	bool versions_known; /* it has a list of them, which was read to its end */
	uint32_t isa; /* GNU_PROPERTY_X86_ISA_1_NEEDED; 0: none */
};

/* Fills in all of it, as far as the state goes. */
void dynamic_read(struct dynamic *dynamic, struct arena *arena, const struct dynamic_source *source);

/* Whether somebody made it to be executed, rather than to be loaded by others. */
bool dynamic_is_program(const struct dynamic *dynamic);

#endif
