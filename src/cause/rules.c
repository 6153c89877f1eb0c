// SPDX-License-Identifier: GPL-2.0-only
#include "cause/rules.h"

#include <errno.h>

const struct rule_topic rule_topics[] = {
	{ "Answered by a seccomp filter", rules_seccomp },
	{ "Before any file is looked for", rules_entry },
	{ "The arguments and the environment", rules_arguments },
	{ "Not looked for", rules_unlooked },
	{ "A search through PATH", rules_search },
	{ "The program is not there", rules_missing },
	{ "The way to the program", rules_lookup },
	{ "The interpreter of a script", rules_interpreter },
	{ "The loader of an ELF program", rules_loader },
	{ "The handler of binfmt_misc", rules_handler },
	{ "What is in the file", rules_format },
	{ "What is in an ELF file", rules_elf },
	{ "Taking the caller's place", rules_commit },
	{ "Storage", rules_storage },
	{ "Security modules", rules_security },
	{},
};

const struct rule_topic rule_topics_end[] = {
	{ "After a failure that was told", rules_after },
	{ "Services: systemd gives up before it executes the program", rules_unit },
	{ "Shells: a command is not there", rules_shell },
	{ "Libraries: the program starts, and its loader stops", rules_library },
	{ "Loaders: what else they stop at", rules_loader_end },
	{ "sudo: a command is not there", rules_sudo },
	{ "Other ends", rules_exit },
	{},
};

const struct rule_topic rule_topics_apart[] = {
	{ "Programs that the kernel starts itself", rules_helper },
	{},
};

bool rule_at(const struct facts *f, enum stage stage)
{
	return f->stage == stage || f->stage == STAGE_UNKNOWN;
}

bool rule_opening(const struct facts *f)
{
	return rule_at(f, f->at->role == ROLE_PROGRAM ? STAGE_LOOKUP : STAGE_INTERPRETER);
}

bool rule_obstacle(struct facts *f, const struct rule *rule)
{
	return f->at->role == rule->role && f->error == obstacle_error(rule->obstacle) && rule_opening(f) &&
	       facts_obstacle(f, f->at) == rule->obstacle;
}

bool rule_changed(struct facts *f, struct subject *s)
{
	const struct look *look = facts_look(f, s);

	if (!look || (look->error && look->error != EACCES))
		return false;
	/* Where a directory may not be passed through, that one. */
	return look->error ? facts_changed(f, &look->at_node) : facts_subject_changed(f, s);
}

/* What FAN_DENY_ERRNO() takes; EPERM is the answer of FAN_DENY. */
static bool is_error_of_listener(int error)
{
	switch (error) {
	case EPERM:
	case EIO:
	case EBUSY:
	case ETXTBSY:
	case EAGAIN:
	case ENOSPC:
	case EDQUOT:
		return true;
	default:
		return false;
	}
}

/* It is asked when a file is opened, and may be when it is read or mapped. */
bool rule_listener(struct facts *f, struct view_holder *holder)
{
	if (!f->view || !is_error_of_listener(f->error) || f->stage == STAGE_ENTRY || f->stage == STAGE_ARGUMENTS)
		return false;
	return facts_holder(f, f->error == EPERM ? VIEW_WATCHERS : VIEW_ANSWERERS, f->at, holder);
}

/* Nothing else in begin_new_exec() fails so early. */
bool rule_creds_from_file(const struct facts *f)
{
	if (f->event->seen & SEEN_NO_RETURN)
		return false;
	return f->event->step == STEP_LSM_CREDS_FROM_FILE ||
	       (f->event->step == STEP_BEGIN_NEW_EXEC && f->stage == STAGE_COMMIT);
}

bool rule_filtered(struct facts *f)
{
	bool user = f->user;

	if (!(f->event->seen & SEEN_FILTERED) || f->stage != STAGE_UNKNOWN || !f->view)
		return false;
	if (!facts_try(f)->error)
		return true;
	f->user = user;
	return false;
}

const char *rule_likely(bool guess)
{
	return guess ? "likely " : "";
}
