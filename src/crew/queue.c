// SPDX-License-Identifier: GPL-2.0-only
#include "crew/queue.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum {
	BUCKETS = 1024,
	MUCH = 1 << 20, /* bytes that are worth giving back */
};

TAILQ_HEAD(waiting_line, waiting);
LIST_HEAD(bucket, waiting);

struct queue {
	struct waiting_line ages;
	struct waiting_line wants;
	struct bucket buckets[BUCKETS]; /* the first of each task */
	unsigned int of_source[BUCKETS]; /* how many there are */
	size_t events;
	size_t bytes;
	size_t most; /* bytes, since memory was given back */
};

struct queue *queue_new(void)
{
	struct queue *queue = memory_new(sizeof(*queue));

	/* In a flood it is empty again and again, and to get the memory anew costs more than to keep it. */
	mallopt(M_TRIM_THRESHOLD, QUEUE_BYTES);
	TAILQ_INIT(&queue->ages);
	TAILQ_INIT(&queue->wants);
	return queue;
}

void queue_free(struct queue *queue)
{
	struct waiting *event;

	if (!queue)
		return;
	while ((event = TAILQ_FIRST(&queue->ages))) {
		TAILQ_REMOVE(&queue->ages, event, by_age);
		free(event);
	}
	free(queue);
}

bool queue_is_empty(const struct queue *queue)
{
	return !queue->events;
}

bool queue_is_full(const struct queue *queue, size_t size)
{
	return queue->events == QUEUE_EVENTS || queue->bytes + size > QUEUE_BYTES;
}

static struct waiting *first_of(const struct queue *queue, uint32_t task)
{
	struct waiting *event;

	LIST_FOREACH(event, &queue->buckets[task % BUCKETS], in_bucket)
	if (event->task == task)
		return event;
	return NULL;
}

bool queue_has(const struct queue *queue, uint32_t task)
{
	return first_of(queue, task);
}

bool queue_has_source(const struct queue *queue, uint64_t source)
{
	return queue->of_source[source % BUCKETS];
}

struct waiting *queue_add(struct queue *queue, const struct waiting *event)
{
	struct waiting *copy = memory_resize(NULL, sizeof(*copy) + event->size);
	struct waiting *first = first_of(queue, event->task);

	*copy = *event;
	copy->record = memcpy(copy + 1, event->record, event->size);
	copy->behind = NULL;
	copy->wants = copy->asked = false;
	copy->first = !first;
	TAILQ_INSERT_TAIL(&queue->ages, copy, by_age);
	queue->events++;
	queue->of_source[copy->source % BUCKETS]++;
	queue->bytes += copy->size;
	queue->most = queue->bytes > queue->most ? queue->bytes : queue->most;
	if (first) {
		first->last->behind = copy;
		first->last = copy;
	} else {
		copy->last = copy;
		LIST_INSERT_HEAD(&queue->buckets[copy->task % BUCKETS], copy, in_bucket);
	}
	return copy;
}

struct waiting *queue_oldest(const struct queue *queue)
{
	return TAILQ_FIRST(&queue->ages);
}

struct waiting *queue_next(const struct waiting *event)
{
	return TAILQ_NEXT(event, by_age);
}

void queue_drop(struct queue *queue, struct waiting *event)
{
	struct waiting *next = event->behind;

	queue_want_no_more(queue, event);
	TAILQ_REMOVE(&queue->ages, event, by_age);
	LIST_REMOVE(event, in_bucket);
	if (next) {
		next->first = true;
		next->last = event->last;
		LIST_INSERT_HEAD(&queue->buckets[next->task % BUCKETS], next, in_bucket);
	}
	queue->events--;
	queue->of_source[event->source % BUCKETS]--;
	queue->bytes -= event->size;
	free(event);
}

void queue_give_back(struct queue *queue)
{
	if (queue->events || queue->most < MUCH)
		return;
	malloc_trim(0);
	queue->most = 0;
}

void queue_want(struct queue *queue, struct waiting *event)
{
	TAILQ_INSERT_TAIL(&queue->wants, event, by_want);
	event->wants = true;
}

void queue_want_first(struct queue *queue, struct waiting *event)
{
	TAILQ_INSERT_HEAD(&queue->wants, event, by_want);
	event->wants = true;
}

void queue_want_no_more(struct queue *queue, struct waiting *event)
{
	if (event->wants)
		TAILQ_REMOVE(&queue->wants, event, by_want);
	event->wants = false;
}

struct waiting *queue_first_want(const struct queue *queue)
{
	return TAILQ_FIRST(&queue->wants);
}
