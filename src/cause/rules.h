/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The causes of failed execs: a row each. The first row that applies is the cause, so rows that say more come before
 * those that say less. All is static.
 */
#ifndef EXECFAIL_RULES_H
#define EXECFAIL_RULES_H

#include "base/buffer.h"
#include "cause/facts.h"

struct rule {
	const char *code; /* stable: users filter by it */
	enum stage stage; /* where such an exec fails; STAGE_UNKNOWN: not always at the same */
	/* May set facts->at to the file that it is about, where the answer is yes. */
	bool (*applies)(struct facts *facts, const struct rule *rule);
	/* Appends one sentence, without its end, where applies() said yes. */
	void (*hint)(struct facts *facts, const struct rule *rule, struct buffer *out);
	/* For rows that share their functions. */
	enum role role;
	enum obstacle obstacle;
	enum library_fault fault;
	uint32_t status; /* that a process ended with */
	bool own; /* what it says is of this caller alone, whoever does the same */
	/* For docs/reasons.md, a sentence each; NULL where another row has them for the same code. */
	const char *looks; /* what it looks like */
	const char *also; /* what else answers the same at that place, by the kernel's source, and how it is told apart */
	const char *fix; /* how to repair it */
};

/* By topic; each ends with a row without a code. */
extern const struct rule rules_seccomp[];
extern const struct rule rules_entry[];
extern const struct rule rules_arguments[];
extern const struct rule rules_unlooked[];
extern const struct rule rules_search[];
extern const struct rule rules_missing[];
extern const struct rule rules_lookup[];
extern const struct rule rules_interpreter[];
extern const struct rule rules_loader[];
extern const struct rule rules_handler[];
extern const struct rule rules_format[];
extern const struct rule rules_elf[];
extern const struct rule rules_commit[];
extern const struct rule rules_storage[];
extern const struct rule rules_security[];

/* Of programs that start, and whose loader then stops. */
extern const struct rule rules_library[];

/* Of processes that ended as those do that found nothing to start: after a failure that was told; shells; any. */
extern const struct rule rules_after[];
extern const struct rule rules_shell[];
extern const struct rule rules_exit[];
extern const struct rule rules_loader_end[];
extern const struct rule rules_sudo[];

/* Of those that a service manager ended with a status of its own. */
extern const struct rule rules_unit[];

/* Of programs that the kernel starts itself: what asked for them. Their cause is one of the above. */
extern const struct rule rules_helper[];

/* The topics of failed execs, in the order in which they are asked; ends with one without a title. */
struct rule_topic {
	const char *title;
	const struct rule *rules;
};

extern const struct rule_topic rule_topics[];

/* The topics of process_start_failed, likewise. */
extern const struct rule_topic rule_topics_end[];

/* Those that are asked for by themselves. */
extern const struct rule_topic rule_topics_apart[];

/* What several topics ask. */

/* That stage, or it is not known which. */
bool rule_at(const struct facts *facts, enum stage stage);

/* Any stage in which files are opened. */
bool rule_opening(const struct facts *facts);

/* The row's obstacle is in the way of a file of the row's role, and answers the error that the kernel did. */
bool rule_obstacle(struct facts *facts, const struct rule *rule);

/*
 * Whether the file, or the directory that cannot be passed through, was changed after the exec: it need not have been
 * so.
 */
bool rule_changed(struct facts *facts, struct subject *subject);

/*
 * A process that the kernel asks when the file is opened, and that may have answered the error (fanotify). Others may
 * have, too: it is to be asked for where nothing else explains the error. False: none; holder may be written all the
 * same.
 */
bool rule_listener(struct facts *facts, struct view_holder *holder);

/* security_bprm_creds_from_file() answered, inside of begin_new_exec() and before the point of no return. */
bool rule_creds_from_file(const struct facts *facts);

/*
 * Nothing that can be seen explains the error, and the caller has a seccomp filter, whose answer looks the same where
 * no hook sees whether the exec was entered. What has nothing else to go by than the error is to leave it to that.
 */
bool rule_filtered(struct facts *facts);

/* Whether a directory of the PATH that the new program was to have has a program of that name, which has no slash. */
bool rule_in_path(struct facts *facts, struct bytes name);

/* "likely ", where the words that follow it are a guess, or ""; static. */
const char *rule_likely(bool guess);

#endif
