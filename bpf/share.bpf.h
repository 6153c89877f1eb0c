/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Records are sent, if the buffer has room and who caused them has not had its share of it. */
#ifndef EXECFAIL_SHARE_BPF_H
#define EXECFAIL_SHARE_BPF_H

#include "control.bpf.h"
#include "kernel.bpf.h"
#include "record.bpf.h"

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF); /* or a perf event array: set by user space, with cfg.ringbuf */
} events SEC(".maps") __weak;

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, SHARES);
	__type(key, u32);
	__type(value, struct share);
} shares SEC(".maps") __weak;

/* Bytes in the perf buffer of each CPU, which nobody can be asked for. A ring buffer is. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1); /* set by user space */
	__type(key, u32);
	__type(value, u64);
} buffered SEC(".maps") __weak;

/* What wakes who reads perf buffers, and when that is due. */
struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__type(key, u32);
	__type(value, u32);
} bell SEC(".maps") __weak;

#define BELL_FLOOD 64 /* records in BELL_MS */

struct sent {
	u64 last_ns; /* when the last record was sent */
	u64 begin_ns; /* of BELL_MS in which n have been */
	u64 n;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct sent);
} sent SEC(".maps") __weak;

static __always_inline bool is_ringbuf(void)
{
	return has_ringbuf() && cfg.ringbuf;
}

static __always_inline u64 buffer_used(void)
{
	u32 cpu = bpf_get_smp_processor_id();
	u64 *bytes;

	if (is_ringbuf())
		return bpf_ringbuf_query(&events, BPF_RB_AVAIL_DATA);
	bytes = bpf_map_lookup_elem(&buffered, &cpu);
	return bytes ? *bytes : 0;
}

static __always_inline void buffered_add(s64 len)
{
	u32 cpu = bpf_get_smp_processor_id();
	u64 *bytes = has_shares() && !is_ringbuf() ? bpf_map_lookup_elem(&buffered, &cpu) : NULL;

	if (bytes)
		__sync_fetch_and_add(bytes, len);
}

/* Charges the record in the slot to its source, which may have to wait. 0: that has had its share. */
int share_take(u32 slot);

/* The record could not be sent. */
static __always_inline void share_return(struct scratch *s, s64 len)
{
	u32 index = ((struct record *)s->data)->share - 1;
	struct share *share = has_shares() ? bpf_map_lookup_elem(&shares, &index) : NULL;

	if (share)
		__sync_fetch_and_add(&share->held, -len);
}

/*
 * To wake the reader costs the caller more than all else, so it is only done when the reader says that it sleeps. It
 * says so before it looks for the last time, and this is asked when the record can be seen: none stays behind. An empty
 * record, which nobody gets to see, does it.
 */
static __always_inline void reader_wake(void)
{
	volatile struct reader *r = reader_get();
	void *nothing;

	if (!r || r->state != READER_SLEEPS)
		return;
	r->state = READER_AWAKE;
	nothing = bpf_ringbuf_reserve(&events, 8, 0);
	if (nothing)
		bpf_ringbuf_discard(nothing, BPF_RB_FORCE_WAKEUP);
}

/*
 * The same for perf buffers, with no need of memory that both have: after a record, the reader looks for more during a
 * time that is longer than BELL_MS. First woken, then noted: so who finds it noted finds a reader that is awake. A
 * flood wakes it each time: before 5.8 nothing else holds up who floods until it can be told.
 */
static __always_inline void reader_ring(void *ctx)
{
	u64 now = bpf_ktime_get_ns();
	struct sent *s;
	u32 zero = 0;

	s = bpf_map_lookup_elem(&sent, &zero);
	if (!s)
		return;
	if (now - s->begin_ns >= BELL_MS * 1000000ull) {
		s->begin_ns = now;
		s->n = 0;
	}
	if (now - s->last_ns >= BELL_MS * 1000000ull || s->n >= BELL_FLOOD)
		bpf_perf_event_output(ctx, &bell, BPF_F_CURRENT_CPU, &now, sizeof(now));
	s->last_ns = now;
	s->n++;
}

/* Of that size, or longer than its head says. In the program itself since the perf buffer wants its context. */
static __always_inline long record_send(void *ctx, struct record *record, u64 size)
{
	s64 len = record->len;
	long err;

	buffered_add(len);
	if (is_ringbuf()) {
		err = bpf_ringbuf_output(&events, record, size, BPF_RB_NO_WAKEUP);
		reader_wake();
	} else {
		err = bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, record, size);
		if (!err)
			reader_ring(ctx);
	}
	if (err)
		buffered_add(-len);
	return err;
}

/* Sends the record in the slot. */
static __always_inline void record_submit(void *ctx, u32 slot)
{
	struct scratch *s = bpf_map_lookup_elem(&scratch, &slot);
	u64 len;

	if (!s)
		return;
	if (has_shares() && buffer_used() > cfg.buffer / 2 && !share_take(slot)) {
		lost_count(LOST_SHARE);
		return;
	}
	len = s->len;
	asm volatile("" : "+r"(len));
	if (len > RECORD_MAX)
		len = RECORD_MAX;
	if (len < sizeof(struct record))
		return;
	((struct record *)s->data)->len = len;
	if (!record_send(ctx, (struct record *)s->data, len))
		return;
	lost_count(LOST_BUFFER);
	share_return(s, len);
}

#endif
