/* SPDX-License-Identifier: GPL-2.0-only */
/* At which step the kernel gave up. */
#ifndef EXECFAIL_STAGE_H
#define EXECFAIL_STAGE_H

#include "event/event.h"

/*
 * Sets event->stage from what the hooks saw, by the order of do_execveat_common(), bprm_execve() (fs/exec.c) and the
 * handlers below them; where there are no hooks inside of the exec, from what is certain, or to STAGE_UNKNOWN. After
 * enrich_event().
 */
void stage_event(struct event *event);

#endif
