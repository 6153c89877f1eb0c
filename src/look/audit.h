/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What security modules tell the audit subsystem of what they denied: which profile, or which contexts.
 *
 * The kernel sends its records to whoever reads along, with or without auditd, a moment after the denial: a thread of
 * its own does it. To read along takes CAP_AUDIT_READ in the first user and network namespaces; where that is missing,
 * no denial is ever found.
 */
#ifndef EXECFAIL_AUDIT_H
#define EXECFAIL_AUDIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/bytes.h"

/* p NULL: not told. */
struct denial {
	const char *module; /* "apparmor", "selinux" */
	int64_t ns; /* when, CLOCK_REALTIME: the clock of files, in whole milliseconds */
	uint64_t serial; /* of the record: in the order of time, and never used again */
	uint32_t pid; /* of the process, in the first pid namespace */
	struct bytes comm;
	struct bytes subject; /* the caller's profile or context */
	struct bytes name; /* of the file, as the module has it */
	struct bytes asked; /* what was denied: "x", "execute_no_trans" */
	struct bytes object; /* the file's context */
	struct bytes class; /* of the object */
	struct bytes why;
};

struct audit;
struct audit_told;

/* Which records were given to whom, for all processes that are forked from here; NULL: no memory. Never freed. */
struct audit_told *audit_share(void);

/*
 * Never NULL; out of memory ends the program. While there are privileges: later, none is needed. told: with others who
 * read along, so that no record is told twice; NULL: there are none.
 */
struct audit *audit_new(struct audit_told *told);
/* NULL is fine. */
void audit_free(struct audit *audit);

/* Readable when audit_read() is to be called; -1: nothing will come. */
int audit_fd(const struct audit *audit);

/* Takes what has come. Never waits. */
void audit_read(struct audit *audit);

/* As if a record had come. */
void audit_take(struct audit *audit, struct bytes text);

/*
 * What was denied to a process by the time that its call had failed (CLOCK_REALTIME, ns), each record once. patient: a
 * record of what has failed just now is waited for, for AUDIT_PATIENCE_MS from then on. In the arena; false: none.
 */
enum { AUDIT_PATIENCE_MS = 50 };
bool audit_find(struct audit *audit, struct arena *arena, uint32_t pid, int64_t failed_ns, bool patient,
		struct denial *denial);

/* The text of a record, copied into the arena. False: it is none of an exec that was denied. */
bool audit_parse(struct arena *arena, struct bytes text, struct denial *denial);

#endif
