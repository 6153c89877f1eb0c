/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Files: what their inodes say, and their paths, by a walk up the dentries to the root of the mount namespace. */
#ifndef EXECFAIL_WALK_BPF_H
#define EXECFAIL_WALK_BPF_H

#include "kernel.bpf.h"
#include "record.h"

/* A walk up from a file to the root of its mount namespace. */
struct walk {
	struct dentry *dentry;
	struct mount *above; /* this and the next: where the mount is mounted; itself: nowhere */
	struct dentry *point;
	struct mount *mount;
	struct dentry *root; /* of the mount */
	struct vfsmount *start; /* where it begins; with dentry */
};

/*
 * All of out. mode: umode_t, as st_mode; dev: the kernel's dev_t. typed: the verifier knows what inode points to.
 * Otherwise, inode and super block are copied rather than read member by member.
 */
static __always_inline void file_facts(struct inode *inode, bool typed, struct record_file *out)
{
	bool known = has_casts() || (typed && has_typed_task()), copied = !known && inode_is_near();
	struct super_block *sb;
	u64 copy[FILE_SPAN / sizeof(u64)];

	if (!typed)
		inode = cast(inode, CAST_INODE);
	if (copied) {
		bpf_probe_read_kernel(copy, sizeof(copy), inode);
		inode = (struct inode *)copy;
	}
	out->ino = member(inode, i_ino, known || copied);
	out->mode = member(inode, i_mode, known || copied);
	inode_ctime(inode, known || copied, &out->ctime_sec, &out->ctime_nsec);
	sb = member(inode, i_sb, known || copied);
	if (copied) {
		bpf_probe_read_kernel(copy, sizeof(copy), sb);
		sb = (struct super_block *)copy;
	}
	out->dev = member(sb, s_dev, known || copied);
	out->magic = member(sb, s_magic, known || copied);
}

/*
 * As prepend_path() (fs/d_path.c) goes, but up to the namespace's root. Components, with SECTION_CUT where the steps
 * did not reach it, and SECTION_DELETED as d_unlinked() says.
 */

/* The path that the attempt's walk begins at, into the attempt. */
int walk_attempt_path(u32 unused);
/* The path that the walk of the slot begins at, as a section of its record; kind: enum section_kind. */
int walk_section_path(u32 slot, u32 kind);

#endif
