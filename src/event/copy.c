// SPDX-License-Identifier: GPL-2.0-only
#include "event/copy.h"

/* The members that are bytes. */
static const size_t texts[] = {
	offsetof(struct event, reason),
	offsetof(struct event, hint),
	offsetof(struct event, path),
	offsetof(struct event, sought),
	offsetof(struct event, binary.path),
	offsetof(struct event, image),
	offsetof(struct event, interpreter),
	offsetof(struct event, interp),
	offsetof(struct event, loader.path),
	offsetof(struct event, prev_comm),
	offsetof(struct event, head),
	offsetof(struct event, in.path),
	offsetof(struct event, longest.start),
	offsetof(struct event, user),
	offsetof(struct event, comm),
	offsetof(struct event, exe),
	offsetof(struct event, cwd),
	offsetof(struct event, root),
	offsetof(struct event, tty),
	offsetof(struct event, cgroup),
	offsetof(struct event, container_id),
	offsetof(struct event, container_runtime),
	offsetof(struct event, unit),
	offsetof(struct event, user_unit),
	offsetof(struct event, pod_uid),
	offsetof(struct event, dirfd_path),
	offsetof(struct event, dirfd_file.path),
	offsetof(struct event, root_file.path),
	offsetof(struct event, cwd_file.path),
	offsetof(struct event, cause_path),
	offsetof(struct event, lost_reason),
};

static struct bytes copy_bytes(struct arena *arena, struct bytes bytes)
{
	return bytes.p ? (struct bytes){ arena_copy(arena, bytes.p, bytes.n), bytes.n } : bytes;
}

static void copy_list(struct arena *arena, struct bytes_list *list)
{
	struct bytes *copy = arena_alloc(arena, list->n * sizeof(*copy));

	for (size_t i = 0; i < list->n; i++)
		copy[i] = copy_bytes(arena, list->v[i]);
	list->v = copy;
}

static void copy_ancestors(struct arena *arena, struct event *event)
{
	struct event_ancestor *copy = arena_alloc(arena, event->n_ancestors * sizeof(*copy));

	for (size_t i = 0; i < event->n_ancestors; i++)
		copy[i] =
			(struct event_ancestor){ event->ancestors[i].pid, copy_bytes(arena, event->ancestors[i].comm) };
	event->ancestors = copy;
}

static void copy_attempts(struct arena *arena, struct event *event)
{
	struct event_attempt *copy = arena_alloc(arena, event->n_attempts * sizeof(*copy));

	for (size_t i = 0; i < event->n_attempts; i++)
		copy[i] =
			(struct event_attempt){ copy_bytes(arena, event->attempts[i].path), event->attempts[i].error };
	event->attempts = copy;
}

struct event *event_copy(struct arena *arena, const struct event *event)
{
	struct event *copy = arena_alloc(arena, sizeof(*copy));

	*copy = *event;
	copy->arena = arena;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct bytes *text = (struct bytes *)((char *)copy + texts[i]);

		*text = copy_bytes(arena, *text);
	}
	copy_list(arena, &copy->arguments);
	copy_list(arena, &copy->environment);
	copy_ancestors(arena, copy);
	copy_attempts(arena, copy);
	return copy;
}
