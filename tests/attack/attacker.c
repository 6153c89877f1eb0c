// SPDX-License-Identifier: GPL-2.0-only
/*
 * An unprivileged user with a world of its own, who fails to execute what makes others wait when they look at it.
 *
 * Four of them are no user's: `listen` is root's own mistake, `share` what root mounts for a user, `layers` a container
 * whose files are on a server that has gone, and `fault` only where a sysctl lets users do it.
 *
 * usage: attacker ATTACK FOLDER [COMMAND]
 *
 * FOLDER is the user's, and has a device `fuse`. It prints the error when the exec has failed, goes on answering for
 * its own process group, and ends with its standard input.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/fanotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fuse.h"

static char **command; /* what comes behind the folder */

static void fail(const char *what)
{
	fprintf(stderr, "attacker: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void need(int result, const char *what)
{
	if (result < 0)
		fail(what);
}

static void put(const char *path, const char *format, ...)
{
	int fd = open(path, O_WRONLY);
	char text[64];
	va_list list;
	int n;

	va_start(list, format);
	n = vsnprintf(text, sizeof(text), format, list);
	va_end(list);
	if (fd < 0 || write(fd, text, (size_t)n) != n)
		fail(path);
	close(fd);
}

/* A user and a mount namespace, where this user is root. */
static void enter_own_world(void)
{
	unsigned int uid = getuid(), gid = getgid();

	need(unshare(CLONE_NEWUSER | CLONE_NEWNS), "unshare");
	put("/proc/self/setgroups", "deny");
	put("/proc/self/uid_map", "0 %u 1", uid);
	put("/proc/self/gid_map", "0 %u 1", gid);
}

/* Mounts it at ./fs, and answers from another process until this one ends. */
static void serve(enum fuse_silence silence)
{
	int device = open("fuse", O_RDWR | O_CLOEXEC);
	pid_t pid;

	need(device, "the device fuse");
	need(mkdir("fs", 0755), "fs");
	need(fuse_mount(device, "fs"), "mounting it");
	pid = fork();
	need(pid, "fork");
	if (pid) {
		close(device);
		return;
	}
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	fuse_serve(device, silence);
	_exit(0);
}

/* At ./all. The overlay asks with the rights of who mounted it, whoever looks. */
static void mount_layers(const char *options)
{
	need(mkdir("empty", 0755), "empty");
	need(mkdir("all", 0755), "all");
	need(mount("attack", "all", "overlay", 0, options), "mounting the overlay");
}

static void mount_overlay(void)
{
	mount_layers("lowerdir=fs:empty");
}

static void execute_with(const char *path, char *argument)
{
	static char *argv[3];

	argv[0] = (char *)path;
	argv[1] = argument;
	execve(path, argv, argv + 2);
	printf("%s\n", strerrorname_np(errno));
	fflush(stdout);
}

static void execute(const char *path)
{
	execute_with(path, NULL);
}

/* --- the attacks --- */

static void overlay(void)
{
	serve(FUSE_SILENT_TO_OTHERS);
	mount_overlay();
	execute("all/" FUSE_FILE);
}

static void root(void)
{
	serve(FUSE_SILENT_TO_OTHERS);
	mount_overlay();
	need(chroot("all"), "chroot");
	need(chdir("/"), "chdir");
	execute("/" FUSE_FILE);
}

/* Who asks what this descriptor is asks the server. */
static void hold(void)
{
	serve(FUSE_SILENT_TO_OTHERS);
	mount_overlay();
	need(open("all/" FUSE_FILE, O_RDONLY), "the file");
	printf("held\n");
	fflush(stdout);
}

/* As root mounts one for everybody, at the user's wish. */
static void share(void)
{
	serve(FUSE_SILENT_TO_OTHERS);
	printf("shared\n");
	fflush(stdout);
}

/* More users of a container than there can be workers, each of whom is charged for himself. */
static void layers(void)
{
	enum { USERS = 40, FIRST_USER = 100000 };

	need(unshare(CLONE_NEWNS), "unshare");
	need(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL), "private mounts");
	serve(FUSE_SILENT_TO_OTHERS);
	/* The upper one's mode lets everybody in. */
	mount_layers("lowerdir=empty:fs");
	for (uid_t i = 0; i < USERS; i++) {
		if (!fork()) {
			need(setresuid(FIRST_USER + i, FIRST_USER + i, FIRST_USER + i), "setresuid");
			execl("all/" FUSE_FILE, FUSE_FILE, NULL);
			_exit(0);
		}
		wait(NULL);
	}
	execute("all/" FUSE_FILE);
}

/* By its path, without the overlay. */
static void plain(void)
{
	serve(FUSE_SILENT_TO_OTHERS);
	execute("fs/" FUSE_FILE);
}

/* Whatever it is asked by another: like a server that has gone. What is to be run there comes as an argument. */
static void run_there(void)
{
	serve(FUSE_SILENT_TO_OTHERS);
	if (!fork()) {
		setpgid(0, 0);
		execv(command[0], command);
		_exit(127);
	}
	wait(NULL);
}

static char *page;

static _Atomic pid_t waiter; /* a thread that is about to wait for ever */

static void *sync_page(void *unused)
{
	waiter = gettid();
	msync(page, 4096, MS_SYNC);
	return unused;
}

/* It is being written, so this waits, with the lock on the memory's map held. */
static void *touch_page(void *unused)
{
	waiter = gettid();
	page[0] = '!';
	return unused;
}

/* And this waits for that lock, once the exec has failed, so that nobody else gets it. */
static atomic_bool failed;

static void *change_map(void *unused)
{
	while (!failed)
		;
	munmap(page, 4096);
	return unused;
}

static void start(void *(*run)(void *))
{
	pthread_t thread;

	errno = pthread_create(&thread, NULL, run, NULL);
	if (errno)
		fail("a thread");
}

/* As /proc has it. */
static char state_at(const char *name)
{
	char text[512] = "";
	const char *end;
	int fd;

	fd = open(name, O_RDONLY | O_CLOEXEC);
	need(fd, name);
	need((int)read(fd, text, sizeof(text) - 1), name);
	close(fd);
	end = strrchr(text, ')');
	return end ? end[2] : '?';
}

static char state_of_process(pid_t pid)
{
	char name[64];

	snprintf(name, sizeof(name), "/proc/%d/stat", (int)pid);
	return state_at(name);
}

/* Of a thread of ours. */
static char state_of(pid_t tid)
{
	char name[64];

	snprintf(name, sizeof(name), "/proc/self/task/%d/stat", (int)tid);
	return state_at(name);
}

/* Until a thread sleeps in the kernel. */
static void start_waiting(void *(*run)(void *))
{
	waiter = 0;
	start(run);
	while (!waiter || state_of(waiter) == 'R')
		sched_yield();
}

/* A page of a file whose server does not answer all. */
static void map_served(enum fuse_silence silence, int flags)
{
	int fd;

	serve(silence);
	fd = open("fs/" FUSE_FILE, O_RDWR);
	need(fd, "the file");
	page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, flags, fd, 0);
	if (page == MAP_FAILED)
		fail("mmap");
}

