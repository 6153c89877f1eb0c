/* SPDX-License-Identifier: GPL-2.0-only */
/* File systems that nobody can mount: what is on them has no place in any directory. */
#ifndef EXECFAIL_MAGIC_H
#define EXECFAIL_MAGIC_H

#include <linux/magic.h>
#include <stdbool.h>
#include <stdint.h>

#ifndef PID_FS_MAGIC
#define PID_FS_MAGIC 0x50494446 /* since 6.9; before, pidfds were anonymous inodes */
#endif

static inline bool magic_is_placeless(uint32_t magic)
{
	return magic == PIPEFS_MAGIC || magic == SOCKFS_MAGIC || magic == ANON_INODE_FS_MAGIC ||
	       magic == PID_FS_MAGIC || magic == NSFS_MAGIC;
}

#endif
