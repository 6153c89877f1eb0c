// SPDX-License-Identifier: GPL-2.0-only
/* The real world, through /proc. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "base/memory.h"
#include "look/access.h"
#include "look/binfmt.h"
#include "look/scan.h"
#include "look/view.h"

#ifndef SYS_openat2
#define SYS_openat2 437 /* on all architectures */
#endif
#ifndef RESOLVE_CACHED
#define RESOLVE_CACHED 0x20
#endif
#ifndef STATX_MNT_ID
#define STATX_MNT_ID 0x1000
#endif
#ifndef STATX_MNT_ID_UNIQUE
#define STATX_MNT_ID_UNIQUE 0x4000
#endif

enum {
	TABLES = 4, /* tables of other namespaces' mounts that are kept */
	HELD = 8, /* answers about who holds a file that are kept */
	SCAN_SHARE = 4, /* of this many parts of the time, one may go into asking that */
	TEXT_MAX = 4 << 20, /* of a file of /proc: thousands of mounts */
	HANDLERS_MAX = 256, /* registrations of binfmt_misc that are looked at */
};

/* Stands for the one that memfds are on. */
#define MEMORY_MOUNT UINT64_MAX

/* Another namespace's mounts, as they were a moment ago. */
struct table {
	uint64_t root_mount; /* by an id that is never used again */
	uint64_t root; /* its inode number: paths are from there */
	int64_t read; /* when, by the clock of caller->failed_ns */
	struct mounts mounts;
};

#define HELD_NS 1000000000 /* how long that is an answer, when there is no time to ask again */

/* What was found out about who holds a file. */
struct held {
	enum view_hold hold;
	dev_t dev;
	uint64_t ino;
	int64_t asked; /* when, by the clock of caller->failed_ns; 0: never */
	bool found;
	uint32_t pid;
	char comm[64];
};

struct views {
	const char *proc;
	const char *sys;
	const char *root;
	uint32_t mnt_ns; /* our own; 0: unknown */
	bool has_proc;
	uint32_t pid_ns; /* that the numbers in /proc are of; 0: unknown */
	char *own_root; /* in a chroot, which: links of others are shown as from there */
	struct utsname system;
	/* Our own namespace's mounts; the descriptor says when they change. Of others it would keep their mounts. */
	int own_fd; /* -1: not yet open */
	struct mounts own;
	struct table tables[TABLES];
	size_t next_table;
	dev_t memory; /* the file system that all memfds are on, which is mounted nowhere; 0: unknown */
	struct held held[HELD];
	size_t next_held;
	int64_t scan_ns; /* of a processor's time, that may be spent on looking for who holds a file */
	int64_t scan_filled; /* when that was last added to */
};

struct view_live {
	struct view view;
	struct views *views;
	int process; /* its directory in /proc; -1: none */
	const char *pid; /* its name there; NULL: none */
	int root;
	uint32_t mnt_ns;
	struct bytes status; /* of process; p NULL: not yet read */
	const struct caller *caller; /* NULL: none */
	const struct mounts *table; /* of the namespace; NULL: not yet asked */
	bool table_again; /* it was read once more, for a mount that was missing */
	struct mounts mounts; /* those that cannot be kept for longer */
	struct mounts retired; /* those that table was, before it was read again */
};

static struct view_live *live(struct view *view)
{
	return (struct view_live *)view;
}

/* --- texts and links --- */

static struct bytes read_fd(struct arena *arena, int fd)
{
	BUFFER_AUTO struct buffer text = {};
	ssize_t n = 1;

	while (n > 0 && text.n < TEXT_MAX) {
		n = read(fd, buffer_reserve(&text, 4096), 4096);
		text.n += n > 0 ? (size_t)n : 0;
	}
	if (n < 0)
		return (struct bytes){};
	return (struct bytes){ arena_copy(arena, text.p, text.n), text.n };
}

static struct bytes read_all(struct arena *arena, int directory, const char *path)
{
	int fd = openat(directory, path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct bytes text = {};

	if (fd < 0)
		return text;
	text = read_fd(arena, fd);
	close(fd);
	return text;
}

static struct bytes read_link(struct arena *arena, int directory, const char *path)
{
	char target[PATH_MAX];
	ssize_t n = readlinkat(directory, path, target, sizeof(target));

	if (n <= 0 || n == sizeof(target))
		return (struct bytes){};
	return (struct bytes){ arena_copy(arena, target, (size_t)n), (size_t)n };
}

static struct bytes live_text(struct view *view, enum view_text which, const char *name)
{
	struct view_live *l = live(view);
	const char *top = which == VIEW_SYS ? l->views->sys : l->views->proc;

