// SPDX-License-Identifier: GPL-2.0-only
#include "print/target.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/bytes.h"

/* Whether others can have put what is there. */
static bool is_shared(int directory)
{
	struct stat st;

	return fstat(directory, &st) || st.st_mode & (S_IWGRP | S_IWOTH) || (st.st_uid && st.st_uid != geteuid());
}

/* A file of ours, of which there is no second name elsewhere. */
static bool is_own(int fd)
{
	struct stat st;

	return !fstat(fd, &st) && st.st_uid == geteuid() && st.st_nlink == 1;
}

/*
 * In a directory that is held, so that it is the one that was looked at. Nor is it waited for who reads a pipe of
 * others.
 */
static int open_in(int directory, const char *name)
{
	bool shared = is_shared(directory);
	int fd = openat(directory, name,
			O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY | (shared ? O_NOFOLLOW | O_NONBLOCK : 0),
			0600);

	if (fd < 0)
		return -errno;
	if (shared && (!is_own(fd) || fcntl(fd, F_SETFL, O_APPEND))) {
		close(fd);
		return -EPERM;
	}
	return fd;
}

static int open_socket(const char *path)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0), error;

	if (fd < 0)
		return -errno;
	memccpy(to.sun_path, path, '\0', sizeof(to.sun_path) - 1);
	if (!connect(fd, (const struct sockaddr *)&to, sizeof(to)))
		return fd;
	error = errno;
	close(fd);
	return -error;
}

int target_again(const char *path)
{
	struct bytes base = bytes_base(bytes_of(path));
	char *directory = strndup(path, (size_t)(base.p - path));
	int fd = -EISDIR, held;

	if (!directory)
		return -ENOMEM;
	held = open(*directory ? directory : ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (held < 0)
		fd = -errno;
	else if (base.n)
		fd = open_in(held, base.p);
	if (held >= 0)
		close(held);
	free(directory);
	return fd;
}

int target_open(const char *path, const char *socket)
{
	int fd;

	if (!path && socket)
		return open_socket(socket);
	if (!path || !strcmp(path, "-"))
		return fcntl(STDOUT_FILENO, F_GETFD) < 0 ? -EBADF : STDOUT_FILENO;
	fd = target_again(path);
	/* Of what is no file there is nothing to be emptied. */
	if (fd >= 0 && ftruncate(fd, 0) && errno != EINVAL) {
		close(fd);
		return -EIO;
	}
	return fd;
}
