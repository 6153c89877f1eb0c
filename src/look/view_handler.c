// SPDX-License-Identifier: GPL-2.0-only
/* The interpreters that binfmt_misc has registered. */
#include <dirent.h>
#include <string.h>

#include "look/binfmt.h"
#include "look/view_live.h"

enum { HANDLERS_MAX = 256 }; /* registrations that are looked at */

/* The caller's own binfmt_misc, down a path that only it could have put something else on. */
static DIR *open_handlers(struct view *view)
{
	static const char *const names[] = { "proc", "sys", "fs", "binfmt_misc" };
	const struct mount_row *mount = NULL;
	struct view_node node = {};
	DIR *directory = NULL;
	int at = live(view)->root, next;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && at >= 0; i++, at = next) {
		next = live_enter(view, at, names[i], &node);
		live_leave(view, at);
	}
	if (at < 0)
		return NULL;
	mount = view_mount(view, &node);
	if (mount && bytes_is(mount->type, "binfmt_misc"))
		directory = opendir(live_own_path(view, at));
	live_leave(view, at);
	return directory;
}

/* Ours. One that is mounted when somebody enters it is not entered: that waits for who mounts it. */
static DIR *open_own_handlers(struct view *view)
{
	const char *path = arena_printf(view->arena, "%s/sys/fs/binfmt_misc", live(view)->views->proc);
	const struct mounts *own = live_own_mounts(live(view));
	const struct mount_row *mount = own ? mounts_by_path(own, bytes_of(path)) : NULL;

	return mount && !mount_is_local(mount) ? NULL : opendir(path);
}

static bool is_disabled(struct view *view, int directory)
{
	return bytes_begins(live_read(view->arena, directory, "status"), "disabled");
}

/* One list for all before 6.7, then one for each user namespace that has it mounted. */
struct bytes live_handler(struct view *view, struct bytes head, struct bytes path)
{
	bool image = live(view)->view.as && live(view)->view.as->image, found = false;
	/* Handlers are of a machine, and not of its files. */
	DIR *directory = image ? NULL : open_handlers(view);
	struct bytes interpreter = {}, text;
	struct dirent *entry;

	if (!directory && !image)
		directory = open_own_handlers(view);
	if (directory && is_disabled(view, dirfd(directory))) {
		closedir(directory);
		directory = NULL;
	}
	for (int i = 0; directory && !found && i < HANDLERS_MAX && (entry = readdir(directory)); i++) {
		if (entry->d_name[0] == '.' || !strcmp(entry->d_name, "register") || !strcmp(entry->d_name, "status"))
			continue;
		view->steps++;
		text = live_read(view->arena, dirfd(directory), entry->d_name);
		found = text.p && binfmt_matches(text, head, path, &interpreter);
	}
	if (directory)
		closedir(directory);
	return found ? interpreter : (struct bytes){};
}
