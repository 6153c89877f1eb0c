// SPDX-License-Identifier: GPL-2.0-only
/*
 * Execs that fail while execfail starts. What it says of one must be true: it has seen all of a call, or it says
 * nothing of it. Of what begins after "watching for ..." nothing may be missing.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runner.h"

#define EXECS_AFTER 50 /* of each worker, once execfail watches */
#define BLOCK_SECONDS 20 /* for a process to come to its exec */

/* So many fail at once that not each of them is looked into. */
#define REASON(looked) "\"reason\":{\"one_of\":[\"" looked "\",\"not_found\",{\"prefix\":\"other_\"}]}"
#define NO_SHELL                                                                                                       \
	"\"errno\":\"ENOENT\"," REASON(                                                                                \
		"interpreter_missing") ","                                                                             \
				       "\"interpreter_path\":{\"families\":{\"tracepoint\":null,\"default\":\"/execfail/no/shell\"}}"

/*
 * The ways of failing that leave different things behind inside of an exec, each over and over by a process of its own.
 */
static const struct way {
	const char *file;
	mode_t mode; /* 0: it does not exist */
	const char *text; /* "@" is the folder */
	bool forks; /* each by a new child */
	const char *expected; /* members of an object */
} ways[] = {
	{ "missing", 0, NULL, false, "\"errno\":\"ENOENT\"," REASON("missing_file") },
	{ "locked", 0644, "", false, "\"errno\":\"EACCES\"," REASON("no_x_bit") },
	{ "text", 0755, "echo\n", false, "\"errno\":\"ENOEXEC\"," REASON("no_shebang") },
	{ "script", 0755, "#!/execfail/no/shell -x\n", false, NO_SHELL },
	{ "nested", 0755, "#!@/script -y\n", false, NO_SHELL },
	{ "forked", 0755, "#!/execfail/no/shell -z\n", true, NO_SHELL },
	/* Begins before execfail does, and fails after. The last one. */
	{ "late", 0755, "#!/execfail/no/shell\n", false, NO_SHELL },
};

#define WAYS (sizeof(ways) / sizeof(ways[0]))
#define LATE (WAYS - 1)

/* Shared with the workers; execs are counted from 1. */
static struct work {
	volatile long begun, until;
} * work;

static struct {
	pid_t pid;
	long required; /* the first that may not be missing */
	bool *told; /* of those from there on */
} workers[WAYS];

static char folder[] = "/tmp/execfail-start-XXXXXX";
static int leased = -1; /* the lease that the late one waits for */
static struct stream living = { .fd = -1 }; /* ends when all workers have */

static char *file_path(const struct way *way)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", folder, way->file);
	return path;
}

static void make_file(const struct way *way)
{
	int fd = way->mode ? open(file_path(way), O_WRONLY | O_CREAT | O_CLOEXEC, 0600) : -1;
	const char *at = way->text ? strchr(way->text, '@') : NULL;

	if (!way->mode)
		return;
	if (fd < 0 || fchmod(fd, way->mode))
		die("%s: %m", file_path(way));
	if (at)
		dprintf(fd, "%.*s%s%s", (int)(at - way->text), way->text, folder, at + 1);
	else
		dprintf(fd, "%s", way->text);
	close(fd);
}

static void fail_once(const struct way *way, long number)
{
	char serial[24], *path = file_path(way);
	pid_t pid;

	snprintf(serial, sizeof(serial), "%ld", number);
	pid = way->forks ? vfork() : 0;
	if (!pid)
		syscall(SYS_execve, path, (char *[]){ path, (char *)way->file, serial, NULL }, (char *[]){ NULL });
	if (!pid && way->forks)
		_exit(0);
	if (pid > 0)
		waitpid(pid, NULL, 0);
}

static void __attribute__((noreturn)) worker_main(size_t i)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* Only what execfail leaves: it may take minutes to start on an emulated machine. */
	sched_setscheduler(0, SCHED_IDLE, &(struct sched_param){});
	while (work[i].begun < work[i].until)
		fail_once(&ways[i], ++work[i].begun);
	_exit(0);
}

static void worker_start(size_t i)
{
	workers[i].pid = fork();
	if (workers[i].pid < 0)
		die("fork: %m");
	if (!workers[i].pid)
		worker_main(i);
}

/* An exec that waits inside of the kernel until nobody holds a lease on its file any more. */
static void late_start(void)
{
	struct timespec patience = { .tv_sec = BLOCK_SECONDS };
	sigset_t broken;

	sigemptyset(&broken);
	sigaddset(&broken, SIGIO);
	sigprocmask(SIG_BLOCK, &broken, NULL);
	leased = open(file_path(&ways[LATE]), O_RDONLY | O_CLOEXEC);
	if (leased < 0 || fcntl(leased, F_SETLEASE, F_WRLCK)) {
		printf("skip start_late # no leases: %s\n", strerror(errno));
		tally.skipped++;
		return;
	}
	worker_start(LATE);
	if (sigtimedwait(&broken, NULL, &patience) < 0)
		die("no exec waits for the lease of %s: %m", file_path(&ways[LATE]));
	sigprocmask(SIG_UNBLOCK, &broken, NULL);
}

