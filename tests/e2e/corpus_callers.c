// SPDX-License-Identifier: GPL-2.0-only
/* Rows: how the caller calls. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "corpus.h"

static void different_tid(struct world *w, struct json_object *event)
{
	(void)event;
	if (w->seen->pid == w->seen->tid)
		die("the thread is the leader");
}

static struct json_object *expect_spawned(struct world *w)
{
	struct json_object *event = expect_failure(w);

	expect(event, "pid", match("not_null", json_object_new_boolean(true)));
	expect(event, "tid", match("not_null", json_object_new_boolean(true)));
	expect(event, "ns_pid", match("not_null", json_object_new_boolean(true)));
	expect_parent(w, event);
	return event;
}

/* libc makes the caller, and it is gone when posix_spawn() answers: what can be known is its parent and its call. */
static void run_posix_spawn(struct world *w)
{
	pid_t pid;
	int error;

	portrait_early(w);
	portrait_take(w);
	error = posix_spawn(&pid, w->call.path, NULL, NULL, w->call.argv, w->call.envp);
	if (error != w->row->error)
		die("posix_spawn: %s", strerrorname_np(error));
	expect_spawned(w);
}

static void launch_stopped(struct world *w)
{
	w->seen->stays = false;
	w->call.path = text_printf("%s/spawnp", w->dir);
	w->holder = fork();
	if (!w->holder)
		caller_main(w);
	if (waitpid(w->holder, &w->status, WUNTRACED) != w->holder || !WIFSTOPPED(w->status))
		die("posix_spawnp() did not fail as it should: wait status %#x", w->status);
}

/* posix_spawnp() searches in the caller's PATH, whatever environment it passes on. */
static void run_posix_spawnp(struct world *w)
{
	struct json_object *event;
	char self[PATH_MAX] = "";

	if (readlink("/proc/self/exe", self, sizeof(self) - 1) < 0 || symlink(self, text_printf("%s/spawnp", w->dir)))
		die("spawnp: %m");
	launch_stopped(w);
	event = expect_spawned(w);
	expect_int(event, "ppid", w->holder);
	expect_nothing(event, "ancestors");
	expect_text(event, "comm", "spawnp");
	expect(event, "arguments", json_list((char *[]){ "program", NULL }));
	expect(event, "argc", match_or_null(json_object_new_int(1)));
	expect(event, "environment", json_list((char *[]){ "PATH=/nowhere", NULL }));
	expect(event, "envc", match_or_null(json_object_new_int(1)));
	expect_text(event, "path", expand(w, "@/a/program"));
	expect_text(expect_again(w, event), "path", expand(w, "@/b/program"));
}

/* A child of the deed's, like a thread but a process: it shares all memory with its parent, which runs on. */
static int clone_main(void *w)
{
	caller_main(w);
}

static void launch_clone(struct world *w)
{
	char *stack = malloc(1 << 20);

	wait_for(w, clone(clone_main, stack + (1 << 20), CLONE_VM | SIGCHLD, w));
}

static void stop_for_tracer(struct world *w)
{
	(void)w;
	/* Of who is traced already there is no second tracer to wait for. */
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL))
		die("PTRACE_TRACEME: %m");
	raise(SIGSTOP);
}

/* Stopped by its tracer at every entry and exit of a system call. */
static void launch_traced(struct world *w)
{
	pid_t pid;

	w->seen->stays = false;
	pid = fork();
	if (!pid)
		caller_main(w);
	do {
		if (waitpid(pid, &w->status, 0) != pid)
			die("waitpid: %m");
	} while (WIFSTOPPED(w->status) && !ptrace(PTRACE_SYSCALL, pid, NULL, NULL));
}

/* Ten processes in a row: eight of them are named, the nearest first. */
static void launch_deep(struct world *w)
{
	pid_t *pids = shared_memory(10 * sizeof(*pids));

	w->priv = pids;
	for (int i = 0; i < 10; i++) {
		pid_t pid = fork();

		if (pid) {
			if (i)
				_exit(waitpid(pid, NULL, 0) != pid);
			wait_for(w, pid);
			return;
		}
		pids[i] = getpid();
	}
	caller_main(w);
}

static void eight_ancestors(struct world *w, struct json_object *event)
{
	struct json_object *list = json_object_new_array();
	pid_t *pids = w->priv;

	for (int i = 8; i >= 1; i--) {
		struct json_object *one = json_object_new_object();

		expect_int(one, "pid", pids[i]);
		expect_text(one, "comm", w->seen->comm);
		json_object_array_add(list, one);
	}
	expect_int(event, "ppid", pids[8]);
	expect(event, "ancestors", list);
}

