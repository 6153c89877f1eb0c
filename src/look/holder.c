// SPDX-License-Identifier: GPL-2.0-only
#include "look/holder.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fanotify.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "look/mounts.h"
#include "look/view_live.h"

#ifndef FAN_PRE_ACCESS
#define FAN_PRE_ACCESS 0x00100000 /* since 6.14 */
#endif

struct scan {
	struct arena *arena;
	enum view_hold hold;
	const struct holder_file *file;
	int64_t *steps; /* that are left */
	int process; /* /proc/PID */
};

/* The start of a small text file. False: cannot be read. */
static bool read_start(int directory, const char *path, char *to, size_t size)
{
	int fd = openat(directory, path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return false;
	n = read(fd, to, size - 1);
	close(fd);
	to[n > 0 ? n : 0] = '\0';
	return n > 0;
}

/* The beginning of where a link leads to. */
static bool leads_to(const struct scan *scan, const char *path, const char *begin)
{
	char target[64];
	ssize_t n = readlinkat(scan->process, path, target, sizeof(target));

	return n >= (ssize_t)strlen(begin) && !memcmp(target, begin, strlen(begin));
}

/* A hexadecimal or octal number behind a name in /proc/PID/fdinfo/FD. */
static unsigned long number_behind(const char *text, const char *name, int base)
{
	const char *at = strstr(text, name);

	return at ? strtoul(at + strlen(name), NULL, base) : 0;
}

/* --- who writes: by what /proc says of descriptors, and not by what they lead to, which may ask a server --- */

/* The link itself, which has the permissions with which its file is open. */
static bool is_open_for_writing(const struct scan *scan, const char *path)
{
	struct stat st;

	return !fstatat(scan->process, path, &st, AT_SYMLINK_NOFOLLOW) && st.st_mode & S_IWUSR;
}

/* Of a mount that is not the file's: whether it is of the same file system, by the table of who has it open. */
static bool is_same_device(const struct scan *scan, uint64_t mount)
{
	int fd = openat(scan->process, "mountinfo", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct bytes text = fd < 0 ? (struct bytes){} : live_read_fd(scan->arena, fd);
	struct mounts mounts = {};
	const struct mount_row *row;
	bool same;

	if (fd >= 0)
		close(fd);
	mounts_parse(&mounts, text);
	row = mounts_by_id(&mounts, mount);
	same = row && row->dev == scan->file->dev;
	mounts_free(&mounts);
	return same;
}

/* Before 5.14 only the file itself tells its number: it is of the file's own file system then, which may be asked. */
static bool has_number(const struct scan *scan, const char *path, const char *info)
{
	struct statx st;

	if (strstr(info, "ino:"))
		return number_behind(info, "ino:", 10) == scan->file->node.ino;
	return scan->file->local && !statx(scan->process, path, AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT, STATX_INO, &st) &&
	       st.stx_ino == scan->file->node.ino;
}

static bool is_writer(const struct scan *scan, const char *fd)
{
	char path[64], name[64], info[512];
	uint64_t mount;

	snprintf(path, sizeof(path), "fd/%s", fd);
	snprintf(name, sizeof(name), "fdinfo/%s", fd);
	/* Of what is no file nothing is asked: who waits at an epoll can keep its lock, which telling of it takes. */
	if (!is_open_for_writing(scan, path) || !leads_to(scan, path, "/") ||
	    !read_start(scan->process, name, info, sizeof(info)) ||
	    (number_behind(info, "flags:", 8) & O_ACCMODE) == O_RDONLY || !strstr(info, "mnt_id:"))
		return false;
	if (strstr(info, "ino:") && !has_number(scan, path, info))
		return false;
	mount = number_behind(info, "mnt_id:", 10);
	return (mount == scan->file->node.mount || is_same_device(scan, mount)) && has_number(scan, path, info);
}

/* --- fanotify, by the lines of its fdinfo --- */

/* The kernel's dev_t, as these lines have it. */
static unsigned long kernel_device(dev_t dev)
{
	return (unsigned long)major(dev) << 20 | minor(dev);
}

/* Devices without a major number are made up, and on some file systems stat(2) has others than the kernel. */
static bool is_on(const struct view_node *node, unsigned long device)
{
	return device == kernel_device(node->dev) || !major(node->dev);
}

/* A mark is of an inode, a mount or a file system: whether the file is, or lies in, what it marks. */
static bool mark_covers(const char *line, const struct view_node *node)
{
	unsigned long mask = number_behind(line, " mask:", 16);

	if (!(mask & (FAN_OPEN_PERM | FAN_OPEN_EXEC_PERM | FAN_ACCESS_PERM | FAN_PRE_ACCESS)))
		return false;
	if (!node)
		return true;
	if (strstr(line, " mnt_id:"))
		return !node->mount || number_behind(line, " mnt_id:", 16) == node->mount;
	if (!is_on(node, number_behind(line, " sdev:", 16)))
		return false;
	/* A directory may be marked for what is in it. */
	return !strstr(line, " ino:") || number_behind(line, " ino:", 16) == node->ino || mask & FAN_EVENT_ON_CHILD;
}

/* Of more marks than fit into the text, one may be that of the file. */
static bool covers(char *info, size_t size, const struct view_node *node)
{
	char *next;

	if (strlen(info) + 1 == size)
		return true;
	for (char *line = info; line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		if (!strncmp(line, "fanotify ", strlen("fanotify ")) && mark_covers(line, node))
			return true;
	}
	return false;
}

static bool is_watcher(const struct scan *scan, const char *fd)
{
	char path[64], name[64], info[4096];

	snprintf(path, sizeof(path), "fd/%s", fd);
	snprintf(name, sizeof(name), "fdinfo/%s", fd);
	if (!leads_to(scan, path, "anon_inode:[fanotify]") || !read_start(scan->process, name, info, sizeof(info)))
		return false;
	if (scan->hold == VIEW_ANSWERERS && !(number_behind(info, "fanotify flags:", 16) & FAN_CLASS_PRE_CONTENT))
		return false;
	return covers(info, sizeof(info), scan->file ? &scan->file->node : NULL);
}

/* --- all processes --- */

static DIR *open_directory(int at, const char *path)
{
	int fd = openat(at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *directory = fd < 0 ? NULL : fdopendir(fd);

	if (!directory && fd >= 0)
		close(fd);
	return directory;
}

static bool process_holds(const struct scan *scan)
{
	DIR *fds = open_directory(scan->process, "fd");
	struct dirent *entry;
	bool found = false;

	while (fds && !found && *scan->steps > 0 && (entry = readdir(fds))) {
		if (entry->d_name[0] == '.')
			continue;
		*scan->steps -= 1;
		found = scan->hold == VIEW_WRITERS ? is_writer(scan, entry->d_name) : is_watcher(scan, entry->d_name);
	}
	if (fds)
		closedir(fds);
	return found;
}

static void describe(struct arena *arena, const struct scan *scan, const char *pid, struct view_holder *holder)
{
	char comm[64] = "";

	holder->pid = (uint32_t)strtoul(pid, NULL, 10);
	read_start(scan->process, "comm", comm, sizeof(comm));
	holder->comm.n = strcspn(comm, "\n");
	holder->comm.p = arena_copy(arena, comm, holder->comm.n);
}

static bool look_at(struct arena *arena, struct scan *scan, int proc, const char *pid, struct view_holder *holder)
{
	bool found;

	*scan->steps -= 1;
	scan->process = openat(proc, pid, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (scan->process < 0)
		return false;
	found = process_holds(scan);
	if (found)
		describe(arena, scan, pid, holder);
	close(scan->process);
	return found;
}

bool holder_find(struct arena *arena, const char *proc, const char *const *first, enum view_hold hold,
		 const struct holder_file *file, int64_t *steps, struct view_holder *holder)
{
	struct scan scan = {
		.arena = arena,
		.hold = hold,
		.file = file,
		.steps = steps,
	};
	DIR *processes = open_directory(AT_FDCWD, proc);
	/* Last: our descriptors are many, and hardly ever in anybody's way. */
	const char *own = arena_printf(arena, "%d", getpid());
	struct dirent *entry;
	bool found = false;

	for (; processes && !found && *first; first++)
		found = look_at(arena, &scan, dirfd(processes), *first, holder);
	while (processes && !found && *steps > 0 && (entry = readdir(processes)))
		found = entry->d_name[0] >= '0' && entry->d_name[0] <= '9' && strcmp(entry->d_name, own) &&
			look_at(arena, &scan, dirfd(processes), entry->d_name, holder);
	if (processes && !found)
		found = look_at(arena, &scan, dirfd(processes), own, holder);
	if (processes)
		closedir(processes);
	return found;
}

/* --- how many processes a user has --- */

static uint64_t threads_of(int proc, const char *pid, uint32_t uid)
{
	char path[32], status[2048];

	snprintf(path, sizeof(path), "%.16s/status", pid);
	if (!read_start(proc, path, status, sizeof(status)) || number_behind(status, "\nUid:", 10) != uid)
		return 0;
	return number_behind(status, "\nThreads:", 10);
}

enum view_answer holder_has_more(const char *proc, uint32_t uid, uint64_t than, int64_t *steps)
{
	DIR *processes = open_directory(AT_FDCWD, proc);
	struct dirent *entry;
	uint64_t n = 0;

	if (!processes)
		return VIEW_UNSURE;
	while (n <= than && *steps > 0 && (entry = readdir(processes))) {
		if (entry->d_name[0] < '0' || entry->d_name[0] > '9')
			continue;
		*steps -= 1;
		n += threads_of(dirfd(processes), entry->d_name, uid);
	}
	closedir(processes);
	if (n > than)
		return VIEW_YES;
	return *steps > 0 ? VIEW_NO : VIEW_UNSURE;
}
