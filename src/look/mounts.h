/* SPDX-License-Identifier: GPL-2.0-only */
/* /proc/PID/mountinfo, as show_mountinfo() of fs/proc_namespace.c writes it: bytes in, mounts out. */
#ifndef EXECFAIL_MOUNTS_H
#define EXECFAIL_MOUNTS_H

#include <stdint.h>
#include <sys/types.h>

#include "base/bytes.h"

/* Strings are unescaped, and belong to the table. */
struct mount_row {
	uint64_t id; /* as struct view_node has it */
	dev_t dev; /* of its file system, and of all its files to the kernel, whatever stat(2) says; 0: unknown */
	struct bytes root; /* what of the file system is mounted: "/" is all of it */
	struct bytes at; /* from the process's root */
	struct bytes type; /* "ext4" */
	struct bytes source;
	struct bytes super; /* options of the file system */
	bool noexec; /* this and the next: by the mount's options, or those of its file system */
	bool nosuid;
	bool nosymfollow; /* since 5.10 */
};

struct mounts {
	struct mount_row *v;
	size_t n;
	char *text; /* what they point into */
};

/* Fills in the table, to be given to mounts_free(), from a copy of the text. Lines that make no sense are left out. */
void mounts_parse(struct mounts *mounts, struct bytes text);
void mounts_free(struct mounts *mounts);

/* One that is in no table, and at no path: the strings are not copied. Rows that were found are not valid any more. */
void mounts_add(struct mounts *mounts, const struct mount_row *row);

/* NULL: none. Of several mounts at one place, the one on top. path: without links, from the same root as theirs. */
const struct mount_row *mounts_by_id(const struct mounts *mounts, uint64_t id);
const struct mount_row *mounts_by_path(const struct mounts *mounts, struct bytes path);

/*
 * Whether looking at such a file system does not wait for a server or for another process; by its type. Of an overlay
 * that holds as far as it does for its layers.
 */
bool mount_is_local(const struct mount_row *mount);

/* The same of a file system by its number, statfs(2)'s f_type; and its type, NULL: it is not local, or not known. */
bool magic_is_local(uint32_t magic);
const char *magic_type(uint32_t magic);

/* fuse_permission(): its modes say no more than whether a file is a program; the server decides the rest. */
bool mount_asks_server(const struct mount_row *mount);

/* What is behind such an option of the file system, as "user_id="; p NULL: it has none. */
struct bytes mount_option(const struct mount_row *mount, const char *name);

bool mount_is_overlay(const struct mount_row *mount);

/* Whether a file system with that device is mounted there. */
bool mounts_have_device(const struct mounts *mounts, dev_t dev);

/*
 * Whether the layers of an overlay are local, as far as its options say where they are: these paths are those of who
 * mounted it, which table is to be of.
 */
bool mounts_layers_are_local(const struct mounts *table, const struct mount_row *overlay);

/* Files that the kernel makes up: proc, sysfs and their like. */
bool mount_is_virtual(const struct mount_row *mount);

#endif
