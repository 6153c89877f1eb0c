/* SPDX-License-Identifier: GPL-2.0-only */
/* Records on their way from the kernel, by ring buffer or perf buffers. */
#ifndef EXECFAIL_STREAM_H
#define EXECFAIL_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum transport {
	TRANSPORT_AUTO,
	TRANSPORT_RINGBUF,
	TRANSPORT_PERFBUF,
};

/* As the command line has them, by enum transport; ends with a NULL. */
extern const char *const transport_names[];

struct bpf_map;
struct stream;

/* The tracer's, of the BPF side, which are to outlive the stream. */
struct stream_maps {
	struct bpf_map *events; /* a ring buffer or a perf event array */
	struct bpf_map *bell; /* of perf buffers: by which the programs wake us */
	struct bpf_map *reader; /* where the programs are told whether they are to wake us */
	struct bpf_map *shares; /* this and the next: where they are told what was read. NULL: they do not count it */
	struct bpf_map *buffered;
};

/* Bytes of a ring buffer, or of the perf buffer of each CPU, where that much was wished for in all. */
size_t stream_buffer_size(enum transport transport, size_t wish);

/* The bytes, of the record and of padding, are valid during the call only. A negative return ends stream_consume(). */
typedef int stream_record(void *context, const void *data, size_t size);

/* bytes: of all perf buffers together; a ring buffer has its size. NULL and errno. */
struct stream *stream_new(const struct stream_maps *maps, size_t bytes, stream_record *record, void *context);
/* What was not handed over is lost. NULL is fine. */
void stream_free(struct stream *stream);

/* A descriptor to poll(2), readable when there may be records. Owned by the stream. */
int stream_fd(const struct stream *stream);

/*
 * Hands over what is there now, without waiting, but no more than STREAM_BATCH: who calls has other things to look
 * after, and records can come faster than they are handed over. They come in the order in which they were sent. Perf
 * buffers are one for each CPU: theirs come in the order of time, and the youngest are held back, for an older one may
 * still be on its way. 1: there may be more, 0: not now; or the negative number that record() returned, or -errno of
 * reading.
 */
int stream_consume(struct stream *stream);

/*
 * From now on only what failed no later than that (clock_kernel_ns()), which is in the past, is handed over, and after
 * some calls stream_consume() returns 0, whatever goes on coming.
 */
void stream_stop(struct stream *stream, uint64_t time_ns);

/*
 * When stream_consume() has returned 0: milliseconds after which it is to be called again, whatever comes, since
 * records are held back, or since some came a moment ago, and more are likely: who looks for them now and then need not
 * be woken by each. 0: not before stream_fd() is readable.
 */
int stream_rest(struct stream *stream);

enum {
	STREAM_HOLD_MS = 5, /* milliseconds */
	STREAM_REST_MS = 2,
	STREAM_LOOKS = 8, /* so many in vain, and it sleeps */
	STREAM_BATCH = 128, /* records */
};

#endif
