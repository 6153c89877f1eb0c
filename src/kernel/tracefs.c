// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/tracefs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <linux/mount.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#ifndef TRACEFS_MAGIC
#define TRACEFS_MAGIC 0x74726163
#endif

/* One of our own that is attached to no directory: gone with its descriptor. fsopen(2) is of 5.2. */
static int detached(const char *type)
{
	int fs, mnt;

	fs = syscall(SYS_fsopen, type, FSOPEN_CLOEXEC);
	if (fs < 0)
		return -errno;
	if (syscall(SYS_fsconfig, fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		mnt = -errno;
	else
		mnt = syscall(SYS_fsmount, fs, FSMOUNT_CLOEXEC, 0);
	if (mnt == -1)
		mnt = -errno;
	close(fs);
	return mnt;
}

static int tracefs_open(void)
{
	static const char *const places[] = { "/sys/kernel/tracing", "/sys/kernel/debug/tracing" };
	struct statfs st;
	int fd, denied = 0;

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		fd = open(places[i], O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (fd < 0)
			continue;
		if (!fstatfs(fd, &st) && st.f_type == TRACEFS_MAGIC)
			return fd;
		close(fd);
	}
	fd = detached("tracefs");
	if (fd == -EPERM || fd == -EACCES)
		denied = fd;
	return fd >= 0 ? fd : denied ? denied : -ENODEV;
}

/* The start of a file. Closes dir. 0 or -errno. */
static int text_at(int dir, const char *path, char *text, size_t size)
{
	int fd = openat(dir, path, O_RDONLY | O_CLOEXEC), err = fd < 0 ? -errno : 0;
	ssize_t n;

	close(dir);
	if (err)
		return err;
	n = read(fd, text, size - 1);
	err = n < 0 ? -errno : 0;
	close(fd);
	text[n < 0 ? 0 : n] = '\0';
	return err;
}

/* For perf_event_open(2). Or -errno. */
static int tracefs_event_id(const char *group, const char *name)
{
	char path[256], text[32];
	int dir, id;
	long number;

	dir = tracefs_open();
	if (dir < 0)
		return dir;
	snprintf(path, sizeof(path), "events/%s/%s/id", group, name);
	id = text_at(dir, path, text, sizeof(text));
	if (id)
		return id;
	number = strtol(text, NULL, 10);
	return number > 0 && number <= INT_MAX ? (int)number : -ENOENT;
}

int tracefs_event_open(const char *group, const char *name)
{
	struct perf_event_attr attr = { .type = PERF_TYPE_TRACEPOINT, .size = sizeof(attr) };
	int id, fd;

	id = tracefs_event_id(group, name);
	if (id < 0)
		return id;
	attr.config = id;
	/* A program runs on every CPU, whichever the event was opened on. */
	fd = syscall(SYS_perf_event_open, &attr, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int debugfs_text(const char *path, char *text, size_t size)
{
	int dir = detached("debugfs");

	text[0] = '\0';
	return dir < 0 ? dir : text_at(dir, path, text, size);
}
