// SPDX-License-Identifier: GPL-2.0-only
#include "base/ask.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buffer.h"

enum { TEXT_MAX = 1 << 20 };

struct bytes ask_read(struct arena *arena, int fd)
{
	BUFFER_AUTO struct buffer text = {};
	ssize_t n = 1;

	while (fd >= 0 && n > 0 && text.n < TEXT_MAX) {
		n = read(fd, buffer_reserve(&text, 4096), 4096);
		text.n += n > 0 ? (size_t)n : 0;
	}
	return (struct bytes){ arena_copy(arena, text.p, text.n), text.n };
}

struct bytes ask_program(struct arena *arena, char *const *argv)
{
	posix_spawn_file_actions_t actions;
	struct bytes text = {};
	int ends[2], status;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		return text;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
	status = posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ);
	close(ends[1]);
	if (!status) {
		text = ask_read(arena, ends[0]);
		waitpid(pid, &status, 0);
	}
	close(ends[0]);
	posix_spawn_file_actions_destroy(&actions);
	return text;
}

/* What getent(1) has in that database. What looks like an option is no name. */
static struct bytes ask_getent(struct arena *arena, const char *database, const char *name)
{
	char *argv[] = { (char *)"getent", (char *)database, (char *)name, NULL };

	return *name && *name != '-' ? ask_program(arena, argv) : (struct bytes){};
}

static bool is_called(const char *has, uint32_t id, const char *name)
{
	char number[16];

	snprintf(number, sizeof(number), "%u", id);
	return !strcmp(has, name) || !strcmp(number, name);
}

static char *kept(struct arena *arena, const char *text)
{
	return arena_copy(arena, text, strlen(text));
}

/* Closes the file; NULL: there is none. */
static bool find_user_in(FILE *file, struct arena *arena, const char *name, struct passwd *user)
{
	const struct passwd *entry = NULL;
	bool found = false;

	while (file && !found && (entry = fgetpwent(file)))
		found = is_called(entry->pw_name, entry->pw_uid, name);
	if (found)
		*user = (struct passwd){
			.pw_name = kept(arena, entry->pw_name),
			.pw_dir = kept(arena, entry->pw_dir),
			.pw_shell = kept(arena, entry->pw_shell),
			.pw_uid = entry->pw_uid,
			.pw_gid = entry->pw_gid,
		};
	if (file)
		fclose(file);
	return found;
}

bool ask_user(struct arena *arena, const char *name, struct passwd *user, bool *asked)
{
	struct bytes text;

	*asked = false;
	if (find_user_in(fopen("/etc/passwd", "re"), arena, name, user))
		return true;
	text = ask_getent(arena, "passwd", name);
	*asked = text.n;
	return text.n && find_user_in(fmemopen((char *)text.p, text.n, "r"), arena, name, user);
}

/* Closes the file; NULL: there is none. */
static bool find_group_in(FILE *file, const char *name, gid_t *gid)
{
	const struct group *entry = NULL;
	bool found = false;

	while (file && !found && (entry = fgetgrent(file)))
		found = is_called(entry->gr_name, entry->gr_gid, name);
	if (found)
		*gid = entry->gr_gid;
	if (file)
		fclose(file);
	return found;
}

bool ask_group(struct arena *arena, const char *name, gid_t *gid)
{
	struct bytes text;

	if (find_group_in(fopen("/etc/group", "re"), name, gid))
		return true;
	text = ask_getent(arena, "group", name);
	return text.n && find_group_in(fmemopen((char *)text.p, text.n, "r"), name, gid);
}
