// SPDX-License-Identifier: GPL-2.0-only
/* Whose world it is: the caller's, or that of a process near it. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "look/access.h"
#include "look/view_live.h"

uint32_t live_namespace(int directory, const char *path)
{
	struct stat st;

	return fstatat(directory, path, &st, 0) ? 0 : (uint32_t)st.st_ino;
}

static void live_close(struct view *view)
{
	struct view_live *l = live(view);

	if (l->process >= 0)
		close(l->process);
	if (l->root >= 0)
		close(l->root);
	l->process = l->root = -1;
	l->trusted = -1;
	l->table = NULL;
	mounts_free(&l->mounts);
	while (l->n_retired)
		mounts_free(&l->retired[--l->n_retired]);
	l->own_asked = false;
}

static const struct view_ops live_ops = {
	.root = live_root,
	.enter = live_enter,
	.node = live_node,
	.follow = live_follow,
	.self = live_self,
	.descriptor = live_descriptor,
	.leave = live_leave,
	.is = live_is,
	.names = live_names,
	.target = live_target,
	.read = live_bytes,
	.attribute = live_attribute,
	.path = live_path,
	.link = live_link,
	.text = live_text,
	.mounts = live_mounts,
	.mount = live_mount,
	.trusts = live_trusts,
	.is_shared = live_is_shared,
	.handler = live_handler,
	.holder = live_holder,
	.denial = live_denial,
	.has_more = live_has_more,
	.strings = live_strings,
	.close = live_close,
};

static void stand_nowhere(struct view_live *l)
{
	l->pid = NULL;
	live_close(&l->view);
	l->status = (struct bytes){};
	l->view.standing = VIEW_NOTHING;
}

/* Whether a directory is the root that the kernel saw. Of a caller whose root it did not see, the path has to do. */
static bool is_root(struct view_live *l, int fd)
{
	const struct file_id *id = l->caller ? &l->caller->root_is : NULL;
	struct view_node node;

	return !id || !id->known || (!live_node(&l->view, fd, &node) && live_is(&l->view, fd, &node, id));
}

/* Our own is held, so that one that is on a server is not asked for whenever somebody has it. */
static bool has_our_root(struct view_live *l)
{
	return l->caller && l->caller->root_is.known && l->mnt_ns && l->mnt_ns == l->views->mnt_ns &&
	       l->views->root_fd >= 0 && is_root(l, l->views->root_fd);
}

/* Opening it may ask a server: by what the kernel said of it. */
static int open_root(struct view_live *l)
{
	const struct file_id *id = l->caller ? &l->caller->root_is : NULL;

	if (has_our_root(l))
		return fcntl(l->views->root_fd, F_DUPFD_CLOEXEC, 0);
	if (id && id->known && !l->caller->is_kernel && !magic_is_local(id->magic))
		return -1;
	return openat(l->process, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);
}

