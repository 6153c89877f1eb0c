// SPDX-License-Identifier: GPL-2.0-only
/* Rows: the kernel could not open the program. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <linux/posix_acl.h>
#include <linux/posix_acl_xattr.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/fanotify.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "corpus.h"

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 8U
#endif
#ifndef AT_EXECVE_CHECK
#define AT_EXECVE_CHECK 0x10000
#endif

/* clang-format off */
#define PROGRAM { "program", 0755, GOOD_ELF }
#define A_AND_B { "a", S_IFDIR | 0755 }, { "b", S_IFDIR | 0755 }
/* clang-format on */

#define N16 "nnnnnnnnnnnnnnnn"
#define N64 N16 N16 N16 N16
#define NAME_256 N64 N64 N64 N64

static void enter_directory(struct world *w)
{
	if (chdir(w->dir))
		die("%s: %m", w->dir);
}

static void in_removed_directory(struct world *w)
{
	char *gone = expand(w, "@/gone");

	if (chdir(gone) || rmdir(gone))
		die("%s: %m", gone);
}

/* Nowhere in the tree of paths any more; goes with the caller. */
static void in_detached_mount(struct world *w)
{
	char *at = expand(w, "@/mount");

	own_mounts();
	mount_tmpfs(at, 0);
	if (chdir(at) || umount2(at, MNT_DETACH))
		die("%s: %m", at);
}

static void noexec_mount(struct world *w)
{
	char *at = expand(w, "@/noexec");

	own_mounts();
	mount_tmpfs(at, MS_NOEXEC);
	make_fixture(w, &(struct fixture){ "noexec/program", 0755, GOOD_ELF });
	make_fixture(w, &(struct fixture){ "noexec/plain", 0644, GOOD_ELF });
	make_fixture(w, &(struct fixture){ "noexec/script", 0755, "#!/bin/sh\n" });
}

static void open_for_writing(struct world *w)
{
	open_or_die(w->call.path, O_WRONLY);
}

static void hold_for_writing(struct world *w)
{
	w->holder = hold_open(w->call.path, O_WRONLY);
}

/* The caller has it open because its parent has. */
static void launch_by_writer(struct world *w)
{
	pid_t *writer = shared_memory(sizeof(*writer)), pid = fork();

	if (!pid) {
		*writer = getpid();
		open_for_writing(w);
		pid = fork();
		if (!pid)
			caller_main(w);
		_exit(waitpid(pid, NULL, 0) != pid);
	}
	wait_for(w, pid);
	w->holder = *writer;
}

static void parent_is_named(struct world *w, struct json_object *event)
{
	holder_is_named(w, event);
	expect_int(event, "ppid", w->holder);
	json_object_object_del(event, "ancestors"); /* those of a row whose caller is a child of its own process */
}

static void caller_is_named(struct world *w, struct json_object *event)
{
	expect_hint(event, text_printf("process %d (corpus)", w->seen->pid));
}

static void no_cwd(struct world *w, struct json_object *event)
{
	(void)w;
	expect_nothing(event, "cwd"); /* "... (deleted)", or however the tracer says that */
}

/* Each leads to the one before, and the first to the program: one more than the kernel follows. */
static void chain_links(struct world *w)
{
	char *target = expand(w, "@/program");

	for (int i = 0; i <= 40; i++) {
		char *link = text_printf("%s/%d", w->dir, i);

		if (symlink(target, link))
			die("%s: %m", link);
		target = link;
	}
}

/* Links are there, and are not followed. */
static void nosymfollow_mount(struct world *w)
{
	own_mounts();
	if (mount("execfail", expand(w, "@/mount"), "tmpfs", MS_NOSYMFOLLOW, "mode=0755"))
		die("tmpfs: %m");
	make_fixture(w, &(struct fixture){ "mount/link", S_IFLNK, "@/program" });
	/* Before 5.10 the flag means nothing. */
	if (!access(w->call.path, F_OK))
		skip(w, "this kernel has no nosymfollow");
}

/* In a directory where everybody may make links, of somebody who is neither its owner nor the caller. */
static void protect_links(struct world *w)
{
	char *link = expand(w, "@/shared/link");

	if (!write_text("/proc/sys/fs/protected_symlinks", "1"))
		skip(w, "no fs.protected_symlinks: %m");
	if (lchown(link, 1000, 1000) || chmod(expand(w, "@/shared"), 01777))
		die("%s: %m", link);
}

