/* SPDX-License-Identifier: GPL-2.0-only */
/* Where the output goes: stdout, the file that -w names, or a form's own socket. */
#ifndef EXECFAIL_TARGET_H
#define EXECFAIL_TARGET_H

/*
 * Opens it for writing, emptied, with mode 0600 where it is made. NULL and "-" are stdout; NULL is the socket, where
 * there is one: each write is a datagram then. Where everybody may make files, it
 * is not to be a link, nor another user's. The descriptor, which is the caller's and closed on exec, or -errno.
 */
int target_open(const char *path, const char *socket);

/* The file of that path once more, in which nothing is lost: it may be another by now, or have to be made. */
int target_again(const char *path);

#endif
