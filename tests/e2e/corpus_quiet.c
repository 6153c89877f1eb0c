// SPDX-License-Identifier: GPL-2.0-only
/* Rows: nothing failed, and nothing may be reported. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "corpus.h"

#ifndef AT_EXECVE_CHECK
#define AT_EXECVE_CHECK 0x10000
#endif

static void no_new_privs(struct world *w)
{
	(void)w;
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

static void null_argv(struct world *w)
{
	w->call.argv = w->call.envp = NULL;
}

static void longest_argument(struct world *w)
{
	w->call.argv[1] = text_repeat("a", 32 * sysconf(_SC_PAGESIZE) - 1);
}

static void run_posix_spawn(struct world *w)
{
	pid_t pid;
	int error = posix_spawn(&pid, w->call.path, NULL, NULL, w->call.argv, w->call.envp);

	if (error)
		die("posix_spawn: %s", strerrorname_np(error));
	wait_for(w, pid);
}

static long issue_fexecve(const struct call *call)
{
	return fexecve(open_or_die(call->path, O_RDONLY), call->argv, call->envp);
}

static void by_fexecve(struct world *w)
{
	w->call.issue = issue_fexecve;
}

static long issue_search(const struct call *call)
{
	environ = call->envp;
	return execvp("program", call->argv);
}

static void by_search(struct world *w)
{
	w->call.issue = issue_search;
}

static void by_int80(struct world *w)
{
	need_int80(w);
	w->call.issue = issue_int80;
}

static void from_memory(struct world *w)
{
	size_t size;
	void *image = elf_build(w, &elf_good, &size);
	int memory = memfd_create("program", 0);

	if (memory < 0 || write(memory, image, size) != (ssize_t)size)
		die("memfd_create: %m");
	w->call.dirfd = open_or_die(text_printf("/proc/self/fd/%d", memory), O_RDONLY);
	close(memory); /* held open for writing it would be busy */
}

static void run_program_32_well(struct world *w)
{
	launch_fork(w);
	if (w->seen->returned)
		skip(w, "no 32-bit programs: %s", strerrorname_np(w->seen->error));
	check_outcome(w);
}

/* Only asks whether it could be executed. */
static void run_check(struct world *w)
{
	launch_fork(w);
	if (w->seen->returned && w->seen->error == EINVAL)
		skip(w, "no AT_EXECVE_CHECK");
	if (!w->seen->returned || w->seen->error)
		die("the check: %s", describe_outcome(w));
}

/* Opening the program waits for somebody who holds a lease on it, and who lets go when asked. */
static void launch_leased(struct world *w)
{
	int fd = open_or_die(w->call.path, O_RDONLY), signal;
	sigset_t asked;
	pid_t pid;

	sigemptyset(&asked);
	sigaddset(&asked, SIGIO);
	sigprocmask(SIG_BLOCK, &asked, NULL);
	if (fcntl(fd, F_SETLEASE, F_WRLCK))
		skip(w, "no leases: %m");
	pid = fork();
	if (!pid) {
		close(fd);
		sigprocmask(SIG_UNBLOCK, &asked, NULL);
		caller_main(w);
	}
	sigwait(&asked, &signal);
	fcntl(fd, F_SETLEASE, F_UNLCK);
	wait_for(w, pid);
}

/* clang-format off */
#define SCRIPT { "script", 0755, "#!@/program\n" }
#define PROGRAM { "program", 0755, GOOD_ELF }
/* clang-format on */
#define IN_ROOM .path = "@/program", FILES(PROGRAM)

const struct scenario quiet_scenarios[] = {
	{ "runs", IN_ROOM },
	{ "runs_as_user", IN_ROOM, .uid = NOBODY },
	{ "runs_script", .path = "@/script", FILES(PROGRAM, SCRIPT) },
	{ "runs_script_chain", .path = "@/1",
	  FILES(PROGRAM, SCRIPT, { "1", 0755, "#!@/2\n" }, { "2", 0755, "#!@/3\n" }, { "3", 0755, "#!@/script\n" }) },
	{ "runs_by_execveat", .at = true, .dir = "@", .path = "program", FILES(PROGRAM) },
	{ "runs_by_descriptor", .at = true, .dir = "@/program", .path = "", .flags = AT_EMPTY_PATH, FILES(PROGRAM) },
	{ "runs_script_by_descriptor", .at = true, .dir = "@/script", .path = "", .flags = AT_EMPTY_PATH,
	  FILES(PROGRAM, SCRIPT) },
	{ "runs_by_thread", IN_ROOM, .launch = launch_thread },
	{ "runs_by_vfork", IN_ROOM, .launch = launch_vfork },
	{ "runs_by_posix_spawn", IN_ROOM, .run = run_posix_spawn },
	{ "runs_setuid_no_new_privs", .path = "@/program", .uid = NOBODY, .prepare = no_new_privs,
	  FILES({ "program", 04755, GOOD_ELF }) },
	{ "runs_setuid", .path = "@/program", .uid = NOBODY, FILES({ "program", 04755, GOOD_ELF }) },
	{ "runs_null_argv", IN_ROOM, .prepare = null_argv },
	{ "runs_longest_argument", IN_ROOM, .setup = longest_argument },
	{ "runs_by_fexecve", IN_ROOM, .setup = by_fexecve },
	{ "runs_by_search", .argv = STRINGS("program"), .envp = STRINGS("PATH=@:/"), .setup = by_search,
	  FILES(PROGRAM) },
	{ "runs_by_int80", IN_ROOM, .setup = by_int80 },
	{ "runs_from_memory", .at = true, .path = "", .flags = AT_EMPTY_PATH, .setup = from_memory },
	{ "runs_32_bit", .path = "@/program", .run = run_program_32_well,
	  FILES({ "program", 0755, .elf = &elf_good_32 }) },
	{ "runs_after_lease", IN_ROOM, .launch = launch_leased },
	{ "runs_check", .at = true, .dir = "@", .path = "program", .flags = AT_EXECVE_CHECK, .run = run_check,
	  FILES(PROGRAM) },
	{ "runs_and_crashes", .path = "@/program", .kills = SIGILL, FILES({ "program", 0755, .elf = &elf_crash }) },
	{},
};
