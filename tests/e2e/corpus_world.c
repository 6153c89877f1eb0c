// SPDX-License-Identifier: GPL-2.0-only
/* What rows are built from: how they end, names, files, namespaces. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "corpus.h"

void die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("corpus: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	exit(EXIT_MACHINE);
}

static void report(struct world *w, struct json_object *result)
{
	const char *line =
		json_object_to_json_string_ext(result, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);

	if (dprintf(w->result_fd, "%s\n", line) < 0)
		die("result: %m");
}

void world_report(struct world *w)
{
	struct json_object *result = json_object_new_object();

	expect_reasons(w);
	json_object_object_add(result, "scenario", json_object_new_string(w->row->name));
	json_object_object_add(result, "pid", json_object_new_int(getpid()));
	if (w->unordered)
		json_object_object_add(result, "unordered", json_object_new_boolean(true));
	if (w->may)
		json_object_object_add(result, "may", w->may);
	if (w->some)
		json_object_object_add(result, "some", json_object_new_int(w->some));
	json_object_object_add(result, "events", w->events);
	report(w, result);
}

void skip(struct world *w, const char *format, ...)
{
	struct json_object *result = json_object_new_object();
	char why[256];
	va_list args;

	va_start(args, format);
	vsnprintf(why, sizeof(why), format, args);
	va_end(args);
	json_object_object_add(result, "scenario", json_object_new_string(w->row->name));
	json_object_object_add(result, "skip", json_object_new_string(why));
	report(w, result);
	exit(EXIT_DONE);
}

char *text_printf(const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		abort();
	va_end(args);
	return text;
}

char *text_repeat(const char *unit, size_t count)
{
	size_t size = strlen(unit);
	char *text = malloc(size * count + 1);

	for (size_t i = 0; i < count; i++)
		memcpy(text + i * size, unit, size);
	text[size * count] = '\0';
	return text;
}

char *expand(const struct world *w, const char *text)
{
	size_t dir = strlen(w->dir);
	char *out = malloc(strlen(text) * (dir + 1) + 1), *to = out;

	for (; *text; text++) {
		if (*text == '@')
			to = stpcpy(to, w->dir);
		else
			*to++ = *text;
	}
	*to = '\0';
	return out;
}

char **strings_copy(const struct world *w, const char *const *strings)
{
	size_t n = 0;
	char **copy;

	while (strings[n])
		n++;
	copy = calloc(n + 1, sizeof(*copy));
	for (size_t i = 0; i < n; i++)
		copy[i] = expand(w, strings[i]);
	return copy;
}

int open_or_die(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC, 0644);

	if (fd < 0)
		die("%s: %m", path);
	return fd;
}

void make_file(const char *path, mode_t mode, const void *data, size_t size)
{
	int fd = open_or_die(path, O_WRONLY | O_CREAT | O_TRUNC);

	for (size_t done = 0; done < size;) {
		ssize_t n = write(fd, (const char *)data + done, size - done);

		if (n < 0)
			die("%s: %m", path);
		done += n;
	}
	fchmod(fd, mode);
	close(fd);
}

static void make_socket(const char *path)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (strlen(path) >= sizeof(at.sun_path))
		die("%s: too long for a socket", path);
	strcpy(at.sun_path, path);
	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)))
		die("%s: %m", path);
}

static void make_regular(struct world *w, const struct fixture *f, const char *path)
{
	size_t size = f->size;
	const void *data = f->text;

	if (f->elf)
		data = elf_build(w, f->elf, &size);
	else if (f->text && !f->size)
		size = strlen(data = expand(w, f->text));
	make_file(path, f->mode & 07777, data, size);
}

void make_fixture(struct world *w, const struct fixture *f)
{
	char *path = text_printf("%s/%s", w->dir, f->name);
	int failed = 0;

	switch (f->mode & S_IFMT) {
	case 0:
	case S_IFREG:
		make_regular(w, f, path);
		return;
	case S_IFLNK:
		if (symlink(expand(w, f->text), path))
			die("%s: %m", path);
		return;
	case S_IFDIR:
		failed = mkdir(path, 0755);
		break;
	case S_IFSOCK:
		make_socket(path);
		break;
	case S_IFIFO:
		failed = mkfifo(path, 0600);
		break;
	case S_IFCHR: /* the one /dev/null is */
		failed = mknod(path, S_IFCHR | 0600, 0x103);
		break;
	}
	if (failed || chmod(path, f->mode & 07777))
		die("%s: %m", path);
}

bool write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool done = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	int error = errno;

	if (fd >= 0)
		close(fd);
	errno = error;
	return done;
}

char *read_text(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *text = malloc(65536);
	ssize_t n = 0, size = 0;

	if (fd < 0) {
		free(text);
		return NULL;
	}
	while (size < 65535 && (n = read(fd, text + size, 65535 - size)) > 0)
		size += n;
	close(fd);
	text[size] = '\0';
	return text;
}

void *shared_memory(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		die("mmap: %m");
	return memory;
}

/* Not getpwuid(): a static program has no business in NSS. */
const char *user_name(uid_t uid)
{
	FILE *file = fopen("/etc/passwd", "re");
	struct passwd *entry;

	while (file && (entry = fgetpwent(file)))
		if (entry->pw_uid == uid)
			return entry->pw_name;
	return NULL;
}

long long now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

pid_t parent_of(const char *pid)
{
	char *path = text_printf("/proc/%s/stat", pid);
	char *stat = read_text(path), *end = stat ? strrchr(stat, ')') : NULL;
	pid_t parent = end ? atoi(end + 4) : 0; /* ") S 123" */

	free(stat);
	free(path);
	return parent;
}

void own_mounts(void)
{
	if (unshare(CLONE_NEWNS) || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL))
		die("private mount namespace: %m");
}

/* Where pointers have four bytes. */
void *low_memory(size_t size)
{
#ifdef MAP_32BIT
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
#else
	(void)size;
	return NULL;
#endif
}

void mount_tmpfs(const char *path, unsigned long flags)
{
	if (mount("execfail", path, "tmpfs", flags, "mode=0755"))
		die("tmpfs on %s: %m", path);
}
