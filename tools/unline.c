// SPDX-License-Identifier: GPL-2.0-only
/*
 * unline FILE: leaves out which line of the source each instruction of a BPF object is of, in place. Nobody who runs it
 * has the source at hand, and it is most of what the object packs to. The rest of .BTF.ext stays: functions, and what
 * CO-RE relocates.
 */
#include <elf.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* struct btf_ext_header, as far as it is needed; offsets are from its end. */
struct ext_header {
	uint16_t magic;
	uint8_t version, flags;
	uint32_t length, func_offset, func_length, line_offset, line_length;
};

static int die(const char *what)
{
	fprintf(stderr, "unline: %s\n", what);
	return 1;
}

static void leave_out_lines(struct ext_header *ext)
{
	memset((char *)ext + ext->length + ext->line_offset, 0, ext->line_length);
	ext->line_length = 0;
}

int main(int argc, char **argv)
{
	int fd = argc == 2 ? open(argv[1], O_RDWR) : -1;
	struct stat st;
	const Elf64_Shdr *sections;
	const Elf64_Ehdr *head;
	const char *names;
	char *file;

	if (fd < 0 || fstat(fd, &st))
		return die("usage: unline FILE");
	file = mmap(NULL, st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	head = (void *)file;
	if (file == MAP_FAILED || memcmp(file, ELFMAG, SELFMAG) || head->e_machine != EM_BPF)
		return die("no BPF object");
	sections = (void *)(file + head->e_shoff);
	names = file + sections[head->e_shstrndx].sh_offset;
	for (int i = 0; i < head->e_shnum; i++)
		if (!strcmp(names + sections[i].sh_name, ".BTF.ext"))
			leave_out_lines((void *)(file + sections[i].sh_offset));
	return 0;
}
