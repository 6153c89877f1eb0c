// SPDX-License-Identifier: GPL-2.0-only
#include "user.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"

static bool is_user(const struct passwd *entry, const char *name)
{
	char number[16];

	snprintf(number, sizeof(number), "%u", entry->pw_uid);
	return !strcmp(entry->pw_name, name) || !strcmp(number, name);
}

static char *copy(const char *text)
{
	return memory_need(strdup(text));
}

/* No NSS: it would load libraries and ask the network. */
static bool find_entry(struct user *user, const char *name)
{
	FILE *file = fopen("/etc/passwd", "re");
	const struct passwd *entry;

	while (file && !user->name && (entry = fgetpwent(file))) {
		if (!is_user(entry, name))
			continue;
		user->name = copy(entry->pw_name);
		user->home = copy(entry->pw_dir);
		user->shell = copy(*entry->pw_shell ? entry->pw_shell : "/bin/sh");
		user->uid = entry->pw_uid;
		user->gid = entry->pw_gid;
	}
	if (file)
		fclose(file);
	return user->name;
}

static void add_group(struct user *user, gid_t gid)
{
	user->groups = memory_resize(user->groups, (user->n_groups + 1) * sizeof(gid));
	user->groups[user->n_groups++] = gid;
}

static void find_groups(struct user *user)
{
	FILE *file = fopen("/etc/group", "re");
	const struct group *entry;

	add_group(user, user->gid);
	while (file && (entry = fgetgrent(file)))
		for (char **member = entry->gr_mem; *member; member++)
			if (!strcmp(*member, user->name) && entry->gr_gid != user->gid)
				add_group(user, entry->gr_gid);
	if (file)
		fclose(file);
}

int user_find(struct user *user, const char *name, struct buffer *error)
{
	const char *caller = getenv("SUDO_UID");

	*user = (struct user){};
	if (!*name && !caller) {
		buffer_puts(error, "--as-user: nobody called sudo (SUDO_UID is not set): name somebody");
		return -ENOENT;
	}
	if (!find_entry(user, *name ? name : caller)) {
		buffer_puts(error, "--as-user: there is no user '");
		text_escape(error, bytes_of(*name ? name : caller));
		buffer_puts(error, "' in /etc/passwd");
		return -ENOENT;
	}
	find_groups(user);
	return 0;
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
