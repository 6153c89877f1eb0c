// SPDX-License-Identifier: GPL-2.0-only
/*
 * execs: does one thing many times, and prints how many nanoseconds each took: by the clock, and of processor time.
 * bench/measure runs it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/perf_event.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define FAILING "/nonexistent/program"

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

/* A process that executes nothing, and ends as most do. */
static void end_with(int code)
{
	pid_t pid = vfork();
	int status;

	if (pid < 0)
		die("vfork");
	if (!pid)
		_exit(code);
	if (waitpid(pid, &status, 0) < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != code)
		die("a child");
}

static void end(void)
{
	end_with(0);
}

/* The status of which some are looked at: of loaders, and of sudo. */
static void end_with_1(void)
{
	end_with(1);
}

static void fail(void)
{
	static char *argv[] = { FAILING, "--an-option", "an argument", NULL };

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
	{ "start", start },
	{ "end", end },
	{ "end1", end_with_1 },
	{ "fail", fail },
	{ "script", script },
	{ "getpid", getpid_ },
	{},
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
	long long begin = now();

	for (long done = 0; done < count;) {
		for (long i = 0; i < portion && done < count; i++, done++)
			once();
		if (rate)
			wait_until(begin + done * 1000000000LL / rate);
	}
}

/*
 * Each call by itself would be as here, but they come in bursts, with a rest of twenty times as long: whoever reads
 * keeps up.
 */
static void repeat_in_bursts(void (*once)(void), long count, long burst)
{
	long long clock = 0, spent = 0, begin, before, took;

	for (long done = 0; done < count; done += burst) {
		burst = burst < count - done ? burst : count - done;
		before = used();
		begin = now();
		for (long i = 0; i < burst; i++)
			once();
		took = now() - begin;
		clock += took;
		spent += used() - before;
		wait_until(now() + 20 * took);
	}
	printf("%.1f %.1f\n", (double)clock / count, (double)spent / count);
}

/* The same by some processes at once, each its part of it. */
static void repeat_in_loops(void (*once)(void), long count, long rate, int loops)
{
	long long begin = now(), used_before = used();

	for (int i = 1; i < loops; i++)
		if (!fork()) {
			repeat(once, count / loops, rate / loops);
			_exit(0);
		}
	repeat(once, count / loops, rate / loops);
	while (wait(NULL) > 0)
		;
	printf("%.1f %.1f\n", (double)(now() - begin) / count, (double)(used() - used_before) / count);
}

