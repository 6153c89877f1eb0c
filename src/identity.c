// SPDX-License-Identifier: GPL-2.0-only
#include "identity.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/ask.h"
#include "base/memory.h"
#include "event/container.h"
#include "look/access.h"
#include "look/search.h"
#include "user.h"

#ifndef SYS_openat2
#define SYS_openat2 437 /* on all architectures */
#endif

enum {
	WORDS_MAX = 4096,
	DYNAMIC_ID = 61184, /* the first that systemd gives to DynamicUser= */
};

#define ALL_CAPS 0x1ffffffffffull

struct identity {
	struct explain_who *who;
	struct arena *arena;
	struct buffer *error;
};

/* Whoever logs it escapes it. */
static int fail(struct identity *id, int err, const char *what, const char *name, const char *why)
{
	buffer_printf(id->error, "%s '", what);
	buffer_puts(id->error, name);
	buffer_printf(id->error, "': %s", why);
	return err;
}

static struct bytes read_path(struct arena *arena, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct bytes text = ask_read(arena, fd);

	if (fd >= 0)
		close(fd);
	return text;
}

/* --- what /proc/PID/status would say --- */

static struct bytes status_of(struct arena *arena, const struct user *user, uint64_t caps, uint64_t bounding,
			      bool locked)
{
	BUFFER_AUTO struct buffer text = {};

	buffer_printf(&text, "Uid:\t%u\t%u\t%u\t%u\nGid:\t%u\t%u\t%u\t%u\nGroups:\t", user->uid, user->uid, user->uid,
		      user->uid, user->gid, user->gid, user->gid, user->gid);
	for (size_t i = 0; i < user->n_groups; i++)
		buffer_printf(&text, "%u ", user->groups[i]);
	buffer_printf(
		&text,
		"\nCapInh:\t%016llx\nCapPrm:\t%016llx\nCapEff:\t%016llx\nCapBnd:\t%016llx\nNoNewPrivs:\t%d\nSeccomp:\t0\n",
		0ull, (unsigned long long)caps, (unsigned long long)caps, (unsigned long long)bounding, locked);
	return (struct bytes){ arena_copy(arena, text.p, text.n), text.n };
}

static void become(struct identity *id, const struct user *user, uint64_t bounding, bool locked)
{
	id->who->uid = user->uid;
	id->who->gid = user->gid;
	id->who->as.status = status_of(id->arena, user, user->uid ? 0 : bounding, bounding, locked);
}

/* Ours, with what a login would set anew. */
static char **environment_of(struct arena *arena, const struct user *user)
{
	static const char *const own[] = { "HOME=", "USER=", "LOGNAME=", "SHELL=" };
	const char *values[] = { user->home, user->name, user->name, user->shell };
	size_t n = 0;
	char **list;

	while (environ[n])
		n++;
	list = arena_alloc(arena, (n + 1 + sizeof(own) / sizeof(own[0])) * sizeof(*list));
	n = 0;
	for (char **variable = environ; *variable; variable++) {
		bool replaced = false;

		for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
			replaced |= bytes_begins(bytes_of(*variable), own[i]);
		if (!replaced)
			list[n++] = *variable;
	}
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		list[n++] = arena_printf(arena, "%s%s", own[i], values[i]);
	return list;
}

static int as_user(struct identity *id, const char *name)
{
	struct user user;
	int err = user_find(&user, name);

	if (err) {
		err = fail(id, err, "--user", name, "there is no such user" ASK_NOWHERE("/etc/passwd"));
	} else {
		become(id, &user, ALL_CAPS, false);
		id->who->environment = environment_of(id->arena, &user);
	}
	user_free(&user);
	return err;
}

/* --- a process --- */

/* Strings with NULs behind them, as /proc/PID/environ. */
static char **split(struct arena *arena, struct bytes text)
{
	char **list = arena_alloc(arena, (WORDS_MAX + 1) * sizeof(*list));
	size_t n = 0;

	while (text.n && n < WORDS_MAX)
		list[n++] = (char *)bytes_cut(&text, '\0').p;
	return list;
}

/* By what AppArmor or SELinux confine it, "docker-default (enforce)"; NULL: they do not, or it cannot be read. */
static const char *label_of(struct arena *arena, const char *pid)
{
	struct bytes text = read_path(arena, arena_printf(arena, "/proc/%s/attr/current", pid));

	text = bytes_first(text, bytes_find(text, '\n'));
	text = bytes_first(text, bytes_find(text, '\0'));
	if (!text.n || memmem(text.p, text.n, "unconfined", strlen("unconfined")))
		return NULL;
	return arena_copy(arena, text.p, text.n);
}