/* Holds the lock on the memory's map, while that is executed, and from then on. */
static void hold_map(const char *path, char *argument)
{
	map_served(FUSE_SILENT_OF_WRITES, MAP_SHARED);
	page[0] = '!';
	start_waiting(sync_page);
	start_waiting(touch_page);
	start(change_map);
	execute_with(path, argument);
	failed = true;
}

static void map(void)
{
	hold_map("/proc/self/map_files/1000-2000/x", NULL);
}

/* Nobody has touched it yet, so it is in no page when the call fails. */
static char *map_untouched(const char *path)
{
	int fd = open(path, O_RDONLY);
	char *at;

	need(fd, path);
	at = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0);
	if (at == MAP_FAILED)
		fail("mmap");
	return at;
}

static void lock(void)
{
	hold_map("/no/lock", map_untouched("/proc/self/exe"));
}

/* An argument that another would have to give. */
static void argument(void)
{
	serve(FUSE_SILENT_TO_OTHERS);
	execute_with("/no/argument", map_untouched("fs/" FUSE_FILE));
}

/* The same, of memory: whoever touches it waits for this process. */
static void fault(void)
{
	struct uffdio_api api = { .api = UFFD_API };
	int fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC);
	struct uffdio_register range = { .range.len = 4096, .mode = UFFDIO_REGISTER_MODE_MISSING };
	char *at = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	need(fd, "userfaultfd");
	if (at == MAP_FAILED)
		fail("mmap");
	range.range.start = (unsigned long)at;
	need(ioctl(fd, UFFDIO_API, &api), "userfaultfd");
	need(ioctl(fd, UFFDIO_REGISTER, &range), "userfaultfd");
	execute_with("/no/fault", at);
}

