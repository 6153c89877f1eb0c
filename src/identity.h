/* SPDX-License-Identifier: GPL-2.0-only */
/* Whom `execfail explain` is to look at things as: a user, a process, a unit, a container, another root. */
#ifndef EXECFAIL_IDENTITY_H
#define EXECFAIL_IDENTITY_H

#include "base/arena.h"
#include "base/buffer.h"
#include "cause/explain.h"
#include "options.h"

/* What systemctl(1) says of it, which this starts and waits for; n 0: nothing. */
struct bytes identity_ask_unit(struct arena *arena, const char *unit);

/* The program of a unit of which that is said, with its arguments; ends with NULL; NULL: it has none of its own. */
char **identity_unit_program(struct arena *arena, struct bytes said);

/*
 * Fills in who, in the arena or in the options. unit: what is said of one that is meant. 1: somebody else is meant; 0:
 * nobody but this process; -errno: one line without its end was added to error.
 */
int identity_find(struct explain_who *who, const struct job_options *options, struct bytes unit, struct arena *arena,
		  struct buffer *error);

#endif
