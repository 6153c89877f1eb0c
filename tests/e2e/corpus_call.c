// SPDX-License-Identifier: GPL-2.0-only
/* The caller: the process that execs, how it comes to be, and what it says of itself right before. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "corpus.h"

void call_from_row(struct world *w)
{
	const struct scenario *row = w->row;
	struct call *call = &w->call;
	const char *path;

	call->path = row->path ? expand(w, row->path) : NULL;
	path = call->path ?: "program";
	call->argv = strings_copy(w, row->argv ?: STRINGS(path, "argument"));
	call->envp =
		strings_copy(w, row->envp ?: STRINGS("PATH=/usr/bin:/bin", text_printf("EXECFAIL_ROW=%s", row->name)));
	call->at = row->at;
	call->flags = row->flags;
	call->dirfd = AT_FDCWD;
	if (!row->dir)
		return;
	/* Not close-on-exec: a script behind such a descriptor is a row of its own. */
	call->dirfd = open(expand(w, row->dir), O_PATH);
	if (call->dirfd < 0)
		die("%s: %m", row->dir);
}

long call_issue(const struct call *call)
{
	if (call->at)
		return syscall(SYS_execveat, call->dirfd, call->path, call->argv, call->envp, call->flags);
	return syscall(SYS_execve, call->path, call->argv, call->envp);
}

