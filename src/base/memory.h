/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory or the end: nothing sensible could go on without the little that is needed here. */
#ifndef EXECFAIL_MEMORY_H
#define EXECFAIL_MEMORY_H

#include <stddef.h>

/*
 * Its argument, which an allocation returned; where it is NULL the program ends at once, with a message and status 1.
 */
void *memory_need(void *allocated);

/* calloc() and realloc(); never NULL, freed with free(). old can be NULL; what memory_resize() adds is not zeroed. */
void *memory_new(size_t size);
void *memory_resize(void *old, size_t size);

#endif
