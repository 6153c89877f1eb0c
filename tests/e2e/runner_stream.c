// SPDX-License-Identifier: GPL-2.0-only
/* Lines from other processes, and these processes. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "runner.h"

void die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("runner: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	exit(1); /* execfail and the corpus end with us */
}

static long long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

void append_line(char **text, const char *line)
{
	char *before = *text;

	if (asprintf(text, "%s%s\n", before ?: "", line) < 0)
		abort();
	free(before);
}

static int epoll_fd = -1;

void stream_open(struct stream *s, int fd, void (*line)(char *line))
{
	struct epoll_event e = { .events = EPOLLIN, .data.ptr = s };

	if (epoll_fd < 0)
		epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	*s = (struct stream){ .fd = fd, .line = line };
	fcntl(fd, F_SETFL, O_NONBLOCK);
	if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &e))
		die("epoll: %m");
}

void stream_close(struct stream *s)
{
	if (s->fd < 0)
		return;
	close(s->fd);
	free(s->data);
	*s = (struct stream){ .fd = -1 };
}

static void stream_split(struct stream *s)
{
	char *start = s->data, *end = s->data + s->size, *newline;

	while (start < end && (newline = memchr(start, '\n', end - start))) {
		*newline = '\0';
		s->line(start);
		start = newline + 1;
	}
	s->size = end - start;
	memmove(s->data, start, s->size);
}

static void stream_read(struct stream *s)
{
	ssize_t n;

	for (;;) {
		if (s->room - s->size < 65536)
			s->data = realloc(s->data, s->room = s->room * 2 + 131072);
		n = read(s->fd, s->data + s->size, s->room - s->size);
		if (n <= 0)
			break;
		s->size += n;
		stream_split(s);
	}
	if (!n || errno != EAGAIN)
		stream_close(s);
}

/* Handles what comes until done(), which only that can change, or the deadline; false then. */
bool stream_pump(bool (*done)(void), long long milliseconds)
{
	long long deadline = now_ms() + milliseconds, left;
	struct epoll_event ready[8];

	while (!done()) {
		left = deadline - now_ms();
		if (left <= 0)
			return false;
		for (int n = epoll_wait(epoll_fd, ready, 8, (int)left), i = 0; i < n; i++)
			stream_read(ready[i].data.ptr);
	}
	return true;
}

struct child child_start(char **argv)
{
	int in[2], out[2], err[2];
	struct child child;

	if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC) || pipe2(err, O_CLOEXEC))
		die("pipe: %m");
	child = (struct child){ .in = in[1], .out = out[0], .err = err[0] };
	child.pid = vfork();
	if (child.pid < 0)
		die("vfork: %m");
	if (!child.pid) {
		dup2(in[0], 0);
		dup2(out[1], 1);
		dup2(err[1], 2);
		signal(SIGPIPE, SIG_DFL);
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		execv(argv[0], argv);
		dprintf(2, "%s: %m\n", argv[0]);
		_exit(127);
	}
	close(in[0]);
	close(out[1]);
	close(err[1]);
	return child;
}

bool child_reap(pid_t pid, int *status, long long milliseconds)
{
	struct pollfd ended = { .fd = syscall(SYS_pidfd_open, pid, 0), .events = POLLIN };
	bool reaped;

	if (ended.fd < 0)
		die("pidfd_open: %m");
	reaped = poll(&ended, 1, (int)milliseconds) == 1 && waitpid(pid, status, WNOHANG) == pid;
	close(ended.fd);
	return reaped;
}

struct json_object *parse_object(const char *line)
{
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *object;

	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	object = json_tokener_parse_ex(tokener, line, strlen(line) + 1);
	json_tokener_free(tokener);
	return json_object_is_type(object, json_type_object) ? object : NULL;
}
