/* SPDX-License-Identifier: GPL-2.0-only */
/* The caller and the program of an event, as look/ wants to know them. */
#ifndef EXECFAIL_PROGRAM_H
#define EXECFAIL_PROGRAM_H

#include "event/event.h"
#include "look/caller.h"
#include "look/look.h"

/* In the event's arena, and with pointers into the event. Never NULL. */
const struct caller *program_caller(const struct event *event);

/* It is executed by a descriptor alone: execveat() with AT_EMPTY_PATH. */
bool program_is_descriptor(const struct event *event);

/* Not even that: the working directory itself. */
bool program_is_cwd(const struct event *event);

/* Its name will be of no use to an interpreter: it begins at a descriptor that the exec closes. */
bool program_closes(const struct event *event);

/*
 * Walks to the program: by its path, or by the descriptor alone; EAGAIN: neither is known, or what is there now is
 * another file than the kernel saw. To be ended by look_end().
 */
void program_look(const struct look_how *how, const struct event *event, struct look *look);

/* With what the program was looked for: those of the process, as far as it is there, and what the event says. */
void program_credentials(struct view *view, const struct event *event, struct credentials *credentials);

/* Whether the kernel came past all that it asks of permissions: then the caller may not be refused anything. */
bool program_was_allowed(const struct event *event);

/* Whether a link at the end of its path is followed: execveat()'s AT_SYMLINK_NOFOLLOW. */
bool program_follows(const struct event *event);

#endif
