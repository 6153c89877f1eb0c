/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Errors by name and in words: libc's, and besides them those that the kernel keeps to itself (include/linux/errno.h)
 * and that come out of it all the same.
 */
#ifndef EXECFAIL_ERROR_H
#define EXECFAIL_ERROR_H

/* error: positive. Static; NULL: it has none. */
const char *error_name(int error);

/* As strerror(): never NULL, and the text of a number that nobody knows is overwritten by the next call. */
const char *error_text(int error);

#endif
