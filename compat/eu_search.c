// SPDX-License-Identifier: GPL-2.0-only
/*
 * elfutils 0.192 (Debian 13) left functions of its own out of libelf.a, though libelf.a calls them
 * (https://sourceware.org/bugzilla/show_bug.cgi?id=32293). Linked into static binaries only, and weak, for a libelf.a
 * that has them. Without the lock of the original: nothing here shares an Elf between threads.
 */
#include <search.h>
#include <stddef.h>

struct search_tree {
	void *root; /* comes first in the original, too */
};

typedef int compare(const void *, const void *);

void eu_search_tree_init(struct search_tree *tree);
void eu_search_tree_fini(struct search_tree *tree, void (*free_node)(void *));
void *eu_tsearch(const void *key, struct search_tree *tree, compare *compare);
void *eu_tdelete(const void *key, struct search_tree *tree, compare *compare);

__attribute__((weak)) void eu_search_tree_init(struct search_tree *tree)
{
	tree->root = NULL;
}

__attribute__((weak)) void eu_search_tree_fini(struct search_tree *tree, void (*free_node)(void *))
{
	tdestroy(tree->root, free_node);
}

__attribute__((weak)) void *eu_tsearch(const void *key, struct search_tree *tree, compare *compare)
{
	return tsearch(key, &tree->root, compare);
}

__attribute__((weak)) void *eu_tdelete(const void *key, struct search_tree *tree, compare *compare)
{
	return tdelete(key, &tree->root, compare);
}
