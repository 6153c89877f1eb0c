/* SPDX-License-Identifier: GPL-2.0-only */
/* Whose control group it is: of a container, a pod, a unit of systemd. */
#ifndef EXECFAIL_CONTAINER_H
#define EXECFAIL_CONTAINER_H

#include "event/event.h"

/* Parts of the path that was given, but for pod_uid, in the arena, and runtime, static; p NULL: there is none. */
struct container {
	struct bytes id;
	const char *runtime; /* "docker", …; NULL: unknown */
	struct bytes unit; /* the innermost service or scope */
	struct bytes pod_uid; /* of Kubernetes, with dashes */
};

/* From the path of a control group; what is unknown has none of these. */
struct container container_parse(struct arena *arena, struct bytes cgroup);

/*
 * The path that says most in the text of /proc/PID/cgroup, for machines where the unified hierarchy is not used: a
 * part of that text. p NULL: all are roots.
 */
struct bytes container_cgroup(struct bytes text);

#endif
