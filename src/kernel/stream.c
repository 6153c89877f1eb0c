// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/stream.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "record.h"

const char *const transport_names[] = {
	[TRANSPORT_AUTO] = "auto",
	[TRANSPORT_RINGBUF] = "ringbuf",
	[TRANSPORT_PERFBUF] = "perfbuf",
	NULL,
};

_Static_assert(STREAM_LOOKS *STREAM_REST_MS > BELL_MS, "who is not woken looks");

/* A record of a perf buffer, until it is its turn. */
struct held {
	uint64_t time_ns;
	void *data;
	size_t size;
};

struct stream {
	struct stream_maps maps;
	struct ring_buffer *ring;
	int ring_fd;
	volatile struct reader *reader; /* NULL: the programs cannot be told, and always wake us */
	struct share *shares; /* this and the next: NULL: the programs do not count what we have not read */
	uint64_t *buffered; /* by CPU; only of perf buffers */
	struct perf_buffer *perf, *bell;
	uint64_t looked_ns; /* when perf buffers were looked at, and until when they are without being woken */
	uint64_t awake_ns;
	stream_record *record;
	void *context;
	size_t handed; /* by this stream_consume() */
	unsigned int vain; /* stream_consume() in a row that handed over nothing */
	int result; /* of the last record() */
	size_t bytes; /* of the ring */
	bool stopped;
	uint64_t until_ns; /* what failed later is passed over */
	size_t left; /* bytes that the ring may still hold of before the stop */
	bool waited; /* after the stop: what had to be waited for, or taken out, is there */
	struct held *held;
	size_t n_held, room;
	uint64_t settled_ns; /* no record older than this will still come out of a perf buffer */
};

static struct record head_of(const void *data, size_t size)
{
	struct record head = {};

	memcpy(&head, data, size < sizeof(head) ? size : sizeof(head));
	return head;
}

/* It takes no room any more. */
static void take_off(struct stream *s, const struct record *head)
{
	if (s->shares && head->share && head->share <= SHARES)
		__sync_fetch_and_sub(&s->shares[head->share - 1].held, head->len);
}

/* False: that is enough for this time. */
static bool hand_over(struct stream *s, const void *data, size_t size)
{
	if (head_of(data, size).time_ns <= s->until_ns)
		s->result = s->record(s->context, data, size);
	return ++s->handed < STREAM_BATCH && s->result >= 0;
}

static int ring_record(void *context, void *data, size_t size)
{
	struct stream *s = context;
	size_t room = (BPF_RINGBUF_HDR_SZ + size + 7) / 8 * 8;
	struct record head = head_of(data, size);
	bool more = hand_over(s, data, size);

	take_off(s, &head);
	if (s->stopped)
		s->left -= room < s->left ? room : s->left;
	/* Anything else, and ring_buffer__consume() goes on for as long as records come. */
	return more && !(s->stopped && !s->left) ? 0 : -EAGAIN;
}

static void perf_record(struct stream *s, int cpu, const void *data, size_t size)
{
	struct record head = head_of(data, size);
	struct held *held;

	take_off(s, &head);
	if (s->buffered)
		__sync_fetch_and_sub(&s->buffered[cpu], head.len);
	if (s->n_held == s->room) {
		s->room = s->room ? s->room * 2 : 64;
		s->held = memory_resize(s->held, s->room * sizeof(*s->held));
	}
	held = &s->held[s->n_held++];
	held->time_ns = head.time_ns;
	held->size = size;
	held->data = memcpy(memory_resize(NULL, size), data, size);
}

/* No word of what found it full: the programs count that, of whatever buffer. */
static enum bpf_perf_event_ret perf_event(void *context, int cpu, struct perf_event_header *event)
{
	const struct {
		struct perf_event_header head;
		uint32_t size;
		char data[];
	} *sample = (void *)event;

	if (event->type == PERF_RECORD_SAMPLE)
		perf_record(context, cpu, sample->data, sample->size);
	return LIBBPF_PERF_EVENT_CONT;
}