static void enter_called_deleted(struct world *w)
{
	if (chdir(expand(w, "@/x (deleted)")))
		die("chdir: %m");
}

/* A program in memory, by the path that its descriptor has. */
static void text_in_memory(struct world *w)
{
	int memory = memfd_create("text", 0);

	if (memory < 0 || write(memory, "text\n", 5) != 5)
		die("memfd_create: %m");
	w->call.path = text_printf("/proc/self/fd/%d", memory);
	w->call.argv = strings_copy(w, STRINGS(w->call.path, "argument"));
}

static void binary_is_memory(struct world *w, struct json_object *event)
{
	const char *const fields[] = { "device_id", "inode_number", "ctime", "ctime_ns", "inode_mode" };

	(void)w;
	expect(event, "binary.path", match("contains", json_text("memfd:text")));
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		expect(event, text_printf("binary.%s", fields[i]), match("not_null", json_object_new_boolean(true)));
}

static void fifo_with_writer(struct world *w)
{
	/* Before 5.8 the kernel really opened it, and would wait for a writer. */
	open_or_die(w->call.path, O_RDWR);
}

static void lock_directory(struct world *w)
{
	chmod(expand(w, "@/locked"), 0700);
}

static void bad_descriptor(struct world *w)
{
	w->call.dirfd = 1000;
}

static void negative_descriptor(struct world *w)
{
	w->call.dirfd = -5;
}

static void no_dirfd_path(struct world *w, struct json_object *event)
{
	(void)w;
	expect(event, "dirfd_path", NULL);
}

static void set_list(struct world *w, uint16_t nobody, uint16_t mask)
{
	const struct {
		struct posix_acl_xattr_header header;
		struct posix_acl_xattr_entry entries[5];
	} list = {
		{ POSIX_ACL_XATTR_VERSION },
		{ { ACL_USER_OBJ, 7, -1 },
		  { ACL_USER, nobody, NOBODY },
		  { ACL_GROUP_OBJ, 5, -1 },
		  { ACL_MASK, mask, -1 },
		  { ACL_OTHER, 5, -1 } },
	};

	if (setxattr(w->call.path, "system.posix_acl_access", &list, sizeof(list), 0))
		skip(w, "no access control lists: %m");
}

/* user::rwx, user:nobody:---, group::r-x, mask::r-x, other::r-x: the mode does not show it. */
static void deny_by_list(struct world *w)
{
	set_list(w, 0, 5);
}

/* user:nobody:rwx, mask::r--: it takes away what the list gives. */
static void deny_by_mask(struct world *w)
{
	set_list(w, 7, 4);
}

/* Others may, the owner may not. */
static void own_without_x(struct world *w)
{
	if (chown(w->call.path, NOBODY, 0) || chmod(w->call.path, 0655))
		die("%s: %m", w->call.path);
}

/* A user namespace whose ids, seen from it, are those that the files have. */
static int open_id_map(struct world *w)
{
	pid_t child = fork();
	int namespace;

	if (!child) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (unshare(CLONE_NEWUSER) || raise(SIGSTOP))
			_exit(1);
		pause();
	}
	if (waitpid(child, &w->status, WUNTRACED) != child || !WIFSTOPPED(w->status))
		skip(w, "no user namespaces");
	write_text(text_printf("/proc/%d/gid_map", child), "1000 2000 1");
	write_text(text_printf("/proc/%d/uid_map", child), "1000 2000 1");
	namespace = open_or_die(text_printf("/proc/%d/ns/user", child), O_RDONLY);
	kill(child, SIGKILL);
	waitpid(child, &w->status, 0);
	w->status = 0;
	return namespace;
}

