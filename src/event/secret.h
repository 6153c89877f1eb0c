/* SPDX-License-Identifier: GPL-2.0-only */
/* Which variables of an environment look like secrets, and passwords inside of values. What is unknown stays so. */
#ifndef EXECFAIL_SECRET_H
#define EXECFAIL_SECRET_H

#include <stdbool.h>

#include "event/event.h"

#define SECRET_MASK "********"

/* Whether the value of a variable of this name should not be shown. */
bool secret_name(struct bytes name);

/*
 * The value with the passwords of its URLs masked: the same bytes where there are none, else new ones in the arena.
 * cut: it may end in the middle of a URL.
 */
struct bytes secret_value(struct arena *arena, struct bytes value, bool cut);

/* "NAME=value" with what has to be masked masked; the same bytes where that is nothing. As secret_value(). */
struct bytes secret_variable(struct arena *arena, struct bytes variable, bool cut);

#endif
