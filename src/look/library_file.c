// SPDX-License-Identifier: GPL-2.0-only
#include "look/library_file.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

struct open_file {
	struct view *view;
	const struct look *look;
};

static ssize_t read_open(void *context, uint64_t at, void *to, size_t size)
{
	struct open_file *file = context;

	return file->view->ops->read(file->view, file->look->handle, &file->look->node, at, to, size);
}

static void look_for(const struct libraries_how *how, struct bytes path, struct look *look)
{
	look_path(how->look, view_path_of(how->look->view, how->caller, path), look);
}

struct bytes library_text(struct libraries *l, const struct libraries_how *how, struct bytes path, size_t max)
{
	struct bytes text = {};
	struct look look;
	size_t size;
	ssize_t n;

	look_for(how, path, &look);
	if (!look.error && S_ISREG(look.node.mode) && look_may_read(how->look, look.handle, &look.node)) {
		size = look.node.size < max ? (size_t)look.node.size : max;
		text.p = arena_alloc(l->arena, size + 1);
		n = read_open(&(struct open_file){ how->look->view, &look }, 0, (char *)text.p, size);
		text = n < 0 ? (struct bytes){} : (struct bytes){ text.p, (size_t)n };
	}
	look_end(how->look, &look);
	return text;
}

static enum library_fault fault_of_walk(int error)
{
	switch (error) {
	case EACCES:
		return LIBRARY_UNREADABLE;
	case EAGAIN:
		return LIBRARY_UNSEEN;
	default:
		return LIBRARY_MISSING;
	}
}

static const char *what_of_state(enum dynamic_state state)
{
	static const char *const whats[] = {
		[DYNAMIC_EMPTY] = "is empty",
		[DYNAMIC_SHORT] = "ends too early",
		[DYNAMIC_NO_ELF] = "is no ELF file",
		[DYNAMIC_TYPE] = "is no shared library, but another ELF file",
		[DYNAMIC_STATIC] = "is no shared library, but a static program",
		[DYNAMIC_DAMAGED] = "is a damaged ELF file",
	};

	return whats[state];
}

static void inspect(struct arena *arena, const struct libraries_how *how, const struct look *look, struct library *file)
{
	struct open_file open = { how->look->view, look };
	const struct dynamic_source source = { read_open, &open };
	const struct mount_row *mount = view_mount(open.view, &look->node);

	file->dev = look->node.dev;
	file->ino = look->node.ino;
	if (!S_ISREG(look->node.mode)) {
		file->fault = LIBRARY_INVALID;
		file->what = S_ISDIR(look->node.mode) ? "is a directory" : "is no regular file";
		return;
	}
	if (!look_may_read(how->look, look->handle, &look->node)) {
		file->fault = LIBRARY_UNREADABLE;
		return;
	}
	dynamic_read(&file->dynamic, arena, &source);
	file->what = what_of_state(file->dynamic.state);
	/* What this process may not read, the caller may not, only where both are one. */
	if (file->dynamic.state == DYNAMIC_UNREADABLE)
		file->fault = open.view->standing == VIEW_SELF ? LIBRARY_UNREADABLE : LIBRARY_UNSEEN;
	else if (file->what)
		file->fault = LIBRARY_INVALID;
	else if (mount && mount->noexec)
		file->fault = LIBRARY_NOEXEC;
	if (mount)
		file->mount = (struct bytes){ arena_copy(arena, mount->at.p, mount->at.n), mount->at.n };
}

static void ask(struct arena *arena, const struct libraries_how *how, struct library *file)
{
	struct look look;

	look_for(how, file->path, &look);
	if (look.error)
		file->fault = fault_of_walk(look.error);
	else
		inspect(arena, how, &look, file);
	look_end(how->look, &look);
}

const struct library *library_at(struct libraries *l, const struct libraries_how *how, struct bytes path)
{
	struct library **slot = &l->slots[bytes_hash(path) % LIBRARY_SLOTS], *file;

	for (file = *slot; file; file = file->next)
		if (bytes_same(file->path, path))
			return file;
	file = arena_alloc(l->arena, sizeof(*file));
	file->path = (struct bytes){ arena_copy(l->arena, path.p, path.n), path.n };
	ask(l->arena, how, file);
	file->next = *slot;
	*slot = file;
	return file;
}
