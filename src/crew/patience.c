// SPDX-License-Identifier: GPL-2.0-only
#include "crew/patience.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "cause/explain.h"
#include "crew/sleeper.h"
#include "look/step.h"

struct patience {
	pid_t pid;
	int answer; /* a pipe */
	struct step *step; /* shared */
	struct sleeper sleeper;
	struct buffer text;
};

__attribute__((noreturn)) static void answer(const struct explain_request *request, int to, struct step *step)
{
	FILE *out = fdopen(to, "w");
	int status;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* Should it hang for ever, nobody's pipe stays open. */
	close(STDOUT_FILENO);
	close(STDERR_FILENO);
	step_share(step);
	status = explain(request, memory_need(out));
	_exit(fflush(out) ? EXPLAIN_FAILS : status);
}

static int begin(struct patience *p, const struct explain_request *request)
{
	char path[32];
	int ends[2];

	p->step = mmap(NULL, sizeof(*p->step), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (p->step == MAP_FAILED || pipe2(ends, O_CLOEXEC))
		return -errno;
	p->pid = fork();
	if (!p->pid)
		answer(request, ends[1], p->step);
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
static bool listen_to(struct patience *p)
{
	struct pollfd come = { .fd = p->answer, .events = POLLIN };
	ssize_t n = 1;

	while (n > 0 || (n < 0 && errno == EINTR)) {
		if (poll(&come, 1, SLEEPER_TICK_MS) > 0) {
			n = read(p->answer, buffer_reserve(&p->text, 4096), 4096);
			p->text.n += n > 0 ? (size_t)n : 0;
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
			return EXPLAIN_FAILS;
	return WIFEXITED(status) ? WEXITSTATUS(status) : EXPLAIN_FAILS;
}

int patience_explain(const struct explain_request *request, FILE *out)
{
	struct patience p = {};
	int status = EXPLAIN_FAILS;

	/* Then as it is: whoever asks can end it. */
	if (begin(&p, request))
		return explain(request, out);
	if (listen_to(&p)) {
		fwrite(p.text.p, 1, p.text.n, out);
		status = end(&p);
	} else {
		kill(p.pid, SIGKILL);
		explain_silent(request->argv[0], step_path(p.step), request->json, out);
	}
	buffer_free(&p.text);
	return status;
}
