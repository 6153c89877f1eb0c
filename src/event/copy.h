/* SPDX-License-Identifier: GPL-2.0-only */
/* An event that outlives its arena. */
#ifndef EXECFAIL_COPY_H
#define EXECFAIL_COPY_H

#include "event/event.h"

/* With all that it points to, in that arena. */
struct event *event_copy(struct arena *arena, const struct event *event);

#endif
