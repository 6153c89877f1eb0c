/* SPDX-License-Identifier: GPL-2.0-only */
/* What `execfail explain` has to look at, for as long as that answers. */
#ifndef EXECFAIL_PATIENCE_H
#define EXECFAIL_PATIENCE_H

#include <stdio.h>

#include "base/buffer.h"

/* Returns its status, from 0 to 255. */
typedef int patience_act(void *context, FILE *out);

/*
 * Does it in a process that is given up when it sleeps for too long. Returns its status, with what it wrote in said; or
 * -ETIMEDOUT, with the path of what did not answer, where that is known.
 */
int patience_try(patience_act *act, void *context, struct buffer *said);

#endif