	if (which != VIEW_PROCESS)
		return read_all(view->arena, AT_FDCWD, arena_printf(view->arena, "%s/%s", top, name));
	if (l->process < 0)
		return (struct bytes){};
	if (strcmp(name, "status"))
		return read_all(view->arena, l->process, name);
	if (!l->status.p)
		l->status = read_all(view->arena, l->process, name);
	return l->status;
}

static struct bytes live_link(struct view *view, const char *name)
{
	return live(view)->process < 0 ? (struct bytes){} : read_link(view->arena, live(view)->process, name);
}

/* --- files --- */

/* A descriptor of ours, as a path to open what is behind it once more. */
static const char *own_path(struct view *view, int fd)
{
	return arena_printf(view->arena, "/proc/self/fd/%d", fd);
}

/* process: its directory in /proc. 0: unknown. */
static uint64_t mount_of(struct arena *arena, int process, const char *fd)
{
	struct bytes info = read_all(arena, process, arena_printf(arena, "fdinfo/%s", fd));
	const char *at = info.p ? strstr(info.p, "mnt_id:") : NULL;

	return at ? strtoull(at + strlen("mnt_id:"), NULL, 10) : 0;
}

static uint64_t mount_of_own(struct arena *arena, int fd)
{
	int self = open("/proc/self", O_PATH | O_DIRECTORY | O_CLOEXEC);
	uint64_t mount = self < 0 ? 0 : mount_of(arena, self, arena_printf(arena, "%d", fd));

	if (self >= 0)
		close(self);
	return mount;
}

static int fill_node(struct view *view, int fd, struct view_node *node)
{
	struct statx st;

	if (statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_BASIC_STATS | STATX_MNT_ID, &st))
		return -errno;
	*node = (struct view_node){
		.mode = st.stx_mode,
		.uid = st.stx_uid,
		.gid = st.stx_gid,
		.dev = makedev(st.stx_dev_major, st.stx_dev_minor),
		.ino = st.stx_ino,
		.size = st.stx_size,
		.ctime_sec = st.stx_ctime.tv_sec,
		.ctime_nsec = st.stx_ctime.tv_nsec,
#ifdef STATX_ATTR_MOUNT_ROOT /* the headers that know stx_mnt_id */
		.mount = st.stx_mask & STATX_MNT_ID ? st.stx_mnt_id : 0,
#endif
	};
	/* Its id may be 0. */
	if (node->dev == live(view)->views->memory)
		node->mount = MEMORY_MOUNT;
	/* Before 5.8. */
	if (!node->mount)
		node->mount = mount_of_own(view->arena, fd);
	return 0;
}

/* The descriptor with its node filled in, or -errno and closed. */
static int with_node(struct view *view, int fd, struct view_node *node)
{
	int err = fd < 0 ? fd : fill_node(view, fd, node);

	if (err < 0 && fd >= 0)
		close(fd);
	return err < 0 ? err : fd;
}

static int live_root(struct view *view, struct view_node *node)
{
	int err = fill_node(view, live(view)->root, node);

	return err ? err : live(view)->root;
}

static void live_leave(struct view *view, int handle)
{
	if (handle >= 0 && handle != live(view)->root)
		close(handle);
}

static int open_cached(int directory, const char *name)
{
	struct open_how how = { .flags = O_PATH | O_NOFOLLOW | O_CLOEXEC, .resolve = RESOLVE_CACHED };
	long fd = syscall(SYS_openat2, directory, name, &how, sizeof(how));

	return fd < 0 ? -errno : (int)fd;
}

