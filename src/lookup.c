// SPDX-License-Identifier: GPL-2.0-only
#include "lookup.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#ifndef SYS_openat2
#define SYS_openat2 437 /* on all architectures */
#endif
#ifndef RESOLVE_CACHED
#define RESOLVE_CACHED 0x20
#endif

static int open_how(int root, const char *path, bool follow, unsigned long resolve)
{
	struct open_how how = {
		.flags = O_PATH | O_CLOEXEC | (follow ? 0 : O_NOFOLLOW),
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS | resolve,
	};
	long fd = syscall(SYS_openat2, root, path, &how, sizeof(how));

	return fd < 0 ? -errno : (int)fd;
}

int lookup_open(int root, const char *path, bool follow)
{
	int fd = open_how(root, path, follow, RESOLVE_CACHED);

	/* RESOLVE_CACHED came with Linux 5.12, openat2() with 5.6; a filter of a container may answer EPERM to it. */
	if (fd == -EINVAL)
		fd = open_how(root, path, follow, 0);
	if (fd == -ENOSYS || fd == -EPERM)
		fd = lookup_walk(root, path, follow);
	return fd;
}

enum {
	WALK_DEPTH = 128, /* directories that are open at a time; what lies deeper is not found */
	WALK_LINKS = 40, /* as the kernel's MAXSYMLINKS */
};

/* Below the root, which is not its own, a walk holds every directory that it came through. */
struct walk {
	int root;
	int depth;
	struct {
		int fd;
		mode_t mode;
	} level[WALK_DEPTH];
	int links;
	char rest[2 * PATH_MAX]; /* what is left of the path */
};

static int walk_top(const struct walk *walk)
{
	return walk->depth ? walk->level[walk->depth - 1].fd : walk->root;
}

static bool walk_in_directory(const struct walk *walk)
{
	return !walk->depth || S_ISDIR(walk->level[walk->depth - 1].mode);
}

static void walk_up(struct walk *walk)
{
	if (walk->depth)
		close(walk->level[--walk->depth].fd);
}

static void walk_to_root(struct walk *walk)
{
	while (walk->depth)
		walk_up(walk);
}

/* What the link at fd says goes before the rest of the path. */
static int walk_link(struct walk *walk, int fd)
{
	char target[2 * PATH_MAX];
	struct statfs fs;
	ssize_t n;

	/* Most links of /proc are no paths, and none of them means for us what it means for the process. */
	if (walk->links++ == WALK_LINKS || fstatfs(fd, &fs) || fs.f_type == PROC_SUPER_MAGIC)
		return -ELOOP;
	n = readlinkat(fd, "", target, PATH_MAX);
	if (n <= 0)
		return n ? -errno : -ENOENT;
	if (n == PATH_MAX || (size_t)n + strlen(walk->rest) + 2 > sizeof(target))
		return -ENAMETOOLONG;
	snprintf(target + n, sizeof(target) - (size_t)n, "%s", walk->rest);
	strcpy(walk->rest, target);
	if (walk->rest[0] == '/')
		walk_to_root(walk);
	return 0;
}

static int walk_into(struct walk *walk, const char *name, bool follow)
{
	struct stat st;
	int err, fd;

	if (walk->depth == WALK_DEPTH)
		return -ENAMETOOLONG;
	fd = openat(walk_top(walk), name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st)) {
		err = -errno;
	} else if (S_ISLNK(st.st_mode) && follow) {
		err = walk_link(walk, fd);
	} else {
		walk->level[walk->depth].fd = fd;
		walk->level[walk->depth++].mode = st.st_mode;
		return 0;
	}
	close(fd);
	return err;
}

/* Takes the next name off the rest. A slash behind it stays there, and means a directory. */
static int walk_step(struct walk *walk, bool follow)
{
	size_t slashes = strspn(walk->rest, "/");
	size_t n = strcspn(walk->rest + slashes, "/");
	char name[NAME_MAX + 1];
	bool more;

	if (slashes && !walk_in_directory(walk))
		return -ENOTDIR;
	if (n > NAME_MAX)
		return -ENAMETOOLONG;
	memcpy(name, walk->rest + slashes, n);
	name[n] = '\0';
	memmove(walk->rest, walk->rest + slashes + n, strlen(walk->rest + slashes + n) + 1);
	more = walk->rest[0];
	if (!n || !strcmp(name, "."))
		return 0;
	if (strcmp(name, ".."))
		return walk_into(walk, name, follow || more);
	walk_up(walk);
	return 0;
}

int lookup_walk(int root, const char *path, bool follow)
{
	struct walk walk = { .root = root };
	int err = 0, fd = -1;

	if (!*path)
		return -ENOENT;
	if (strlen(path) >= PATH_MAX)
		return -ENAMETOOLONG;
	strcpy(walk.rest, path);
	while (!err && walk.rest[0])
		err = walk_step(&walk, follow);
	if (!err) {
		fd = fcntl(walk_top(&walk), F_DUPFD_CLOEXEC, 0);
		err = fd < 0 ? -errno : 0;
	}
	walk_to_root(&walk);
	return err ? err : fd;
}

static struct bytes path_of(struct arena *arena, int fd)
{
	char link[64], path[PATH_MAX];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof(path));
	if (n <= 0 || n == sizeof(path) || path[0] != '/')
		return (struct bytes){};
	return (struct bytes){ arena_copy(arena, path, (size_t)n), (size_t)n };
}

int lookup_file(struct arena *arena, int fd, struct event_file *file)
{
	struct statx st;

	if (statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_BASIC_STATS, &st))
		return -errno;
	*file = (struct event_file){
		.known = true,
		.dev = makedev(st.stx_dev_major, st.stx_dev_minor),
		.ino = st.stx_ino,
		.ctime_sec = st.stx_ctime.tv_sec,
		.ctime_nsec = st.stx_ctime.tv_nsec,
		.mode = st.stx_mode,
		.path = path_of(arena, fd),
	};
	return 0;
}
