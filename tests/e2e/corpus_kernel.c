// SPDX-License-Identifier: GPL-2.0-only
/* Rows: programs the kernel starts itself. */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "corpus.h"

#define HIERARCHY "execfail-test"

/* No system call returns: hooks on system calls cannot see it. */
static const char *const blind[] = { "tracepoint", "legacy", NULL };

static struct json_object *expect_kernel_event(struct world *w, const char *path, char **argv)
{
	struct json_object *event = json_object_new_object();

	expect_text(event, "event", "process_execute_failed");
	expect_text(event, "path", path);
	expect_error(event, w->row->error);
	expect_text(event, "stage", w->row->stage);
	expect_text(event, "syscall", NULL);
	expect(event, "kernel_invoked", json_object_new_boolean(true));
	expect(event, "arguments", json_list(argv));
	expect_text(event, "interpreter_path", w->row->interp ? expand(w, w->row->interp) : NULL);
	expect_int(event, "uid", 0);
	expect_text(event, "user", user_name(0));
	expect(event, "pid", match("not_null", json_object_new_boolean(true)));
	optional_event(event, blind);
	json_object_array_add(w->events, event);
	return event;
}

static void crash(void)
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		limit(RLIMIT_CORE, RLIM_INFINITY);
		signal(SIGABRT, SIG_DFL);
		abort();
	}
	if (waitpid(pid, &status, 0) != pid || !WIFSIGNALED(status))
		die("the process did not crash");
}

static void run_core_pattern(struct world *w)
{
	char *helper = expand(w, w->row->path);

	if (!write_text("/proc/sys/kernel/core_pattern", text_printf("|%s one two\n", helper)))
		skip(w, "core_pattern: %m");
	crash();
	expect_kernel_event(w, helper, (char *[]){ helper, "one", "two", NULL });
}

/*
 * The kernel runs modprobe for what it lacks, if it has modules at all: first with a program that leaves a mark, to
 * see whether it does, then with one that is not there.
 */
static bool runs_modprobe(struct world *w, void (*provoke)(struct world *w))
{
	char self[PATH_MAX] = "", *mark = expand(w, "@/mark"), *marked = expand(w, "@/marked");
	struct stat st;

	if (readlink("/proc/self/exe", self, sizeof(self) - 1) < 0 || symlink(self, mark))
		die("mark: %m");
	if (!write_text("/proc/sys/kernel/modprobe", mark))
		return false;
	provoke(w);
	return !stat(marked, &st);
}

static void run_modprobe(struct world *w, void (*provoke)(struct world *w), char *module)
{
	static char *const environment[] = { "HOME=/", "TERM=linux", "PATH=/sbin:/usr/sbin:/bin:/usr/bin", NULL };
	char *helper = expand(w, w->row->path);
	struct json_object *event;

	if (!runs_modprobe(w, provoke))
		skip(w, "the kernel does not run modprobe for this");
	if (!write_text("/proc/sys/kernel/modprobe", helper))
		die("modprobe: %m");
	provoke(w);
	event = expect_kernel_event(w, helper, (char *[]){ helper, "-q", "--", module, NULL });
	expect(event, "environment", json_list(environment));
}

/* An address family that may be a module, and is none that anybody has: this one was never in Linux. */
static void provoke_socket(struct world *w)
{
	int fd = socket(AF_ASH, SOCK_STREAM, 0);

	(void)w;
	if (fd >= 0)
		close(fd);
}

static void run_modprobe_for_socket(struct world *w)
{
	run_modprobe(w, provoke_socket, text_printf("net-pf-%d", AF_ASH));
}

/* Execs a file that no handler takes and whose first bytes are no text: a format there may be a module for. */
static void provoke_format(struct world *w)
{
	pid_t pid = fork();

	if (!pid) {
		char *file = expand(w, "@/file");

		execve(file, (char *[]){ file, NULL }, (char *[]){ NULL });
		_exit(0);
	}
	waitpid(pid, NULL, 0);
}

/* Each of the two execs fails, and the second makes the kernel fail once more. */
static void run_modprobe_for_format(struct world *w)
{
	for (int i = 0; i < 2; i++) {
		struct json_object *event = json_object_new_object();

		expect_text(event, "path", expand(w, "@/file"));
		expect_error(event, ENOEXEC);
		expect_stage(event, "format");
		json_object_array_add(w->events, event);
	}
	run_modprobe(w, provoke_format, "binfmt-0201");
}

