// SPDX-License-Identifier: GPL-2.0-only
#include "cause/check.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "cause/check_report.h"
#include "cause/check_tree.h"
#include "cause/outcome.h"
#include "event/names.h"
#include "look/dynamic.h"
#include "look/search.h"

#ifndef SYS_openat2
#define SYS_openat2 437 /* on all architectures */
#endif

enum { THREADS_MAX = 64, PROGRESS_MS = 100 };

/* Whoever is to start them may do anything but execute what nobody may. */
#define ANYBODY                                                                                                        \
	"Uid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nGroups:\t0 \nCapInh:\t0000000000000000\nCapPrm:\t000001ffffffffff\n"      \
	"CapEff:\t000001ffffffffff\nCapBnd:\t000001ffffffffff\nNoNewPrivs:\t0\nSeccomp:\t0\n"

struct check {
	const struct check_request *request;
	struct check_tree tree;
	struct view_as as;
	int top; /* the tree's descriptor */
	bool bin; /* it is a directory of programs itself */
	char *prefix; /* of the tree's paths, from the root: "/opt/app/" */
	atomic_size_t next, done;
	atomic_ulong programs, unsure;
	pthread_mutex_t lock; /* of the findings */
	struct check_findings findings;
};

struct judge {
	pthread_t thread;
	struct check *check;
	struct views *views;
	struct arena *kept; /* what libraries live in */
	struct libraries *libraries;
	struct arena *arena; /* of one file */
};

/* --- one file --- */

static ssize_t read_file(void *context, uint64_t at, void *to, size_t size)
{
	return pread(*(const int *)context, to, size, (off_t)at);
}

/* In a directory of programs everything is one that does not say by its name that it is of another system. */
static bool is_among_programs(const char *path, bool bin)
{
	struct bytes name = bytes_base(bytes_of(path)), directory = { path, (size_t)(name.p - path) };

	return (bytes_ends(directory, "bin/") || (!directory.n && bin)) && bytes_find(name, '.') == name.n;
}

/*
 * An ELF file that somebody made to be executed: a library has an x bit in many systems, an object file by mistake. Of
 * one that is cut off or damaged, nobody can tell.
 */
static bool is_elf_program(const struct judge *judge, int fd, const char *path)
{
	const struct dynamic_source source = { read_file, &fd };
	struct dynamic dynamic;

	dynamic_read(&dynamic, judge->arena, &source);
	if (dynamic.state == DYNAMIC_FINE || dynamic.state == DYNAMIC_STATIC)
		return dynamic_is_program(&dynamic);
	return is_among_programs(path, judge->check->bin);
}

