// SPDX-License-Identifier: GPL-2.0-only
/* A unit, as systemctl(1) shows it: NAME=VALUE, a line each. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/ask.h"
#include "identity_parts.h"
#include "look/access.h"
#include "look/search.h"
#include "look/step.h"
#include "user.h"

enum {
	WORDS_MAX = 4096,
	DYNAMIC_ID = 61184, /* the first that systemd gives to DynamicUser= */
};

static const char *const wanted[] = { "LoadState",           "User",
				      "DynamicUser",         "Group",
				      "SupplementaryGroups", "WorkingDirectory",
				      "RootDirectory",       "Environment",
				      "ExecStart",           "CapabilityBoundingSet",
				      "NoNewPrivileges",     "ProtectHome",
				      "PrivateTmp",          "InaccessiblePaths",
				      "TemporaryFileSystem", "NoExecPaths",
				      "ExecPaths",           "BindPaths",
				      "BindReadOnlyPaths",   NULL };

static struct bytes property(struct bytes text, const char *name)
{
	while (text.n) {
		struct bytes line = bytes_cut(&text, '\n'), key = bytes_cut(&line, '=');

		if (bytes_is(key, name))
			return line;
	}
	return (struct bytes){};
}

static const char *string_property(struct identity *id, struct bytes text, const char *name)
{
	struct bytes value = property(text, name);

	return value.n ? arena_copy(id->arena, value.p, value.n) : NULL;
}

struct bytes identity_ask_unit(struct arena *arena, const char *unit)
{
	BUFFER_AUTO struct buffer names = {};

	buffer_puts(&names, "--property=");
	for (size_t i = 0; wanted[i]; i++)
		buffer_printf(&names, "%s%s", i ? "," : "", wanted[i]);
	return ask_program(arena, (char *[]){ (char *)"systemctl", (char *)"show", (char *)"--no-pager",
					      (char *)buffer_string(&names), (char *)"--", (char *)unit, NULL });
}

/* Words of the form A=b "C=d e", as systemd quotes them. */
static char **unit_environment(struct identity *id, struct bytes value)
{
	char **list = arena_alloc(id->arena, (WORDS_MAX + 2) * sizeof(*list));
	size_t n = 0;

	list[n++] = (char *)"PATH=" SEARCH_USUAL;
	while (value.n && n < WORDS_MAX) {
		bool quoted = value.p[0] == '"';
		struct bytes word;

		value = bytes_after(value, quoted);
		word = bytes_cut(&value, quoted ? '"' : ' ');
		value = bytes_after(value, quoted && value.n && value.p[0] == ' ');
		if (bytes_begins(word, "PATH="))
			list[0] = arena_copy(id->arena, word.p, word.n);
		else if (word.n)
			list[n++] = arena_copy(id->arena, word.p, word.n);
	}
	return list;
}

/* Of "{ path=/opt/run ; argv[]=run -v ; ... }"; systemd does not say which blanks are within an argument. */
char **identity_unit_program(struct arena *arena, struct bytes said)
{
	static const char before[] = "argv[]=";
	char **list = arena_alloc(arena, (WORDS_MAX + 2) * sizeof(*list));
	struct bytes value = property(said, "ExecStart");
	const char *at = memmem(value.p, value.n, before, strlen(before)), *end;
	struct bytes path = bytes_after(value, bytes_find(value, '=') + 1), words;
	size_t n = 0;

	if (!at)
		return NULL;
	words = bytes_after(value, (size_t)(at - value.p) + strlen(before));
	end = memmem(words.p, words.n, " ; ", 3);
	words = bytes_first(words, end ? (size_t)(end - words.p) : words.n);
	path = bytes_first(path, bytes_find(path, ' '));
	list[n++] = arena_copy(arena, path.p, path.n);
	bytes_cut(&words, ' ');
	while (words.n && n < WORDS_MAX) {
		struct bytes word = bytes_cut(&words, ' ');

		list[n++] = arena_copy(arena, word.p, word.n);
	}
	return list;
}