/* More that are amid an exec, which waits for their file's first bytes, than is kept track of. */
static void crowd(void)
{
	enum { CROWD = 700 };
	char *argv[] = { NULL };
	pid_t pids[CROWD];

	serve(FUSE_SILENT_OF_READS);
	for (int i = 0; i < CROWD; i++) {
		pids[i] = fork();
		need(pids[i], "fork");
		if (!pids[i]) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			execve("fs/" FUSE_FILE, argv, argv);
			_exit(0);
		}
	}
	for (int i = 0; i < CROWD; i++)
		while (state_of_process(pids[i]) == 'R')
			sched_yield();
	printf("crowd\n");
	fflush(stdout);
}

/*
 * All mounts of the machine have one lock: who has many copied again and again keeps others from their own tables for a
 * second.
 */
static void mounts(void)
{
	enum { DOUBLED = 15, COPIES = 8 };
	char name[16];

	need(mkdir("many", 0755), "many");
	need(mount("many", "many", "tmpfs", 0, NULL), "many");
	need(chdir("many"), "many");
	for (int i = 0; i < DOUBLED; i++) {
		snprintf(name, sizeof(name), "%d", i);
		need(mkdir(name, 0755), name);
		need(mount(".", name, NULL, MS_BIND | MS_REC, NULL), name);
	}
	for (int i = 0; i < COPIES; i++) {
		if (fork())
			continue;
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		while (!unshare(CLONE_NEWNS))
			;
		_exit(0);
	}
	printf("mounts\n");
	fflush(stdout);
}

/* With something open that closes with the exec. */
static void fail_and_execute(void)
{
	char *failing[] = { "/no/flush", map_untouched("/proc/self/exe"), NULL }, *argv[] = { "attacker", NULL };

	need(open("fs/" FUSE_FILE, O_RDONLY | O_CLOEXEC), "the file");
	execve(failing[0], failing, failing + 2);
	execv("/proc/self/exe", argv);
	_exit(1);
}

/* The lock that who looks into the memory of a process takes, and an exec that succeeds keeps while it closes files. */
static void flush(void)
{
	pid_t pid;

	fuse_silenced = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (fuse_silenced == MAP_FAILED)
		fail("mmap");
	serve(FUSE_SILENT_OF_FLUSHES);
	pid = fork();
	need(pid, "fork");
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		fail_and_execute();
	}
	while (!*fuse_silenced)
		sched_yield();
	printf("ENOENT\n");
	fflush(stdout);
}

/* --- locks of the kernel that are kept by who has an answer written to memory that never comes --- */

static int epoll_fd;

static void *wait_for_events(void *unused)
{
	waiter = gettid();
	epoll_wait(epoll_fd, (void *)page, 1, -1);
	return unused;
}

/* That of an epoll, which telling of its descriptor takes. */
static void hold_epoll(void)
{
	struct epoll_event any = { .events = EPOLLOUT };
	int ends[2];

	map_served(FUSE_SILENT_OF_READS, MAP_PRIVATE);
	epoll_fd = epoll_create1(0);
	need(epoll_fd, "epoll");
	need(pipe(ends), "pipe");
	need(epoll_ctl(epoll_fd, EPOLL_CTL_ADD, ends[1], &any), "epoll");
	start_waiting(wait_for_events);
}

static void poll_held(void)
{
	hold_epoll();
	printf("held\n");
	fflush(stdout);
}

/* And its own descriptor is what it executes. */
static void poll_own(void)
{
	hold_epoll();
	need(dup2(epoll_fd, 77), "dup2");
	execute("/proc/self/fd/77");
}

static int listed;

static void *list_names(void *unused)
{
	waiter = gettid();
	syscall(SYS_getdents64, listed, page, 4096);
	return unused;
}

static void *make_name(void *unused)
{
	waiter = gettid();
	openat(listed, "new", O_CREAT | O_WRONLY, 0600);
	return unused;
}

/*
 * A link to nowhere in that directory fails, and then leads to a name that nobody has looked up: whoever does waits,
 * until he is let.
 */
