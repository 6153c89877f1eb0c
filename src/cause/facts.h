/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is known of one failed exec: from the kernel where it says it, else, when a rule asks for it, from the caller's
 * world. Rules about causes are predicates over this.
 */
#ifndef EXECFAIL_FACTS_H
#define EXECFAIL_FACTS_H

#include "event/event.h"
#include "look/elffile.h"
#include "look/filekind.h"
#include "look/look.h"
#include "look/shebang.h"

/* What a file was to the exec. */
enum role {
	ROLE_PROGRAM,
	ROLE_INTERPRETER, /* of a script */
	ROLE_LOADER, /* the PT_INTERP of an ELF program */
	ROLE_HANDLER, /* of binfmt_misc */
};

/* What is in the way when a file is to be opened for execution, in the order in which the kernel meets it. */
enum obstacle {
	OBSTACLE_NONE,
	OBSTACLE_UNSEEN, /* it could not be looked at */
	OBSTACLE_NAMELESS, /* its name is "": the kernel then opens the working directory, which is no program */
	OBSTACLE_MISSING,
	OBSTACLE_NOT_DIRECTORY,
	OBSTACLE_NAME_TOO_LONG,
	OBSTACLE_LOOP,
	OBSTACLE_SEARCH, /* a directory on the way may not be passed through */
	OBSTACLE_LINK, /* a link that was not to be followed */
	OBSTACLE_VIRTUAL, /* a file of proc, sysfs and the like */
	OBSTACLE_DIRECTORY,
	OBSTACLE_SPECIAL, /* fifo, socket, device */
	OBSTACLE_NO_X, /* nobody may execute it */
	OBSTACLE_NO_X_FOR_USER, /* the caller may not */
	OBSTACLE_NOEXEC, /* the mount's option */
};

/* A file that the exec met on its way. */
struct subject {
	enum role role;
	struct bytes name; /* as it was asked for; p NULL: unknown */
	struct subject *asker; /* whose #! line or header names it; NULL: the caller */
	bool name_from_user; /* the kernel did not say the name */

	/* Filled in when asked for. */
	bool looked;
	struct look look;
	bool judged;
	enum obstacle obstacle;
	bool head_asked;
	bool head_from_user;
	struct bytes head; /* p NULL: unknown */
};

/* How far a try in user space comes. */
struct trial {
	bool done;
	int error; /* the errno that an exec would answer; 0: it would start; EAGAIN: cannot be told */
	enum stage stage;
	struct subject *at;
};

enum { FACTS_SUBJECTS = 12 };

struct facts {
	const struct event *event;
	struct arena *arena;
	struct view *view; /* NULL: there is none to ask */
	struct view *kernel; /* never NULL: to ask about the machine */
	const char *machine; /* uname -m */
	int error; /* errno; 0: the call returned no error */
	enum stage stage;
	bool user; /* something of user space was asked: set by whoever asks, cleared by who wants to know */

	struct subject *program;
	struct subject *at; /* where the exec failed */
	bool settled; /* ... is known from user space only */
	struct subject *subjects[FACTS_SUBJECTS];
	size_t n_subjects;
	struct trial trial;
	const struct caller *caller;
	struct credentials credentials;
	bool credentials_asked;
	struct {
		bool done;
		int found; /* enum found of rules_search.c */
		struct bytes at;
	} search; /* through PATH */
	struct {
		bool done;
		struct bytes script;
	} env; /* what env was started for */
	struct {
		bool asked, found;
		enum view_hold hold;
		struct view_node node;
		struct view_holder holder;
	} held; /* the last answer about holders: what a rule asks, its hint asks again */
};

/* A view that stands nowhere is fine. To be ended before the view is closed. */
void facts_begin(struct facts *facts, const struct event *event, struct view *view);
void facts_end(struct facts *facts);

/* The credentials: those of the process, or else as much as the event says. */
const struct credentials *facts_credentials(struct facts *facts);

/* The walk to a subject, and what is in its way. NULL and OBSTACLE_UNSEEN without a view. */
const struct look *facts_look(struct facts *facts, struct subject *subject);
enum obstacle facts_obstacle(struct facts *facts, struct subject *subject);
int obstacle_error(enum obstacle obstacle);

/* The first bytes of a subject; p NULL: unknown. */
struct bytes facts_head(struct facts *facts, struct subject *subject);

/* Bytes of a subject from anywhere: how many there were, or -1. */
ssize_t facts_read(struct facts *facts, struct subject *subject, uint64_t at, void *to, size_t size);

/* Its size; false: unknown. */
bool facts_size(struct facts *facts, struct subject *subject, uint64_t *size);

/* trial.c: goes the way of the exec in user space, once. */
const struct trial *facts_try(struct facts *facts);

/* Whether the trial met the error that the kernel answered. */
bool facts_explained(struct facts *facts);

/*
 * What a trial has of the same name: of files between the program and the one at which it failed, the kernel no longer
 * says what they were. NULL: nothing.
 */
struct subject *facts_counterpart(struct facts *facts, const struct subject *subject);

/* Where the kernel did not say at which file it failed: puts the one there at which the trial did, if that explains it. */
void facts_settle(struct facts *facts);

/* The ELF file that was, or would be, mapped; may be a guess. Never NULL. */
struct subject *facts_image(struct facts *facts);

/* Who has a file open for writing (of subject), or watches what is opened (NULL). False: nobody who can be seen. */
bool facts_holder(struct facts *facts, enum view_hold hold, struct subject *subject, struct view_holder *holder);

/* A file of the kernel's; of VIEW_PROCESS only where there is a view. p NULL: could not be read. */
struct bytes facts_text(struct facts *facts, enum view_text which, const char *name);

/* What /proc/PID/status says of the caller; of what stands in for it, where it has gone. False: nothing. */
bool facts_status(struct facts *facts, struct credentials *status);

/* A subject of the facts: memory of the arena. NULL: there are too many. */
struct subject *facts_subject(struct facts *facts, enum role role, struct bytes name, struct subject *asker);

#endif
