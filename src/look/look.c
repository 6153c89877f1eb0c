// SPDX-License-Identifier: GPL-2.0-only
#include "look/look.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buffer.h"
#include "look/step.h"

enum {
	LOOK_DEPTH = 128, /* directories that are open at a time */
	LOOK_LINKS = 40, /* as the kernel's MAXSYMLINKS */
	PROC_ROOT_INO = 1, /* of the root of a proc file system, since 2.6.25 */
};

/* A walk holds every directory that it came through, to go back by `..` without leaving the root. */
struct walk {
	const struct look_how *how;
	struct look *look;
	struct buffer at; /* the path of the directory on top; empty: the root */
	struct {
		int handle;
		struct view_node node;
		size_t parent_n; /* of `at`, before its name was added */
	} level[LOOK_DEPTH + 1];
	int depth; /* level[0] is the root */
	int jumped; /* what is above this level is not where `..` leads to; 0: none */
	int links;
	/* Of each link: which, and how long the rest was behind its target. */
	struct {
		dev_t dev;
		uint64_t ino;
		size_t after;
	} passed[LOOK_LINKS + 1];
	size_t after_link; /* how long the rest was behind the target of look->link */
	size_t after_base; /* how long it is behind the directory that the path is relative to */
	bool in_base; /* not yet behind it */
	const struct file_id *base_is;
	char *rest; /* of the path, in room */
	char room[2 * PATH_MAX];
};

static struct bytes copy(const struct walk *walk, const char *p, size_t n)
{
	return (struct bytes){ arena_copy(walk->how->view->arena, p, n), n };
}

static struct bytes path_of_top(const struct walk *walk)
{
	return walk->at.n ? copy(walk, walk->at.p, walk->at.n) : copy(walk, "/", 1);
}

static struct bytes path_of_name(const struct walk *walk, const char *name)
{
	BUFFER_AUTO struct buffer path = {};

	buffer_add(&path, walk->at.p, walk->at.n);
	buffer_put(&path, '/');
	buffer_puts(&path, name);
	return copy(walk, path.p, path.n);
}

static void walk_up(struct walk *walk)
{
	if (!walk->depth)
		return;
	if (walk->depth == walk->jumped)
		walk->jumped = 0;
	walk->at.n = walk->level[walk->depth].parent_n;
	walk->how->view->ops->leave(walk->how->view, walk->level[walk->depth--].handle);
}

static void walk_down(struct walk *walk, const char *name, int handle, const struct view_node *node)
{
	size_t parent_n = walk->at.n;

	buffer_put(&walk->at, '/');
	buffer_puts(&walk->at, name);
	walk->depth++;
	walk->level[walk->depth].handle = handle;
	walk->level[walk->depth].node = *node;
	walk->level[walk->depth].parent_n = parent_n;
}

/* They are in several files of /proc: where all may, nobody asks who it is. */
static const struct credentials *who(const struct look_how *how)
{
	return how->credentials ? how->credentials : how->who(how->context);
}

static bool may_all(uint32_t mode, uint32_t bits, struct bytes acl)
{
	return (mode & bits) == bits && !acl.p;
}

static struct bytes acl_of(struct view *view, int handle, const struct view_node *node, char *room, size_t size)
{
	ssize_t n = view->ops->attribute(view, handle, node, "system.posix_acl_access", room, size);

	return n > 0 ? (struct bytes){ room, (size_t)n } : (struct bytes){};
}

enum access look_access(const struct look_how *how, int handle, const struct view_node *node)
{
	char room[1024];
	struct bytes acl = acl_of(how->view, handle, node, room, sizeof(room));

	if (may_all(node->mode, 0111, acl))
		return ACCESS_YES;
	return access_execute(who(how), node->mode, node->uid, node->gid, acl);
}

/* Of root it is not known whether it has the capabilities that it has more often than not. */
static bool is_allowed(const struct look_how *how, enum access access)
{
	return access == ACCESS_YES || (access == ACCESS_UNSURE && !who(how)->uid);
}

bool look_may_read(const struct look_how *how, int handle, const struct view_node *node)
{
	char room[1024];
	struct bytes acl = acl_of(how->view, handle, node, room, sizeof(room));

	return how->view->standing == VIEW_SELF || may_all(node->mode, 0444, acl) ||
	       is_allowed(how, access_read(who(how), node->mode, node->uid, node->gid, acl));
}

