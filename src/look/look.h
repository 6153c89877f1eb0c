/* SPDX-License-Identifier: GPL-2.0-only */
/* Walking a path name by name in a caller's world, as the kernel does for the caller, to see where it ends. */
#ifndef EXECFAIL_LOOK_H
#define EXECFAIL_LOOK_H

#include "look/access.h"
#include "look/view.h"

struct look {
	/*
	 * 0: found. Else what the kernel would answer: ENOENT, ENOTDIR, EACCES, ELOOP or ENAMETOOLONG; or EAGAIN: it
	 * could not be looked at.
	 */
	int error;
	int handle; /* of what was found, to be left by look_end(); else -1 */
	struct view_node node; /* of what was found */
	/*
	 * Where it ended, from the caller's root and with links followed: the file; the name that is missing or too
	 * long; what is not a directory (ENOTDIR) or may not be passed through (EACCES).
	 */
	struct bytes at;
	struct view_node at_node; /* of that directory or file: ENOTDIR, EACCES */
	bool last; /* ENOENT: it was the last name */
	/* The last link on the way whose target was not yet passed: behind it is what is missing, or a circle. */
	struct bytes link;
	struct bytes target;
	bool circle; /* ELOOP: links lead back to themselves; else they are too many */
	/* A directory that the caller may perhaps not pass through; p NULL: there is none. */
	struct bytes doubt;
	struct view_node doubt_node;
};

struct look_how {
	struct view *view;
	const struct credentials *credentials;
	bool follow; /* a link at the end */
	bool permissions; /* whether the caller may pass: to be asked only where it matters */
};

/* path: view_path_of(). The strings live in the view's arena. */
void look_path(const struct look_how *how, struct view_path path, struct look *look);

/* A descriptor of the caller, no matter what its path is called by now. */
void look_descriptor(const struct look_how *how, int fd, struct look *look);

void look_end(const struct look_how *how, struct look *look);

/* Whether the caller may execute a file, or pass through a directory. */
enum access look_access(const struct look_how *how, int handle, const struct view_node *node);

#endif
