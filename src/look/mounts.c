// SPDX-License-Identifier: GPL-2.0-only
#include "look/mounts.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* Takes the next word off the line. */
static struct bytes take_word(struct bytes *line)
{
	const char *end = memchr(line->p, ' ', line->n);
	struct bytes word = { line->p, end ? (size_t)(end - line->p) : line->n };
	size_t taken = word.n + (end ? 1 : 0);

	line->p += taken;
	line->n -= taken;
	return word;
}

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

static bool is_word(struct bytes word, const char *name)
{
	return word.n == strlen(name) && !memcmp(word.p, name, word.n);
}

static bool has_option(struct bytes options, const char *name)
{
	while (options.n) {
		const char *end = memchr(options.p, ',', options.n);
		struct bytes option = { options.p, end ? (size_t)(end - options.p) : options.n };
		size_t taken = option.n + (end ? 1 : 0);

		if (is_word(option, name))
			return true;
		options.p += taken;
		options.n -= taken;
	}
	return false;
}

/* 36 35 98:0 /root /at rw,noexec shared:1 - type source rw */
static bool parse_line(struct bytes line, struct mount_row *row)
{
	struct bytes id = take_word(&line), options, super;
	char *end;

	*row = (struct mount_row){ .id = strtoull(id.p, &end, 10) };
	if (end != id.p + id.n || !id.n)
		return false;
	for (int i = 0; i < 3; i++)
		take_word(&line);
	row->at = unescape(take_word(&line));
	options = take_word(&line);
	while (line.n && !is_word(take_word(&line), "-"))
		;
	row->type = take_word(&line);
	row->source = unescape(take_word(&line));
	super = take_word(&line);
	row->noexec = has_option(options, "noexec") || has_option(super, "noexec");
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
	size_t at = 0;

	*mounts = (struct mounts){ .text = memory_new(text.n + 1) };
	if (text.n)
		memcpy(mounts->text, text.p, text.n);
	while (at < text.n) {
		const char *line = mounts->text + at, *end = memchr(line, '\n', text.n - at);
		size_t n = end ? (size_t)(end - line) : text.n - at;

		at += n + 1;
		if (parse_line((struct bytes){ line, n }, &row))
			mounts_add(mounts, &row);
	}
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

static bool is_below(struct bytes path, struct bytes at)
{
	if (at.n <= 1)
		return at.n && path.n && path.p[0] == '/';
	return path.n >= at.n && !memcmp(path.p, at.p, at.n) && (path.n == at.n || path.p[at.n] == '/');
}

const struct mount_row *mounts_by_path(const struct mounts *mounts, struct bytes path)
{
	const struct mount_row *found = NULL;

	/* A later line is of a later mount, which hides earlier ones of the same place. */
	for (size_t i = 0; i < mounts->n; i++)
		if (is_below(path, mounts->v[i].at) && (!found || mounts->v[i].at.n >= found->at.n))
			found = &mounts->v[i];
	return found;
}

static bool is_one_of(struct bytes word, const char *const *names)
{
	for (; *names; names++)
		if (is_word(word, *names))
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
