// SPDX-License-Identifier: GPL-2.0-only
/* The links on a walk, those of proc file systems among them. */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "look/walk.h"

enum {
	PROC_ROOT_INO = 1, /* of the root of a proc file system, since 2.6.25 */
};

bool walk_is_of_proc(struct walk *walk, const struct view_node *node)
{
	const struct mount_row *mount = view_mount(walk->how->view, node);

	return mount && bytes_is(mount->type, "proc");
}

/* Where the directory on top is in the proc file system that it is of, all of which may not be mounted there. */
struct view_proc walk_place_in_proc(const struct walk *walk)
{
	const struct mount_row *mount = view_mount(walk->how->view, &walk->level[walk->depth].node);
	int top = walk->depth, root = top;
	struct bytes path = { walk->at.p, walk->at.n };
	struct view_proc place = { .root = -1 };

	while (root && walk->level[root - 1].node.mount == walk->level[top].node.mount && root != walk->jumped)
		root--;
	path = top > root ? bytes_after(path, walk->level[root + 1].parent_n + 1) : (struct bytes){};
	if (mount && mount->root.n > 1 && root != walk->jumped) {
		place.path = arena_printf(walk->how->view->arena, "%.*s/%.*s", (int)mount->root.n - 1,
					  mount->root.p + 1, (int)path.n, path.p);
		return place;
	}
	if (walk->level[root].node.ino != PROC_ROOT_INO || root == walk->jumped)
		return place;
	place.root = walk->level[root].handle;
	place.path = arena_copy(walk->how->view->arena, path.p, path.n);
	return place;
}

/* Those of a process are no paths, whatever they say; all others are. */
bool walk_is_of_process(const struct view_proc *in)
{
	return !in->path || (in->path[0] >= '0' && in->path[0] <= '9');
}

/*
 * What is below a process's directory asks its memory, or whatever else it can make wait, but for these: the lists of
 * its descriptors, its namespaces and its threads, and three links.
 */
bool walk_may_enter(const struct view_proc *in, const char *name)
{
	static const char *const names[] = { "exe", "cwd", "root", "fd", "ns", "task", NULL };
	struct bytes path, last;

	if (!walk_is_of_process(in))
		return true;
	if (!in->path)
		return false;
	path = bytes_of(in->path);
	last = bytes_base(path);
	if (bytes_is(last, "fd") || bytes_is(last, "ns") || bytes_is(last, "task"))
		return true;
	for (size_t i = 0; names[i]; i++)
		if (!strcmp(name, names[i]))
			return true;
	return false;
}

/* proc_fd_permission(): each process passes through the list of its own descriptors, whosever that is. */
bool walk_is_in_own_fd(struct walk *walk)
{
	struct view *view = walk->how->view;
	struct view_proc in = { .root = -1 };
	char self[PATH_MAX];
	ssize_t n;

	if (bytes_ends((struct bytes){ walk->at.p, walk->at.n }, "/fd") &&
	    walk_is_of_proc(walk, &walk->level[walk->depth].node))
		in = walk_place_in_proc(walk);
	n = in.root < 0 ? 0 : view->ops->self(view, in.root, false, self, sizeof(self));
	return n > 0 && !strncmp(in.path, self, (size_t)n) && in.path[n] == '/';
}

/* A link that has led here is not yet passed: then it will do so for ever. */
static bool is_circle(const struct walk *walk, const struct view_node *node)
{
	size_t rest = strlen(walk->rest);

	for (int i = 0; i < walk->links; i++)
		if (walk->passed[i].ino == node->ino && walk->passed[i].dev == node->dev &&
		    walk->passed[i].after <= rest)
			return true;
	return false;
}

static ssize_t target_of(struct walk *walk, const char *name, int handle, const struct view_node *node, char *to)
{
	struct view *view = walk->how->view;
	struct view_proc in = { .root = -1 };
	bool thread = !strcmp(name, "thread-self");

	if ((thread || !strcmp(name, "self")) && walk_is_of_proc(walk, node))
		in = walk_place_in_proc(walk);
	if (in.root >= 0 && !in.path[0])
		return view->ops->self(view, in.root, thread, to, PATH_MAX);
	return view->ops->target(view, handle, node, to, PATH_MAX);
}

/*
 * may_follow_link() of fs/namei.c: a link at the end of a path, in a directory where everybody may make links, is
 * followed by its owner only, unless it is of the directory's.
 */
static bool is_protected(struct walk *walk, const struct view_node *link)
{
	const struct view_node *directory = &walk->level[walk->depth].node;
	const uint32_t for_all = S_ISVTX | S_IWOTH;
	struct bytes setting;

	if (!walk->how->permissions || walk->rest[strspn(walk->rest, "/")] || (directory->mode & for_all) != for_all ||
	    link->uid == directory->uid || link->uid == walk_who(walk->how)->uid)
		return false;
	setting = walk->how->view->ops->text(walk->how->view, VIEW_PROC, "sys/fs/protected_symlinks");
	/* Before 5.18 only root may read it; what boots a system sets it. */
	return !setting.p || (setting.n && setting.p[0] == '1');
}

/* Whether the kernel does not even look where it leads to. */
static int walk_refused(struct walk *walk, const char *name, const struct view_node *link)
{
	const struct mount_row *mount = view_mount(walk->how->view, link);
	struct look *look = walk->look;

	look->is_protected = is_protected(walk, link);
	if (look->is_protected && walk->how->passed) {
		look->other = true;
		return -EAGAIN;
	}
	if (!look->is_protected && (!mount || !mount->nosymfollow))
		return 0;
	look->at = look->link = walk_path_of(walk, name);
	look->at_node = *link;
	look->nosymfollow = look->is_protected ? NULL : mount;
	return look->is_protected ? -EACCES : -ELOOP;
}

/* What the link says goes before the rest of the path. */
int walk_link(struct walk *walk, const char *name, int handle, const struct view_node *node)
{
	char target[2 * PATH_MAX];
	int err = walk_refused(walk, name, node);
	ssize_t n = err ? 0 : target_of(walk, name, handle, node, target);

	if (err)
		return err;
	if (n <= 0)
		return -EAGAIN;
	if (n == PATH_MAX || (size_t)n + strlen(walk->rest) + 2 > sizeof(target))
		return -ENAMETOOLONG;
	walk->look->link = walk_path_of(walk, name);
	walk->look->target = (struct bytes){ arena_copy(walk->how->view->arena, target, (size_t)n), (size_t)n };
	walk->look->circle |= is_circle(walk, node);
	if (walk->links == LOOK_LINKS)
		return -ELOOP;
	walk->after_link = strlen(walk->rest);
	walk->passed[walk->links].dev = node->dev;
	walk->passed[walk->links].ino = node->ino;
	walk->passed[walk->links++].after = walk->after_link;
	memcpy(target + n, walk->rest, strlen(walk->rest) + 1);
	memcpy(walk->room, target, strlen(target) + 1);
	walk->rest = walk->room;
	while (walk->rest[0] == '/' && walk->depth)
		walk_up(walk);
	return 0;
}
