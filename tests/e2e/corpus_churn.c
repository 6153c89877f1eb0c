// SPDX-License-Identifier: GPL-2.0-only
/*
 * A row: very many execs that end in every way at once, most of them by threads other than the leader. None of it may
 * be left behind in the tracer, which says at its end how many execs it still keeps something for.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "corpus.h"

#define DEFAULT_EXECS 400 /* CORPUS_CHURN says another number: 100000 where the machine is fast */
#define KILL_WITHIN_NS 600000 /* about what it takes from fork() to the end of the program */
#define N_RACERS 3

static struct world *world;
static const char *missing;

static void run_program(void)
{
	execve(world->call.path, world->call.argv, world->call.envp);
}

static void *run_in_thread(void *unused)
{
	(void)unused;
	run_program();
	_exit(1);
}

static void *fail_in_thread(void *unused)
{
	execve(missing, world->call.argv, world->call.envp);
	return unused;
}

static void by_threads(int n, void *(*start)(void *))
{
	pthread_t thread;

	while (n--)
		if (pthread_create(&thread, NULL, start, NULL))
			_exit(1);
	pause();
}

static void by_leader(void)
{
	run_program();
}

static void by_other_thread(void)
{
	by_threads(1, run_in_thread);
}

static void by_racing_threads(void)
{
	by_threads(N_RACERS, run_in_thread);
}

static void fails_in_thread(void)
{
	by_threads(1, fail_in_thread);
}

static const struct way {
	void (*exec)(void);
	bool vforks;
	bool killed; /* at a random moment: before, during or after the exec */
} ways[] = {
	{ by_leader, .vforks = true },         { by_other_thread },
	{ by_other_thread, .killed = true },   { by_racing_threads },
	{ by_racing_threads, .killed = true }, { by_leader, .killed = true },
	{ fails_in_thread, .killed = true },
};

#define N_WAYS (sizeof(ways) / sizeof(ways[0]))

static void kill_soon(pid_t pid, unsigned int *seed)
{
	struct timespec delay = { .tv_nsec = rand_r(seed) % KILL_WITHIN_NS };

	nanosleep(&delay, NULL);
	kill(pid, SIGKILL);
}

static void go(const struct way *way, unsigned int *seed)
{
	pid_t pid = way->vforks ? vfork() : fork();

	if (pid < 0)
		die("fork: %m");
	if (!pid) {
		way->exec();
		_exit(1);
	}
	if (way->killed)
		kill_soon(pid, seed);
	waitpid(pid, NULL, 0);
}

static void __attribute__((noreturn)) worker(int number, long execs)
{
	unsigned int seed = number;

	for (long i = 0; i < execs; i++)
		go(&ways[i % N_WAYS], &seed);
	_exit(0);
}

static long wanted_execs(void)
{
	const char *said = getenv("CORPUS_CHURN");

	return said ? atol(said) : DEFAULT_EXECS;
}

/* A failing thread may be killed before its exec, so nobody knows how many of these there will be. */
static void expect_some_misses(struct world *w)
{
	struct json_object *miss = json_object_new_object();

	expect_text(miss, "path", missing);
	expect_text(miss, "errno", "ENOENT");
	w->may = json_object_new_array();
	json_object_array_add(w->may, miss);
}

static void run_churn(struct world *w)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN), execs = wanted_execs();

	world = w;
	missing = expand(w, "@/none");
	/* More than there are processors: they are to be preempted, too. */
	for (int i = 0; i <= n; i++) {
		pid_t pid = fork();

		if (pid < 0)
			die("fork: %m");
		if (!pid)
			worker(i, execs / (n + 1));
	}
	for (int i = 0, status; i <= n; i++)
		if (wait(&status) < 0 || status)
			die("a worker ended with wait status %#x", status);
	expect_some_misses(w);
}

const struct scenario churn_scenarios[] = {
	{ "churn", .path = "@/program", .spreads = true, .run = run_churn, FILES({ "program", 0755, GOOD_ELF }) },
	{},
};