static enum bpf_perf_event_ret bell_event(void *context, int cpu, struct perf_event_header *event)
{
	(void)context;
	(void)cpu;
	(void)event;
	return LIBBPF_PERF_EVENT_CONT;
}

/* wakeups: after how many records; 0: never. */
static struct perf_buffer *perf_new(const struct bpf_map *map, size_t pages, unsigned int wakeups,
				    perf_buffer_event_fn event, struct stream *s)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(attr),
		.config = PERF_COUNT_SW_BPF_OUTPUT,
		.sample_type = PERF_SAMPLE_RAW,
		.sample_period = 1,
		.wakeup_events = wakeups,
	};

	return perf_buffer__new_raw(bpf_map__fd(map), pages, &attr, event, s, NULL);
}

static int held_compare(const void *a, const void *b)
{
	const struct held *x = a, *y = b;

	return (x->time_ns > y->time_ns) - (x->time_ns < y->time_ns);
}

static bool held_ready(const struct stream *s)
{
	return s->n_held && s->held[0].time_ns <= s->settled_ns;
}

/* Hands over, oldest first, what nothing older can follow. */
static void held_release(struct stream *s)
{
	bool more = true;
	size_t n;

	for (n = 0; more && n < s->n_held && s->held[n].time_ns <= s->settled_ns; n++) {
		more = hand_over(s, s->held[n].data, s->held[n].size);
		free(s->held[n].data);
	}
	s->n_held -= n;
	memmove(s->held, s->held + n, s->n_held * sizeof(*s->held));
}

/* A power of two for each CPU; a record of 60 KiB must fit several times. */
static size_t perf_pages(size_t bytes)
{
	size_t page = sysconf(_SC_PAGESIZE), each = bytes / libbpf_num_possible_cpus(), pages = 64;

	while (pages * page < each)
		pages *= 2;
	return pages;
}

static size_t round_up_power(size_t n)
{
	size_t size = sysconf(_SC_PAGESIZE);

	while (size < n)
		size *= 2;
	return size;
}

size_t stream_buffer_size(enum transport transport, size_t wish)
{
	return transport == TRANSPORT_RINGBUF ? round_up_power(wish) : perf_pages(wish) * sysconf(_SC_PAGESIZE);
}

/* --- maps that are ours and the programs' --- */

static size_t map_size(const struct bpf_map *map)
{
	return (size_t)bpf_map__max_entries(map) * bpf_map__value_size(map);
}

static void *map_share(const struct bpf_map *map)
{
	void *at = mmap(NULL, map_size(map), PROT_READ | PROT_WRITE, MAP_SHARED, bpf_map__fd(map), 0);

	return at == MAP_FAILED ? NULL : at;
}

static void map_unshare(void *at, const struct bpf_map *map)
{
	if (at)
		munmap(at, map_size(map));
}

static void maps_share(struct stream *s)
{
	if (s->maps.shares)
		s->reader = map_share(s->maps.reader);
	if (s->maps.shares)
		s->shares = map_share(s->maps.shares);
	if (s->maps.shares && s->perf)
		s->buffered = map_share(s->maps.buffered);
}

struct stream *stream_new(const struct stream_maps *maps, size_t bytes, stream_record *record, void *context)
{
	struct stream *s = calloc(1, sizeof(*s));
	int fd = bpf_map__fd(maps->events), err;

	if (!s)
		return NULL;
	s->maps = *maps;
	s->record = record;
	s->context = context;
	s->until_ns = UINT64_MAX;
	s->vain = STREAM_LOOKS;
	s->bytes = bpf_map__max_entries(maps->events);
	if (bpf_map__type(maps->events) == BPF_MAP_TYPE_RINGBUF) {
		s->ring = ring_buffer__new(fd, ring_record, s, NULL);
		s->ring_fd = fd;
	} else {
		s->perf = perf_new(maps->events, perf_pages(bytes), 0, perf_event, s);
		s->bell = s->perf ? perf_new(maps->bell, 1, 1, bell_event, s) : NULL;
	}
	maps_share(s);
	/* Without, what was read would seem to be there for ever. */
	if ((s->ring || s->bell) && (!maps->shares || (s->shares && (s->ring || s->buffered))))
		return s;
	err = errno;
	stream_free(s);
	errno = err;
	return NULL;
}

