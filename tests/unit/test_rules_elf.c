// SPDX-License-Identifier: GPL-2.0-only
/* What is in an ELF file. */
#include "examples.h"

static const struct example examples[] = {
	{ "object_file", KERNEL, FAILED(FORMAT, ENOEXEC), PATH("/opt/x"), HEAD(ELF_HEADER(ELF_REL, ELF_X86_64, "\0")),
	  .hint = "/opt/x is an object file" },
	{ "core_file", KERNEL, FAILED(FORMAT, ENOEXEC), PATH("/opt/x"), HEAD(ELF_HEADER(ELF_CORE, ELF_X86_64, "\1")),
	  .hint = "/opt/x is a core dump" },
	{ "wrong_machine", KERNEL, FAILED(FORMAT, ENOEXEC), PATH("/opt/x"),
	  HEAD(ELF_HEADER(ELF_EXEC, ELF_AARCH64, "\1")),
	  .hint = "/opt/x is an ELF program for aarch64, and this machine is x86_64; install the build for it" },
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
	{ "broken_elf", KERNEL, FAILED(FORMAT, ENOEXEC), PATH("/opt/x"),
	  HEAD(ELF_HEADER(ELF_EXEC, "\3\0", "\1") ELF_LOAD(ELF_BASE, N64("\0\x10"), N64("\0\x10"))),
	  .hint = "/opt/x is a damaged ELF file: it has 64-bit headers, and is for a machine of 32 bits" },
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
};

int main(void)
{
	return EXAMPLES_RUN(rules_elf);
}
