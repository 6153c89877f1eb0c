// SPDX-License-Identifier: GPL-2.0-only
#include "crew/opener.h"

#include <errno.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include "crew/apart.h"
#include "crew/confine.h"
#include "print/target.h"

/* What is sent back, with the descriptor. */
struct opened {
	int32_t error; /* negative errno; 0: none */
	int32_t refused; /* the system call that it is not allowed, of which it ends; 0: none */
};

/* --- in the opener --- */

static int control_to_complain = -1;

static void say_refused(int call)
{
	const struct opened refused = { -EPERM, call };

	send(control_to_complain, &refused, sizeof(refused), MSG_NOSIGNAL | MSG_DONTWAIT);
}

static void answer(int control, const char *path)
{
	int fd = target_again(path);
	const struct opened opened = { fd < 0 ? fd : 0, 0 };

	apart_hand(control, &opened, sizeof(opened), &fd, fd >= 0);
	if (fd >= 0)
		close(fd);
}

__attribute__((noreturn)) static void run(int control, const char *path)
{
	char asked;
	ssize_t n;

	apart_begin(control, -1);
	control_to_complain = control;
	if (confine(CONFINE_OPENER, say_refused))
		_exit(1);
	for (;;) {
		n = recv(control, &asked, sizeof(asked), 0);
		if (n > 0)
			answer(control, path);
		else if (!n || errno != EINTR)
			_exit(0);
	}
}

/* --- in the reader --- */

int opener_open(struct opener *opener, const char *path)
{
	pid_t self = getpid();
	int ends[2], err;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
		return -errno;
	opener->pid = fork();
	if (!opener->pid) {
		apart_follow(self);
		run(ends[1], path);
	}
	err = opener->pid < 0 ? -errno : 0;
	close(ends[1]);
	if (err)
		close(ends[0]);
	opener->control = err ? -1 : ends[0];
	return err;
}

int opener_ask(const struct opener *opener)
{
	return send(opener->control, "", 1, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 ? -errno : 0;
}

int opener_take(const struct opener *opener)
{
	struct opened opened;
	int fd;
	ssize_t n = apart_take(opener->control, &opened, sizeof(opened), &fd, 1, MSG_DONTWAIT);

	if (n == -EAGAIN || n == -EINTR)
		return -EAGAIN;
	if (n != sizeof(opened))
		return -EPIPE;
	if (opened.refused)
		confine_say_refused("opener", opened.refused);
	if (opened.error)
		return opened.error;
	return fd < 0 ? -EMFILE : fd;
}

void opener_close(struct opener *opener)
{
	apart_end(&opener->control, opener->pid);
}
