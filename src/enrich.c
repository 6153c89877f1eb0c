// SPDX-License-Identifier: GPL-2.0-only
#include "enrich.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fields.h"
#include "lookup.h"
#include "memory.h"
#include "secret.h"

enum { CUT_MIN = 200 }; /* bytes; no string shorter than this is cut while others follow */

struct user {
	uid_t uid;
	char *name;
};

/* The host's /etc/passwd, read again when it is another one. No NSS: it would load libraries and ask the network. */
struct users {
	char *path;
	struct stat seen; /* what was read; all 0: nothing */
	int64_t checked; /* second of the event for which it was last compared */
	struct user *v;
	size_t n;
};

struct enrich {
	const char *proc;
	const char *root;
	unsigned int flags;
	char host[HOST_NAME_MAX + 1];
	struct users users;
	uint32_t mnt_ns; /* our own; 0: unknown */
};

static void users_clear(struct users *users)
{
	for (size_t i = 0; i < users->n; i++)
		free(users->v[i].name);
	free(users->v);
	users->v = NULL;
	users->n = 0;
}

static void users_add(struct users *users, const struct passwd *entry)
{
	/* Room is doubled at the powers of two. */
	if (!(users->n & (users->n - 1)))
		users->v = memory_resize(users->v, (users->n ? 2 * users->n : 1) * sizeof(*users->v));
	users->v[users->n++] = (struct user){ entry->pw_uid, memory_need(strdup(entry->pw_name)) };
}

static void users_read(struct users *users)
{
	FILE *file = fopen(users->path, "re");
	struct passwd entry, *found;
	size_t size = 64 * 1024; /* no line that means something is longer */
	char *line;

	users_clear(users);
	if (!file)
		return;
	line = memory_new(size);
	while (!fgetpwent_r(file, &entry, line, size, &found))
		if (!strchr("+-", entry.pw_name[0])) /* asks for entries of NIS, and is none */
			users_add(users, &entry);
	free(line);
	fclose(file);
}

static bool same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static void users_refresh(struct users *users)
{
	struct stat now = {};

	if (stat(users->path, &now))
		now = (struct stat){};
	if (same_file(&now, &users->seen))
		return;
	users->seen = now;
	users_read(users);
}

static const char *users_find(const struct users *users, uid_t uid)
{
	for (size_t i = 0; i < users->n; i++)
		if (users->v[i].uid == uid)
			return users->v[i].name;
	return NULL;
}

/* Once a second is often enough to notice a user who changed, but a new one is to be found at once. */
static const char *users_name(struct users *users, uid_t uid, int64_t now)
{
	const char *name = users->checked == now ? users_find(users, uid) : NULL;

	if (name)
		return name;
	users->checked = now;
	users_refresh(users);
	return users_find(users, uid);
}

static void enrich_user(struct enrich *enrich, struct event *event)
{
	const char *name;

	if (event->user.p || event->uid == RECORD_UNKNOWN)
		return;
	name = users_name(&enrich->users, event->uid, event->time_sec);
	if (!name)
		return;
	event->user.n = strlen(name);
	event->user.p = arena_copy(event->arena, name, event->user.n);
}

static void enrich_environment(struct enrich *enrich, struct event *event)
{
	struct bytes_list *list = &event->environment;
	bool any_cut = event->cut & 1u << PART_ENVIRONMENT;

	if (enrich->flags & ENRICH_SHOW_SECRETS)
		return;
	for (size_t i = 0; i < list->n; i++) {
		struct bytes *variable = &list->v[i];
		/* Which of them were cut is not known, but it is long ones, or the last. */
		bool cut = any_cut && (i + 1 == list->n || variable->n >= CUT_MIN);

		*variable = secret_variable(event->arena, *variable, cut);
	}
}

/* A file below /proc of the calling thread. */
static const char *proc_path(const struct enrich *enrich, const struct event *event, const char *name)
{
	return arena_printf(event->arena, "%s/%u/%s", enrich->proc, event->tid, name);
}

static uint32_t namespace_of(const char *path)
{
	struct stat st;

	return stat(path, &st) ? 0 : (uint32_t)st.st_ino;
}

/*
 * The caller's root, or -errno. One that has gone cannot be asked, and its pid can be another process's by now: then
 * our own root stands for it, provided it lived in our mount namespace.
 */
