/* SPDX-License-Identifier: GPL-2.0-only */
/* Whose control group it is: of a container, a pod, a unit of systemd. */
#ifndef EXECFAIL_CONTAINER_H
#define EXECFAIL_CONTAINER_H

#include "event/event.h"

/* Parts of the path that was given, but for pod_uid, which lives in the arena; p NULL: there is none. */
struct container {
	struct bytes id;
	const char *runtime; /* "docker", …; NULL: unknown */
	struct bytes unit; /* the innermost service or scope */
	struct bytes pod_uid;
};

/* From the path of a control group. */
struct container container_parse(struct arena *arena, struct bytes cgroup);

/*
 * The path that says most in the text of /proc/PID/cgroup, for machines where the unified hierarchy is not used: a
 * part of that text.
 */
struct bytes container_cgroup(struct bytes text);

#endif