/* The same as RESOLVE_BENEATH and RESOLVE_NO_SYMLINKS: name by name. */
static int walk_to(int top, const char *path)
{
	int at = fcntl(top, F_DUPFD_CLOEXEC, 0), next;
	char name[NAME_MAX + 1];
	size_t n;

	while (at >= 0 && *path) {
		n = strcspn(path, "/");
		snprintf(name, sizeof(name), "%.*s", (int)n, path);
		next = openat(at, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
		close(at);
		at = next;
		path += n + strspn(path + n, "/");
	}
	return at;
}

/*
 * A file of the tree, to read it. Whoever owns that may put there what he likes, and while we look: nothing is opened
 * that is no file.
 */
static int open_file(int top, const char *path, uint64_t resolve)
{
	struct open_how how = { .flags = O_PATH | O_CLOEXEC, .resolve = resolve };
	int place = (int)syscall(SYS_openat2, top, path, &how, sizeof(how)), fd = -1;
	char name[32];
	struct stat st;

	/* Before 5.6, and where a filter of a container does not know it. */
	if (place < 0 && (errno == ENOSYS || errno == EPERM))
		place = walk_to(top, path);
	if (place < 0)
		return -1;
	snprintf(name, sizeof(name), "/proc/self/fd/%d", place);
	if (!fstat(place, &st) && S_ISREG(st.st_mode))
		fd = open(name, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	close(place);
	return fd;
}

static bool is_program(struct judge *judge, const char *path)
{
	int fd = open_file(judge->check->top, path, RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS);
	char head[SHEBANG_READ];
	bool program = false;
	ssize_t n;

	if (fd < 0)
		return false;
	n = read(fd, head, sizeof(head));
	switch (n < 0 ? FILE_DATA : file_what((struct bytes){ head, (size_t)n }).kind) {
	case FILE_ELF:
		program = is_elf_program(judge, fd, path);
		break;
	case FILE_SCRIPT:
	case FILE_BLANK_SCRIPT:
		program = true;
		break;
	default:
		program = n >= 0 && is_among_programs(path, judge->check->bin);
		break;
	}
	close(fd);
	return program;
}

static char *copied(struct bytes bytes)
{
	BUFFER_AUTO struct buffer copy = {};

	buffer_add(&copy, bytes.p, bytes.n);
	return memory_need(strdup(buffer_string(&copy)));
}

static void add_finding(struct check *check, const char *path, const struct event *event)
{
	struct check_findings *all = &check->findings;
	struct check_finding finding = {
		.path = memory_need(strdup(path)),
		.reason = copied(event->reason),
		.hint = copied(event->hint),
		.stage = stage_name(event->stage),
		.error = event->ret ? error_name(event_error(event)) : NULL,
	};

	pthread_mutex_lock(&check->lock);
	if (!(all->n & (all->n - 1)))
		all->v = memory_resize(all->v, (all->n ? 2 * all->n : 1) * sizeof(*all->v));
	all->v[all->n++] = finding;
	pthread_mutex_unlock(&check->lock);
}

static void judge_file(struct judge *judge, const char *path)
{
	struct check *check = judge->check;
	char *argv[] = { arena_printf(judge->arena, "%s%s", check->prefix, path), NULL };
	struct outcome_how how = {
		.arena = judge->arena,
		.views = judge->views,
		.as = &check->as,
		.libraries = judge->libraries,
		.cwd = "/",
		.path = SEARCH_USUAL,
		.arguments = outcome_list(judge->arena, argv),
		.environment = outcome_list(judge->arena, (char *[]){ (char *)"PATH=" SEARCH_USUAL, NULL }),
	};
	struct outcome outcome;

	if (!is_program(judge, path))
		return;
	atomic_fetch_add(&check->programs, 1);
	outcome_try(&how, argv[0], &outcome);
	for (const struct outcome *o = &outcome; o; o = o->then)
		if (o->unsure)
			atomic_fetch_add(&check->unsure, 1);
	if (outcome_fails(outcome_failure(&outcome)))
		add_finding(check, path, &outcome_failure(&outcome)->event);
}

/* --- all of them --- */

static void *judge_all(void *context)
{
	struct judge *judge = context;
	struct check *check = judge->check;
	size_t i;

	while ((i = atomic_fetch_add(&check->next, 1)) < check->tree.n) {
		judge_file(judge, check->tree.paths[i]);
		arena_reset(judge->arena);
		atomic_fetch_add(&check->done, 1);
	}
	return NULL;
}

static void show_progress(struct check *check, FILE *notes)
{
	enum { WIDTH = 40 };
	size_t n = check->tree.n, done = 0;
	const struct timespec pause = { .tv_nsec = PROGRESS_MS * 1000000L };

	while (n && done < n) {
		done = atomic_load(&check->done);
		fprintf(notes, "\r%3zu%% [%-*.*s] %zu of %zu", done * 100 / n, WIDTH, (int)(done * WIDTH / n),
			"########################################", done, n);
		fflush(notes);
		if (done < n)
			nanosleep(&pause, NULL);
	}
	fputs("\r\033[K", notes);
}

static size_t threads_of(const struct check *check)
{
	long n = check->request->threads ? (long)check->request->threads : sysconf(_SC_NPROCESSORS_ONLN);

	return n < 1 ? 1 : n > THREADS_MAX ? THREADS_MAX : (size_t)n;
}

static void run(struct check *check, FILE *notes)
{
	bool progress = !check->request->quiet && isatty(fileno(notes));
	struct judge judges[THREADS_MAX];
	size_t n = threads_of(check), started;

	for (started = 0; started < n; started++) {
		struct judge *judge = &judges[started];

		*judge = (struct judge){
			.check = check, .views = views_new(NULL), .kept = arena_new(), .arena = arena_new()
		};
		judge->libraries = libraries_new(judge->kept);
		/* Whoever is first does it alone where there can be no more. */
		if (pthread_create(&judge->thread, NULL, judge_all, judge)) {
			if (!started)
				judge_all(judge);
			break;
		}
	}
	if (progress && started)
		show_progress(check, notes);
	for (size_t i = 0; i < started; i++)
		pthread_join(judges[i].thread, NULL);
	for (size_t i = 0; i < n && i <= started; i++) {
		views_free(judges[i].views);
		arena_free(judges[i].kept);
		arena_free(judges[i].arena);
	}
}

/* --- which root, and for which machine --- */

static bool has(const char *directory, const char *name)
{
	BUFFER_AUTO struct buffer path = {};
	struct stat st;

	buffer_printf(&path, "%s/%s", directory, name);
	return !lstat(buffer_string(&path), &st);
}

/* What an image or a chroot has, and a package's own directory has not. */
static bool looks_like_root(const char *directory)
{
	return has(directory, "usr") && (has(directory, "etc") || has(directory, "bin") || has(directory, "lib"));
}

/* The tree's own place in the root; false: it is not in there. */
static bool find_prefix(struct check *check, const char *root)
{
	char top[PATH_MAX], tree[PATH_MAX];
	BUFFER_AUTO struct buffer prefix = {};
	struct bytes rest;

	if (!realpath(root, top) || !realpath(check->request->directory, tree) ||
	    !bytes_below(bytes_of(tree), bytes_of(top)))
		return false;
	rest = bytes_of(tree + (top[1] ? strlen(top) : 0));
	buffer_add(&prefix, rest.p, rest.n);
	if (!bytes_ends(rest, "/"))
		buffer_put(&prefix, '/');
	check->prefix = memory_need(strdup(buffer_string(&prefix)));
	return true;
}

/* That of its own shell; NULL: it has none. */
static const char *machine_of(const char *root, struct arena *arena)
{
	static const char *const shells[] = { "bin/sh",      "usr/bin/sh", "bin/busybox",
					      "usr/bin/env", "bin/dash",   "bin/bash" };
	int top = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct elf_header header;
	const char *name = NULL;
	char head[RECORD_BUF];

	for (size_t i = 0; !name && i < sizeof(shells) / sizeof(shells[0]); i++) {
		int fd = open_file(top, shells[i], RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
		ssize_t n = fd < 0 ? -1 : read(fd, head, sizeof(head));

		if (fd >= 0)
			close(fd);
		if (n > 0 && elf_header_parse((struct bytes){ head, (size_t)n }, &header) && header.complete)
			name = elf_machine_name(arena, &header);
	}
	if (top >= 0)
		close(top);
	return name;
}

static int settle(struct check *check, struct arena *arena, struct utsname *system, FILE *notes)
{
	const struct check_request *request = check->request;
	bool own = !request->root && looks_like_root(request->directory);
	const char *root = request->root ? request->root : own ? request->directory : "/", *found = NULL;

	if (!find_prefix(check, root)) {
		fprintf(notes, "execfail: %s is not below %s\n", text_escaped(arena, bytes_of(request->directory)),
			text_escaped(arena, bytes_of(root)));
		return -EINVAL;
	}
	uname(system);
	check->as = (struct view_as){ .root = root, .status = bytes_of(ANYBODY), .machine = request->machine };
	/* Of our own root, how it is mounted says something. */
	check->as.image = strcmp(root, "/") != 0;
	if (!check->as.machine && check->as.image)
		found = machine_of(root, arena);
	if (!check->as.machine)
		check->as.machine = found ? found : system->machine;
	if (found && strcmp(found, system->machine) && !request->quiet)
		fprintf(notes, "execfail: %s is for %s\n", text_escaped(arena, bytes_of(root)), found);
	return 0;
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct check_finding *)a)->path, ((const struct check_finding *)b)->path);
}

