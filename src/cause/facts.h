/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is known of one failed exec: from the kernel where it says it, else, when a rule asks for it, from the caller's
 * world. Rules about causes are predicates over this.
 *
 * Errors are errnos, as positive numbers; EAGAIN: it cannot be told. What is returned lives in the event's arena, or in
 * the event, and is good until facts_end().
 */
#ifndef EXECFAIL_FACTS_H
#define EXECFAIL_FACTS_H

#include "event/event.h"
#include "look/elffile.h"
#include "look/filekind.h"
#include "look/libraries.h"
#include "look/look.h"
#include "look/shebang.h"

/* What a file was to the exec. */
enum role {
	ROLE_PROGRAM,
	ROLE_INTERPRETER, /* of a script */
	ROLE_LOADER, /* the PT_INTERP of an ELF program */
	ROLE_HANDLER, /* of binfmt_misc */
};

/*
 * What is in the way when a file is to be opened for execution, in the order of link_path_walk() (fs/namei.c) and
 * do_open_execat() (fs/exec.c), but that since 5.9 may_open() looks at noexec before it looks at the x bits.
 */
enum obstacle {
	OBSTACLE_NONE,
	OBSTACLE_UNSEEN, /* it could not be looked at */
	OBSTACLE_NAMELESS, /* its name is "": the kernel then opens the working directory, which is no program */
	OBSTACLE_MISSING,
	OBSTACLE_NOT_DIRECTORY,
	OBSTACLE_NAME_TOO_LONG,
	OBSTACLE_LOOP,
	OBSTACLE_NOSYMFOLLOW, /* the mount's option */
	OBSTACLE_PROTECTED, /* a link that the caller may not follow */
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
	bool judged_by_kernel; /* obstacle is of what the kernel saw */
	enum obstacle obstacle;
	bool head_asked;
	bool head_from_user;
	struct bytes head; /* up to RECORD_BUF bytes; p NULL: unknown */
};

/* How far a try in user space comes. */
struct trial {
	bool done;
	int error; /* that an exec would answer; 0: it would start */
	enum stage stage; /* of that error; STAGE_UNKNOWN: there is none */
	struct subject *at; /* the file that it ended at, never NULL when done */
};

enum { FACTS_SUBJECTS = 12 };

struct facts {
	const struct event *event;
	struct arena *arena; /* the event's */
	struct view *view; /* NULL: there is none to ask */
	struct view *kernel; /* never NULL: to ask about the machine */
	const char *machine; /* uname -m */
	int error; /* 0: the call returned none */
	enum stage stage; /* the event's, or what facts_settle() found */
	bool user; /* something of user space was asked: set by whoever asks, cleared by who wants to know */

	struct subject *program; /* this and the next are never NULL */
	struct subject *at; /* where the exec failed; rules may find another */
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
		bool path_asked;
		int searched; /* enum searched of rules_search.c */
		struct bytes path; /* that was searched through */
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
	struct {
		bool asked, found;
		struct denial denial;
	} told; /* by a security module */
	struct {
		bool asked;
		struct libraries *seen; /* before, in other facts; NULL: none */
		struct library_answer answer;
	} libraries;
	struct commands *commands; /* commands.h; NULL: not asked for */
	struct bytes named; /* by a rule: what did not start, where no exec failed; p NULL: not known */
};

/*
 * Event and view are to outlive the facts; a view that stands nowhere is fine. facts_end() leaves what was looked at.
 */
void facts_begin(struct facts *facts, const struct event *event, struct view *view);
void facts_end(struct facts *facts);

/* The credentials: those of the process, or else as much as the event says. Part of the facts, never NULL. */
const struct credentials *facts_credentials(struct facts *facts);

/* The walk to a subject, once, and what is in its way. NULL and OBSTACLE_UNSEEN without a view. */
const struct look *facts_look(struct facts *facts, struct subject *subject);
enum obstacle facts_obstacle(struct facts *facts, struct subject *subject);

