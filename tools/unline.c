// SPDX-License-Identifier: GPL-2.0-only
/*
 * unline FILE: leaves out of a BPF object, in place, which line of the source each instruction is of, and the labels
 * of basic blocks. Nobody who runs it has the source at hand, and both are most of what the object packs to, and half of
 * what is unpacked and gone through at each start. The rest of .BTF.ext stays: functions, and what CO-RE relocates.
 */
#include <fcntl.h>
#include <gelf.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* struct btf_ext_header; offsets are from its end. */
struct ext_header {
	uint16_t magic;
	uint8_t version, flags;
	uint32_t length, func_offset, func_length, line_offset, line_length, relo_offset, relo_length;
};

struct object {
	Elf *elf;
	Elf_Scn *symbols;
	Elf_Data *names;
	size_t *moved; /* by number of a symbol: its new one */
};

static void leave_out_lines(Elf_Data *data)
{
	struct ext_header *ext = data->d_buf;
	char *lines = (char *)ext + ext->length + ext->line_offset;

	memmove(lines, lines + ext->line_length, data->d_size - (size_t)(lines - (char *)ext) - ext->line_length);
	data->d_size -= ext->line_length;
	if (ext->relo_offset > ext->line_offset)
		ext->relo_offset -= ext->line_length;
	ext->line_length = 0;
}

static int is_label(const char *name)
{
	return !strncmp(name, "LBB", 3);
}

static void leave_out_labels(struct object *object)
{
	Elf_Data *data = elf_getdata(object->symbols, NULL);
	size_t n = data->d_size / sizeof(Elf64_Sym), kept = 0;
	char *names = object->names->d_buf;
	GElf_Sym symbol;

	object->moved = calloc(n, sizeof(*object->moved));
	for (size_t i = 0; i < n; i++) {
		gelf_getsym(data, (int)i, &symbol);
		if (is_label(names + symbol.st_name))
			continue;
		object->moved[i] = kept;
		gelf_update_sym(data, (int)kept++, &symbol);
	}
	data->d_size = kept * sizeof(Elf64_Sym);
	for (size_t at = 0; at < object->names->d_size; at += strlen(names + at) + 1)
		if (is_label(names + at))
			memset(names + at, 0, strlen(names + at));
}

static void renumber(const struct object *object, Elf_Data *data)
{
	GElf_Rel rel;

	for (int i = 0; gelf_getrel(data, i, &rel); i++) {
		rel.r_info = GELF_R_INFO(object->moved[GELF_R_SYM(rel.r_info)], GELF_R_TYPE(rel.r_info));
		gelf_update_rel(data, i, &rel);
	}
}

/* Sections one by one: first what tells of the others, then the rest. */
static void leave_out(struct object *object)
{
	size_t names;
	GElf_Shdr head;
	Elf_Scn *section = NULL;

	elf_getshdrstrndx(object->elf, &names);
	while ((section = elf_nextscn(object->elf, section)) && gelf_getshdr(section, &head)) {
		if (head.sh_type == SHT_SYMTAB) {
			object->symbols = section;
			object->names = elf_getdata(elf_getscn(object->elf, head.sh_link), NULL);
		} else if (!strcmp(elf_strptr(object->elf, names, head.sh_name), ".BTF.ext")) {
			leave_out_lines(elf_getdata(section, NULL));
		}
	}
	leave_out_labels(object);
	while ((section = elf_nextscn(object->elf, section)) && gelf_getshdr(section, &head))
		if (head.sh_type == SHT_REL)
			renumber(object, elf_getdata(section, NULL));
}

int main(int argc, char **argv)
{
	int fd = argc == 2 ? open(argv[1], O_RDWR) : -1;
	struct object object = {};
	GElf_Ehdr head;

	elf_version(EV_CURRENT);
	object.elf = fd < 0 ? NULL : elf_begin(fd, ELF_C_RDWR, NULL);
	if (!object.elf || !gelf_getehdr(object.elf, &head) || head.e_machine != EM_BPF) {
		fprintf(stderr, "usage: unline FILE, a BPF object\n");
		return 1;
	}
	leave_out(&object);
	if (elf_update(object.elf, ELF_C_WRITE) < 0) {
		fprintf(stderr, "unline: %s\n", elf_errmsg(-1));
		return 1;
	}
	elf_end(object.elf);
	return 0;
}