/* A file of user 1000 that is one of user 2000 there. */
static void idmapped_mount(struct world *w)
{
	struct mount_attr attributes = { .attr_set = MOUNT_ATTR_IDMAP };
	int tree;

	own_mounts();
	mount_tmpfs(expand(w, "@/tmpfs"), 0);
	make_fixture(w, &(struct fixture){ "tmpfs/program", 0700, GOOD_ELF });
	if (chown(expand(w, "@/tmpfs/program"), 1000, 1000))
		die("chown: %m");
	attributes.userns_fd = open_id_map(w);
	tree = open_tree(AT_FDCWD, expand(w, "@/tmpfs"), OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	if (tree < 0 || mount_setattr(tree, "", AT_EMPTY_PATH, &attributes, sizeof(attributes)))
		skip(w, "no idmapped tmpfs: %m");
	if (move_mount(tree, "", AT_FDCWD, expand(w, "@/mapped"), MOVE_MOUNT_F_EMPTY_PATH))
		die("move_mount: %m");
}

static void memory_without_x(struct world *w)
{
	w->call.dirfd = memfd_create("sealed", 0);
	if (w->call.dirfd < 0 || fchmod(w->call.dirfd, 0600))
		skip(w, "memfd_create: %m");
}

static void sealed_memory(struct world *w)
{
	w->call.dirfd = memfd_create("sealed", MFD_NOEXEC_SEAL);
	if (w->call.dirfd < 0)
		skip(w, "memfd_create with MFD_NOEXEC_SEAL: %m");
}

static void dirfd_is_memory(struct world *w, struct json_object *event)
{
	(void)w;
	expect(event, "dirfd_path", match("contains", json_text("memfd:sealed")));
}

/* Of a link, not of what it leads to. */
static void link_descriptor(struct world *w)
{
	w->call.dirfd = open_or_die(expand(w, "@/link"), O_PATH | O_NOFOLLOW);
}

static void link_is_named(struct world *w, struct json_object *event)
{
	expect_text(event, "dirfd_path", expand(w, "@/link"));
}

/* What the row names may be executed. */
static void no_landlock_rights(struct world *w)
{
	struct landlock_ruleset_attr rights = { .handled_access_fs = LANDLOCK_ACCESS_FS_EXECUTE };
	struct landlock_path_beneath_attr rule = { .allowed_access = LANDLOCK_ACCESS_FS_EXECUTE };
	int rules = syscall(SYS_landlock_create_ruleset, &rights, sizeof(rights.handled_access_fs), 0);

	if (w->row->priv && rules >= 0) {
		rule.parent_fd = open_or_die(expand(w, w->row->priv), O_PATH);
		if (syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0))
			die("landlock_add_rule: %m");
	}
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (rules < 0 || syscall(SYS_landlock_restrict_self, rules, 0))
		caller_skip(w, "no Landlock");
}

static void __attribute__((noreturn)) answer_opens(int watch, unsigned int response)
{
	struct fanotify_event_metadata event;
	struct fanotify_response answer;

	while (read(watch, &event, sizeof(event)) > 0) {
		answer = (struct fanotify_response){ event.fd, response };
		if (write(watch, &answer, sizeof(answer)) < 0) {
			answer.response = FAN_ALLOW;
			if (write(watch, &answer, sizeof(answer)) < 0)
				die("fanotify: %m");
		}
		close(event.fd);
	}
	die("fanotify: %m");
}

/* A process that says no to whoever opens the program, or what the row names, to execute it. */
static void watch_program(struct world *w, unsigned int class, unsigned int response)
{
	int watch = fanotify_init(class | FAN_CLOEXEC, O_RDONLY);
	const char *watched = w->row->priv ? expand(w, w->row->priv) : w->call.path;

	if (watch < 0 || fanotify_mark(watch, FAN_MARK_ADD, FAN_OPEN_EXEC_PERM, AT_FDCWD, watched))
		skip(w, "no fanotify permission events: %m");
	w->holder = fork();
	if (!w->holder)
		answer_opens(watch, response);
	close(watch);
}

static void start_watcher(struct world *w)
{
	watch_program(w, FAN_CLASS_CONTENT, FAN_DENY);
}

/* FAN_DENY_ERRNO(), since 6.14: it may answer some other errors, too. */
static void start_pre_content_watcher(struct world *w)
{
	watch_program(w, FAN_CLASS_PRE_CONTENT, FAN_DENY | (unsigned int)w->row->error << 24);
}

/* What the kernel does not know is answered by yes. */
static void launch_answered(struct world *w)
{
	launch_fork(w);
	if (!w->seen->returned && !w->status)
		skip(w, "this kernel knows no answer but EPERM of fanotify");
}

