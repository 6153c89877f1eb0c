// SPDX-License-Identifier: GPL-2.0-only
#include "look/view.h"

#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>

#include "look/step.h"

bool view_spend(struct view *view)
{
	view->steps++;
	return view_is_asked_for(view) || view->names++ < VIEW_NAMES;
}

const struct mount_row *view_mount(struct view *view, const struct view_node *node)
{
	return node->mount ? view->ops->mount(view, node->mount) : NULL;
}

/*
 * For mounts that no table shows, as that of a chroot's own root. Only file systems without a block device have device
 * numbers that are made up: those of servers among them.
 */
static bool is_on_disk(const struct view_node *node)
{
	return major(node->dev);
}

/*
 * The number may be given to another file at once, whose time of change is then another. A directory's is that of its
 * names.
 */
bool view_is_unchanged(const struct view_node *node, const struct file_id *id)
{
	if (S_ISDIR(node->mode) || S_ISDIR(id->mode))
		return S_ISDIR(node->mode) && S_ISDIR(id->mode);
	return node->ctime_sec == id->ctime_sec && node->ctime_nsec == id->ctime_nsec;
}

bool view_is_later(const struct view_node *node, int64_t ns)
{
	return node->ctime_sec * 1000000000 + node->ctime_nsec > ns;
}

bool view_is_younger(const struct view_node *node, int64_t ns)
{
	return node->born_sec * 1000000000 + node->born_nsec > ns;
}

/*
 * How far the clock that files take their times from may lie behind: it moves by whole ticks, when the processor that
 * keeps it comes to that. Seen: up to 10 ms on a machine at rest, 18 in a busy emulated one, with ticks of 4 ms.
 */
int64_t view_lag_ns(void)
{
	enum { LAG_TICKS = 5 };
	struct timespec tick;

	if (clock_getres(CLOCK_REALTIME_COARSE, &tick))
		return 0;
	return LAG_TICKS * (tick.tv_sec * (int64_t)1000000000 + tick.tv_nsec);
}

bool view_may_be_later(const struct view_node *node, int64_t ns)
{
	return view_is_later(node, ns - view_lag_ns());
}

bool view_has_gone(struct view *view)
{
	return view->standing == VIEW_CALLER && !view->ops->link(view, "root").p;
}

/* Of what is also mounted where we are, one file can be made to wait for, and the others are everybody's. */
bool view_is_local(struct view *view, const struct view_node *node)
{
	const struct mount_row *mount = view_mount(view, node);
	uint64_t file;

	if (!mount)
		return is_on_disk(node);
	if (!mount_is_local(mount) || step_avoids(mount->dev) ||
	    (mount_is_overlay(mount) && !view->ops->trusts(view, mount)))
		return false;
	file = view->ops->is_shared(view, mount) ? step_file(mount->dev, node->ino) : 0;
	if (step_avoids(file))
		return false;
	step_touch(mount->dev, file);
	return true;
}

/* "Max stack size             8388608              unlimited            bytes" */
bool view_limit(struct view *view, const char *name, uint64_t *soft)
{
	/* A caller that has gone may have set its own. */
	bool own = view->standing >= VIEW_CALLER;
	struct bytes limits = own ? view->ops->text(view, VIEW_PROCESS, "limits") : (struct bytes){};
	const char *at = limits.n ? memmem(limits.p, limits.n, name, strlen(name)) : NULL;
	struct bytes rest;

	if (!at)
		return false;
	at += strlen(name);
	rest = (struct bytes){ at, (size_t)(limits.p + limits.n - at) };
	while (rest.n && *rest.p == ' ') {
		rest.p++;
		rest.n--;
	}
	if (rest.n && *rest.p == 'u') {
		*soft = UINT64_MAX;
		return true;
	}
	if (!rest.n || *rest.p < '0' || *rest.p > '9')
		return false;
	for (*soft = 0; rest.n && *rest.p >= '0' && *rest.p <= '9'; rest.p++, rest.n--)
		*soft = *soft * 10 + (uint64_t)(*rest.p - '0');
	return true;
}

/* What a path that does not begin with a slash begins at, as the kernel shows it: from the mount namespace's root. */
static struct bytes base_of(struct view *view, const struct caller *caller, bool at_descriptor)
{
	if (at_descriptor)
		return caller->descriptor;
	if (caller->cwd_lost)
		return (struct bytes){};
	if (caller->cwd.p || view->standing == VIEW_STAND_IN)
		return caller->cwd;
	return view->ops->link(view, "cwd");
}

/*
 * Of a caller in a chroot, what leads to its root has to go. We may be in one ourselves: the kernel's word is better.
 */
static struct bytes below_root(struct view *view, const struct caller *caller, struct bytes path)
{
	struct bytes root = caller->root.p ? caller->root : view->ops->link(view, "root");

	return root.n > 1 && bytes_below(path, root) ? bytes_after(path, root.n) : path;
}

const struct view_cover *view_cover_of(const struct view_as *as, struct bytes path)
{
	const struct view_cover *found = NULL;

	for (size_t i = 0; as && i < as->n_covers; i++)
		if (bytes_below(path, as->covers[i].path) && (!found || as->covers[i].path.n > found->path.n))
			found = &as->covers[i];
	return found;
}

/* Where what will be there is now. In a root of the unit's own, that is outside. */
static struct bytes before_binding(const struct view *view, struct bytes path)
{
	const struct view_cover *cover = view->as && !view->as->root ? view_cover_of(view->as, path) : NULL;

	if (!cover || !cover->from.n)
		return path;
	return bytes_of(arena_printf(view->arena, "%.*s%.*s", (int)cover->from.n, cover->from.p,
				     (int)(path.n - cover->path.n), path.p + cover->path.n));
}

static struct view_path path_from(struct view *view, const struct caller *caller, struct bytes path, bool at_descriptor)
{
	struct view_path result = {};
	struct bytes base;
	char *joined;

	if (!path.p || memchr(path.p, '\0', path.n))
		return result;
	if (path.n && path.p[0] == '/') {
		result.path = before_binding(view, path);
		return result;
	}
	base = base_of(view, caller, at_descriptor);
	if (!base.p || !base.n || base.p[0] != '/' || memchr(base.p, '\0', base.n))
		return result;
	base = below_root(view, caller, base);
	joined = arena_alloc(view->arena, base.n + 1 + path.n + 1);
	memcpy(joined, base.p, base.n);
	/* To the root there is nothing to walk. */
	result.base = base.n > 1 ? base.n : 0;
	result.base_is = at_descriptor ? &caller->behind : &caller->cwd_is;
	result.path = (struct bytes){ joined, base.n };
	if (!path.n)
		return result;
	joined[base.n] = '/';
	memcpy(joined + base.n + 1, path.p, path.n);
	result.path.n += 1 + path.n;
	return result;
}

struct view_path view_path_of(struct view *view, const struct caller *caller, struct bytes path)
{
	return path_from(view, caller, path, false);
}

struct view_path view_path_of_program(struct view *view, const struct caller *caller, struct bytes path)
{
	return path_from(view, caller, path, caller->at_descriptor);
}

struct view_path view_path_of_image(struct view *view, const struct caller *caller, struct bytes image)
{
	if (!image.n || memchr(image.p, '\0', image.n))
		return (struct view_path){};
	return (struct view_path){ .path = below_root(view, caller, image) };
}
