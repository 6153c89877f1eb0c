// SPDX-License-Identifier: GPL-2.0-only
#include "look/elsewhere.h"

#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buffer.h"
#include "look/rpmdb.h"

enum {
	TEXT_MAX = 4 << 20, /* bytes of a list of files */
	INCLUDES_MAX = 4, /* files that include one another */
	PIECE = 1 << 20, /* of a list of packages, which is searched piece by piece */
	OVERLAP = 256, /* that a name can lie across */
};

struct search {
	const struct look_how *how;
	const struct caller *caller;
	struct view *view;
	struct arena *arena;
	struct bytes name;
	struct elsewhere *found;
};

static void look_for(const struct search *s, const char *path, struct look *look)
{
	look_path(s->how, view_path_of(s->view, s->caller, bytes_of(path)), look);
}

static bool is_there(const struct search *s, const char *path, mode_t type)
{
	struct look look;
	bool there;

	look_for(s, path, &look);
	there = !look.error && (look.node.mode & S_IFMT) == type;
	look_end(s->how, &look);
	return there;
}

static struct bytes read_node(const struct search *s, int handle, const struct view_node *node)
{
	size_t size = node->size < TEXT_MAX ? (size_t)node->size : TEXT_MAX;
	char *room;
	ssize_t n;

	if (!S_ISREG(node->mode) || !look_may_read(s->how, handle, node))
		return (struct bytes){};
	room = arena_alloc(s->arena, size + 1);
	n = s->view->ops->read(s->view, handle, node, 0, room, size);
	return n < 0 ? (struct bytes){} : (struct bytes){ room, (size_t)n };
}

static struct bytes read_file(const struct search *s, const char *path)
{
	struct bytes text = {};
	struct look look;

	look_for(s, path, &look);
	if (!look.error)
		text = read_node(s, look.handle, &look.node);
	look_end(s->how, &look);
	return text;
}

/* --- ld.so.conf --- */

static void try_directory(struct search *s, struct bytes directory, struct bytes *to)
{
	const char *path =
		arena_printf(s->arena, "%.*s/%.*s", (int)directory.n, directory.p, (int)s->name.n, s->name.p);

	if (is_there(s, path, S_IFREG))
		*to = bytes_of(path);
}

static void read_config(struct search *s, struct bytes text, int depth);

/* "/etc/ld.so.conf.d/" and "*.conf" */
static void include(struct search *s, struct bytes pattern, int depth)
{
	struct bytes base = bytes_base(pattern), names = {};
	const char *directory = arena_copy(s->arena, pattern.p, pattern.n - base.n);
	const char *glob = arena_copy(s->arena, base.p, base.n);
	struct look look;

	look_for(s, directory, &look);
	if (!look.error && look_may_read(s->how, look.handle, &look.node))
		names = s->view->ops->names(s->view, look.handle, &look.node);
	look_end(s->how, &look);
	while (names.n && !s->found->configured.p) {
		struct bytes name = bytes_cut(&names, '\0');

		if (!fnmatch(glob, name.p, FNM_PERIOD))
			read_config(s, read_file(s, arena_printf(s->arena, "%s%s", directory, name.p)), depth + 1);
	}
}

static struct bytes trimmed(struct bytes line)
{
	line = bytes_first(line, bytes_find(line, '#'));
	while (line.n && isspace((unsigned char)line.p[0]))
		line = bytes_after(line, 1);
	while (line.n && isspace((unsigned char)line.p[line.n - 1]))
		line.n--;
	return line;
}

static void read_config(struct search *s, struct bytes text, int depth)
{
	struct bytes line;

	while (text.n && !s->found->configured.p) {
		line = trimmed(bytes_cut(&text, '\n'));
		if (!bytes_begins(line, "include"))
			try_directory(s, line, &s->found->configured);
		else if (depth < INCLUDES_MAX && bytes_begins(line, "include "))
			include(s, trimmed(bytes_after(line, strlen("include "))), depth);
	}
}

/* --- beside the program --- */

static struct bytes directory_of(struct bytes path)
{
	return bytes_first(path, path.n - bytes_base(path).n - (path.n > bytes_base(path).n));
}

static void look_beside(struct search *s, struct bytes program)
{
	struct bytes own = directory_of(program), above = directory_of(own);
	const struct {
		struct bytes directory;
		const char *below;
	} places[] = { { own, "" }, { own, "/lib" }, { above, "/lib" }, { above, "/lib64" } };

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]) && !s->found->beside.p; i++)
		try_directory(s,
			      bytes_of(arena_printf(s->arena, "%.*s%s", (int)places[i].directory.n,
						    places[i].directory.p, places[i].below)),
			      &s->found->beside);
}

/* --- packages that are installed: /var/lib/dpkg/info/NAME.list, a path on each line --- */

/* The line that ends in the name; p NULL: there is none. */
static struct bytes line_of(const struct search *s, struct bytes list)
{
	const char *wanted = arena_printf(s->arena, "/%.*s\n", (int)s->name.n, s->name.p);
	const char *at = list.n ? memmem(list.p, list.n, wanted, s->name.n + 2) : NULL, *start;

	if (!at)
		return (struct bytes){};
	start = memrchr(list.p, '\n', (size_t)(at - list.p));
	start = start ? start + 1 : list.p;
	return (struct bytes){ start, (size_t)(at - start) + 1 + s->name.n };
}

static void try_list(struct search *s, int directory, struct bytes name)
{
	struct view_node node;
	struct bytes line;
	int handle;

	if (!bytes_ends(name, ".list"))
		return;
	handle = s->view->ops->enter(s->view, directory, name.p, &node);
	if (handle < 0)
		return;
	line = line_of(s, read_node(s, handle, &node));
	if (line.p) {
		s->found->package = bytes_first(name, name.n - strlen(".list"));
		s->found->package = bytes_first(s->found->package, bytes_find(s->found->package, ':'));
		s->found->packaged = line;
		s->found->packaged_there = is_there(s, arena_copy(s->arena, line.p, line.n), S_IFREG);
	}
	s->view->ops->leave(s->view, handle);
}

