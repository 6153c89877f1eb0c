/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Arguments and environment. */
#ifndef EXECFAIL_STRINGS_BPF_H
#define EXECFAIL_STRINGS_BPF_H

#include "kernel.bpf.h"

/* How strings are reached from the pointer that strings_copy() is given. */
enum string_source {
	STRINGS_USER, /* an array of user pointers */
	STRINGS_COMPAT, /* an array of 32-bit user pointers */
	STRINGS_KERNEL, /* an array of kernel pointers */
	STRINGS_STACK, /* user memory with one string behind the other */
};

/* A section of that kind, enum section_kind, with up to RECORD_STRINGS_MAX bytes. Counts all, if the kernel did not. */
int strings_copy(u32 slot, u32 kind);
/* SECTION_LONGEST: of all that strings_copy() has measured in this record. */
int strings_longest(u32 slot);

#endif
