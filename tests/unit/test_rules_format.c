// SPDX-License-Identifier: GPL-2.0-only
/* What is in the file. */
#include "examples.h"

static const struct example examples[] = {
	{ "empty_file", USER, OUTCOME(ENOEXEC), PATH("/opt/x"), FILES({ "/opt/x", 0755, "" }), .stage = STAGE_FORMAT,
	  .hint = "/opt/x is empty" },
	{ "empty_file", KERNEL, FAILED(FORMAT, ENOEXEC), PATH("/opt/x"), HEAD("\0\0\0\0\0\0\0\0"),
	  FILES({ "/opt/x", 0755, "", .size = 5000 }), .hint = "/opt/x begins with zeros only" },
	{ "byte_order_mark", KERNEL, FAILED(FORMAT, ENOEXEC), PATH("/opt/x"), HEAD("\xef\xbb\xbf#!/bin/sh\n"),
	  .hint = "repair with: sed -i '1s/^\\xef\\xbb\\xbf//' /opt/x" },
	{ "byte_order_mark", KERNEL, FAILED(FORMAT, ENOEXEC), PATH("/opt/x"), HEAD("\xff\xfe#\0!\0/\0"),
	  .hint = "UTF-16" },
	{ "blank_before_shebang", KERNEL, FAILED(FORMAT, ENOEXEC), PATH("/opt/x"), HEAD("\n#!/bin/sh\n"),
	  .hint = "an empty line before its #!" },
	{ "shebang_empty", KERNEL, FAILED(FORMAT, ENOEXEC), PATH("/opt/x"), HEAD("#! \t\n"),
	  .hint = "names no interpreter" },
	{ "shebang_empty", KERNEL, FAILED(FORMAT, ENOEXEC), PATH("/opt/x"), HEAD("#! \0"),
	  .hint = "names no interpreter" },
	{ "shebang_too_long", KERNEL, FAILED(FORMAT, ENOEXEC), PATH("/opt/x"), HEAD("#!/" X256),
	  .hint = "the kernel reads 256 bytes" },
	{ "no_shebang", KERNEL, FAILED(FORMAT, ENOEXEC), PATH("/opt/x"), HEAD("echo hello\n"),
	  .hint = "/opt/x is text without a #! line" },
	{ "foreign_program", KERNEL, FAILED(FORMAT, ENOEXEC), PATH("/opt/x"), HEAD("MZ\x90\0\3\0"),
	  .hint = "a Windows" },
	{ "not_a_program", KERNEL, FAILED(FORMAT, ENOEXEC), PATH("/opt/x"), HEAD("\x1f\x8b\x08\0"),
	  .hint = "compressed by gzip" },
	{ "not_a_program", USER, FAILED(FORMAT, ENOEXEC), PATH("/opt/x"), HEAD(X256),
	  FILES({ "/opt/x", 0755, X256 "xustar" }), .hint = "/opt/x is a tar archive, not a program" },
	{ "object_file", KERNEL, FAILED(FORMAT, ENOEXEC), PATH("/opt/x"), HEAD(ELF_HEADER(ELF_REL, ELF_X86_64, "\0")),
	  .hint = "/opt/x is an object file" },
	{ "core_file", KERNEL, FAILED(FORMAT, ENOEXEC), PATH("/opt/x"), HEAD(ELF_HEADER(ELF_CORE, ELF_X86_64, "\1")),
	  .hint = "/opt/x is a core dump" },
	{ "wrong_machine", KERNEL, FAILED(FORMAT, ENOEXEC), PATH("/opt/x"),
	  HEAD(ELF_HEADER(ELF_EXEC, ELF_AARCH64, "\1")),
	  .hint = "/opt/x is an ELF program for aarch64; this machine is x86_64" },
	{ "truncated_elf", USER, OUTCOME(ENOEXEC), PATH("/opt/x"),
	  FILES({ "/opt/x", 0755,
		  BYTES_OF("\x7f"
			   "ELF\2\1\1\0\0\0") }),
	  .stage = STAGE_FORMAT, .hint = "ends too early, after 10 bytes" },
	{ "truncated_elf", USER, FAILED(FORMAT, EIO), PATH("/opt/x"), .event.head = { ELF_DYNAMIC, 176 },
	  FILES({ "/opt/x", 0755, ELF_DYNAMIC, 180 }), .hint = "ends too early, after 180 bytes" },
	{ "broken_elf", KERNEL, FAILED(FORMAT, ENOEXEC), PATH("/opt/x"), HEAD(ELF_HEADER(ELF_EXEC, ELF_X86_64, "\0")),
	  .hint = "program headers that make no sense" },
	{ "broken_elf", KERNEL, FAILED(FORMAT, ENOEXEC), PATH("/opt/x"), HEAD(ELF_HEADER(ELF_EXEC, "\0\0", "\0")),
	  .hint = "has no machine that it is for" },
	{ "too_many_headers", USER, FAILED(FORMAT, ENOEXEC), PATH("/opt/x"), .world.version = VIEW_VERSION(6, 16),
	  FILES({ "/opt/x", 0755, BYTES_OF(ELF_HEADER(ELF_EXEC, ELF_X86_64, "\x90")), .size = 0x10000 }),
	  .hint = "/opt/x has 144 program headers: before 6.17 Linux takes no more than fit into a page" },
	{ "elf_refused", USER, FAILED(FORMAT, ENOEXEC), PATH("/opt/x"), .world.version = VIEW_VERSION(6, 17),
	  FILES({ "/opt/x", 0755, BYTES_OF(ELF_HEADER(ELF_EXEC, ELF_X86_64, "\x90")), .size = 0x10000 }), .hint = "" },
	{ "no_32_bit_support", USER, OUTCOME(ENOEXEC), PATH("/opt/x"), .standing = VIEW_CALLER,
	  FILES({ "/opt/x", 0755,
		  BYTES_OF("\x7f"
			   "ELF\1\1\1\0\0\0\0\0\0\0\0\0"
			   "\2\0\3\0"
			   "\1\0\0\0"
			   "\0\0\0\0"
			   "\x34\0\0\0"
			   "\0\0\0\0"
			   "\0\0\0\0"
			   "\x34\0"
			   "\x20\0"
			   "\1\0"
			   "\0\0\0\0\0\0"
			   "\1\0\0\0"
			   "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0") }),
	  .hint = "for i386, which this x86_64 kernel likely does not run" },
	{ "elf_refused", KERNEL, FAILED(FORMAT, ENOEXEC), PATH("/opt/x"), HEAD(ELF_GOOD),
	  .hint = "does not take: likely damaged" },
	{ "elf_refused", USER, PATH("/bin/tool"), FILES(PROGRAM), .event.seen = SEEN_OUTCOME | SEEN_FILTERED,
	  .event.ret = -ENOEXEC, .hint = "it is damaged, or a seccomp filter of cron answered" },
	{ "unknown_format", KERNEL, FAILED(FORMAT, ENOEXEC), PATH("/opt/x"), HEAD("\1\2\3\4\5"),
	  .hint = "(it begins with 01 02 03 04)" },
};

int main(void)
{
	return EXAMPLES_RUN(rules_format);
}
