/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A family of hooks, loaded and attached as far as this kernel takes it: what is inside of a tracer. For kernel/ alone.
 */
#ifndef EXECFAIL_FAMILY_H
#define EXECFAIL_FAMILY_H

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "kernel/hooks.h"
#include "kernel/object.h"
#include "kernel/tracer.h"
#include "record.h"
#include "sieve.h"

/* Has a struct config of record.h in it. */
#include "execfail.skel.h"

struct types;

struct attachment {
	enum hook_state state;
	int error; /* -errno of what was tried, where state is HOOK_FAILED or HOOK_MISSING; 0: nothing was */
	struct bpf_link *link; /* the tracer's; NULL: not attached */
};

struct tracer {
	enum hooks hooks;
	enum transport transport;
	uint32_t events; /* config.events; as the next, it cannot be looked at any more where the kernel shares no maps */
	bool shares; /* config.shares, which cannot be looked at any more where the kernel shares no maps */
	unsigned int copies; /* of the programs at the end of a call */
	struct execfail_bpf *skel;
	struct attachment *attached; /* one for each of hooks_table */
	bool *symbols; /* whether the kernel has the hook's function, likewise; only for probes. NULL: not looked up */
	uint64_t lost_before[LOST_REASONS]; /* this and the next: as of the last tracer_lost() */
	uint64_t skipped_before;
	/* Of the last denied_skipped(). */
	uint64_t denied_before, sandbox_before;
	uint64_t denied_skipped;
};

/* Why a family did not attach, in one line. */
struct refusal {
	int error; /* -errno */
	char text[320];
};

enum { KIN_MAX = 16384 }; /* processes that begin or end while hooks are being attached, in the map `kin` */

/* Those that there are, in the order in which auto tries them. */
extern const enum hooks families[];
extern const size_t families_count; /* no more than FAMILIES_MAX */
enum { FAMILIES_MAX = 4 };

/* What libbpf says becomes log messages of ours, for the whole process. Before anything is loaded. */
void family_begin(void);

/*
 * Loads and attaches; one at a time, as libbpf's last words are kept. types: not kept. To be ended
 * by family_free(). NULL: refusal says why.
 */
struct tracer *family_try(enum hooks family, const struct tracer_config *config, struct types *types,
			  struct refusal *refusal);

/* Detaches and frees. NULL is fine. */
void family_free(struct tracer *tracer);

/* What the kernel knows of its program. False: nothing, it is not loaded. */
bool family_program_info(const struct tracer *tracer, size_t i, struct bpf_prog_info *info);

/* Which transport that wish means here: never TRANSPORT_AUTO. */
enum transport family_transport(enum transport wish);

#endif
