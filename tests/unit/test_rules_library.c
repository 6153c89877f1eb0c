// SPDX-License-Identifier: GPL-2.0-only
/* Programs that start, and whose loader stops. */
#include "examples.h"

#include "elf_build.h"

#define GLIBC "/lib64/ld-linux-x86-64.so.2"
#define MUSL "/lib/ld-musl-x86_64.so.1"

static struct elf_image app, aside, newer, level, musl_app, by_path, lib, library_of_arm, lib_versions, loader;

#define FILE_OF(path, image)                                                                                           \
	{                                                                                                              \
		path, 0755, image.p, sizeof(image.p)                                                                   \
	}
#define STARTED USER, .started = true, .stage = STAGE_LOADER
#define LOADER FILE_OF(GLIBC, loader)
#define CPU(flags)                                                                                                     \
	{                                                                                                              \
		"proc:cpuinfo", "flags\t\t: fpu cx8 cmov mmx fxsr sse sse2" flags "\n"                                 \
	}

static struct bytes variables[] = { S("LD_LIBRARY_PATH=/opt/a:/opt/b") };

static const struct example examples[] = {
	{ "library_missing", STARTED, PATH("/opt/app"), FILES(FILE_OF("/opt/app", app), LOADER, { "/lib/x", 0644 }),
	  .hint = "the library libfoo.so.1, which /opt/app needs, is not there (looked for in /lib/x86_64-linux-gnu" },
	{ "library_missing", STARTED, PATH("/opt/app"), ENVIRONMENT(variables),
	  FILES(FILE_OF("/opt/app", aside), LOADER, { "/lib/x", 0644 }),
	  .hint = "(looked for in /opt/a (LD_LIBRARY_PATH), /opt/b (LD_LIBRARY_PATH), /opt/../lib (RUNPATH), /opt/none "
		  "(RUNPATH), /lib/x86_64-linux-gnu" },
	/* What is found elsewhere is what to do. */
	{ "library_missing", STARTED, PATH("/opt/app"),
	  FILES(FILE_OF("/opt/app", app), LOADER, { "/etc/ld.so.conf", 0644, "include /etc/ld.so.conf.d/*.conf\n" },
		{ "/etc/ld.so.conf.d/other.txt", 0644, "/opt/b\n" },
		{ "/etc/ld.so.conf.d/local.conf", 0644, "# ours\n/usr/local/lib # here\n" },
		FILE_OF("/usr/local/lib/libfoo.so.1", lib), FILE_OF("/opt/b/libfoo.so.1", lib)),
	  .hint = "but in /usr/local/lib, which ld.so.cache does not know of; run ldconfig" },
	{ "library_missing", STARTED, PATH("/opt/app"),
	  FILES(FILE_OF("/opt/app", app), LOADER, FILE_OF("/opt/libfoo.so.1", lib)),
	  .hint = "there is one in /opt, where the loader does not look; set LD_LIBRARY_PATH=/opt" },
	{ "library_missing", STARTED, PATH("/opt/app"),
	  FILES(FILE_OF("/opt/app", app), LOADER, { "/var/lib/rpm/rpmdb.sqlite", 0644 }),
	  .hint = "install it with: dnf install 'libfoo.so.1()(64bit)'" },
	{ "library_missing", STARTED, PATH("/opt/app"), .standing = VIEW_SELF,
	  FILES(FILE_OF("/opt/app", app), LOADER,
		{ "/var/lib/dpkg/info/libfoo1:amd64.list", 0644, "/.\n/usr/lib/libfoo.so.1\n" }),
	  .hint = "the package libfoo1 has lost it; install that again: apt install --reinstall libfoo1" },
	{ "library_missing", STARTED, PATH("/opt/app"), .standing = VIEW_SELF,
	  FILES(FILE_OF("/opt/app", app), LOADER, FILE_OF("/opt/foo/libfoo.so.1", lib),
		{ "/var/lib/dpkg/info/foo.list", 0644, "/opt/foo/libfoo.so.1.2\n/opt/foo/libfoo.so.1\n" }),
	  .hint = "but the package foo has one in /opt/foo, where the loader does not look; set LD_LIBRARY_PATH=/opt/foo" },
	{ "library_missing", STARTED, PATH("/opt/app"), .standing = VIEW_SELF,
	  FILES(FILE_OF("/opt/app", app), LOADER, { "/var/lib/dpkg/info/x.list", 0644, "/.\n" },
		{ "/var/lib/apt/lists/main_Packages", 0644, "Package: a\nDepends: x\n\nPackage: libfoo1\n" }),
	  .hint = "; install libfoo1, which likely has it: apt install libfoo1" },
	{ "library_missing", STARTED, PATH("/opt/app"), .standing = VIEW_SELF,
	  FILES(FILE_OF("/opt/app", app), LOADER, { "/var/lib/dpkg/info/x.list", 0644, "/.\n" }),
	  .hint = "; find its package with: apt-file search libfoo.so.1" },
	/* Who starts with others' rights has no say in where libraries are. */
	{ "library_missing", STARTED, PATH("/opt/app"), ENVIRONMENT(variables),
	  FILES({ "/opt/app", 04755, app.p, sizeof(app.p) }, LOADER, FILE_OF("/opt/a/libfoo.so.1", lib)),
	  .hint = "LD_LIBRARY_PATH, which leads to it, is not heeded" },
	{ "library_missing", STARTED, PATH("/opt/app"),
	  FILES(FILE_OF("/opt/app", musl_app), { MUSL, 0755, loader.p, sizeof(loader.p) }),
	  .hint = "the library libfoo.so.1, which /opt/app needs, is not there (looked for in /opt/lib (RUNPATH), /lib, "
		  "/usr/local/lib, /usr/lib)" },
	{ "library_missing", STARTED, PATH("/opt/app"), FILES(FILE_OF("/opt/app", by_path), LOADER, { "/lib/x", 0644 }),
	  .hint = "the library /opt/none/libfoo.so, which /opt/app needs, is not there" },

	{ "library_version", STARTED, PATH("/opt/app"),
	  FILES(FILE_OF("/opt/app", newer), LOADER, FILE_OF("/lib/libfoo.so.1", lib_versions)),
	  .hint = "/opt/app needs FOO_1.10 of libfoo.so.1, and /lib/libfoo.so.1 has no newer one than FOO_1.9; update" },
	{ "library_wrong_machine", STARTED, PATH("/opt/app"),
	  FILES(FILE_OF("/opt/app", app), LOADER, FILE_OF("/lib/libfoo.so.1", library_of_arm)),
	  .hint = "is there only for another machine: /lib/libfoo.so.1 is for aarch64, and the program for x86_64" },
	{ "library_cpu", STARTED, PATH("/opt/app"), TEXTS(CPU("")), FILES(FILE_OF("/opt/app", level), LOADER),
	  .hint = "/opt/app is built for processors of the level x86-64-v3, and this one is x86-64; use" },
	{ "library_noexec", STARTED, PATH("/opt/app"), ENVIRONMENT(variables),
	  FILES(FILE_OF("/opt/app", app), LOADER, { "/opt/b/libfoo.so.1", 0755, lib.p, sizeof(lib.p), .mount = 3 }),
	  .hint = "is /opt/b/libfoo.so.1, on a file system that is mounted noexec (/noexec)" },
	{ "library_unreadable", STARTED, PATH("/opt/app"), TEXTS(STATUS("1000", "")),
	  FILES(FILE_OF("/opt/app", app), LOADER, { "/lib/libfoo.so.1", 0600, lib.p, sizeof(lib.p) }),
	  .hint = "may not be read by user alice (1000): /lib/libfoo.so.1" },
	{ "library_invalid", STARTED, PATH("/opt/app"), ENVIRONMENT(variables),
	  FILES(FILE_OF("/opt/app", app), LOADER, { "/opt/a/libfoo.so.1", 0644, "INPUT(-lfoo)\n" },
		FILE_OF("/opt/b/libfoo.so.1", lib)),
	  .hint = "is no good: /opt/a/libfoo.so.1 is no ELF file" },
	{ "library_invalid", STARTED, PATH("/opt/app"),
	  FILES(FILE_OF("/opt/app", app), LOADER, { "/lib/libfoo.so.1/x", 0644, "" }), .hint = "is a directory" },
	{ "loader_stopped", KERNEL, .stage = STAGE_LOADER, .event.exit_code = 127, .event.exe = B("/opt/app"),
	  .event.image = B("/opt/app"), .event.seen = SEEN_LOADER, .event.err.path = B("/var/log/job"),
	  FILES(FILE_OF("/opt/app", app), LOADER, FILE_OF("/lib/libfoo.so.1", lib)),
	  .hint = "the loader of /opt/app ended it with status 127, though no library is missing: likely one lacks a symbol; see "
		  "its message, which names it, in /var/log/job" },
};

