/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whose world is looked at, and when what it did had failed. Numbers of processes and users are the initial
 * namespaces', as the kernel's hooks say them. What it points to is its maker's.
 */
#ifndef EXECFAIL_CALLER_H
#define EXECFAIL_CALLER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/bytes.h"

#define CALLER_UNKNOWN 0xffffffffu /* of an id */

/* What tells a file from all others there ever were, as the kernel saw it when the call failed. */
struct file_id {
	bool known;
	dev_t dev; /* of its file system */
	uint64_t ino;
	uint32_t mode; /* st_mode */
	uint32_t magic; /* of its file system, statfs(2)'s f_type */
	int64_t ctime_sec;
	uint32_t ctime_nsec;
};

struct caller {
	bool is_kernel; /* it started the program itself */
	uint32_t pid; /* the thread group's; this and the next five are CALLER_UNKNOWN where they are not known */
	uint32_t tid;
	uint32_t ppid;
	uint32_t ns_pid; /* in its own pid namespace */
	uint32_t uid;
	uint32_t euid;
	struct bytes exe; /* what it was running, from the mount namespace's root; p NULL: unknown */
	uint32_t pid_ns; /* this and the next are inode numbers in nsfs; 0: unknown */
	uint32_t mnt_ns;
	const uint32_t *ancestors; /* pids, nearest first */
	size_t n_ancestors;
	/*
	 * CLOCK_BOOTTIME, nanoseconds. What was seen then or later tells no less about it than what would be seen now.
	 */
	int64_t failed_ns;
	/* The files that root and cwd were, whatever has these names when somebody looks. */
	struct file_id root_is;
	struct file_id cwd_is;
	/* Paths from the mount namespace's root. */
	struct bytes root; /* its own; p NULL: unknown */
	struct bytes cwd; /* p NULL: unknown */
	bool cwd_lost; /* has no name any more, or one that is not known to its end */
	bool at_descriptor; /* the program's path is relative to one, and not to cwd */
	struct bytes descriptor; /* its path; p NULL: unknown, or lost */
	struct file_id behind; /* it */
};

#endif
