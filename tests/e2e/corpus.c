// SPDX-License-Identifier: GPL-2.0-only
/*
 * corpus: runs one row, prints what a tracer must have seen as one JSON line, leaves the machine as it was.
 *

 *
 * The owner only waits, restores and cleans up, so that nothing a row does to its process can keep it from that. The
 * deed prepares the row and judges what happened; the caller is the process that execs.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "corpus.h"

#define DEADLINE_SECONDS 240 /* against what hangs; churn may take a minute or two */

/* clang-format off */
static const struct {
	const char *name;
	const struct scenario *rows;
} groups[] = {
	{ "entry", entry_scenarios },
	{ "seccomp", seccomp_scenarios },
	{ "lookup", lookup_scenarios },
	{ "descriptor", descriptor_scenarios },
	{ "storage", storage_scenarios },
	{ "arguments", arguments_scenarios },
	{ "security", security_scenarios },
	{ "format", format_scenarios },
	{ "interpreter", interpreter_scenarios },
	{ "commit", commit_scenarios },
	{ "callers", callers_scenarios },
	{ "places", places_scenarios },
	{ "stdin", stdin_scenarios },
	{ "content", content_scenarios },
	{ "kernel", kernel_scenarios },
	{ "quiet", quiet_scenarios },
	{ "churn", churn_scenarios },
};
/* clang-format on */

#define N_GROUPS (sizeof(groups) / sizeof(groups[0]))

/* Settings of the whole machine that rows may change. */
static struct {
	const char *path;
	char *before;
} settings[] = {
	{ "/proc/sys/kernel/core_pattern", NULL },
	{ "/proc/sys/kernel/core_pipe_limit", NULL },
	{ "/proc/sys/kernel/modprobe", NULL },
	{ "/proc/sys/fs/protected_symlinks", NULL },
};

#define N_SETTINGS (sizeof(settings) / sizeof(settings[0]))

/* Held as long as we live: another run must not take for the machine's own what this one has set. */
static void settings_lock(void)
{
	int fd = open("/proc/sys/kernel", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0)
		flock(fd, LOCK_EX);
}

static void settings_save(void)
{
	for (size_t i = 0; i < N_SETTINGS; i++)
		settings[i].before = read_text(settings[i].path);
}

static void settings_restore(void)
{
	for (size_t i = 0; i < N_SETTINGS; i++) {
		char *now = read_text(settings[i].path);

		if (settings[i].before && now && strcmp(settings[i].before, now))
			write_text(settings[i].path, settings[i].before);
		free(now);
	}
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *where)
{
	(void)st;
	(void)kind;
	(void)where;
	return remove(path) && errno != ENOENT ? -1 : 0;
}

static void kill_children(void)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;

	while (proc && (entry = readdir(proc))) {
		pid_t pid = atoi(entry->d_name);

		if (pid > 1 && parent_of(entry->d_name) == getpid())
			kill(pid, SIGKILL);
	}
	if (proc)
		closedir(proc);
}

/*
 * Whatever the deed left behind was handed to us (PR_SET_CHILD_SUBREAPER), generation by generation. Few leave
 * anything, and in a guest to look through /proc is most of a row's work.
 */
static void end_children(void)
{
	pid_t gone;

	while ((gone = waitpid(-1, NULL, WNOHANG)) >= 0) {
		if (gone)
			continue;
		kill_children();
		waitpid(-1, NULL, 0);
	}
}

