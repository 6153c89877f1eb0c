// SPDX-License-Identifier: GPL-2.0-only
#include "look/step.h"

#include <stdio.h>
#include <string.h>

static struct step *shared;
static uint64_t avoided[STEP_AVOIDED];

void step_share(struct step *step)
{
	shared = step;
}

void step_begin(struct bytes directory, const char *name)
{
	step_touch(0);
	if (shared)
		snprintf(shared->path, sizeof(shared->path), "%.*s/%s", (int)directory.n,
			 directory.n ? directory.p : "", name);
}

void step_touch(uint64_t device)
{
	if (shared)
		__atomic_store_n(&shared->device, device, __ATOMIC_RELAXED);
}

void step_avoid(const uint64_t devices[STEP_AVOIDED])
{
	memcpy(avoided, devices, sizeof(avoided));
}

bool step_avoids(uint64_t device)
{
	for (size_t i = 0; device && i < STEP_AVOIDED; i++)
		if (avoided[i] == device)
			return true;
	return false;
}

struct bytes step_path(const struct step *step)
{
	return (struct bytes){ step->path, strnlen(step->path, sizeof(step->path)) };
}