/* May the caller go on from the directory on top? What is above the directory that it is in does not concern it. */
static int walk_permission(struct walk *walk)
{
	const struct view_node *node = &walk->level[walk->depth].node;
	enum access access;

	if (!S_ISDIR(node->mode)) {
		walk->look->at = path_of_top(walk);
		walk->look->at_node = *node;
		return -ENOTDIR;
	}
	if (walk->in_base || !walk->how->permissions)
		return 0;
	access = look_access(walk->how, walk->level[walk->depth].handle, node);
	if (walk->how->passed && !is_allowed(walk->how, access)) {
		/* Of who has gone it is not known what he was capable of. */
		walk->look->other = access == ACCESS_NO && who(walk->how)->capabilities_known;
		return -EAGAIN;
	}
	if (access == ACCESS_UNSURE && !walk->look->doubt.p) {
		walk->look->doubt = path_of_top(walk);
		walk->look->doubt_node = *node;
	}
	if (access != ACCESS_NO)
		return 0;
	walk->look->at = path_of_top(walk);
	walk->look->at_node = *node;
	return -EACCES;
}

/* --- links --- */

static bool is_of_proc(struct walk *walk, const struct view_node *node)
{
	const struct mount_row *mount = view_mount(walk->how->view, node);

	return mount && bytes_is(mount->type, "proc");
}

/* Where the directory on top is in the proc file system that it is of, all of which may not be mounted there. */
static struct view_proc place_in_proc(const struct walk *walk)
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
static bool is_of_process(const struct view_proc *in)
{
	return !in->path || (in->path[0] >= '0' && in->path[0] <= '9');
}

/*
 * What is below a process's directory asks its memory, or whatever else it can make wait, but for these: the lists of its
 * descriptors, its namespaces and its threads, and three links.
 */
static bool may_be_entered(const struct view_proc *in, const char *name)
{
	static const char *const names[] = { "exe", "cwd", "root", "fd", "ns", "task", NULL };
	struct bytes path, last;

	if (!is_of_process(in))
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

	if ((thread || !strcmp(name, "self")) && is_of_proc(walk, node))
		in = place_in_proc(walk);
	if (in.root >= 0 && !in.path[0])
		return view->ops->self(view, in.root, thread, to, PATH_MAX);
	return view->ops->target(view, handle, node, to, PATH_MAX);
}

/*
 * may_follow_link() of fs/namei.c: a link at the end of a path, in a directory where everybody may make links, is followed by
 * its owner only, unless it is of the directory's.
 */
static bool is_protected(struct walk *walk, const struct view_node *link)
{
	const struct view_node *directory = &walk->level[walk->depth].node;
	const uint32_t for_all = S_ISVTX | S_IWOTH;
	struct bytes setting;

	if (!walk->how->permissions || walk->rest[strspn(walk->rest, "/")] || (directory->mode & for_all) != for_all ||
	    link->uid == directory->uid || link->uid == who(walk->how)->uid)
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
	look->at = look->link = path_of_name(walk, name);
	look->at_node = *link;
	look->nosymfollow = look->is_protected ? NULL : mount;
	return look->is_protected ? -EACCES : -ELOOP;
}

/* What the link says goes before the rest of the path. */
static int walk_link(struct walk *walk, const char *name, int handle, const struct view_node *node)
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
	walk->look->link = path_of_name(walk, name);
	walk->look->target = copy(walk, target, (size_t)n);
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

static int enter(struct walk *walk, const char *name, bool follow, bool *jumped, struct view_node *node)
{
	struct view *view = walk->how->view;
	bool proc = is_of_proc(walk, &walk->level[walk->depth].node);
	struct view_proc in = proc ? place_in_proc(walk) : (struct view_proc){ .root = -1 };
	int top = walk->level[walk->depth].handle, handle;

	*jumped = false;
	if (proc && view->standing != VIEW_SELF && !may_be_entered(&in, name))
		return -EAGAIN;
	step_begin((struct bytes){ walk->at.p, walk->at.n }, name);
	handle = view->ops->enter(view, top, name, node);
	if (handle < 0 || !S_ISLNK(node->mode) || !follow || !is_of_proc(walk, node) || !is_of_process(&in))
		return handle;
	view->ops->leave(view, handle);
	*jumped = true;
	return view->ops->follow(view, top, name, &in, node);
}

static int walk_stopped(struct walk *walk, const char *name, int err)
{
	struct look *look = walk->look;

	look->at_node = walk->level[walk->depth].node;
	if (err == -EACCES) {
		/* Of a process's own: not the name's fault, but the directory's. */
		look->at = path_of_top(walk);
	} else {
		look->at = path_of_name(walk, name);
		look->last = !walk->rest[strspn(walk->rest, "/")];
	}
	return err;
}

