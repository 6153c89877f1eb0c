// SPDX-License-Identifier: GPL-2.0-only
/*
 * execfail, from its start to its end. How to know that all of its events have arrived: an exec of a name of our own
 * (a sentinel) fails on every processor; when all of those were reported, nothing from before them is still under way.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runner.h"

#define SENTINEL "/execfail-sentinel/"
#define KERNEL_THREADS "2" /* whose descendants are the programs that the kernel starts by itself */
#define NOTHING_LEFT "execfail: 0 execs in flight\n"

static struct stream events = { .fd = -1 }, messages = { .fd = -1 };
static struct match_context context = { .family = "auto" };
static const char *family_asked_for;
static pid_t tracer;
static bool watching, stopping, said_goodbye;
static char *all_messages;
static FILE *out_file;
static struct json_object *seen;

static unsigned long first_sentinel, next_sentinel, sentinels_missing;
static bool *sentinel_seen;

const struct match_context *tracer_context(void)
{
	return &context;
}

struct json_object *tracer_events(void)
{
	return seen;
}

void tracer_forget(void)
{
	json_object_put(seen);
	seen = json_object_new_array();
}

bool tracer_ended(void)
{
	return events.fd < 0;
}

const char *tracer_messages(void)
{
	return all_messages ?: "(nothing)\n";
}

/* ---- what it says ---- */

static bool take_sentinel(struct json_object *event)
{
	const char *path = json_object_get_string(json_object_object_get(event, "path"));
	unsigned long serial;

	if (!path || strncmp(path, SENTINEL, strlen(SENTINEL)))
		return false;
	serial = strtoul(path + strlen(SENTINEL), NULL, 10);
	if (serial >= first_sentinel && serial < next_sentinel && !sentinel_seen[serial - first_sentinel]) {
		sentinel_seen[serial - first_sentinel] = true;
		sentinels_missing--;
	}
	return true;
}

static long skipped;

long tracer_skipped(void)
{
	return skipped;
}

/* A program that was preempted while another task on the same CPU came to it: the kernel does not run it twice. */
static bool is_skipped_run(struct json_object *event)
{
	const char *reason = json_object_get_string(json_object_object_get(event, "reason"));

	return reason && !strcmp(reason, "program_skipped");
}

static void event_line(char *line)
{
	struct json_object *event = parse_object(line);
	const char *kind = json_object_get_string(json_object_object_get(event, "event"));

	if (out_file)
		fprintf(out_file, "%s\n", line);
	if (!kind) {
		printf("not ok output # no JSON object with an event\n# %s\n", line);
		tally.failed++;
	} else if (!strcmp(kind, "lost") && is_skipped_run(event)) {
		skipped += json_object_get_int64(json_object_object_get(event, "count"));
		printf("# %s\n", line);
	} else if (!strcmp(kind, "lost")) {
		printf("not ok lost # execfail lost events\n# %s\n", line);
		tally.failed++;
	} else if (!related_take(event, kind) && !take_sentinel(event)) {
		json_object_array_add(seen, event);
		return;
	}
	json_object_put(event);
}

static void read_family(const char *line)
{
	static const char *const names[] = { "fentry", "kprobe", "legacy", "tracepoint" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strstr(line, names[i]))
			context.family = names[i];
}

static void message_line(char *line)
{
	append_line(&all_messages, line);
	if (stopping && !strncmp(line, "execfail:", 9))
		said_goodbye = true;
	if (watching && !stopping)
		printf("# %s\n", line);
	if (watching || strncmp(line, "execfail: watching", 18))
		return;
	watching = true;
	if (!family_asked_for)
		read_family(line);
}

/* ---- its life ---- */

static bool watching_or_gone(void)
{
	return watching || messages.fd < 0;
}

/* An option with its value, where it has one. */
static void add_option(char **argv, const char *name, const char *value)
{
	while (*argv)
		argv++;
	argv[0] = (char *)(value ? name : NULL);
	argv[1] = (char *)value;
}

