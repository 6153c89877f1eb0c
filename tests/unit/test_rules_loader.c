// SPDX-License-Identifier: GPL-2.0-only
/* The loader of an ELF program. */
#include "examples.h"

/* Two headers only. */
#define ELF_I386                                                                                                       \
	"\x7f"                                                                                                         \
	"ELF\1\1\1\0\0\0\0\0\0\0\0\0\3\0\3\0\1\0\0\0\0\0\0\0\x34\0\0\0\0\0\0\0\0\0\0\0\x34\0\x20\0\1\0\0\0"            \
	"\0\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"

static const struct example examples[] = {
	{ "name_too_long", KERNEL, FAILED(INTERPRETER, ENAMETOOLONG), PATH("/opt/app"), HEAD(ELF_DYNAMIC),
	  .event.interpreter = S("/" X256 "/ld.so"), .event.seen = SEEN_EXEC | SEEN_BPRM | SEEN_FILE, NOT_OPENED,
	  .hint = "of /opt/app has 256 bytes: a file name can have 255" },
	{ "nosymfollow_mount", USER, FAILED(INTERPRETER, ELOOP), DYNAMIC, NOT_OPENED,
	  FILES({ ELF_LOADER, S_IFLNK | 0777, "/lib/ld.so", .mount = 5 }, { "/lib/ld.so", 0755 }),
	  .hint = "on the way to the ELF loader" },
	{ "symlink_loop", KERNEL, .gone = true, FAILED(INTERPRETER, ELOOP), DYNAMIC, NOT_OPENED,
	  .hint = "cannot be reached: its symbolic links lead in a circle, or are more than 40" },
	{ "broken_elf", KERNEL, FAILED(INTERPRETER, EACCES), PATH("/opt/app"), HEAD(ELF_DYNAMIC),
	  .event.interpreter = S(""), .event.seen = SEEN_EXEC | SEEN_BPRM | SEEN_FILE, NOT_OPENED,
	  .hint = "/opt/app is a damaged ELF file: the name of its loader (PT_INTERP) is empty" },
	{ "loader_missing", KERNEL, FAILED(INTERPRETER, ENOENT), PATH("/opt/app"), HEAD(ELF_DYNAMIC),
	  .event.interpreter = S("ld.so"), .event.seen = SEEN_EXEC | SEEN_BPRM | SEEN_FILE, NOT_OPENED,
	  .hint = "a name without a leading slash is looked for in the caller's working directory" },
	{ "loader_wrong_machine", USER, OUTCOME(ELIBBAD), PATH("/opt/app"), .stage = STAGE_INTERPRETER,
	  FILES({ "/opt/app", 0755, ELF_DYNAMIC, sizeof(ELF_DYNAMIC) - 1 }, { ELF_LOADER, 0755, BYTES_OF(ELF_I386) }),
	  .hint = "is built for i386, and what names it for x86_64" },
	{ "loader_missing", KERNEL, FAILED(INTERPRETER, ENOENT), DYNAMIC, NOT_OPENED, FILES({ "/lib64/x", 0755 }),
	  .hint = "the ELF loader " ELF_LOADER " of /opt/app does not exist: likely the program was built for glibc" },
	{ "loader_missing", USER, OUTCOME(ENOENT), PATH("/opt/app"), .stage = STAGE_INTERPRETER,
	  FILES({ "/opt/app", 0755, ELF_DYNAMIC, sizeof(ELF_DYNAMIC) - 1 }),
	  .hint = "the ELF loader " ELF_LOADER " of /opt/app" },
	{ "loader_not_executable", USER, FAILED(INTERPRETER, EACCES), DYNAMIC, NOT_OPENED, FILES({ ELF_LOADER, 0644 }),
	  .hint = "of /opt/app has no execute permission" },
	{ "loader_busy", KERNEL, FAILED(INTERPRETER, ETXTBSY), DYNAMIC, NOT_OPENED, FILES({ ELF_LOADER, 0755 }),
	  .world.busy = ELF_LOADER, .hint = "of /opt/app is open for writing in process 77" },
	{ "loader_wrong_machine", USER, FAILED(INTERPRETER, ELIBBAD), DYNAMIC,
	  FILES({ ELF_LOADER, 0755, BYTES_OF(ELF_HEADER(ELF_DYN, ELF_AARCH64, "\1")) }),
	  .hint = "is built for aarch64" },
	{ "loader_broken", KERNEL, FAILED(INTERPRETER, ELIBBAD), DYNAMIC, .gone = true,
	  .hint = "is damaged, or not a loader" },
	{ "loader_broken", KERNEL, FAILED(INTERPRETER, EIO), DYNAMIC, FILES({ ELF_LOADER, 0755, "short" }),
	  .hint = "has only 5 bytes" },
};

int main(void)
{
	return EXAMPLES_RUN(rules_loader);
}
