/* SPDX-License-Identifier: GPL-2.0-only */
/* A PATH of the caller's, searched for a program as a shell does, and for the one that was meant. */
#ifndef EXECFAIL_SEARCH_H
#define EXECFAIL_SEARCH_H

#include "look/look.h"

/*
 * Takes the next directory off the front of a PATH; what ends with a colon has one more, which is empty. False: none is
 * left.
 */
bool search_directory(struct bytes *path, struct bytes *directory);

/* Whether one of a PATH is, so that it matters from where is searched. */
bool search_is_relative(struct bytes path);

/* That of shells, where nobody sets one. */
#define SEARCH_USUAL "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

/* And the C library's. */
#define SEARCH_LIBC "/bin:/usr/bin"

/*
 * In which directory of a PATH, from that one on and counted from 1, a file was looked for; 0: in none. An empty
 * directory is the working directory, for which the C library tries the name alone, and shells ./NAME. *last: there is
 * none behind it; may be NULL.
 */
size_t search_place(struct bytes path, struct bytes file, size_t from, bool *last);

/* Whether execvp() and shells go on to the next directory after that error. */
bool search_goes_on(int error);

enum search_result {
	SEARCH_NOTHING,
	SEARCH_DENIED, /* nothing, and some directories it may not enter */
	SEARCH_PROGRAM, /* one that the caller may execute */
	SEARCH_REFUSED, /* nothing but what it may not execute */
	SEARCH_UNSEEN, /* some directories could not be looked into, and the others have none */
};

/*
 * name: with a slash it is a path itself, of which the same is asked. found: the path that the result is about, in the
 * view's arena; p NULL: there is none.
 */
enum search_result search_path(const struct look_how *how, const struct caller *caller, struct bytes path,
			       struct bytes name, struct bytes *found);

/* The name of a program of these directories that is nearest to the name, in the view's arena; p NULL: none is near. */
struct bytes search_nearest(const struct look_how *how, const struct caller *caller, struct bytes path,
			    struct bytes name);

#endif
