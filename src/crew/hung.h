/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Workers that hang and cannot be ended, and what they hang at. There is room for so many (STARTER_WORKERS): a file system at
 * which one hangs is not touched as long as it does, whoever wants to know.
 */
#ifndef EXECFAIL_HUNG_H
#define EXECFAIL_HUNG_H

#include <stddef.h>
#include <stdint.h>

#include "crew/starter.h"
#include "look/step.h"

/* All zero to begin with. */
struct hung {
	struct hung_worker {
		int stat; /* its /proc/PID/stat */
		uint64_t device; /* struct step's */
	} v[STARTER_WORKERS];
	size_t n;
};

/* stat: is ours from now on, and may be -1. */
void hung_add(struct hung *hung, int stat, uint64_t device);

/* Where some still hang: as many of these as there is room for, then 0. */
void hung_devices(struct hung *hung, uint64_t devices[STEP_AVOIDED]);

void hung_close(struct hung *hung);

#endif
