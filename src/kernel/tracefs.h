/* SPDX-License-Identifier: GPL-2.0-only */
/* The ids of tracepoints, and what debugfs says, also where nobody mounted either. */
#ifndef EXECFAIL_TRACEFS_H
#define EXECFAIL_TRACEFS_H

#include <stddef.h>

/*
 * A perf event on the tracepoint GROUP/NAME, to which a program can be attached: a descriptor, which the caller closes.
 * Or -errno: -ENOENT, the kernel has no such tracepoint; -ENODEV, no tracefs can be had, -EPERM or -EACCES: nor made;
 * or what perf_event_open(2) says. Mounts nothing where others could see it.
 */
int tracefs_event_open(const char *group, const char *name);

/* The start of a file of debugfs, as a string; "" where it cannot be read. 0 or -errno. */
int debugfs_text(const char *path, char *text, size_t size);

#endif
