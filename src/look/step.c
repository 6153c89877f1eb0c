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
	step_touch(0, 0);
	if (shared)
		snprintf(shared->path, sizeof(shared->path), "%.*s/%s", (int)directory.n,
			 directory.n ? directory.p : "", name);
}

void step_at(const char *path)
{
	step_touch(0, 0);
	if (shared)
		snprintf(shared->path, sizeof(shared->path), "%s", path);
}

void step_touch(uint64_t device, uint64_t file)
{
	if (!shared)
		return;
	__atomic_store_n(&shared->device, device, __ATOMIC_RELAXED);
	__atomic_store_n(&shared->file, file, __ATOMIC_RELAXED);
}

/* Devices have 32 bits, and STEP_DESCRIPTORS has all. */
uint64_t step_file(uint64_t device, uint64_t inode)
{
	return ((inode * 0x9e3779b97f4a7c15 ^ device) * 0x9e3779b97f4a7c15) >> 2 | 1ull << 63;
}

bool step_is_file(uint64_t place)
{
	return place >> 62 == 2;
}

void step_avoid(const uint64_t places[STEP_AVOIDED])
{
	memcpy(avoided, places, sizeof(avoided));
}

bool step_avoids(uint64_t place)
{
	for (size_t i = 0; place && i < STEP_AVOIDED; i++)
		if (avoided[i] == place)
			return true;
	return false;
}

uint64_t step_device(const struct step *step)
{
	return __atomic_load_n(&step->device, __ATOMIC_RELAXED);
}

struct bytes step_path(const struct step *step)
{
	return (struct bytes){ step->path, strnlen(step->path, sizeof(step->path)) };
}
