/* SPDX-License-Identifier: GPL-2.0-only */
/* The list of all reasons, for people and programs. */
#ifndef EXECFAIL_REASONS_H
#define EXECFAIL_REASONS_H

#include "print/list.h"

/* --list-reasons: name and what it looks like, a line each; as JSON all that is known of them. */
list_print reasons_list;

/* --list-reasons=markdown: docs/reasons.md, and nothing else. */
list_print reasons_list_markdown;

/* What it looks like, and how to repair it; false: there is no such reason, or it is other_ERRNO. Static. */
bool reasons_find(const char *reason, const char **looks, const char **fix);

/* All names, other_ERRNO for each error among them; the list ends with NULL. Static. */
const char *const *reasons_words(void);

#endif
