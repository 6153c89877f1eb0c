// SPDX-License-Identifier: GPL-2.0-only
/*
 * Processes that ended with 126 or 127 though no exec failed: shells that looked for a command, and whatever else does
 * so.
 */
#include "cause/commands.h"
#include "cause/hint.h"
#include "cause/rules.h"
#include "look/search.h"
#include "look/shell_names.h"

enum { STATUS_REFUSED = 126, STATUS_NOT_FOUND = 127 };

/* --- what was told already --- */

static bool is_after(struct facts *f, const struct rule *rule)
{
	(void)rule;
	return f->event->cause_pid && !f->event->cause_ended;
}

static bool is_passed_on(struct facts *f, const struct rule *rule)
{
	(void)rule;
	return f->event->cause_pid && f->event->cause_ended;
}

/* What else may have been the cause of the same status. */
static void say_or_own(struct facts *f, struct buffer *out)
{
	if (facts_commands(f)->says)
		buffer_puts(out, ", unless by an end of its own: its text has one (exit 127)");
}

static void say_passed_on(struct facts *f, const struct rule *rule, struct buffer *out)
{
	(void)rule;
	buffer_printf(out, "%s ended with %u, as its child %s had just before (process %u)",
		      hint_name(f, f->event->comm), f->event->exit_code,
		      f->event->cause_path.p ? hint_name(f, f->event->cause_path) : "did", f->event->cause_pid);
	say_or_own(f, out);
}

/* Its own exec, or a child's, whose status it need not have been. */
static void say_after(struct facts *f, const struct rule *rule, struct buffer *out)
{
	bool own = f->event->cause_pid == f->event->pid;

	(void)rule;
	buffer_printf(out, "%s ended with %u%s because %s did not start (process %u)", hint_name(f, f->event->comm),
		      f->event->exit_code, own ? "" : ", likely",
		      f->event->cause_path.p ? hint_name(f, f->event->cause_path) : "another program",
		      f->event->cause_pid);
	if (!own)
		say_or_own(f, out);
}

/* --- shells --- */

static const char *shell_of(struct facts *f)
{
	return hint_name(f, f->event->comm);
}

/* bash and zsh; it may have taken itself away since. */
static bool is_script_missing(struct facts *f, const struct rule *rule)
{
	const struct commands *c = facts_commands(f);

	(void)rule;
	if (f->event->exit_code != STATUS_NOT_FOUND || !c->absent)
		return false;
	f->named = c->script;
	return true;
}

static void say_script_missing(struct facts *f, const struct rule *rule, struct buffer *out)
{
	(void)rule;
	buffer_printf(out, "%s ended with 127, likely because there is no script %s", shell_of(f),
		      hint_name(f, facts_commands(f)->script));
}

/* Where all that the text names is there, or it has such an end itself, the status was somebody's choice. */
static bool is_not_found(struct facts *f, const struct rule *rule)
{
	const struct commands *c = facts_commands(f);

	(void)rule;
	if (f->event->exit_code != STATUS_NOT_FOUND || c->told == SHELL_NONE || c->told == SHELL_UNKNOWN)
		return false;
	if (c->chosen || (!c->n_missing && (c->told == SHELL_TEXT || c->whole)))
		return false;
	if (c->n_missing == 1)
		f->named = c->missing[0];
	return true;
}

static void say_nearest(struct facts *f, const struct commands *c, struct buffer *out)
{
	const struct look_how how = facts_how(f);
	struct bytes nearest =
		f->view ? search_nearest(&how, f->caller, c->path_of_missing, c->missing[0]) : (struct bytes){};

	if (nearest.p)
		buffer_printf(out, "; did you mean %s?", hint_name(f, nearest));
}

