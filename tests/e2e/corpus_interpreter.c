// SPDX-License-Identifier: GPL-2.0-only
/* Rows: the program is fine, the interpreter it names is not. */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "corpus.h"

/* clang-format off */
#define SCRIPT(text) { "script", 0755, text }
#define LOADER(name, error, ...) \
	{ name, "interpreter", error, .path = "@/program", .interp = "@/ld.so", \
	  FILES({ "program", 0755, ELF(.interp = "@/ld.so") }, { "ld.so", __VA_ARGS__ }) }
#define FOREIGN_LOADER(name, loader) \
	{ name, "interpreter", ENOENT, .path = "@/program", .interp = loader, .setup = need_no_loader, \
	  FILES({ "program", 0755, ELF(.interp = loader) }) }
/* clang-format on */
#define X64 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define X256 X64 X64 X64 X64

static void enter_directory(struct world *w)
{
	if (chdir(w->dir))
		die("%s: %m", w->dir);
}

static void open_interpreter_for_writing(struct world *w)
{
	w->holder = hold_open(expand(w, "@/interp"), O_WRONLY);
}

static void interpreter_on_noexec_mount(struct world *w)
{
	own_mounts();
	mount_tmpfs(expand(w, "@/noexec"), MS_NOEXEC);
	make_fixture(w, &(struct fixture){ "noexec/interp", 0755, GOOD_ELF });
}

static void lock_directory(struct world *w)
{
	chmod(expand(w, "@/locked"), 0700);
}

static void close_on_exec(struct world *w)
{
	fcntl(w->call.dirfd, F_SETFD, FD_CLOEXEC);
}

/* The kernel gave up knowing the name, without having tried it. */
static void interpreter_parsed(struct world *w, struct json_object *event)
{
	expect(event, "interpreter_path", match_or_null(json_text(expand(w, w->row->interp))));
}

/* Of such a name, what fits. */
static void interpreter_is_cut(struct world *w, struct json_object *event)
{
	expect(event, "interpreter_path", match_or_null(match("prefix", json_text(expand(w, "@/" X64)))));
}

static void need_no_loader(struct world *w)
{
	if (!access(w->row->interp, F_OK))
		skip(w, "%s is there", w->row->interp);
}

static void open_loader_for_writing(struct world *w)
{
	w->holder = hold_open(expand(w, "@/ld.so"), O_WRONLY);
}

/*
 * #!/usr/bin/env NAME: the script starts, and then env's own search fails. What is executed last is NAME, by a process
 * that is named after the script.
 */
static void run_env(struct world *w, const char *name)
{
	struct json_object *event;
	char *path = text_printf("%s/%s", w->dir, name);

	launch_fork(w);
	if (w->seen->returned || !WIFEXITED(w->status) || WEXITSTATUS(w->status) != 127)
		die("env did not run: %s", describe_outcome(w));
	event = expect_failure(w);
	expect_text(event, "path", path);
	expect(event, "arguments", json_list((char *[]){ (char *)name, (char *)w->call.path, "argument", NULL }));
	expect(event, "argc", match_or_null(json_object_new_int(3)));
	expect_text(event, "comm", "script");
}

static void run_env_missing(struct world *w)
{
	run_env(w, "no-such-program");
}

static void run_env_crlf(struct world *w)
{
	run_env(w, "program\r");
}

/* The kernel passes all that is behind env as one argument. */
static void run_env_with_option(struct world *w)
{
	run_env(w, "program -x");
}

static void link_env(struct world *w)
{
	char self[PATH_MAX] = "";

	if (readlink("/proc/self/exe", self, sizeof(self) - 1) < 0 || symlink(self, expand(w, "@/env")))
		die("env: %m");
}

#define HANDLER "execfail-test"

#define HANDLERS "/proc/sys/fs/binfmt_misc"

static bool mount_handlers(void)
{
	own_mounts();
	return !mount("binfmt_misc", HANDLERS, "binfmt_misc", 0, NULL);
}

static void remove_handler(struct world *w)
{
	(void)w;
	if (!mount_handlers())
		return;
	write_text(HANDLERS "/" HANDLER, "-1");
	umount2(HANDLERS, MNT_DETACH);
}

