// SPDX-License-Identifier: GPL-2.0-only
#include "filter/fold.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "event/copy.h"
#include "look/search.h"

enum {
	SEARCHES = 256, /* that wait at a time; a program that searches in more threads has them told earlier */
	ATTEMPTS = 64,
};

#define LATE_NS 1000000000ll /* a search that is awaited is told after that, whatever comes */
#define TOLD_NS                                                                                                        \
	10000000000ll /* one that was told before its end is known for so long, so that its other steps are no second one */

/* How much a step says about why the search ended as it did. */
enum weight {
	WEIGHT_ABSENT, /* nothing of that name there */
	WEIGHT_PRESENT, /* something, which cannot be started */
};

struct search {
	struct arena *arena; /* of all that it points to */
	struct event *told;
	enum weight weight; /* of that */
	struct event_attempt attempts[ATTEMPTS];
	size_t n;
	size_t place; /* in PATH, of the last that was tried */
	bool found; /* it goes on, and finds the program */
	bool over; /* it was told before its end: what comes of it is told no more */
	int64_t due_ns;
};

struct fold {
	fold_tell *tell;
	void *context;
	struct search searches[SEARCHES]; /* the longest waiting first */
	size_t n;
	uint64_t folded;
};

/* --- what is a step --- */

static bool has_reason(const struct event *event, const char *const *reasons)
{
	for (; *reasons; reasons++)
		if (bytes_is(event->reason, *reasons))
			return true;
	return false;
}

/* What the rules have found to be one. */
static bool is_known_step(const struct event *event)
{
	static const char *const reasons[] = { "path_search", "not_in_path", "env_missing", "env_crlf", NULL };

	return has_reason(event, reasons);
}

/* The caller's, as far as it is known: of posix_spawnp() it need not be this. */
static struct bytes path_of(const struct event *event)
{
	struct bytes path = event_variable(event, "PATH=");

	return path.p || !event->environment.known ? path : bytes_of(SEARCH_LIBC);
}

/* A name alone was searched for: it is the name that is passed on. */
static bool is_of_name(const struct event *event)
{
	return event->arguments.n && bytes_same(bytes_base(event->path), event->arguments.v[0]) &&
	       bytes_has(event->path, '/');
}

static bool is_step(const struct event *event, size_t place)
{
	if (event->type == EVENT_LOST || !event->path.p || event->call == CALL_KERNEL)
		return false;
	return is_known_step(event) || (place && search_goes_on(event_error(event)) && is_of_name(event));
}

static bool same_arguments(const struct event *a, const struct event *b)
{
	if (a->arguments.n != b->arguments.n)
		return false;
	for (size_t i = 0; i < a->arguments.n; i++)
		if (!bytes_same(a->arguments.v[i], b->arguments.v[i]) && (a->arguments.v[i].p || b->arguments.v[i].p))
			return false;
	return true;
}

static bool continues(const struct search *search, const struct event *event, size_t place)
{
	if (event->type == EVENT_LOST || search->n == ATTEMPTS || !event->path.p)
		return false;
	/* Another directory, and one behind those that were tried. */
	if (search->place ? !place : bytes_same(event->path, search->attempts[search->n - 1].path))
		return false;
	return bytes_same(bytes_base(event->path), bytes_base(search->told->path)) &&
	       same_arguments(search->told, event);
}

static enum weight weight_of(const struct event *event)
{
	static const char *const absent[] = { "path_search", "not_in_path",  "env_missing",
					      "env_crlf",    "missing_file", "missing_directory",
					      "not_found",   "not_looked",   "not_a_directory",
					      NULL };

	return has_reason(event, absent) || event_error(event) == ENOTDIR ? WEIGHT_ABSENT : WEIGHT_PRESENT;
}

/* --- searches --- */

static struct search *find(struct fold *fold, const struct event *event)
{
	for (size_t i = 0; i < fold->n; i++)
		if (fold->searches[i].told->tid == event->tid)
			return &fold->searches[i];
	return NULL;
}

static void remove_search(struct fold *fold, struct search *search)
{
	struct search *end = &fold->searches[fold->n];

	arena_free(search->arena);
	memmove(search, search + 1, (size_t)(end - search - 1) * sizeof(*search));
	fold->n--;
}

/* Told once, and all its steps are that one. */
static void tell_search(struct fold *fold, struct search *search)
{
	struct event *event = search->told;

	if (search->over)
		return;
	if (search->n > 1) {
		event->attempts = search->attempts;
		event->n_attempts = search->n;
		/* The last place says nothing that the others do not. */
		if (search->weight == WEIGHT_ABSENT)
			event->sought = bytes_base(event->path);
	}
	fold->folded += search->found ? search->n : search->n - 1;
	if (!search->found)
		fold->tell(fold->context, event);
	search->over = true;
}

static void end_search(struct fold *fold, struct search *search)
{
	tell_search(fold, search);
	remove_search(fold, search);
}

