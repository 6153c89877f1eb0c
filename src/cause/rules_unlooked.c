// SPDX-License-Identifier: GPL-2.0-only
/* What nobody could look at: the kernel's word, and why there is no more. */
#include "cause/hint.h"
#include "cause/rules.h"
#include "event/names.h"

static const char *const why[] = {
	[UNLOOKED_SILENT] =
		"looking for the cause was given up: something that belongs to the caller did not answer, as a file "
		"system in user space or a server may",
	[UNLOOKED_OWNER] = "nobody looked for the cause: what this user has did not answer a moment ago",
	[UNLOOKED_FULL] = "nobody looked for the cause: too many events waited for that",
	[UNLOOKED_FAILED] = "nobody looked for the cause: the process that looks had ended",
};

static bool is_unlooked(struct facts *f, const struct rule *rule)
{
	(void)rule;
	return f->event->unlooked;
}

static void say_unlooked(struct facts *f, const struct rule *rule, struct buffer *out)
{
	(void)rule;
	buffer_printf(out, "the kernel answered %s for %s, and %s", errno_name(f->arena, f->error),
		      hint_subject(f, f->at), why[f->event->unlooked]);
}

const struct rule rules_unlooked[] = {
	{ .code = "not_looked",
	  .applies = is_unlooked,
	  .hint = say_unlooked,
	  .looks =
		  "The cause was not looked for: what was looked at did not answer for 100 ms (a second where nobody else "
		  "waited), or that of the same user had not a moment ago, or too many events waited.",
	  .also = "Any: the error is the kernel's, and nothing else is known.",
	  .fix = "Try `execfail explain` as that user; find out which file system or server does not answer." },
	{},
};
