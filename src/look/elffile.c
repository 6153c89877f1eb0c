// SPDX-License-Identifier: GPL-2.0-only
#include "look/elffile.h"

#include <elf.h>
#include <string.h>

enum { TABLE_MAX = 65536 }; /* bytes of program headers that the kernel reads */

uint64_t elf_number(const struct elf_header *header, const char *p, size_t bytes)
{
	const unsigned char *at = (const unsigned char *)p;
	uint64_t value = 0;

	for (size_t i = 0; i < bytes; i++)
		value = value << 8 | at[header->big_endian ? i : bytes - 1 - i];
	return value;
}

static void parse_ident(struct elf_header *header, const unsigned char *ident)
{
	header->bits = ident[EI_CLASS] == ELFCLASS64 ? 64 : ident[EI_CLASS] == ELFCLASS32 ? 32 : 0;
	header->big_endian = ident[EI_DATA] == ELFDATA2MSB;
}

bool elf_header_parse(struct bytes head, struct elf_header *header)
{
	*header = (struct elf_header){};
	if (head.n < SELFMAG || memcmp(head.p, ELFMAG, SELFMAG))
		return false;
	if (head.n < EI_NIDENT)
		return true;
	parse_ident(header, (const unsigned char *)head.p);
	/* Up to here the two classes do not differ. */
	if (head.n < offsetof(Elf32_Ehdr, e_version))
		return true;
	header->type = (uint16_t)ELF_FIELD(header, head.p, Elf32_Ehdr, e_type);
	header->machine = (uint16_t)ELF_FIELD(header, head.p, Elf32_Ehdr, e_machine);
	header->complete = header->bits && head.n >= (header->bits == 64 ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr));
	if (!header->complete)
		return true;
	header->table = ELF_FIELD_OF_CLASS(header, head.p, Ehdr, e_phoff);
	header->entry_size = (uint16_t)ELF_FIELD_OF_CLASS(header, head.p, Ehdr, e_phentsize);
	header->entries = (uint16_t)ELF_FIELD_OF_CLASS(header, head.p, Ehdr, e_phnum);
	return true;
}

/* The size that entries must have. */
static size_t elf_entry_size(const struct elf_header *header)
{
	return header->bits == 64 ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);
}

bool elf_table_fits(const struct elf_header *header)
{
	return header->entry_size == elf_entry_size(header) && header->entries && elf_table_size(header) <= TABLE_MAX;
}

bool elf_segment_parse(const struct elf_header *header, struct bytes table, size_t index, struct elf_segment *segment)
{
	size_t size = elf_entry_size(header);
	const char *p;

	if (index >= header->entries || table.n / size <= index)
		return false;
	p = table.p + index * size;
	*segment = (struct elf_segment){
		.type = (uint32_t)ELF_FIELD_OF_CLASS(header, p, Phdr, p_type),
		.flags = (uint32_t)ELF_FIELD_OF_CLASS(header, p, Phdr, p_flags),
		.offset = ELF_FIELD_OF_CLASS(header, p, Phdr, p_offset),
		.address = ELF_FIELD_OF_CLASS(header, p, Phdr, p_vaddr),
		.file_size = ELF_FIELD_OF_CLASS(header, p, Phdr, p_filesz),
		.memory_size = ELF_FIELD_OF_CLASS(header, p, Phdr, p_memsz),
		.alignment = ELF_FIELD_OF_CLASS(header, p, Phdr, p_align),
	};
	return true;
}

#ifndef EM_LOONGARCH
#define EM_LOONGARCH 258
#endif

