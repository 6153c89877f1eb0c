// SPDX-License-Identifier: GPL-2.0-only
#include "base/error.h"

#include <stddef.h>
#include <string.h>

static const struct {
	int error;
	const char *name;
	const char *text;
} internal[] = {
	{ 512, "ERESTARTSYS", "interrupted, and not begun again (ERESTARTSYS)" },
	{ 513, "ERESTARTNOINTR", "interrupted, and not begun again (ERESTARTNOINTR)" },
	{ 514, "ERESTARTNOHAND", "interrupted, and not begun again (ERESTARTNOHAND)" },
	{ 515, "ENOIOCTLCMD", "no such ioctl (ENOIOCTLCMD)" },
	{ 516, "ERESTART_RESTARTBLOCK", "interrupted, and not begun again (ERESTART_RESTARTBLOCK)" },
	{ 517, "EPROBE_DEFER", "the driver is not ready (EPROBE_DEFER)" },
	{ 518, "EOPENSTALE", "the open found a stale handle (EOPENSTALE)" },
	{ 519, "ENOPARAM", "no such parameter (ENOPARAM)" },
	{ 521, "EBADHANDLE", "an illegal NFS handle (EBADHANDLE)" },
	{ 522, "ENOTSYNC", "an NFS update that is out of step (ENOTSYNC)" },
	{ 523, "EBADCOOKIE", "a stale cookie of a directory (EBADCOOKIE)" },
	/* Of trampolines: the architecture has none, or not for this function. */
	{ 524, "ENOTSUPP", "not supported by this kernel on this machine (ENOTSUPP)" },
	{ 525, "ETOOSMALL", "a buffer or request that is too small (ETOOSMALL)" },
	{ 526, "ESERVERFAULT", "the server met an error (ESERVERFAULT)" },
	{ 527, "EBADTYPE", "not supported by the server (EBADTYPE)" },
	{ 528, "EJUKEBOX", "the server asks to try again later (EJUKEBOX)" },
	{ 529, "EIOCBQUEUED", "queued, and not yet done (EIOCBQUEUED)" },
	{ 530, "ERECALLCONFLICT", "a conflict with a recalled state (ERECALLCONFLICT)" },
};

#define INTERNAL (sizeof(internal) / sizeof(internal[0]))

static size_t internal_find(int error)
{
	size_t i = 0;

	while (i < INTERNAL && internal[i].error != error)
		i++;
	return i;
}

const char *error_name(int error)
{
	size_t i = internal_find(error);

	if (error <= 0)
		return NULL;
	return i < INTERNAL ? internal[i].name : strerrorname_np(error);
}

const char *error_text(int error)
{
	size_t i = internal_find(error);

	return i < INTERNAL ? internal[i].text : strerror(error);
}