/* A key that nobody has: the kernel asks a program of its own for it. */
static void run_request_key(struct world *w)
{
	static char *const start[] = { "/sbin/request-key", "create", NULL };
	struct json_object *event;

	if (!access(start[0], F_OK))
		skip(w, "%s is there", start[0]);
	/* A name of its own: that there is no such key is remembered for a minute. */
	if (syscall(SYS_request_key, "user", text_printf("execfail:%d", getpid()), "information", 0) >= 0 ||
	    errno == ENOSYS)
		skip(w, "no keys");
	event = expect_kernel_event(w, start[0], NULL);
	expect(event, "arguments", match("prefix", json_list(start)));
}

/*
 * The program that the first version of cgroups runs when a group becomes empty, in a hierarchy of our own. `priv` is
 * the name of the group.
 */
static void run_release_agent(struct world *w)
{
	char *agent = expand(w, w->row->path), *at = expand(w, "@/groups");
	char *group = text_printf("%s/%s", at, w->row->priv);
	pid_t pid;

	own_mounts();
	mkdir(at, 0755);
	if (mount("cgroup", at, "cgroup", 0, text_printf("none,name=" HIERARCHY ",release_agent=%s", agent)))
		skip(w, "no first version of cgroups: %m");
	if (mkdir(group, 0755) || !write_text(text_printf("%s/notify_on_release", group), "1"))
		die("%s: %m", group);
	pid = fork();
	if (!pid)
		_exit(!write_text(text_printf("%s/cgroup.procs", group), "0"));
	waitpid(pid, NULL, 0);
	expect_kernel_event(w, agent, (char *[]){ agent, text_printf("/%s", w->row->priv), NULL });
}

static bool has_hierarchy(void)
{
	char *groups = read_text("/proc/self/cgroup");

	return groups && strstr(groups, ":name=" HIERARCHY ":");
}

/*
 * A hierarchy ends when it is unmounted and has no groups, of which one that was removed may still be one when that is
 * looked at: then only the next unmount ends it. To mount it by its name alone waits for one that is ending, mounts one
 * that is not, and makes none where there is none.
 */
static void remove_release_agent(struct world *w)
{
	char *at = expand(w, "@/groups");

	own_mounts();
	mkdir(at, 0755);
	while (!mount("cgroup", at, "cgroup", 0, "name=" HIERARCHY)) {
		rmdir(text_printf("%s/%s", at, w->row->priv));
		umount(at);
		sched_yield();
	}
	if (has_hierarchy())
		die("the hierarchy %s does not end: %m", HIERARCHY);
}

const struct scenario kernel_scenarios[] = {
	{ "core_pattern_missing", "lookup", ENOENT, .path = "@/helper", .settings = true, .run = run_core_pattern },
	{ "core_pattern_interpreter", "interpreter", ENOENT, .path = "@/helper", .interp = "@/none", .settings = true,
	  .run = run_core_pattern, FILES({ "helper", 0755, "#!@/none\n" }) },
	{ "core_pattern_no_x_bit", "lookup", EACCES, .path = "@/helper", .settings = true, .run = run_core_pattern,
	  FILES({ "helper", 0644, GOOD_ELF }) },
	{ "core_pattern_text", "format", ENOEXEC, .path = "@/helper", .settings = true, .run = run_core_pattern,
	  FILES({ "helper", 0755, "text\n" }) },
	{ "modprobe_for_socket", "lookup", ENOENT, .path = "@/no-modprobe", .settings = true,
	  .run = run_modprobe_for_socket },
	{ "modprobe_for_format", "lookup", ENOENT, .path = "@/no-modprobe", .settings = true,
	  .run = run_modprobe_for_format, FILES({ "file", 0755, "\x01\x02\x01\x02 anything" }) },
	{ "release_agent_missing", "lookup", ENOENT, .path = "@/agent", .priv = "empty", .run = run_release_agent,
	  .undo = remove_release_agent },
	{ "request_key_missing", "lookup", ENOENT, .path = "/sbin/request-key", .run = run_request_key },
	{},
};