/* Several rows of a machine: which of them is told by class and byte order; 0 and -1: any. */
static const struct machine {
	uint16_t machine;
	uint8_t bits;
	int8_t big_endian;
	const char *name;
} machines[] = {
	{ EM_X86_64, 64, 0, "x86_64" },
	{ EM_X86_64, 32, 0, "x32" },
	{ EM_386, 0, -1, "i386" },
	{ EM_AARCH64, 0, 0, "aarch64" },
	{ EM_AARCH64, 0, 1, "aarch64_be" },
	{ EM_ARM, 0, 0, "arm" },
	{ EM_ARM, 0, 1, "armeb" },
	{ EM_RISCV, 32, -1, "riscv32" },
	{ EM_RISCV, 0, -1, "riscv64" },
	{ EM_PPC, 0, -1, "ppc" },
	{ EM_PPC64, 0, 0, "ppc64le" },
	{ EM_PPC64, 0, 1, "ppc64" },
	{ EM_S390, 32, -1, "s390" },
	{ EM_S390, 0, -1, "s390x" },
	{ EM_MIPS, 64, 0, "mips64el" },
	{ EM_MIPS, 64, 1, "mips64" },
	{ EM_MIPS, 0, 0, "mipsel" },
	{ EM_MIPS, 0, 1, "mips" },
	{ EM_LOONGARCH, 0, -1, "loongarch64" },
	{ EM_SPARC, 0, -1, "sparc" },
	{ EM_SPARCV9, 0, -1, "sparc64" },
	{ EM_68K, 0, -1, "m68k" },
	{ EM_IA_64, 0, -1, "ia64" },
	{ EM_ALPHA, 0, -1, "alpha" },
	{ EM_PARISC, 0, -1, "parisc" },
	{ EM_SH, 0, -1, "sh4" },
	{ EM_BPF, 0, -1, "BPF" },
	{ EM_AVR, 0, -1, "AVR" },
	{ EM_MSP430, 0, -1, "MSP430" },
	{ EM_XTENSA, 0, -1, "xtensa" },
	{ EM_CUDA, 0, -1, "CUDA" },
	{ EM_AMDGPU, 0, -1, "AMD GPU" },
};

static const char *machine_find(const struct elf_header *header)
{
	for (size_t i = 0; i < sizeof(machines) / sizeof(machines[0]); i++) {
		const struct machine *row = &machines[i];

		if (row->machine == header->machine && (!row->bits || row->bits == header->bits) &&
		    (row->big_endian < 0 || row->big_endian == header->big_endian))
			return row->name;
	}
	return NULL;
}

const char *elf_machine_name(struct arena *arena, const struct elf_header *header)
{
	const char *name = machine_find(header);

	return name ? name : arena_printf(arena, "machine %u", header->machine);
}

/* What a kernel takes: 64-bit and 32-bit programs, by the names of the table above. */
static const struct {
	const char *machine; /* uname -m */
	const char *native;
	const char *compat[2];
} kernels[] = {
	{ "x86_64", "x86_64", { "i386", "x32" } },
	{ "aarch64", "aarch64", { "arm" } },
	{ "ppc64le", "ppc64le", { "ppc" } },
	{ "ppc64", "ppc64", { "ppc" } },
	{ "s390x", "s390x", { "s390" } },
	{ "riscv64", "riscv64", { "riscv32" } },
	{ "loongarch64", "loongarch64", {} },
	{ "i386", "i386", {} },
	{ "i486", "i386", {} },
	{ "i586", "i386", {} },
	{ "i686", "i386", {} },
	{ "armv6l", "arm", {} },
	{ "armv7l", "arm", {} },
	{ "armv8l", "arm", {} },
};

const char *elf_kernel_name(size_t i)
{
	return i < sizeof(kernels) / sizeof(kernels[0]) ? kernels[i].machine : NULL;
}

static bool same(const char *a, const char *b)
{
	return a && b && !strcmp(a, b);
}

enum elf_runs elf_runs_on(const struct elf_header *header, const char *machine)
{
	const char *name = machine_find(header);

	for (size_t i = 0; i < sizeof(kernels) / sizeof(kernels[0]); i++) {
		if (strcmp(kernels[i].machine, machine))
			continue;
		if (same(kernels[i].native, name))
			return ELF_RUNS;
		if (same(kernels[i].compat[0], name) || same(kernels[i].compat[1], name))
			return ELF_RUNS_MAYBE;
		return ELF_RUNS_NOT;
	}
	/* Of a kernel that is not in the table nothing is known. */
	return ELF_RUNS_MAYBE;
}