/* What the kernel answers for it; 0 for OBSTACLE_NONE. */
int obstacle_error(enum obstacle obstacle);

/* Its st_mode as the kernel saw it, or else as it is seen; 0: unknown. */
uint32_t facts_mode(struct facts *facts, struct subject *subject);

/* A pipe, a socket, an anonymous inode: it was executed by a descriptor, and there is no path to it. */
bool facts_is_placeless(const struct facts *facts, const struct subject *subject);

/* Whether a file was changed after the exec: what is seen of it need not have been so. Never of who tries by itself. */
bool facts_changed(const struct facts *facts, const struct view_node *node);

/* The same, where doubt is enough: files have the time of some ticks ago (view_lag_ns()). */
bool facts_may_be_changed(const struct facts *facts, const struct view_node *node);

/*
 * Whether a file that was found has been changed since. That the kernel saw it with the time that it has counts more
 * than clocks; of what can never be another kind of file, directories and special ones, its birth does.
 */
bool facts_subject_changed(const struct facts *facts, const struct subject *subject);

/* Of one of those whether it was changed since, and its birth is not known. */
bool facts_kind_is_unsure(const struct facts *facts, const struct subject *subject);

/* The first bytes of a subject, up to RECORD_BUF; p NULL: unknown. */
struct bytes facts_head(struct facts *facts, struct subject *subject);

/* Bytes of a subject from the byte `at` on: how many were read, fewer than size at its end; -1: it cannot be read. */
ssize_t facts_read(struct facts *facts, struct subject *subject, uint64_t at, void *to, size_t size);

/* Its size in bytes; false: unknown. */
bool facts_size(struct facts *facts, struct subject *subject, uint64_t *size);

/* place.c: the program, and the file at which the hooks saw it fail; facts_begin() asks for it. */
void facts_place(struct facts *facts);

/* trial.c: goes the way of exec_binprm() (fs/exec.c) in user space, once. Part of the facts, never NULL. */
const struct trial *facts_try(struct facts *facts);

/* Whether the trial met the error that the kernel answered. */
bool facts_explained(struct facts *facts);

/*
 * What a trial has of the same name: of files between the program and the one at which it failed, the kernel no longer
 * says what they were. NULL: nothing.
 */
struct subject *facts_counterpart(struct facts *facts, const struct subject *subject);

/*
 * Where the kernel did not say at which file it failed: puts the one there at which the trial did, if that explains it.
 */
void facts_settle(struct facts *facts);

/* The ELF file that was, or would be, mapped; may be a guess. Never NULL. */
struct subject *facts_image(struct facts *facts);

/*
 * libraries.c: what the program's loader would stop at, once; without problems where the program would not come so far.
 * Part of the facts, never NULL.
 */
const struct library_answer *facts_libraries(struct facts *facts);

/* The file of the view that a path leads to, as the caller gets there, to be ended by look_end() with that how. */
struct look_how facts_how(struct facts *facts);

/* What a security module says that it denied the caller; NULL: nothing. It is the kernel's word. */
const struct denial *facts_denial(struct facts *facts);

/* Who has a file open for writing, or is asked when it is opened. False: nobody who can be seen. */
bool facts_holder(struct facts *facts, enum view_hold hold, struct subject *subject, struct view_holder *holder);

/* A file of the kernel's, NUL-terminated; of VIEW_PROCESS only where there is a view. p NULL: could not be read. */
struct bytes facts_text(struct facts *facts, enum view_text which, const char *name);

/* Writes what /proc/PID/status says of the caller; of what stands in for it, where it has gone. False: nothing. */
bool facts_status(struct facts *facts, struct credentials *status);

/* A new subject of the facts; name is not copied. NULL: there are FACTS_SUBJECTS already. */
struct subject *facts_subject(struct facts *facts, enum role role, struct bytes name, struct subject *asker);

#endif
