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

/* A tracefs of our own that is attached to no directory: gone with its descriptor. fsopen(2) is of 5.2. */
static int tracefs_detached(void)
{
	int fs, mnt;

	fs = syscall(SYS_fsopen, "tracefs", FSOPEN_CLOEXEC);
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
	fd = tracefs_detached();
	if (fd == -EPERM || fd == -EACCES)
		denied = fd;
	return fd >= 0 ? fd : denied ? denied : -ENODEV;
}

/* For perf_event_open(2). Or -errno. */
static int tracefs_event_id(const char *group, const char *name)
{
	char path[256], text[32];
	int dir, fd, id;
	long number;
	ssize_t n;

	dir = tracefs_open();
	if (dir < 0)
		return dir;
	snprintf(path, sizeof(path), "events/%s/%s/id", group, name);
	fd = openat(dir, path, O_RDONLY | O_CLOEXEC);
	id = fd < 0 ? -errno : 0;
	close(dir);
	if (id)
		return id;
	n = read(fd, text, sizeof(text) - 1);
	id = n < 0 ? -errno : 0;
	close(fd);
	if (id)
		return id;
	text[n] = '\0';
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
