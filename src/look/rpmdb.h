/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rpm's database in its form of today, an SQLite file of which what is needed is little: which package has a file of
 * that name, and where. Bytes in, facts out; nothing in the file is to be trusted.
 */
#ifndef EXECFAIL_RPMDB_H
#define EXECFAIL_RPMDB_H

#include "base/arena.h"
#include "look/dynamic.h"

struct rpmdb_file {
	struct bytes package; /* without version and architecture */
	struct bytes path;
};

/* False: none that is installed has one, or it is no such database. Strings live in the arena. */
bool rpmdb_find(struct arena *arena, const struct dynamic_source *source, struct bytes name, struct rpmdb_file *found);

#endif
