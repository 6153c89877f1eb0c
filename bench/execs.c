// SPDX-License-Identifier: GPL-2.0-only
/*
 * execs: does one thing many times, and prints how many nanoseconds each took: by the clock, and of processor time.
 * bench/measure runs it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char *self;

static long long now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static long long used_by(int who)
{
	struct rusage use;

	getrusage(who, &use);
	return (use.ru_utime.tv_sec + use.ru_stime.tv_sec) * 1000000000LL +
	       (use.ru_utime.tv_usec + use.ru_stime.tv_usec) * 1000LL;
}

/* Processor time: on a machine that others use as well it says more than the clock. */
static long long used(void)
{
	return used_by(RUSAGE_SELF) + used_by(RUSAGE_CHILDREN);
}

static void die(const char *what)
{
	fprintf(stderr, "execs: %s: %m\n", what);
	exit(1);
}

/* A program that starts: this one, which then ends at once. */
static void start(void)
{
	char *argv[] = { self, NULL };
	pid_t pid = vfork();
	int status;

	if (pid < 0)
		die("vfork");
	if (!pid) {
		execve(self, argv, environ);
		_exit(127);
	}
	if (waitpid(pid, &status, 0) < 0 || status)
		die(self);
}

static void fail(void)
{
	static char *argv[] = { "/nonexistent/program", "--an-option", "an argument", NULL };

	execve(argv[0], argv, environ);
	if (errno != ENOENT)
		die("execve");
}

/* A script whose interpreter is missing: the kernel comes farther, and there is more to find out. */
static void script(void)
{
	static char *argv[] = { "/tmp/execs-script", NULL };

	execve(argv[0], argv, environ);
	if (errno != ENOENT)
		die("execve");
}

/* The shortest of all system calls. */
static void getpid_(void)
{
	syscall(SYS_getpid);
}

static const struct work {
	const char *name;
	void (*once)(void);
} works[] = {
	{ "start", start }, { "fail", fail }, { "script", script }, { "getpid", getpid_ }, {},
};

/* Allows everything, as the filter of a container does with almost everything. */
static void sandbox(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_reboot, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof(code) / sizeof(code[0]), code };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW, &program))
		die("seccomp");
}

static void wait_until(long long time)
{
	struct timespec t = { time / 1000000000, time % 1000000000 };

	if (time > now())
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL);
}

/* In portions of a millisecond, when there is a rate (for each second). */
static void repeat(void (*once)(void), long count, long rate)
{
	long portion = rate ? rate / 1000 + 1 : count;
	long long begin = now(), used_before = used();

	for (long done = 0; done < count;) {
		for (long i = 0; i < portion && done < count; i++, done++)
			once();
		if (rate)
			wait_until(begin + done * 1000000000LL / rate);
	}
	printf("%.1f %.1f\n", (double)(now() - begin) / count, (double)(used() - used_before) / count);
}

/* An environment of the usual size, whatever that of the caller is. */
static void set_environment(void)
{
	clearenv();
	for (int i = 0; i < 25; i++) {
		char name[16];

		snprintf(name, sizeof(name), "VARIABLE_%d", i);
		setenv(name, "a value of the usual length, or a bit longer", 1);
	}
}

static int usage(void)
{
	fputs("Usage: execs [--sandbox] start|fail|script|getpid COUNT [RATE]\n", stderr);
	return 2;
}

int main(int argc, char **argv)
{
	const struct work *work = works;

	if (argc < 2)
		return argc != 1; /* started by start() */
	self = realpath(argv[0], NULL) ?: argv[0];
	if (!strcmp(argv[1], "--sandbox")) {
		sandbox();
		argc--;
		argv++;
	}
	while (argc > 2 && work->name && strcmp(work->name, argv[1]))
		work++;
	if (argc < 3 || argc > 4 || !work->name || atol(argv[2]) <= 0)
		return usage();
	set_environment();
	repeat(work->once, atol(argv[2]), argc > 3 ? atol(argv[3]) : 0);
	return 0;
}
