/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is said between the reader and a worker: a message each way, of a head and bytes, in the order of this machine.
 *
 * Who looks reads what anybody wrote, and may have been taken over by it: the reader believes no number of a verdict
 * and no character of its texts.
 */
#ifndef EXECFAIL_VERDICT_H
#define EXECFAIL_VERDICT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/bytes.h"
#include "cause/diagnose.h"
#include "event/decode.h"
#include "event/event.h"
#include "look/step.h"

enum {
	VERDICT_REASON = 64, /* bytes at most of each text */
	VERDICT_HINT = 32 * 1024,
	VERDICT_PATH = 8 * 1024,
	VERDICT_STEPS = 1 << 20, /* that looking into one event can take */
	VERDICT_MAX =
		VERDICT_REASON + VERDICT_HINT + 3 * VERDICT_PATH + RECORD_STRINGS_MAX + 1024, /* of all of a message */
};

/* To look into the event of a record, which follows. */
struct request {
	uint64_t number;
	uint64_t avoid[STEP_AVOIDED]; /* for step_avoid() */
	struct decode decode;
};

/* False: no request. record: inside of message. */
bool request_parse(struct bytes message, struct request *request, struct bytes *record);

/* Appends the answer to it. kept: what diagnose_look() said. */
void verdict_pack(struct buffer *out, uint64_t number, const struct event *event, bool kept);

/* Of a filter of system calls that was met: nothing but this, and its number. */
void verdict_pack_refused(struct buffer *out, int call);

/* Strings are inside of the message. */
struct verdict {
	uint64_t number;
	uint64_t steps;
	int refused; /* the system call for which the worker ends; 0: none, and this is an answer */
	enum event_look look;
	struct event_file binary;
	bool proc_cgroup_known;
	struct bytes proc_cgroup;
	struct bytes arguments; /* for decode_arguments(); p NULL: they were not to be read, or could not be */
	struct diagnosis diagnosis;
};

/* False: no verdict. */
bool verdict_parse(struct bytes message, struct verdict *verdict);

/* Copies what was looked at into the event, for enrich_event(), and into its arena the strings of diagnosis. */
void verdict_apply(struct verdict *verdict, struct event *event);

#endif