/* For files that end in .execfailtest. */
static void add_handler_called(struct world *w, const char *path)
{
	if (!mount_handlers())
		skip(w, "no binfmt_misc: %m");
	write_text(HANDLERS "/" HANDLER, "-1");
	if (!write_text(HANDLERS "/register", text_printf(":" HANDLER ":E::execfailtest::%s:", expand(w, path))))
		skip(w, "binfmt_misc takes no handler: %m");
}

static void add_handler(struct world *w)
{
	add_handler_called(w, "@/handler");
}

/* The handler is itself a file for the handler. */
static void add_own_handler(struct world *w)
{
	add_handler_called(w, "@/handler.execfailtest");
}

/* Before 5.8 a #! line without a name is refused; later kernels look for the interpreter "". */
static void need_later_kernel(struct world *w)
{
	int major = 0, minor = 0;
	struct utsname system;

	uname(&system);
	if (sscanf(system.release, "%d.%d", &major, &minor) == 2 && major * 100 + minor < 508)
		skip(w, "before Linux 5.8 this is a #! line with nothing behind it");
}

static const char *const binary_numbers[] = { "path", "device_id", "inode_number", "ctime", "ctime_ns", "inode_mode" };

static void binary_is_gone(struct world *w, struct json_object *event)
{
	(void)w;
	for (size_t i = 0; i < sizeof(binary_numbers) / sizeof(binary_numbers[0]); i++)
		expect_nothing(event, text_printf("binary.%s", binary_numbers[i]));
}

/* In a mount namespace that goes with the caller. */
static void scripts_elsewhere(struct world *w)
{
	own_mounts();
	mount_tmpfs(expand(w, "@/mount"), 0);
	make_fixture(w, &(struct fixture){ "mount/script", 0755, "#!@/mount/1\n" });
	for (int i = 1; i <= 6; i++)
		make_fixture(
			w, &(struct fixture){ text_printf("mount/%d", i), 0755, text_printf("#!@/mount/%d\n", i + 1) });
}

/* Over what is there for everybody else; goes with the caller. */
static void hide_loader(struct world *w)
{
	own_mounts();
	mount_tmpfs(expand(w, "@/lib"), 0);
}

/* All of it goes with the caller. */
static void short_loader_elsewhere(struct world *w)
{
	own_mounts();
	mount_tmpfs(expand(w, "@/lib"), 0);
	make_fixture(w, &(struct fixture){ "lib/ld.so", 0755, "short" });
	make_fixture(w, &(struct fixture){ "lib/program", 0755, ELF(.interp = "@/lib/ld.so") });
}

