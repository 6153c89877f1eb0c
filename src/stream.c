// SPDX-License-Identifier: GPL-2.0-only
#include "stream.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

struct stream {
	struct ring_buffer *ring;
	struct perf_buffer *perf;
	stream_record *record;
	void *context;
	int result; /* of the last record() that wanted to stop */
	uint64_t lost;
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
	(void)cpu;
	ring_record(context, data, size);
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
	free(s);
}

int stream_fd(const struct stream *s)
{
	return s->ring ? ring_buffer__epoll_fd(s->ring) : perf_buffer__epoll_fd(s->perf);
}

int stream_consume(struct stream *s)
{
	int n;

	s->result = 0;
	n = s->ring ? ring_buffer__consume(s->ring) : perf_buffer__consume(s->perf);
	return s->result ? s->result : n < 0 ? n : 0;
}

uint64_t stream_lost(struct stream *s)
{
	uint64_t lost = s->lost;

	s->lost = 0;
	return lost;
}