static int open_plain(int directory, const char *name)
{
	int fd = openat(directory, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

/* RESOLVE_CACHED came with Linux 5.12, openat2() with 5.6; a filter of a container may answer EPERM to it. */
static bool not_answered(int err)
{
	return err == -EAGAIN || err == -EINVAL || err == -ENOSYS || err == -EPERM;
}

static int live_enter(struct view *view, int directory, const char *name, struct view_node *node)
{
	bool self = view->standing == VIEW_SELF;
	struct view_node where = {};
	int fd = self ? open_plain(directory, name) : open_cached(directory, name);

	if (!self && not_answered(fd)) {
		if (fill_node(view, directory, &where) || !view_is_local(view, &where))
			return -EAGAIN;
		fd = open_plain(directory, name);
	}
	/* That we may not says nothing about the caller: a file system in user space serves its owner only. */
	if (!self && (fd == -EACCES || fd == -EPERM || fd == -EMFILE || fd == -ENFILE))
		return -EAGAIN;
	return with_node(view, fd, node);
}

/* The caller's number in the process ids of a proc file system; 0: unknown. */
static uint32_t number_in(struct view *view, int proc)
{
	const struct caller *caller = live(view)->caller;
	struct bytes own = read_link(view->arena, proc, "self");

	/* One in which we are not shown is of a namespace below ours, and hardly ever of another than the caller's. */
	if (!own.p)
		return caller->ns_pid != CALLER_UNKNOWN ? caller->ns_pid : 0;
	if (strtoul(own.p, NULL, 10) != (unsigned long)getpid() || caller->pid == CALLER_UNKNOWN)
		return 0;
	return views_are_complete(live(view)->views) ? caller->pid : views_pid(live(view)->views, caller);
}

static ssize_t live_self(struct view *view, int proc, bool thread, char *to, size_t size)
{
	const struct caller *caller = live(view)->caller;
	uint32_t pid = view->standing == VIEW_CALLER ? number_in(view, proc) : 0;
	ssize_t n;

	if (view->standing == VIEW_SELF) {
		n = readlinkat(proc, thread ? "thread-self" : "self", to, size);
		return n < 0 ? -errno : n;
	}
	/* Of other threads than the first, the number in another namespace is not known. */
	if (!pid || (thread && pid != caller->pid && caller->tid != caller->pid))
		return -EAGAIN;
	if (!thread)
		return snprintf(to, size, "%u", pid);
	return snprintf(to, size, "%u/task/%u", pid, pid == caller->pid ? caller->tid : pid);
}

/* What a link of /proc to a file leads to is on a mount; what to a pipe, on none that can make anybody wait. */
static bool leads_to_local(struct view *view, struct bytes target, uint64_t mount)
{
	const struct mounts *mounts;
	const struct mount_row *row;

	if (!target.n || target.p[0] != '/')
		return target.n;
	if (mount)
		return view_is_local(view, &(struct view_node){ .mount = mount });
	mounts = view->ops->mounts(view);
	row = mounts ? mounts_by_path(mounts, target) : NULL;
	return row && mount_is_local(row);
}

/* Opening what such a link leads to may ask a server whether it is still there. */
static int open_behind(struct view *view, int directory, const char *path, uint64_t mount)
{
	struct bytes target = read_link(view->arena, directory, path);
	int fd;

	if (view->standing != VIEW_SELF && target.p && !leads_to_local(view, target, mount))
		return -EAGAIN;
	fd = openat(directory, path, O_PATH | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static int live_descriptor(struct view *view, int number, struct view_node *node)
{
	struct view_live *l = live(view);
	const char *name = arena_printf(view->arena, "%d", number);
	int fd;

	if (view->standing < VIEW_CALLER || number < 0)
		return -EAGAIN;
	fd = open_behind(view, l->process, arena_printf(view->arena, "fd/%s", name),
			 mount_of(view->arena, l->process, name));
	return with_node(view, fd < 0 ? -EAGAIN : fd, node);
}

/* Whether a place in a proc file system is that of the caller's process. */
static bool is_of_caller(struct view *view, const struct view_proc *in)
{
	const struct caller *caller = live(view)->caller;
	unsigned long number = in->root >= 0 ? strtoul(in->path, NULL, 10) : 0;
	uint32_t pid = number && view->standing == VIEW_CALLER ? number_in(view, in->root) : 0;

	return pid && (number == pid || (pid == caller->pid && number == caller->tid));
}

static int live_follow(struct view *view, int directory, const char *name, const struct view_proc *in,
		       struct view_node *node)
{
	uint64_t mount = 0;

	if (view->standing != VIEW_SELF && !is_of_caller(view, in))
		return -EAGAIN;
	if (view->standing != VIEW_SELF && bytes_ends(bytes_of(in->path), "/fd"))
		mount = mount_of(view->arena, live(view)->process, name);
	return with_node(view, open_behind(view, directory, name, mount), node);
}

static ssize_t live_target(struct view *view, int handle, const struct view_node *node, char *to, size_t size)
{
	ssize_t n;

	if (view->standing != VIEW_SELF && !view_is_local(view, node))
		return -EAGAIN;
	n = readlinkat(handle, "", to, size);
	return n < 0 ? -errno : n;
}

/* Whether reading waits for nobody, and is no question to the kernel either. */
static bool may_read(struct view *view, const struct view_node *node)
{
	const struct mount_row *mount = view_mount(view, node);

	if (!S_ISREG(node->mode))
		return false;
	if (view->standing == VIEW_SELF)
		return !mount || !mount_is_virtual(mount);
	return view_is_local(view, node) && !(mount && mount_is_virtual(mount));
}

static ssize_t live_read(struct view *view, int handle, const struct view_node *node, uint64_t at, void *to,
			 size_t size)
{
	size_t done = 0;
	ssize_t n = 1;
	int fd;

	if (!may_read(view, node))
		return -EAGAIN;
	fd = open(own_path(view, handle), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return -EAGAIN;
	for (; done < size && n > 0; done += n > 0 ? (size_t)n : 0)
		n = pread(fd, (char *)to + done, size - done, (off_t)(at + done));
	if (n < 0)
		n = -errno;
	close(fd);
	return n < 0 ? n : (ssize_t)done;
}

static ssize_t live_attribute(struct view *view, int handle, const struct view_node *node, const char *name, void *to,
			      size_t size)
{
	ssize_t n;

	if (view->standing != VIEW_SELF && !view_is_local(view, node))
		return -EAGAIN;
	n = getxattr(own_path(view, handle), name, to, size);
	return n < 0 ? -errno : n;
}

static uint32_t namespace_of(int directory, const char *path)
{
	struct stat st;

	return fstatat(directory, path, &st, 0) ? 0 : (uint32_t)st.st_ino;
}

/* Once its last process is gone, its mounts come apart, and paths begin at the mount that they are on. */
static bool namespace_stands(const struct view_live *l)
{
	bool ours = l->view.standing == VIEW_SELF || (l->mnt_ns && l->mnt_ns == l->views->mnt_ns);

	return ours || (l->mnt_ns && namespace_of(l->process, "ns/mnt") == l->mnt_ns);
}

static struct bytes live_path(struct view *view, int handle)
{
	struct bytes path = read_link(view->arena, AT_FDCWD, own_path(view, handle));

	return path.n && path.p[0] == '/' && namespace_stands(live(view)) ? path : (struct bytes){};
}

/* --- mounts --- */

/* What tells one root of a mount namespace from all others there ever were; 0: nothing does. */
static uint64_t root_mount(const struct view_live *l)
{
	struct statx st;

	if (statx(l->root, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_MNT_ID_UNIQUE, &st))
		return 0;
	/* The numbers of namespaces, and before 6.8 of mounts, are soon used again. */
	if (!(st.stx_mask & STATX_MNT_ID_UNIQUE))
		return 0;
#ifdef STATX_ATTR_MOUNT_ROOT
	return st.stx_mnt_id;
#else
	return 0;
#endif
}

/* Rows that were shown may still be looked at: they stay until the view is closed. */
static void table_fill(struct view_live *l, struct mounts *table, struct bytes text)
{
	const struct mount_row memory = {
		.id = MEMORY_MOUNT,
		.type = { "tmpfs", strlen("tmpfs") },
		.source = { "memfd", strlen("memfd") },
	};

	mounts_free(&l->retired);
	l->retired = *table;
	mounts_parse(table, text);
	mounts_add(table, &memory);
}

/* We see more of our own namespace than a caller in a chroot does. */
static bool is_ours(const struct view_live *l)
{
	return l->process < 0 || (l->mnt_ns && l->mnt_ns == l->views->mnt_ns);
}

/* Once asked it answers anew only after a change; what is no file of proc, every time. */
static bool own_changed(const struct views *views)
{
	struct pollfd fd = { .fd = views->own_fd, .events = POLLPRI };

	return poll(&fd, 1, 0) != 0;
}

/* In a chroot we see only what is mounted below it; the first process sees all, if it is of our namespace. */
static int own_mountinfo(struct view_live *l)
{
	const struct views *views = l->views;
	const char *whose = "self";

	if (views->own_root[0] &&
	    namespace_of(AT_FDCWD, arena_printf(l->view.arena, "%s/1/ns/mnt", views->proc)) == views->mnt_ns)
		whose = "1";
	return open(arena_printf(l->view.arena, "%s/%s/mountinfo", views->proc, whose), O_RDONLY | O_CLOEXEC);
}

static const struct mounts *own_mounts(struct view_live *l)
{
	struct views *views = l->views;
	struct bytes text;

	if (views->own_fd < 0)
		views->own_fd = own_mountinfo(l);
	if (views->own_fd < 0)
		return NULL;
	if (!own_changed(views) && views->own.text)
		return &views->own;
	if (lseek(views->own_fd, 0, SEEK_SET))
		return NULL;
	text = read_fd(l->view.arena, views->own_fd);
	if (!text.p)
		return NULL;
	table_fill(l, &views->own, text);
	return &views->own;
}

static bool same_root(const struct view_live *l, int process)
{
	struct stat ours, theirs;

	return !fstat(l->root, &ours) && !fstatat(process, "root", &theirs, 0) && ours.st_dev == theirs.st_dev &&
	       ours.st_ino == theirs.st_ino && namespace_of(process, "ns/mnt") == l->mnt_ns;
}

static struct bytes mountinfo_of(struct view_live *l, uint32_t pid)
{
	const char *path = arena_printf(l->view.arena, "%s/%u", l->views->proc, pid);
	int process = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct bytes text = {};

	if (process < 0)
		return text;
	if (same_root(l, process))
		text = read_all(l->view.arena, process, "mountinfo");
	close(process);
	return text;
}

/* A caller that ends meanwhile takes its table with it; what is near it may have the same. */
static struct bytes other_mountinfo(struct view_live *l)
{
	struct bytes text = live_text(&l->view, VIEW_PROCESS, "mountinfo");
	const struct caller *caller = l->caller;

	if (text.n || !caller || !l->mnt_ns)
		return text;
	text = mountinfo_of(l, caller->ppid);
	for (size_t i = 0; !text.n && i < caller->n_ancestors; i++)
		text = mountinfo_of(l, caller->ancestors[i]);
	return text;
}

/* One that was read after the call failed says no less about it than it would now. */
static struct table *table_find(const struct view_live *l, uint64_t mount, uint64_t root)
{
	for (size_t i = 0; mount && l->caller && !l->table_again && i < TABLES; i++) {
		struct table *table = &l->views->tables[i];

		if (table->mounts.text && table->root_mount == mount && table->root == root &&
		    l->caller->failed_ns <= table->read)
			return table;
	}
	return NULL;
}

static const struct mounts *other_mounts(struct view_live *l)
{
	struct views *views = l->views;
	uint64_t mount = root_mount(l);
	int64_t now = clock_ns(CLOCK_REALTIME);
	struct table *table;
	struct bytes text;
	struct stat root;

	if (fstat(l->root, &root))
		return NULL;
	table = table_find(l, mount, root.st_ino);
	if (table)
		return &table->mounts;
	text = other_mountinfo(l);
	if (!text.n)
		return NULL;
	if (!mount) {
		table_fill(l, &l->mounts, text);
		return &l->mounts;
	}
	table = &views->tables[views->next_table++ % TABLES];
	table_fill(l, &table->mounts, text);
	table->root_mount = mount;
	table->root = root.st_ino;
	table->read = now;
	return &table->mounts;
}

static const struct mounts *live_mounts(struct view *view)
{
	struct view_live *l = live(view);

	if (!l->table)
		l->table = is_ours(l) ? own_mounts(l) : other_mounts(l);
	return l->table;
}

/* A mount that is not in the table may be younger than that. */
static const struct mount_row *live_mount(struct view *view, uint64_t id)
{
	struct view_live *l = live(view);
	const struct mounts *table = live_mounts(view);
	const struct mount_row *row = table ? mounts_by_id(table, id) : NULL;

	if (row || l->table_again)
		return row;
	l->table_again = true;
	l->table = NULL;
	table = live_mounts(view);
	return table ? mounts_by_id(table, id) : NULL;
}

/* --- the machine --- */

/* The caller's own binfmt_misc, down a path that only it could have put something else on. */
static DIR *open_handlers(struct view *view)
{
	static const char *const names[] = { "proc", "sys", "fs", "binfmt_misc" };
	const struct mount_row *mount = NULL;
	struct view_node node = {};
	DIR *directory = NULL;
	int at = live(view)->root, next;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && at >= 0; i++, at = next) {
		next = live_enter(view, at, names[i], &node);
		live_leave(view, at);
	}
	if (at < 0)
		return NULL;
	mount = view_mount(view, &node);
	if (mount && bytes_is(mount->type, "binfmt_misc"))
		directory = opendir(own_path(view, at));
	live_leave(view, at);
	return directory;
}

/* One list for all before 6.7, then one for each user namespace that has it mounted. */
static struct bytes live_handler(struct view *view, struct bytes head, struct bytes path)
{
	DIR *directory = open_handlers(view);
	struct bytes interpreter = {}, text;
	struct dirent *entry;
	bool found = false;

	if (!directory)
		directory = opendir(arena_printf(view->arena, "%s/sys/fs/binfmt_misc", live(view)->views->proc));
	for (int i = 0; directory && !found && i < HANDLERS_MAX && (entry = readdir(directory)); i++) {
		if (entry->d_name[0] == '.' || !strcmp(entry->d_name, "register") || !strcmp(entry->d_name, "status"))
			continue;
		text = read_all(view->arena, dirfd(directory), entry->d_name);
		found = text.p && binfmt_matches(text, head, path, &interpreter);
	}
	if (directory)
		closedir(directory);
	return found ? interpreter : (struct bytes){};
}

static struct held *held_find(struct views *views, enum view_hold hold, const struct view_node *node)
{
	for (size_t i = 0; i < HELD; i++) {
		struct held *held = &views->held[i];

		if (held->asked && held->hold == hold && held->dev == node->dev && held->ino == node->ino)
			return held;
	}
	return NULL;
}

static void held_keep(struct views *views, const struct held *held, const struct view_node *node)
{
	struct held *old = held_find(views, held->hold, node);

	*(old ? old : &views->held[views->next_held++ % HELD]) = *held;
}

/* Asking takes long, and anybody can cause it: it is worth some of the time, and not all of it. */
static int64_t *scan_time(struct views *views)
{
	const int64_t most = (int64_t)SCAN_MS * 1000000;
	int64_t now = clock_ns(CLOCK_MONOTONIC);

	views->scan_ns += views->scan_filled ? (now - views->scan_filled) / SCAN_SHARE : most;
	views->scan_filled = now;
	if (views->scan_ns > most)
		views->scan_ns = most;
	return &views->scan_ns;
}

/* What was seen before the call is an answer only when there is no time to look again. */
static bool is_good(const struct held *held, const struct caller *caller, bool time)
{
	int64_t age = clock_ns(CLOCK_REALTIME) - held->asked;

	return caller && (caller->failed_ns <= held->asked || (!time && held->found && age < HELD_NS));
}

static bool tell_holder(struct view *view, const struct held *held, struct view_holder *holder)
{
	size_t n = strlen(held->comm);

	*holder = (struct view_holder){ held->pid, { arena_copy(view->arena, held->comm, n), n } };
	return held->found;
}

static bool live_holder(struct view *view, enum view_hold hold, const struct view_node *node,
			struct view_holder *holder)
{
	static const struct view_node none;
	struct view_live *l = live(view);
	const struct view_node *key = node ? node : &none;
	struct held *old = held_find(l->views, hold, key);
	struct held held = { .hold = hold, .dev = key->dev, .ino = key->ino, .asked = clock_ns(CLOCK_REALTIME) };
	int64_t *left = scan_time(l->views);

	if (old && is_good(old, l->caller, *left > 0))
		return tell_holder(view, old, holder);
	if (*left <= 0)
		return false;
	held.found = scan_holder(view->arena, l->views->proc, l->pid, hold, node, left, holder);
	held.pid = held.found ? holder->pid : 0;
	if (held.found)
		snprintf(held.comm, sizeof(held.comm), "%.*s", (int)holder->comm.n, holder->comm.p);
	/* Who gave up before the end knows no better. */
	else if (*left <= 0)
		return old && is_good(old, l->caller, false) && tell_holder(view, old, holder);
	held_keep(l->views, &held, key);
	return held.found;
}

static void live_close(struct view *view)
{
	struct view_live *l = live(view);

	if (l->process >= 0)
		close(l->process);
	if (l->root >= 0)
		close(l->root);
	l->process = l->root = -1;
	l->table = NULL;
	mounts_free(&l->mounts);
	mounts_free(&l->retired);
}

static const struct view_ops live_ops = {
	.root = live_root,
	.enter = live_enter,
	.follow = live_follow,
	.self = live_self,
	.descriptor = live_descriptor,
	.leave = live_leave,
	.target = live_target,
	.read = live_read,
	.attribute = live_attribute,
	.path = live_path,
	.link = live_link,
	.text = live_text,
	.mounts = live_mounts,
	.mount = live_mount,
	.handler = live_handler,
	.holder = live_holder,
	.close = live_close,
};

/* --- whose world --- */

static void stand_nowhere(struct view_live *l)
{
	l->pid = NULL;
	live_close(&l->view);
	l->status = (struct bytes){};
	l->view.standing = VIEW_NOTHING;
}

/* Takes a process's root as the caller's. */
static bool stand_on(struct view_live *l, const char *pid, enum view_standing standing)
{
	l->pid = pid;
	l->process = open(arena_printf(l->view.arena, "%s/%s", l->views->proc, pid), O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (l->process < 0)
		return false;
	l->mnt_ns = namespace_of(l->process, "ns/mnt");
	l->root = openat(l->process, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);
	l->view.standing = standing;
	return l->root >= 0;
}

/* Whether the process that was taken instead of the caller has its root. */
static bool has_root_of(struct view_live *l, const struct caller *caller)
{
	struct bytes link = live_link(&l->view, "root");
	const char *full;

	if (!caller->root.p || !link.p || bytes_same(link, caller->root))
		return true;
	full = arena_printf(l->view.arena, "%s%s", l->views->own_root, link.n > 1 ? link.p : "");
	return bytes_same((struct bytes){ full, strlen(full) }, caller->root);
}

/*
 * When a process began, by the clock of caller->failed_ns, or up to a tick before that; 0: unknown. It is the 22nd word of its
 * line, where the second is its name, which may have anything in it.
 */
static int64_t began(struct view_live *l)
{
	struct bytes stat = live_text(&l->view, VIEW_PROCESS, "stat");
	const char *at = stat.n ? memrchr(stat.p, ')', stat.n) : NULL;
	long ticks = sysconf(_SC_CLK_TCK);

	for (int i = 2; at && i < 22; i++) {
		at = memchr(at, ' ', (size_t)(stat.p + stat.n - at));
		at += at != NULL;
	}
	if (!at || ticks <= 0)
		return 0;
	return clock_ns(CLOCK_REALTIME) - clock_ns(CLOCK_BOOTTIME) +
	       (int64_t)(strtoull(at, NULL, 10) * (1000000000ull / (unsigned long)ticks));
}

/*
 * The pid can be another process's by now: of one that began after the call failed. Or the caller has gone on to another
 * root or namespace: then it is of no more use than if it had gone.
 */
static bool is_caller(struct view_live *l, const struct caller *caller)
{
	struct credentials now = access_nobody;
	struct bytes status;

	if (caller->mnt_ns && l->mnt_ns && caller->mnt_ns != l->mnt_ns)
		return false;
	if (!has_root_of(l, caller) || began(l) > caller->failed_ns)
		return false;
	/* A thread that has gone may have left its number to a process. */
	if (caller->tid == caller->pid || !views_are_complete(l->views))
		return true;
	status = live_text(&l->view, VIEW_PROCESS, "status");
	if (status.p)
		access_parse_status(l->view.arena, status, &now);
	return !now.tgid || caller->pid == CALLER_UNKNOWN || now.tgid == caller->pid;
}

static bool stand_on_pid(struct view_live *l, const struct caller *caller, uint32_t pid, enum view_standing standing)
{
	bool good = stand_on(l, arena_printf(l->view.arena, "%u", pid), standing);

	if (good && standing == VIEW_CALLER)
		good = is_caller(l, caller);
	else if (good)
		good = caller->mnt_ns && l->mnt_ns == caller->mnt_ns && has_root_of(l, caller);
	if (!good)
		stand_nowhere(l);
	return good;
}

/* The parents of a caller that has gone are in its mount namespace more often than not; else it may be our own. */
static bool stand_in(struct view_live *l, const struct caller *caller)
{
	size_t own = strlen(l->views->own_root);
	/* Of these, there are only the kernel's numbers. */
	bool named = views_are_complete(l->views);
	const char *path;

	if (named && stand_on_pid(l, caller, caller->ppid, VIEW_STAND_IN))
		return true;
	for (size_t i = 0; named && i < caller->n_ancestors; i++)
		if (stand_on_pid(l, caller, caller->ancestors[i], VIEW_STAND_IN))
			return true;
	if (!caller->mnt_ns || caller->mnt_ns != l->views->mnt_ns)
		return false;
	if (caller->root.p && (caller->root.n < own || memcmp(caller->root.p, l->views->own_root, own)))
		return false;
	path = caller->root.n > own ? caller->root.p + own : "";
	l->root = open(arena_printf(l->view.arena, "%s%s", l->views->root, path), O_PATH | O_DIRECTORY | O_CLOEXEC);
	l->mnt_ns = caller->mnt_ns;
	l->view.standing = VIEW_STAND_IN;
	return l->root >= 0;
}

/*
 * What the kernel starts itself is looked for from the first process's root, whatever the root of the kernel's threads
 * is: on 7.3 theirs is empty.
 */
static bool stand_on_first(struct view_live *l)
{
	if (stand_on(l, "1", VIEW_STAND_IN) && namespace_of(l->process, "ns/pid") == FIRST_PID_NS)
		return true;
	stand_nowhere(l);
	return false;
}

static struct view_live *live_new(struct views *views, struct arena *arena, const struct caller *caller)
{
	struct view_live *l = arena_alloc(arena, sizeof(*l));

	*l = (struct view_live){
		.view = { .ops = &live_ops, .arena = arena, .machine = views->system.machine },
		.views = views,
		.caller = caller,
		.process = -1,
		.root = -1,
	};
	return l;
}

struct view *views_open_nothing(struct views *views, struct arena *arena)
{
	return &live_new(views, arena, NULL)->view;
}

bool views_are_complete(const struct views *views)
{
	return !views->pid_ns || views->pid_ns == FIRST_PID_NS;
}

uint32_t views_pid(const struct views *views, const struct caller *caller)
{
	if (views_are_complete(views))
		return caller->tid;
	return caller->pid_ns == views->pid_ns && caller->ns_pid != CALLER_UNKNOWN ? caller->ns_pid : 0;
}

struct view *views_open(struct views *views, struct arena *arena, const struct caller *caller)
{
	struct view_live *l = live_new(views, arena, caller);
	uint32_t pid = views_pid(views, caller);

	l->view.unseen = !pid || !views->has_proc;
	if (caller->is_kernel && stand_on_first(l))
		return &l->view;
	if (!(pid && stand_on_pid(l, caller, pid, VIEW_CALLER)) && !stand_in(l, caller))
		stand_nowhere(l);
	return &l->view;
}

struct view *views_open_self(struct views *views, struct arena *arena)
{
	struct view_live *l = live_new(views, arena, NULL);

	if (!stand_on(l, "self", VIEW_SELF)) {
		/* Without /proc, files can be looked at all the same. */
		l->root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
		l->view.standing = VIEW_SELF;
	}
	return &l->view;
}

/* To be called in a child, which loses its root: the namespace's own is where setns() leads. */
static ssize_t root_from_namespace(char *to, size_t size)
{
	int ns = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
	int proc = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	char name[32];

	if (ns < 0 || proc < 0 || root < 0 || setns(ns, CLONE_NEWNS))
		return -1;
	snprintf(name, sizeof(name), "self/fd/%d", root);
	return readlinkat(proc, name, to, size);
}

/* Where this process is in a chroot: which. "": it is not, or may not know. The caller frees. */
static char *own_root(void)
{
	char path[PATH_MAX] = "";
	int ends[2];
	ssize_t n;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		return memory_need(strdup(""));
	pid = fork();
	if (!pid) {
		n = root_from_namespace(path, sizeof(path));
		_exit(n <= 1 || write(ends[1], path, (size_t)n) != n);
	}
	close(ends[1]);
	n = pid < 0 ? 0 : read(ends[0], path, sizeof(path) - 1);
	close(ends[0]);
	if (pid > 0)
		waitpid(pid, NULL, 0);
	path[n > 0 ? n : 0] = '\0';
	return memory_need(strdup(path));
}

static dev_t memory_device(void)
{
	int fd = memfd_create("execfail", MFD_CLOEXEC);
	struct stat st;
	dev_t device = fd < 0 || fstat(fd, &st) ? 0 : st.st_dev;

	if (fd >= 0)
		close(fd);
	return device;
}

struct views *views_new(const struct view_roots *roots)
{
	struct views *views = memory_new(sizeof(*views));
	struct stat st;
	char *path;

	views->proc = roots && roots->proc ? roots->proc : "/proc";
	views->sys = roots && roots->sys ? roots->sys : "/sys";
	views->root = roots && roots->root ? roots->root : "/";
	uname(&views->system);
	if (asprintf(&path, "%s/self/ns/mnt", views->proc) < 0)
		memory_need(NULL);
	views->mnt_ns = namespace_of(AT_FDCWD, path);
	free(path);
	if (asprintf(&path, "%s/self", views->proc) < 0)
		memory_need(NULL);
	views->has_proc = !lstat(path, &st);
	free(path);
	if (asprintf(&path, "%s/1/ns/pid", views->proc) < 0)
		memory_need(NULL);
	views->pid_ns = namespace_of(AT_FDCWD, path);
	free(path);
	views->own_root = own_root();
	views->own_fd = -1;
	views->memory = memory_device();
	return views;
}

void views_free(struct views *views)
{
	if (!views)
		return;
	for (size_t i = 0; i < TABLES; i++)
		mounts_free(&views->tables[i].mounts);
	mounts_free(&views->own);
	if (views->own_fd >= 0)
		close(views->own_fd);
	free(views->own_root);
	free(views);
}