static void build_all(void)
{
	elf_build(&loader, &(struct elf_plan){ .soname = "ld-linux-x86-64.so.2" });
	elf_build(&app, &(struct elf_plan){ .interpreter = GLIBC, .needed = { "libfoo.so.1" } });
	elf_build(&aside, &(struct elf_plan){ .interpreter = GLIBC,
					      .needed = { "libfoo.so.1" },
					      .runpath = "$ORIGIN/../lib:/opt/none" });
	elf_build(&newer, &(struct elf_plan){ .interpreter = GLIBC,
					      .needed = { "libfoo.so.1" },
					      .asks = "libfoo.so.1",
					      .wants = { "FOO_1.9", "FOO_1.10" } });
	elf_build(&level, &(struct elf_plan){ .interpreter = GLIBC, .isa = 4 });
	elf_build(&musl_app, &(struct elf_plan){ .interpreter = MUSL,
						 .needed = { "libc.so", "libfoo.so.1" },
						 .runpath = "/opt/lib" });
	elf_build(&by_path, &(struct elf_plan){ .interpreter = GLIBC, .needed = { "/opt/none/libfoo.so" } });
	elf_build(&lib, &(struct elf_plan){ .soname = "libfoo.so.1" });
	elf_build(&library_of_arm, &(struct elf_plan){ .soname = "libfoo.so.1", .machine = EM_AARCH64 });
	elf_build(&lib_versions,
		  &(struct elf_plan){ .soname = "libfoo.so.1", .has = { "libfoo.so.1", "FOO_1.2", "FOO_1.9" } });
}

int main(void)
{
	build_all();
	return EXAMPLES_RUN(rules_library, rules_loader_end);
}
