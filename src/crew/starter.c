// SPDX-License-Identifier: GPL-2.0-only
#include "crew/starter.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crew/apart.h"
#include "crew/confine.h"
#include "crew/worker.h"

#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424 /* on all architectures; likewise the next */
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif

enum ask {
	ASK_WORKER,
	ASK_END, /* of the worker `number` */
	ASK_SIGNAL, /* `number` to COMMAND */
};

struct question {
	uint32_t ask;
	int32_t number;
};

/* Of a worker that was started; number: below 0, of a system call that is not allowed, and nothing else. */
struct started {
	int32_t number; /* its pid */
	uint32_t page;
};

/* What the process knows. */
struct starting {
	int control;
	int command; /* pidfd; -1: none */
	struct worker_tools tools;
	union starter_page *pages;
	pid_t workers[STARTER_WORKERS]; /* by their pages; 0: none */
};

/* --- in the starter --- */

static void forget_dead(struct starting *s)
{
	for (size_t i = 0; i < STARTER_WORKERS; i++)
		if (s->workers[i] && waitpid(s->workers[i], NULL, WNOHANG))
			s->workers[i] = 0;
}

static void hand_over(struct starting *s, uint32_t page, int socket)
{
	const struct started started = { s->workers[page], page };
	int fds[2] = { socket, -1 };
	char path[32];

	snprintf(path, sizeof(path), "/proc/%d/stat", s->workers[page]);
	fds[1] = open(path, O_RDONLY | O_CLOEXEC);
	apart_hand(s->control, &started, sizeof(started), fds, fds[1] < 0 ? 1 : 2);
	if (fds[1] >= 0)
		close(fds[1]);
}

/* Where it writes its steps. Those of others are not there for it. */
static struct step *keep_page(union starter_page *pages, size_t page)
{
	struct step *step = &pages[page].step;

	memset(step, 0, sizeof(*step));
	if (page)
		munmap(pages, page * sizeof(*pages));
	if (page + 1 < STARTER_WORKERS)
		munmap(pages + page + 1, (STARTER_WORKERS - page - 1) * sizeof(*pages));
	return step;
}

static void start_worker(struct starting *s)
{
	pid_t self = getpid(), pid;
	uint32_t page = 0;
	int ends[2];

	while (page < STARTER_WORKERS && s->workers[page])
		page++;
	if (page == STARTER_WORKERS || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
		return;
	pid = fork();
	if (!pid) {
		apart_follow(self);
		close(ends[0]);
		close(s->control);
		if (s->command >= 0)
			close(s->command);
		worker_run(&s->tools, ends[1], keep_page(s->pages, page));
	}
	close(ends[1]);
	if (pid > 0) {
		s->workers[page] = pid;
		hand_over(s, page, ends[0]);
	}
	close(ends[0]);
}

static void end_worker(const struct starting *s, pid_t pid)
{
	for (size_t i = 0; pid && i < STARTER_WORKERS; i++)
		if (s->workers[i] == pid)
			kill(pid, SIGKILL);
}

static void answer(struct starting *s, const struct question *question)
{
	forget_dead(s);
	switch (question->ask) {
	case ASK_WORKER:
		start_worker(s);
		break;
	case ASK_END:
		end_worker(s, question->number);
		break;
	case ASK_SIGNAL:
		syscall(SYS_pidfd_send_signal, s->command, question->number, NULL, 0);
		break;
	}
}

static int control_to_complain = -1;

static void say_refused(int call)
{
	const struct started refused = { .number = -call };

	send(control_to_complain, &refused, sizeof(refused), MSG_NOSIGNAL | MSG_DONTWAIT);
}

__attribute__((noreturn)) static void run(struct starting *s)
{
	struct question question;
	ssize_t n;

	apart_begin(s->control, s->command);
	s->tools = worker_tools_new();
	control_to_complain = s->control;
	if (confine(CONFINE_STARTER, say_refused))
		_exit(1);
	for (;;) {
		n = recv(s->control, &question, sizeof(question), 0);
		if (n < 0 && errno == EINTR)
			continue;
		/* Workers get SIGKILL when we end. */
		if (n <= 0)
			_exit(0);
		if (n == sizeof(question))
			answer(s, &question);
	}
}

/* --- in the reader --- */

int starter_open(struct starter *starter, pid_t command)
{
	struct starting s = { .command = command ? (int)syscall(SYS_pidfd_open, command, 0) : -1 };
	int ends[2], err;

	s.pages = mmap(NULL, STARTER_WORKERS * sizeof(*s.pages), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		       0);
	if (s.pages == MAP_FAILED)
		return -errno;
	starter->pages = s.pages;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
		return -errno;
	starter->pid = fork();
	err = starter->pid < 0 ? -errno : 0;
	if (!starter->pid) {
		close(ends[0]);
		s.control = ends[1];
		run(&s);
	}
	close(ends[1]);
	if (s.command >= 0)
		close(s.command);
	if (err)
		close(ends[0]);
	starter->control = err ? -1 : ends[0];
	return err;
}

static int put(const struct starter *starter, enum ask ask, int number)
{
	const struct question question = { ask, number };

	if (send(starter->control, &question, sizeof(question), MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		return -errno;
	return 0;
}

int starter_ask(const struct starter *starter)
{
	return put(starter, ASK_WORKER, 0);
}

int starter_end(const struct starter *starter, pid_t worker)
{
	return put(starter, ASK_END, worker);
}

int starter_signal(const struct starter *starter, int number)
{
	return put(starter, ASK_SIGNAL, number);
}

int starter_take(const struct starter *starter, struct starter_worker *worker)
{
	struct started started;
	int fds[2];
	ssize_t n = apart_take(starter->control, &started, sizeof(started), fds, 2, MSG_DONTWAIT);

	if (n < 0)
		return n == -EAGAIN || n == -EINTR ? 0 : (int)n;
	if (n != sizeof(started) || started.page >= STARTER_WORKERS)
		return -EPIPE;
	if (started.number < 0) {
		confine_say_refused("starter", -started.number);
		return -EPIPE;
	}
	worker->pid = started.number;
	worker->step = &starter->pages[started.page].step;
	worker->socket = fds[0];
	worker->stat = fds[1];
	/* Where there was no room for a descriptor, the worker has gone with its socket. */
	return worker->socket < 0 ? -EMFILE : 1;
}

bool starter_has_ended(const struct starter *starter)
{
	return waitpid(starter->pid, NULL, WNOHANG);
}

void starter_close(struct starter *starter)
{
	apart_end(&starter->control, starter->pid);
}
