// SPDX-License-Identifier: GPL-2.0-only
/* What is refused, in a process of its own each time: a filter of system calls is there for good. */
#include "unit.h"

#include <fcntl.h>
#include <linux/perf_event.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "base/sanitized.h"
#include "crew/confine.h"

enum {
	READERS = 1 << CONFINE_READER | 1 << CONFINE_COUNTER,
	STARTERS = 1 << CONFINE_STARTER,
	WORKERS = 1 << CONFINE_WORKER,
	OPENERS = 1 << CONFINE_OPENER,
	LOOKERS = READERS | STARTERS | WORKERS,
	EVERYBODY = LOOKERS | OPENERS,
};

static void read_file(void)
{
	char byte;
	int fd = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);

	if (read(fd, &byte, 1) == 1)
		close(fd);
}

static void make_file(void)
{
	open("/proc/self/no/such", O_WRONLY | O_CREAT, 0600);
}

static void poll_nothing(void)
{
	poll(NULL, 0, 0);
}

static void allocate(void)
{
	free(malloc(1 << 20));
}

static void map_code(void)
{
	mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void make_code(void)
{
	static _Alignas(4096) char page[4096];

	mprotect(page, sizeof(page), PROT_READ | PROT_EXEC);
}

static void ask_size(void)
{
	struct winsize size;

	ioctl(STDERR_FILENO, TIOCGWINSZ, &size);
	isatty(STDERR_FILENO);
}

static void disable_event(void)
{
	ioctl(-1, PERF_EVENT_IOC_DISABLE, 0);
}

/* Whoever reads the terminal would execute it. */
static void type_ahead(void)
{
	ioctl(-1, TIOCSTI, "x");
}

static void answer(void)
{
	send(-1, "", 1, MSG_NOSIGNAL);
}

static void send_anywhere(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET };

	sendto(-1, "", 1, 0, (struct sockaddr *)&to, sizeof(to));
}

static void make_socket(void)
{
	socket(AF_INET, SOCK_STREAM, 0);
}

static void signal_somebody(void)
{
	syscall(SYS_tgkill, INT32_MAX, INT32_MAX, 0);
}

static void execute(void)
{
	execl("/no/such", "x", NULL);
}

static const struct {
	void (*act)(void);
	unsigned int allowed;
} acts[] = {
	{ read_file, EVERYBODY },
	{ allocate, EVERYBODY },
	{ answer, EVERYBODY },
	{ ask_size, READERS },
	{ disable_event, READERS },
	{ make_file, OPENERS },
	{ poll_nothing, LOOKERS },
	{ map_code, 0 },
	{ make_code, 0 },
	{ type_ahead, 0 },
	{ send_anywhere, 0 },
	{ make_socket, 0 },
	{ execute, 0 },
	{ signal_somebody, READERS | STARTERS | OPENERS },
};

static void refused(int call)
{
	(void)call;
}

/* The status of a process of that role that does it. */
static int status_of(enum confine_role role, void (*act)(void))
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		if (confine(role, refused))
			_exit(1);
		act();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/* These make system calls of their own, which execfail has no use for. */
static bool is_instrumented(void)
{
	const char *preload = getenv("LD_PRELOAD");

#ifdef SANITIZED_ADDRESS
	return true;
#endif
	return preload && strstr(preload, "vgpreload");
}

static void test_calls(void **state)
{
	(void)state;
	if (is_instrumented())
		skip();
	for (size_t i = 0; i < COUNT(acts); i++)
		for (enum confine_role role = 0; role < CONFINE_ROLES; role++) {
			int expected = acts[i].allowed >> role & 1 ? 0 : EXIT_REFUSED;
			int status = status_of(role, acts[i].act);

			if (status != expected)
				fail_msg("act %zu as role %d: %d", i, (int)role, status);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_calls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
