/* SPDX-License-Identifier: GPL-2.0-only */
/* One worker, as the reader has it: what it was asked, and what it answers. Nothing here waits. */
#ifndef EXECFAIL_LOOKER_H
#define EXECFAIL_LOOKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crew/queue.h"
#include "crew/sleeper.h"
#include "crew/starter.h"
#include "crew/verdict.h"

enum { LOOKER_AT_ONCE = 4 }; /* events that it may have before it answers the first */

struct looker {
	struct starter_worker worker; /* pid 0: there is none */
	bool ready; /* it has said so */
	struct asked {
		struct waiting *event; /* NULL: it was told meanwhile */
		uint64_t number;
		uint64_t owner, place; /* the event's; owner 0: nobody is to be charged */
	} asked[LOOKER_AT_ONCE];
	size_t n_asked;
	struct sleeper sleeper; /* over the first of these */
	uint64_t taken_ns; /* when it was there */
};

/* The descriptors are its own from now on; its pid is 0 again when they are closed. */
void looker_open(struct looker *looker, const struct starter_worker *worker);
void looker_close(struct looker *looker);

/* Only where it was asked less than LOOKER_AT_ONCE. 0, or -errno of sendmsg(2). */
int looker_ask(struct looker *looker, const struct request *request, struct waiting *event);

/*
 * 1: the answer to what it was asked first, valid until the next is heard; 0: nothing more now; below 0: it has ended,
 * or says what it was not asked for.
 */
int looker_hear(struct looker *looker, struct verdict *verdict);

/* What it was asked first is over, and no more its: with that answer, or with its end. */
struct waiting *looker_answered(struct looker *looker);
struct asked looker_take_first(struct looker *looker);

/* Not one that only has to wait for a processor: a busy machine is no reason to change the order. */
bool looker_is_slow(const struct looker *looker);

#endif