static long long read_clock(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

/* Times of files are those of some ticks ago, and that of an event may be a little off on an emulated machine. */
static void wait_for_clock_of_files(void)
{
	enum { LAG_NS = 20000000 };
	const struct timespec step = { .tv_nsec = 1000000 };
	long long until = read_clock(CLOCK_REALTIME) + LAG_NS;

	while (read_clock(CLOCK_REALTIME_COARSE) <= until)
		nanosleep(&step, NULL);
}

static long issue_and(const struct call *call, void (*deed)(const struct call *call))
{
	long result = call_issue(call);
	int error = errno;

	wait_for_clock_of_files();
	deed(call);
	errno = error;
	return result;
}

static void remove_program(const struct call *call)
{
	unlink(call->path);
}

static void remove_directory(const struct call *call)
{
	rmdir(strndup(call->path, strrchr(call->path, '/') - call->path));
}

static void make_entry(const struct call *call)
{
	mkdirat(call->dirfd, text_printf("%s%sentry", call->path, *call->path ? "/" : ""), 0755);
}

static long issue_and_remove(const struct call *call)
{
	return issue_and(call, remove_program);
}

static long issue_and_remove_directory(const struct call *call)
{
	return issue_and(call, remove_directory);
}

static long issue_and_make_entry(const struct call *call)
{
	return issue_and(call, make_entry);
}

/* As a script of a package is after it ran. */
void remove_after(struct world *w)
{
	w->call.issue = issue_and_remove;
}

void remove_directory_after(struct world *w)
{
	w->call.issue = issue_and_remove_directory;
}

void make_entry_after(struct world *w)
{
	w->call.issue = issue_and_make_entry;
}

static void read_link(const char *path, char *to, size_t size)
{
	ssize_t n = readlink(path, to, size - 1);

	to[n > 0 ? n : 0] = '\0';
}

static unsigned long namespace_inode(const char *path)
{
	struct stat st;

	return stat(path, &st) ? 0 : st.st_ino;
}

static long long login_user(void)
{
	char *text = read_text("/proc/self/loginuid");
	long long uid = text ? strtoll(text, NULL, 10) : 4294967295;

	return uid == 4294967295 ? -1 : uid;
}

static int proc_fd = -1;

/* While /proc is in reach and shows pids as the outermost namespace does: preparing may change both. */
void portrait_early(struct world *w)
{
	struct portrait *p = w->seen;
	char link[64];

	read_link("/proc/thread-self", link, sizeof(link));
	if (sscanf(link, "%d/task/%d", &p->pid, &p->tid) != 2)
		die("/proc/thread-self: %m");
	read_link("/proc/self/exe", p->exe, sizeof(p->exe));
	p->loginuid = login_user();
	proc_fd = fcntl(open_or_die("/proc", O_RDONLY | O_DIRECTORY), F_DUPFD_CLOEXEC, 100);
}

/* What was made for the row is to be surely older than the call: files have the time of some ticks ago. */
static void wait_for_age(void)
{
	enum { TICKS = 6 };
	struct timespec tick;

	clock_getres(CLOCK_REALTIME_COARSE, &tick);
	tick.tv_nsec *= TICKS;
	nanosleep(&tick, NULL);
}

void portrait_take(struct world *w)
{
	struct portrait *p = w->seen;
	ssize_t n;

	wait_for_age();
	p->ns_pid = getpid();
	p->uid = getuid();
	p->euid = geteuid();
	p->gid = getgid();
	prctl(PR_GET_NAME, p->comm);
	if (!getcwd(p->cwd, sizeof(p->cwd)))
		p->cwd[0] = '\0';
	p->mnt_ns = namespace_inode("/proc/self/ns/mnt");
	p->pid_ns = namespace_inode("/proc/self/ns/pid");
	p->has_stdin = !fstat(STDIN_FILENO, &p->stdin_stat);
	n = readlinkat(proc_fd, "self/fd/0", p->stdin_path, sizeof(p->stdin_path) - 1);
	p->stdin_path[n > 0 ? n : 0] = '\0';
	p->before_ns = now_ns();
}

void become(uid_t uid)
{
	if (setgroups(0, NULL) || setresgid(uid, uid, uid) || setresuid(uid, uid, uid))
		die("become user %u: %m", uid);
	/* Changing identity clears it, and /proc/self of an undumpable process belongs to root. */
	prctl(PR_SET_DUMPABLE, 1);
}

void limit(int what, unsigned long long value)
{
	struct rlimit limit = { value, value };

	if (setrlimit(what, &limit))
		die("setrlimit %d: %m", what);
}

void caller_skip(struct world *w, const char *why)
{
	w->seen->skip = true;
	snprintf(w->seen->why, sizeof(w->seen->why), "%s", why);
	_exit(0);
}

/* For the deed to wait for either: its caller has returned, or a child of its has ended. Both count `moves` up. */
static int *moves;

static void child_ended(int signal)
{
	(void)signal;
	__atomic_add_fetch(moves, 1, __ATOMIC_SEQ_CST);
}

void watch_callers(struct world *w)
{
	moves = &w->seen->moves;
	signal(SIGCHLD, child_ended);
}

static void say_returned(struct portrait *p)
{
	p->returned = true;
	__atomic_add_fetch(&p->moves, 1, __ATOMIC_SEQ_CST);
	syscall(SYS_futex, &p->moves, FUTEX_WAKE, 1, NULL, NULL, 0);
}

void caller_main(struct world *w)
{
	long (*issue)(const struct call *call) = w->call.issue ?: call_issue;
	long result;

	portrait_early(w);
	if (w->row->prepare)
		w->row->prepare(w);
	if (w->row->uid)
		become(w->row->uid);
	portrait_take(w);
	result = issue(&w->call);
	w->seen->error = result < 0 ? errno : 0;
	say_returned(w->seen);
	while (w->seen->stays)
		pause();
	_exit(0);
}

void wait_for(struct world *w, pid_t pid)
{
	pid_t ended;
	int before;

	if (pid < 0)
		die("fork: %m");
	for (;;) {
		before = __atomic_load_n(moves, __ATOMIC_SEQ_CST);
		ended = waitpid(pid, &w->status, w->seen->stays ? WNOHANG : 0);
		if (ended)
			break;
		if (w->seen->returned)
			return;
		syscall(SYS_futex, moves, FUTEX_WAIT, before, NULL, NULL, 0);
	}
	if (ended != pid)
		die("waitpid: %m");
	if (w->seen->skip)
		skip(w, "%s", w->seen->why);
}

/* Another process that has a file open until the row is over. */
pid_t hold_open(const char *path, int flags)
{
	int opened[2];
	pid_t pid;

	if (pipe2(opened, O_CLOEXEC))
		die("pipe: %m");
	pid = fork();
	if (!pid) {
		open_or_die(path, flags);
		close(opened[0]);
		close(opened[1]);
		for (;;)
			pause();
	}
	close(opened[1]);
	if (pid < 0 || read(opened[0], &(char){ 0 }, 1))
		die("%s is not held open: %m", path);
	close(opened[0]);
	return pid;
}

void launch_fork(struct world *w)
{
	pid_t pid = fork();

	if (!pid)
		caller_main(w);
	wait_for(w, pid);
}

void launch_vfork(struct world *w)
{
	pid_t pid;

	w->seen->stays = false; /* this process waits for its end */
	pid = vfork();

	if (!pid)
		caller_main(w);
	wait_for(w, pid);
}

static void *thread_main(void *w)
{
	caller_main(w);
}

void launch_thread(struct world *w)
{
	pid_t pid = fork();
	pthread_t thread;

	if (!pid) {
		if (pthread_create(&thread, NULL, thread_main, w))
			die("pthread_create failed");
		pthread_join(thread, NULL);
		_exit(0);
	}
	wait_for(w, pid);
}
