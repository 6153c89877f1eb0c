// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/tracer.h"

#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/error.h"
#include "base/clock.h"
#include "base/log.h"
#include "crew/confine.h"
#include "kernel/attach.h"
#include "kernel/family.h"
#include "kernel/system.h"
#include "kernel/types.h"

#define SETTLE_NS 1000000000 /* longer than an exec takes that was under way when everything was attached */

static void hooks_say(const struct tracer *t)
{
	const struct hook *hook;
	struct bpf_prog_info info;
	bool covered;

	for (size_t i = 0; i < hooks_count; i++) {
		hook = &hooks_table[i];
		if (family_program_info(t, i, &info))
			log_debug("%s: %u instructions, %u looked at by the verifier", hook->program,
				  info.xlated_prog_len / 8, info.verified_insns);
		covered = attach_covers(t, i);
		if (t->attached[i].state == HOOK_MISSING && !hook->instead_of && !covered)
			log_info("%s: this kernel has no such function; unseen: %s", hook->program, hook->gives);
		else if (t->attached[i].state == HOOK_FAILED)
			log_info("%s: %s; %s%s", hook->program, error_text(-t->attached[i].error),
				 covered ? "another is there instead" : "unseen: ", covered ? "" : hook->gives);
	}
}

struct tracer *tracer_new(const struct tracer_config *config)
{
	struct refusal refusals[FAMILIES_MAX] = {};
	struct tracer *t = NULL;
	struct types types;

	family_begin();
	if (!system_can_trace(config->btf))
		return NULL;
	confine_warn();
	types_open(&types);
	for (size_t i = 0; i < families_count && !t; i++) {
		if (config->hooks != HOOKS_AUTO && config->hooks != families[i])
			continue;
		t = family_try(families[i], config, &types, &refusals[i]);
		if (!t)
			log_info("%s: %s", hooks_names[families[i]], refusals[i].text);
	}
	types_close(&types);
	object_pack();
	/* What the types of the kernel took, which is more than all else. */
	malloc_trim(0);
	if (t) {
		hooks_say(t);
		return t;
	}
	for (size_t i = 0; i < families_count; i++)
		if (refusals[i].text[0] && !log_enabled(LOG_INFO))
			log_err("hooks %s: %s", hooks_names[families[i]], refusals[i].text);
	log_err(system_in_user_ns()
			? "nothing could be attached: this is a user namespace, whose root has no capabilities on the machine"
			: "nothing could be attached: `execfail --doctor` says what this kernel offers");
	return NULL;
}

void tracer_free(struct tracer *t)
{
	family_free(t);
}

enum hooks tracer_hooks(const struct tracer *t)
{
	return t->hooks;
}

enum transport tracer_transport(const struct tracer *t)
{
	return t->transport;
}

uint32_t tracer_events(const struct tracer *t)
{
	uint32_t events = 0;

	for (size_t i = 0; i < hooks_count; i++)
		if (hooks_table[i].flags & HOOK_OUTCOME && t->attached[i].state == HOOK_ATTACHED)
			events |= hooks_table[i].events;
	return events & t->events;
}

struct stream_maps tracer_maps(const struct tracer *t)
{
	return (struct stream_maps){
		.events = t->skel->maps.events,
		.bell = t->skel->maps.bell,
		.reader = t->skel->maps.reader,
		.shares = t->shares ? t->skel->maps.shares : NULL,
		.buffered = t->skel->maps.buffered,
	};
}

/* Whether the family has hooks of that kind, and all of them do their part. */
static bool hooks_complete(const struct tracer *t, enum hook_flag kind)
{
	bool any = false;

	for (size_t i = 0; i < hooks_count; i++) {
		if (!(hooks_table[i].flags & kind) || t->attached[i].state == HOOK_NOT_WANTED)
			continue;
		if (!attach_covers(t, i))
			return false;
		any = true;
	}
	return any;
}

uint32_t tracer_seen(const struct tracer *t)
{
	uint32_t seen = 0;

	if (t->hooks == HOOKS_TRACEPOINT)
		return SEEN_OUTCOME;
	if (hooks_complete(t, HOOK_STAGE))
		seen |= SEEN_HOOKS;
	if (hooks_complete(t, HOOK_ENTRY))
		seen |= SEEN_ENTRY;
	return seen;
}

int tracer_scope_add(struct tracer *t, uint32_t pid)
{
	uint8_t one = 1;

	return bpf_map__update_elem(t->skel->maps.scope, &pid, sizeof(pid), &one, sizeof(one), BPF_ANY);
}

bool tracer_scope_empty(const struct tracer *t)
{
	uint32_t first;

	return bpf_map__get_next_key(t->skel->maps.scope, NULL, &first, sizeof(first)) == -ENOENT;
}

int tracer_arm(struct tracer *t)
{
	struct execfail_bpf__bss bss = {
		.control = { .armed = 1, .settled_ns = (uint64_t)clock_kernel_ns() + SETTLE_NS },
	};
	struct tracer_lost before;
	uint32_t zero = 0;
	int err;

	/* Not through memory that is shared with the programs: before 5.5 there is none. */
	err = bpf_map__update_elem(t->skel->maps.bss, &zero, sizeof(zero), &bss, sizeof(bss), BPF_ANY);
	if (!err)
		tracer_lost(t, &before);
	return err;
}

static uint64_t map_count(const struct bpf_map *map, uint32_t index)
{
	uint64_t count = 0;

	bpf_map__lookup_elem(map, &index, sizeof(index), &count, sizeof(count), 0);
	return count;
}