/* "cap_net_raw cap_sys_admin"; all, where it is not said. */
static uint64_t bounding_of(struct arena *arena, struct bytes names)
{
	uint64_t caps = 0;

	if (!names.n)
		return IDENTITY_ALL_CAPS;
	for (unsigned int i = 0; i < 41; i++) {
		const char *name = access_caps_names(arena, 1ull << i);
		struct bytes rest = names;

		while (rest.n) {
			struct bytes word = bytes_cut(&rest, ' ');

			if (word.n == strlen(name) && !strncasecmp(word.p, name, word.n))
				caps |= 1ull << i;
		}
	}
	return caps;
}

/* --- what will be put over paths --- */

enum { COVERS_MAX = 256 };

struct covers {
	struct identity *id;
	struct view_cover *v;
	size_t n;
};

static void add_cover(struct covers *covers, struct bytes path, int covering, const char *why)
{
	if (path.n && path.p[0] == '/' && covers->n < COVERS_MAX)
		covers->v[covers->n++] = (struct view_cover){ .path = path, .covering = covering, .why = why };
}

/* Of a list with colons. "-/x": if it is there; "+/x": from the root of the unit. */
static struct bytes cut_path(struct bytes *word)
{
	struct bytes path = bytes_cut(word, ':');

	while (path.n && (path.p[0] == '-' || path.p[0] == '+'))
		path = bytes_after(path, 1);
	return path;
}

/* Words: a path, and behind a colon options. */
static void add_covers(struct covers *covers, struct bytes text, const char *name, int covering)
{
	struct bytes words = property(text, name), word, path;

	while (words.n) {
		word = bytes_cut(&words, ' ');
		path = cut_path(&word);
		add_cover(covers, path, covering,
			  arena_printf(covers->id->arena, "%s=%.*s", name, (int)path.n, path.p));
	}
}

/* Words: FROM, FROM:TO or FROM:TO:OPTIONS. */
static void add_bindings(struct covers *covers, struct bytes text, const char *name)
{
	struct bytes words = property(text, name), word, from, to;
	size_t before;

	while (words.n) {
		word = bytes_cut(&words, ' ');
		from = cut_path(&word);
		to = cut_path(&word);
		before = covers->n;
		add_cover(covers, to.n ? to : from, COVER_SHOWN, name);
		if (covers->n > before && to.n)
			covers->v[before].from = from;
	}
}

static void unit_covers(struct identity *id, struct bytes text)
{
	static const char *const homes[] = { "/home", "/root", "/run/user" }, *const temporary[] = { "/tmp",
												     "/var/tmp" };
	struct covers covers = { id, arena_alloc(id->arena, COVERS_MAX * sizeof(*covers.v)), 0 };
	struct bytes home = property(text, "ProtectHome");
	const char *why = arena_printf(id->arena, "ProtectHome=%.*s", (int)home.n, home.p);

	for (size_t i = 0; (bytes_is(home, "yes") || bytes_is(home, "tmpfs")) && i < 3; i++)
		add_cover(&covers, bytes_of(homes[i]), COVER_HIDDEN, why);
	for (size_t i = 0; bytes_is(property(text, "PrivateTmp"), "yes") && i < 2; i++)
		add_cover(&covers, bytes_of(temporary[i]), COVER_HIDDEN, "PrivateTmp=yes");
	add_covers(&covers, text, "InaccessiblePaths", COVER_HIDDEN);
	add_covers(&covers, text, "TemporaryFileSystem", COVER_HIDDEN);
	add_covers(&covers, text, "NoExecPaths", COVER_NOEXEC);
	add_covers(&covers, text, "ExecPaths", COVER_SHOWN);
	add_bindings(&covers, text, "BindPaths");
	add_bindings(&covers, text, "BindReadOnlyPaths");
	id->who->as.covers = covers.v;
	id->who->as.n_covers = covers.n;
}

