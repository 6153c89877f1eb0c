/* SPDX-License-Identifier: GPL-2.0-only */
/* A caller's world that is a table: a struct view for tests of what is told from it. */
#ifndef EXECFAIL_WORLD_H
#define EXECFAIL_WORLD_H

#include <errno.h>

#include "base/buffer.h"
#include "look/mounts.h"
#include "look/view.h"

/* Rows name what is special about them; the rest is zero. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

/* Directories on the way to a file need no row: they are root's, with mode 0755. */
struct world_file {
	const char *path;
	uint32_t mode;
	const char *text; /* or where a link leads to */
	size_t n; /* of text; 0: it is a string */
	size_t size; /* 0: that of text */
	uint32_t uid;
	uint32_t gid;
	uint64_t mount; /* 0: 1, which is the root's */
	int64_t changed; /* second */
	int64_t born; /* second; 0: nobody knows */
	const char *caps; /* security.capability */
	size_t caps_n;
	const char *acl; /* system.posix_acl_access */
	size_t acl_n;
	int error; /* when it is entered */
	uint64_t ino; /* 0: any */
};

/* "proc:sys/vm/x", "process:status", "sys:kernel/security/lsm" */
struct world_text {
	const char *name;
	const char *text;
	size_t n; /* of text; 0: it is a string */
};

struct world {
	struct view view; /* first: a view of it is cast to the world */
	const struct world_file *files; /* ends with one without a path */
	const struct world_text *texts; /* ends with one without a name */
	unsigned int version; /* of the kernel */
	const char *mountinfo;
	const char *handler; /* of binfmt_misc, for files that end in .handled */
	const char *descriptor; /* the file behind any descriptor */
	const char *busy; /* the file that process 77 (writer) has open */
	bool watched; /* by process 78 (fapolicyd) */
	bool answered; /* ... which may answer other errors than EPERM */
	uint64_t processes; /* of every user */
	const char *audit; /* the record of a denial that came */
	int64_t later; /* second at which all was changed that is asked for again; 0: nothing was */

	struct mounts mounts;
	struct {
		char *path;
		const struct world_file *file; /* NULL: a directory without a row */
	} handles[4096];
	int n_handles;
	int open; /* handles that were not left */
};

static inline struct world *world_of(struct view *view)
{
	return (struct world *)view;
}

static inline const struct world_file *world_find(const struct world *world, const char *path)
{
	for (const struct world_file *file = world->files; file && file->path; file++)
		if (!strcmp(file->path, path))
			return file;
	return NULL;
}

static inline bool world_is_directory(const struct world *world, const char *path)
{
	size_t n = strlen(path);

	for (const struct world_file *file = world->files; file && file->path; file++)
		if (!strncmp(file->path, path, n) && file->path[n] == '/')
			return true;
	return !n;
}

static inline void world_node_of(const struct world *world, int handle, struct view_node *node)
{
	const struct world_file *file = world->handles[handle].file;

	*node = (struct view_node){ .mode = S_IFDIR | 0755, .mount = 1, .dev = 5, .ino = (uint64_t)handle + 1000 };
	if (!file)
		return;
	node->ino = file->ino ? file->ino : (uint64_t)(file - world->files) + 10;
	node->mode = file->mode & S_IFMT ? file->mode : file->mode | S_IFREG;
	node->uid = file->uid;
	node->gid = file->gid;
	node->mount = file->mount ? file->mount : 1;
	node->size = file->size ? file->size : file->n ? file->n : file->text ? strlen(file->text) : 0;
	node->ctime_sec = file->changed;
	node->born_sec = file->born;
}

static inline int world_open(struct world *world, char *path, struct view_node *node)
{
	const struct world_file *file = world_find(world, path);
	int handle = world->n_handles;

	if (!file && !world_is_directory(world, path))
		return -ENOENT;
	if (file && file->error)
		return -file->error;
	assert_true((size_t)handle < COUNT(world->handles));
	world->handles[handle].path = path;
	world->handles[handle].file = file;
	world->n_handles++;
	world->open++;
	world_node_of(world, handle, node);
	return handle;
}

/* What is asked again has been changed meanwhile. */
static inline int world_node(struct view *view, int handle, struct view_node *node)
{
	world_node_of(world_of(view), handle, node);
	if (world_of(view)->later)
		node->ctime_sec = world_of(view)->later;
	return 0;
}

static inline int world_root(struct view *view, struct view_node *node)
{
	int root = world_open(world_of(view), arena_copy(view->arena, "", 0), node);

	world_of(view)->open--;
	return root;
}

