/* SPDX-License-Identifier: GPL-2.0-only */
/* The files of a tree that somebody might take for programs: those with an x bit. */
#ifndef EXECFAIL_CHECK_TREE_H
#define EXECFAIL_CHECK_TREE_H

#include <stddef.h>
#include <stdint.h>

struct check_tree {
	char **paths; /* from the tree's top on, without a slash before them; owned */
	size_t n;
	uint64_t files; /* of all kinds, that were seen */
	uint64_t closed; /* directories that could not be looked into */
};

/* 0, or -errno of the top. To be ended by check_tree_free() in any case. Virtual file systems are passed over. */
int check_tree_walk(struct check_tree *tree, const char *top);
void check_tree_free(struct check_tree *tree);

#endif
