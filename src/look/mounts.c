// SPDX-License-Identifier: GPL-2.0-only
#include "look/mounts.h"

#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>

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

/* "98:0"; the text has a NUL at its end. */
static dev_t device_of(struct bytes word)
{
	struct bytes major = bytes_cut(&word, ':');

	return major.n && word.n ? makedev(strtoul(major.p, NULL, 10), strtoul(word.p, NULL, 10)) : 0;
}

/* 36 35 98:0 /root /at rw,noexec shared:1 - type source rw */
static bool parse_line(struct bytes line, struct mount_row *row)
{
	struct bytes id = bytes_cut(&line, ' '), options, super;
	char *end;

	*row = (struct mount_row){ .id = strtoull(id.p, &end, 10) };
	if (end != id.p + id.n || !id.n)
		return false;
	bytes_cut(&line, ' ');
	row->dev = device_of(bytes_cut(&line, ' '));
	row->root = unescape(bytes_cut(&line, ' '));
	row->at = unescape(bytes_cut(&line, ' '));
	options = bytes_cut(&line, ' ');
	while (line.n && !bytes_is(bytes_cut(&line, ' '), "-"))
		;
	row->type = bytes_cut(&line, ' ');
	row->source = unescape(bytes_cut(&line, ' '));
	row->super = super = bytes_cut(&line, ' ');
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

bool mounts_have_device(const struct mounts *mounts, dev_t dev)
{
	for (size_t i = 0; i < mounts->n; i++)
		if (mounts->v[i].dev == dev)
			return true;
	return false;
}

/* --- what waits for whom --- */

/* Of those without a number, or with one that others have as well, only the name tells. */
static const struct kind {
	const char *type;
	uint32_t magic;
	bool is_virtual; /* files that the kernel makes up */
} kinds[] = {
	{ "ext4", 0xef53, false },
	{ "ext3", 0, false },
	{ "ext2", 0, false },
	{ "xfs", 0x58465342, false },
	{ "btrfs", 0x9123683e, false },
	{ "tmpfs", 0x01021994, false },
	{ "devtmpfs", 0, false },
	{ "ramfs", 0x858458f6, false },
	{ "rootfs", 0, false },
	{ "overlay", 0x794c7630, false },
	{ "squashfs", 0x73717368, false },
	{ "erofs", 0xe0f5e1e2, false },
	{ "f2fs", 0xf2f52010, false },
	{ "zfs", 0x2fc12fc1, false },
	{ "bcachefs", 0xca451a4e, false },
	{ "vfat", 0x4d44, false },
	{ "exfat", 0x2011bab0, false },
	{ "ntfs3", 0x7366746e, false },
	{ "iso9660", 0x9660, false },
	{ "udf", 0x15013346, false },
	{ "jffs2", 0x72b6, false },
	{ "ubifs", 0x24051905, false },
	{ "romfs", 0x7275, false },
	{ "cramfs", 0x28cd3d45, false },
	{ "minix", 0x138f, false },
	{ "nilfs2", 0x3434, false },
	{ "reiserfs", 0x52654973, false },
	{ "jfs", 0x3153464a, false },
	{ "aufs", 0x61756673, false },
	{ "hfsplus", 0x482b, false },
	{ "hugetlbfs", 0x958458f6, false },
	{ "proc", 0x9fa0, true },
	{ "sysfs", 0x62656572, true },
	{ "cgroup", 0x27e0eb, true },
	{ "cgroup2", 0x63677270, true },
	{ "tracefs", 0x74726163, true },
	{ "debugfs", 0x64626720, true },
	{ "securityfs", 0x73636673, true },
	{ "bpf", 0xcafe4a11, true },
	{ "configfs", 0x62656570, true },
	{ "pstore", 0x6165676c, true },
	{ "efivarfs", 0xde5e81e4, true },
	{ "mqueue", 0x19800202, true },
	{ "devpts", 0x1cd1, true },
	{ "binfmt_misc", 0x42494e4d, true },
	{ "selinuxfs", 0xf97cff8c, true },
	{ "fusectl", 0x65735543, true },
	{ "nsfs", 0x6e736673, true },
	{ "rpc_pipefs", 0x67596969, true },
	{ NULL, 0, false },
};

static const struct kind *kind_of(const struct mount_row *mount)
{
	for (const struct kind *kind = kinds; kind->type; kind++)
		if (bytes_is(mount->type, kind->type))
			return kind;
	return NULL;
}

bool mount_is_virtual(const struct mount_row *mount)
{
	const struct kind *kind = kind_of(mount);

	return kind && kind->is_virtual;
}

bool mount_is_local(const struct mount_row *mount)
{
	return kind_of(mount);
}

const char *magic_type(uint32_t magic)
{
	for (const struct kind *kind = kinds; kind->type; kind++)
		if (kind->magic && kind->magic == magic)
			return kind->type;
	return NULL;
}

bool magic_is_local(uint32_t magic)
{
	return magic_type(magic);
}

struct bytes mount_option(const struct mount_row *mount, const char *name)
{
	struct bytes options = mount->super;

	while (options.n) {
		struct bytes option = bytes_cut(&options, ',');

		if (bytes_begins(option, name))
			return bytes_after(option, strlen(name));
	}
	return (struct bytes){};
}

bool mount_asks_server(const struct mount_row *mount)
{
	return bytes_begins(mount->type, "fuse") && !bytes_begins(mount->type, "fusectl") &&
	       !mount_option(mount, "default_permissions").p;
}

bool mount_is_overlay(const struct mount_row *mount)
{
	return bytes_is(mount->type, "overlay");
}

/* Of one that is not told from the root on, nobody knows: it is beside another that is. */
static bool layer_is_local(const struct mounts *table, struct bytes layer)
{
	const struct mount_row *row = bytes_begins(layer, "/") ? mounts_by_path(table, layer) : NULL;

	return !bytes_begins(layer, "/") || (row && mount_is_local(row));
}

bool mounts_layers_are_local(const struct mounts *table, const struct mount_row *overlay)
{
	struct bytes options = overlay->super, layers;
	bool local = true;

	while (options.n && local) {
		struct bytes value = bytes_cut(&options, ','), name = bytes_cut(&value, '=');

		if (!bytes_begins(name, "lowerdir") && !bytes_is(name, "upperdir") && !bytes_begins(name, "datadir"))
			continue;
		for (layers = value; layers.n && local;)
			local = layer_is_local(table, bytes_cut(&layers, ':'));
	}
	return local;
}
