// SPDX-License-Identifier: GPL-2.0-only
#include "user.h"

#include <errno.h>
#include <grp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/ask.h"
#include "base/memory.h"

static char *copy(const char *text)
{
	return memory_need(strdup(text));
}

void user_add_group(struct user *user, gid_t gid)
{
	for (size_t i = 0; i < user->n_groups; i++)
		if (user->groups[i] == gid)
			return;
	user->groups = memory_resize(user->groups, (user->n_groups + 1) * sizeof(gid));
	user->groups[user->n_groups++] = gid;
}

/* Of /etc/group. */
static void find_groups(struct user *user)
{
	FILE *file = fopen("/etc/group", "re");
	const struct group *entry;

	while (file && (entry = fgetgrent(file)))
		for (char **member = entry->gr_mem; *member; member++)
			if (!strcmp(*member, user->name))
				user_add_group(user, entry->gr_gid);
	if (file)
		fclose(file);
}

/* Of who knows the user: "NAME  27 100". */
static void ask_groups(struct user *user, struct arena *arena)
{
	char *argv[] = { (char *)"getent", (char *)"initgroups", user->name, NULL };
	struct bytes text = ask_program(arena, argv), word;

	bytes_cut(&text, ' ');
	text = bytes_first(text, bytes_find(text, '\n'));
	while (text.n) {
		word = bytes_cut(&text, ' ');
		if (word.n)
			user_add_group(user, (gid_t)strtoul(arena_copy(arena, word.p, word.n), NULL, 10));
	}
}

static bool find(struct user *user, struct arena *arena, const char *name)
{
	struct passwd entry;
	bool asked;

	if (!ask_user(arena, name, &entry, &asked))
		return false;
	user->name = copy(entry.pw_name);
	user->home = copy(entry.pw_dir);
	user->shell = copy(*entry.pw_shell ? entry.pw_shell : "/bin/sh");
	user->uid = entry.pw_uid;
	user->gid = entry.pw_gid;
	user_add_group(user, user->gid);
	if (asked)
		ask_groups(user, arena);
	else
		find_groups(user);
	return true;
}

int user_find(struct user *user, const char *name)
{
	struct arena *arena = arena_new();
	bool found;

	*user = (struct user){};
	found = *name && find(user, arena, name);
	arena_free(arena);
	return found ? 0 : -ENOENT;
}

void user_free(struct user *user)
{
	free(user->name);
	free(user->home);
	free(user->shell);
	free(user->groups);
	*user = (struct user){};
}

static void forget_sudo(const struct user *user)
{
	static const char *const names[] = { "SUDO_COMMAND", "SUDO_GID", "SUDO_UID", "SUDO_USER", "SUDO_HOME" };
	const char *caller = getenv("SUDO_USER");

	if (!caller || strcmp(caller, user->name))
		return;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		unsetenv(names[i]);
}

int user_become(const struct user *user)
{
	if (setgroups(user->n_groups, user->groups) || setresgid(user->gid, user->gid, user->gid) ||
	    setresuid(user->uid, user->uid, user->uid))
		return -errno;
	forget_sudo(user);
	if (setenv("HOME", user->home, 1) || setenv("LOGNAME", user->name, 1) || setenv("USER", user->name, 1) ||
	    setenv("SHELL", user->shell, 1))
		return -errno;
	return 0;
}