static int compare(const void *a, const void *b)
{
	const long long *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Each after a rest, in which other things have taken the caches: the median. */
static void repeat_rested(void (*once)(void), long count)
{
	long long *took = calloc(count, sizeof(*took)), begin;

	for (long i = 0; took && i < count; i++) {
		wait_until(now() + 10000000);
		begin = now();
		once();
		took[i] = now() - begin;
	}
	qsort(took, count, sizeof(*took), compare);
	printf("%lld %lld\n", took[count / 2], took[count / 2]);
}

/* What a command prints, which has a terminal as its output, so that nothing waits for more of it. */
struct output {
	pid_t pid;
	int master; /* the terminal's other end */
	size_t n; /* of text: no more than the end of what came */
	int seen; /* the path of fail() was in it */
	char text[1 << 16];
};

static void command_start(struct output *o, char **argv)
{
	struct winsize wide = { .ws_col = 500, .ws_row = 50 };
	int slave;

	o->n = 0;
	o->seen = 0;
	o->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (o->master < 0 || grantpt(o->master) || unlockpt(o->master))
		die("posix_openpt");
	ioctl(o->master, TIOCSWINSZ, &wide);
	o->pid = fork();
	if (o->pid)
		return;
	slave = open(ptsname(o->master), O_RDWR | O_NOCTTY);
	dup2(slave, STDOUT_FILENO);
	execvp(argv[0], argv);
	_exit(127);
}

/* Reads what has come. Others' failures are there, too, and may be many. */
static int has_printed(struct output *o)
{
	struct pollfd fd = { .fd = o->master, .events = POLLIN };
	const size_t keep = strlen(FAILING);
	ssize_t got;

	while (poll(&fd, 1, 0) > 0 && (got = read(o->master, o->text + o->n, sizeof(o->text) - o->n)) > 0) {
		o->n += got;
		o->seen = o->seen || memmem(o->text, o->n, FAILING, keep);
		if (o->n > keep) {
			memmove(o->text, o->text + o->n - keep, keep);
			o->n = keep;
		}
	}
	return o->seen;
}

/* kB of memory of its own, and of its children. */
static long anonymous_memory(pid_t pid)
{
	char path[64], line[512];
	long kb = 0;
	int child, n;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	f = fopen(path, "re");
	while (f && fgets(line, sizeof(line), f) && sscanf(line, "RssAnon: %ld", &kb) != 1)
		;
	if (f)
		fclose(f);
	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", pid, pid);
	f = fopen(path, "re");
	if (!f || !fgets(line, sizeof(line), f))
		line[0] = '\0';
	if (f)
		fclose(f);
	for (char *at = line; sscanf(at, "%d%n", &child, &n) == 1; at += n)
		kb += anonymous_memory(child);
	return kb;
}

/*
 * Milliseconds until the first failure is shown. most: kB that it took at most until then, whose finding out takes
 * time; or NULL.
 */
static double first_shown(struct output *o, char **argv, long *most)
{
	long long begin = now();
	long kb;

	command_start(o, argv);
	while (!has_printed(o) && !waitpid(o->pid, NULL, WNOHANG)) {
		fail();
		wait_until(now() + 1000000);
		kb = most ? anonymous_memory(o->pid) : 0;
		if (most && kb > *most)
			*most = kb;
	}
	return (double)(now() - begin) / 1e6;
}

/* Milliseconds from SIGINT to its end. */
static double ended(struct output *o)
{
	long long begin = now();

	kill(o->pid, SIGINT);
	while (!waitpid(o->pid, NULL, WNOHANG)) {
		has_printed(o);
		wait_until(now() + 200000);
	}
	close(o->master);
	return (double)(now() - begin) / 1e6;
}

static int first(char **argv)
{
	static struct output o;
	double shown = first_shown(&o, argv, NULL), end = ended(&o);
	long most = 0;

	first_shown(&o, argv, &most);
	ended(&o);
	printf("%.1f %.1f %ld\n", shown, end, most);
	return 0;
}

/* "return 0" at the end of execve(): what it costs that a program is attached at all. Until SIGINT. */
static int attach(void)
{
	static const struct bpf_insn code[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr load = {
		.prog_type = BPF_PROG_TYPE_TRACEPOINT,
		.insns = (uintptr_t)code,
		.insn_cnt = sizeof(code) / sizeof(code[0]),
		.license = (uintptr_t) "GPL",
	};
	struct perf_event_attr event = { .type = PERF_TYPE_TRACEPOINT, .size = sizeof(event), .sample_period = 1 };
	FILE *f = fopen("/sys/kernel/tracing/events/syscalls/sys_exit_execve/id", "re");
	int program, fd;

	if (!f || fscanf(f, "%llu", &event.config) != 1)
		die("sys_exit_execve");
	fclose(f);
	program = (int)syscall(SYS_bpf, BPF_PROG_LOAD, &load, sizeof(load));
	fd = (int)syscall(SYS_perf_event_open, &event, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);
	if (program < 0 || fd < 0 || ioctl(fd, PERF_EVENT_IOC_SET_BPF, program) || ioctl(fd, PERF_EVENT_IOC_ENABLE, 0))
		die("attach");
	/* A shell has it ignored by what it puts into the background. */
	signal(SIGINT, SIG_DFL);
	puts("attached");
	fflush(stdout);
	pause();
	return 0;
}

/*
 * An environment of the usual size, whatever that of the caller is; and as an exec leaves it, one string behind the
 * other.
 */
static void set_environment(void)
{
	enum { VARIABLES = 37 };
	static char text[VARIABLES * 64], *strings[VARIABLES + 1];
	char *at = text;

	for (int i = 0; i < VARIABLES; i++) {
		strings[i] = at;
		at += sprintf(at, "VARIABLE_%d=a value of a usual length", i) + 1;
	}
	environ = strings;
}

static int usage(void)
{
	fputs("Usage: execs [--sandbox] [--loops N | --bursts N | --rested] start|fail|script|getpid COUNT [RATE]\n"
	      "       execs first COMMAND...\n"
	      "       execs attach\n",
	      stderr);
	return 2;
}

int main(int argc, char **argv)
{
	static const struct option options[] = { { "sandbox", no_argument, NULL, 's' },
						 { "rested", no_argument, NULL, 'r' },
						 { "loops", required_argument, NULL, 'l' },
						 { "bursts", required_argument, NULL, 'b' },
						 {} };
	const struct work *work = works;
	int loops = 1, rested = 0, c;
	long burst = 0;

	if (argc < 2)
		return argc != 1; /* started by start() */
	self = realpath(argv[0], NULL) ?: argv[0];
	while ((c = getopt_long(argc, argv, "+", options, NULL)) != -1) {
		if (c == 's')
			sandbox();
		else if (c == 'r')
			rested = 1;
		else if (c == 'l')
			loops = (int)strtol(optarg, NULL, 10);
		else if (c == 'b')
			burst = strtol(optarg, NULL, 10);
		else
			return usage();
	}
	argc -= optind;
	argv += optind;
	set_environment();
	if (argc > 1 && !strcmp(argv[0], "first"))
		return first(argv + 1);
	if (argc == 1 && !strcmp(argv[0], "attach"))
		return attach();
	while (argc > 1 && work->name && strcmp(work->name, argv[0]))
		work++;
	if (argc < 2 || argc > 3 || !work->name || atol(argv[1]) <= 0 || loops < 1)
		return usage();
	if (rested)
		repeat_rested(work->once, atol(argv[1]));
	else if (burst > 0)
		repeat_in_bursts(work->once, atol(argv[1]), burst);
	else
		repeat_in_loops(work->once, atol(argv[1]), argc > 2 ? atol(argv[2]) : 0, loops);
	return 0;
}