/* Eight threads that fail at the same moment, each with a path of its own. */
#define N_THREADS 8

struct racer {
	struct world *w;
	pthread_barrier_t *barrier;
	pid_t tid;
	char *path;
};

static void *race(void *arg)
{
	struct racer *racer = arg;
	struct call call = racer->w->call;

	call.path = racer->path;
	racer->tid = gettid();
	pthread_barrier_wait(racer->barrier);
	(call.issue ?: call_issue)(&call);
	return NULL;
}

/* All the same where the program is to start. */
static char *racer_path(struct world *w, int i)
{
	return w->row->stage ? text_printf("%s-%d", w->call.path, i) : strdup(w->call.path);
}

static void launch_race(struct world *w)
{
	struct racer *racers = shared_memory(N_THREADS * sizeof(*racers));
	pthread_barrier_t barrier;
	pthread_t thread;
	pid_t pid;

	w->priv = racers;
	w->seen->stays = false; /* they are done when all of them have ended */
	for (int i = 0; i < N_THREADS; i++)
		racers[i] = (struct racer){ w, &barrier, 0, racer_path(w, i) };
	pid = fork();
	if (!pid) {
		portrait_early(w);
		portrait_take(w);
		pthread_barrier_init(&barrier, NULL, N_THREADS);
		for (int i = 1; i < N_THREADS; i++)
			if (pthread_create(&thread, NULL, race, &racers[i]))
				die("pthread_create failed");
		race(&racers[0]);
		/* Nothing of the others is left to wait for but their calls; the process ends with the last. */
		w->seen->error = ENOENT;
		w->seen->returned = true;
		pthread_exit(NULL);
	}
	wait_for(w, pid);
}

static void every_racer(struct world *w, struct json_object *event)
{
	struct racer *racers = w->priv;

	w->unordered = true;
	for (int i = 0; i < N_THREADS; i++) {
		if (i)
			event = expect_again(w, event);
		expect_text(event, "path", racers[i].path);
		expect_int(event, "tid", racers[i].tid);
		/* A program that was preempted is skipped for the others; then nothing may be invented. */
		expect(event, "stage", match_or_null(json_text(w->row->stage)));
	}
}

/*
 * The same many times over: where the kernel preempts programs, it is always amid the record of another, on the same
 * processor.
 */
#define RACER_BURST 50

static char **copy_of(char *const *strings)
{
	char **copy = calloc(64, sizeof(*copy));

	for (int i = 0; strings[i]; i++)
		copy[i] = strdup(strings[i]);
	return copy;
}

static long issue_racer_burst(const struct call *call)
{
	struct call one = *call;
	long result = 0;

	/* While another thread makes the process a page of its own of what was its parent's, nobody can read it. */
	one.argv = copy_of(call->argv);
	one.envp = copy_of(call->envp);
	for (int i = 0; i < RACER_BURST; i++) {
		one.path = text_printf("%s-%d", call->path, i);
		result = call_issue(&one);
	}
	return result;
}

static void racers_burst(struct world *w)
{
	w->call.issue = issue_racer_burst;
}

static void every_one_of_racers(struct world *w, struct json_object *event)
{
	struct racer *racers = w->priv;

	w->unordered = true;
	for (int i = 0; i < N_THREADS * RACER_BURST; i++) {
		if (i)
			event = expect_again(w, event);
		expect_text(event, "path", text_printf("%s-%d", racers[i / RACER_BURST].path, i % RACER_BURST));
		expect_int(event, "tid", racers[i / RACER_BURST].tid);
		expect(event, "stage", match_or_null(json_text(w->row->stage)));
	}
}

/* One after the other, as fast as it goes: each of them is an event. */
#define BURST 200

static long issue_each(const struct call *call, int n)
{
	struct call one = *call;
	long result = 0;

	for (int i = 0; i < n; i++) {
		one.path = text_printf("%s-%d", call->path, i);
		result = call_issue(&one);
	}
	return result;
}

static long issue_burst(const struct call *call)
{
	return issue_each(call, BURST);
}

static void burst(struct world *w)
{
	w->call.issue = issue_burst;
}

static void every_one_of(struct world *w, struct json_object *event, int n)
{
	for (int i = 0; i < n; i++) {
		if (i)
			event = expect_again(w, event);
		expect_text(event, "path", text_printf("%s-%d", w->call.path, i));
	}
}

static void every_one(struct world *w, struct json_object *event)
{
	every_one_of(w, event, BURST);
}

