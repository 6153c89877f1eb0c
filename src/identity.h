/* SPDX-License-Identifier: GPL-2.0-only */
/* Whom `execfail explain` is to look at things as: a user, a process, a unit, a container, another root. */
#ifndef EXECFAIL_IDENTITY_H
#define EXECFAIL_IDENTITY_H

#include "base/arena.h"
#include "base/buffer.h"
#include "cause/explain.h"
#include "options.h"

/*
 * Fills in who, in the arena or in the options. 1: somebody else is meant; 0: nobody but this process; -errno: one line
 * without its end was added to error. A unit is asked for with systemctl(1), which starts that.
 */
int identity_find(struct explain_who *who, const struct job_options *options, struct arena *arena,
		  struct buffer *error);

#endif
