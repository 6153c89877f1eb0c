// SPDX-License-Identifier: GPL-2.0-only
#include "command.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/log.h"
#include "base/text.h"

static bool runnable(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISREG(st.st_mode) && !faccessat(AT_FDCWD, path, X_OK, AT_EACCESS);
}

/* The first in PATH that can run, in room; NULL when there is none. */
static const char *path_search(const char *name, char *room, size_t size)
{
	const char *dir = getenv("PATH") ?: "/usr/local/bin:/usr/bin:/bin", *end;
	int n;

	for (;; dir = end + 1) {
		end = strchrnul(dir, ':');
		n = snprintf(room, size, "%.*s%s%s", (int)(end - dir), dir, end > dir ? "/" : "", name);
		if (n > 0 && (size_t)n < size && runnable(room))
			return room;
		if (!*end)
			return NULL;
	}
}

static void child_run(char **argv)
{
	char room[PATH_MAX];
	struct buffer name = {};
	int error;
	const char *path = strchr(argv[0], '/') ? argv[0] : path_search(argv[0], room, sizeof(room));

	/* execvp() also hands a file without #! to the shell, and where nothing is found its tries are the report. */
	if (*argv[0])
		execvp(path ?: argv[0], argv);
	else
		execv(argv[0], argv);
	error = errno;
	text_quote(&name, bytes_of(argv[0]));
	log_err("cannot start %s: %s", buffer_string(&name), error_text(error));
	_exit(error == ENOENT || error == ENOTDIR ? COMMAND_NOT_FOUND : COMMAND_NOT_EXECUTABLE);
}

static void child_wait(int gate)
{
	char go;

	/* The end of the file without a byte: the tracer gave up before it was ready. */
	if (read(gate, &go, 1) != 1)
		_exit(COMMAND_NOT_EXECUTABLE);
	close(gate);
}

static void child_become(const struct user *user)
{
	int err = user->name ? user_become(user) : 0;

	if (!err)
		return;
	log_err("cannot become %s: %s", user->name, error_text(-err));
	_exit(COMMAND_NOT_EXECUTABLE);
}

int command_prepare(struct command *command, char **argv, const struct user *user,
		    const struct command_signals *signals)
{
	int gate[2];

	if (pipe2(gate, O_CLOEXEC))
		return -errno;
	command->pid = fork();
	if (command->pid < 0) {
		close(gate[0]);
		close(gate[1]);
		return -errno;
	}
	if (!command->pid) {
		close(gate[1]);
		sigaction(SIGPIPE, &signals->pipe, NULL);
		sigaction(SIGCHLD, &signals->child, NULL);
		sigprocmask(SIG_SETMASK, &signals->mask, NULL);
		child_wait(gate[0]);
		child_become(user);
		child_run(argv);
	}
	close(gate[0]);
	command->gate = gate[1];
	return 0;
}

void command_release(struct command *command)
{
	char go = 1;

	/* Ctrl-C reaches it as well, and may have ended it before it began: its status tells. */
	if (write(command->gate, &go, 1) != 1 && errno != EPIPE)
		log_err("cannot let the command run: %s", error_text(errno));
	close(command->gate);
	command->gate = -1;
}

int command_poll(struct command *command)
{
	pid_t pid;
	int status;

	pid = waitpid(command->pid, &status, WNOHANG);
	if (!pid || (pid < 0 && errno != ECHILD))
		return -1;
	command->pid = 0;
	if (pid < 0)
		return COMMAND_LOST;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

void command_abandon(struct command *command)
{
	if (!command->pid || command->gate < 0)
		return;
	close(command->gate);
	waitpid(command->pid, NULL, 0);
}
