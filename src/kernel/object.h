/* SPDX-License-Identifier: GPL-2.0-only */
/* The programs, as libbpf wants them: an ELF file, in ours a sixth of its size. */
#ifndef EXECFAIL_OBJECT_H
#define EXECFAIL_OBJECT_H

#include <stddef.h>

/* What the skeleton asks for. NULL: no memory. */
const void *execfail_bpf__elf_bytes(size_t *size);

/* The memory that this took, when nothing is to be opened for now. */
void object_pack(void);

#endif