/* Of one name, and what PATH was. */
static void say_searched(struct facts *f, const struct commands *c, struct buffer *out)
{
	if (c->prepared)
		buffer_puts(out, ", unless the files that it reads at its start tell it where");
	else if (event_variable(f->event, "PATH=").p || c->path_of_missing.p != c->path.p)
		buffer_printf(out, " (PATH is %s)", hint_path(f, c->path_of_missing));
	else
		buffer_puts(out, " (PATH is not set)");
	if (c->n_missing == 1 && shell_kind(f->event->exe) == SHELL_DASH && shell_is_of_bash(c->missing[0]))
		buffer_puts(out, ": it is a word of bash's; run the script with bash");
	else if (c->n_missing == 1 && !c->prepared && !bytes_ends(c->missing[0], "\r"))
		say_nearest(f, c, out);
}

static void say_line_endings(struct facts *f, const struct commands *c, struct buffer *out)
{
	if (!bytes_ends(c->missing[0], "\r"))
		return;
	buffer_puts(out, ", with DOS line endings");
	if (c->script.p)
		buffer_printf(out, "; repair with: sed -i 's/\\r$//' %s", hint_word(f, c->script));
}

static void say_missing(struct facts *f, const struct commands *c, struct buffer *out)
{
	const char *likely = rule_likely(c->guess);

	buffer_printf(out, "%s found no command%s%s: %s", shell_of(f), c->script.p ? " of the script " : "",
		      c->script.p ? hint_name(f, c->script) : "", likely);
	if (c->n_missing == 1 && bytes_has(c->missing[0], '/') && !c->unseen) {
		buffer_printf(out, "%s %s", hint_name(f, c->missing[0]),
			      c->denied ? "is behind a directory that it may not enter" : "does not exist");
		return;
	}
	buffer_puts(out, c->n_missing > 1 ? "one of " : "");
	for (size_t i = 0; i < c->n_missing && i < COMMANDS_NAMED; i++)
		buffer_printf(out, "%s%s", i ? ", " : "", hint_name(f, c->missing[i]));
	buffer_puts(out, c->n_missing > COMMANDS_NAMED ? " ..." : "");
	if (!c->unseen)
		buffer_printf(out, ", which no directory of PATH has%s", c->denied ? " that it may enter" : "");
	say_searched(f, c, out);
	if (c->unseen)
		buffer_puts(out, ", which was not looked for: the caller has gone, or events come too fast");
	say_line_endings(f, c, out);
}

/* Where the shell's own message is to be read, which has the name. */
static void say_messages(struct facts *f, struct buffer *out)
{
	const struct event *e = f->event;

	if (bytes_begins(e->err.path, "/"))
		buffer_printf(out, "; see its message in %s", hint_name(f, e->err.path));
	else if (bytes_begins(e->err.path, "socket:") && bytes_ends(e->unit, ".service"))
		buffer_printf(out, "; see its message with: journalctl -u %s", hint_word(f, e->unit));
}

static void say_not_found(struct facts *f, const struct rule *rule, struct buffer *out)
{
	const struct commands *c = facts_commands(f);

	(void)rule;
	if (c->n_missing) {
		say_missing(f, c, out);
		return;
	}
	buffer_printf(out, "%s ended with 127, likely because it found no command ", shell_of(f));
	if (c->told == SHELL_SCRIPT)
		buffer_printf(out, "of the script %s%s", hint_name(f, c->script),
			      c->read || c->opened ? "" : ", or not the script itself");
	else
		buffer_puts(out, "that it was given on its standard input");
	say_messages(f, out);
}

static bool is_refused(struct facts *f, const struct rule *rule)
{
	(void)rule;
	if (f->event->exit_code != STATUS_REFUSED || !facts_commands(f)->refused.p)
		return false;
	f->named = facts_commands(f)->refused;
	return true;
}

static void say_refused(struct facts *f, const struct rule *rule, struct buffer *out)
{
	const char *file = hint_name(f, facts_commands(f)->refused);

	(void)rule;
	buffer_printf(out, "%s may not execute %s; see why with: execfail explain %s", shell_of(f), file,
		      hint_word(f, facts_commands(f)->refused));
}

/* --- whatever else --- */

/* Of a script, that nothing is missing is read in a file. */
static bool is_status(struct facts *f, const struct rule *rule)
{
	const struct commands *c = facts_commands(f);

	f->user = c->script.p && c->read;
	return f->event->exit_code == rule->status;
}

