/* SPDX-License-Identifier: GPL-2.0-only */
/* Which file is being looked at, for who watches the one that looks: should it not answer, it is known what did not. */
#ifndef EXECFAIL_STEP_H
#define EXECFAIL_STEP_H

#include "base/bytes.h"

enum { STEP_NAME = 512 };

struct step {
	char path[STEP_NAME]; /* not trusted to end */
};

/* Steps of this process are written there; NULL: nowhere. */
void step_share(struct step *step);

/* The next step: a name in a directory, of which that is the path; "" is the root. */
void step_begin(struct bytes directory, const char *name);

/* Its path, or the beginning of that, for as long as the step does not change; n 0 before the first. */
struct bytes step_path(const struct step *step);

#endif