/* The flag is known when a good program passes the check. */
static void need_execve_check(struct world *w)
{
	char *good = expand(w, "@/good");

	if (syscall(SYS_execveat, AT_FDCWD, good, w->call.argv, w->call.envp, AT_EXECVE_CHECK))
		skip(w, "execveat with AT_EXECVE_CHECK: %m");
}

/* Of two flags it may know the one. */
static void flags_are_named(struct world *w, struct json_object *event)
{
	/* To try it would be one more failure. */
	struct utsname system;
	int major = 0, minor = 0;
	bool known;

	(void)w;
	uname(&system);
	sscanf(system.release, "%d.%d", &major, &minor);
	known = major > 6 || (major == 6 && minor >= 14);
	expect_hint(event, known ? "does not know the flags 0x40000000 of" : "does not know the flags 0x40010000 of");
}

/* Just below the limit of 4096 with its NUL. */
static void longest_path(struct world *w)
{
	size_t room = PATH_MAX - 1 - strlen(w->dir) - strlen("/none");
	char *path = text_printf("%s%s%s/none", w->dir, room % 2 ? "/" : "", text_repeat("/.", room / 2));

	w->call.path = path;
}

/*
 * A PATH search: every try is an exec. The file name is `program`, the directories are those of the row's PATH.
 */
static long issue_search(const struct call *call)
{
	environ = call->envp;
	return execvp("program", call->argv);
}

static void search(struct world *w)
{
	w->call.issue = issue_search;
}

static void expect_try(struct json_object *event, const char *path, int error)
{
	expect_text(event, "path", path);
	expect_error(event, error);
}

static void two_misses(struct world *w, struct json_object *event)
{
	expect_try(event, expand(w, "@/a/program"), ENOENT);
	expect_try(expect_again(w, event), expand(w, "@/b/program"), ENOENT);
}

/* An empty directory of PATH is the working directory, for which libc tries the name alone. */
static void three_misses(struct world *w, struct json_object *event)
{
	expect_try(event, expand(w, "@/a/program"), ENOENT);
	expect_try(expect_again(w, event), "program", ENOENT);
	expect_try(expect_again(w, event), expand(w, "@/b/program"), ENOENT);
}

/* libc goes on searching and then reports what it met on the way. */
static void denied_then_missing(struct world *w, struct json_object *event)
{
	expect_try(event, expand(w, "@/a/program"), EACCES);
	expect_try(expect_again(w, event), expand(w, "@/b/program"), ENOENT);
}

/* An exec that failed, whatever came of the next. */
static void run_found_at_last(struct world *w)
{
	search(w);
	launch_fork(w);
	if (w->seen->returned || w->status)
		die("the program did not run: %s", describe_outcome(w));
	expect_try(expect_failure(w), expand(w, "@/a/program"), ENOENT);
}

/* A script without #!: libc tries again with a shell, which succeeds. */
static void run_search_text(struct world *w)
{
	struct json_object *event;

	if (access("/bin/sh", X_OK))
		skip(w, "no /bin/sh");
	search(w);
	launch_fork(w);
	if (w->seen->returned || !WIFEXITED(w->status) || WEXITSTATUS(w->status) != w->row->exits)
		die("the shell did not run: %s", describe_outcome(w));
	event = expect_failure(w);
	expect_text(event, "path", expand(w, "@/b/program"));
}

#define SEARCH .argv = STRINGS("program", "-v"), .envp = STRINGS("PATH=@/a:@/b")

#define WATCHED                                                                                                        \
	.path = "@/program", FILES(PROGRAM), .setup = start_pre_content_watcher, .launch = launch_answered,            \
	.adjust = holder_is_named

