/* SPDX-License-Identifier: GPL-2.0-only */
/* The ids of tracepoints, also where nobody mounted tracefs. */
#ifndef EXECFAIL_TRACEFS_H
#define EXECFAIL_TRACEFS_H

/*
 * The id of GROUP/NAME for perf_event_open(2), or -errno: -ENOENT, the kernel has no such tracepoint; -ENODEV, no
 * tracefs can be had. Mounts nothing where others could see it.
 */
int tracefs_event_id(const char *group, const char *name);

/* A perf event on the tracepoint, to which a program can be attached; the caller closes it. Or -errno, as above. */
int tracefs_event_open(const char *group, const char *name);

#endif
