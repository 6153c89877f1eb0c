/* SPDX-License-Identifier: GPL-2.0-only */
/* /proc/PID/mountinfo: bytes in, mounts out. */
#ifndef EXECFAIL_MOUNTS_H
#define EXECFAIL_MOUNTS_H

#include <stdint.h>

#include "base/bytes.h"

/* Strings are unescaped, and belong to the table. */
struct mount_row {
	uint64_t id;
	struct bytes at; /* from the process's root */
	struct bytes type; /* "ext4" */
	struct bytes source;
	bool noexec; /* by the mount's flags, or those of its file system */
	bool nosuid;
};

struct mounts {
	struct mount_row *v;
	size_t n;
	char *text; /* what they point into */
};

/* The table is the caller's, to be given to mounts_free(). */
void mounts_parse(struct mounts *mounts, struct bytes text);
void mounts_free(struct mounts *mounts);

/* One that is in no table, and at no path: the strings are not copied. */
void mounts_add(struct mounts *mounts, const struct mount_row *row);

/* NULL: none. Of several mounts at one place, the one on top. */
const struct mount_row *mounts_by_id(const struct mounts *mounts, uint64_t id);
const struct mount_row *mounts_by_path(const struct mounts *mounts, struct bytes path);

/* Whether looking at such a file system does not wait for a server or for another process. */
bool mount_is_local(const struct mount_row *mount);

/* Files that the kernel makes up: proc, sysfs and their like. */
bool mount_is_virtual(const struct mount_row *mount);

#endif
