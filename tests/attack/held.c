// SPDX-License-Identifier: GPL-2.0-only
/*
 * An unprivileged caller that fails to execute something, and is then held by another of its user.
 *
 * usage: held STATE
 *
 * It fails to execute /no/held/STATE, says so when it is held, and ends with its standard input.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static char path[64];

static void need(long result, const char *what)
{
	if (result >= 0)
		return;
	fprintf(stderr, "held: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void fail_to_execute(void)
{
	char *argv[] = { path, NULL };

	execve(path, argv, argv + 1);
}

static void say_held(void)
{
	printf("held\n");
	fflush(stdout);
}

/* --- by a tracer --- */

static pid_t traced_child(void (*act)(void))
{
	pid_t pid = fork();

	need(pid, "fork");
	if (pid)
		return pid;
	need(ptrace(PTRACE_TRACEME, 0, NULL, NULL), "being traced");
	raise(SIGSTOP);
	act();
	_exit(0);
}

static int next_stop(pid_t pid)
{
	int status;

	need(waitpid(pid, &status, __WALL), "waiting for it");
	if (!WIFSTOPPED(status))
		exit(1);
	return status >> 8;
}

/* At the end of the call that failed. */
static void traced(void)
{
	pid_t pid = traced_child(fail_to_execute);
	struct __ptrace_syscall_info info = {};

	next_stop(pid);
	need(ptrace(PTRACE_SETOPTIONS, pid, NULL, PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD), "tracing it");
	while (info.op != PTRACE_SYSCALL_INFO_EXIT || info.exit.rval != -ENOENT) {
		need(ptrace(PTRACE_SYSCALL, pid, NULL, NULL), "letting it go on");
		next_stop(pid);
		need(ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info), "its system call");
	}
}

static void fail_and_execute(void)
{
	char *argv[] = { "held", NULL };

	fail_to_execute();
	execv("/proc/self/exe", argv);
}

/* Amid a later exec that succeeds. */
static void executed(void)
{
	pid_t pid = traced_child(fail_and_execute);

	next_stop(pid);
	need(ptrace(PTRACE_SETOPTIONS, pid, NULL, PTRACE_O_EXITKILL | PTRACE_O_TRACEEXEC), "tracing it");
	need(ptrace(PTRACE_CONT, pid, NULL, NULL), "letting it go on");
	while (next_stop(pid) != (SIGTRAP | PTRACE_EVENT_EXEC << 8))
		;
}

/* --- by who answers its system calls --- */

static int listener = -1;
static pthread_barrier_t listening;

static void *notified_thread(void *unused)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_execve, 1, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = { sizeof(filter) / sizeof(filter[0]), filter };

	need(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no new privileges");
	listener = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
	need(listener, "a filter");
	pthread_barrier_wait(&listening);
	fail_to_execute();
	syscall(SYS_getppid);
	return unused;
}

/* The exec may go on, and the next call is not answered. */
static void notified(void)
{
	struct seccomp_notif asked = {};
	struct seccomp_notif_resp answer = { .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE };
	pthread_t thread;

	pthread_barrier_init(&listening, NULL, 2);
	errno = pthread_create(&thread, NULL, notified_thread, NULL);
	need(-errno, "a thread");
	pthread_barrier_wait(&listening);
	need(ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &asked), "a question");
	answer.id = asked.id;
	need(ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer), "an answer");
	asked = (struct seccomp_notif){};
	need(ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &asked), "another question");
}

/* --- by nobody, but as deep as the kernel lets it --- */

static void map_user(const char *file, unsigned int id)
{
	char text[32];
	int fd = open(file, O_WRONLY), n = snprintf(text, sizeof(text), "0 %u 1", id);

	need(fd, file);
	need(write(fd, text, (size_t)n), file);
	close(fd);
}

static void deny_groups(void)
{
	int fd = open("/proc/self/setgroups", O_WRONLY);

	need(write(fd, "deny", 4), "groups");
	close(fd);
}

static void nested(void)
{
	enum { LEVELS = 30 };

	for (int i = 0; i < LEVELS; i++) {
		unsigned int uid = geteuid(), gid = getegid();

		need(unshare(CLONE_NEWUSER | CLONE_NEWNS), "a namespace of users");
		deny_groups();
		map_user("/proc/self/uid_map", uid);
		map_user("/proc/self/gid_map", gid);
	}
	for (int i = 0; i < LEVELS; i++) {
		pid_t pid;

		need(unshare(CLONE_NEWPID), "a namespace of processes");
		pid = fork();
		need(pid, "fork");
		if (pid) {
			waitpid(pid, NULL, 0);
			_exit(0);
		}
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	}
	fail_to_execute();
}

static const struct {
	const char *name;
	void (*run)(void);
} states[] = {
	{ "traced", traced }, { "executed", executed }, { "notified", notified }, { "nested", nested }, { NULL, NULL },
};

int main(int argc, char **argv)
{
	char end;

	if (argc == 2)
		snprintf(path, sizeof(path), "/no/held/%s", argv[1]);
	for (size_t i = 0; argc == 2 && states[i].name; i++) {
		if (strcmp(argv[1], states[i].name))
			continue;
		states[i].run();
		say_held();
	}
	return read(STDIN_FILENO, &end, 1) < 0;
}