static void free_findings(struct check_findings *findings)
{
	for (size_t i = 0; i < findings->n; i++) {
		free(findings->v[i].path);
		free(findings->v[i].reason);
		free(findings->v[i].hint);
	}
	free(findings->v);
}

static void say_end(const struct check *check, struct arena *arena, FILE *notes)
{
	fprintf(notes, "execfail: %zu of %lu programs could not start (%lu files)", check->findings.n,
		atomic_load(&check->programs), check->tree.files);
	if (check->as.image && check->findings.n)
		fprintf(notes, "; their paths, in commands as well, are from the root %s",
			text_escaped(arena, bytes_of(check->as.root)));
	if (check->unsure)
		fprintf(notes, "; of %lu not all could be read", atomic_load(&check->unsure));
	if (check->tree.closed)
		fprintf(notes, "; %lu directories could not be looked into", check->tree.closed);
	fputc('\n', notes);
}

int check(const struct check_request *request, FILE *out, FILE *notes)
{
	struct check check = { .request = request, .lock = PTHREAD_MUTEX_INITIALIZER };
	struct arena *arena = arena_new();
	struct utsname system;
	int err = check_tree_walk(&check.tree, request->directory), status;

	if (err)
		fprintf(notes, "execfail: cannot look into %s: %s\n", text_escaped(arena, bytes_of(request->directory)),
			error_text(-err));
	else
		err = settle(&check, arena, &system, notes);
	if (!err) {
		check.top = open(request->directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
		check.bin = bytes_ends(bytes_of(check.prefix), "bin/");
		run(&check, notes);
		close(check.top);
		qsort(check.findings.v, check.findings.n, sizeof(*check.findings.v), by_path);
		check_report(&check.findings, request, out);
		if (!request->quiet)
			say_end(&check, arena, notes);
	}
	status = err ? CHECK_TROUBLE : check.findings.n ? CHECK_FOUND : CHECK_FINE;
	free_findings(&check.findings);
	check_tree_free(&check.tree);
	free(check.prefix);
	arena_free(arena);
	return status;
}
