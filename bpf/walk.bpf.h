/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Files: what their inodes say, and their paths, by a walk up the dentries to the root of the mount namespace. */
#ifndef EXECFAIL_WALK_BPF_H
#define EXECFAIL_WALK_BPF_H

#include "kernel.bpf.h"
#include "record.h"

#define NAME_ROOM 256 /* NAME_MAX and its NUL */

/* A walk up from a file to the root of its mount namespace. */
struct walk {
	struct dentry *dentry;
	struct mount *mount;
	struct dentry *root; /* of the mount */
	struct vfsmount *start; /* where it begins; with dentry */
};

/* All of out. mode: umode_t, as st_mode; dev: the kernel's dev_t. */
static __always_inline void file_facts(struct inode *inode, struct record_file *out)
{
	out->ino = BPF_CORE_READ(inode, i_ino);
	out->dev = BPF_CORE_READ(inode, i_sb, s_dev);
	out->magic = BPF_CORE_READ(inode, i_sb, s_magic);
	out->mode = BPF_CORE_READ(inode, i_mode);
	inode_ctime(inode, &out->ctime_sec, &out->ctime_nsec);
}

/*
 * As prepend_path() (fs/d_path.c) goes, but up to the namespace's root. Components, with SECTION_CUT where the steps
 * did not reach it, and SECTION_DELETED as d_unlinked() says.
 */

/* The path of an open file, a struct file, into the attempt. */
int walk_attempt_path(u64 file);
/* The path that the walk of the slot begins at, as a section of its record; kind: enum section_kind. */
int walk_section_path(u32 slot, u32 kind);

#endif
