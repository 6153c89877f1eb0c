/* SPDX-License-Identifier: GPL-2.0-only */
/* Small ELF files as string literals. Numbers are written as the bytes that they are in the file. */
#ifndef EXECFAIL_ELF_BYTES_H
#define EXECFAIL_ELF_BYTES_H

#define N16(low) low "\0"
#define N64(two_bytes) two_bytes "\0\0\0\0\0\0"

#define ELF_X86_64 "\x3e\0"
#define ELF_AARCH64 "\xb7\0"
#define ELF_EXEC "\2\0"
#define ELF_DYN "\3\0"
#define ELF_REL "\1\0"
#define ELF_CORE "\4\0"

/* 64 bytes; the program headers follow. */
#define ELF_HEADER(type, machine, entries)                                                                             \
	"\x7f"                                                                                                         \
	"ELF\2\1\1\0\0\0\0\0\0\0\0\0" type machine "\1\0\0\0" N64("\0\0") N64("\x40\0") N64("\0\0") "\0\0\0\0"         \
												    "\x40\0"           \
												    "\x38\0" entries   \
												    "\0"               \
												    "\0\0\0\0\0\0"

/* 56 bytes. type and flags: one byte */
#define ELF_SEGMENT(type, flags, offset, address, file_size, memory_size)                                              \
	type "\0\0\0" flags "\0\0\0" offset address address file_size memory_size N64("\0\x10")

/* For pages of another size. */
#define ELF_LOAD_FOR(pages, offset, address, file_size, memory_size)                                                   \
	"\1\0\0\0\5\0\0\0" offset address address file_size memory_size pages

#define ELF_LOAD(address, file_size, memory_size) ELF_SEGMENT("\1", "\5", N64("\0\0"), address, file_size, memory_size)

#define ELF_BASE "\0\0\x40\0\0\0\0\0"

/* One segment, nothing wrong with it. */
#define ELF_GOOD ELF_HEADER(ELF_EXEC, ELF_X86_64, "\1") ELF_LOAD(ELF_BASE, N64("\x78\0"), N64("\x78\0"))

/* A program with the loader /lib64/ld-linux-x86-64.so.2, whose name lies behind two program headers. */
#define ELF_LOADER "/lib64/ld-linux-x86-64.so.2"
#define ELF_DYNAMIC                                                                                                    \
	ELF_HEADER(ELF_DYN, ELF_X86_64, "\2")                                                                          \
	ELF_LOAD(N64("\0\0"), N64("\x00\1"), N64("\x00\1"))                                                            \
	ELF_SEGMENT("\3", "\4", N64("\xb0\0"), N64("\xb0\0"), N64("\x1c\0"), N64("\x1c\0")) ELF_LOADER "\0"

/* For a file that is not a string. */
#define BYTES_OF(literal) literal, sizeof(literal) - 1

#endif