const struct scenario interpreter_scenarios[] = {
	{ "interpreter_missing", "interpreter", ENOENT, .path = "@/script", .interp = "@/none", .leaves = true,
	  FILES(SCRIPT("#!@/none\n")) },
	{ "interpreter_missing_with_argument", "interpreter", ENOENT, .path = "@/script", .interp = "@/none",
	  FILES(SCRIPT("#! @/none -x y\n")) },
	{ "interpreter_crlf", "interpreter", ENOENT, .path = "@/script", .interp = "/bin/sh\r",
	  FILES(SCRIPT("#!/bin/sh\r\n")) },
	{ "interpreter_crlf_missing", "interpreter", ENOENT, .path = "@/script", .interp = "@/none\r",
	  FILES(SCRIPT("#!@/none\r\n")) },
	{ "interpreter_nested_crlf", "interpreter", ENOENT, .path = "@/script", .interp = "/bin/sh\r",
	  FILES(SCRIPT("#!@/inner\n"), { "inner", 0755, "#!/bin/sh\r\n" }) },
	{ "shebang_without_end", "interpreter", EACCES, .path = "@/script", .interp = "", .setup = need_later_kernel,
	  FILES(SCRIPT("#!")) },
	{ "shebang_nul", "interpreter", EACCES, .path = "@/script", .interp = "", .setup = need_later_kernel,
	  FILES({ "script", 0755, "#! \0/bin/sh\n", 12 }) },
	{ "shebang_nested_without_end", "interpreter", EACCES, .path = "@/script", .interp = "",
	  .setup = need_later_kernel, FILES(SCRIPT("#!@/inner\n"), { "inner", 0755, "#!" }) },
	{ "interpreter_not_directory", "interpreter", ENOTDIR, .path = "@/script", .interp = "@/interp/sh",
	  FILES(SCRIPT("#!@/interp/sh\n"), { "interp", 0755, GOOD_ELF }) },
	{ "interpreter_symlink_cycle", "interpreter", ELOOP, .path = "@/script", .interp = "@/interp",
	  FILES(SCRIPT("#!@/interp\n"), { "interp", S_IFLNK, "@/interp" }) },
	{ "interpreter_object", "interpreter", ENOEXEC, .path = "@/script", .interp = "@/interp",
	  FILES(SCRIPT("#!@/interp\n"), { "interp", 0755, ELF(.type = ET_REL) }) },
	{ "interpreter_relative", "interpreter", ENOENT, .path = "@/script", .interp = "bin/none",
	  FILES(SCRIPT("#!bin/none\n")) },
	{ "interpreter_nested_missing", "interpreter", ENOENT, .path = "@/script", .interp = "@/none",
	  FILES(SCRIPT("#!@/inner\n"), { "inner", 0755, "#!@/none\n" }) },
	{ "interpreter_nested_relative_path", "interpreter", ENOENT, .path = "./script", .binary = "@/script",
	  .interp = "@/none", .prepare = enter_directory,
	  FILES(SCRIPT("#!@/inner\n"), { "inner", 0755, "#!@/none\n" }) },
	{ "interpreter_dangling_link", "interpreter", ENOENT, .path = "@/script", .interp = "@/python",
	  FILES(SCRIPT("#!@/python -u\n"), { "python", S_IFLNK, "@/python2" }) },
	{ "interpreter_proc_file", "interpreter", EACCES, .path = "@/script", .interp = "/proc/version",
	  FILES(SCRIPT("#!/proc/version\n")) },
	{ "interpreter_no_x_bit", "interpreter", EACCES, .path = "@/script", .interp = "@/interp",
	  FILES(SCRIPT("#!@/interp\n"), { "interp", 0644, GOOD_ELF }) },
	{ "interpreter_directory", "interpreter", EACCES, .path = "@/script", .interp = "@/interp",
	  FILES(SCRIPT("#!@/interp\n"), { "interp", S_IFDIR | 0755 }) },
	{ "interpreter_no_search_permission", "interpreter", EACCES, .path = "@/script", .interp = "@/locked/interp",
	  .uid = NOBODY, .setup = lock_directory,
	  FILES(SCRIPT("#!@/locked/interp\n"), { "locked", S_IFDIR | 0755 }, { "locked/interp", 0755, GOOD_ELF }) },
	{ "interpreter_noexec_mount", "interpreter", EACCES, .path = "@/script", .interp = "@/noexec/interp",
	  .setup = interpreter_on_noexec_mount, FILES(SCRIPT("#!@/noexec/interp\n"), { "noexec", S_IFDIR | 0755 }) },
	{ "interpreter_text", "interpreter", ENOEXEC, .path = "@/script", .interp = "@/interp",
	  FILES(SCRIPT("#!@/interp\n"), { "interp", 0755, "text\n" }) },
	{ "interpreter_wrong_machine", "interpreter", ENOEXEC, .path = "@/script", .interp = "@/interp",
	  FILES(SCRIPT("#!@/interp\n"), { "interp", 0755, ELF(.machine = EM_S390, .big_endian = true) }) },
	{ "interpreter_busy", "interpreter", ETXTBSY, .path = "@/script", .interp = "@/interp",
	  .setup = open_interpreter_for_writing, .adjust = holder_is_named,
	  FILES(SCRIPT("#!@/interp\n"), { "interp", 0755, GOOD_ELF }) },
	{ "interpreter_itself", "interpreter", ELOOP, .path = "@/script", .interp = "@/script",
	  FILES(SCRIPT("#!@/script\n")) },
	{ "interpreter_too_deep", "interpreter", ELOOP, .path = "@/script", .interp = "@/6",
	  FILES(SCRIPT("#!@/1\n"), { "1", 0755, "#!@/2\n" }, { "2", 0755, "#!@/3\n" }, { "3", 0755, "#!@/4\n" },
		{ "4", 0755, "#!@/5\n" }, { "5", 0755, "#!@/6\n" }, { "6", 0755, GOOD_ELF }) },
	{ "interpreter_too_deep_elsewhere", "interpreter", ELOOP, .path = "@/mount/script", .binary = "@/6",
	  .interp = "@/mount/6", .prepare = scripts_elsewhere, .adjust = binary_is_gone, .leaves = true,
	  FILES({ "mount", S_IFDIR | 0755 }, { "6", 0755, GOOD_ELF }) },
	{ "interpreter_missing_removed", "interpreter", ENOENT, .path = "@/script", .binary = "@/interp",
	  .interp = "@/none", .setup = remove_after, .adjust = binary_is_gone, .leaves = true,
	  FILES(SCRIPT("#!@/none\n"), { "interp", 0755, GOOD_ELF }) },
	{ "interpreter_text_removed", "interpreter", ENOEXEC, .path = "@/script", .binary = "@/interp",
	  .interp = "@/interp", .setup = remove_after, .adjust = binary_is_gone, .leaves = true,
	  FILES(SCRIPT("#!@/interp\n"), { "interp", 0755, "text\n" }) },
	{ "script_close_on_exec", "interpreter", ENOENT, .at = true, .dir = "@/script", .path = "", .interp = "/bin/sh",
	  .flags = AT_EMPTY_PATH, .setup = close_on_exec, .adjust = interpreter_parsed, FILES(SCRIPT("#!/bin/sh\n")) },
	{ "script_close_on_exec_missing", "interpreter", ENOENT, .at = true, .dir = "@/script", .path = "",
	  .interp = "@/none", .flags = AT_EMPTY_PATH, .setup = close_on_exec, .adjust = interpreter_parsed,
	  .leaves = true, FILES(SCRIPT("#!@/none\n")) },

	{ "loader_missing", "interpreter", ENOENT, .path = "@/program", .interp = "@/ld.so", .leaves = true,
	  FILES({ "program", 0755, ELF(.interp = "@/ld.so") }) },
	{ "loader_missing_32", "interpreter", ENOENT, .path = "@/program", .interp = "@/ld.so",
	  .setup = need_programs_32,
	  FILES({ "good", 0755, .elf = &elf_good_32 },
		{ "program", 0755, ELF(.bits = 32, .machine = EM_386, .interp = "@/ld.so") }) },
	FOREIGN_LOADER("loader_missing_musl", "/lib/ld-musl-x86_64.so.1"),
	FOREIGN_LOADER("loader_missing_nix", "/nix/store/execfail-test/ld.so"),
	FOREIGN_LOADER("loader_missing_libc_32", "/lib/ld-linux.so.2"),
	{ "loader_hidden", "interpreter", ENOENT, .path = "@/program", .interp = "@/lib/ld.so", .prepare = hide_loader,
	  .leaves = true,
	  FILES({ "program", 0755, ELF(.interp = "@/lib/ld.so") }, { "lib", S_IFDIR | 0755 },
		{ "lib/ld.so", 0755, GOOD_ELF }) },
	LOADER("loader_no_x_bit", EACCES, 0644, GOOD_ELF),
	LOADER("loader_directory", EACCES, S_IFDIR | 0755),
	LOADER("loader_text", ELIBBAD, 0755, X64 X64),
	LOADER("loader_wrong_machine", ELIBBAD, 0755, ELF(.machine = EM_S390, .big_endian = true)),
	LOADER("loader_short", EIO, 0755, "short"),
	{ "loader_short_elsewhere", "interpreter", EIO, .path = "@/lib/program", .binary = "@/ld.so",
	  .interp = "@/lib/ld.so", .prepare = short_loader_elsewhere, .adjust = binary_is_gone, .leaves = true,
	  FILES({ "lib", S_IFDIR | 0755 }, { "ld.so", 0755, GOOD_ELF }) },
	LOADER("loader_of_other_class", ELIBBAD, 0755, ELF(.bits = 32, .machine = EM_386)),
	{ "loader_name_too_long", "interpreter", ENAMETOOLONG, .path = "@/program", .interp = "@/" X256 "/ld.so",
	  .adjust = interpreter_is_cut, FILES({ "program", 0755, ELF(.interp = "@/" X256 "/ld.so") }) },
	LOADER("loader_symlink_cycle", ELOOP, S_IFLNK, "@/ld.so"),
	{ "loader_without_name", "interpreter", EACCES, .path = "@/program", .interp = "",
	  FILES({ "program", 0755, ELF(.interp = "", POKES(PHDR(1, p_filesz, 2))) }) },
	{ "loader_relative", "interpreter", ENOENT, .path = "@/program", .interp = "none/ld.so",
	  FILES({ "program", 0755, ELF(.interp = "none/ld.so") }) },
	{ "loader_busy", "interpreter", ETXTBSY, .path = "@/program", .interp = "@/ld.so",
	  .setup = open_loader_for_writing, .adjust = holder_is_named,
	  FILES({ "program", 0755, ELF(.interp = "@/ld.so") }, { "ld.so", 0755, GOOD_ELF }) },
	{ "loader_first_of_two", "interpreter", ENOENT, .path = "@/program", .interp = "@/none",
	  FILES({ "program", 0755, ELF(.interp = "@/none", .interp_too = "@/ld.so") }, { "ld.so", 0755, GOOD_ELF }) },
	{ "loader_missing_of_interpreter", "interpreter", ENOENT, .path = "@/script", .interp = "@/ld.so",
	  FILES(SCRIPT("#!@/program\n"), { "program", 0755, ELF(.interp = "@/ld.so") }) },

	{ "env_missing", "lookup", ENOENT, .path = "@/script", .envp = STRINGS("PATH=@"), .setup = link_env,
	  .run = run_env_missing, FILES(SCRIPT("#!@/env no-such-program\n")) },
	{ "env_crlf", "lookup", ENOENT, .path = "@/script", .envp = STRINGS("PATH=@"), .setup = link_env,
	  .run = run_env_crlf, FILES(SCRIPT("#!@/env program\r\n"), { "program", 0755, GOOD_ELF }) },
	{ "env_with_option", "lookup", ENOENT, .path = "@/script", .envp = STRINGS("PATH=@"), .setup = link_env,
	  .run = run_env_with_option, FILES(SCRIPT("#!@/env program -x\n"), { "program", 0755, GOOD_ELF }) },

	{ "handler_missing", "interpreter", ENOENT, .path = "@/file.execfailtest", .interp = "@/handler",
	  .setup = add_handler, .undo = remove_handler, FILES({ "file.execfailtest", 0755, "anything\n" }) },
	/* A script to the kernel only where nobody else takes it. */
	{ "handler_missing_script", "interpreter", ENOENT, .path = "@/file.execfailtest", .interp = "@/handler",
	  .setup = add_handler, .undo = remove_handler, FILES({ "file.execfailtest", 0755, "#!/bin/sh\n" }) },
	{ "handler_no_x_bit", "interpreter", EACCES, .path = "@/file.execfailtest", .interp = "@/handler",
	  .setup = add_handler, .undo = remove_handler,
	  FILES({ "file.execfailtest", 0755, "anything\n" }, { "handler", 0644, GOOD_ELF }) },
	{ "handler_text", "interpreter", ENOEXEC, .path = "@/file.execfailtest", .interp = "@/handler",
	  .setup = add_handler, .undo = remove_handler,
	  FILES({ "file.execfailtest", 0755, "anything\n" }, { "handler", 0755, "text\n" }) },
	{ "handler_itself", "interpreter", ELOOP, .path = "@/file.execfailtest", .interp = "@/handler.execfailtest",
	  .setup = add_own_handler, .undo = remove_handler,
	  FILES({ "file.execfailtest", 0755, "anything\n" }, { "handler.execfailtest", 0755, "anything\n" }) },
	{},
};
