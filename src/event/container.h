/* SPDX-License-Identifier: GPL-2.0-only */
/* Whose control group it is: of a container, a pod, a unit of systemd. */
#ifndef EXECFAIL_CONTAINER_H
#define EXECFAIL_CONTAINER_H

#include "event/event.h"

/* Parts of the path that was given, but for pod_uid, in the arena, and runtime, static; p NULL: there is none. */
struct container {
	struct bytes id;
	const char *runtime; /* "docker", …; NULL: unknown */
	struct bytes unit; /* the outermost service or scope, which the system's manager made */
	struct bytes user_unit; /* what is so to the manager of a user, below its own service */
	struct bytes pod_uid; /* of Kubernetes, with dashes */
	uint32_t delegated_to; /* the user below whose manager the container is; CALLER_UNKNOWN: none's */
};

/*
 * Who may make groups below one calls them as he likes. So what is outermost counts, below a container nothing does any
 * more, and below a user's manager all is as that user says.
 */

/* Of the runtimes that are known, by numbers from 0 on; static, NULL behind the last. Some have several. */
const char *container_runtime(size_t i);

/* From the path of a control group; what is unknown has none of these. */
struct container container_parse(struct arena *arena, struct bytes cgroup);

/*
 * The path that says most in the text of /proc/PID/cgroup, for machines where the unified hierarchy is not used: a
 * part of that text. p NULL: all are roots.
 */
struct bytes container_cgroup(struct bytes text);

#endif
