// SPDX-License-Identifier: GPL-2.0-only
#include "fuse.h"

#include <errno.h>
#include <linux/fuse.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum {
	DIRECTORY = FUSE_ROOT_ID,
	FILE_NODE = 2,
	FILE_SIZE = 4096,
};

static char content[FILE_SIZE] = "no program, but text\n";

atomic_bool *fuse_silenced;

int fuse_mount(int device, const char *directory)
{
	char options[128];

	snprintf(options, sizeof(options), "fd=%d,rootmode=40000,user_id=%u,group_id=%u,allow_other", device, getuid(),
		 getgid());
	return mount("attack", directory, "fuse", MS_NOSUID | MS_NODEV, options);
}

static struct fuse_attr attr_of(uint64_t node)
{
	return (struct fuse_attr){
		.ino = node,
		.size = node == FILE_NODE ? FILE_SIZE : 0,
		.mode = node == FILE_NODE ? S_IFREG | 0777 : S_IFDIR | 0777,
		.nlink = 1,
		.uid = getuid(),
		.gid = getgid(),
		.blksize = 4096,
	};
}

static void answer(int device, const struct fuse_in_header *in, int error, const void *body, size_t size)
{
	struct fuse_out_header head = { .unique = in->unique, .error = -error, .len = sizeof(head) + size };
	struct iovec parts[] = { { &head, sizeof(head) }, { (void *)body, size } };

	if (writev(device, parts, size ? 2 : 1) < 0 && errno != ENOENT)
		perror("answer");
}

static void answer_init(int device, const struct fuse_in_header *in)
{
	const struct fuse_init_out out = {
		.major = FUSE_KERNEL_VERSION,
		.minor = FUSE_KERNEL_MINOR_VERSION < 31 ? FUSE_KERNEL_MINOR_VERSION : 31,
		.max_write = FILE_SIZE,
		.max_background = 16,
		.time_gran = 1,
	};

	answer(device, in, 0, &out, sizeof(out));
}

/* Of names it is not asked again, which root could not through an overlay; of attributes always. */
static void answer_lookup(int device, const struct fuse_in_header *in, const char *name)
{
	const struct fuse_entry_out out = {
		.nodeid = FILE_NODE,
		.generation = 1,
		.entry_valid = 3600,
		.attr = attr_of(FILE_NODE),
	};

	if (strcmp(name, FUSE_FILE))
		answer(device, in, ENOENT, NULL, 0);
	else
		answer(device, in, 0, &out, sizeof(out));
}

static void answer_attr(int device, const struct fuse_in_header *in)
{
	const struct fuse_attr_out out = { .attr = attr_of(in->nodeid) };

	answer(device, in, 0, &out, sizeof(out));
}

static void answer_read(int device, const struct fuse_in_header *in, const struct fuse_read_in *read)
{
	size_t n = read->offset < FILE_SIZE ? FILE_SIZE - read->offset : 0;

	answer(device, in, 0, content + (n ? read->offset : 0), n < read->size ? n : read->size);
}

static void answer_request(int device, const struct fuse_in_header *in, const void *body)
{
	const struct fuse_open_out opened = { .fh = 1 };
	const struct fuse_statfs_out size = { .st = { .bsize = 4096, .frsize = 4096, .namelen = 255 } };

	switch (in->opcode) {
	case FUSE_INIT:
		answer_init(device, in);
		break;
	case FUSE_LOOKUP:
		answer_lookup(device, in, body);
		break;
	case FUSE_GETATTR:
	case FUSE_SETATTR:
		answer_attr(device, in);
		break;
	case FUSE_STATFS:
		answer(device, in, 0, &size, sizeof(size));
		break;
	case FUSE_OPEN:
	case FUSE_OPENDIR:
		answer(device, in, 0, &opened, sizeof(opened));
		break;
	case FUSE_READ:
		answer_read(device, in, body);
		break;
	case FUSE_READDIR:
	case FUSE_RELEASE:
	case FUSE_RELEASEDIR:
	case FUSE_FLUSH:
	case FUSE_FSYNC:
		answer(device, in, 0, NULL, 0);
		break;
	case FUSE_FORGET:
	case FUSE_BATCH_FORGET:
	case FUSE_INTERRUPT:
		break;
	default:
		answer(device, in, ENOSYS, NULL, 0);
	}
}

static bool is_silent(const struct fuse_in_header *in, enum fuse_silence silence)
{
	if (silence == FUSE_SILENT_OF_WRITES)
		return in->opcode == FUSE_WRITE;
	if (silence == FUSE_SILENT_OF_READS)
		return in->opcode == FUSE_READ;
	if (silence == FUSE_SILENT_OF_FLUSHES)
		return in->opcode == FUSE_FLUSH;
	/* What the kernel asks by itself has no process. */
	return in->pid && getpgid((pid_t)in->pid) != getpgrp();
}

void fuse_serve(int device, enum fuse_silence silence)
{
	static _Alignas(8) char request[64 * 1024];
	const struct fuse_in_header *in = (const void *)request;
	struct pollfd fds[] = { { .fd = device, .events = POLLIN }, { .fd = STDIN_FILENO, .events = POLLIN } };
	ssize_t n;

	while (poll(fds, 2, -1) >= 0 && !fds[1].revents) {
		n = read(device, request, sizeof(request));
		if (n < 0 && errno != EINTR && errno != ENOENT)
			return;
		if (n < (ssize_t)sizeof(*in))
			continue;
		if (!is_silent(in, silence))
			answer_request(device, in, in + 1);
		else if (fuse_silenced)
			*fuse_silenced = true;
	}
}
