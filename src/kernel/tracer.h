/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel side as the user side holds it: which hook families there are, which of their programs this kernel takes,
 * and the loaded and attached result.
 */
#ifndef EXECFAIL_TRACER_H
#define EXECFAIL_TRACER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/hooks.h"
#include "kernel/stream.h"
#include "record.h"

struct sieve;

struct tracer_config {
	enum hooks hooks;
	uint32_t events; /* that are wanted: 1 << enum event_type */
	enum transport transport;
	size_t buffer; /* bytes of the ring buffer, or of all perf buffers together */
	const char *btf; /* a file; NULL: the kernel's */
	bool environment;
	bool seccomp; /* what filters deny, at a price for every system call of a task that has one */
	bool scoped; /* only processes that tracer_scope_add() or lineage_follow() name, and their descendants */
	bool kin; /* the latter */
	const struct sieve *sieve; /* what is not to be reported of that; NULL: nothing */
	bool searches; /* say which programs start after a failure */
	unsigned int
		counts; /* enum count_by: after the first failure of a kind the others are only counted; 0: none is */
};

struct tracer;

/*
 * Loads and attaches the family asked for, or the first of auto's that attaches: they are tried in the order of what
 * they see. The config need not outlive it. NULL when none attaches: what is missing, or a line for each that was tried
 * and a last one with the way out, were logged then. Free with tracer_free(), which takes NULL as well.
 */
struct tracer *tracer_new(const struct tracer_config *config);
void tracer_free(struct tracer *tracer);

/* What was chosen: neither is ..._AUTO. */
enum hooks tracer_hooks(const struct tracer *tracer);
enum transport tracer_transport(const struct tracer *tracer);

/* enum record_seen that holds for each of its records. */
uint32_t tracer_seen(const struct tracer *tracer);

/* The events that it can see: those that were wanted, or less. */
uint32_t tracer_events(const struct tracer *tracer);

/* For stream_new(). Owned by the tracer. */
struct stream_maps tracer_maps(const struct tracer *tracer);

/*
 * From here on failures are reported: of calls that begin now, all is seen. What began before is none of ours, and what
 * was lost before neither. 0 or -errno.
 */
int tracer_arm(struct tracer *tracer);

/* pid: as this process has it. Before that one runs, so that nothing of it is missed. 0 or -errno. */
int tracer_scope_add(struct tracer *tracer, uint32_t pid);

/* Whether all that were added have ended, and all their descendants. */
bool tracer_scope_empty(const struct tracer *tracer);

/* What the programs lost since the last call. */
struct tracer_lost {
	uint64_t counts[8]; /* by enum lost_reason */
	uint64_t skipped; /* runs of programs that make records, an event each; before 5.12 nobody counts them */
};
void tracer_lost(struct tracer *tracer, struct tracer_lost *lost);

/* What the programs left out since they were armed, by config.sieve. */
uint64_t tracer_filtered(const struct tracer *tracer);

/* Of the kind that an event is of, with tracer_config.counts; false: none was counted. */
bool tracer_count(const struct tracer *tracer, const struct count_key *key, struct count *count);

/* How many there were of all kinds beside the first of each. */
uint64_t tracer_counted(const struct tracer *tracer);

/* Of those how many have no count of their own. */
uint64_t tracer_uncounted(const struct tracer *tracer);

/* Whether the kernel lets this process, as it is now, ask for what was lost. */
bool tracer_can_count(const struct tracer *tracer);

/* Execs that the maps hold something for: the least of some samples, taken within a fifth of a second. For -v. */
size_t tracer_in_flight(const struct tracer *tracer);

#endif
