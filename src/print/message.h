/* SPDX-License-Identifier: GPL-2.0-only */
/* An event as a sentence, and how much it matters: for forms that have a place for one. */
#ifndef EXECFAIL_MESSAGE_H
#define EXECFAIL_MESSAGE_H

#include "base/buffer.h"
#include "event/event.h"

enum message_level { MESSAGE_INFO, MESSAGE_WARNING, MESSAGE_ERROR, MESSAGE_LEVELS };

/* What does not fail is worth a note, what was lost a warning. */
enum message_level message_level(const struct event *event);

/* The hint, or else what was tried and what came of it; escaped, without an end. */
void message_put(struct buffer *out, const struct event *event);

/* "7 events lost: buffer_full", and which options make it less; static, NULL: nobody knows. */
void message_put_lost(struct buffer *out, const struct event *event);
const char *message_advice(const struct event *lost);

#endif
