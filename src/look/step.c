// SPDX-License-Identifier: GPL-2.0-only
#include "look/step.h"

#include <stdio.h>
#include <string.h>

static struct step *shared;

void step_share(struct step *step)
{
	shared = step;
}

void step_begin(struct bytes directory, const char *name)
{
	if (shared)
		snprintf(shared->path, sizeof(shared->path), "%.*s/%s", (int)directory.n,
			 directory.n ? directory.p : "", name);
}

struct bytes step_path(const struct step *step)
{
	return (struct bytes){ step->path, strnlen(step->path, sizeof(step->path)) };
}
