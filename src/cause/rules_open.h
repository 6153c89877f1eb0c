/* SPDX-License-Identifier: GPL-2.0-only */
/* What rules about programs, interpreters and loaders share: all three are opened to be executed. */
#ifndef EXECFAIL_RULES_OPEN_H
#define EXECFAIL_RULES_OPEN_H

#include "cause/rules.h"

/* What is in the way of facts->at, whichever OBSTACLE_ it is. A rule's hint(), as say_busy(). */
void say_obstacle(struct facts *facts, const struct rule *rule, struct buffer *out);

/* That facts->at is no regular file. */
void say_special(struct facts *facts, const struct rule *rule, struct buffer *out);

/* A name in the path of facts->at is longer than a file name can be. */
bool is_name_too_long(struct facts *facts, const struct rule *rule);
void say_name_too_long(struct facts *facts, const struct rule *rule, struct buffer *out);

/* A file of the row's role is open for writing: facts->at, from then on. ETXTBSY of do_open_execat() (fs/exec.c). */
bool is_busy(struct facts *facts, const struct rule *rule);
void say_busy(struct facts *facts, const struct rule *rule, struct buffer *out);

#endif
