// SPDX-License-Identifier: GPL-2.0-only
#include "cause/loader.h"

const char *loader_meaning(struct bytes loader)
{
	static const struct {
		const char *start;
		const char *meaning;
	} meanings[] = {
		{ "/lib/ld-musl-",
		  "the program was built for musl (Alpine), and this system has another C library; install musl, or take the build for glibc" },
		{ "/lib64/ld-linux-x86-64.so",
		  "the program was built for glibc, and this system has none; install gcompat (Alpine), or take a static "
		  "build" },
		{ "/lib/ld-linux-aarch64.so",
		  "the program was built for glibc, and this system has none; install gcompat (Alpine), or take a static "
		  "build" },
		{ "/lib/ld-linux.so.2", "it is a 32-bit program; install its libraries (libc6:i386, glibc.i686)" },
		{ "/lib/ld-linux-armhf.so", "it is a 32-bit ARM program; install its libraries (libc6:armhf)" },
		{ "/lib/ld-linux.so.3", "it is a 32-bit ARM program; install its libraries (libc6:armel)" },
		{ "/lib64/ld-lsb", "it was built for the Linux Standard Base; install the package lsb or lsb-core" },
		{ "/nix/store/",
		  "the program was built with Nix, and its store is not here; give it a loader of this system with "
		  "patchelf --set-interpreter" },
		{ "/gnu/store/",
		  "the program was built with Guix, and its store is not here; give it a loader of this system with "
		  "patchelf --set-interpreter" },
		{ "/home/linuxbrew/", "the program is Homebrew's, which is not installed here" },
		{ "/system/bin/linker", "it is an Android program" },
		{ "/libexec/ld-elf.so", "it is a FreeBSD program" },
	};

	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
		if (bytes_begins(loader, meanings[i].start))
			return meanings[i].meaning;
	return NULL;
}
