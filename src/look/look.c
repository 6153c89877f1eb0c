// SPDX-License-Identifier: GPL-2.0-only
#include "look/look.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "look/step.h"
#include "look/walk.h"

static struct bytes copy(const struct walk *walk, const char *p, size_t n)
{
	return (struct bytes){ arena_copy(walk->how->view->arena, p, n), n };
}

static struct bytes path_of_top(const struct walk *walk)
{
	return walk->at.n ? copy(walk, walk->at.p, walk->at.n) : copy(walk, "/", 1);
}

struct bytes walk_path_of(const struct walk *walk, const char *name)
{
	BUFFER_AUTO struct buffer path = {};

	buffer_add(&path, walk->at.p, walk->at.n);
	buffer_put(&path, '/');
	buffer_puts(&path, name);
	return copy(walk, path.p, path.n);
}

void walk_up(struct walk *walk)
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
const struct credentials *walk_who(const struct look_how *how)
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

/* Of whom it is known from the beginning, capabilities are asked before the file is. */
static bool overrides(const struct look_how *how, const struct view_node *node, bool read)
{
	return how->view->standing == VIEW_AS &&
	       access_overrides(walk_who(how), node->mode, node->uid, node->gid, read);
}

enum access look_access(const struct look_how *how, int handle, const struct view_node *node)
{
	const struct mount_row *mount = view_mount(how->view, node);
	char room[1024];
	struct bytes acl;

	if (mount && mount_asks_server(mount))
		return S_ISDIR(node->mode) ? ACCESS_UNSURE : node->mode & 0111 ? ACCESS_YES : ACCESS_NO;
	if (overrides(how, node, false))
		return ACCESS_YES;
	acl = acl_of(how->view, handle, node, room, sizeof(room));
	if (may_all(node->mode, 0111, acl))
		return ACCESS_YES;
	return access_execute(walk_who(how), node->mode, node->uid, node->gid, acl);
}

/* Of root it is not known whether it has the capabilities that it has more often than not. */
static bool is_allowed(const struct look_how *how, enum access access)
{
	return access == ACCESS_YES || (access == ACCESS_UNSURE && !walk_who(how)->uid);
}

bool look_may_read(const struct look_how *how, int handle, const struct view_node *node)
{
	char room[1024];
	struct bytes acl;

	if (how->view->standing == VIEW_SELF || overrides(how, node, true))
		return true;
	acl = acl_of(how->view, handle, node, room, sizeof(room));
	return may_all(node->mode, 0444, acl) ||
	       is_allowed(how, access_read(walk_who(how), node->mode, node->uid, node->gid, acl));
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
	access = walk_is_in_own_fd(walk) ? ACCESS_YES : look_access(walk->how, walk->level[walk->depth].handle, node);
	if (walk->how->passed && !is_allowed(walk->how, access)) {
		/* Of who has gone it is not known what he was capable of. */
		walk->look->other = access == ACCESS_NO && walk_who(walk->how)->capabilities_known;
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

static int enter(struct walk *walk, const char *name, bool follow, bool *jumped, struct view_node *node)
{
	struct view *view = walk->how->view;
	bool proc = walk_is_of_proc(walk, &walk->level[walk->depth].node);
	struct view_proc in = proc ? walk_place_in_proc(walk) : (struct view_proc){ .root = -1 };
	int top = walk->level[walk->depth].handle, handle;

	*jumped = false;
	if (proc && !view_is_asked_for(view) && !walk_may_enter(&in, name))
		return -EAGAIN;
	step_begin((struct bytes){ walk->at.p, walk->at.n }, name);
	handle = view->ops->enter(view, top, name, node);
	if (handle < 0 || !S_ISLNK(node->mode) || !follow || !walk_is_of_proc(walk, node) || !walk_is_of_process(&in))
		return handle;
	view->ops->leave(view, handle);
	*jumped = true;
	return view->ops->follow(view, top, name, &in, node);
}

static int walk_stopped(struct walk *walk, const char *name, int err)
{
	struct view *view = walk->how->view;
	struct look *look = walk->look;

	look->at_node = walk->level[walk->depth].node;
	/* Between the two steps the name may have been removed: when the directory was changed is asked behind them. */
	if (err == -ENOENT)
		view->ops->node(view, walk->level[walk->depth].handle, &look->at_node);
	if (err == -EACCES) {
		/* Of a process's own: not the name's fault, but the directory's. */
		look->at = path_of_top(walk);
	} else {
		look->at = walk_path_of(walk, name);
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

/* "/." again and again: what was asked of the directory need not be asked once more. */
static void walk_over_dots(struct walk *walk)
{
	size_t slashes = strspn(walk->rest, "/");

	while (slashes && walk->rest[slashes] == '.' && strchr("/", walk->rest[slashes + 1])) {
		walk->rest += slashes + 1;
		slashes = strspn(walk->rest, "/");
	}
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
	if (!n || !strcmp(name, ".")) {
		walk_over_dots(walk);
		return 0;
	}
	if (!strcmp(name, "..")) {
		if (walk->jumped && walk->depth == walk->jumped)
			return -EAGAIN;
		walk_up(walk);
		return 0;
	}
	if (n <= NAME_MAX)
		return walk_into(walk, name, follow);
	walk->look->at = walk_path_of(walk, name);
	return -ENAMETOOLONG;
}

/* The directory that the path begins at, and the walk is in, is the one that the kernel saw. */
static bool is_as_said(const struct walk *walk)
{
	struct view *view = walk->how->view;

	return !walk->base_is || !walk->base_is->known ||
	       view->ops->is(view, walk->level[walk->depth].handle, &walk->level[walk->depth].node, walk->base_is);
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
	/* Of a mount that was taken away (umount -l) the kernel says "/" as well. */
	return path.base || is_as_said(walk) ? 0 : -EAGAIN;
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

/* The caller is in that directory: if it is not where it was, we are looking at something else. */
static int walk_base(struct walk *walk, int err)
{
	if (err)
		return -EAGAIN;
	walk->in_base = strlen(walk->rest) > walk->after_base;
	if (walk->in_base || is_as_said(walk))
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
