/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The libraries that a program's loader would look for, looked for as it does: _dl_map_object() and
 * _dl_map_object_deps() (elf/dl-load.c, elf/dl-deps.c), _dl_check_map_versions() (elf/dl-version.c) of glibc,
 * load_library() (ldso/dynlink.c) of musl. Nothing is executed. Strings live in the arena.
 */
#ifndef EXECFAIL_LIBRARIES_H
#define EXECFAIL_LIBRARIES_H

#include "look/elffile.h"
#include "look/look.h"

/* What a loader stops at. */
enum library_fault {
	LIBRARY_FINE,
	LIBRARY_UNSEEN, /* it could not be looked at */
	LIBRARY_MISSING,
	LIBRARY_UNREADABLE,
	LIBRARY_NOEXEC, /* where it lies nothing may be executed */
	LIBRARY_INVALID, /* no ELF file, or a damaged one */
	LIBRARY_WRONG_MACHINE,
	LIBRARY_CPU,
	LIBRARY_VERSION, /* it lacks a version that is asked for */
};

/* Who says that it is looked for there. */
enum library_place {
	PLACE_RPATH,
	PLACE_RUNPATH,
	PLACE_VARIABLE, /* LD_LIBRARY_PATH */
	PLACE_CACHE, /* ld.so.cache, a file */
	PLACE_DEFAULT,
};

struct library_looked {
	enum library_place place;
	struct bytes directory;
};

struct library_problem {
	enum library_fault fault;
	struct bytes name; /* as it is asked for; of what the program itself lacks, its path */
	struct bytes asker; /* the path of who asks for it; p NULL: it is the program itself */
	struct bytes path; /* the file that will not do; p NULL: there is none */
	const char *what; /* INVALID: "is empty", static */
	struct elf_header header; /* WRONG_MACHINE: of that file; what is wanted is the answer's */
	struct bytes version; /* VERSION: that is asked for */
	struct bytes newest; /* ... and the last of its kind that there is; p NULL: none */
	uint32_t isa; /* CPU: what it needs */
	struct bytes mount; /* NOEXEC: where the file system is mounted; p NULL: unknown */
	const struct library_looked *looked; /* where it was looked for, in that order */
	size_t n_looked;
	bool ignored; /* it is where LD_LIBRARY_PATH says, which is not heeded as the program is started with others' rights */
};

struct library_answer {
	const struct library_problem *problems; /* the first is what the loader stops at */
	size_t n;
	bool unsure; /* what could not be looked at may be another */
	struct elf_header program;
};

/* What a loader goes by beside files. */
struct libraries_how {
	const struct look_how *look; /* links at the end are followed */
	const struct caller *caller;
	struct bytes library_path; /* LD_LIBRARY_PATH; p NULL: it is not set */
	bool secure; /* AT_SECURE: the environment is not heeded */
	uint32_t cpu; /* cpu_levels(); 0: nothing is asked of the processor */
};

/*
 * The files that were seen, for as long as they can be taken to be the same, of one root and one caller. Lives in the
 * arena.
 */
struct libraries;

struct libraries *libraries_new(struct arena *arena);

/*
 * program: its path with no links in it, from the caller's root. loader: as the program names it. What is no program
 * for a loader that is known has no problems.
 */
void libraries_try(struct libraries *libraries, const struct libraries_how *how, struct bytes program,
		   struct bytes loader, struct library_answer *answer);

#endif