static void fail_by_link(const char *place)
{
	char path[256], other[256], *argv[] = { path, NULL };

	snprintf(path, sizeof(path), "%s/missing", place);
	snprintf(other, sizeof(other), "%s/other", place);
	/* In a directory of root's it is a name. */
	if (!symlink("nowhere", path))
		need(symlink("elsewhere", other), other);
	execve(path, argv, argv + 1);
	rename(other, path);
	errno = ENOENT;
}

/*
 * That of a directory on the machine's own file system: who reads it shares it, who makes a name in it waits, and
 * everybody else behind that one.
 */
static void directory(void)
{
	map_served(FUSE_SILENT_OF_READS, MAP_PRIVATE);
	fail_by_link(command[0]);
	listed = open(command[0], O_RDONLY | O_DIRECTORY);
	need(listed, command[0]);
	start_waiting(list_names);
	start_waiting(make_name);
	printf("%s\n", strerrorname_np(errno));
	fflush(stdout);
}

/* One that is asked whether a file may be opened, and answers its own process group only. */
static void answer_own(int listener)
{
	struct pollfd fds[] = { { .fd = listener, .events = POLLIN }, { .fd = STDIN_FILENO, .events = POLLIN } };
	struct fanotify_event_metadata asked;
	struct fanotify_response answer;

	while (poll(fds, 2, -1) >= 0 && !fds[1].revents) {
		if (read(listener, &asked, sizeof(asked)) != sizeof(asked))
			return;
		answer = (struct fanotify_response){ .fd = asked.fd, .response = FAN_ALLOW };
		if (getpgid(asked.pid) == getpgrp() && write(listener, &answer, sizeof(answer)) != sizeof(answer))
			return;
		close(asked.fd);
	}
}

/* A virus scanner that hangs. */
static void stall(void)
{
	int listener = fanotify_init(FAN_CLASS_CONTENT | FAN_CLOEXEC, O_RDONLY);
	pid_t pid;

	need(listener, "fanotify");
	need(mknod(FUSE_FILE, S_IFREG | 0755, 0), FUSE_FILE);
	put(FUSE_FILE, "no program, but text\n");
	need(fanotify_mark(listener, FAN_MARK_ADD, FAN_OPEN_PERM, AT_FDCWD, FUSE_FILE), "a mark");
	pid = fork();
	need(pid, "fork");
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		answer_own(listener);
		_exit(0);
	}
	close(listener);
	execute(FUSE_FILE);
}

/* In pieces, none of which is the largest process. */
static void hold_piece(size_t size)
{
	char *piece = malloc(size);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (piece)
		memset(piece, 1, size);
	pause();
	_exit(0);
}

/* More memory than the group has that it is in: the kernel ends processes for that. */
static void memory(void)
{
	enum { PIECES = 64, PIECE = 1 << 20 };
	pid_t pid;

	for (int i = 0; i < PIECES; i++) {
		pid = fork();
		if (!pid)
			hold_piece(PIECE);
		while (pid > 0 && state_of_process(pid) == 'R')
			sched_yield();
	}
	printf("memory\n");
	fflush(stdout);
}

static const struct {
	const char *name;
	void (*run)(void);
	bool own_world;
} attacks[] = {
	{ "overlay", overlay, true },   { "root", root, true },
	{ "plain", plain, true },       { "map", map, true },
	{ "listen", stall, false },     { "run", run_there, true },
	{ "hold", hold, true },         { "share", share, false },
	{ "layers", layers, false },    { "poll_held", poll_held, true },
	{ "poll_own", poll_own, true }, { "directory", directory, true },
	{ "crowd", crowd, true },       { "lock", lock, true },
	{ "argument", argument, true }, { "fault", fault, false },
	{ "mounts", mounts, true },     { "flush", flush, true },
	{ "memory", memory, false },    { NULL, NULL, false },
};

int main(int argc, char **argv)
{
	char end;

	command = argv + 3;
	if (argc < 3 || chdir(argv[2])) {
		fprintf(stderr, "usage: attacker ATTACK FOLDER [COMMAND]\n");
		return 2;
	}
	need(setpgid(0, 0), "setpgid");
	for (size_t i = 0; attacks[i].name; i++) {
		if (strcmp(argv[1], attacks[i].name))
			continue;
		if (attacks[i].own_world)
			enter_own_world();
		attacks[i].run();
	}
	return read(STDIN_FILENO, &end, 1) < 0;
}