/*
 * Another user's processes, of the lowest priority, fail over and over with as many arguments as are counted, so they
 * are amid their records when a busy process takes the processor from them: what the kernel skips because of that is
 * everybody's. One more of them than a program is attached times each keep one copy of it. Each keeps one of a kretprobe's
 * instances, too, of which a small machine has ten: with more of them the last copy is not run either.
 */
#define MANY_LONG_LISTS 9
#define LONG_LIST 32000
#define BESIDE_LONG_LISTS 40

static void __attribute__((noreturn)) fail_with_long_lists(const char *path, int begun)
{
	char **argv = calloc(LONG_LIST + 1, sizeof(*argv));

	for (int i = 0; i < LONG_LIST; i++)
		argv[i] = "x";
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	become(NOBODY - 1);
	syscall(SYS_execve, path, argv, argv + LONG_LIST);
	sched_setscheduler(0, SCHED_IDLE, &(struct sched_param){});
	close(begun);
	for (;;)
		syscall(SYS_execve, path, argv, argv + LONG_LIST);
}

static void expect_long_lists(struct world *w, const char *path)
{
	struct json_object *one = json_object_new_object();

	expect_text(one, "path", path);
	expect_text(one, "errno", "ENOENT");
	w->may = json_object_new_array();
	json_object_array_add(w->may, one);
}

static pid_t start_long_lists(const char *path)
{
	int begun[2];
	pid_t pid;

	if (pipe2(begun, O_CLOEXEC))
		die("pipe: %m");
	pid = fork();
	if (!pid) {
		close(begun[0]);
		fail_with_long_lists(path, begun[1]);
	}
	close(begun[1]);
	if (pid < 0 || read(begun[0], &(char){ 0 }, 1))
		die("no long lists: %m");
	close(begun[0]);
	return pid;
}

/* More than there is room for in the programs' notes. */
#define MARKS 600
#define MARK_STACK 16384

static pid_t start_busy(void)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;)
		;
}

/* Fails once, and stays: what is noted of a call that one copy has not seen is so, too. */
static __attribute__((noreturn)) int be_mark(void *path)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	syscall(SYS_execve, path, (char *[]){ "mark", NULL }, (char *[]){ NULL });
	for (;;)
		pause();
}

/* In our memory: to copy that for each of so many takes most of the row's time in a guest. */
static pid_t start_mark(char *path)
{
	char *stack = malloc(MARK_STACK);

	if (!stack)
		die("out of memory");
	return clone(be_mark, stack + MARK_STACK, CLONE_VM | SIGCHLD, path);
}

static void launch_beside(struct world *w, int n, int n_marks)
{
	char *path = expand(w, "@/other");
	pid_t lists[MANY_LONG_LISTS], busy, *marks = calloc(n_marks, sizeof(*marks));

	expect_long_lists(w, path);
	for (int i = 0; i < n; i++)
		lists[i] = start_long_lists(path);
	busy = start_busy();
	for (int i = 0; i < n_marks; i++)
		marks[i] = start_mark(path);
	launch_fork(w);
	for (int i = 0; i < n_marks; i++)
		kill(marks[i], SIGKILL);
	for (int i = 0; i < n; i++)
		kill(lists[i], SIGKILL);
	kill(busy, SIGKILL);
	while (n--)
		waitpid(lists[n], NULL, 0);
	while (n_marks--)
		waitpid(marks[n_marks], NULL, 0);
	waitpid(busy, NULL, 0);
}

static void launch_beside_long_lists(struct world *w)
{
	launch_beside(w, 1, 0);
}

static void launch_beside_many_long_lists(struct world *w)
{
	launch_beside(w, MANY_LONG_LISTS, 0);
}

static void launch_beside_marks(struct world *w)
{
	launch_beside(w, 1, MARKS);
}

static long issue_beside_long_lists(const struct call *call)
{
	return issue_each(call, BESIDE_LONG_LISTS);
}

static void beside_long_lists(struct world *w)
{
	w->call.issue = issue_beside_long_lists;
}

static void every_one_beside_long_lists(struct world *w, struct json_object *event)
{
	every_one_of(w, event, BESIDE_LONG_LISTS);
}

/*
 * Since 7.x programs on the tracepoints of system calls can be preempted, all copies of them, and without probes there
 * is no other.
 */
static void every_one_beside_many_long_lists(struct world *w, struct json_object *event)
{
	static const char *const blinded[] = { "tracepoint", NULL };

	optional_event(event, blinded);
	every_one_beside_long_lists(w, event);
}

