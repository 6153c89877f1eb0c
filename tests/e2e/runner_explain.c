// SPDX-License-Identifier: GPL-2.0-only
/* Asks `execfail explain`, as a user who is not root, while the row's files are there. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runner.h"

#define NOBODY 65534

/* By a descriptor: the program may lie where only root gets to. */
static void __attribute__((noreturn)) ask(int program, const char *path, int out)
{
	char *const argv[] = { "execfail", "-o", "json", "explain", "--", (char *)path, NULL };
	char *const envp[] = { "PATH=/usr/bin:/bin", NULL };

	if (dup2(out, STDOUT_FILENO) < 0 || chdir("/") || setgroups(0, NULL) || setresgid(NOBODY, NOBODY, NOBODY) ||
	    setresuid(NOBODY, NOBODY, NOBODY))
		_exit(126);
	fexecve(program, argv, envp);
	_exit(127);
}

static char *read_all(int fd)
{
	size_t size = 0, room = 65536;
	char *text = malloc(room);
	ssize_t n;

	while (text && (n = read(fd, text + size, room - size - 1)) > 0) {
		size += n;
		if (room - size < 2)
			text = realloc(text, room *= 2);
	}
	if (!text)
		die("out of memory");
	text[size] = '\0';
	return text;
}

struct json_object *explain(const char *execfail, const char *path)
{
	int program = open(execfail, O_RDONLY | O_CLOEXEC), out[2], status;
	struct json_object *answer;
	char *text;
	pid_t pid;

	if (program < 0 || pipe2(out, O_CLOEXEC))
		die("%s: %m", execfail);
	pid = vfork();
	if (!pid)
		ask(program, path, out[1]);
	close(program);
	close(out[1]);
	text = read_all(out[0]);
	close(out[0]);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		die("%s explain: %m", execfail);
	answer = parse_object(text);
	free(text);
	return answer;
}
