// SPDX-License-Identifier: GPL-2.0-only
#include "crew/patience.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "crew/sleeper.h"
#include "look/step.h"

struct patience {
	pid_t pid;
	int answer; /* a pipe */
	struct step *step; /* shared */
	struct sleeper sleeper;
};

__attribute__((noreturn)) static void answer(patience_act *act, void *context, int to, struct step *step)
{
	int nothing = open("/", O_PATH | O_CLOEXEC), status;
	FILE *out = fdopen(to, "w");

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* Should it hang for ever, nobody's pipe stays open. What a program that it starts opens is not its stderr. */
	close(STDOUT_FILENO);
	if (dup2(nothing, STDERR_FILENO) < 0)
		close(STDERR_FILENO);
	step_share(step);
	status = act(context, memory_need(out));
	_exit(fflush(out) ? EXIT_FAILURE : status);
}

static int begin(struct patience *p, patience_act *act, void *context)
{
	char path[32];
	int ends[2];

	p->step = mmap(NULL, sizeof(*p->step), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (p->step == MAP_FAILED || pipe2(ends, O_CLOEXEC))
		return -errno;
	p->pid = fork();
	if (!p->pid)
		answer(act, context, ends[1], p->step);
	close(ends[1]);
	p->answer = ends[0];
	if (p->pid < 0)
		return -errno;
	snprintf(path, sizeof(path), "/proc/%d/stat", p->pid);
	p->sleeper.stat = open(path, O_RDONLY | O_CLOEXEC);
	p->sleeper.pid = p->pid;
	p->sleeper.step = p->step;
	p->sleeper.alone = p->sleeper.unhurried = true;
	return 0;
}

/* All that it says; false: it was given up. What it waits for, not we, decides how long that takes. */
static bool listen_to(struct patience *p, struct buffer *said)
{
	struct pollfd come = { .fd = p->answer, .events = POLLIN };
	ssize_t n = 1;

	while (n > 0 || (n < 0 && errno == EINTR)) {
		if (poll(&come, 1, SLEEPER_TICK_MS) > 0) {
			n = read(p->answer, buffer_reserve(said, 4096), 4096);
			said->n += n > 0 ? (size_t)n : 0;
		} else if (!step_path(p->step).n) {
			/* It looks at nothing of others yet. */
			sleeper_begin(&p->sleeper);
		} else if (sleeper_is_silent(&p->sleeper)) {
			return false;
		}
	}
	return true;
}

static int end(struct patience *p)
{
	int status;

	while (waitpid(p->pid, &status, 0) < 0)
		if (errno != EINTR)
			return EXIT_FAILURE;
	return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILURE;
}

/* As it is: whoever asks can end it. */
static int act_here(patience_act *act, void *context, struct buffer *said)
{
	char *text;
	size_t n;
	FILE *out = memory_need(open_memstream(&text, &n));
	int status = act(context, out);

	fclose(out);
	buffer_add(said, text, n);
	free(text);
	return status;
}

int patience_try(patience_act *act, void *context, struct buffer *said)
{
	struct patience p = {};
	struct bytes silent;

	if (begin(&p, act, context))
		return act_here(act, context, said);
	if (listen_to(&p, said))
		return end(&p);
	kill(p.pid, SIGKILL);
	silent = step_path(p.step);
	said->n = 0;
	buffer_add(said, silent.p, silent.n);
	return -ETIMEDOUT;
}
