// SPDX-License-Identifier: GPL-2.0-only
/* Rows: execveat() by a descriptor alone. Its number means another file a moment later, or what no path leads to. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "corpus.h"

#define NUMBER 200 /* of the descriptor, whatever is behind it */

/* --- files that take turns behind one number --- */

struct turn {
	struct fixture file;
	const char *stage;
	int error;
	const char *interp;
	bool closes; /* the descriptor does, on exec */
};

static const struct turn turns[] = {
	{ { "denied", 0644, GOOD_ELF }, "lookup", EACCES },
	{ { "text", 0755, "text\n" }, "format", ENOEXEC },
	{ { "script", 0755, "#!@/none\n" }, "interpreter", ENOENT, "@/none" },
	{ { "closed", 0755, "#!/bin/sh\n" }, "interpreter", ENOENT, .closes = true },
	{ { "folder", S_IFDIR | 0755 }, "lookup", EACCES },
	{},
};

/* Each is gone before the next one is made, which may be given its inode number. */
static const struct turn turns_removed[] = {
	{ { "denied", 0644, GOOD_ELF }, "lookup", EACCES },
	{ { "private", 0600, GOOD_ELF }, "lookup", EACCES },
	{ { "folder", S_IFDIR | 0755 }, "lookup", EACCES },
	{ { "locked", 0, GOOD_ELF }, "lookup", EACCES },
	{},
};

static const struct world *world;

static bool are_removed(void)
{
	return world->priv == turns_removed;
}

static void put_behind_number(const char *path, bool closes)
{
	int fd = open_or_die(path, O_PATH);

	if (dup3(fd, NUMBER, closes ? O_CLOEXEC : 0) < 0)
		die("dup3: %m");
	close(fd);
}

static long issue_turns(const struct call *call)
{
	for (const struct turn *turn = world->priv; turn->file.name; turn++) {
		char *path = text_printf("%s/%s", world->dir, turn->file.name);

		if (are_removed())
			make_fixture((struct world *)world, &turn->file);
		put_behind_number(path, turn->closes);
		if (call_issue(call) != -1 || errno != turn->error)
			die("%s: %m", path);
		if (are_removed() && remove(path))
			die("%s: %m", path);
	}
	return -1;
}

static void begin_turns(struct world *w, const struct turn *first)
{
	world = w;
	w->call.dirfd = NUMBER;
	w->call.issue = issue_turns;
	w->priv = (void *)first;
}

/* What changes their directory later would put in doubt what was in it. */
static void take_turns(struct world *w)
{
	begin_turns(w, turns);
	for (const struct turn *turn = turns; turn->file.name; turn++)
		make_fixture(w, &turn->file);
}

static void take_turns_removed(struct world *w)
{
	begin_turns(w, turns_removed);
}

static void every_turn(struct world *w, struct json_object *first)
{
	struct json_object *event = first;

	for (const struct turn *turn = w->priv; turn->file.name; turn++) {
		char *path = text_printf("%s/%s", w->dir, turn->file.name);

		if (turn != w->priv)
			event = expect_again(w, first);
		expect_text(event, "dirfd_path", path);
		expect_error(event, turn->error);
		expect_stage(event, turn->stage);
		if (turn->interp)
			expect_interp(event, expand(w, turn->interp));
		/* The kernel gave up knowing the name, without having tried it. */
		if (turn->closes)
			expect(event, "interpreter_path", match_any());
		/* The kernel opened it. */
		if (turn->error != EACCES)
			expect_binary(event, path);
	}
}

/* --- what no path leads to --- */

static void execute(struct world *w, int fd)
{
	if (fd < 0)
		skip(w, "%m");
	w->call.dirfd = fd;
}

static void execute_socket(struct world *w)
{
	execute(w, socket(AF_INET, SOCK_STREAM, 0));
}

static void execute_pipe(struct world *w)
{
	int ends[2];

	execute(w, pipe(ends) ? -1 : ends[0]);
}

static void execute_eventfd(struct world *w)
{
	execute(w, eventfd(0, 0));
}

static void execute_pidfd(struct world *w)
{
	execute(w, syscall(SYS_pidfd_open, getpid(), 0));
}

static void execute_namespace(struct world *w)
{
	execute(w, open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC));
}

static void namespace_is_numbered(struct world *w, struct json_object *event)
{
	struct stat st;

	if (fstat(w->call.dirfd, &st))
		die("a namespace: %m");
	expect_text(event, "dirfd_path", text_printf("nsfs:[%lu]", (unsigned long)st.st_ino));
}

/* As /proc shows it. */
static void descriptor_is_named(struct world *w, struct json_object *event)
{
	char link[64];
	ssize_t n = readlink(text_printf("/proc/self/fd/%d", w->call.dirfd), link, sizeof(link) - 1);

	link[n > 0 ? n : 0] = '\0';
	expect_text(event, "dirfd_path", link);
}

#define BY_DESCRIPTOR .at = true, .path = "", .flags = AT_EMPTY_PATH

const struct scenario descriptor_scenarios[] = {
	{ "execveat_turns", "lookup", EACCES, BY_DESCRIPTOR, .setup = take_turns, .adjust = every_turn },
	{ "execveat_turns_removed", "lookup", EACCES, BY_DESCRIPTOR, .setup = take_turns_removed,
	  .adjust = every_turn },
	{ "execveat_socket", "lookup", EACCES, BY_DESCRIPTOR, .setup = execute_socket, .adjust = descriptor_is_named },
	{ "execveat_pipe", "lookup", EACCES, BY_DESCRIPTOR, .setup = execute_pipe, .adjust = descriptor_is_named },
	{ "execveat_eventfd", "lookup", EACCES, BY_DESCRIPTOR, .setup = execute_eventfd,
	  .adjust = descriptor_is_named },
	{ "execveat_pidfd", "lookup", EACCES, BY_DESCRIPTOR, .setup = execute_pidfd, .adjust = descriptor_is_named },
	{ "execveat_namespace", "lookup", EACCES, BY_DESCRIPTOR, .setup = execute_namespace,
	  .adjust = namespace_is_numbered },
	{},
};
