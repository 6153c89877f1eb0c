// SPDX-License-Identifier: GPL-2.0-only
/* What all views of one run share. */
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "look/view_live.h"

/* To be called in a child, which loses its root: the namespace's own is where setns() leads. */
static ssize_t root_from_namespace(char *to, size_t size)
{
	int ns = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
	int proc = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	char name[32];

	if (ns < 0 || proc < 0 || root < 0 || setns(ns, CLONE_NEWNS))
		return -1;
	snprintf(name, sizeof(name), "self/fd/%d", root);
	return readlinkat(proc, name, to, size);
}

/* Where this process is in a chroot: which. "": it is not, or may not know. The caller frees. */
static char *own_root(void)
{
	char path[PATH_MAX] = "";
	int ends[2];
	ssize_t n;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		return memory_need(strdup(""));
	pid = fork();
	if (!pid) {
		n = root_from_namespace(path, sizeof(path));
		_exit(n <= 1 || write(ends[1], path, (size_t)n) != n);
	}
	close(ends[1]);
	n = pid < 0 ? 0 : read(ends[0], path, sizeof(path) - 1);
	close(ends[0]);
	if (pid > 0)
		waitpid(pid, NULL, 0);
	path[n > 0 ? n : 0] = '\0';
	return memory_need(strdup(path));
}

static void ask_memory(struct views *views)
{
	int fd = memfd_create("execfail", MFD_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return;
	views->memory = fstat(fd, &st) ? 0 : st.st_dev;
	views->memory_mount = live_own_mount(fd);
	close(fd);
}

static uint32_t namespace_of(const struct views *views, const char *name)
{
	uint32_t number;
	char *path;

	if (asprintf(&path, "%s/%s", views->proc, name) < 0)
		memory_need(NULL);
	number = live_namespace(AT_FDCWD, path);
	free(path);
	return number;
}

struct views *views_new(const struct view_roots *roots)
{
	struct views *views = memory_new(sizeof(*views));
	struct stat st;
	char *path;

	views->proc = roots && roots->proc ? roots->proc : "/proc";
	views->sys = roots && roots->sys ? roots->sys : "/sys";
	views->root = roots && roots->root ? roots->root : "/";
	uname(&views->system);
	views->mnt_ns = namespace_of(views, "self/ns/mnt");
	views->user_ns = namespace_of(views, "self/ns/user");
	views->pid_ns = namespace_of(views, "1/ns/pid");
	views->first_mnt_ns = namespace_of(views, "1/ns/mnt");
	if (asprintf(&path, "%s/self", views->proc) < 0)
		memory_need(NULL);
	views->has_proc = !lstat(path, &st);
	free(path);
	views->root_fd = open(views->root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	views->own_root = own_root();
	views->own_fd = -1;
	ask_memory(views);
	return views;
}

uint32_t views_first_mnt_ns(const struct views *views)
{
	return views->pid_ns == FIRST_PID_NS ? views->first_mnt_ns : 0;
}

void views_listen(struct views *views, struct audit *audit)
{
	views->audit = audit;
}

bool live_denial(struct view *view, uint32_t pid, int64_t failed_ns, struct denial *denial)
{
	struct audit *audit = live(view)->views->audit;

	return audit && audit_find(audit, view->arena, pid, failed_ns, view->standing != VIEW_NOTHING, denial);
}

void views_free(struct views *views)
{
	if (!views)
		return;
	for (size_t i = 0; i < TABLES; i++)
		mounts_free(&views->tables[i].mounts);
	mounts_free(&views->own);
	if (views->own_fd >= 0)
		close(views->own_fd);
	if (views->root_fd >= 0)
		close(views->root_fd);
	free(views->own_root);
	free(views);
}