static uint64_t program_skipped(const struct tracer *t, size_t i)
{
	struct bpf_prog_info info;

	return family_program_info(t, i, &info) ? info.recursion_misses : 0;
}

/* Only a run for the outcome that was skipped is an event that is missing. sandbox: 0 or HOOK_SANDBOX. */
static uint64_t outcomes_skipped(const struct tracer *t, unsigned int copy, unsigned int sandbox)
{
	const unsigned int mask = HOOK_OUTCOME | HOOK_SANDBOX;
	uint64_t skipped = 0;

	for (size_t i = 0; i < hooks_count; i++)
		if (t->attached[i].state == HOOK_ATTACHED &&
		    (hooks_table[i].flags & mask) == (HOOK_OUTCOME | sandbox) && hook_copy(&hooks_table[i]) == copy)
			skipped += program_skipped(t, i);
	return skipped;
}

/*
 * Filters are asked at every system call of their tasks, ours among them, and hardly ever about an exec. Only while the
 * record of one that was denied is made does the program take long enough that what was skipped may have been another
 * such.
 */
static uint64_t denied_skipped(struct tracer *t)
{
	uint64_t skipped = outcomes_skipped(t, 0, HOOK_SANDBOX);
	uint64_t done = map_count(t->skel->maps.runs, RUNS_DENIED_DONE);
	uint64_t begun = map_count(t->skel->maps.runs, RUNS_DENIED);

	if (begun != t->denied_before || begun != done)
		t->denied_skipped += skipped - t->sandbox_before;
	t->denied_before = begun;
	t->sandbox_before = skipped;
	return t->denied_skipped;
}

/*
 * Calls for which every copy was skipped. Each call that failed was run or skipped by each of the copies, so none of
 * them can have met fewer than there were; more, by those runs for calls that succeeded that were skipped.
 */
static uint64_t calls_skipped(const struct tracer *t)
{
	uint64_t met, least = UINT64_MAX, taken;

	if (t->copies <= 1)
		return outcomes_skipped(t, 1, 0);
	/* Those first: a call that ends meanwhile is not to seem lost. It is told right the next time. */
	for (unsigned int copy = t->copies < OUTCOME_COPIES ? t->copies : OUTCOME_COPIES; copy; copy--) {
		met = outcomes_skipped(t, copy, 0) + map_count(t->skel->maps.runs, RUNS_OF_COPY + copy - 1);
		least = met < least ? met : least;
	}
	taken = map_count(t->skel->maps.runs, RUNS_TAKEN);
	return least > taken ? least - taken : 0;
}

void tracer_lost(struct tracer *t, struct tracer_lost *lost)
{
	uint64_t now, skipped;

	memset(lost, 0, sizeof(*lost));
	for (uint32_t i = 0; i < LOST_REASONS; i++) {
		now = map_count(t->skel->maps.lost, i);
		lost->counts[i] = now - t->lost_before[i];
		t->lost_before[i] = now;
	}
	skipped = outcomes_skipped(t, 0, 0) + denied_skipped(t) + calls_skipped(t);
	/* While calls go on it is an estimate, which may go back. */
	lost->skipped = skipped > t->skipped_before ? skipped - t->skipped_before : 0;
	t->skipped_before += lost->skipped;
}

uint64_t tracer_filtered(const struct tracer *t)
{
	return map_count(t->skel->maps.runs, RUNS_FILTERED);
}

bool tracer_can_count(const struct tracer *t)
{
	struct bpf_prog_info info;
	uint32_t first = 0;
	uint64_t count;

	if (bpf_map__lookup_elem(t->skel->maps.lost, &first, sizeof(first), &count, sizeof(count), 0))
		return false;
	for (size_t i = 0; i < hooks_count; i++)
		if (t->attached[i].state == HOOK_ATTACHED)
			return family_program_info(t, i, &info);
	return true;
}

static size_t attempts_now(const struct tracer *t)
{
	struct place_row row;
	size_t n = 0;

	/* Asked of the map: what the programs were loaded with cannot be looked at any more before 5.5. */
	for (uint32_t i = 0; i < bpf_map__max_entries(t->skel->maps.rows); i++) {
		if (bpf_map__lookup_elem(t->skel->maps.rows, &i, sizeof(i), &row, sizeof(row), 0))
			continue;
		for (size_t place = 0; place < ROW_PLACES; place++)
			n += row.task[place] != 0;
	}
	return n;
}

/* On a busy machine some exec is always under way; what is left behind stays in every sample. */
size_t tracer_in_flight(const struct tracer *t)
{
	const struct timespec pause = { .tv_nsec = 10 * 1000000 };
	size_t n = attempts_now(t), least = n;

	for (int i = 0; i < 20 && least; i++) {
		nanosleep(&pause, NULL);
		n = attempts_now(t);
		least = n < least ? n : least;
	}
	return least;
}

bool tracer_count(const struct tracer *t, const struct count_key *key, struct count *count)
{
	return !bpf_map_lookup_elem(bpf_map__fd(t->skel->maps.counts), key, count);
}

uint64_t tracer_uncounted(const struct tracer *t)
{
	uint32_t zero = 0;
	uint64_t n = 0;

	bpf_map_lookup_elem(bpf_map__fd(t->skel->maps.uncounted), &zero, &n);
	return n;
}

uint64_t tracer_counted(const struct tracer *t)
{
	int map = bpf_map__fd(t->skel->maps.counts);
	struct count_key key, *last = NULL;
	uint64_t n = tracer_uncounted(t);
	struct count count;

	for (; !bpf_map_get_next_key(map, last, &key); last = &key)
		if (!bpf_map_lookup_elem(map, &key, &count))
			n += count.n - 1;
	return n;
}
