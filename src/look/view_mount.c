// SPDX-License-Identifier: GPL-2.0-only
/* The mounts of the caller's namespace. */
#include <fcntl.h>
#include <linux/nsfs.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/clock.h"
#include "look/step.h"
#include "look/view_live.h"

#ifndef ST_NOSYMFOLLOW
#define ST_NOSYMFOLLOW 0x2000
#endif
#ifndef STATX_MNT_ID_UNIQUE
#define STATX_MNT_ID_UNIQUE 0x4000
#endif

/* What tells one root of a mount namespace from all others there ever were. */
struct root_id {
	uint64_t mount; /* 0: nothing does */
	uint64_t ino;
};

static bool root_id(const struct view_live *l, struct root_id *root)
{
	struct statx st;

	if (statx(l->root, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_INO | STATX_MNT_ID_UNIQUE, &st))
		return false;
	*root = (struct root_id){ .ino = st.stx_ino };
#ifdef STATX_ATTR_MOUNT_ROOT
	/* The numbers of namespaces, and before 6.8 of mounts, are soon used again. */
	if (st.stx_mask & STATX_MNT_ID_UNIQUE)
		root->mount = st.stx_mnt_id;
#endif
	return true;
}

static struct bytes read_table(struct view_live *l, int fd)
{
	struct bytes text;

	step_touch(STEP_MOUNTS, 0);
	text = live_read_fd(l->view.arena, fd);
	step_touch(0, 0);
	return text;
}

/* Rows that were shown may still be looked at: they stay until the view is closed. */
static void table_fill(struct view_live *l, struct mounts *table, struct bytes text)
{
	const struct mount_row memory = {
		.id = MEMORY_MOUNT,
		.type = { "tmpfs", strlen("tmpfs") },
		.source = { "memfd", strlen("memfd") },
	};

	if (l->n_retired < RETIRED)
		l->retired[l->n_retired++] = *table;
	else
		mounts_free(table);
	mounts_parse(table, text);
	mounts_add(table, &memory);
}

/* We see more of our own namespace than a caller in a chroot does. */
static bool is_ours(const struct view_live *l)
{
	return l->process < 0 || (l->mnt_ns && l->mnt_ns == l->views->mnt_ns);
}

/* Once asked it answers anew only after a change; what is no file of proc, every time. */
static bool own_changed(const struct views *views)
{
	struct pollfd fd = { .fd = views->own_fd, .events = POLLPRI };

	return poll(&fd, 1, 0) != 0;
}

/* In a chroot we see only what is mounted below it; the first process sees all, if it is of our namespace. */
static int own_mountinfo(struct view_live *l)
{
	const struct views *views = l->views;
	const char *whose = "self";

	if (views->own_root[0] &&
	    live_namespace(AT_FDCWD, arena_printf(l->view.arena, "%s/1/ns/mnt", views->proc)) == views->mnt_ns)
		whose = "1";
	return open(arena_printf(l->view.arena, "%s/%s/mountinfo", views->proc, whose), O_RDONLY | O_CLOEXEC);
}

/* The mount that a chroot lies on is in no table that is shown in it, unless the first process has one for us. */
static void add_own_root(struct mounts *table, int root)
{
	struct mount_row row = { .root = bytes_of("/"), .at = bytes_of("/") };
	struct statfs fs;
	struct statx st;

	if (root < 0 || statx(root, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_MNT_ID, &st) ||
	    !(st.stx_mask & STATX_MNT_ID) || mounts_by_id(table, st.stx_mnt_id) || fstatfs(root, &fs))
		return;
	row.id = st.stx_mnt_id;
	row.dev = makedev(st.stx_dev_major, st.stx_dev_minor);
	row.type = bytes_of(magic_type((uint32_t)fs.f_type));
	row.noexec = fs.f_flags & ST_NOEXEC;
	row.nosuid = fs.f_flags & ST_NOSUID;
	row.nosymfollow = fs.f_flags & ST_NOSYMFOLLOW;
	mounts_add(table, &row);
}

const struct mounts *live_own_mounts(struct view_live *l)
{
	struct views *views = l->views;
	struct bytes text;

	if (views->own_fd < 0)
		views->own_fd = own_mountinfo(l);
	if (views->own_fd < 0)
		return NULL;
	if (views->own.text && (l->own_asked || !own_changed(views)))
		return &views->own;
	l->own_asked = true;
	if (lseek(views->own_fd, 0, SEEK_SET))
		return NULL;
	text = read_table(l, views->own_fd);
	if (!text.p)
		return NULL;
	table_fill(l, &views->own, text);
	add_own_root(&views->own, views->root_fd);
	return &views->own;
}

/* Neither root is touched: what they are called is enough, in one namespace. */
static bool same_root(struct view_live *l, int process)
{
	struct bytes root = live_read_link(l->view.arena, process, "root");

	return root.p && bytes_same(root, live_read_link(l->view.arena, AT_FDCWD, live_own_path(&l->view, l->root))) &&
	       live_namespace(process, "ns/mnt") == l->mnt_ns;
}

static struct bytes mountinfo_in(struct view_live *l, int process)
{
	int fd = openat(process, "mountinfo", O_RDONLY | O_CLOEXEC);
	struct bytes text = {};

