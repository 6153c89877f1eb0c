// SPDX-License-Identifier: GPL-2.0-only
/* Rows: where the caller lives, and where the file lies. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include "corpus.h"

static void enter_chroot(struct world *w)
{
	char *root = expand(w, "@/root");

	if (chroot(root) || chdir("/"))
		die("chroot %s: %m", root);
}

/* How a path outside of the caller's own root is best told is the tracer's choice. */
static void cwd_of_chroot(struct world *w, struct json_object *event)
{
	(void)w;
	expect_nothing(event, "cwd");
}

static void private_mounts(struct world *w)
{
	char *at = expand(w, "@/mount");

	own_mounts();
	mount_tmpfs(at, 0);
	make_fixture(w, &(struct fixture){ "mount/script", 0755, "#!@/none\n" });
}

static void private_pids(struct world *w)
{
	(void)w;
	if (unshare(CLONE_NEWPID))
		skip(w, "no pid namespaces: %m");
}

static void first_of_its_namespace(struct world *w, struct json_object *event)
{
	if (w->seen->ns_pid != 1)
		die("pid %d in its own namespace", w->seen->ns_pid);
	expect_int(event, "ns_pid", 1);
	expect_nothing(event, "pid_ns"); /* our /proc/self/ns/pid was not the caller's */
}

/* Root inside of it, nobody outside. */
static void private_users(struct world *w)
{
	(void)w;
	become(NOBODY);
	if (unshare(CLONE_NEWUSER))
		caller_skip(w, "no user namespaces for users");
	write_text("/proc/self/setgroups", "deny");
	if (!write_text("/proc/self/uid_map", text_printf("0 %d 1", NOBODY)) ||
	    !write_text("/proc/self/gid_map", text_printf("0 %d 1", NOBODY)))
		die("user namespace: %m");
}

static void expect_user(struct world *w, struct json_object *event, uid_t uid)
{
	(void)w;
	expect_int(event, "uid", uid);
	expect_int(event, "euid", uid);
	expect_int(event, "gid", uid);
	expect_text(event, "user", user_name(uid));
}

static void outside_identity(struct world *w, struct json_object *event)
{
	if (w->seen->uid)
		die("uid %u inside of the user namespace", w->seen->uid);
	expect_user(w, event, NOBODY);
}

static void set_login_user(struct world *w)
{
	if (!write_text("/proc/self/loginuid", "1000"))
		skip(w, "no login uid: %m");
}

/* A cgroup of our own, in the unified hierarchy. */
static char *cgroup_path(struct world *w)
{
	char *at = expand(w, "@/cgroup");

	own_mounts();
	mkdir(at, 0755);
	if (mount("cgroup2", at, "cgroup2", 0, NULL))
		return NULL;
	return text_printf("%s/%s", at, w->row->priv);
}

static void join_cgroup(struct world *w)
{
	char *path = cgroup_path(w);

	if (!path)
		skip(w, "no unified cgroup hierarchy: %m");
	if (mkdir(path, 0755) || !write_text(text_printf("%s/cgroup.procs", path), "0"))
		skip(w, "%s: %m", path);
}

static void remove_cgroup(struct world *w)
{
	char *path = cgroup_path(w);

	if (!path)
		return;
	rmdir(path);
	umount2(expand(w, "@/cgroup"), MNT_DETACH);
}

static void expect_cgroup(struct world *w, struct json_object *event)
{
	expect_text(event, "cgroup", text_printf("/%s", w->row->priv));
	expect_text(event, "container", NULL);
}

#define CONTAINER "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void expect_container(struct world *w, struct json_object *event)
{
	struct json_object *container = json_object_new_object();

	expect(container, "id", match("prefix", json_text("0123456789ab")));
	expect_text(container, "runtime", "docker");
	expect_cgroup(w, event);
	expect(event, "container", match("includes", container));
}

/* The file lies at one place and is called at another. */
static void bind_mount(struct world *w)
{
	own_mounts();
	if (mount(expand(w, "@/real"), expand(w, "@/mount"), NULL, MS_BIND, NULL))
		die("bind mount: %m");
}

static void overlay_mount(struct world *w)
{
	own_mounts();
	if (mount("overlay", expand(w, "@/mount"), "overlay", 0,
		  expand(w, "lowerdir=@/real,upperdir=@/upper,workdir=@/work")))
		skip(w, "no overlayfs: %m");
}

/* From 6.13 the kernel marks a change time that somebody has asked for, inside of the time itself. */
static void ask_for_times(struct world *w)
{
	struct stat st;

	if (stat(w->call.path, &st))
		die("%s: %m", w->call.path);
}

static void delete_program(struct world *w)
{
	unlink(expand(w, "@/script"));
}

static void deleted_path(struct world *w, struct json_object *event)
{
	struct json_object *path = match("prefix", json_text(expand(w, "@/script")));

	expect(event, "binary.path", match_by_family("tracepoint", match_any(), path));
	expect(event, "dirfd_path", path);
}

