// SPDX-License-Identifier: GPL-2.0-only
#include "event/users.h"

#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"

struct user {
	uid_t uid;
	char *name;
};

struct users {
	char *path;
	struct stat seen; /* what was read; all 0: nothing */
	int64_t checked; /* second of the event for which it was last compared */
	struct user *v;
	size_t n;
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

const char *users_name(struct users *users, uid_t uid, int64_t now)
{
	const char *name = users->checked == now ? users_find(users, uid) : NULL;

	if (name)
		return name;
	users->checked = now;
	users_refresh(users);
	return users_find(users, uid);
}

struct users *users_new(const char *etc)
{
	struct users *users = memory_new(sizeof(*users));

	if (asprintf(&users->path, "%s/passwd", etc) < 0)
		memory_need(NULL);
	return users;
}

void users_free(struct users *users)
{
	users_clear(users);
	free(users->path);
	free(users);
}
