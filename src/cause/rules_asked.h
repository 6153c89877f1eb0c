/* SPDX-License-Identifier: GPL-2.0-only */
/* What rules about interpreters, loaders and handlers share: all three are asked for by a file, not by the caller. */
#ifndef EXECFAIL_RULES_ASKED_H
#define EXECFAIL_RULES_ASKED_H

#include "cause/rules.h"

/* facts->at is of the row's role, and the exec failed at it. */
bool is_role(const struct facts *facts, const struct rule *rule);

/* It is not there: by the kernel's word. */
bool is_missing(struct facts *facts, const struct rule *rule);

/* A rule's applies() and hint(), as those below. Not where it is there now: then it was put there since. */
bool is_missing_still(struct facts *facts, const struct rule *rule);

/* Its name is "". */
void say_nameless(struct facts *facts, const struct rule *rule, struct buffer *out);

bool is_not_executable(struct facts *facts, const struct rule *rule);

/* ELOOP, of symbolic links; or of files that ask for one another. */
bool is_link_loop(struct facts *facts, const struct rule *rule);
void say_link_loop(struct facts *facts, const struct rule *rule, struct buffer *out);
bool is_loop(struct facts *facts, const struct rule *rule);

bool is_wrong_machine(struct facts *facts, const struct rule *rule);
void say_wrong_machine(struct facts *facts, const struct rule *rule, struct buffer *out);

bool is_no_program(struct facts *facts, const struct rule *rule);
void say_no_program(struct facts *facts, const struct rule *rule, struct buffer *out);

#endif