static inline int world_enter(struct view *view, int directory, const char *name, struct view_node *node)
{
	struct world *world = world_of(view);
	const struct world_file *file = world->handles[directory].file;

	assert_true(!file || S_ISDIR(file->mode));
	return world_open(world, arena_printf(view->arena, "%s/%s", world->handles[directory].path, name), node);
}

/* What every link of process 42, which is the caller, leads to is the file behind its descriptors. */
static inline int world_follow(struct view *view, int directory, const char *name, const struct view_proc *in,
			       struct view_node *node)
{
	const char *path = world_of(view)->descriptor;

	(void)directory;
	(void)name;
	if (view->standing == VIEW_SELF)
		return -ENOENT;
	if (in->root < 0 || strncmp(in->path, "42", 2) || !path)
		return -EAGAIN;
	return world_open(world_of(view), arena_copy(view->arena, path, strlen(path)), node);
}

static inline ssize_t world_self(struct view *view, int proc, bool thread, char *to, size_t size)
{
	(void)proc;
	return view->standing < VIEW_CALLER ? -EAGAIN : snprintf(to, size, thread ? "42/task/43" : "42");
}

static inline int world_descriptor(struct view *view, int fd, struct view_node *node)
{
	const char *path = world_of(view)->descriptor;

	(void)fd;
	return path ? world_open(world_of(view), arena_copy(view->arena, path, strlen(path)), node) : -EAGAIN;
}

static inline void world_leave(struct view *view, int handle)
{
	struct world *world = world_of(view);

	/* The root need not be left. */
	if (!world->handles[handle].path[0])
		return;
	world->open--;
	world->handles[handle].path = NULL;
	while (world->n_handles && !world->handles[world->n_handles - 1].path)
		world->n_handles--;
}

static inline struct bytes world_names(struct view *view, int handle, const struct view_node *node)
{
	struct world *world = world_of(view);
	const char *path = world->handles[handle].path;
	size_t n = strlen(path);
	BUFFER_AUTO struct buffer names = {};

	(void)node;
	for (const struct world_file *file = world->files; file && file->path; file++)
		if (!strncmp(file->path, path, n) && file->path[n] == '/' && !strchr(file->path + n + 1, '/'))
			buffer_add(&names, file->path + n + 1, strlen(file->path + n + 1) + 1);
	return (struct bytes){ arena_copy(view->arena, names.p, names.n), names.n };
}

static inline ssize_t world_target(struct view *view, int handle, const struct view_node *node, char *to, size_t size)
{
	const struct world_file *file = world_of(view)->handles[handle].file;
	size_t n = strlen(file->text);

	(void)node;
	memcpy(to, file->text, n < size ? n : size);
	return (ssize_t)(n < size ? n : size);
}

static inline ssize_t world_read(struct view *view, int handle, const struct view_node *node, uint64_t at, void *to,
				 size_t size)
{
	const struct world_file *file = world_of(view)->handles[handle].file;
	size_t have = !file ? 0 : file->n ? file->n : file->text ? strlen(file->text) : 0;

	(void)node;
	if (at >= have)
		return 0;
	if (size > have - at)
		size = have - at;
	memcpy(to, file->text + at, size);
	return (ssize_t)size;
}

static inline ssize_t world_attribute(struct view *view, int handle, const struct view_node *node, const char *name,
				      void *to, size_t size)
{
	const struct world_file *file = world_of(view)->handles[handle].file;

	bool acl = !strcmp(name, "system.posix_acl_access");
	const char *value = !file ? NULL : acl ? file->acl : file->caps;
	size_t n = !value ? 0 : acl ? file->acl_n : file->caps_n;

	(void)node;
	if (!value || (!acl && strcmp(name, "security.capability")) || size < n)
		return -ENODATA;
	memcpy(to, value, n);
	return (ssize_t)n;
}

static inline struct bytes world_path(struct view *view, int handle)
{
	const char *path = world_of(view)->handles[handle].path;

	return (struct bytes){ path, strlen(path) };
}

static inline struct bytes world_link(struct view *view, const char *name)
{
	(void)view;
	return strcmp(name, "root") ? (struct bytes){} : (struct bytes){ "/", 1 };
}

static inline struct bytes world_text(struct view *view, enum view_text which, const char *name)
{
	static const char *const places[] = {
		[VIEW_PROCESS] = "process",
		[VIEW_PROC] = "proc",
		[VIEW_SYS] = "sys",
	};
	const char *full = arena_printf(view->arena, "%s:%s", places[which], name);

	for (const struct world_text *text = world_of(view)->texts; text && text->name; text++)
		if (!strcmp(text->name, full))
			return (struct bytes){ text->text, text->n ? text->n : strlen(text->text) };
	return (struct bytes){};
}

