/* SPDX-License-Identifier: GPL-2.0-only */
/* ELF files as the kernel's loader judges them: bytes in, facts out. Nothing in them is to be trusted. */
#ifndef EXECFAIL_ELFFILE_H
#define EXECFAIL_ELFFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/bytes.h"

struct elf_header {
	bool complete; /* else nothing below machine is known, and not even that where bits is 0 */
	uint8_t bits; /* 32 or 64; 0: neither */
	bool big_endian;
	uint16_t type; /* ET_EXEC, … */
	uint16_t machine; /* EM_X86_64, … */
	uint64_t table; /* offset of the program headers */
	uint16_t entry_size;
	uint16_t entries;
};

struct elf_segment {
	uint32_t type; /* PT_LOAD, … */
	uint32_t flags; /* PF_X, … */
	uint64_t offset;
	uint64_t address;
	uint64_t file_size;
	uint64_t memory_size;
};

/* False: no ELF file. */
bool elf_header_parse(struct bytes head, struct elf_header *header);

/* The size that entries must have, and that all of them may have. */
size_t elf_entry_size(const struct elf_header *header);
bool elf_table_fits(const struct elf_header *header);

/* One entry of the table of program headers, from its bytes. False: table ends before it. */
bool elf_segment_parse(const struct elf_header *header, struct bytes table, size_t index, struct elf_segment *segment);

/* "aarch64": as uname -m says it, where there is such a name; "machine 4711" for those that nobody knows. */
const char *elf_machine_name(struct arena *arena, const struct elf_header *header);

enum elf_runs {
	ELF_RUNS,
	ELF_RUNS_MAYBE, /* as a 32-bit program, where the kernel was built for them */
	ELF_RUNS_NOT,
};

/* Whether a kernel takes it; machine: uname -m. */
enum elf_runs elf_runs_on(const struct elf_header *header, const char *machine);

#endif
