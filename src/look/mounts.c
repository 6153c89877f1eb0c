// SPDX-License-Identifier: GPL-2.0-only
#include "look/mounts.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static bool is_octal(const char *p)
{
	return p[0] >= '0' && p[0] <= '3' && p[1] >= '0' && p[1] <= '7' && p[2] >= '0' && p[2] <= '7';
}

/* Blanks, newlines and backslashes are written as \ooo. In place, in the table's own text. */
static struct bytes unescape(struct bytes word)
{
	char *p = (char *)word.p, *to = p;

	for (size_t i = 0; i < word.n; i++) {
		if (p[i] != '\\' || word.n - i < 4 || !is_octal(p + i + 1)) {
			*to++ = p[i];
			continue;
		}
		*to++ = (char)((p[i + 1] - '0') << 6 | (p[i + 2] - '0') << 3 | (p[i + 3] - '0'));
		i += 3;
	}
	return (struct bytes){ word.p, (size_t)(to - p) };
}

static bool has_option(struct bytes options, const char *name)
{
	while (options.n)
		if (bytes_is(bytes_cut(&options, ','), name))
			return true;
	return false;
}

/* 36 35 98:0 /root /at rw,noexec shared:1 - type source rw */
static bool parse_line(struct bytes line, struct mount_row *row)
{
	struct bytes id = bytes_cut(&line, ' '), options, super;
	char *end;

	*row = (struct mount_row){ .id = strtoull(id.p, &end, 10) };
	if (end != id.p + id.n || !id.n)
		return false;
	for (int i = 0; i < 3; i++)
		bytes_cut(&line, ' ');
	row->at = unescape(bytes_cut(&line, ' '));
	options = bytes_cut(&line, ' ');
	while (line.n && !bytes_is(bytes_cut(&line, ' '), "-"))
		;
	row->type = bytes_cut(&line, ' ');
	row->source = unescape(bytes_cut(&line, ' '));
	super = bytes_cut(&line, ' ');
	row->noexec = has_option(options, "noexec") || has_option(super, "noexec");
	row->nosymfollow = has_option(options, "nosymfollow");
	row->nosuid = has_option(options, "nosuid") || has_option(super, "nosuid");
	return row->at.n && row->type.n;
}

void mounts_add(struct mounts *mounts, const struct mount_row *row)
{
	/* Room is doubled at the powers of two. */
	if (!(mounts->n & (mounts->n - 1)))
		mounts->v = memory_resize(mounts->v, (mounts->n ? 2 * mounts->n : 1) * sizeof(*mounts->v));
	mounts->v[mounts->n++] = *row;
}

void mounts_parse(struct mounts *mounts, struct bytes text)
{
	struct mount_row row;

	*mounts = (struct mounts){ .text = memory_new(text.n + 1) };
	if (text.n)
		memcpy(mounts->text, text.p, text.n);
	text.p = mounts->text;
	while (text.n)
		if (parse_line(bytes_cut(&text, '\n'), &row))
			mounts_add(mounts, &row);
}

void mounts_free(struct mounts *mounts)
{
	free(mounts->v);
	free(mounts->text);
	*mounts = (struct mounts){};
}

const struct mount_row *mounts_by_id(const struct mounts *mounts, uint64_t id)
{
	for (size_t i = 0; i < mounts->n; i++)
		if (mounts->v[i].id == id)
			return &mounts->v[i];
	return NULL;
}

const struct mount_row *mounts_by_path(const struct mounts *mounts, struct bytes path)
{
	const struct mount_row *found = NULL;

	/* A later line is of a later mount, which hides earlier ones of the same place. */
	for (size_t i = 0; i < mounts->n; i++)
		if (bytes_below(path, mounts->v[i].at) && (!found || mounts->v[i].at.n >= found->at.n))
			found = &mounts->v[i];
	return found;
}

static bool is_one_of(struct bytes word, const char *const *names)
{
	for (; *names; names++)
		if (bytes_is(word, *names))
			return true;
	return false;
}

bool mount_is_virtual(const struct mount_row *mount)
{
	static const char *const types[] = {
		"proc",      "sysfs",    "cgroup", "cgroup2",    "tracefs", "debugfs", "securityfs",
		"bpf",       "configfs", "pstore", "efivarfs",   "mqueue",  "devpts",  "binfmt_misc",
		"selinuxfs", "fusectl",  "nsfs",   "rpc_pipefs", NULL,
	};

	return is_one_of(mount->type, types);
}

bool mount_is_local(const struct mount_row *mount)
{
	static const char *const types[] = {
		"ext2",     "ext3",    "ext4",     "xfs",   "btrfs",   "tmpfs", "ramfs",     "rootfs",
		"devtmpfs", "overlay", "squashfs", "erofs", "f2fs",    "zfs",   "bcachefs",  "vfat",
		"exfat",    "ntfs3",   "iso9660",  "udf",   "jffs2",   "ubifs", "romfs",     "cramfs",
		"minix",    "nilfs2",  "reiserfs", "jfs",   "hfsplus", "aufs",  "hugetlbfs", NULL,
	};

	return is_one_of(mount->type, types) || mount_is_virtual(mount);
}
