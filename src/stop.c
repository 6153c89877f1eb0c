// SPDX-License-Identifier: GPL-2.0-only
#include "stop.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"

enum {
	PATIENCE_MS = 5000,
	NOTICE_MS = 1000,
};

static uint64_t now_ns(void)
{
	return (uint64_t)clock_kernel_ns();
}

int stop_open(struct stop *stop, struct command *command, const struct starter *starter, int status)
{
	const struct sigaction ignored = { .sa_handler = SIG_IGN }, usual = { .sa_handler = SIG_DFL };
	struct sigaction hangup;

	*stop = (struct stop){ .command = command, .starter = starter, .status = status };
	sigaction(SIGPIPE, &ignored, &stop->inherited.pipe);
	/* Where it was ignored, nobody would tell us that the command has ended. */
	sigaction(SIGCHLD, &usual, &stop->inherited.child);
	sigaction(SIGHUP, NULL, &hangup);
	sigemptyset(&stop->mask);
	sigaddset(&stop->mask, SIGINT);
	sigaddset(&stop->mask, SIGTERM);
	sigaddset(&stop->mask, SIGCHLD);
	sigaddset(&stop->mask, SIGUSR1);
	/* nohup */
	if (hangup.sa_handler != SIG_IGN)
		sigaddset(&stop->mask, SIGHUP);
	sigprocmask(SIG_BLOCK, &stop->mask, &stop->inherited.mask);
	stop->signals = signalfd(-1, &stop->mask, SFD_CLOEXEC | SFD_NONBLOCK);
	return stop->signals < 0 ? -errno : 0;
}

int stop_take_pauses(struct stop *stop)
{
	sigaddset(&stop->mask, SIGTSTP);
	sigprocmask(SIG_BLOCK, &stop->mask, NULL);
	return signalfd(stop->signals, &stop->mask, 0) < 0 ? -errno : 0;
}

/* By the signal itself: whoever ignores it is not stopped, nor is who has nobody to let him go on. */
void stop_pause(struct stop *stop)
{
	sigset_t pause;

	stop->paused = false;
	sigemptyset(&pause);
	sigaddset(&pause, SIGTSTP);
	raise(SIGTSTP);
	sigprocmask(SIG_UNBLOCK, &pause, NULL);
	sigprocmask(SIG_BLOCK, &pause, NULL);
}

void stop_close(struct stop *stop)
{
	if (stop->signals >= 0)
		close(stop->signals);
	stop->signals = -1;
}

void stop_now(struct stop *stop, int status)
{
	if (stop->ns)
		return;
	stop->ns = now_ns();
	stop->status = status;
}

/*
 * Ctrl-C has reached the command, too, which may have a use for it; its end will be ours. Who hangs up is gone, and
 * waits for neither.
 */
static void asked_with_command(struct stop *stop, int number, bool waiting)
{
	if (number == SIGINT && !waiting && !stop->ns)
		return;
	stop->asked++;
	if (number == SIGINT || !stop->command->pid)
		return;
	starter_signal(stop->starter, number);
	if (stop->asked > 1 || number == SIGHUP)
		stop_now(stop, 128 + number);
}

static void child_changed(struct stop *stop)
{
	int status = stop->command && stop->command->pid ? command_poll(stop->command) : -1;

	if (status < 0)
		return;
	if (stop->outlasted)
		stop->status = status;
	stop_now(stop, status);
}

static void take_signal(struct stop *stop, int number, bool waiting)
{
	if (number == SIGCHLD) {
		child_changed(stop);
		return;
	}
	if (number == SIGUSR1) {
		stop->again = true;
		return;
	}
	if (number == SIGTSTP) {
		stop->paused = true;
		return;
	}
	stop->last_asked = number;
	stop->asked_ns = now_ns();
	if (stop->command) {
		asked_with_command(stop, number, waiting);
		return;
	}
	stop->asked++;
	stop_now(stop, 0);
}

/* waiting: amid a write that does not go on. */
static void take_signals(struct stop *stop, bool waiting)
{
	struct signalfd_siginfo info;

	while (read(stop->signals, &info, sizeof(info)) == sizeof(info))
		take_signal(stop, (int)info.ssi_signo, waiting);
}

void stop_signals(struct stop *stop)
{
	take_signals(stop, false);
}

void stop_outlast(struct stop *stop)
{
	struct pollfd come = { .fd = stop->signals, .events = POLLIN };

	while (stop->outlasted && stop->command->pid) {
		poll(&come, 1, -1);
		take_signals(stop, false);
	}
}

bool stop_patience(void *context, unsigned int waited_ms)
{
	struct stop *stop = context;
	uint64_t asked_ms;

	take_signals(stop, true);
	if (!stop->asked)
		return false;
	asked_ms = (now_ns() - stop->asked_ns) / 1000000;
	waited_ms = waited_ms < asked_ms ? waited_ms : (unsigned int)asked_ms;
	if (stop->asked > 1 || (stop->last_asked != SIGINT && waited_ms > PATIENCE_MS))
		return true;
	if (waited_ms > NOTICE_MS && !stop->noticed) {
		stop->noticed = true;
		log_notice("waiting for the reader of the output, who does not read: a second signal ends it");
	}
	return false;
}
