// SPDX-License-Identifier: GPL-2.0-only
#include "look/search.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"

enum {
	DIRECTORIES_MAX = 64, /* of a PATH */
	NAMES_MAX = 16384, /* of all of them */
	SURE = 8, /* characters of a name of which two may be wrong */
};

bool search_directory(struct bytes *path, struct bytes *directory)
{
	bool last;

	if (!path->p)
		return false;
	last = bytes_find(*path, ':') == path->n;
	*directory = bytes_cut(path, ':');
	if (last)
		*path = (struct bytes){};
	return true;
}

bool search_is_relative(struct bytes path)
{
	struct bytes directory;

	while (search_directory(&path, &directory))
		if (!bytes_begins(directory, "/"))
			return true;
	return false;
}

static struct bytes without_slashes(struct bytes directory)
{
	while (directory.n > 1 && directory.p[directory.n - 1] == '/')
		directory.n--;
	return directory.n ? directory : bytes_of(".");
}

size_t search_place(struct bytes path, struct bytes file, size_t from, bool *last)
{
	struct bytes wanted = bytes_directory(file), directory;

	wanted = wanted.n ? without_slashes(wanted) : wanted;
	for (size_t place = 1; search_directory(&path, &directory); place++) {
		if (last)
			*last = !path.p;
		if (place >= from && (wanted.n ? bytes_same(without_slashes(directory), wanted) : !directory.n))
			return place;
	}
	return 0;
}

bool search_goes_on(int error)
{
	switch (error) {
	case ENOENT:
	case ENOTDIR:
	case EACCES:
	case ESTALE:
	case ENODEV:
	case ETIMEDOUT:
		return true;
	default:
		return false;
	}
}

static void look_for(const struct look_how *how, const struct caller *caller, const char *path, struct look *look)
{
	look_path(how, view_path_of(how->view, caller, bytes_of(path)), look);
}

/* What find_command() of shells asks: a file, and the x bit. */
static enum search_result ask(const struct look_how *how, const struct caller *caller, const char *path)
{
	enum search_result result = SEARCH_NOTHING;
	struct look look;

	look_for(how, caller, path, &look);
	if (look.error == EAGAIN)
		result = SEARCH_UNSEEN;
	else if (look.error == EACCES)
		result = SEARCH_DENIED;
	else if (!look.error && S_ISREG(look.node.mode))
		result = look_access(how, look.handle, &look.node) == ACCESS_NO ? SEARCH_REFUSED : SEARCH_PROGRAM;
	look_end(how, &look);
	return result;
}

static const char *path_in(struct arena *arena, struct bytes directory, struct bytes name)
{
	return arena_printf(arena, "%.*s%s%.*s", (int)directory.n, directory.p, directory.n ? "/" : "", (int)name.n,
			    name.p);
}

enum search_result search_path(const struct look_how *how, const struct caller *caller, struct bytes path,
			       struct bytes name, struct bytes *found)
{
	enum search_result result = SEARCH_NOTHING, here;
	bool direct = bytes_has(name, '/');
	struct bytes directory;
	const char *file;

	*found = (struct bytes){};
	path = direct ? (struct bytes){ "", 0 } : path;
	for (int i = 0; i < DIRECTORIES_MAX && search_directory(&path, &directory); i++) {
		file = path_in(how->view->arena, directory, name);
		here = ask(how, caller, file);
		if (here <= SEARCH_DENIED || (here == SEARCH_UNSEEN && result > SEARCH_DENIED)) {
			result = here > result ? here : result;
			continue;
		}
		if (here == SEARCH_PROGRAM || !found->p)
			*found = here == SEARCH_UNSEEN ? (struct bytes){} : bytes_of(file);
		result = here;
		if (here == SEARCH_PROGRAM)
			break;
	}
	return result;
}

/* --- the one that was meant --- */

struct names {
	const char **v;
	size_t n;
};

static void add_names(const struct look_how *how, const struct caller *caller, struct bytes directory,
		      struct names *names)
{
	struct bytes text = {};
	struct look look;

	look_for(how, caller, path_in(how->view->arena, directory, bytes_of(".")), &look);
	if (!look.error && S_ISDIR(look.node.mode) && look_may_read(how, look.handle, &look.node))
		text = how->view->ops->names(how->view, look.handle, &look.node);
	look_end(how, &look);
	while (text.n && names->n < NAMES_MAX)
		names->v[names->n++] = bytes_cut(&text, '\0').p;
}

/* Some letters off: less than of words that somebody types for us, since there are thousands of programs. */
static const char *nearest_of(const struct names *names, struct bytes name)
{
	size_t far = name.n < SURE ? 2 : 3, distance;
	const char *nearest = NULL;

	for (size_t i = 0; i < names->n; i++) {
		size_t n = strlen(names->v[i]);

		if ((n > name.n ? n - name.n : name.n - n) >= far)
			continue;
		distance = text_distance(name, (struct bytes){ names->v[i], n });
		if (distance >= far)
			continue;
		far = distance;
		nearest = names->v[i];
	}
	return nearest;
}

struct bytes search_nearest(const struct look_how *how, const struct caller *caller, struct bytes path,
			    struct bytes name)
{
	struct arena *arena = how->view->arena;
	struct names names = { arena_alloc(arena, NAMES_MAX * sizeof(*names.v)), 0 };
	struct bytes rest = path, directory, found;
	const char *nearest;

	for (int i = 0; i < DIRECTORIES_MAX && search_directory(&rest, &directory); i++)
		add_names(how, caller, directory, &names);
	nearest = nearest_of(&names, name);
	if (!nearest || search_path(how, caller, path, bytes_of(nearest), &found) != SEARCH_PROGRAM)
		return (struct bytes){};
	return bytes_of(nearest);
}