static int no_unit(struct identity *id, const char *unit, const char *what, const char *name, const char *nowhere)
{
	buffer_printf(id->error, "--unit '%s': systemd could not start it (%s '", unit, what);
	buffer_puts(id->error, name);
	buffer_printf(id->error, "'%s", nowhere);
	return -ENOENT;
}

static int find_group(struct identity *id, const char *unit, const char *name, gid_t *gid)
{
	if (ask_group(id->arena, name, gid))
		return 0;
	return no_unit(id, unit, "216/GROUP): there is no group", name, ASK_NOWHERE("/etc/group"));
}

/* Group= comes in place of that which the user has. */
static int unit_groups(struct identity *id, const char *unit, struct bytes text, struct user *user)
{
	struct bytes words = property(text, "SupplementaryGroups"), word;
	const char *name = string_property(id, text, "Group");
	gid_t gid = user->gid;
	int err = name ? find_group(id, unit, name, &gid) : 0;

	user->gid = user->groups[0] = gid;
	while (!err && words.n) {
		word = bytes_cut(&words, ' ');
		if (word.n)
			err = find_group(id, unit, arena_copy(id->arena, word.p, word.n), &gid);
		if (word.n && !err)
			user_add_group(user, gid);
	}
	return err;
}

static int unit_user(struct identity *id, const char *unit, struct bytes text, struct user *user)
{
	const char *name = string_property(id, text, "User");

	if (!user_find(user, name ? name : "root"))
		return unit_groups(id, unit, text, user);
	/* One that systemd makes when it starts it: nobody's. */
	if (bytes_is(property(text, "DynamicUser"), "yes")) {
		user->uid = user->gid = DYNAMIC_ID;
		return 0;
	}
	return no_unit(id, unit, "217/USER): there is no user", name, ASK_NOWHERE("/etc/passwd"));
}

static int unit_directory(struct identity *id, const char *unit, const char *cwd)
{
	BUFFER_AUTO struct buffer path = {};
	bool optional = cwd[0] == '!' || cwd[0] == '-';
	struct stat st;

	cwd += optional;
	buffer_printf(&path, "%s%s", id->who->as.root ? id->who->as.root : "", cwd);
	id->who->cwd = cwd;
	step_at(buffer_string(&path));
	if (optional || cwd[0] != '/' || !stat(buffer_string(&path), &st))
		return 0;
	buffer_printf(id->error, "--unit '%s': systemd could not start it (200/CHDIR): its WorkingDirectory=", unit);
	buffer_puts(id->error, cwd);
	buffer_printf(id->error, " %s", errno == ENOENT ? "does not exist" : "may not be entered");
	return -ENOENT;
}

int identity_of_unit(struct identity *id, const char *unit, struct bytes text)
{
	const char *cwd = string_property(id, text, "WorkingDirectory");
	struct user user = {};
	int err;

	if (!text.n)
		return identity_fail(id, -ENOENT, "--unit", unit,
				     "systemctl show does not answer: is systemd running?");
	if (!bytes_is(property(text, "LoadState"), "loaded"))
		return identity_fail(id, -ENOENT, "--unit", unit, "systemd knows no such unit");
	err = unit_user(id, unit, text, &user);
	if (!err) {
		identity_become(id, &user, bounding_of(id->arena, property(text, "CapabilityBoundingSet")),
				bytes_is(property(text, "NoNewPrivileges"), "yes"));
		id->who->environment = unit_environment(id, property(text, "Environment"));
		id->who->as.root = string_property(id, text, "RootDirectory");
		unit_covers(id, text);
		id->who->program = identity_unit_program(id->arena, text);
		id->who->cwd = "/";
		err = cwd ? unit_directory(id, unit, cwd) : 0;
	}
	user_free(&user);
	return err;
}
