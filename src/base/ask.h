/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What other programs say, of what a static one cannot know by itself: not for who watches, only for who is asked once.
 */
#ifndef EXECFAIL_ASK_H
#define EXECFAIL_ASK_H

#include <pwd.h>

#include "base/arena.h"
#include "base/bytes.h"

/* All that there is to read, or the first megabyte, with a NUL behind it; n 0: nothing. fd: -1, there is none. */
struct bytes ask_read(struct arena *arena, int fd);

/* What it writes to its standard output; n 0: nothing, or it is not in PATH. argv ends with NULL. */
struct bytes ask_program(struct arena *arena, char *const *argv);

/*
 * A user by name or number: of /etc/passwd, or else of what getent(1) knows, which asks LDAP and the like
 * (nsswitch.conf(5)). That is where asked is true. False: there is none. Strings in the arena.
 */
bool ask_user(struct arena *arena, const char *name, struct passwd *user, bool *asked);

#define ASK_NOWHERE(file) ", neither in " file " nor by getent(1)"

/* A group likewise, of /etc/group. */
bool ask_group(struct arena *arena, const char *name, gid_t *gid);

#endif