void tracer_start(const struct tracer_options *options)
{
	char *argv[17] = { (char *)options->execfail, "-v", "-o", "json" };
	char self[16];
	struct child child;

	snprintf(self, sizeof(self), "%d", getpid());
	add_option(argv, "-p", options->ours ? self : NULL);
	add_option(argv, "-p", options->ours ? KERNEL_THREADS : NULL);
	add_option(argv, "--hooks", options->hooks);
	add_option(argv, "--transport", options->transport);
	add_option(argv, "--btf", options->btf);
	add_option(argv, "-e", options->related ? "all,-process_start_failed" : "process_execute_failed");
	if (options->hooks && strcmp(options->hooks, "auto"))
		context.family = family_asked_for = options->hooks;
	context.kernel = match_kernel_version();
	out_file = options->out;
	tracer_forget();
	child = child_start(argv);
	tracer = child.pid;
	fcntl(child.out, F_SETPIPE_SZ, 1 << 20);
	stream_open(&events, child.out, event_line);
	stream_open(&messages, child.err, message_line);
	if (!stream_pump(watching_or_gone, START_SECONDS * 1000) || !watching)
		die("execfail is not watching. It said:\n%s", tracer_messages());
}

static bool silent(void)
{
	return events.fd < 0 && messages.fd < 0;
}

/* A program that the kernel refuses is left out, and what it was for: rows get vaguer, and none need fail for it. */
static bool a_hook_was_refused(void)
{
	const char *line = tracer_messages(), *unseen;
	size_t n;

	if (strstr(line, "; another is there instead"))
		return true;
	for (; *line; line += n + (line[n] == '\n')) {
		n = strcspn(line, "\n");
		unseen = memmem(line, n, "; unseen: ", 10);
		if (unseen && !memmem(line, (size_t)(unseen - line), "this kernel has no such function", 32))
			return true;
	}
	return false;
}

void tracer_stop(void)
{
	const char *wrong = NULL;
	int status = 0;

	stopping = true;
	kill(tracer, SIGTERM);
	if (!stream_pump(silent, ARRIVAL_SECONDS * 1000) || !child_reap(tracer, &status, END_SECONDS * 1000)) {
		kill(tracer, SIGKILL);
		wrong = "did not end at SIGTERM";
	} else if (!WIFEXITED(status) || WEXITSTATUS(status)) {
		wrong = "did not exit with status 0";
	} else if (!said_goodbye) {
		wrong = "printed no closing line";
	} else if (!strstr(tracer_messages(), NOTHING_LEFT)) {
		wrong = "keeps something for execs that are over";
	} else if (a_hook_was_refused()) {
		wrong = "was refused a program by the kernel";
	}
	if (wrong) {
		printf("not ok stop # execfail %s (wait status %#x). It said:\n%s", wrong, status, tracer_messages());
		tally.failed++;
	}
}

/* ---- sentinels ---- */

/* Not by fork(): the copy of all that was read so far would take longer than the rest of many a row. */
static void run_sentinel(int cpu, unsigned long serial)
{
	cpu_set_t set;
	char path[64];
	pid_t pid;

	snprintf(path, sizeof(path), SENTINEL "%lu", serial);
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	pid = vfork();
	if (!pid) {
		sched_setaffinity(0, sizeof(set), &set);
		syscall(SYS_execve, path, (char *[]){ path, NULL }, (char *[]){ NULL });
		_exit(0);
	}
	waitpid(pid, NULL, 0);
}

static bool all_sentinels(void)
{
	return !sentinels_missing || events.fd < 0;
}

bool tracer_catch_up(void)
{
	cpu_set_t cpus;

	sched_getaffinity(0, sizeof(cpus), &cpus);
	sentinels_missing = CPU_COUNT(&cpus);
	free(sentinel_seen);
	sentinel_seen = calloc(sentinels_missing, sizeof(bool));
	first_sentinel = next_sentinel;
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &cpus))
			run_sentinel(cpu, next_sentinel++);
	return stream_pump(all_sentinels, ARRIVAL_SECONDS * 1000) && !sentinels_missing;
}