static int as_process(struct identity *id, const char *pid)
{
	struct credentials credentials;
	struct bytes status;

	if (!*pid || strspn(pid, "0123456789") != strlen(pid))
		return fail(id, -EINVAL, "--pid", pid, "is not the number of a process");
	status = read_path(id->arena, arena_printf(id->arena, "/proc/%s/status", pid));
	if (!status.n)
		return fail(id, -ESRCH, "--pid", pid, "there is no such process");
	access_parse_status(id->arena, status, &credentials);
	id->who->as.pid = pid;
	id->who->filtered = credentials.seccomp > 0;
	id->who->label = label_of(id->arena, pid);
	id->who->uid = credentials.uid;
	id->who->gid = credentials.gid;
	id->who->environment = split(id->arena, read_path(id->arena, arena_printf(id->arena, "/proc/%s/environ", pid)));
	if (faccessat(AT_FDCWD, arena_printf(id->arena, "/proc/%s/root/.", pid), F_OK, AT_EACCESS))
		return fail(id, -errno, "--pid", pid,
			    geteuid() ? "its root may be looked at by root alone" : "its root may not be looked at");
	return 0;
}

/*
 * --- a container: the process of it that has the lowest number. Every user may call a group of his own so, and whoever does is heeded
 * only where the system has none of that name. ---
 */

enum { OF_SYSTEM, OF_USER, OF_NONE };

static int whose_container(struct arena *arena, const char *pid, const char *id)
{
	struct bytes text = read_path(arena, arena_printf(arena, "/proc/%s/cgroup", pid));
	struct container found = container_parse(arena, container_cgroup(text));

	if (!found.id.p || !bytes_begins(found.id, id))
		return OF_NONE;
	return found.delegated_to == CALLER_UNKNOWN ? OF_SYSTEM : OF_USER;
}

static int as_container(struct identity *id, const char *container)
{
	long first[] = { [OF_SYSTEM] = LONG_MAX, [OF_USER] = LONG_MAX, [OF_NONE] = 0 }, lowest, pid;
	DIR *proc = opendir("/proc");
	const struct dirent *entry;
	char *end;
	int whose;

	while (proc && (entry = readdir(proc))) {
		pid = strtol(entry->d_name, &end, 10);
		whose = *end || pid <= 0 ? OF_NONE : whose_container(id->arena, entry->d_name, container);
		first[whose] = pid < first[whose] ? pid : first[whose];
	}
	if (proc)
		closedir(proc);
	lowest = first[OF_SYSTEM] < LONG_MAX ? first[OF_SYSTEM] : first[OF_USER];
	if (lowest == LONG_MAX || !*container)
		return fail(id, -ESRCH, "--container", container,
			    "no process here is of a container whose id begins so");
	return as_process(id, arena_printf(id->arena, "%ld", lowest));
}

/* --- a unit, as systemctl(1) shows it: NAME=VALUE, a line each --- */

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

/* What it says; n 0: nothing, or it could not be asked. */
static struct bytes ask_systemctl(struct identity *id, const char *unit)
{
	BUFFER_AUTO struct buffer names = {};

