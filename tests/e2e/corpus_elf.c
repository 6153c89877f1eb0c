// SPDX-License-Identifier: GPL-2.0-only
/* ELF files made byte by byte: one layout, and a table of fields to spoil. */
#define _GNU_SOURCE
#include <elf.h>
#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "corpus.h"

/*
 * The layout of all of them, one segment that maps the whole file:
 *	0	ELF header, program headers: PT_LOAD, PT_INTERP if any, second PT_INTERP if any
 *	ELF_CODE	the code
 *	ELF_INTERP	the interpreters' names, 0x400 bytes each
 */
#define FILE_SIZE 0x1000

#if defined(__x86_64__)
#define NATIVE_MACHINE EM_X86_64
/* mov $60,%eax; xor %edi,%edi; syscall */
static const unsigned char exit_0[] = { 0xb8, 60, 0, 0, 0, 0x31, 0xff, 0x0f, 0x05 };
/* ud2 */
static const unsigned char illegal[] = { 0x0f, 0x0b };
#elif defined(__aarch64__)
#define NATIVE_MACHINE EM_AARCH64
/* mov x8,93; mov x0,0; svc 0 */
static const unsigned char exit_0[] = { 0xa8, 0x0b, 0x80, 0xd2, 0, 0, 0x80, 0xd2, 1, 0, 0, 0xd4 };
/* udf 0 */
static const unsigned char illegal[] = { 0, 0, 0, 0 };
#else
#error "add this machine's code for exit(0)"
#endif

/* mov $1,%eax; xor %ebx,%ebx; int $0x80 */
static const unsigned char exit_0_i386[] = { 0xb8, 1, 0, 0, 0, 0x31, 0xdb, 0xcd, 0x80 };

const struct elf_spec elf_good = { .code = exit_0, .code_size = sizeof(exit_0) };
const struct elf_spec elf_crash = { .code = illegal, .code_size = sizeof(illegal) };
const struct elf_spec elf_good_32 = {
	.bits = 32,
	.machine = EM_386,
	.code = exit_0_i386,
	.code_size = sizeof(exit_0_i386),
};

static void put_ident(unsigned char *ident, const struct elf_spec *spec)
{
	memcpy(ident, ELFMAG, SELFMAG);
	ident[EI_CLASS] = spec->bits == 32 ? ELFCLASS32 : ELFCLASS64;
	ident[EI_DATA] = spec->big_endian ? ELFDATA2MSB : ELFDATA2LSB;
	ident[EI_VERSION] = EV_CURRENT;
}

static int headers(const struct elf_spec *spec)
{
	return 1 + !!spec->interp + !!spec->interp_too;
}

/* The two classes differ in field sizes only. */
#define DEFINE_PUT(bits)                                                                                               \
	static void put_headers_##bits(void *image, const struct elf_spec *spec, const size_t *interp_size)            \
	{                                                                                                              \
		Elf##bits##_Ehdr *ehdr = image;                                                                        \
		Elf##bits##_Phdr *phdr = (void *)(ehdr + 1);                                                           \
                                                                                                                       \
		ehdr->e_type = spec->type ?: ET_EXEC;                                                                  \
		ehdr->e_machine = spec->machine ?: NATIVE_MACHINE;                                                     \
		ehdr->e_version = EV_CURRENT;                                                                          \
		ehdr->e_flags = spec->machine == EM_ARM ? EF_ARM_EABI_VER5 : 0;                                        \
		ehdr->e_entry = ELF_BASE + ELF_CODE;                                                                   \
		ehdr->e_phoff = sizeof(*ehdr);                                                                         \
		ehdr->e_ehsize = sizeof(*ehdr);                                                                        \
		ehdr->e_phentsize = sizeof(*phdr);                                                                     \
		ehdr->e_phnum = headers(spec);                                                                         \
		*phdr++ = (Elf##bits##_Phdr){                                                                          \
			.p_type = PT_LOAD,                                                                             \
			.p_flags = PF_R | PF_X,                                                                        \
			.p_vaddr = ELF_BASE,                                                                           \
			.p_paddr = ELF_BASE,                                                                           \
			.p_filesz = FILE_SIZE,                                                                         \
			.p_memsz = FILE_SIZE,                                                                          \
			.p_align = 0x1000,                                                                             \
		};                                                                                                     \
		for (int i = 0; i < headers(spec) - 1; i++)                                                            \
			*phdr++ = (Elf##bits##_Phdr){                                                                  \
				.p_type = PT_INTERP,                                                                   \
				.p_flags = PF_R,                                                                       \
				.p_offset = ELF_INTERP + i * 0x400,                                                    \
				.p_filesz = interp_size[i],                                                            \
				.p_memsz = interp_size[i],                                                             \
				.p_align = 1,                                                                          \
			};                                                                                             \
	}

DEFINE_PUT(32)
DEFINE_PUT(64)

static void swap_machine(unsigned char *image)
{
	Elf64_Ehdr *ehdr = (void *)image;

	ehdr->e_type = htobe16(ehdr->e_type);
	ehdr->e_machine = htobe16(ehdr->e_machine);
}

static size_t put_interp(const struct world *w, unsigned char *at, const char *name)
{
	const char *text = name ? expand(w, name) : "";

	memcpy(at, text, strlen(text) + 1);
	return strlen(text) + 1;
}

void *elf_build(const struct world *w, const struct elf_spec *spec, size_t *size)
{
	unsigned char *image = calloc(1, FILE_SIZE > spec->size ? FILE_SIZE : spec->size);
	size_t interp_size[2];

	put_ident(image, spec);
	memcpy(image + ELF_CODE, spec->code ?: exit_0, spec->code ? spec->code_size : sizeof(exit_0));
	interp_size[0] = put_interp(w, image + ELF_INTERP, spec->interp);
	interp_size[1] = put_interp(w, image + ELF_INTERP + 0x400, spec->interp_too);
	if (spec->bits == 32)
		put_headers_32(image, spec, interp_size);
	else
		put_headers_64(image, spec, interp_size);
	if (spec->big_endian)
		swap_machine(image);
	for (const struct elf_poke *poke = spec->pokes; poke && poke->width; poke++)
		memcpy(image + poke->offset, &poke->value, poke->width); /* little-endian, as all machines here */
	*size = spec->size ?: FILE_SIZE;
	return image;
}