/* Takes a process as the caller, or in its place; its root is not yet looked at. */
static bool stand_at(struct view_live *l, const char *pid, enum view_standing standing)
{
	l->pid = pid;
	l->process = open(arena_printf(l->view.arena, "%s/%s", l->views->proc, pid), O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (l->process < 0)
		return false;
	l->mnt_ns = live_namespace(l->process, "ns/mnt");
	l->view.standing = standing;
	return true;
}

/* Whether the process that was taken has the caller's root, as far as paths tell. */
static bool has_root_of(struct view_live *l, const struct caller *caller)
{
	struct bytes link = live_link(&l->view, "root");
	const char *full;

	if (!caller->root.p || !link.p || bytes_same(link, caller->root))
		return true;
	full = arena_printf(l->view.arena, "%s%s", l->views->own_root, link.n > 1 ? link.p : "");
	return bytes_same((struct bytes){ full, strlen(full) }, caller->root);
}

/*
 * When a process began, by the clock of caller->failed_ns, or up to a tick before that; 0: unknown. It is the 22nd word
 * of its line, where the second is its name, which may have anything in it.
 */
static int64_t began(struct view_live *l)
{
	struct bytes stat = live_text(&l->view, VIEW_PROCESS, "stat");
	const char *at = stat.n ? memrchr(stat.p, ')', stat.n) : NULL;
	long ticks = sysconf(_SC_CLK_TCK);

	for (int i = 2; at && i < 22; i++) {
		at = memchr(at, ' ', (size_t)(stat.p + stat.n - at));
		at += at != NULL;
	}
	if (!at || ticks <= 0)
		return 0;
	return (int64_t)(strtoull(at, NULL, 10) * (1000000000ull / (unsigned long)ticks));
}

/*
 * The pid can be another process's by now: of one that began after the call failed. Or the caller has gone on to
 * another root or namespace: then it is of no more use than if it had gone.
 */
static bool is_caller(struct view_live *l, const struct caller *caller)
{
	struct credentials now = access_nobody;
	struct bytes status;

	if (caller->mnt_ns && l->mnt_ns && caller->mnt_ns != l->mnt_ns)
		return false;
	if (!has_root_of(l, caller) || began(l) > caller->failed_ns)
		return false;
	/* A thread that has gone may have left its number to a process. */
	if (caller->tid == caller->pid || !views_are_complete(l->views))
		return true;
	status = live_text(&l->view, VIEW_PROCESS, "status");
	if (status.p)
		access_parse_status(l->view.arena, status, &now);
	return !now.tgid || caller->pid == CALLER_UNKNOWN || now.tgid == caller->pid;
}

static bool stand_on_pid(struct view_live *l, const struct caller *caller, uint32_t pid, enum view_standing standing)
{
	bool good = stand_at(l, arena_printf(l->view.arena, "%u", pid), standing);

	if (good && standing == VIEW_CALLER)
		good = is_caller(l, caller);
	else if (good)
		good = caller->mnt_ns && l->mnt_ns == caller->mnt_ns && has_root_of(l, caller);
	if (good)
		l->root = open_root(l);
	good = good && l->root >= 0 && is_root(l, l->root);
	if (!good)
		stand_nowhere(l);
	return good;
}

/* Down from our own root by names alone: whoever made a link of one of them leads nobody anywhere. */
static int walk_to_root(struct view_live *l, const char *path)
{
	struct view_node node = { .mode = S_IFDIR };
	int at = fcntl(l->views->root_fd, F_DUPFD_CLOEXEC, 0), next;
	char name[NAME_MAX + 1];
	size_t n;

	for (; at >= 0; at = next) {
		path += strspn(path, "/");
		n = strcspn(path, "/");
		if (!n || !S_ISDIR(node.mode))
			break;
		next = -1;
		if (n < sizeof(name)) {
			memcpy(name, path, n);
			name[n] = '\0';
			next = live_enter(&l->view, at, name, &node);
		}
		close(at);
		path += n;
	}
	if (at >= 0 && S_ISDIR(node.mode) && is_root(l, at))
		return at;
	if (at >= 0)
		close(at);
	return -1;
}

/* The parents of a caller that has gone are in its mount namespace more often than not; else it may be our own. */
static bool stand_in(struct view_live *l, const struct caller *caller)
{
	size_t own = strlen(l->views->own_root);
	/* Of these, there are only the kernel's numbers. */
	bool named = views_are_complete(l->views);
	const char *path;

	if (named && stand_on_pid(l, caller, caller->ppid, VIEW_STAND_IN))
		return true;
	for (size_t i = 0; named && i < caller->n_ancestors; i++)
		if (stand_on_pid(l, caller, caller->ancestors[i], VIEW_STAND_IN))
			return true;
	if (!caller->mnt_ns || caller->mnt_ns != l->views->mnt_ns)
		return false;
	if (caller->root.p && (caller->root.n < own || memcmp(caller->root.p, l->views->own_root, own)))
		return false;
	path = caller->root.n > own ? caller->root.p + own : "";
	l->mnt_ns = caller->mnt_ns;
	l->view.standing = VIEW_STAND_IN;
	l->root = walk_to_root(l, path);
	return l->root >= 0;
}

/*
 * What the kernel starts itself is looked for from the first process's root, whatever the root of the kernel's threads
 * is: on 7.3 theirs is empty.
 */
static bool stand_on_first(struct view_live *l)
{
	if (stand_at(l, "1", VIEW_STAND_IN) && live_namespace(l->process, "ns/pid") == FIRST_PID_NS) {
		l->root = open_root(l);
		if (l->root >= 0)
			return true;
	}
	stand_nowhere(l);
	return false;
}

static unsigned int version_of(const struct utsname *system)
{
	unsigned int major, minor;

	return sscanf(system->release, "%u.%u", &major, &minor) == 2 ? VIEW_VERSION(major, minor) : 0;
}

static struct view_live *live_new(struct views *views, struct arena *arena, const struct caller *caller)
{
	struct view_live *l = arena_alloc(arena, sizeof(*l));

	*l = (struct view_live){
		.view = {
			.ops = &live_ops,
			.arena = arena,
			.machine = views->system.machine,
			.version = version_of(&views->system),
		},
		.views = views,
		.caller = caller,
		.process = -1,
		.root = -1,
		.trusted = -1,
	};
	return l;
}

struct view *views_open_nothing(struct views *views, struct arena *arena)
{
	return &live_new(views, arena, NULL)->view;
}

bool views_are_complete(const struct views *views)
{
	return !views->pid_ns || views->pid_ns == FIRST_PID_NS;
}

uint32_t views_pid(const struct views *views, const struct caller *caller)
{
	if (views_are_complete(views))
		return caller->tid;
	return caller->pid_ns == views->pid_ns && caller->ns_pid != CALLER_UNKNOWN ? caller->ns_pid : 0;
}

struct view *views_open(struct views *views, struct arena *arena, const struct caller *caller)
{
	struct view_live *l = live_new(views, arena, caller);
	uint32_t pid = views_pid(views, caller);

	l->view.unseen = !pid || !views->has_proc;
	if (caller->is_kernel && stand_on_first(l))
		return &l->view;
	if (!(pid && stand_on_pid(l, caller, pid, VIEW_CALLER)) && !stand_in(l, caller))
		stand_nowhere(l);
	return &l->view;
}

/* The descriptor of the root that is meant, or -1. */
static int root_as(struct view_live *l, const struct view_as *as)
{
	if (as->root)
		return open(as->root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return openat(l->process, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);
}

struct view *views_open_as(struct views *views, struct arena *arena, const struct view_as *as)
{
	struct view_live *l = live_new(views, arena, NULL);

	l->view.as = as;
	if (as->machine)
		l->view.machine = as->machine;
	if (as->image)
		l->view.version = 0;
	if (stand_at(l, as->pid ? as->pid : "self", VIEW_AS))
		l->root = root_as(l, as);
	if (l->root < 0)
		stand_nowhere(l);
	return &l->view;
}

struct view *views_open_self(struct views *views, struct arena *arena)
{
	struct view_live *l = live_new(views, arena, NULL);

	/* Without /proc, files can be looked at all the same. */
	if (stand_at(l, "self", VIEW_SELF))
		l->root = openat(l->process, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);
	else
		l->root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	l->view.standing = VIEW_SELF;
	return &l->view;
}
