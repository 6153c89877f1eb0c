// SPDX-License-Identifier: GPL-2.0-only
/*
 * Programs that rows need and a small machine may lack. This binary is all of them: a symbolic link in the row's
 * directory says which.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "corpus.h"

/* env NAME [ARG...]: searches PATH as env does, 127 when there is none. */
static int env_main(char **argv)
{
	execvp(argv[1], argv + 1);
	return errno == ENOENT ? 127 : 126;
}

/* mark ARG...: creates the file `marked` in its own directory, for the kernel to show that it did call us. */
static int mark_main(char **argv)
{
	char *path = text_printf("%.*s/marked", (int)(strrchr(argv[0], '/') - argv[0]), argv[0]);

	return open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0644) < 0;
}

/* spawnp NAME [ARG...]: searches its own PATH, and would pass on another; stopped when that has failed. */
static int spawnp_main(char **argv)
{
	char *environment[] = { "PATH=/nowhere", NULL };
	pid_t pid;
	int error = posix_spawnp(&pid, argv[1], NULL, NULL, argv + 1, environment);

	if (error == ENOENT)
		raise(SIGSTOP);
	return error;
}

static const struct {
	const char *name;
	int (*main)(char **argv);
} roles[] = {
	{ "env", env_main },
	{ "mark", mark_main },
	{ "spawnp", spawnp_main },
};

bool role_main(int argc, char **argv, int *status)
{
	const char *name = argc > 0 ? basename(argv[0]) : "";

	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
		if (strcmp(name, roles[i].name))
			continue;
		*status = roles[i].main(argv);
		return true;
	}
	return false;
}