void stream_free(struct stream *s)
{
	if (!s)
		return;
	ring_buffer__free(s->ring);
	perf_buffer__free(s->perf);
	perf_buffer__free(s->bell);
	map_unshare((void *)s->reader, s->maps.reader);
	map_unshare(s->shares, s->maps.shares);
	map_unshare(s->buffered, s->maps.buffered);
	for (size_t i = 0; i < s->n_held; i++)
		free(s->held[i].data);
	free(s->held);
	free(s);
}

int stream_fd(const struct stream *s)
{
	/* The buffer itself is readable when there is something in it, whether somebody was woken or not. */
	return s->ring ? s->ring_fd : perf_buffer__epoll_fd(s->bell);
}

static int ring_consume(struct stream *s)
{
	const struct timespec pause = { .tv_nsec = 2 * 1000000 };
	int n;

	if (s->stopped && !s->left)
		return 0;
	n = ring_buffer__consume(s->ring);
	if (n >= 0 && s->stopped && !s->waited) {
		/* A program that was interrupted amid its record hides those behind it. */
		s->waited = true;
		nanosleep(&pause, NULL);
		return 1;
	}
	return n == -EAGAIN ? 1 : n < 0 ? n : 0;
}

static int perf_consume(struct stream *s)
{
	/* What is older than this has been written by now, whichever CPU is read first. */
	uint64_t now = (uint64_t)clock_kernel_ns(), settled_ns = now - STREAM_HOLD_MS * 1000000ull;
	size_t before = s->n_held;
	int n = 0;

	/* Not taken out faster than it is handed over: the kernel's room is bounded, ours is not. */
	if (!held_ready(s) && !s->waited) {
		s->looked_ns = now;
		perf_buffer__consume(s->bell);
		n = perf_buffer__consume(s->perf);
		if (s->n_held > before)
			s->awake_ns = (uint64_t)clock_kernel_ns() + STREAM_LOOKS * STREAM_REST_MS * 1000000ull;
		s->waited = s->stopped;
		s->settled_ns = s->stopped ? UINT64_MAX : settled_ns;
		if (s->n_held)
			qsort(s->held, s->n_held, sizeof(*s->held), held_compare);
	}
	if (s->n_held)
		held_release(s);
	return n < 0 ? n : held_ready(s) || s->stopped != s->waited;
}

int stream_consume(struct stream *s)
{
	int more;

	s->handed = 0;
	s->result = 0;
	if (s->reader)
		s->reader->time_ns = (uint64_t)clock_kernel_ns();
	more = s->ring ? ring_consume(s) : perf_consume(s);
	return s->result < 0 ? s->result : more;
}

void stream_stop(struct stream *s, uint64_t time_ns)
{
	s->stopped = true;
	s->until_ns = time_ns;
	/* The most that there can be of before. */
	s->left = s->bytes;
}

int stream_rest(struct stream *s)
{
	if (s->n_held)
		return STREAM_HOLD_MS;
	if (s->perf)
		return s->looked_ns < s->awake_ns ? STREAM_REST_MS : 0;
	if (!s->reader)
		return 0;
	s->vain = s->handed ? 0 : s->vain + 1;
	s->reader->state = s->vain < STREAM_LOOKS ? READER_AWAKE : READER_SLEEPS;
	/* Before the buffer is looked at for the last time. */
	__sync_synchronize();
	return s->vain < STREAM_LOOKS ? STREAM_REST_MS : 0;
}