static int open_root(const struct enrich *enrich, const struct event *event, bool *gone)
{
	uint32_t mnt_ns = namespace_of(proc_path(enrich, event, "ns/mnt"));
	int fd = open(proc_path(enrich, event, "root"), O_PATH | O_DIRECTORY | O_CLOEXEC);

	*gone = fd < 0 || (event->mnt_ns && mnt_ns && mnt_ns != event->mnt_ns);
	if (!*gone)
		return fd;
	if (fd >= 0)
		close(fd);
	if (!event->mnt_ns || event->mnt_ns != enrich->mnt_ns)
		return -ESRCH;
	fd = open(enrich->root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static struct bytes read_link(struct arena *arena, const char *path)
{
	char target[PATH_MAX];
	ssize_t n = readlink(path, target, sizeof(target));

	if (n <= 0 || n == sizeof(target))
		return (struct bytes){};
	return (struct bytes){ arena_copy(arena, target, (size_t)n), (size_t)n };
}

/* What a path that does not begin with a slash begins at. */
static struct bytes base_of(const struct enrich *enrich, const struct event *event)
{
	bool at = event->call == CALL_EXECVEAT && event->dirfd != AT_FDCWD;
	enum event_part part = at ? PART_DIRFD_PATH : PART_CWD;

	if (event->cut & 1u << part)
		return (struct bytes){};
	if (at)
		return event->dirfd_path;
	return event->cwd.p ? event->cwd : read_link(event->arena, proc_path(enrich, event, "cwd"));
}

/*
 * The kernel shows paths from the root of the mount namespace. Of a caller in a chroot, whose own root is below it,
 * what leads to that root has to go.
 */
static struct bytes below_root(const struct enrich *enrich, const struct event *event, struct bytes path)
{
	struct bytes root = read_link(event->arena, proc_path(enrich, event, "root"));

	if (root.n <= 1 || path.n < root.n || memcmp(path.p, root.p, root.n) ||
	    (path.n > root.n && path.p[root.n] != '/'))
		return path;
	return (struct bytes){ path.p + root.n, path.n - root.n };
}

static bool begins_with(struct bytes in, const char *start)
{
	size_t n = strlen(start);

	return in.n >= n && !memcmp(in.p, start, n);
}

/* The path from the caller's root; NULL where it cannot be known. */
static const char *path_from_root(const struct enrich *enrich, const struct event *event, bool gone)
{
	struct bytes path = event->path, base;
	bool empty = event->call == CALL_EXECVEAT && event->flags & AT_EMPTY_PATH;

	if (!path.p || event->cut & 1u << PART_PATH || memchr(path.p, '\0', path.n) || (!path.n && !empty))
		return NULL;
	if (path.n && path.p[0] == '/')
		return arena_copy(event->arena, path.p, path.n);
	base = base_of(enrich, event);
	if (!base.n || base.p[0] != '/' || memchr(base.p, '\0', base.n))
		return NULL;
	if (!gone)
		base = below_root(enrich, event, base);
	if (!path.n)
		return arena_copy(event->arena, base.p, base.n);
	return arena_printf(event->arena, "%.*s/%.*s", (int)base.n, base.p, (int)path.n, path.p);
}

/* Where no hook saw the file, user space looks: afterwards, and as the caller would have found it. */
static void enrich_binary(const struct enrich *enrich, struct event *event)
{
	bool follow = !(event->call == CALL_EXECVEAT && event->flags & AT_SYMLINK_NOFOLLOW);
	struct event_file file;
	const char *path;
	bool gone;
	int root, fd;

	root = open_root(enrich, event, &gone);
	if (root < 0)
		return;
	path = path_from_root(enrich, event, gone);
	fd = path ? lookup_open(root, path, follow) : -ENOENT;
	close(root);
	if (fd < 0)
		return;
	/* Below /proc the same path is another file for every process. A link is not what would have been started. */
	if (!lookup_file(event->arena, fd, &file) && !begins_with(file.path, "/proc/") && !S_ISLNK(file.mode)) {
		event->binary = file;
		event->binary_source = BINARY_SOURCE_STAT;
	}
	close(fd);
}

void enrich_event(struct enrich *enrich, struct event *event)
{
	if (event->type == EVENT_LOST)
		return;
	enrich_user(enrich, event);
	enrich_environment(enrich, event);
	if (event->seen & SEEN_OUTCOME && !event->binary.known)
		enrich_binary(enrich, event);
}

static void read_host(struct enrich *enrich)
{
	char *path;
	FILE *file;

	if (asprintf(&path, "%s/sys/kernel/hostname", enrich->proc) < 0)
		memory_need(NULL);
	file = fopen(path, "re");
	free(path);
	if (!file || !fgets(enrich->host, sizeof(enrich->host), file))
		gethostname(enrich->host, sizeof(enrich->host) - 1);
	if (file)
		fclose(file);
	enrich->host[strcspn(enrich->host, "\n")] = '\0';
	fields_set_host((struct bytes){ enrich->host[0] ? enrich->host : NULL, strlen(enrich->host) });
}

static uint32_t own_namespace(const struct enrich *enrich)
{
	uint32_t number;
	char *path;

	if (asprintf(&path, "%s/self/ns/mnt", enrich->proc) < 0)
		memory_need(NULL);
	number = namespace_of(path);
	free(path);
	return number;
}

struct enrich *enrich_new(const struct enrich_roots *roots, unsigned int flags)
{
	struct enrich *enrich = memory_new(sizeof(*enrich));
	const char *etc = roots && roots->etc ? roots->etc : "/etc";

	enrich->proc = roots && roots->proc ? roots->proc : "/proc";
	enrich->root = roots && roots->root ? roots->root : "/";
	enrich->flags = flags;
	enrich->mnt_ns = own_namespace(enrich);
	if (asprintf(&enrich->users.path, "%s/passwd", etc) < 0)
		memory_need(NULL);
	read_host(enrich);
	return enrich;
}

void enrich_free(struct enrich *enrich)
{
	if (!enrich)
		return;
	fields_set_host((struct bytes){});
	users_clear(&enrich->users);
	free(enrich->users.path);
	free(enrich);
}