	buffer_puts(&names, "--property=");
	for (size_t i = 0; wanted[i]; i++)
		buffer_printf(&names, "%s%s", i ? "," : "", wanted[i]);
	return ask_program(id->arena, (char *[]){ (char *)"systemctl", (char *)"show", (char *)"--no-pager",
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
static char **unit_program(struct identity *id, struct bytes value)
{
	static const char before[] = "argv[]=";
	char **list = arena_alloc(id->arena, (WORDS_MAX + 2) * sizeof(*list));
	const char *at = memmem(value.p, value.n, before, strlen(before)), *end;
	struct bytes path = bytes_after(value, bytes_find(value, '=') + 1), words;
	size_t n = 0;

	if (!at)
		return NULL;
	words = bytes_after(value, (size_t)(at - value.p) + strlen(before));
	end = memmem(words.p, words.n, " ; ", 3);
	words = bytes_first(words, end ? (size_t)(end - words.p) : words.n);
	path = bytes_first(path, bytes_find(path, ' '));
	list[n++] = arena_copy(id->arena, path.p, path.n);
	bytes_cut(&words, ' ');
	while (words.n && n < WORDS_MAX) {
		struct bytes word = bytes_cut(&words, ' ');

		list[n++] = arena_copy(id->arena, word.p, word.n);
	}
	return list;
}

/* "cap_net_raw cap_sys_admin"; all, where it is not said. */
static uint64_t bounding_of(struct arena *arena, struct bytes names)
{
	uint64_t caps = 0;

	if (!names.n)
		return ALL_CAPS;
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
	if (optional || cwd[0] != '/' || !stat(buffer_string(&path), &st))
		return 0;
	buffer_printf(id->error, "--unit '%s': systemd could not start it (200/CHDIR): its WorkingDirectory=", unit);
	buffer_puts(id->error, cwd);
	buffer_printf(id->error, " %s", errno == ENOENT ? "does not exist" : "may not be entered");
	return -ENOENT;
}

static int as_unit(struct identity *id, const char *unit)
{
	struct bytes text = ask_systemctl(id, unit);
	const char *cwd = string_property(id, text, "WorkingDirectory");
	struct user user = {};
	int err;

	if (!text.n)
		return fail(id, -ENOENT, "--unit", unit, "systemctl show does not answer: is systemd running?");
	if (!bytes_is(property(text, "LoadState"), "loaded"))
		return fail(id, -ENOENT, "--unit", unit, "systemd knows no such unit");
	err = unit_user(id, unit, text, &user);
	if (!err) {
		become(id, &user, bounding_of(id->arena, property(text, "CapabilityBoundingSet")),
		       bytes_is(property(text, "NoNewPrivileges"), "yes"));
		id->who->environment = unit_environment(id, property(text, "Environment"));
		id->who->as.root = string_property(id, text, "RootDirectory");
		unit_covers(id, text);
		id->who->program = unit_program(id, property(text, "ExecStart"));
		id->who->cwd = "/";
		err = cwd ? unit_directory(id, unit, cwd) : 0;
	}
	user_free(&user);
	return err;
}

/* --- which of them --- */

static int find_who(struct identity *id, const struct job_options *options)
{
	if (options->user)
		return as_user(id, options->user);
	if (options->pid)
		return as_process(id, options->pid);
	if (options->unit)
		return as_unit(id, options->unit);
	if (options->container)
		return as_container(id, options->container);
	id->who->environment = environ;
	id->who->uid = geteuid();
	id->who->gid = getegid();
	return 0;
}

/* In the root that is meant. */
static bool is_directory(const struct identity *id, const char *path)
{
	const struct view_as *as = &id->who->as;
	const char *root = as->root ? as->root : as->pid ? arena_printf(id->arena, "/proc/%s/root", as->pid) : "/";
	struct open_how how = { .flags = O_PATH | O_DIRECTORY | O_CLOEXEC, .resolve = RESOLVE_IN_ROOT };
	int top = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC), fd;
	bool is;

	fd = (int)syscall(SYS_openat2, top, path, &how, sizeof(how));
	/* Before 5.6, and where a filter of a container does not know it, the answer says what is wrong. */
	is = path[0] == '/' && (fd >= 0 || errno == ENOSYS || errno == EPERM || errno == EACCES);
	if (fd >= 0)
		close(fd);
	if (top >= 0)
		close(top);
	return is;
}

int identity_find(struct explain_who *who, const struct job_options *options, struct arena *arena, struct buffer *error)
{
	struct identity id = { who, arena, error };
	struct stat st;
	char *cwd;
	int err;

	*who = (struct explain_who){};
	if (!options->user && !options->pid && !options->unit && !options->container && !options->root && !options->cwd)
		return 0;
	err = find_who(&id, options);
	if (err)
		return err;
	if (options->root)
		who->as.root = options->root;
	if (options->root && (stat(options->root, &st) || !S_ISDIR(st.st_mode)))
		return fail(&id, -ENOTDIR, "--root", options->root, "there is no such directory");
	if (options->cwd && !is_directory(&id, options->cwd))
		return fail(&id, -ENOTDIR, "--cwd", options->cwd, "there is no such directory (a path from the root)");
	if (options->cwd)
		who->cwd = options->cwd;
	else if (options->root)
		who->cwd = "/";
	else if (!who->cwd && !who->as.pid) {
		cwd = arena_alloc(arena, PATH_MAX);
		who->cwd = getcwd(cwd, PATH_MAX);
	}
	return 1;
}