#define WORLD_MOUNTS                                                                                                   \
	"1 0 8:1 / / rw - ext4 /dev/vda rw\n"                                                                          \
	"2 1 0:2 / /proc rw,noexec - proc proc rw\n"                                                                   \
	"3 1 0:3 / /noexec rw,noexec - tmpfs scratch rw\n"                                                             \
	"4 1 0:4 / /far rw - nfs4 server:/export rw\n"                                                                 \
	"5 1 0:5 / /plain rw,nosymfollow - tmpfs plain rw\n"

static inline const struct mounts *world_mounts(struct view *view)
{
	struct world *world = world_of(view);
	const char *text = world->mountinfo ? world->mountinfo : WORLD_MOUNTS;

	if (!world->mounts.text)
		mounts_parse(&world->mounts, (struct bytes){ text, strlen(text) });
	return &world->mounts;
}

static inline const struct mount_row *world_mount(struct view *view, uint64_t id)
{
	return mounts_by_id(world_mounts(view), id);
}

static inline bool world_is(struct view *view, int handle, const struct view_node *node, const struct file_id *id)
{
	(void)view;
	(void)handle;
	return node->ino == id->ino && node->dev == id->dev && view_is_unchanged(node, id);
}

static inline bool world_trusts(struct view *view, const struct mount_row *overlay)
{
	return mounts_layers_are_local(world_mounts(view), overlay);
}

static inline bool world_is_shared(struct view *view, const struct mount_row *mount)
{
	(void)view;
	(void)mount;
	return true;
}

static inline struct bytes world_handler(struct view *view, struct bytes head, struct bytes path)
{
	const char *handler = world_of(view)->handler, end[] = ".handled";
	size_t n = sizeof(end) - 1;

	(void)head;
	if (!handler || path.n < n || memcmp(path.p + path.n - n, end, n))
		return (struct bytes){};
	return (struct bytes){ handler, strlen(handler) };
}

static inline bool world_holder(struct view *view, enum view_hold hold, const struct view_node *node,
				struct view_holder *holder)
{
	struct world *world = world_of(view);

	if (hold != VIEW_WRITERS) {
		*holder = (struct view_holder){ 78, { "fapolicyd", 9 } };
		return hold == VIEW_ANSWERERS ? world->answered : world->watched || world->answered;
	}
	*holder = (struct view_holder){ 77, { "writer", 6 } };
	return world->busy && world_find(world, world->busy) &&
	       node->ino == (uint64_t)(world_find(world, world->busy) - world->files) + 10;
}

static inline bool world_denial(struct view *view, uint32_t pid, int64_t failed_ns, struct denial *denial)
{
	const char *text = world_of(view)->audit;

	return text && audit_parse(view->arena, bytes_of(text), denial) && denial->pid == pid &&
	       denial->ns / 1000000000 == failed_ns / 1000000000;
}

static inline enum view_answer world_has_more(struct view *view, uint32_t uid, uint64_t than)
{
	(void)uid;
	return world_of(view)->processes > than ? VIEW_YES : VIEW_NO;
}

static inline void world_close(struct view *view)
{
	struct world *world = world_of(view);

	/* Whoever looked has let go of all that it opened. */
	assert_int_equal(world->open, 0);
	mounts_free(&world->mounts);
	world->n_handles = 0;
}

static const struct view_ops world_ops = {
	.root = world_root,
	.enter = world_enter,
	.node = world_node,
	.follow = world_follow,
	.self = world_self,
	.descriptor = world_descriptor,
	.leave = world_leave,
	.is = world_is,
	.names = world_names,
	.target = world_target,
	.read = world_read,
	.attribute = world_attribute,
	.path = world_path,
	.link = world_link,
	.text = world_text,
	.mounts = world_mounts,
	.mount = world_mount,
	.trusts = world_trusts,
	.is_shared = world_is_shared,
	.handler = world_handler,
	.holder = world_holder,
	.denial = world_denial,
	.has_more = world_has_more,
	.close = world_close,
};

/* To be closed with view_close(). */
static inline struct view *world_view(struct world *world, struct arena *arena, enum view_standing standing)
{
	world->view = (struct view){ &world_ops, arena, standing, "x86_64", world->version };
	return &world->view;
}

#endif