static int walk_into(struct walk *walk, const char *name, bool follow)
{
	struct view *view = walk->how->view;
	bool inside_link = walk->look->link.p && strlen(walk->rest) >= walk->after_link;
	struct view_node node;
	bool jumped;
	int handle, err;

	if (walk->depth == LOOK_DEPTH)
		return -EAGAIN;
	/* The target of a link was passed without a fault. */
	if (walk->look->link.p && !inside_link)
		walk->look->link = walk->look->target = (struct bytes){};
	handle = enter(walk, name, follow, &jumped, &node);
	if (handle < 0)
		return walk_stopped(walk, name, handle);
	if (!S_ISLNK(node.mode) || !follow || jumped) {
		walk_down(walk, name, handle, &node);
		if (jumped)
			walk->jumped = walk->depth;
		return 0;
	}
	err = walk_link(walk, name, handle, &node);
	view->ops->leave(view, handle);
	return err;
}

/* Takes the next name off the rest. A slash behind it stays there, and means a directory. */
static int walk_step(struct walk *walk)
{
	size_t slashes = strspn(walk->rest, "/");
	size_t n = strcspn(walk->rest + slashes, "/");
	char name[PATH_MAX];
	bool follow;
	int err;

	if (!view_spend(walk->how->view))
		return -EAGAIN;
	err = walk_permission(walk);
	if (err)
		return err;
	memcpy(name, walk->rest + slashes, n);
	name[n] = '\0';
	walk->rest += slashes + n;
	follow = walk->how->follow || walk->rest[0];
	if (!n || !strcmp(name, "."))
		return 0;
	if (!strcmp(name, "..")) {
		if (walk->jumped && walk->depth == walk->jumped)
			return -EAGAIN;
		walk_up(walk);
		return 0;
	}
	if (n <= NAME_MAX)
		return walk_into(walk, name, follow);
	walk->look->at = path_of_name(walk, name);
	return -ENAMETOOLONG;
}

static int walk_begin(struct walk *walk, struct view_path path)
{
	struct view *view = walk->how->view;
	int root;

	if (view->standing == VIEW_NOTHING || !path.path.n)
		return -EAGAIN;
	if (path.path.n >= PATH_MAX)
		return -ENAMETOOLONG;
	root = view->ops->root(view, &walk->level[0].node);
	if (root < 0)
		return -EAGAIN;
	walk->level[0].handle = root;
	memcpy(walk->room, path.path.p, path.path.n);
	walk->room[path.path.n] = '\0';
	walk->after_base = path.path.n - path.base;
	walk->in_base = path.base;
	walk->base_is = path.base_is;
	return 0;
}

/* Only what the walk ended at stays open. */
static void walk_end(struct walk *walk, int err)
{
	struct look *look = walk->look;

	look->error = -err;
	if (!err) {
		look->handle = walk->level[walk->depth].handle;
		look->node = walk->level[walk->depth].node;
		look->at = path_of_top(walk);
		walk->at.n = walk->depth ? walk->level[walk->depth].parent_n : 0;
		walk->depth -= walk->depth > 0;
	}
	while (walk->depth)
		walk_up(walk);
	buffer_free(&walk->at);
}

static bool is_on_top(const struct walk *walk, const struct file_id *id)
{
	struct view *view = walk->how->view;

	return view->ops->is(view, walk->level[walk->depth].handle, &walk->level[walk->depth].node, id);
}

/* The caller is in that directory: if it is not where it was, we are looking at something else. */
static int walk_base(struct walk *walk, int err)
{
	if (err)
		return -EAGAIN;
	walk->in_base = strlen(walk->rest) > walk->after_base;
	if (walk->in_base || !walk->base_is || !walk->base_is->known || is_on_top(walk, walk->base_is))
		return 0;
	walk->look->other = true;
	return -EAGAIN;
}

void look_path(const struct look_how *how, struct view_path path, struct look *look)
{
	struct walk walk = { .how = how, .look = look };
	int err;

	walk.rest = walk.room;
	*look = (struct look){ .handle = -1 };
	err = walk_begin(&walk, path);
	while (!err && walk.rest[0]) {
		err = walk_step(&walk);
		if (walk.in_base)
			err = walk_base(&walk, err);
	}
	walk_end(&walk, err);
}

void look_descriptor(const struct look_how *how, int fd, struct look *look)
{
	struct view *view = how->view;
	struct view_node node = {};
	int handle = view->ops->descriptor(view, fd, &node);

	*look = (struct look){ .handle = handle < 0 ? -1 : handle, .error = handle < 0 ? EAGAIN : 0, .node = node };
	if (handle >= 0)
		look->at = view->ops->path(view, handle);
}

void look_expect(const struct look_how *how, const struct file_id *id, struct look *look)
{
	if (!id->known || look->error || how->view->ops->is(how->view, look->handle, &look->node, id))
		return;
	look_end(how, look);
	*look = (struct look){ .error = EAGAIN, .other = true, .handle = -1 };
}

void look_end(const struct look_how *how, struct look *look)
{
	if (look->handle >= 0)
		how->view->ops->leave(how->view, look->handle);
	look->handle = -1;
}
