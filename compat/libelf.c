// SPDX-License-Identifier: GPL-2.0-only
/*
 * What libelf.a of elfutils 0.192 (Debian 13) calls, for static binaries. All of it weak, should the library have it.
 */
#include <search.h>
#include <stddef.h>

/*
 * Functions of its own, left out by mistake (https://sourceware.org/bugzilla/show_bug.cgi?id=32293). Without the lock
 * of the original: nothing here shares an Elf between threads.
 */
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

/*
 * Compressed sections, which neither our programs have nor a file of BTF: the real functions are 600 kB. These only
 * answer an error, -1, which libelf passes on.
 */
size_t ZSTD_compressStream2(void *stream, void *out, void *in, int directive);
void *ZSTD_createCCtx(void);
size_t ZSTD_freeCCtx(void *stream);
size_t ZSTD_decompress(void *to, size_t room, const void *from, size_t n);
unsigned int ZSTD_isError(size_t answer);

__attribute__((weak)) size_t ZSTD_compressStream2(void *stream, void *out, void *in, int directive)
{
	(void)stream;
	(void)out;
	(void)in;
	(void)directive;
	return (size_t)-1;
}

__attribute__((weak)) void *ZSTD_createCCtx(void)
{
	return NULL;
}

__attribute__((weak)) size_t ZSTD_freeCCtx(void *stream)
{
	(void)stream;
	return 0;
}

__attribute__((weak)) size_t ZSTD_decompress(void *to, size_t room, const void *from, size_t n)
{
	(void)to;
	(void)room;
	(void)from;
	(void)n;
	return (size_t)-1;
}

__attribute__((weak)) unsigned int ZSTD_isError(size_t answer)
{
	return answer == (size_t)-1;
}