static void clean_up(struct world *w)
{
	end_children();
	settings_restore(); /* only now is nobody left to change them, or to look at them */
	if (w->row->undo)
		w->row->undo(w);
	nftw(w->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

static void __attribute__((noreturn)) deed_main(struct world *w)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setsid(); /* rows begin without a controlling terminal */
	dup2(open_or_die("/dev/null", O_RDONLY), STDIN_FILENO);
	w->seen = shared_memory(sizeof(*w->seen));
	w->seen->stays = !w->row->leaves;
	w->events = json_object_new_array();
	watch_callers(w);

	for (const struct fixture *f = w->row->files; f && f->name; f++)
		make_fixture(w, f);
	call_from_row(w);
	if (w->row->setup)
		w->row->setup(w);
	if (w->row->run) {
		w->row->run(w);
	} else {
		(w->row->launch ? w->row->launch : launch_fork)(w);
		check_outcome(w);
	}
	world_report(w);
	exit(EXIT_DONE);
}

/* Until the deed ends, somebody wants us to end, or it takes too long. */
static int wait_for_deed(pid_t deed, const sigset_t *signals)
{
	struct timespec deadline = { .tv_sec = DEADLINE_SECONDS };
	int status, signal;

	for (;;) {
		signal = sigtimedwait(signals, NULL, &deadline);
		if (signal < 0 && errno == EINTR)
			continue;
		if (signal != SIGCHLD) {
			fprintf(stderr, "corpus: %s\n", signal < 0 ? "timed out" : "interrupted");
			return EXIT_MACHINE;
		}
		if (waitpid(deed, &status, WNOHANG) != deed)
			continue;
		if (WIFEXITED(status))
			return WEXITSTATUS(status);
		fprintf(stderr, "corpus: the row's own process was killed by signal %d\n", WTERMSIG(status));
		return EXIT_MACHINE;
	}
}

static void print_result(int fd)
{
	char buffer[65536];
	ssize_t n;

	lseek(fd, 0, SEEK_SET);
	while ((n = read(fd, buffer, sizeof(buffer))) > 0)
		fwrite(buffer, 1, n, stdout);
	fflush(stdout);
}

/* --hold: files stay until standard input closes, so that a tracer which looks at them afterwards still finds them. */
static void hold_on(const sigset_t *signals)
{
	char byte;

	sigprocmask(SIG_UNBLOCK, signals, NULL);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	sigprocmask(SIG_BLOCK, signals, NULL);
}

static void ignore(int signal)
{
	(void)signal;
}

/* What a row starts one after the other gains nothing from more; emulated processors need long to call each other. */
static void keep_to_processor(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

static int run_row(const struct scenario *row, bool hold)
{
	const char *tmp = getenv("TMPDIR") ?: "/tmp";
	struct world w = { .row = row, .owner = getpid() };
	struct sigaction interrupted = { .sa_handler = ignore };
	sigset_t signals;
	pid_t deed;
	int result;

	char *dir = text_printf("%s/execfail-XXXXXX", tmp);

	if (!row->spreads)
		keep_to_processor(sched_getcpu());
	if (!mkdtemp(dir) || !realpath(dir, w.dir) || chmod(w.dir, 0755))
		die("%s: %m", dir);
	sigemptyset(&signals);
	sigaddset(&signals, SIGCHLD);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGALRM);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	sigaction(SIGTERM, &interrupted, NULL); /* no SA_RESTART: ends hold_on() */
	sigaction(SIGINT, &interrupted, NULL);
	if (row->settings) {
		settings_lock();
		settings_save();
	}
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	w.result_fd = memfd_create("result", MFD_CLOEXEC);
	if (w.result_fd < 0)
		die("memfd_create: %m");

	deed = fork();
	if (!deed)
		deed_main(&w);
	result = deed < 0 ? EXIT_MACHINE : wait_for_deed(deed, &signals);
	if (result == EXIT_DONE) {
		print_result(w.result_fd);
		if (hold)
			hold_on(&signals);
	}
	clean_up(&w);
	return result;
}

static const struct scenario *find_row(const char *name)
{
	for (size_t g = 0; g < N_GROUPS; g++)
		for (const struct scenario *row = groups[g].rows; row->name; row++)
			if (!strcmp(row->name, name))
				return row;
	return NULL;
}

static bool is_row(const char *name)
{
	return find_row(name);
}

static int list_rows(bool with_groups)
{
	check_reasons(is_row);
	for (size_t g = 0; g < N_GROUPS; g++) {
		for (const struct scenario *row = groups[g].rows; row->name; row++) {
			if (with_groups)
				printf("%s\t%s\t%s\n", row->name, groups[g].name, row->stage ?: "-");
			else
				printf("%s\n", row->name);
		}
	}
	return EXIT_DONE;
}

static int usage(void)
{
	fputs("Usage: corpus --list | --list-groups\n"
	      "       corpus [--hold] NAME\n"
	      "Runs one row and prints what a tracer must have seen of it, as one JSON line.\n"
	      "--hold keeps the row's files until standard input closes.\n",
	      stderr);
	return EXIT_USAGE;
}

int main(int argc, char **argv)
{
	const struct scenario *row;
	bool hold = false;
	int status;

	if (role_main(argc, argv, &status))
		return status;
	if (argc == 2 && !strcmp(argv[1], "--list"))
		return list_rows(false);
	if (argc == 2 && !strcmp(argv[1], "--list-groups"))
		return list_rows(true);
	if (argc > 1 && !strcmp(argv[1], "--hold")) {
		hold = true;
		argc--;
		argv++;
	}
	if (argc != 2 || argv[1][0] == '-')
		return usage();
	row = find_row(argv[1]);
	if (!row) {
		fprintf(stderr, "corpus: no row is called '%s'\n", argv[1]);
		return EXIT_USAGE;
	}
	return run_row(row, hold);
}
