/* SPDX-License-Identifier: GPL-2.0-only */
/* A walk under way: what look.c and link.c share, and nobody else. */
#ifndef EXECFAIL_WALK_H
#define EXECFAIL_WALK_H

#include <limits.h>

#include "base/buffer.h"
#include "look/look.h"

enum {
	LOOK_DEPTH = 128, /* directories that are open at a time */
	LOOK_LINKS = 40, /* as the kernel's MAXSYMLINKS */
};

/* A walk holds every directory that it came through, to go back by `..` without leaving the root. */
struct walk {
	const struct look_how *how;
	struct look *look;
	struct buffer at; /* the path of the directory on top; empty: the root */
	struct {
		int handle;
		struct view_node node;
		size_t parent_n; /* of `at`, before its name was added */
	} level[LOOK_DEPTH + 1];
	int depth; /* level[0] is the root */
	int jumped; /* what is above this level is not where `..` leads to; 0: none */
	int links;
	/* Of each link: which, and how long the rest was behind its target. */
	struct {
		dev_t dev;
		uint64_t ino;
		size_t after;
	} passed[LOOK_LINKS + 1];
	size_t after_link; /* how long the rest was behind the target of look->link */
	size_t after_base; /* how long it is behind the directory that the path is relative to */
	bool in_base; /* not yet behind it */
	const struct file_id *base_is;
	char *rest; /* of the path, in room */
	char room[2 * PATH_MAX];
};

/* Whose walk it is; never NULL. They are in several files of /proc: where all may, nobody asks who it is. */
const struct credentials *walk_who(const struct look_how *how);

/* The path of a name in the directory on top. */
struct bytes walk_path_of(const struct walk *walk, const char *name);

/* Back to the directory above; never above the root. */
void walk_up(struct walk *walk);

/* What the link says, if it may be followed, goes before the rest of the path. A negative errno. */
int walk_link(struct walk *walk, const char *name, int handle, const struct view_node *node);

/* Of a proc file system: some of its links are no paths, and what is below a process's directory may make wait. */
bool walk_is_of_proc(struct walk *walk, const struct view_node *node);
struct view_proc walk_place_in_proc(const struct walk *walk);
bool walk_is_of_process(const struct view_proc *in);
bool walk_is_in_own_fd(struct walk *walk);
bool walk_may_enter(const struct view_proc *in, const char *name);

#endif
