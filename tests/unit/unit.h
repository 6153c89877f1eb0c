/* SPDX-License-Identifier: GPL-2.0-only */
/* What the unit tests share. */
#ifndef EXECFAIL_UNIT_H
#define EXECFAIL_UNIT_H

#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "event/event.h"

/* The bytes of a literal, those behind a NUL in it included. */
#define B(literal) ((struct bytes){ literal, sizeof(literal) - 1 })

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define assert_bytes(bytes, literal) assert_bytes_at(bytes, literal, sizeof(literal) - 1, __FILE__, __LINE__)
#define assert_text(buffer, literal)                                                                                   \
	assert_bytes_at((struct bytes){ (buffer)->p, (buffer)->n }, literal, sizeof(literal) - 1, __FILE__, __LINE__)

static inline void assert_bytes_at(struct bytes bytes, const char *expected, size_t n, const char *file, int line)
{
	if (bytes.n == n && (!n || !memcmp(bytes.p, expected, n)))
		return;
	print_error("got:      %.*s\nexpected: %.*s\n", (int)bytes.n, bytes.p ? bytes.p : "", (int)n, expected);
	_fail(file, line);
}

/* A new, empty directory; free with unit_remove(). */
static inline char *unit_directory(void)
{
	const char *tmp = getenv("TMPDIR");
	char *path;

	assert_true(asprintf(&path, "%s/execfail-unit-XXXXXX", tmp && *tmp ? tmp : "/tmp") > 0);
	assert_non_null(mkdtemp(path));
	return path;
}

static inline int unit_remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	(void)kind;
	(void)ftw;
	return remove(path);
}

static inline void unit_remove(char *path)
{
	assert_int_equal(nftw(path, unit_remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
	free(path);
}

static inline void unit_write(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

/*
 * A link that was followed since it was made, as all are that the kernel just tried: the first time would update it,
 * which is not done in memory alone.
 */
static inline void unit_link(int dir, const char *target, const char *name)
{
	struct timespec times[2] = { { .tv_sec = time(NULL) + 3600 }, { .tv_nsec = UTIME_OMIT } };

	assert_int_equal(symlinkat(target, dir, name), 0);
	assert_int_equal(utimensat(dir, name, times, AT_SYMLINK_NOFOLLOW), 0);
}

/* All that a file holds, from its beginning. */
static inline void unit_read(int fd, struct buffer *text)
{
	ssize_t n;

	text->n = 0;
	assert_true(lseek(fd, 0, SEEK_SET) == 0);
	while ((n = read(fd, buffer_reserve(text, 4096), 4096)) > 0)
		text->n += (size_t)n;
	assert_int_equal(n, 0);
}

/* A process that sleeps until it is ended; *stat: its stat in /proc, to be closed. */
static inline pid_t unit_sleeper(int *stat)
{
	char path[32], text[64] = "";
	pid_t pid = fork();

	if (!pid)
		for (;;)
			pause();
	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	*stat = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(*stat >= 0);
	while (!strstr(text, ") S")) {
		sched_yield();
		assert_true(pread(*stat, text, sizeof(text) - 1, 0) > 0);
	}
	return pid;
}

/* The id of the mount that a file is on. */
static inline unsigned long long unit_mount(const char *path)
{
	int fd = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC), info;
	char name[64], text[512], *at;
	ssize_t n;

	assert_true(fd >= 0);
	snprintf(name, sizeof(name), "/proc/self/fdinfo/%d", fd);
	info = open(name, O_RDONLY | O_CLOEXEC);
	n = read(info, text, sizeof(text) - 1);
	close(info);
	close(fd);
	assert_true(n > 0);
	text[n] = '\0';
	at = strstr(text, "mnt_id:");
	assert_non_null(at);
	return strtoull(at + strlen("mnt_id:"), NULL, 10);
}

/* Now, as the time of an event. */
static inline void unit_now(struct event *event)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	event->time_sec = now.tv_sec;
	event->time_nsec = (uint32_t)now.tv_nsec;
	clock_gettime(CLOCK_BOOTTIME, &now);
	event->failed_ns = now.tv_sec * 1000000000LL + now.tv_nsec;
}

/* A file without a name to write to. */
static inline int unit_file(void)
{
	FILE *file = tmpfile();
	int fd;

	assert_non_null(file);
	fd = dup(fileno(file));
	assert_true(fd >= 0);
	fclose(file);
	return fd;
}

/* An event of which only what every event has is known. */
static inline struct event unit_event(struct arena *arena)
{
	return (struct event){
		.arena = arena,
		.type = EVENT_PROCESS_EXECUTE_FAILED,
		.time_sec = 1700000000,
		.time_nsec = 123456789,
		.failed_ns = 1,
		.call = CALL_EXECVE,
		.ret = -2,
		.argc = RECORD_UNKNOWN,
		.envc = RECORD_UNKNOWN,
		.pid = 4242,
		.tid = 4243,
		.ppid = 1,
		.ns_pid = RECORD_UNKNOWN,
		.uid = RECORD_UNKNOWN,
		.gid = RECORD_UNKNOWN,
		.euid = RECORD_UNKNOWN,
		.loginuid = RECORD_UNKNOWN,
	};
}

#endif