static struct search *begin_search(struct fold *fold, const struct event *event)
{
	struct search *search;

	if (fold->n == SEARCHES)
		end_search(fold, &fold->searches[0]);
	search = &fold->searches[fold->n++];
	*search = (struct search){ .arena = arena_new(), .weight = weight_of(event) };
	search->told = event_copy(search->arena, event);
	return search;
}

/* The later of two that say nothing more is the one that the caller was told. */
static void choose(struct search *search, const struct event *event)
{
	enum weight weight = weight_of(event);

	if (weight < search->weight || (weight == WEIGHT_PRESENT && search->weight == WEIGHT_PRESENT))
		return;
	search->weight = weight;
	search->told = event_copy(search->arena, event);
}

static void add_attempt(struct search *search, const struct event *event, size_t place, int64_t now_ns)
{
	struct bytes path = { arena_copy(search->arena, event->path.p, event->path.n), event->path.n };

	search->attempts[search->n++] = (struct event_attempt){ path, event_error(event) };
	search->place = place;
	search->found = bytes_is(event->reason, "path_search");
	search->due_ns = now_ns + FOLD_MS * 1000000ll;
}

/* Returns false when the event is no part of the search, which is over then. */
static bool go_on(struct fold *fold, struct search *search, const struct event *event, int64_t now_ns)
{
	bool last = false;
	size_t place = search_place(path_of(event), event->path, search->place + 1, &last);

	/* What is there, and cannot be started, says more than what was told. */
	if (!continues(search, event, place) || (search->over && weight_of(event) > search->weight)) {
		end_search(fold, search);
		return false;
	}
	if (search->over) {
		fold->folded++;
		search->place = place;
	} else {
		choose(search, event);
		add_attempt(search, event, place, now_ns);
	}
	/* What goes on to nothing, or does not go on, is over. */
	if (!search_goes_on(event_error(event)) || (place && last))
		end_search(fold, search);
	return true;
}

void fold_add(struct fold *fold, struct event *event, int64_t now_ns)
{
	struct search *search = find(fold, event);
	bool last = false;
	size_t place;

	if (search && go_on(fold, search, event, now_ns))
		return;
	place = event->path.p ? search_place(path_of(event), event->path, 1, &last) : 0;
	if (!is_step(event, place) || (place && last)) {
		fold->tell(fold->context, event);
		return;
	}
	add_attempt(begin_search(fold, event), event, place, now_ns);
}

/* In a directory behind those that were tried, as far as they are known. */
static bool is_found(const struct search *search, const struct event *event)
{
	if (!bytes_same(bytes_base(event->path), bytes_base(search->told->path)))
		return false;
	return !search->place || search_place(path_of(search->told), event->path, search->place + 1, NULL);
}

void fold_found(struct fold *fold, const struct event *event)
{
	struct search *search = event->path.p ? find(fold, event) : NULL;

	if (!search)
		return;
	if (is_found(search, event))
		search->found = true;
	end_search(fold, search);
}

/*
 * It has waited long enough. Where it is known to have places left, whoever searches was held up, or will not go on: a
 * step that comes yet is still one of this search.
 */
static void expire(struct fold *fold, struct search *search, int64_t now_ns)
{
	if (search->over || search->found || !search->place) {
		end_search(fold, search);
		return;
	}
	tell_search(fold, search);
	search->due_ns = now_ns + TOLD_NS;
}

/* Something of it has come, and is yet to be added. */
static bool is_awaited(const struct search *search, int64_t now_ns, fold_awaits *awaits, void *context)
{
	return !search->over && now_ns < search->due_ns + LATE_NS && awaits(context, search->told->pid);
}

int fold_expire(struct fold *fold, int64_t now_ns, fold_awaits *awaits, void *context)
{
	int64_t next = INT64_MAX;
	bool waits = false;

	for (size_t i = 0, n; i < fold->n; i += fold->n == n) {
		struct search *search = &fold->searches[i];

		n = fold->n;
		if (now_ns >= search->due_ns && !is_awaited(search, now_ns, awaits, context)) {
			expire(fold, search, now_ns);
			continue;
		}
		waits |= !search->over;
		/* What is awaited wakes us by itself. */
		if (!search->over && now_ns < search->due_ns && search->due_ns < next)
			next = search->due_ns;
	}
	if (next == INT64_MAX)
		return waits ? FOLD_MS : -1;
	return (int)((next - now_ns + 999999) / 1000000);
}

void fold_flush(struct fold *fold)
{
	while (fold->n)
		end_search(fold, &fold->searches[0]);
}

uint64_t fold_count(const struct fold *fold)
{
	return fold->folded;
}

struct fold *fold_new(fold_tell *tell, void *context)
{
	struct fold *fold = memory_new(sizeof(*fold));

	fold->tell = tell;
	fold->context = context;
	return fold;
}

void fold_free(struct fold *fold)
{
	if (!fold)
		return;
	while (fold->n)
		remove_search(fold, &fold->searches[0]);
	free(fold);
}
