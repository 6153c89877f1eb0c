/* SPDX-License-Identifier: GPL-2.0-only */
/* #!/usr/bin/env NAME: what the env of coreutils makes of the argument that the kernel gives it. */
#ifndef EXECFAIL_ENVLINE_H
#define EXECFAIL_ENVLINE_H

#include "base/arena.h"
#include "base/bytes.h"

struct env_request {
	const char *name; /* of the program that env starts; NULL: it cannot be told */
	bool path_set; /* the line changes PATH ... */
	const char *path; /* ... to this; NULL: there is none */
};

/* Whether a path is called env, wherever it is. */
bool envline_is_env(struct bytes interpreter);

/* argument: all that is behind env in the #! line; p NULL: nothing. The strings live in the arena. */
struct env_request envline_parse(struct arena *arena, struct bytes argument);

#endif
