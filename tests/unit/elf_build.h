/* SPDX-License-Identifier: GPL-2.0-only */
/* Programs and libraries with all that a dynamic loader reads of them, put together as a linker does; x86-64. */
#ifndef EXECFAIL_ELF_BUILD_H
#define EXECFAIL_ELF_BUILD_H

#include <elf.h>
#include <string.h>

#include "unit.h"

enum { ELF_BUILD_SIZE = 4096 };

struct elf_plan {
	const char *interpreter; /* NULL: it is a library */
	const char *needed[4];
	const char *soname, *rpath, *runpath;
	uint64_t flags; /* DT_FLAGS_1 */
	const char *asks; /* for versions of this file */
	const char *wants[3]; /* these */
	bool weak; /* and does without them */
	const char *has[3]; /* versions */
	uint32_t isa;
	uint16_t machine; /* 0: x86-64 */
};

struct elf_image {
	char p[ELF_BUILD_SIZE];
	size_t n;
	Elf64_Dyn dynamic[32];
	size_t n_dynamic;
	char strings[1024];
	size_t n_strings;
};

static inline size_t elf_put(struct elf_image *image, const void *bytes, size_t n)
{
	size_t at = (image->n + 7) / 8 * 8;

	assert_true(at + n <= sizeof(image->p));
	memcpy(image->p + at, bytes, n);
	image->n = at + n;
	return at;
}

static inline uint32_t elf_string(struct elf_image *image, const char *string)
{
	size_t at = image->n_strings;

	memcpy(image->strings + at, string, strlen(string) + 1);
	image->n_strings += strlen(string) + 1;
	return (uint32_t)at;
}

static inline void elf_tag(struct elf_image *image, int64_t tag, uint64_t value)
{
	image->dynamic[image->n_dynamic++] = (Elf64_Dyn){ .d_tag = tag, .d_un.d_val = value };
}

static inline void elf_name(struct elf_image *image, int64_t tag, const char *name)
{
	if (name)
		elf_tag(image, tag, elf_string(image, name));
}

static inline void elf_wants(struct elf_image *image, const struct elf_plan *plan)
{
	Elf64_Verneed need = { .vn_version = 1, .vn_aux = sizeof(need) };
	Elf64_Vernaux aux[3] = {};
	struct {
		Elf64_Verneed need;
		Elf64_Vernaux aux[3];
	} list;

	if (!plan->asks)
		return;
	need.vn_file = elf_string(image, plan->asks);
	for (; plan->wants[need.vn_cnt]; need.vn_cnt++) {
		aux[need.vn_cnt].vna_name = elf_string(image, plan->wants[need.vn_cnt]);
		aux[need.vn_cnt].vna_flags = plan->weak ? VER_FLG_WEAK : 0;
		aux[need.vn_cnt].vna_next = need.vn_cnt < 2 && plan->wants[need.vn_cnt + 1] ? sizeof(aux[0]) : 0;
	}
	list.need = need;
	memcpy(list.aux, aux, sizeof(aux));
	elf_tag(image, DT_VERNEED, elf_put(image, &list, sizeof(list)));
	elf_tag(image, DT_VERNEEDNUM, 1);
}

static inline void elf_has(struct elf_image *image, const struct elf_plan *plan)
{
	struct {
		Elf64_Verdef def;
		Elf64_Verdaux aux;
	} list[3] = {};
	size_t n = 0;

	for (; n < 3 && plan->has[n]; n++) {
		list[n].def = (Elf64_Verdef){ .vd_version = 1, .vd_cnt = 1, .vd_aux = sizeof(list[0].def) };
		list[n].aux.vda_name = elf_string(image, plan->has[n]);
		list[n].def.vd_next = n < 2 && plan->has[n + 1] ? (uint32_t)sizeof(list[0]) : 0;
	}
	if (!n)
		return;
	elf_tag(image, DT_VERDEF, elf_put(image, list, sizeof(list)));
	elf_tag(image, DT_VERDEFNUM, n);
}

static inline Elf64_Phdr elf_segment_of(uint32_t type, size_t at, size_t n)
{
	return (Elf64_Phdr){
		.p_type = type, .p_flags = PF_R | PF_X, .p_offset = at, .p_vaddr = at, .p_filesz = n, .p_memsz = n
	};
}

/* Fills in the image, to the last byte; its bytes are image->p, ELF_BUILD_SIZE of them. */
static inline void elf_build(struct elf_image *image, const struct elf_plan *plan)
{
	struct {
		Elf64_Nhdr head;
		char name[4];
		uint32_t type, size, value, pad;
	} note = { { 4, 16, NT_GNU_PROPERTY_TYPE_0 }, "GNU", 0xc0008002, 4, plan->isa, 0 };
	Elf64_Ehdr header = {
		.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB, EV_CURRENT },
		.e_type = ET_DYN,
		.e_machine = plan->machine ? plan->machine : EM_X86_64,
		.e_version = EV_CURRENT,
		.e_phoff = sizeof(header),
		.e_ehsize = sizeof(header),
		.e_phentsize = sizeof(Elf64_Phdr),
		.e_phnum = 4,
	};
	Elf64_Phdr segments[4] = { elf_segment_of(PT_LOAD, 0, ELF_BUILD_SIZE) };

	*image = (struct elf_image){ .n = sizeof(header) + sizeof(segments), .n_strings = 1 };
	if (plan->interpreter)
		segments[1] =
			elf_segment_of(PT_INTERP, elf_put(image, plan->interpreter, strlen(plan->interpreter) + 1),
				       strlen(plan->interpreter) + 1);
	for (size_t i = 0; i < COUNT(plan->needed); i++)
		elf_name(image, DT_NEEDED, plan->needed[i]);
	elf_name(image, DT_SONAME, plan->soname);
	elf_name(image, DT_RPATH, plan->rpath);
	elf_name(image, DT_RUNPATH, plan->runpath);
	if (plan->flags)
		elf_tag(image, DT_FLAGS_1, plan->flags);
	elf_wants(image, plan);
	elf_has(image, plan);
	if (plan->isa)
		segments[3] = elf_segment_of(0x6474e553, elf_put(image, &note, sizeof(note)), sizeof(note));
	elf_tag(image, DT_STRTAB, elf_put(image, image->strings, image->n_strings));
	elf_tag(image, DT_STRSZ, image->n_strings);
	elf_tag(image, DT_NULL, 0);
	segments[2] = elf_segment_of(PT_DYNAMIC, elf_put(image, image->dynamic, image->n_dynamic * sizeof(Elf64_Dyn)),
				     image->n_dynamic * sizeof(Elf64_Dyn));
	memcpy(image->p, &header, sizeof(header));
	memcpy(image->p + sizeof(header), segments, sizeof(segments));
}

#endif
