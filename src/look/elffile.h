/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ELF files as fs/binfmt_elf.c judges them: bytes in, facts out. Nothing in them is to be trusted. Numbers are the
 * host's, whatever the file's byte order; sizes and offsets are in bytes.
 */
#ifndef EXECFAIL_ELFFILE_H
#define EXECFAIL_ELFFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/bytes.h"

struct elf_header {
	bool complete; /* else all below machine is 0; type and machine are, too, where the file ends before them */
	uint8_t bits; /* 32 or 64; 0: neither */
	bool big_endian;
	uint16_t type; /* ET_EXEC, … */
	uint16_t machine; /* EM_X86_64, … */
	uint64_t table; /* offset of the program headers in the file */
	uint16_t entry_size; /* as it says, e_phentsize */
	uint16_t entries;
};

struct elf_segment {
	uint32_t type; /* PT_LOAD, … */
	uint32_t flags; /* PF_X, … */
	uint64_t offset; /* in the file */
	uint64_t address; /* p_vaddr, to which the kernel adds one of its own where the file is ET_DYN */
	uint64_t file_size;
	uint64_t memory_size;
	uint64_t alignment; /* of the pages that it was linked for, mostly */
};

/* A number of that many bytes, in the byte order of the file. */
uint64_t elf_number(const struct elf_header *header, const char *p, size_t bytes);

/* A member of a structure of <elf.h> that begins at p; the second of Elf64_kind or Elf32_kind, by the file's class. */
#define ELF_FIELD(header, p, type, member)                                                                             \
	elf_number(header, (p) + offsetof(type, member), sizeof(((const type *)NULL)->member))
#define ELF_FIELD_OF_CLASS(header, p, kind, member)                                                                    \
	((header)->bits == 64 ? ELF_FIELD(header, p, Elf64_##kind, member) : ELF_FIELD(header, p, Elf32_##kind, member))
#define ELF_SIZE_OF_CLASS(header, kind) ((header)->bits == 64 ? sizeof(Elf64_##kind) : sizeof(Elf32_##kind))

/* head: as much of the file as there is. False: no ELF file. */
bool elf_header_parse(struct bytes head, struct elf_header *header);

/*
 * load_elf_phdrs(): whether entries have the size that they must have, and all of them no more than the 64 KiB that
 * they may have. Before 8030790477e8 (6.17) it also wanted no more than a page, which is not asked here.
 */
bool elf_table_fits(const struct elf_header *header);

/* In bytes. */
static inline size_t elf_table_size(const struct elf_header *header)
{
	return (size_t)header->entries * header->entry_size;
}

/* The index-th of the program headers that table is the bytes of. False: it ends before that one, or has no such. */
bool elf_segment_parse(const struct elf_header *header, struct bytes table, size_t index, struct elf_segment *segment);

/* "aarch64", static: as uname -m says it, where there is such a name; else "machine 4711", in the arena. */
const char *elf_machine_name(struct arena *arena, const struct elf_header *header);

/* What uname -m says of machines whose programs are known, by numbers from 0 on; NULL behind the last. */
const char *elf_kernel_name(size_t i);

enum elf_runs {
	ELF_RUNS,
	ELF_RUNS_MAYBE, /* as a 32-bit program, where the kernel was built for them; or of a kernel that nobody knows */
	ELF_RUNS_NOT,
};

/* Whether a kernel takes it: elf_check_arch(), and that of fs/compat_binfmt_elf.c. machine: uname -m. */
enum elf_runs elf_runs_on(const struct elf_header *header, const char *machine);

#endif