void start_begin(void)
{
	int ends[2];

	if (!mkdtemp(folder) || chmod(folder, 0755))
		die("%s: %m", folder);
	work = mmap(NULL, WAYS * sizeof(*work), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (work == MAP_FAILED)
		die("mmap: %m");
	for (size_t i = 0; i < WAYS; i++) {
		make_file(&ways[i]);
		work[i].until = i == LATE ? 2 : __LONG_MAX__;
	}
	if (pipe2(ends, O_CLOEXEC))
		die("pipe: %m");
	fflush(stdout);
	late_start();
	for (size_t i = 0; i < LATE; i++)
		worker_start(i);
	close(ends[1]);
	stream_open(&living, ends[0], NULL);
}

static bool workers_ended(void)
{
	return living.fd < 0;
}

/* From here on, what begins is watched. */
static void workers_finish(void)
{
	for (size_t i = 0; i < WAYS; i++) {
		workers[i].required = work[i].begun + 1;
		workers[i].told = calloc(EXECS_AFTER + 2, sizeof(bool));
		if (i != LATE)
			work[i].until = work[i].begun + EXECS_AFTER;
	}
	fcntl(leased, F_SETLEASE, F_UNLCK);
	if (!stream_pump(workers_ended, CORPUS_SECONDS * 1000))
		die("execs that fail while execfail starts go on");
	for (size_t i = 0; i < WAYS; i++)
		if (workers[i].pid > 0)
			waitpid(workers[i].pid, NULL, 0);
}

static struct json_object *expectation(const struct way *way)
{
	struct json_object *expected, *arguments = json_object_new_array();
	char text[512];

	snprintf(text, sizeof(text), "{%s}", way->expected);
	expected = parse_object(text);
	if (!expected)
		die("no JSON: %s", text);
	json_object_array_add(arguments, json_object_new_string(file_path(way)));
	json_object_array_add(arguments, json_object_new_string(way->file));
	json_object_array_add(arguments, parse_object("{\"not_null\":true}"));
	json_object_object_add(expected, "path", json_object_new_string(file_path(way)));
	json_object_object_add(expected, "argc", json_object_new_int(3));
	json_object_object_add(expected, "arguments", arguments);
	return expected;
}

static struct check check = { .name = START_NAME };

static bool is_worker(struct json_object *event, const char *field, size_t i)
{
	return workers[i].pid && json_object_get_int(json_object_object_get(event, field)) == workers[i].pid;
}

static void note_told(size_t i, long number, struct json_object *event)
{
	const char *family = tracer_context()->family;
	long k = number - workers[i].required;

	/* Where only the exit is seen, all that is told comes from there. */
	if (i == LATE && number == 1 && strcmp(family, "tracepoint"))
		check_wrong(&check, "an exec that began before there was anybody to see it", event);
	if (k < 0)
		return;
	if (workers[i].told[k])
		check_wrong(&check, "told twice", event);
	workers[i].told[k] = true;
}

static void check_event(struct json_object *event)
{
	struct json_object *expected;
	char *difference;
	size_t i = 0;

	while (i < WAYS && !is_worker(event, ways[i].forks ? "ppid" : "pid", i))
		i++;
	if (i == WAYS)
		return;
	expected = expectation(&ways[i]);
	difference = match_event(tracer_context(), expected, event);
	if (difference)
		check_wrong(&check, difference, event);
	else
		note_told(i,
			  atol(json_object_get_string(
				  json_object_array_get_idx(json_object_object_get(event, "arguments"), 2))),
			  event);
	free(difference);
	json_object_put(expected);
}

static long count_missing(void)
{
	long missing = 0;

	for (size_t i = 0; i < WAYS; i++)
		for (long n = workers[i].required; n <= work[i].begun; n++)
			missing += !workers[i].told[n - workers[i].required];
	return missing;
}

static size_t looked_at; /* of the events that came */

/* Looks at those that have come since. */
static bool none_missing(void)
{
	while (looked_at < json_object_array_length(tracer_events()))
		check_event(json_object_array_get_idx(tracer_events(), looked_at++));
	return !count_missing();
}

static void remove_files(void)
{
	for (size_t i = 0; i < WAYS; i++)
		unlink(file_path(&ways[i]));
	rmdir(folder);
}

void start_end(void)
{
	workers_finish();
	if (!tracer_catch_up())
		check_wrong(&check, "execfail did not report the sentinels in time", NULL);
	/* Events are in order for each thread, and those of others may still be looked into. */
	stream_pump(none_missing, HELD_SECONDS * 1000);
	check.missing = count_missing();
	tracer_forget();
	remove_files();
	check_end(&check, NULL);
}
