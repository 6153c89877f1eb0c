/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Workers that hang and cannot be ended, at what, and whose world that is. There is room for so many (STARTER_WORKERS):
 * as long as one hangs nothing of that owner is looked at, and the file system is not touched, whoever wants to know.
 * Of a file system that is everybody's any user can lock a directory that he may read: only that is not touched, and it
 * is nobody's; but where HUNG_OF_PLACE hang over what is of different owners, it is the file system that does not
 * answer.
 */
#ifndef EXECFAIL_HUNG_H
#define EXECFAIL_HUNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crew/starter.h"
#include "look/step.h"

enum { HUNG_OF_PLACE = 4 };

/* All zero to begin with. */
struct hung {
	struct hung_worker {
		int stat; /* its /proc/PID/stat */
		uint64_t device, file; /* struct step's */
		uint64_t owner, place; /* charge_owner()'s and charge_place()'s; 0: nobody's */
	} v[STARTER_WORKERS];
	size_t n;
};

/* Its stat is ours from now on, and may be -1. */
void hung_add(struct hung *hung, struct hung_worker worker);

/*
 * Whether one hangs over what is that owner's, or HUNG_OF_PLACE over what he only looked at, or over what is of that
 * place.
 */
bool hung_holds(const struct hung *hung, uint64_t owner, uint64_t place);

/* Where some still hang: as many of these as there is room for, for step_avoid(). How many. */
size_t hung_places(struct hung *hung, uint64_t places[STEP_AVOIDED]);

void hung_close(struct hung *hung);

#endif
