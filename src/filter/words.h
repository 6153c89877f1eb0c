/* SPDX-License-Identifier: GPL-2.0-only */
/* Fields whose values are among names that are known beforehand: so that a mistyped one is told at once. */
#ifndef EXECFAIL_WORDS_H
#define EXECFAIL_WORDS_H

/* field: as in a term, container.runtime. The names, which end with NULL; static. NULL: any value may come. */
const char *const *words_of(const char *field);

/* Those of a field whose names a wing above knows; static, to be told before any is asked for. */
void words_set(const char *field, const char *const *words);

/* The name that another form of it stands for (2, KILL, bprm_check); static, NULL: it is no other form. */
const char *words_meant(const char *field, const char *text);

#endif
