/* SPDX-License-Identifier: GPL-2.0-only */
/* --as-user: whom COMMAND is started as. */
#ifndef EXECFAIL_USER_H
#define EXECFAIL_USER_H

#include <sys/types.h>

struct user {
	char *name; /* NULL: nobody else */
	char *home, *shell;
	uid_t uid;
	gid_t gid;
	gid_t *groups; /* the first among them */
	size_t n_groups;
};

/*
 * By name or number: of /etc/passwd and /etc/group, or else as getent(1) says. -ENOENT: there is none. To be ended by
 * user_free(), in any case.
 */
int user_find(struct user *user, const char *name);
void user_add_group(struct user *user, gid_t gid); /* unless it is there */
void user_free(struct user *user);

/*
 * Becomes the user for good, with all groups, and what sudo sets by itself (env_reset): HOME, LOGNAME, SHELL and USER.
 * What it told of who called it goes where that is who it is again; all else in the environment stays. 0 or -errno.
 */
int user_become(const struct user *user);

#endif
