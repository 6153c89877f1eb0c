// SPDX-License-Identifier: GPL-2.0-only
/* Rows: the file was opened, and no format handler took it. */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>

#include "corpus.h"

#ifdef __aarch64__
#define OTHER_MACHINE EM_X86_64
#define OTHER_MACHINE_32 EM_386
#define OWN_MACHINE_32 EM_ARM
#else
#define OTHER_MACHINE EM_AARCH64
#define OTHER_MACHINE_32 EM_ARM
#define OWN_MACHINE_32 EM_386
#endif

#define X16 "xxxxxxxxxxxxxxxx"
#define X256 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16

/* clang-format off */
#define FILE_IS(name, ...) { name, "format", ENOEXEC, .path = "@/file", FILES({ "file", 0755, __VA_ARGS__ }) }
#define TEXT_IS(name, text) FILE_IS(name, text, sizeof(text) - 1)
#define ELF_IS(name, ...) FILE_IS(name, ELF(__VA_ARGS__))
/* clang-format on */

/* Not every kernel lacks support for 32-bit programs. */
static void launch_unless_it_runs(struct world *w)
{
	launch_fork(w);
	if (!w->seen->returned)
		skip(w, "the kernel runs such a program");
}

const struct scenario format_scenarios[] = {
	FILE_IS("empty_file", ""),
	TEXT_IS("text_without_shebang", "echo hello\n"),
	TEXT_IS("byte_order_mark", "\xef\xbb\xbf#!/bin/sh\n"),
	TEXT_IS("space_before_shebang", " #!/bin/sh\n"),
	TEXT_IS("shebang_alone", "#!\n"),
	TEXT_IS("shebang_blanks", "#! \t \n"),
	TEXT_IS("shebang_too_long", "#!/" X256 "\n"),
	TEXT_IS("pe_file", "MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0"),
	TEXT_IS("mach_o_file", "\xcf\xfa\xed\xfe\x07\0\0\x01\x03\0\0\0\x02\0\0\0"),
	TEXT_IS("gzip_file", "\x1f\x8b\x08\0\0\0\0\0\0\x03"),

	TEXT_IS("html_page", "\n<!DOCTYPE HTML PUBLIC>\n"),
	TEXT_IS("json_document", "{\n  \"message\": \"Not Found\"\n}\n"),
	TEXT_IS("tar_archive", X256 "xustar\00000"),

	TEXT_IS("unknown_format", "\x01\x02\x03\x04 anything"),

	ELF_IS("elf_other_machine", .machine = OTHER_MACHINE),
	ELF_IS("elf_other_machine_32", .machine = OTHER_MACHINE_32, .bits = 32),
	ELF_IS("elf_big_endian", .machine = EM_S390, .big_endian = true),
	ELF_IS("elf_no_machine", POKES(EHDR(e_machine, 0))),
	ELF_IS("elf_class", .machine = OWN_MACHINE_32),
	ELF_IS("elf_object", .type = ET_REL),
	ELF_IS("elf_core", .type = ET_CORE),
	ELF_IS("elf_half_header", .size = 32),
	ELF_IS("elf_header_only", .size = sizeof(Elf64_Ehdr)),
	ELF_IS("elf_phentsize", POKES(EHDR(e_phentsize, 32))),
	ELF_IS("elf_no_headers", POKES(EHDR(e_phnum, 0))),
	ELF_IS("elf_many_headers", POKES(EHDR(e_phnum, 0xffff))),
	ELF_IS("elf_interp_no_nul", .interp = "/bin/sh", POKES(PHDR(1, p_filesz, 7))),
	ELF_IS("elf_interp_too_long", .interp = "/bin/sh", POKES(PHDR(1, p_filesz, 4097)), .size = 0x4000),
	ELF_IS("elf_interp_too_short", .interp = "/bin/sh", POKES(PHDR(1, p_filesz, 1))),
	{ "elf_page_of_headers", "format", ENOEXEC, .path = "@/file", .launch = launch_unless_it_runs,
	  FILES({ "file", 0755, ELF(POKES(EHDR(e_phnum, 74)), .size = 0x2000) }) },
	{ "elf_x32", "format", ENOEXEC, .path = "@/file", .setup = need_x86, .launch = launch_unless_it_runs,
	  FILES({ "file", 0755, ELF(.bits = 32, .machine = EM_X86_64) }) },
	{ "elf_interp_beyond_eof", "format", EIO, .path = "@/file",
	  FILES({ "file", 0755, ELF(.interp = "/bin/sh", POKES(PHDR(1, p_offset, 0x100000))) }) },
	{},
};
