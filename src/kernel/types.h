/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's types. There are some 150,000, and libbpf goes through all of them for each that the programs ask for,
 * which took longer than anything else at the start: so it is given those alone that are asked for, and what they are
 * made of.
 */
#ifndef EXECFAIL_TYPES_H
#define EXECFAIL_TYPES_H

#include <stdbool.h>
#include <stdint.h>

struct btf;

struct types {
	struct btf *all; /* NULL: this kernel does not tell */
	uint32_t *named; /* functions and structs: their numbers in all, in places that their names tell; NULL: not looked up yet */
	char *path; /* a file with those that are asked for, once types_ask() has been told; NULL: libbpf is to take all */
	int fd; /* of that file; -1: none */
	bool asked; /* they are in the file */
};

/* To be ended by types_close(), also where there is nothing. */
void types_open(struct types *types);
void types_close(struct types *types);

/* asked: the types that the programs were compiled with. Those of the first call count. 0 or -errno. */
int types_ask(struct types *types, const struct btf *asked);

/* The number of a function that can be traced, or of a struct; 0: there is none of that name. */
uint32_t types_function(struct types *types, const char *name);
uint32_t types_struct(struct types *types, const char *name);

/*
 * Those of all whose names `asked` has (without the ___flavor), with their members; of pointers only where they are to
 * functions, or to what is there anyway. To be freed with btf__free(); NULL with errno.
 */
struct btf *types_cut(const struct btf *all, const struct btf *asked);

#endif
