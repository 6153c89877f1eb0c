// SPDX-License-Identifier: GPL-2.0-only
/* Files and links: opened without waiting for anybody. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/buffer.h"
#include "look/view_live.h"

#ifndef SYS_openat2
#define SYS_openat2 437 /* on all architectures */
#endif
#ifndef RESOLVE_CACHED
#define RESOLVE_CACHED 0x20
#endif
#ifndef STATX_MNT_ID
#define STATX_MNT_ID 0x1000
#endif

/* A descriptor of ours, as a path to open what is behind it once more. */
const char *live_own_path(struct view *view, int fd)
{
	return arena_printf(view->arena, "/proc/self/fd/%d", fd);
}

/*
 * A number in /proc/PID/fdinfo/FD, which asks nobody of what is a file; process: that directory in /proc. 0: unknown.
 */
static uint64_t info_of(struct arena *arena, int process, const char *fd, const char *name)
{
	struct bytes info = live_read(arena, process, arena_printf(arena, "fdinfo/%s", fd));
	const char *at = info.p ? strstr(info.p, name) : NULL;

	return at ? strtoull(at + strlen(name), NULL, 10) : 0;
}

static uint64_t info_of_own(struct arena *arena, int fd, const char *name)
{
	int self = open("/proc/self", O_PATH | O_DIRECTORY | O_CLOEXEC);
	uint64_t number = self < 0 ? 0 : info_of(arena, self, arena_printf(arena, "%d", fd), name);

	if (self >= 0)
		close(self);
	return number;
}

uint64_t live_own_mount(int fd)
{
	struct arena *arena = arena_new();
	uint64_t mount = info_of_own(arena, fd, "mnt_id:");

	arena_free(arena);
	return mount;
}

int live_node(struct view *view, int fd, struct view_node *node)
{
	/* What the kernel knows may be old, or nothing yet: who may wait asks. */
	int sync = view_is_asked_for(view) ? AT_STATX_SYNC_AS_STAT : AT_STATX_DONT_SYNC;
	struct statx st;

	/* A FUSE file system of another user tells us nothing: that is no answer to the caller. */
	if (statx(fd, "", AT_EMPTY_PATH | sync, STATX_BASIC_STATS | STATX_BTIME | STATX_MNT_ID, &st))
		return errno == EACCES ? -EAGAIN : -errno;
	*node = (struct view_node){
		.mode = st.stx_mode,
		.uid = st.stx_uid,
		.gid = st.stx_gid,
		.dev = makedev(st.stx_dev_major, st.stx_dev_minor),
		.ino = st.stx_ino,
		.size = st.stx_size,
		.ctime_sec = st.stx_ctime.tv_sec,
		.ctime_nsec = st.stx_ctime.tv_nsec,
		.born_sec = st.stx_mask & STATX_BTIME ? st.stx_btime.tv_sec : 0,
		.born_nsec = st.stx_mask & STATX_BTIME ? st.stx_btime.tv_nsec : 0,
#ifdef STATX_ATTR_MOUNT_ROOT /* the headers that know stx_mnt_id */
		.mount = st.stx_mask & STATX_MNT_ID ? st.stx_mnt_id : 0,
#endif
	};
	/* Its id may be 0. */
	if (node->dev == live(view)->views->memory)
		node->mount = MEMORY_MOUNT;
	/* Before 5.8. */
	if (!node->mount)
		node->mount = info_of_own(view->arena, fd, "mnt_id:");
	return 0;
}

/* The descriptor with its node filled in, or -errno and closed. */
static int with_node(struct view *view, int fd, struct view_node *node)
{
	int err = fd < 0 ? fd : live_node(view, fd, node);

	if (err < 0 && fd >= 0)
		close(fd);
	return err < 0 ? err : fd;
}

int live_root(struct view *view, struct view_node *node)
{
	int err = live_node(view, live(view)->root, node);

	return err ? err : live(view)->root;
}

void live_leave(struct view *view, int handle)
{
	if (handle >= 0 && handle != live(view)->root)
		close(handle);
}

/* Of which stat(2) tells others than the kernel has: of a subvolume, or of the layer that a file is in. */
static bool has_own_numbers(uint32_t magic)
{
	return magic == BTRFS_SUPER_MAGIC || magic == OVERLAYFS_SUPER_MAGIC;
}

/*
 * Before 5.14 /proc does not tell the number that the kernel has; of a mount that no table shows nobody tells the
 * device.
 */
static bool is_to_kernel(struct view *view, int handle, const struct view_node *node, const struct file_id *id)
{
	const struct mount_row *mount = view_mount(view, node);
	uint64_t ino = info_of_own(view->arena, handle, "ino:");

	return (ino ? ino : node->ino) == id->ino && (!mount || !mount->dev || mount->dev == id->dev);
}

