// SPDX-License-Identifier: GPL-2.0-only
#include "filter/repeat.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "event/copy.h"

enum { KINDS = 256 }; /* of failures that are known at a time */

#define FORGOTTEN_NS (60ll * 1000000000)

struct kind {
	struct arena *arena; /* of event; NULL: none came again since one was told */
	struct event *event; /* the first that came again, with the numbers of all */
	char *key;
	size_t key_n;
	uint64_t hash; /* of the key */
	int64_t told_ns; /* when one of it was told */
	int64_t came_ns; /* when the last came */
};

struct repeat {
	repeat_tell *tell;
	void *context;
	int64_t interval_ns;
	struct kind kinds[KINDS];
	size_t n;
	struct buffer key;
	uint64_t counted;
};

static void add_bytes(struct buffer *key, struct bytes bytes)
{
	uint64_t n = bytes.p ? bytes.n : UINT64_MAX;

	buffer_add(key, &n, sizeof(n));
	buffer_add(key, bytes.p, bytes.p ? bytes.n : 0);
}

static struct bytes starter_of(const struct event *event)
{
	if (event->container_id.p)
		return event->container_id;
	if (event->unit.p)
		return event->unit;
	return event->n_ancestors ? event->ancestors[0].comm : (struct bytes){};
}

static struct bytes key_of(struct repeat *repeat, const struct event *event)
{
	const int64_t numbers[] = { event->type, event->ret, event->exit_code, event->uid, event->call == CALL_KERNEL };
	struct buffer *key = &repeat->key;

	key->n = 0;
	buffer_add(key, numbers, sizeof(numbers));
	add_bytes(key, event->reason);
	add_bytes(key, event_program(event));
	/* Whose program is a shell is known by what that was told. */
	for (size_t i = 0; event->exit_code && i < event->arguments.n; i++)
		add_bytes(key, event->arguments.v[i]);
	add_bytes(key, starter_of(event));
	return buffer_bytes(key);
}

static struct kind *find(struct repeat *repeat, struct bytes key, uint64_t hash)
{
	for (size_t i = 0; i < repeat->n; i++) {
		const struct kind *kind = &repeat->kinds[i];

		if (kind->hash == hash && kind->key_n == key.n && !memcmp(kind->key, key.p, key.n))
			return &repeat->kinds[i];
	}
	return NULL;
}

static void count(struct kind *kind, const struct event *event)
{
	struct event *e = kind->event;

	if (!e) {
		kind->arena = arena_new();
		kind->event = e = event_copy(kind->arena, event);
		e->first_ns = event_ns(event);
		e->first_pid = e->last_pid = event->pid;
	}
	e->repeats++;
	e->last_ns = event_ns(event);
	e->time_sec = event->time_sec;
	e->time_nsec = event->time_nsec;
	e->first_pid = event->pid < e->first_pid ? event->pid : e->first_pid;
	e->last_pid = event->pid > e->last_pid ? event->pid : e->last_pid;
}

static void tell_counted(struct repeat *repeat, struct kind *kind)
{
	if (!kind->event)
		return;
	repeat->tell(repeat->context, kind->event);
	arena_free(kind->arena);
	kind->arena = NULL;
	kind->event = NULL;
}

static void forget(struct repeat *repeat, struct kind *kind)
{
	tell_counted(repeat, kind);
	free(kind->key);
	*kind = repeat->kinds[--repeat->n];
}

static struct kind *oldest(struct repeat *repeat)
{
	struct kind *old = &repeat->kinds[0];

	for (size_t i = 1; i < repeat->n; i++)
		if (repeat->kinds[i].came_ns < old->came_ns)
			old = &repeat->kinds[i];
	return old;
}

static void begin(struct repeat *repeat, struct bytes key, uint64_t hash, int64_t now_ns)
{
	struct kind *kind;

	if (repeat->n == KINDS)
		forget(repeat, oldest(repeat));
	kind = &repeat->kinds[repeat->n++];
	*kind = (struct kind){ .key = memory_new(key.n), .key_n = key.n, .hash = hash };
	memcpy(kind->key, key.p, key.n);
	kind->told_ns = kind->came_ns = now_ns;
}

void repeat_add(struct repeat *repeat, struct event *event, int64_t now_ns)
{
	struct bytes key = key_of(repeat, event);
	uint64_t hash = bytes_hash(key);
	struct kind *kind = event->type == EVENT_LOST ? NULL : find(repeat, key, hash);

	if (kind) {
		count(kind, event);
		kind->came_ns = now_ns;
		repeat->counted++;
		return;
	}
	if (event->type != EVENT_LOST)
		begin(repeat, key, hash, now_ns);
	repeat->tell(repeat->context, event);
}

int repeat_expire(struct repeat *repeat, int64_t now_ns)
{
	int64_t next = INT64_MAX;

	for (size_t i = 0; i < repeat->n;) {
		struct kind *kind = &repeat->kinds[i];

		if (now_ns - kind->came_ns >= FORGOTTEN_NS) {
			forget(repeat, kind);
			continue;
		}
		if (kind->event && now_ns - kind->told_ns >= repeat->interval_ns) {
			tell_counted(repeat, kind);
			kind->told_ns = now_ns;
		}
		if (kind->event && kind->told_ns + repeat->interval_ns < next)
			next = kind->told_ns + repeat->interval_ns;
		i++;
	}
	return next == INT64_MAX ? -1 : (int)((next - now_ns + 999999) / 1000000);
}

void repeat_flush(struct repeat *repeat)
{
	for (size_t i = 0; i < repeat->n; i++)
		tell_counted(repeat, &repeat->kinds[i]);
}

uint64_t repeat_count(const struct repeat *repeat)
{
	return repeat->counted;
}

struct repeat *repeat_new(unsigned int interval_ms, repeat_tell *tell, void *context)
{
	struct repeat *repeat = memory_new(sizeof(*repeat));

	repeat->tell = tell;
	repeat->context = context;
	repeat->interval_ns = interval_ms * 1000000ll;
	return repeat;
}

void repeat_free(struct repeat *repeat)
{
	if (!repeat)
		return;
	for (size_t i = 0; i < repeat->n; i++) {
		if (repeat->kinds[i].arena)
			arena_free(repeat->kinds[i].arena);
		free(repeat->kinds[i].key);
	}
	buffer_free(&repeat->key);
	free(repeat);
}