/* A 1 of sudo's that is not known to be anything is no event. */
static bool is_any(struct facts *f, const struct rule *rule)
{
	(void)rule;
	return f->event->exit_code != 1;
}

static void say_status(struct facts *f, const struct rule *rule, struct buffer *out)
{
	const struct commands *c = facts_commands(f);

	(void)rule;
	buffer_printf(out, "%s ended with status %u", hint_name(f, f->event->comm), f->event->exit_code);
	if (c->read && c->all_there)
		buffer_puts(out, " by its own choice or by that of a command: all that it was given are there");
	else if (c->says)
		buffer_printf(out, ", likely by its own choice: %s has such an end (exit %u)",
			      c->script.p ? hint_name(f, c->script) : "its text", f->event->exit_code);
	else if (c->told != SHELL_NONE)
		buffer_printf(out, ", as shells do that %s, or whose last command ended so",
			      f->event->exit_code == STATUS_REFUSED ? "may not execute what they found"
								    : "find no command");
	else
		buffer_puts(out, ", as programs do that cannot start another");
	say_messages(f, out);
}

#define SHELL .stage = STAGE_SHELL

const struct rule rules_after[] = {
	{ .code = "after_failed_exec",
	  .applies = is_after,
	  .hint = say_after,
	  .looks = "The end of a process, or of its parent, after an exec that failed and was told.",
	  .also = "The same status for another reason, in the five seconds after that failure.",
	  .fix = "Look at the failure that `caused_by` names." },
	{ .code = "passed_on",
	  .applies = is_passed_on,
	  .hint = say_passed_on,
	  .looks =
		  "The end of a process whose child, or a child of that, has ended with the same status, which was told.",
	  .also = "The same status for another reason, in the five seconds after that end.",
	  .fix = "Look at the end that `caused_by` names." },
	{},
};

const struct rule rules_shell[] = {
	{ .code = "script_missing",
	  SHELL,
	  .applies = is_script_missing,
	  .hint = say_script_missing,
	  .looks = "bash or zsh ended with 127, and the script that it was given is not there.",
	  .also = "A script that took itself away when it was done.",
	  .fix = "Correct the path of the script, or put it there." },
	{ .code = "command_not_found",
	  SHELL,
	  .applies = is_not_found,
	  .hint = say_not_found,
	  .looks =
		  "A shell ended with 127: it looks for commands with stat, and no exec is tried for what is not there.",
	  .also = "A command that itself ends with 127, or `exit 127`: where the commands are known and all there, it is exit_127. What is a guess says \"likely\".",
	  .fix = "Install it, write its whole path, or set PATH: cron and systemd have a shorter one than a login." },
	{ .code = "command_not_executable",
	  SHELL,
	  .applies = is_refused,
	  .hint = say_refused,
	  .looks = "A shell ended with 126: the file is there, and may not be executed.",
	  .also = "A command that itself ends with 126.",
	  .fix = "`execfail explain` of that file says what it wants." },
	{},
};

const struct rule rules_exit[] = {
	{ .code = "exit_127",
	  .status = STATUS_NOT_FOUND,
	  .applies = is_status,
	  .hint = say_status,
	  .looks = "A process ended with 127, and nothing that it would have started is known to be missing.",
	  .also = "A program's own choice.",
	  .fix = "Read its messages: `stderr_path` is where they went." },
	{ .code = "exit_126",
	  .status = STATUS_REFUSED,
	  .applies = is_status,
	  .hint = say_status,
	  .looks = "A process ended with 126, and nothing is known that it may not execute.",
	  .also = "A program's own choice.",
	  .fix = "Read its messages: `stderr_path` is where they went." },
	{ .code = "exit_status",
	  .applies = is_any,
	  .hint = say_status,
	  .looks =
		  "A child of systemd's ended with a status between 200 and 245 before it executed its program, and systemd has no name for it.",
	  .also = "A later version of systemd may have one.",
	  .fix = "The journal has the error before it: journalctl -u UNIT." },
	{},
};