/* What the kernel does to who fails past the point of no return looks otherwise, whatever the caller does to itself. */
static void pending_signal(struct world *w)
{
	sigset_t set;

	(void)w;
	sigemptyset(&set);
	sigaddset(&set, SIGSEGV);
	sigprocmask(SIG_BLOCK, &set, NULL);
	if (tgkill(getpid(), gettid(), SIGSEGV))
		die("tgkill: %m");
}

static void by_int80(struct world *w)
{
	need_int80(w);
	w->call.issue = issue_int80;
}

/* The tracepoints of single system calls do not fire for 32-bit callers. */
static void unseen_by_tracepoints(struct world *w, struct json_object *event)
{
	static const char *const blind[] = { "tracepoint", NULL };

	(void)w;
	optional_event(event, blind);
}

static void by_x32(struct world *w)
{
	need_x86(w);
	if (kernel_has_x32())
		skip(w, "this kernel has the x32 ABI");
	w->call.issue = issue_x32;
}

/* To the kernel it is a system call that does not exist. */
static void no_such_call(struct world *w, struct json_object *event)
{
	(void)w;
	optional_event(event, NULL);
}

const struct scenario callers_scenarios[] = {
	{ "thread", "lookup", ENOENT, .path = "@/none", .launch = launch_thread, .adjust = different_tid },
	{ "thread_interpreter", "interpreter", ENOENT, .path = "@/script", .interp = "@/none", .launch = launch_thread,
	  .adjust = different_tid, FILES({ "script", 0755, "#!@/none\n" }) },
	{ "vfork", "lookup", ENOENT, .path = "@/none", .launch = launch_vfork },
	{ "clone_vm", "lookup", ENOENT, .path = "@/none", .launch = launch_clone },
	{ "posix_spawn", "lookup", ENOENT, .path = "@/none", .run = run_posix_spawn },
	{ "posix_spawnp", "lookup", ENOENT, .argv = STRINGS("spawnp", "program"), .envp = STRINGS("PATH=@/a:@/b"),
	  .run = run_posix_spawnp, FILES({ "a", S_IFDIR | 0755 }, { "b", S_IFDIR | 0755 }) },
	{ "traced", "lookup", ENOENT, .path = "@/none", .prepare = stop_for_tracer, .launch = launch_traced },
	{ "threads_at_once", "lookup", ENOENT, .path = "@/none", .spreads = true, .launch = launch_race,
	  .adjust = every_racer },
	{ "threads_in_bursts", "lookup", ENOENT, .path = "@/none", .spreads = true, .setup = racers_burst,
	  .launch = launch_race, .adjust = every_one_of_racers },
	{ "runs_by_racing_threads", .path = "@/program", .spreads = true, .launch = launch_race,
	  FILES({ "program", 0755, GOOD_ELF }) },
	{ "burst", "lookup", ENOENT, .path = "@/none", .setup = burst, .adjust = every_one },
	{ "beside_long_lists", "lookup", ENOENT, .path = "@/none", .uid = NOBODY, .setup = beside_long_lists,
	  .launch = launch_beside_long_lists, .adjust = every_one_beside_long_lists },
	{ "beside_many_long_lists", "lookup", ENOENT, .path = "@/none", .uid = NOBODY, .setup = beside_long_lists,
	  .launch = launch_beside_many_long_lists, .adjust = every_one_beside_many_long_lists },
	{ "beside_marks", "lookup", ENOENT, .path = "@/none", .uid = NOBODY, .setup = beside_long_lists,
	  .launch = launch_beside_marks, .adjust = every_one_beside_many_long_lists },
	{ "deep", "lookup", ENOENT, .path = "@/none", .launch = launch_deep, .adjust = eight_ancestors },

	{ "signal_pending", "lookup", ENOENT, .path = "@/none", .prepare = pending_signal },

	{ "int80", "lookup", ENOENT, .path = "@/none", .setup = by_int80, .adjust = unseen_by_tracepoints },
	{ "int80_execveat", "lookup", ENOENT, .at = true, .dir = "@", .path = "none", .setup = by_int80,
	  .adjust = unseen_by_tracepoints },
	{ "int80_interpreter", "interpreter", ENOENT, .path = "@/script", .interp = "@/none", .setup = by_int80,
	  .adjust = unseen_by_tracepoints, FILES({ "script", 0755, "#!@/none\n" }) },
	{ "program_32", "lookup", ENOENT, .path = "@/none", .run = run_program_32, .adjust = unseen_by_tracepoints },
	{ "x32", "entry", ENOSYS, .path = "@/none", .setup = by_x32, .adjust = no_such_call },
	{},
};
