/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of identity.c share. */
#ifndef EXECFAIL_IDENTITY_PARTS_H
#define EXECFAIL_IDENTITY_PARTS_H

#include "identity.h"
#include "user.h"

#define IDENTITY_ALL_CAPS 0x1ffffffffffull

struct identity {
	struct explain_who *who;
	struct arena *arena;
	struct buffer *error;
};

/* err, and "WHAT 'NAME': WHY" as the error. Whoever logs it escapes it. */
int identity_fail(struct identity *id, int err, const char *what, const char *name, const char *why);

/* This user; bounding: the capabilities that an exec may give, locked: no_new_privs. */
void identity_become(struct identity *id, const struct user *user, uint64_t bounding, bool locked);

/*
 * The user, root, directory, environment and program that systemd gives to a unit of which that is said, and what it
 * lays over paths. 0 or -errno.
 */
int identity_of_unit(struct identity *id, const char *unit, struct bytes said);

#endif
