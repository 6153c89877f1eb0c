/* SPDX-License-Identifier: GPL-2.0-only */
/* The programs, as libbpf wants them: an ELF file, in ours a sixth of its size. */
#ifndef EXECFAIL_OBJECT_H
#define EXECFAIL_OBJECT_H

#include <stddef.h>
#include <stdint.h>

/* What the skeleton asks for. NULL: no memory. */
const void *execfail_bpf__elf_bytes(size_t *size);

/*
 * From now on, in the place of a helper of that number, a function of the kernel is called, whose number among its
 * types it is.
 */
void object_call(uint32_t helper, uint32_t function);

/* Gives back the memory that this took; the next that opens an object takes it again. */
void object_pack(void);

#endif