static void become_setuid(struct world *w)
{
	(void)w;
	if (setresgid(NOBODY, NOBODY, NOBODY) || setresuid(NOBODY, 0, 0))
		die("setresuid: %m");
}

#define LONG "a-directory-name-of-good-length-and-more-and-more-and-more-and-more-and-more-and-more"

const struct scenario places_scenarios[] = {
	{ "user", "lookup", ENOENT, .path = "@/none", .uid = NOBODY },
	{ "user_without_name", "lookup", ENOENT, .path = "@/none", .uid = 54321 },
	{ "login_user", "lookup", ENOENT, .path = "@/none", .setup = set_login_user },
	{ "effective_root", "lookup", ENOENT, .path = "@/none", .prepare = become_setuid },
	{ "chroot", "lookup", ENOENT, .path = "/none", .prepare = enter_chroot, .adjust = cwd_of_chroot,
	  FILES({ "root", S_IFDIR | 0755 }) },
	{ "chroot_interpreter", "interpreter", ENOENT, .path = "/script", .binary = "@/root/script",
	  .interp = "/bin/sh", .prepare = enter_chroot, .adjust = cwd_of_chroot,
	  FILES({ "root", S_IFDIR | 0755 }, { "root/script", 0755, "#!/bin/sh\n" }) },
	{ "chroot_loader", "interpreter", ENOENT, .path = "/program", .binary = "@/root/program",
	  .interp = "/lib64/ld-linux-x86-64.so.2", .prepare = enter_chroot, .adjust = cwd_of_chroot,
	  FILES({ "root", S_IFDIR | 0755 }, { "root/program", 0755, ELF(.interp = "/lib64/ld-linux-x86-64.so.2") }) },
	{ "mount_namespace", "interpreter", ENOENT, .path = "@/mount/script", .interp = "@/none",
	  .setup = private_mounts, FILES({ "mount", S_IFDIR | 0755 }) },
	{ "pid_namespace", "lookup", ENOENT, .path = "@/none", .setup = private_pids,
	  .adjust = first_of_its_namespace },
	{ "user_namespace", "lookup", ENOENT, .path = "@/none", .prepare = private_users, .adjust = outside_identity },
	{ "user_namespace_locked", "lookup", EACCES, .path = "@/locked/none", .prepare = private_users,
	  .adjust = outside_identity, FILES({ "locked", S_IFDIR | 0700 }) },
	{ "cgroup", "lookup", ENOENT, .path = "@/none", .priv = "execfail-test", .setup = join_cgroup,
	  .undo = remove_cgroup, .adjust = expect_cgroup },
	{ "container", "lookup", ENOENT, .path = "@/none", .priv = "docker-" CONTAINER ".scope", .setup = join_cgroup,
	  .undo = remove_cgroup, .adjust = expect_container },

	{ "file_behind_symlink", "interpreter", ENOENT, .path = "@/link", .binary = "@/script", .interp = "@/none",
	  FILES({ "script", 0755, "#!@/none\n" }, { "link", S_IFLNK, "script" }) },
	{ "file_in_bind_mount", "interpreter", ENOENT, .path = "@/mount/script", .interp = "@/none",
	  .setup = bind_mount,
	  FILES({ "mount", S_IFDIR | 0755 }, { "real", S_IFDIR | 0755 }, { "real/script", 0755, "#!@/none\n" }) },
	{ "file_in_overlay", "interpreter", ENOENT, .path = "@/mount/script", .interp = "@/none",
	  .setup = overlay_mount,
	  FILES({ "mount", S_IFDIR | 0755 }, { "upper", S_IFDIR | 0755 }, { "work", S_IFDIR | 0755 },
		{ "real", S_IFDIR | 0755 }, { "real/script", 0755, "#!@/none\n" }) },
	{ "file_with_queried_times", "interpreter", ENOENT, .path = "@/script", .interp = "@/none",
	  .setup = ask_for_times, FILES({ "script", 0755, "#!@/none\n" }) },
	{ "file_with_long_path", "interpreter", ENOENT, .path = "@/" LONG "/" LONG "/" LONG "/" LONG "/script",
	  .interp = "@/none",
	  FILES({ LONG, S_IFDIR | 0755 }, { LONG "/" LONG, S_IFDIR | 0755 }, { LONG "/" LONG "/" LONG, S_IFDIR | 0755 },
		{ LONG "/" LONG "/" LONG "/" LONG, S_IFDIR | 0755 },
		{ LONG "/" LONG "/" LONG "/" LONG "/script", 04755, "#!@/none\n" }) },
	{ "file_deleted", "format", ENOEXEC, .at = true, .dir = "@/script", .path = "", .flags = AT_EMPTY_PATH,
	  .prepare = delete_program, .adjust = deleted_path, FILES({ "script", 0755, "text\n" }) },
	{},
};
