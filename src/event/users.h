/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names of users: the host's passwd, read again when it is another one. No NSS: it would load libraries and ask the
 * network.
 */
#ifndef EXECFAIL_USERS_H
#define EXECFAIL_USERS_H

#include <stdint.h>
#include <sys/types.h>

struct users;

/* etc: the folder that passwd is in; copied. */
struct users *users_new(const char *etc);
void users_free(struct users *users);

/*
 * NULL: nobody. Valid until the next call. now: the second that it is asked for. Once a second is often enough to
 * notice a user who changed, but a new one is found at once.
 */
const char *users_name(struct users *users, uid_t uid, int64_t now);

#endif
