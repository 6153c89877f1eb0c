// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is in a caller's memory: the one thing below /proc/PID that may wait for whom it is of, who can hold the lock of
 * his memory's map. A worker that waits for that is given up, and can be ended. What it cannot be ended from, a page of
 * a file that somebody else is to provide, is not touched; nor is what the caller itself could not read.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "look/step.h"
#include "look/view_live.h"

enum { STRINGS_MOST = 64, STRING_PIECE = 4096 };

struct area {
	uint64_t start, end;
};

struct memory {
	struct view *view;
	int fd;
	struct area *areas; /* that may be read, in the order of their addresses */
	size_t n;
};

/* It may have become another program, whose memory is not the caller's, or even another user's. */
static bool is_as_it_was(struct view_live *l)
{
	struct arena *arena = l->view.arena;
	struct bytes status = live_read(arena, l->process, "status");
	const char *ids = status.p ? strstr(status.p, "\nUid:\t") : NULL;
	unsigned int uid, euid;

	return ids && sscanf(ids, "\nUid: %u %u", &uid, &euid) == 2 && uid == l->caller->uid &&
	       euid == l->caller->euid && bytes_same(live_read_link(arena, l->process, "exe"), l->caller->exe);
}

/* Whether pages of files with that device come from nobody but the machine itself. */
static bool is_device_local(struct view *view, dev_t dev)
{
	const struct mounts *mounts = view->ops->mounts(view);

	if (dev == live(view)->views->memory)
		return true;
	for (size_t i = 0; mounts && i < mounts->n; i++)
		if (mounts->v[i].dev == dev)
			return view_is_local(view, &(struct view_node){ .mount = mounts->v[i].id });
	return false;
}

/* A line of /proc/PID/maps: "5581c2c00000-5581c2c21000 r--p 00000000 08:01 4194 /bin/x". */
static bool take_area(struct memory *memory, const char *line, struct area *area)
{
	unsigned long long start, end, ino;
	unsigned int major, minor;
	char readable;

	if (sscanf(line, "%llx-%llx %c%*3s %*x %x:%x %llu", &start, &end, &readable, &major, &minor, &ino) != 6)
		return false;
	*area = (struct area){ start, end };
	return readable == 'r' && (!ino || is_device_local(memory->view, makedev(major, minor)));
}

static void take_areas(struct memory *memory, struct bytes maps)
{
	size_t room = 0;

	for (size_t i = 0; i < maps.n; i++)
		room += maps.p[i] == '\n';
	memory->areas = arena_alloc(memory->view->arena, (room + 1) * sizeof(*memory->areas));
	memory->n = 0;
	while (maps.n)
		memory->n += take_area(memory, bytes_cut(&maps, '\n').p, &memory->areas[memory->n]);
	memory->view->steps += 1 + room;
}

/* As much of it as lies in one area. Negative: nothing does. */
static ssize_t read_at(const struct memory *memory, uint64_t at, void *to, size_t size)
{
	for (size_t i = 0; i < memory->n; i++) {
		const struct area *area = &memory->areas[i];

		if (at < area->start || at >= area->end)
			continue;
		size = area->end - at < size ? area->end - at : size;
		return pread(memory->fd, to, size, (off_t)at);
	}
	return -1;
}

/* Its length with its NUL, or size, where it is longer; 0: it cannot be read. */
static size_t read_string(const struct memory *memory, uint64_t at, char *to, size_t size)
{
	size_t done = 0;

	while (done < size) {
		size_t piece = size - done < STRING_PIECE ? size - done : STRING_PIECE;
		ssize_t n = read_at(memory, at + done, to + done, piece);
		const char *end = n > 0 ? memchr(to + done, '\0', (size_t)n) : NULL;

		if (n <= 0)
			return 0;
		if (end)
			return (size_t)(end - to) + 1;
		done += (size_t)n;
	}
	return size;
}

static bool read_pointer(const struct memory *memory, uint64_t at, bool narrow, uint64_t *pointer)
{
	size_t size = narrow ? sizeof(uint32_t) : sizeof(uint64_t);

	/* The machines that it runs on have the lower half first. */
	*pointer = 0;
	return read_at(memory, at, pointer, size) == (ssize_t)size;
}

static ssize_t read_list(const struct memory *memory, uint64_t at, bool narrow, char *to, size_t size)
{
	size_t used = 0, n;
	uint64_t pointer;

	for (size_t i = 0; i <= STRINGS_MOST; i++) {
		if (!read_pointer(memory, at + i * (narrow ? 4 : 8), narrow, &pointer))
			return -EFAULT;
		if (!pointer)
			return (ssize_t)used;
		n = i < STRINGS_MOST && used < size ? read_string(memory, pointer, to + used, size - used) : 0;
		if (!n)
			return -EFAULT;
		used += n;
		if (to[used - 1])
			return -E2BIG;
	}
	return -E2BIG;
}

ssize_t live_strings(struct view *view, uint64_t at, bool narrow, char *to, size_t size)
{
	struct view_live *l = live(view);
	struct memory memory = { .view = view };
	ssize_t n;

	step_touch(0, 0);
	if (view->standing != VIEW_CALLER || !is_as_it_was(l))
		return -EAGAIN;
	take_areas(&memory, live_read(view->arena, l->process, "maps"));
	memory.fd = openat(l->process, "mem", O_RDONLY | O_CLOEXEC);
	if (memory.fd < 0)
		return -EAGAIN;
	n = read_list(&memory, at, narrow, to, size);
	close(memory.fd);
	return n >= 0 && !is_as_it_was(l) ? -EAGAIN : n;
}