const struct scenario lookup_scenarios[] = {
	{ "missing_file", "lookup", ENOENT, .path = "@/none", .leaves = true },
	{ "missing_directory", "lookup", ENOENT, .path = "@/no/such/program" },
	{ "missing_directory_removed", "lookup", ENOENT, .path = "@/folder/none", .setup = remove_directory_after,
	  FILES({ "folder", S_IFDIR | 0755 }) },
	{ "missing_relative", "lookup", ENOENT, .path = "./none", .prepare = enter_directory },
	{ "dangling_symlink", "lookup", ENOENT, .path = "@/link", FILES({ "link", S_IFLNK, "@/none" }) },
	{ "dangling_symlink_on_the_way", "lookup", ENOENT, .path = "@/link/program",
	  FILES({ "link", S_IFLNK, "none" }) },
	{ "path_crlf", "lookup", ENOENT, .path = "@/program\r", FILES(PROGRAM) },
	{ "removed_directory", "lookup", ENOENT, .path = "program", FILES({ "gone", S_IFDIR | 0755 }),
	  .prepare = in_removed_directory, .adjust = no_cwd },
	{ "detached_mount", "lookup", ENOENT, .path = "./none", .prepare = in_detached_mount, .adjust = no_cwd,
	  .leaves = true, FILES({ "mount", S_IFDIR | 0755 }, { "mount/none", 0755, GOOD_ELF }) },
	{ "file_as_directory", "lookup", ENOTDIR, .path = "@/program/inside", FILES(PROGRAM) },
	{ "trailing_slash", "lookup", ENOTDIR, .path = "@/program/", FILES(PROGRAM) },
	{ "longest_path", "lookup", ENOENT, .path = "/", .setup = longest_path },
	{ "component_too_long", "lookup", ENAMETOOLONG, .path = "@/" NAME_256 },
	{ "symlink_cycle", "lookup", ELOOP, .path = "@/a", FILES({ "a", S_IFLNK, "@/b" }, { "b", S_IFLNK, "@/a" }) },
	{ "symlinks_too_many", "lookup", ELOOP, .path = "@/40", FILES(PROGRAM), .setup = chain_links },
	{ "nosymfollow_mount", "lookup", ELOOP, .path = "@/mount/link", FILES(PROGRAM, { "mount", S_IFDIR | 0755 }),
	  .setup = nosymfollow_mount },
	{ "protected_symlink", "lookup", EACCES, .path = "@/shared/link", .uid = NOBODY, .setup = protect_links,
	  .settings = true, FILES(PROGRAM, { "shared", S_IFDIR | 0755 }, { "shared/link", S_IFLNK, "@/program" }) },
	{ "directory_called_deleted", "lookup", ENOENT, .path = "none", .prepare = enter_called_deleted,
	  FILES({ "x (deleted)", S_IFDIR | 0755 }) },
	{ "memory_by_path", "format", ENOEXEC, .path = "/proc/self/fd/0", .binary = "/proc/self/exe",
	  .setup = text_in_memory, .adjust = binary_is_memory },

	{ "no_x_bit", "lookup", EACCES, .path = "@/program", .leaves = true, FILES({ "program", 0644, GOOD_ELF }) },
	{ "no_x_bit_removed", "lookup", EACCES, .path = "@/program", .leaves = true, .setup = remove_after,
	  FILES({ "program", 0644, GOOD_ELF }) },
	{ "access_control_list", "lookup", EACCES, .path = "@/program", .uid = NOBODY, .setup = deny_by_list,
	  FILES({ "program", 0755, GOOD_ELF }) },
	{ "command_line", "lookup", ENOENT, .path = "@/program --flag", FILES(PROGRAM) },
	{ "access_control_mask", "lookup", EACCES, .path = "@/program", .uid = NOBODY, .setup = deny_by_mask,
	  FILES(PROGRAM) },
	{ "no_x_bit_owner", "lookup", EACCES, .path = "@/program", .uid = NOBODY, .setup = own_without_x,
	  FILES(PROGRAM) },
	{ "idmapped_mount", "lookup", EACCES, .path = "@/mapped/program", .uid = 1000, .setup = idmapped_mount,
	  FILES({ "tmpfs", S_IFDIR | 0755 }, { "mapped", S_IFDIR | 0755 }) },
	{ "no_x_bit_user", "lookup", EACCES, .path = "@/program", .uid = NOBODY, FILES({ "program", 0744, GOOD_ELF }) },
	{ "no_search_permission", "lookup", EACCES, .path = "@/locked/program", .uid = NOBODY,
	  FILES({ "locked", S_IFDIR | 0755 }, { "locked/program", 0755, GOOD_ELF }), .setup = lock_directory },
	{ "directory", "lookup", EACCES, .path = "@/folder", FILES({ "folder", S_IFDIR | 0755 }) },
	{ "directory_in_use", "lookup", EACCES, .path = "@/folder", .setup = make_entry_after,
	  FILES({ "folder", S_IFDIR | 0755 }) },
	{ "fifo", "lookup", EACCES, .path = "@/fifo", FILES({ "fifo", S_IFIFO | 0755 }), .setup = fifo_with_writer },
	{ "socket", "lookup", EACCES, .path = "@/socket", FILES({ "socket", S_IFSOCK | 0755 }) },
	{ "device", "lookup", EACCES, .path = "@/null", FILES({ "null", S_IFCHR | 0755 }) },
	{ "noexec_mount", "lookup", EACCES, .path = "@/noexec/program", FILES({ "noexec", S_IFDIR | 0755 }),
	  .setup = noexec_mount },
	{ "noexec_mount_no_x_bit", "lookup", EACCES, .path = "@/noexec/plain", FILES({ "noexec", S_IFDIR | 0755 }),
	  .setup = noexec_mount },
	{ "noexec_mount_script", "lookup", EACCES, .path = "@/noexec/script", FILES({ "noexec", S_IFDIR | 0755 }),
	  .setup = noexec_mount },
	{ "proc_file", "lookup", EACCES, .path = "/proc/version" },
	{ "landlock", "lookup", EACCES, .path = "@/program", FILES(PROGRAM), .prepare = no_landlock_rights },
	{ "landlock_gone", "lookup", EACCES, .path = "@/program", FILES(PROGRAM), .prepare = no_landlock_rights,
	  .leaves = true },
	{ "landlock_interpreter", "interpreter", EACCES, .path = "@/script", .interp = "@/program",
	  FILES(PROGRAM, { "script", 0755, "#!@/program\n" }), .prepare = no_landlock_rights, .priv = "@/script" },
	{ "landlock_loader", "interpreter", EACCES, .path = "@/dynamic", .interp = "@/program",
	  FILES(PROGRAM, { "dynamic", 0755, ELF(.interp = "@/program") }), .prepare = no_landlock_rights,
	  .priv = "@/dynamic" },
	{ "fanotify_interpreter", "interpreter", EPERM, .path = "@/script", .interp = "@/program",
	  FILES(PROGRAM, { "script", 0755, "#!@/program\n" }), .setup = start_watcher, .adjust = holder_is_named,
	  .priv = "@/program" },
	{ "fanotify_loader", "interpreter", EPERM, .path = "@/dynamic", .interp = "@/program",
	  FILES(PROGRAM, { "dynamic", 0755, ELF(.interp = "@/program") }), .setup = start_watcher,
	  .adjust = holder_is_named, .priv = "@/program" },
	{ "fanotify", "lookup", EPERM, .path = "@/program", FILES(PROGRAM), .setup = start_watcher,
	  .adjust = holder_is_named },
	{ "fanotify_eio", "lookup", EIO, WATCHED },
	{ "fanotify_eagain", "lookup", EAGAIN, WATCHED },
	{ "fanotify_etxtbsy", "lookup", ETXTBSY, WATCHED },
	{ "fanotify_ebusy", "lookup", EBUSY, WATCHED },
	{ "fanotify_enospc", "lookup", ENOSPC, WATCHED },
	{ "fanotify_user", "lookup", EAGAIN, WATCHED, .uid = NOBODY },
	{ "text_busy", "lookup", ETXTBSY, .path = "@/program", FILES(PROGRAM), .prepare = open_for_writing,
	  .adjust = caller_is_named },
	{ "text_busy_inherited", "lookup", ETXTBSY, .path = "@/program", FILES(PROGRAM), .launch = launch_by_writer,
	  .adjust = parent_is_named },
	{ "text_busy_by_another", "lookup", ETXTBSY, .path = "@/program", FILES(PROGRAM), .setup = hold_for_writing,
	  .adjust = holder_is_named },
	{ "text_busy_script", "lookup", ETXTBSY, .path = "@/script", FILES({ "script", 0755, "#!/bin/sh\n" }),
	  .setup = hold_for_writing, .adjust = holder_is_named },

	{ "execveat_missing", "lookup", ENOENT, .at = true, .dir = "@", .path = "none" },
	{ "execveat_cwd_missing", "lookup", ENOENT, .at = true, .path = "none", .prepare = enter_directory },
	{ "execveat_bad_descriptor", "lookup", EBADF, .at = true, .path = "none", .setup = bad_descriptor,
	  .adjust = no_dirfd_path },
	{ "execveat_negative_descriptor", "lookup", EBADF, .at = true, .path = "none", .setup = negative_descriptor,
	  .adjust = no_dirfd_path },
	{ "execveat_nofollow", "lookup", ELOOP, .at = true, .dir = "@", .path = "link", .flags = AT_SYMLINK_NOFOLLOW,
	  FILES(PROGRAM, { "link", S_IFLNK, "@/program" }) },
	{ "execveat_link_descriptor", "lookup", ELOOP, .at = true, .path = "", .flags = AT_EMPTY_PATH,
	  .setup = link_descriptor, .adjust = link_is_named, FILES(PROGRAM, { "link", S_IFLNK, "@/program" }) },
	{ "execveat_no_x_bit", "lookup", EACCES, .at = true, .dir = "@/file", .path = "", .flags = AT_EMPTY_PATH,
	  FILES({ "file", 0644, GOOD_ELF }) },
	{ "execveat_sealed_memory", "lookup", EACCES, .at = true, .path = "", .flags = AT_EMPTY_PATH,
	  .setup = sealed_memory, .adjust = dirfd_is_memory },
	{ "execveat_memory_without_x", "lookup", EACCES, .at = true, .path = "", .flags = AT_EMPTY_PATH,
	  .setup = memory_without_x, .adjust = dirfd_is_memory },
	{ "execveat_check", "lookup", EACCES, .at = true, .dir = "@", .path = "program", .flags = AT_EXECVE_CHECK,
	  .setup = need_execve_check, FILES({ "program", 0644, GOOD_ELF }, { "good", 0755, GOOD_ELF }) },
	{ "execveat_check_unknown_flag", "entry", EINVAL, .at = true, .dir = "@", .path = "good",
	  .flags = AT_EXECVE_CHECK | 0x40000000, .adjust = flags_are_named, FILES({ "good", 0755, GOOD_ELF }) },
	{ "execveat_directory", "lookup", EACCES, .at = true, .dir = "@", .path = "", .flags = AT_EMPTY_PATH },
	{ "execveat_cwd", "lookup", EACCES, .at = true, .path = "", .flags = AT_EMPTY_PATH, .leaves = true,
	  .prepare = enter_directory },
	{ "execveat_directory_in_use", "lookup", EACCES, .at = true, .dir = "@", .path = "", .flags = AT_EMPTY_PATH,
	  .setup = make_entry_after },
	{ "execveat_not_directory", "lookup", ENOTDIR, .at = true, .dir = "@/program", .path = "inside",
	  FILES(PROGRAM) },

	{ "search_missing", "lookup", ENOENT, SEARCH, .setup = search, .adjust = two_misses, FILES(A_AND_B) },
	{ "search_empty_directory", "lookup", ENOENT, .argv = STRINGS("program", "-v"),
	  .envp = STRINGS("PATH=@/a::@/b"), .setup = search, .prepare = enter_directory, .adjust = three_misses,
	  FILES(A_AND_B) },
	{ "search_denied", "lookup", EACCES, SEARCH, .setup = search, .adjust = denied_then_missing,
	  FILES(A_AND_B, { "a/program", 0644, GOOD_ELF }) },
	{ "search_found", "lookup", ENOENT, SEARCH, .run = run_found_at_last,
	  FILES(A_AND_B, { "b/program", 0755, GOOD_ELF }) },
	/* Beyond what could not be started. */
	{ "search_passed", "lookup", ENOENT, SEARCH, .path = "@/b/program",
	  FILES(A_AND_B, { "a/program", 0755, "#!/none\n" }) },
	{ "search_text", "format", ENOEXEC, .argv = STRINGS("program"), .envp = STRINGS("PATH=@/b"),
	  .binary = "@/b/program", .exits = 5, .run = run_search_text,
	  FILES({ "b", S_IFDIR | 0755 }, { "b/program", 0755, "exit 5\n" }) },
	{},
};
