/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What would come of starting a program, for this process or another: the kernel's answer, the loader's, env's. Nothing
 * is started.
 */
#ifndef EXECFAIL_OUTCOME_H
#define EXECFAIL_OUTCOME_H

#include "cause/facts.h"
#include "cause/history.h"
#include "look/envline.h"

enum { OUTCOME_FILES = FACTS_SUBJECTS };

/* What came of one path. Lives in the arena of whoever asked. */
struct outcome {
	struct event event; /* ret 0: it would start */
	bool stops; /* it would, and then its loader would stop */
	bool unsure; /* ... as far as the files on the way could be read */
	struct history history; /* of what is in the way, where it was asked for */
	bool hidden; /* it is not there for who is meant, and is for us */
	struct bytes typed; /* the name that no directory has; p NULL: path says it */
	struct bytes files[OUTCOME_FILES]; /* that it would open, in order */
	size_t n_files;
	struct env_request request;
	struct outcome *then; /* of what env is asked for; NULL: it is not env that starts, or not known */
};

struct outcome_how {
	struct arena *arena;
	struct views *views;
	const struct view_as *as; /* NULL: this process */
	struct libraries *libraries; /* that were seen before, by who is meant; NULL: none */
	struct bytes_list arguments, environment; /* that it is started with */
	const char *cwd; /* from the root of who is meant; NULL: that of the process */
	const char *path; /* PATH; NULL: there is none */
	bool since; /* ask since when it is so */
	uint32_t uid, gid;
};

/* name: with a slash a path, else searched for in PATH. */
void outcome_try(const struct outcome_how *how, const char *name, struct outcome *outcome);

/* Whether this very one would not start, or not come beyond its loader; those after it aside. */
bool outcome_fails(const struct outcome *outcome);

/* The one that would not start; the outcome itself where all would. */
const struct outcome *outcome_failure(const struct outcome *outcome);

/* An event of that exec before anything is known of it. */
struct event outcome_event(const struct outcome_how *how, const char *path);

/* In the arena; strings ends with NULL, and is copied from where it is. */
struct bytes_list outcome_list(struct arena *arena, char **strings);

#endif
