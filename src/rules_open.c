// SPDX-License-Identifier: GPL-2.0-only
#include "rules_open.h"

#include <errno.h>
#include <sys/stat.h>

#include "hint.h"

static const char *kind_of(uint32_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFIFO:
		return "a fifo";
	case S_IFSOCK:
		return "a socket";
	case S_IFBLK:
	case S_IFCHR:
		return "a device";
	default:
		return "no regular file";
	}
}

static void say_search(struct facts *f, struct subject *s, struct buffer *out)
{
	const struct look *look = facts_look(f, s);

	buffer_printf(out, "%s may not pass through %s (%s), so %s cannot be reached", hint_caller(f),
		      hint_name(f, look->at), hint_owner(f, &look->at_node), hint_subject(f, s));
}

static void say_not_for_user(struct facts *f, struct subject *s, struct buffer *out)
{
	const struct look *look = facts_look(f, s);
	struct look_how how = { .view = f->view, .caller = facts_caller(f) };
	bool guess = look_access(&how, look->handle, &look->node) == ACCESS_UNSURE;

	buffer_printf(out, "%s may %snot execute %s (%s)", hint_caller(f), rule_likely(guess), hint_subject(f, s),
		      hint_owner(f, &look->node));
}

void say_obstacle(struct facts *f, const struct rule *rule, struct buffer *out)
{
	const struct look *look = facts_look(f, f->at);
	const char *subject = hint_subject(f, f->at);

	(void)rule;
	switch (facts_obstacle(f, f->at)) {
	case OBSTACLE_SEARCH:
		say_search(f, f->at, out);
		break;
	case OBSTACLE_VIRTUAL:
		buffer_printf(out, "%s lies on %s: nothing there can be executed", subject,
			      hint_mount(f, view_mount(f->view, &look->node)));
		break;
	case OBSTACLE_DIRECTORY:
		buffer_printf(out, "%s is a directory", subject);
		break;
	case OBSTACLE_SPECIAL:
		buffer_printf(out, "%s is %s: only regular files can be executed", subject, kind_of(look->node.mode));
		break;
	case OBSTACLE_NO_X:
		buffer_printf(out, "%s has no execute permission (mode %04o); give it with: chmod +x %s", subject,
			      look->node.mode & 07777, hint_word(f, look->at));
		break;
	case OBSTACLE_NO_X_FOR_USER:
		say_not_for_user(f, f->at, out);
		break;
	case OBSTACLE_NOEXEC:
		buffer_printf(out, "%s lies on %s, which is mounted noexec", subject,
			      hint_mount(f, view_mount(f->view, &look->node)));
		break;
	default:
		hint_missing(f, f->at, out);
	}
}

/* --- open for writing --- */

static struct subject *busy_in_chain(struct facts *f, struct subject *s, struct view_holder *holder)
{
	while (s && !facts_holder(f, VIEW_WRITERS, s, holder))
		s = s->asker;
	return s;
}

/* Without a hook in the exec it can be any file on the way: then it is the one that has a writer. */
static struct subject *busy_subject(struct facts *f, struct view_holder *holder)
{
	struct subject *busy;

	if (f->stage != STAGE_UNKNOWN || !f->view)
		return f->at;
	busy = busy_in_chain(f, facts_try(f)->at, holder);
	return busy ? busy : f->at;
}

bool is_busy(struct facts *f, const struct rule *rule)
{
	struct view_holder holder;
	struct subject *busy;

	if (f->error != ETXTBSY)
		return false;
	busy = busy_subject(f, &holder);
	if (busy->role != rule->role || (f->stage != STAGE_UNKNOWN && !rule_opening(f)))
		return false;
	f->at = busy;
	return true;
}

void say_busy(struct facts *f, const struct rule *rule, struct buffer *out)
{
	const char *subject = hint_subject(f, f->at);
	struct view_holder holder = {};

	(void)rule;
	if (facts_holder(f, VIEW_WRITERS, f->at, &holder))
		buffer_printf(out, "%s is open for writing in %sprocess %u (%s)", subject,
			      holder.pid == f->event->pid ? "the caller itself, " : "", holder.pid,
			      hint_name(f, holder.comm));
	else if (f->stage == STAGE_UNKNOWN && f->view && facts_try(f)->at != f->program)
		buffer_printf(
			out,
			"%s, or its interpreter or loader, was open for writing; who had it open is not to be seen any more",
			subject);
	else
		buffer_printf(out, "%s was open for writing; who had it open is not to be seen any more", subject);
}
