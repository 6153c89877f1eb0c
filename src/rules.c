// SPDX-License-Identifier: GPL-2.0-only
#include "rules.h"

const struct rule_topic rule_topics[] = {
	{ "Answered by a seccomp filter", rules_seccomp },
	{ "Before any file is looked for", rules_entry },
	{ "The arguments and the environment", rules_arguments },
	{ "A search through PATH", rules_search },
	{ "The way to the program", rules_lookup },
	{ "The interpreter or the ELF loader", rules_interpreter },
	{ "What is in the file", rules_format },
	{ "Taking the caller's place", rules_commit },
	{ "Storage", rules_storage },
	{ "Security modules", rules_security },
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
	const struct event *e = f->event;

	if (!look || look->error)
		return false;
	return look->node.ctime_sec > e->time_sec ||
	       (look->node.ctime_sec == e->time_sec && look->node.ctime_nsec > e->time_nsec);
}

const char *rule_likely(bool guess)
{
	return guess ? "likely " : "";
}
