// SPDX-License-Identifier: GPL-2.0-only
/* Texts and links of /proc and /sys. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "look/step.h"
#include "look/view_live.h"

enum { TEXT_MAX = 4 << 20 }; /* of a file of /proc: thousands of mounts */

struct bytes live_read_fd(struct arena *arena, int fd)
{
	BUFFER_AUTO struct buffer text = {};
	ssize_t n = 1;

	while (n > 0 && text.n < TEXT_MAX) {
		n = read(fd, buffer_reserve(&text, 4096), 4096);
		text.n += n > 0 ? (size_t)n : 0;
	}
	if (n < 0)
		return (struct bytes){};
	return (struct bytes){ arena_copy(arena, text.p, text.n), text.n };
}

struct bytes live_read(struct arena *arena, int directory, const char *path)
{
	int fd = openat(directory, path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct bytes text = {};

	if (fd < 0)
		return text;
	text = live_read_fd(arena, fd);
	close(fd);
	return text;
}

struct bytes live_read_link(struct arena *arena, int directory, const char *path)
{
	char target[PATH_MAX];
	ssize_t n = readlinkat(directory, path, target, sizeof(target));

	if (n <= 0 || n == sizeof(target))
		return (struct bytes){};
	return (struct bytes){ arena_copy(arena, target, (size_t)n), (size_t)n };
}

static struct bytes text_in_proc(struct view_live *l, enum view_text which, const char *name)
{
	struct view *view = &l->view;
	const char *top = which == VIEW_SYS ? l->views->sys : l->views->proc;

	if (which != VIEW_PROCESS)
		return live_read(view->arena, AT_FDCWD, arena_printf(view->arena, "%s/%s", top, name));
	if (l->process < 0)
		return (struct bytes){};
	if (strcmp(name, "status"))
		return live_read(view->arena, l->process, name);
	if (!l->status.p)
		l->status = live_read(view->arena, l->process, name);
	return l->status;
}

/* What this process, or this machine, says, is not of whom is meant. */
static bool is_of_others(const struct view_live *l, enum view_text which)
{
	if (!l->view.as)
		return false;
	return which == VIEW_PROCESS ? l->view.as->status.p && !l->view.as->pid : l->view.as->machine != NULL;
}

static struct bytes text_of(struct view *view, enum view_text which, const char *name)
{
	struct view_live *l = live(view);

	if (which == VIEW_PROCESS && l->view.as && l->view.as->status.p && !strcmp(name, "status"))
		return l->view.as->status;
	if (is_of_others(l, which))
		return (struct bytes){};
	return text_in_proc(l, which, name);
}

struct bytes live_text(struct view *view, enum view_text which, const char *name)
{
	struct bytes text;

	/* It is a process that may be waited for. */
	step_touch(0, 0);
	text = text_of(view, which, name);

	view->steps += 1 + text.n / VIEW_PIECE;
	return text;
}

struct bytes live_link(struct view *view, const char *name)
{
	return live(view)->process < 0 ? (struct bytes){} : live_read_link(view->arena, live(view)->process, name);
}
