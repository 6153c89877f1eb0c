/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Walking a path name by name in a caller's world, as link_path_walk() and pick_link() of fs/namei.c do for the caller,
 * to see where it ends. Strings live in the view's arena.
 */
#ifndef EXECFAIL_LOOK_H
#define EXECFAIL_LOOK_H

#include "look/access.h"
#include "look/view.h"

struct look {
	/*
	 * An errno, as a positive number. 0: found. Else what the kernel would answer: ENOENT, ENOTDIR, EACCES, ELOOP,
	 * ENAMETOOLONG, or what a file system says; or EAGAIN: it could not be looked at.
	 */
	int error;
	bool other; /* EAGAIN: another file has taken its place, or it was changed; facts_changed() sets it as well */
	int handle; /* of what was found, to be left by look_end(); else -1 */
	struct view_node node; /* of what was found */
	/*
	 * Where it ended, from the caller's root and with links followed: the file; the name that is missing or too
	 * long; what is not a directory (ENOTDIR) or may not be passed through (EACCES). p NULL: at no name, as with
	 * ELOOP, which link tells.
	 */
	struct bytes at;
	struct view_node at_node; /* of that directory or file: ENOTDIR, EACCES; of the directory that lacks it: ENOENT */
	bool last; /* ENOENT: it was the last name */
	/*
	 * The last link on the way whose target was not yet passed: behind it is what is missing, or a circle. p NULL:
	 * none.
	 */
	struct bytes link;
	struct bytes target;
	bool circle; /* ELOOP: links lead back to themselves; else they are too many */
	const struct mount_row *nosymfollow; /* ELOOP: link lies there, and is not followed; NULL: it is not for that */
	bool is_protected; /* EACCES: at is a link that the caller may not follow (fs.protected_symlinks) */
	/* A directory that the caller may perhaps not pass through; p NULL: there is none. */
	struct bytes doubt;
	struct view_node doubt_node;
};

/* Its caller's, as what it points to. */
struct look_how {
	struct view *view; /* to be closed after look_end() */
	const struct credentials *credentials; /* NULL: to be asked for, when they decide */
	const struct credentials *(*who)(void *context); /* never NULL, nor what it returns, where they are */
	void *context;
	bool follow; /* a link at the end */
	bool permissions; /* whether the caller may pass is asked */
	/*
	 * And the kernel let it: where it may not now, what is there has been put there since, and is not the caller's
	 * to see: EAGAIN, other. Where nobody knows any more, EAGAIN.
	 */
	bool passed;
};

/* Always to be ended by look_end(). path: view_path_of() and its like; p NULL: EAGAIN. Each name is a view_spend(). */
void look_path(const struct look_how *how, struct view_path path, struct look *look);

/* A descriptor of the caller, no matter what its path is called by now; EAGAIN: it is none, or cannot be looked at. */
void look_descriptor(const struct look_how *how, int fd, struct look *look);

/* What was found counts only if it is that file: else it is left, and the error is EAGAIN. */
void look_expect(const struct look_how *how, const struct file_id *id, struct look *look);

/* Leaves what was found; once more does nothing. Of how, only the view is asked. */
void look_end(const struct look_how *how, struct look *look);

/* Whether the caller may execute a file, or pass through a directory, as access_execute(); handle: of that node. */
enum access look_access(const struct look_how *how, int handle, const struct view_node *node);

/* Whether it may read a file, or nobody but root is in doubt of it. */
bool look_may_read(const struct look_how *how, int handle, const struct view_node *node);

#endif