static void ask_dpkg(struct search *s)
{
	struct bytes names = {};
	struct look look;

	look_for(s, "/var/lib/dpkg/info", &look);
	if (!look.error)
		names = s->view->ops->names(s->view, look.handle, &look.node);
	while (names.n && !s->found->package.p)
		try_list(s, look.handle, bytes_cut(&names, '\0'));
	look_end(s->how, &look);
}

/* --- the same by rpm's database --- */

struct db_file {
	const struct search *s;
	const struct look *look;
};

static ssize_t read_db(void *context, uint64_t at, void *to, size_t size)
{
	const struct db_file *file = context;
	const struct view *view = file->s->view;

	return view->ops->read(file->s->view, file->look->handle, &file->look->node, at, to, size);
}

static void ask_rpm(struct search *s)
{
	static const char *const paths[] = { "/usr/lib/sysimage/rpm/rpmdb.sqlite", "/var/lib/rpm/rpmdb.sqlite" };
	struct rpmdb_file file;
	struct look look;

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]) && !s->found->package.p; i++) {
		const struct dynamic_source source = { read_db, &(struct db_file){ s, &look } };

		look_for(s, paths[i], &look);
		if (!look.error && S_ISREG(look.node.mode) && look_may_read(s->how, look.handle, &look.node) &&
		    rpmdb_find(s->arena, &source, s->name, &file)) {
			s->found->package = file.package;
			s->found->packaged = file.path;
			s->found->packaged_there = is_there(s, file.path.p, S_IFREG);
		}
		look_end(s->how, &look);
	}
}

/* --- packages that are to be had: /var/lib/apt/lists/..._Packages, whose entries begin "Package: NAME" --- */

const char *elsewhere_debian_name(struct arena *arena, struct bytes library)
{
	static const char so[] = ".so.";
	const char *at = library.n ? memmem(library.p, library.n, so, strlen(so)) : NULL;
	char *name;
	bool digit;

	if (!at || !bytes_begins(library, "lib") || at == library.p + strlen("lib"))
		return "";
	digit = isdigit((unsigned char)at[-1]);
	name = arena_printf(arena, "%.*s%s%.*s", (int)(at - library.p), library.p, digit ? "-" : "",
			    (int)(library.n - (size_t)(at - library.p) - strlen(so)), at + strlen(so));
	for (char *p = name; *p; p++)
		*p = *p == '_' ? '-' : (char)tolower((unsigned char)*p);
	return name;
}

static bool has_package(const struct search *s, int handle, const struct view_node *node, const char *line)
{
	struct arena *arena = arena_new();
	char *room = arena_alloc(arena, PIECE);
	bool found = false;
	ssize_t n = PIECE;

	for (uint64_t at = 0; !found && n == PIECE; at += PIECE - OVERLAP) {
		n = s->view->ops->read(s->view, handle, node, at, room, PIECE);
		found = n > 0 && memmem(room, (size_t)n, line, strlen(line));
	}
	arena_free(arena);
	return found;
}

static void ask_apt(struct search *s)
{
	const char *package = elsewhere_debian_name(s->arena, s->name);
	const char *line = arena_printf(s->arena, "\nPackage: %s\n", package);
	struct bytes names = {}, name;
	struct view_node node;
	struct look look;
	int handle;

	look_for(s, "/var/lib/apt/lists", &look);
	if (!look.error && package[0])
		names = s->view->ops->names(s->view, look.handle, &look.node);
	while (names.n && !s->found->package.p) {
		name = bytes_cut(&names, '\0');
		handle = bytes_ends(name, "_Packages") ? s->view->ops->enter(s->view, look.handle, name.p, &node) : -1;
		if (handle < 0)
			continue;
		if (has_package(s, handle, &node, line))
			s->found->package = bytes_of(package);
		s->view->ops->leave(s->view, handle);
	}
	look_end(s->how, &look);
}

/* --- all of it --- */

static enum elsewhere_manager manager_of(const struct search *s)
{
	static const struct {
		const char *directory;
		enum elsewhere_manager manager;
	} managers[] = {
		{ "/var/lib/dpkg/info", MANAGER_DPKG }, { "/usr/lib/sysimage/rpm", MANAGER_RPM },
		{ "/var/lib/rpm", MANAGER_RPM },        { "/lib/apk/db", MANAGER_APK },
		{ "/var/lib/pacman", MANAGER_PACMAN },
	};

	for (size_t i = 0; i < sizeof(managers) / sizeof(managers[0]); i++)
		if (is_there(s, managers[i].directory, S_IFDIR))
			return managers[i].manager;
	return MANAGER_NONE;
}

void elsewhere_find(const struct look_how *how, const struct caller *caller, struct bytes program, struct bytes name,
		    struct elsewhere *found)
{
	struct search s = { how, caller, how->view, how->view->arena, name, found };

	*found = (struct elsewhere){};
	if (bytes_has(name, '/'))
		return;
	found->manager = manager_of(&s);
	read_config(&s, read_file(&s, "/etc/ld.so.conf"), 0);
	if (!found->configured.p)
		look_beside(&s, program);
	if (found->configured.p || !view_is_asked_for(how->view))
		return;
	if (found->manager == MANAGER_RPM)
		ask_rpm(&s);
	if (found->manager == MANAGER_DPKG)
		ask_dpkg(&s);
	if (found->manager == MANAGER_DPKG && !found->package.p)
		ask_apt(&s);
}
