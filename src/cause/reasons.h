/* SPDX-License-Identifier: GPL-2.0-only */
/* The list of all reasons, for people. */
#ifndef EXECFAIL_REASONS_H
#define EXECFAIL_REASONS_H

#include <stdio.h>

/* --list-reasons: name and what it looks like, a line each. */
void reasons_list(FILE *to);

/* --list-reasons=markdown: docs/reasons.md */
void reasons_list_markdown(FILE *to);

/* All names, other_ERRNO for each error among them; the list ends with NULL. Static. */
const char *const *reasons_words(void);

#endif
