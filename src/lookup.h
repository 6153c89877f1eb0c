/* SPDX-License-Identifier: GPL-2.0-only */
/* Finding a file inside of another process's root, without opening it and without leaving that root. */
#ifndef EXECFAIL_LOOKUP_H
#define EXECFAIL_LOOKUP_H

#include <stdbool.h>

#include "event.h"

/*
 * A descriptor with O_PATH, for the caller to close, or -errno. Absolute paths and links begin at the descriptor root,
 * and .. ends there. Links of /proc that are no paths are refused with ELOOP. follow: a link at the end of the path.
 *
 * From Linux 5.12 only what the kernel has in memory is looked at (EAGAIN for the rest), so that no dead network or
 * FUSE file system is waited for; a path that was just tried is in memory.
 */
int lookup_open(int root, const char *path, bool follow);

/* The same for kernels before 5.6, step by step. */
int lookup_walk(int root, const char *path, bool follow);

/*
 * Fills in the file behind a descriptor, from what the kernel has in memory; its path as this process sees it. 0 or
 * -errno.
 */
int lookup_file(struct arena *arena, int fd, struct event_file *file);

#endif
