// SPDX-License-Identifier: GPL-2.0-only
#include "crew/apart.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SYS_close_range
#define SYS_close_range 436 /* on all architectures */
#endif

enum {
	FDS = 2,
	LEAVE_MS = 1000, /* for its end, of which it has nothing to do but to exit */
};

void apart_follow(pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(0);
}

/* All but one or two: whoever started us may have left us some, and waits for their end. */
static void close_between(int first, int last)
{
	if (first > last || !syscall(SYS_close_range, first, last, 0))
		return;
	for (int fd = first; fd <= last && fd < sysconf(_SC_OPEN_MAX); fd++)
		close(fd);
}

static void close_others(int a, int b)
{
	int low = a < b ? a : b, high = a < b ? b : a;

	close_between(STDERR_FILENO + 1, low - 1);
	close_between((low > STDERR_FILENO ? low : STDERR_FILENO) + 1, high - 1);
	close_between(high + 1, INT_MAX);
}

/* What is written there goes nowhere, and reading is refused. */
static void leave_terminal(void)
{
	int nothing = open("/", O_PATH | O_CLOEXEC);

	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (nothing < 0 || dup2(nothing, fd) < 0)
			close(fd);
	if (nothing > STDERR_FILENO)
		close(nothing);
	/* Ctrl-C and Ctrl-Z are for who is in front. */
	setsid();
}

/* A service that is stopped has SIGTERM sent to all its processes: we end with the reader, who has things to finish. */
static void hear_no_signals(void)
{
	sigset_t all;

	sigfillset(&all);
	sigdelset(&all, SIGSYS);
	sigprocmask(SIG_SETMASK, &all, NULL);
}

void apart_begin(int a, int b)
{
	leave_terminal();
	hear_no_signals();
	close_others(a, b);
}

/* Nobody's signal reaches it from a reader that is another user. */
void apart_end(int *control, pid_t pid)
{
	struct pollfd gone = { .fd = *control };

	if (*control < 0)
		return;
	send(*control, "", 0, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (poll(&gone, 1, LEAVE_MS) > 0)
		waitpid(pid, NULL, 0);
	close(*control);
	*control = -1;
}

/* --- descriptors --- */

/* Room for them behind a message. */
union room {
	struct cmsghdr head;
	char bytes[CMSG_SPACE(FDS * sizeof(int))];
};

void apart_hand(int socket, const void *data, size_t size, const int *fds, size_t n)
{
	union room room = {};
	struct iovec part = { (void *)data, size };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };

	if (n) {
		message.msg_control = &room;
		message.msg_controllen = CMSG_SPACE(n * sizeof(int));
		room.head.cmsg_level = SOL_SOCKET;
		room.head.cmsg_type = SCM_RIGHTS;
		room.head.cmsg_len = CMSG_LEN(n * sizeof(int));
		memcpy(CMSG_DATA(&room.head), fds, n * sizeof(int));
	}
	sendmsg(socket, &message, MSG_NOSIGNAL);
}

ssize_t apart_take(int socket, void *data, size_t size, int *fds, size_t n, int flags)
{
	union room room;
	struct iovec part = { data, size };
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &room,
		.msg_controllen = sizeof(room),
	};
	ssize_t taken = recvmsg(socket, &message, flags | MSG_CMSG_CLOEXEC);
	const struct cmsghdr *head = taken < 0 ? NULL : CMSG_FIRSTHDR(&message);

	for (size_t i = 0; i < n; i++) {
		fds[i] = -1;
		if (head && head->cmsg_type == SCM_RIGHTS && head->cmsg_len >= CMSG_LEN((i + 1) * sizeof(int)))
			memcpy(&fds[i], CMSG_DATA(head) + i * sizeof(int), sizeof(int));
	}
	return taken < 0 ? -errno : taken;
}
