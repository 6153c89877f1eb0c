// SPDX-License-Identifier: GPL-2.0-only
#include "stream.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "memory.h"
#include "record.h"

/* A record of a perf buffer, until it is its turn. */
struct held {
	uint64_t time_ns;
	void *data;
	size_t size;
};

struct stream {
	struct ring_buffer *ring;
	struct perf_buffer *perf;
	stream_record *record;
	void *context;
	int result; /* of the last record() that wanted to stop */
	uint64_t lost;
	struct held *held;
	size_t n_held, room;
};

static int ring_record(void *context, void *data, size_t size)
{
	struct stream *s = context;

	/* Records that are already taken out are handed over all the same; the printer knows that it is over. */
	int err = s->record(s->context, data, size);

	if (err < 0)
		s->result = err;
	return 0;
}

static void perf_record(void *context, int cpu, void *data, __u32 size)
{
	struct stream *s = context;
	struct record head = {};
	struct held *held;

	(void)cpu;
	memcpy(&head, data, size < sizeof(head) ? size : sizeof(head));
	if (s->n_held == s->room) {
		s->room = s->room ? s->room * 2 : 64;
		s->held = memory_resize(s->held, s->room * sizeof(*s->held));
	}
	held = &s->held[s->n_held++];
	held->time_ns = head.time_ns;
	held->size = size;
	held->data = memcpy(memory_resize(NULL, size), data, size);
}

static int held_compare(const void *a, const void *b)
{
	const struct held *x = a, *y = b;

	return (x->time_ns > y->time_ns) - (x->time_ns < y->time_ns);
}

/* Hands over, oldest first, what is no younger than that. */
static void held_release(struct stream *s, uint64_t until_ns)
{
	size_t n;

	qsort(s->held, s->n_held, sizeof(*s->held), held_compare);
	for (n = 0; n < s->n_held && s->held[n].time_ns <= until_ns; n++) {
		ring_record(s, s->held[n].data, s->held[n].size);
		free(s->held[n].data);
	}
	s->n_held -= n;
	memmove(s->held, s->held + n, s->n_held * sizeof(*s->held));
}

static uint64_t monotonic_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ull + t.tv_nsec;
}

static void perf_lost(void *context, int cpu, __u64 count)
{
	struct stream *s = context;

	(void)cpu;
	s->lost += count;
}

/* A power of two for each CPU; a record of 60 KiB must fit several times. */
static size_t perf_pages(size_t bytes)
{
	size_t page = sysconf(_SC_PAGESIZE), each = bytes / libbpf_num_possible_cpus(), pages = 64;

	while (pages * page < each)
		pages *= 2;
	return pages;
}

struct stream *stream_new(struct bpf_map *map, size_t bytes, stream_record *record, void *context)
{
	struct stream *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->record = record;
	s->context = context;
	if (bpf_map__type(map) == BPF_MAP_TYPE_RINGBUF)
		s->ring = ring_buffer__new(bpf_map__fd(map), ring_record, s, NULL);
	else
		s->perf = perf_buffer__new(bpf_map__fd(map), perf_pages(bytes), perf_record, perf_lost, s, NULL);
	if (s->ring || s->perf)
		return s;
	free(s);
	return NULL;
}

void stream_free(struct stream *s)
{
	if (!s)
		return;
	ring_buffer__free(s->ring);
	perf_buffer__free(s->perf);
	for (size_t i = 0; i < s->n_held; i++)
		free(s->held[i].data);
	free(s->held);
	free(s);
}

int stream_fd(const struct stream *s)
{
	return s->ring ? ring_buffer__epoll_fd(s->ring) : perf_buffer__epoll_fd(s->perf);
}

static int perf_consume(struct stream *s, bool last)
{
	/* What is older than this has been written by now, whichever CPU is read first. */
	uint64_t until = monotonic_ns() - STREAM_HOLD_MS * 1000000ull;
	int n = perf_buffer__consume(s->perf);

	if (s->n_held)
		held_release(s, last ? UINT64_MAX : until);
	return n;
}

int stream_consume(struct stream *s, bool last)
{
	int n;

	s->result = 0;
	n = s->ring ? ring_buffer__consume(s->ring) : perf_consume(s, last);
	return s->result ? s->result : n < 0 ? n : 0;
}

bool stream_holds(const struct stream *s)
{
	return s->n_held;
}

uint64_t stream_lost(struct stream *s)
{
	uint64_t lost = s->lost;

	s->lost = 0;
	return lost;
}
