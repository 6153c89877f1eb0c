/* SPDX-License-Identifier: GPL-2.0-only */
/* ELF files among the facts: what the kernel says to them, and to their segments. */
#ifndef EXECFAIL_IMAGE_H
#define EXECFAIL_IMAGE_H

#include "cause/facts.h"

/* In the order in which the kernel finds out. */
enum image_fault {
	IMAGE_FINE,
	IMAGE_UNSEEN, /* not an ELF file, or not all could be seen that would have to be */
	IMAGE_TRUNCATED, /* the header, or the table of program headers, is beyond the end of the file */
	IMAGE_OBJECT, /* what a compiler makes of one source file */
	IMAGE_CORE, /* a core dump */
	IMAGE_OTHER_TYPE,
	IMAGE_OTHER_MACHINE,
	IMAGE_NO_MACHINE, /* the header names none */
	IMAGE_BAD_TABLE, /* of program headers */
	IMAGE_BAD_LOADER_NAME,
	IMAGE_LOADER_NAME_CUT, /* beyond the end of the file */
};

/* What the kernel would say before it opens the loader. loader: the name of that; p NULL: there is none. */
enum image_fault image_check(struct facts *facts, struct subject *subject, struct bytes *loader);

/* The same of a loader, which must be for the same machine as the file that names it. IMAGE_FINE: it is taken. */
enum image_fault image_check_loader(struct facts *facts, struct subject *subject);

/* "an object file"; NULL for IMAGE_FINE and IMAGE_UNSEEN. */
const char *image_fault_name(enum image_fault fault);

/* The errno, 0 for IMAGE_FINE, EAGAIN for IMAGE_UNSEEN. */
int image_error(enum image_fault fault);

/* What of the segments the kernel cannot map. */
enum segment_fault {
	SEGMENT_FINE,
	SEGMENT_SIZES, /* more in the file than in memory */
	SEGMENT_ADDRESS, /* not in the room of a program */
	SEGMENT_LOW, /* below vm.mmap_min_addr */
	SEGMENT_WRITABLE_CODE,
	SEGMENT_HUGE, /* more than the machine has */
	SEGMENT_BIG, /* might be more than a limit allows */
};

struct segments {
	struct elf_segment worst; /* of the fault that was asked for */
	uint64_t total; /* of all, in memory */
};

/* Whether there is such a fault among them. SEGMENT_BIG: says how much they want, and is always true. */
bool image_has(struct facts *facts, struct subject *subject, enum segment_fault fault, struct segments *segments);

#endif
