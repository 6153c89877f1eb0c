/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Events that wait: each for its own verdict, and for those that the same task failed with before, since what one task
 * did is told in its order. Bounded, in events and in bytes.
 */
#ifndef EXECFAIL_QUEUE_H
#define EXECFAIL_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "event/decode.h"

/* An event, as the record that it came as. */
struct waiting {
	uint32_t task; /* pid, in the first pid namespace: an exec by another thread than the leader changes its tid */
	uint64_t owner; /* whose world it is: charge_owner()'s */
	uint64_t place; /* charge_place()'s */
	uint64_t source; /* charge_source()'s */
	bool busy; /* there was no time to look when it came: it waits for its turn only */
	struct decode decode;
	const void *record;
	size_t size; /* bytes */
	/* The rest is set by who waits. */
	enum event_unlooked unlooked;
	uint64_t tried; /* how many verdicts there were when what is known did not tell its cause */
	bool asked; /* somebody looks into it */
	int64_t looked_ns; /* CLOCK_BOOTTIME, when it was asked for */
	/* The queue's. */
	TAILQ_ENTRY(waiting) by_age;
	TAILQ_ENTRY(waiting) by_want;
	LIST_ENTRY(waiting) in_bucket;
	struct waiting *behind; /* the next of its task */
	struct waiting *last; /* of its task, where it is the first */
	bool first; /* of its task */
	bool wants;
};

struct queue;

struct queue *queue_new(void);
void queue_free(struct queue *queue);

bool queue_is_empty(const struct queue *queue);
bool queue_has(const struct queue *queue, uint32_t task);

/* Some of that source wait, or of one that cannot be told from it. */
bool queue_has_source(const struct queue *queue, uint64_t source);

/* No room for one of that size more: the oldest has to go. */
bool queue_is_full(const struct queue *queue, size_t size);

/* A copy of it, record and all; it is the queue's until queue_drop(). */
struct waiting *queue_add(struct queue *queue, const struct waiting *event);

/* The first of its task, too; NULL: the queue is empty. */
struct waiting *queue_oldest(const struct queue *queue);
/* NULL: it is the youngest. */
struct waiting *queue_next(const struct waiting *event);

/* Only of one that is the first of its task: the next of that is now. */
void queue_drop(struct queue *queue, struct waiting *event);

/* The memory of those that waited, unless some still do; not after each flood, but once in a while. */
void queue_give_back(struct queue *queue);

/* Those that want to be looked into, in the order in which they came to want it. */
void queue_want(struct queue *queue, struct waiting *event);
void queue_want_first(struct queue *queue, struct waiting *event);
void queue_want_no_more(struct queue *queue, struct waiting *event);
struct waiting *queue_first_want(const struct queue *queue);

enum {
	QUEUE_EVENTS = 8192,
	QUEUE_BYTES = 8 << 20,
};

#endif
