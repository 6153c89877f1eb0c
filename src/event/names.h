/* SPDX-License-Identifier: GPL-2.0-only */
/* Numbers of the kernel and of ours by the names that the output has for them. */
#ifndef EXECFAIL_NAMES_H
#define EXECFAIL_NAMES_H

#include "event/event.h"

/* "ENOENT" for 2, static; "E4095" for a number without a name, in the arena. */
const char *errno_name(struct arena *arena, int number);

/* "execve", "entry", "kernel", "stat"; static. NULL for what has no name: unknown, or none. */
const char *call_name(enum record_call call);
const char *stage_name(enum stage stage);
const char *binary_source_name(enum binary_source source);
const char *evidence_name(enum evidence evidence);
const char *security_hook_name(enum record_step step);

enum { STDIN_CLOSED = 0x10000 }; /* beyond all modes */

/* "chr", "anon", "closed"; static. By st_mode, of which the type counts, or STDIN_CLOSED. */
const char *stdin_type_name(uint32_t mode);

#endif