bool live_is(struct view *view, int handle, const struct view_node *node, const struct file_id *id)
{
	bool same = node->ino == id->ino && node->dev == id->dev;

	if (!same && has_own_numbers(id->magic))
		same = is_to_kernel(view, handle, node, id);
	return same && view_is_unchanged(node, id);
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

int live_enter(struct view *view, int directory, const char *name, struct view_node *node)
{
	bool self = view->standing == VIEW_SELF, asked = view_is_asked_for(view);
	struct view_node where = {};
	int fd = asked ? open_plain(directory, name) : open_cached(directory, name);

	if (!asked && not_answered(fd)) {
		if (live_node(view, directory, &where) || !view_is_local(view, &where))
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
	struct bytes own = live_read_link(view->arena, proc, "self");

	/* One in which we are not shown is of a namespace below ours, and hardly ever of another than the caller's. */
	if (!own.p)
		return caller->ns_pid != CALLER_UNKNOWN ? caller->ns_pid : 0;
	if (strtoul(own.p, NULL, 10) != (unsigned long)getpid() || caller->pid == CALLER_UNKNOWN)
		return 0;
	return views_are_complete(live(view)->views) ? caller->pid : views_pid(live(view)->views, caller);
}

ssize_t live_self(struct view *view, int proc, bool thread, char *to, size_t size)
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
	return row && view_is_local(view, &(struct view_node){ .mount = row->id });
}

/*
 * The mount of a descriptor of the caller's. Of what is no file nothing is asked: telling of an epoll takes its lock,
 * which anybody can keep.
 */
static uint64_t mount_behind(struct view *view, struct bytes target, const char *number)
{
	if (!number || !target.n || target.p[0] != '/')
		return 0;
	return info_of(view->arena, live(view)->process, number, "mnt_id:");
}

/*
 * Opening what such a link leads to may ask a server whether it is still there. number: of a descriptor; NULL: it is of
 * none.
 */
static int open_behind(struct view *view, int directory, const char *path, const char *number)
{
	struct bytes target = live_read_link(view->arena, directory, path);
	int fd;

	if (!view_is_asked_for(view) && target.p && !leads_to_local(view, target, mount_behind(view, target, number)))
		return -EAGAIN;
	fd = openat(directory, path, O_PATH | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int live_descriptor(struct view *view, int number, struct view_node *node)
{
	struct view_live *l = live(view);
	const char *name = arena_printf(view->arena, "%d", number);
	int fd;

	if (view->standing < VIEW_CALLER || number < 0)
		return -EAGAIN;
	fd = open_behind(view, l->process, arena_printf(view->arena, "fd/%s", name), name);
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

/* What the kernel said that this link of the caller's was, when the call failed; NULL: it did not. */
static const struct file_id *recorded(const struct caller *caller, const char *name)
{
	const struct file_id *id = !strcmp(name, "cwd")    ? &caller->cwd_is
				   : !strcmp(name, "root") ? &caller->root_is
							   : NULL;

	return id && id->known ? id : NULL;
}

static int expected(struct view *view, int handle, const struct view_node *node, const struct file_id *id)
{
	if (handle < 0 || !id || live_is(view, handle, node, id))
		return handle;
	live_leave(view, handle);
	return -EAGAIN;
}

int live_follow(struct view *view, int directory, const char *name, const struct view_proc *in, struct view_node *node)
{
	const struct file_id *id = NULL;
	bool descriptor = view->standing != VIEW_SELF && bytes_ends(bytes_of(in->path), "/fd");
	int handle;

	if (view->standing != VIEW_SELF && !is_of_caller(view, in))
		return -EAGAIN;
	if (view->standing != VIEW_SELF)
		id = recorded(live(view)->caller, name);
	handle = with_node(view, open_behind(view, directory, name, descriptor ? name : NULL), node);
	return expected(view, handle, node, id);
}

ssize_t live_target(struct view *view, int handle, const struct view_node *node, char *to, size_t size)
{
	ssize_t n;

	if (!view_is_asked_for(view) && !view_is_local(view, node))
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
	if (view_is_asked_for(view))
		return !mount || !mount_is_virtual(mount);
	return view_is_local(view, node) && !(mount && mount_is_virtual(mount));
}

ssize_t live_bytes(struct view *view, int handle, const struct view_node *node, uint64_t at, void *to, size_t size)
{
	size_t done = 0;
	ssize_t n = 1;
	int fd;

	if (!may_read(view, node))
		return -EAGAIN;
	fd = open(live_own_path(view, handle), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return -EAGAIN;
	for (; done < size && n > 0; done += n > 0 ? (size_t)n : 0)
		n = pread(fd, (char *)to + done, size - done, (off_t)(at + done));
	if (n < 0)
		n = -errno;
	close(fd);
	view->steps += 1 + done / VIEW_PIECE;
	return n < 0 ? n : (ssize_t)done;
}

struct bytes live_names(struct view *view, int handle, const struct view_node *node)
{
	enum { NAMES_MAX = 1 << 20 }; /* bytes */
	BUFFER_AUTO struct buffer names = {};
	const struct dirent *entry;
	DIR *directory;
	int fd;

	if (!S_ISDIR(node->mode) || (!view_is_asked_for(view) && !view_is_local(view, node)))
		return (struct bytes){};
	fd = open(live_own_path(view, handle), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	directory = fd < 0 ? NULL : fdopendir(fd);
	if (!directory)
		return (struct bytes){};
	while (names.n < NAMES_MAX && (entry = readdir(directory)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			buffer_add(&names, entry->d_name, strlen(entry->d_name) + 1);
	closedir(directory);
	view->steps += 1 + names.n / VIEW_PIECE;
	return (struct bytes){ arena_copy(view->arena, names.p, names.n), names.n };
}

ssize_t live_attribute(struct view *view, int handle, const struct view_node *node, const char *name, void *to,
		       size_t size)
{
	ssize_t n;

	if (!view_is_asked_for(view) && !view_is_local(view, node))
		return -EAGAIN;
	n = getxattr(live_own_path(view, handle), name, to, size);
	return n < 0 ? -errno : n;
}

/* Once its last process is gone, its mounts come apart, and paths begin at the mount that they are on. */
static bool namespace_stands(const struct view_live *l)
{
	bool ours = l->view.standing == VIEW_SELF || (l->mnt_ns && l->mnt_ns == l->views->mnt_ns);

	return ours || (l->mnt_ns && live_namespace(l->process, "ns/mnt") == l->mnt_ns);
}

struct bytes live_path(struct view *view, int handle)
{
	struct bytes path = live_read_link(view->arena, AT_FDCWD, live_own_path(view, handle));

	return path.n && path.p[0] == '/' && namespace_stands(live(view)) ? path : (struct bytes){};
}
