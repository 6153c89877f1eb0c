/* SPDX-License-Identifier: GPL-2.0-only */
/* At which step the kernel gave up. */
#ifndef EXECFAIL_STAGE_H
#define EXECFAIL_STAGE_H

#include "event/event.h"

/* Sets event->stage from what the hooks saw, and where there are none inside of the exec from what is certain. */
void stage_event(struct event *event);

#endif
