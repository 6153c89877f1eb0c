// SPDX-License-Identifier: GPL-2.0-only
#include "filter/join.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

enum {
	NOTES = 1024,
	NOTE_TEXT = 256, /* bytes of a path that are kept */
};

#define WITHIN_NS 5000000000LL /* who ends later has gone on */

struct note {
	uint32_t pid; /* 0: nothing was noted here */
	uint32_t ppid;
	uint32_t exit_code; /* 0: an exec has failed, and the process is still there */
	uint32_t cause_pid; /* what an end came from */
	bool ended; /* that was no exec, but an end that had no other cause */
	uint64_t exe, comm; /* hashes of the program that it was then, and of its name */
	bool alike; /* what did not start would have had that name */
	uint64_t arguments; /* of an exec: hash of those that it was to have; 0: not known */
	int64_t failed_ns;
	size_t n;
	char path[NOTE_TEXT];
};

struct join {
	struct note notes[NOTES]; /* a ring */
	size_t next;
};

struct join *join_new(void)
{
	return memory_new(sizeof(struct join));
}

void join_free(struct join *join)
{
	free(join);
}

static uint64_t hash_list(const struct bytes_list *list)
{
	uint64_t hash = list->n;

	for (size_t i = 0; i < list->n; i++)
		hash = hash * 31 + bytes_hash(list->v[i]);
	return hash;
}

static bool is_near(const struct note *note, const struct event *event)
{
	return note->failed_ns <= event->failed_ns && event->failed_ns - note->failed_ns < WITHIN_NS;
}

/* Where the memory of who ends has gone already, there is only its name. */
static bool is_same_program(const struct note *note, const struct event *event)
{
	if (event->exe.p)
		return note->exe == bytes_hash(event->exe);
	return note->comm == bytes_hash(event->comm) && !note->alike;
}

/* Its own, as long as it is the same program; or that of a child, whose status it passes on. */
static bool is_cause(const struct note *note, const struct event *event)
{
	if (!note->pid || !is_near(note, event))
		return false;
	if (note->exit_code)
		return note->ppid == event->pid && note->exit_code == event->exit_code;
	/* A program that has them was started after all, by itself. */
	return note->pid == event->pid && is_same_program(note, event) &&
	       !(note->arguments && note->arguments == hash_list(&event->arguments));
}

/* The last of them. */
static const struct note *find(const struct join *join, const struct event *event)
{
	for (size_t i = 1; i <= NOTES; i++) {
		const struct note *note = &join->notes[(join->next + NOTES - i) % NOTES];

		if (is_cause(note, event))
			return note;
	}
	return NULL;
}

void join_cause(const struct join *join, struct event *event)
{
	const struct note *note = event->type == EVENT_PROCESS_START_FAILED ? find(join, event) : NULL;

	if (!note)
		return;
	event->cause_pid = note->cause_pid ?: note->pid;
	event->cause_ended = note->ended;
	event->cause_path = (struct bytes){ arena_copy(event->arena, note->path, note->n), note->n };
}

void join_note(struct join *join, const struct event *event)
{
	struct note *note = &join->notes[join->next++ % NOTES];
	struct bytes path = event->cause_path.p ? event->cause_path : event_program(event);

	*note = (struct note){
		.pid = event->pid,
		.ppid = event->ppid,
		.exit_code = event->exit_code,
		.cause_pid = event->exit_code ? event->cause_pid : 0,
		.ended = event->exit_code && (!event->cause_pid || event->cause_ended),
		.exe = bytes_hash(event->exe),
		.comm = bytes_hash(event->comm),
		.alike = bytes_same(bytes_first(bytes_base(event_program(event)), RECORD_COMM - 1), event->comm),
		.arguments = event->exit_code ? 0 : hash_list(&event->arguments),
		.failed_ns = event->failed_ns,
		.n = path.n < NOTE_TEXT ? path.n : NOTE_TEXT,
	};
	memcpy(note->path, path.p ?: "", note->n);
}
