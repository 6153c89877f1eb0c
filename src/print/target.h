/* SPDX-License-Identifier: GPL-2.0-only */
/* The file that -w names. */
#ifndef EXECFAIL_TARGET_H
#define EXECFAIL_TARGET_H

/*
 * Opens it for writing, emptied, with mode 0600 where it is made. NULL and "-" are stdout. Where everybody may make files, it
 * is not to be a link, nor another user's. The descriptor, which is the caller's and closed on exec, or -errno.
 */
int target_open(const char *path);

#endif