	if (fd < 0)
		return text;
	text = read_table(l, fd);
	close(fd);
	l->view.steps += 1 + text.n / VIEW_PIECE;
	return text;
}

static struct bytes mountinfo_of(struct view_live *l, uint32_t pid)
{
	const char *path = arena_printf(l->view.arena, "%s/%u", l->views->proc, pid);
	int process = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct bytes text = {};

	if (process < 0)
		return text;
	if (same_root(l, process))
		text = mountinfo_in(l, process);
	close(process);
	return text;
}

/* A caller that ends meanwhile takes its table with it; what is near it may have the same. */
static struct bytes other_mountinfo(struct view_live *l)
{
	struct bytes text = mountinfo_in(l, l->process);
	const struct caller *caller = l->caller;

	if (text.n || !caller || !l->mnt_ns)
		return text;
	text = mountinfo_of(l, caller->ppid);
	for (size_t i = 0; !text.n && i < caller->n_ancestors; i++)
		text = mountinfo_of(l, caller->ancestors[i]);
	return text;
}

/* One that was read after the call failed says no less about it than it would now. */
static struct table *table_find(const struct view_live *l, const struct root_id *root)
{
	for (size_t i = 0; root->mount && l->caller && !l->table_again && i < TABLES; i++) {
		struct table *table = &l->views->tables[i];

		if (table->mounts.text && table->root_mount == root->mount && table->root == root->ino &&
		    l->caller->failed_ns <= table->read)
			return table;
	}
	return NULL;
}

static const struct mounts *other_mounts(struct view_live *l)
{
	struct views *views = l->views;
	int64_t now = clock_ns(CLOCK_BOOTTIME);
	struct table *table;
	struct bytes text;
	struct root_id root;

	if (!root_id(l, &root))
		return NULL;
	table = table_find(l, &root);
	if (table)
		return &table->mounts;
	text = other_mountinfo(l);
	if (!text.n)
		return NULL;
	if (!root.mount) {
		table_fill(l, &l->mounts, text);
		return &l->mounts;
	}
	table = &views->tables[views->next_table++ % TABLES];
	table_fill(l, &table->mounts, text);
	table->root_mount = root.mount;
	table->root = root.ino;
	table->read = now;
	return &table->mounts;
}

/* All of a tree that is to be the root somewhere else. */
static const struct mount_row image_mount = {
	.id = 1,
	.root = { "/", 1 },
	.at = { "/", 1 },
	.type = { "ext4", 4 },
	.source = { "image", 5 },
};

const struct mounts *live_mounts(struct view *view)
{
	struct view_live *l = live(view);

	if (!l->table)
		l->table = is_ours(l) ? live_own_mounts(l) : other_mounts(l);
	return l->table;
}

/* A mount that is not in the table may be younger than that. */
const struct mount_row *live_mount(struct view *view, uint64_t id)
{
	struct view_live *l = live(view);
	const struct mounts *table;
	const struct mount_row *row;

	if (l->view.as && l->view.as->image)
		return &image_mount;
	table = live_mounts(view);
	row = table ? mounts_by_id(table, id) : NULL;
	if (row || l->table_again)
		return row;
	l->table_again = true;
	l->own_asked = false;
	l->table = NULL;
	table = live_mounts(view);
	return table ? mounts_by_id(table, id) : NULL;
}

/* --- overlays --- */

/* Whether who may mount in the caller's namespace is root here, and not only in a user namespace of his own. */
static bool is_trusted_namespace(struct view_live *l)
{
	int ns, owner = -1;
	struct stat st;

	if (l->trusted >= 0)
		return l->trusted == VIEW_YES;
	ns = l->process < 0 ? -1 : openat(l->process, "ns/mnt", O_RDONLY | O_CLOEXEC);
	if (ns >= 0)
		owner = ioctl(ns, NS_GET_USERNS);
	l->trusted = owner >= 0 && !fstat(owner, &st) && st.st_ino == l->views->user_ns ? VIEW_YES : VIEW_NO;
	if (owner >= 0)
		close(owner);
	if (ns >= 0)
		close(ns);
	return l->trusted == VIEW_YES;
}

/*
 * Where its layers are is told by paths of who mounted it: of what is also mounted where we are, they are our own. What
 * a root of this machine has mounted elsewhere is taken for what it looks like.
 */
bool live_trusts(struct view *view, const struct mount_row *overlay)
{
	struct view_live *l = live(view);
	const struct mounts *own;

	if (view_is_asked_for(view))
		return true;
	own = live_own_mounts(l);
	if (own && mounts_have_device(own, overlay->dev))
		return mounts_layers_are_local(own, overlay);
	return is_trusted_namespace(l);
}

/*
 * Any user can lock a directory of his own on the machine's disk, as long as he likes, for whoever wants to look into
 * it.
 */
bool live_is_shared(struct view *view, const struct mount_row *mount)
{
	struct view_live *l = live(view);
	const struct mounts *own = is_ours(l) ? NULL : live_own_mounts(l);

	return is_ours(l) || (own && mounts_have_device(own, mount->dev));
}
