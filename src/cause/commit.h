/* SPDX-License-Identifier: GPL-2.0-only */
/* Whether a program that could be opened and is understood could also take the caller's place. */
#ifndef EXECFAIL_COMMIT_H
#define EXECFAIL_COMMIT_H

#include "cause/facts.h"

/* After facts_try() found nothing in the way: the errno of what cannot be mapped or is not permitted; 0: nothing. */
int commit_try(struct facts *facts);

/* The file capabilities that the caller may not have; 0: none. known: its bounding set is. */
uint64_t commit_caps_missing(struct facts *facts, struct subject *subject, bool *known);

/* Whether the caller's limit of the address space is known, and too small for the segments. */
bool commit_over_limit(struct facts *facts, struct subject *image);

#endif
