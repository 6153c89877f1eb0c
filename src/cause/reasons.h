/* SPDX-License-Identifier: GPL-2.0-only */
/* The list of all reasons, for people and programs. */
#ifndef EXECFAIL_REASONS_H
#define EXECFAIL_REASONS_H

#include "print/list.h"

/* --list-reasons: name and what it looks like, a line each; as JSON all that is known of them. */
list_print reasons_list;

/* --list-reasons=markdown: docs/reasons.md, and nothing else. */
list_print reasons_list_markdown;

/* All names, other_ERRNO for each error among them; the list ends with NULL. Static. */
const char *const *reasons_words(void);

#endif
