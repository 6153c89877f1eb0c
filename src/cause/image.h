/* SPDX-License-Identifier: GPL-2.0-only */
/* ELF files among the facts: what load_elf_binary() (fs/binfmt_elf.c) says to them, and to their segments. */
#ifndef EXECFAIL_IMAGE_H
#define EXECFAIL_IMAGE_H

#include "cause/facts.h"

/* What of the file is not as it must be. Of several, the one that says most. */
enum image_fault {
	IMAGE_FINE,
	IMAGE_UNSEEN, /* not an ELF file, or not all could be seen that would have to be */
	IMAGE_TRUNCATED, /* the header, or the table of program headers, is beyond the end of the file */
	IMAGE_OBJECT, /* what a compiler makes of one source file */
	IMAGE_CORE, /* a core dump */
	IMAGE_OTHER_TYPE,
	IMAGE_OTHER_MACHINE,
	IMAGE_NO_MACHINE, /* the header names none */
	IMAGE_BAD_CLASS, /* 64-bit headers, of a machine that has 32 bits */
	IMAGE_BAD_TABLE, /* of program headers, or the class is neither 32 nor 64 bits */
	IMAGE_MANY_HEADERS, /* program headers that make sense, but are more than this kernel takes */
	IMAGE_BAD_LOADER_NAME,
	IMAGE_LOADER_NAME_CUT, /* beyond the end of the file */
};

/*
 * What the kernel would say before it opens the loader: load_elf_binary(), load_elf_phdrs(). loader: the name of that,
 * where the answer is IMAGE_FINE; p NULL: there is none.
 */
enum image_fault image_check(struct facts *facts, struct subject *subject, struct bytes *loader);

/* The same of a loader, which must be for the same machine as the file that names it. IMAGE_FINE: it is taken. */
enum image_fault image_check_loader(struct facts *facts, struct subject *subject);

/* "an object file, not linked", static; NULL for IMAGE_FINE and IMAGE_UNSEEN. */
const char *image_fault_name(enum image_fault fault);

/* The errno, positive, for a program; a loader's is another. 0 for IMAGE_FINE, EAGAIN for IMAGE_UNSEEN. */
int image_error(enum image_fault fault);

/* What of the segments the kernel cannot map. */
enum segment_fault {
	SEGMENT_FINE,
	SEGMENT_SIZES, /* more in the file than in memory */
	SEGMENT_ADDRESS, /* not in the room of a program: beyond 56 bits */
	SEGMENT_OFFSET, /* where it is in the file and in memory differs by no whole pages */
	SEGMENT_ZEROS, /* zeros behind what is in the file, on a page that may not be written to */
	SEGMENT_CUT_OFF, /* zeros behind what should be in the file, which ends pages before */
	SEGMENT_LOW, /* below vm.mmap_min_addr */
	SEGMENT_WRITABLE_CODE,
	SEGMENT_HUGE, /* more than the machine has, memory and swap, where vm.overcommit_memory is not 1 */
	SEGMENT_BIG, /* might be more than a limit allows */
};

struct segments {
	struct elf_segment worst; /* the first with the fault that was asked for; none for SEGMENT_HUGE and _BIG */
	uint64_t total; /* bytes of all, in memory; no more than UINT64_MAX */
	uint64_t writable; /* likewise, of those that can be written to */
};

/* Whether there is such a fault among them. SEGMENT_BIG: says how much they want. False where they cannot be seen. */
bool image_has(struct facts *facts, struct subject *subject, enum segment_fault fault, struct segments *segments);

#endif
