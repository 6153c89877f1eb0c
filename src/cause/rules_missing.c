// SPDX-License-Identifier: GPL-2.0-only
/* Causes of a program that is not there, or was not. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "cause/hint.h"
#include "cause/rules.h"
#include "cause/rules_open.h"
#include "event/program.h"

static bool is_missing(const struct facts *f)
{
	return f->at->role == ROLE_PROGRAM && f->error == ENOENT && rule_at(f, STAGE_LOOKUP);
}

/* What the path is relative to. */
static enum event_part start_part(const struct event *e)
{
	if (!e->path.n || e->path.p[0] == '/')
		return PART_NONE;
	return e->call == CALL_EXECVEAT && e->dirfd != AT_FDCWD ? PART_DIRFD_PATH : PART_CWD;
}

/* The way up leads out of a directory that has been removed. */
static bool begins_upwards(struct bytes path)
{
	while (path.n > 1 && path.p[0] == '.' && path.p[1] == '/') {
		path.p++;
		path.n--;
		while (path.n && path.p[0] == '/') {
			path.p++;
			path.n--;
		}
	}
	return path.n >= 2 && path.p[0] == '.' && path.p[1] == '.' && (path.n == 2 || path.p[2] == '/');
}

static bool is_removed_cwd(struct facts *f, const struct rule *rule)
{
	const struct event *e = f->event;
	enum event_part part = start_part(e);

	(void)rule;
	return is_missing(f) && part != PART_NONE && e->removed & 1u << part && !begins_upwards(e->path);
}

static void say_removed_cwd(struct facts *f, const struct rule *rule, struct buffer *out)
{
	struct bytes start = start_part(f->event) == PART_CWD ? f->event->cwd : f->event->dirfd_path;

	(void)rule;
	if (bytes_ends(start, " (deleted)"))
		start.n -= strlen(" (deleted)");
	buffer_printf(out, "%s is relative to %s, a directory that has been removed; change to one that is there (cd)",
		      hint_name(f, f->event->path), hint_name(f, start));
}

static bool is_path_crlf(struct facts *f, const struct rule *rule)
{
	(void)rule;
	if (!is_missing(f) || !shebang_is_crlf(f->event->path))
		return false;
	/* A file may be called so. */
	return f->stage != STAGE_UNKNOWN || !f->view || facts_obstacle(f, f->at) == OBSTACLE_MISSING;
}

static void say_path_crlf(struct facts *f, const struct rule *rule, struct buffer *out)
{
	(void)rule;
	buffer_printf(out,
		      "the path \"%.*s\" ends in a carriage return: the script or list that %s reads likely has DOS "
		      "line endings; save that with line endings of Unix (sed -i 's/\\r$//')",
		      (int)f->event->path.n, f->event->path.p, hint_name(f, f->event->comm));
}

static bool is_dangling(struct facts *f, const struct rule *rule)
{
	return is_missing(f) && rule_obstacle(f, rule) && facts_look(f, f->at)->link.p;
}

static void say_dangling(struct facts *f, const struct rule *rule, struct buffer *out)
{
	const struct look *look = facts_look(f, f->at);

	(void)rule;
	buffer_printf(out, "the symbolic link %s leads to %s, which does not exist", hint_name(f, look->link),
		      hint_name(f, look->target));
	if (bytes_begins(look->target, "/"))
		hint_nearest_path(f, look->target, out);
}

static bool is_program_there(struct facts *f, struct bytes path)
{
	struct subject s = { .name = path, .name_from_user = true, .look = { .handle = -1 } };
	const struct look *look = facts_look(f, &s);
	bool is = look && !look->error && S_ISREG(look->node.mode) && look->node.mode & 0111;

	if (look)
		look_end(&(struct look_how){ .view = f->view }, &s.look);
	return is;
}

/* "/usr/bin/tool --flag", "tool --flag /etc/file": what is before the first blank is a program. */
static bool is_command_line(struct facts *f, const struct rule *rule)
{
	struct bytes path = f->event->path, word = hint_first_word(path);

	if (!is_missing(f) || !word.n || word.n == path.n || !rule_obstacle(f, rule))
		return false;
	return memchr(word.p, '/', word.n) ? is_program_there(f, word) : rule_in_path(f, word);
}

static bool is_blank(struct bytes text)
{
	while (text.n && (text.p[0] == ' ' || text.p[0] == '\t'))
		text = bytes_after(text, 1);
	return !text.n;
}

static void say_command_line(struct facts *f, const struct rule *rule, struct buffer *out)
{
	struct bytes path = f->event->path, word = hint_first_word(path);

	(void)rule;
	buffer_printf(out, "%s does not exist, but %s does: ", hint_name(f, path), hint_name(f, word));
	if (is_blank(bytes_after(path, word.n)))
		buffer_puts(out, "there is a blank behind its name; take it away");
	else
		buffer_puts(
			out,
			"a command line was passed as a path; pass its words one by one, or all of it to a shell (sh -c)");
}

static bool is_missing_directory(struct facts *f, const struct rule *rule)
{
	return is_missing(f) && rule_obstacle(f, rule) && !facts_look(f, f->at)->last;
}

/* Programs write into the directory that they are in: that its time is too near to tell makes nothing else likely. */
static void say_missing(struct facts *f, const struct rule *rule, struct buffer *out)
{
	const struct look *look = facts_look(f, f->at);

	(void)rule;
	hint_missing(f, f->at, out);
	if (look && (f->event->seen & SEEN_OUTCOME || !look->last) && facts_may_be_changed(f, &look->at_node))
		buffer_puts(out, ", and it likely was so then");
	if (look && look->last && f->at->name.p)
		hint_nearest_path(f, f->at->name, out);
}

static bool is_missing_file(struct facts *f, const struct rule *rule)
{
	return is_missing(f) && rule_obstacle(f, rule);
}

/* What is in the way now, or that nothing is, tells nothing if what decides about it is younger than the exec. */
static bool is_decided_since(struct facts *f)
{
	switch (facts_obstacle(f, f->at)) {
	case OBSTACLE_NONE:
		/* Rather than that somebody is blamed who cannot be seen. */
		return facts_may_be_changed(f, &facts_look(f, f->at)->node);
	case OBSTACLE_DIRECTORY:
	case OBSTACLE_SPECIAL:
	case OBSTACLE_NO_X:
	case OBSTACLE_NO_X_FOR_USER:
	case OBSTACLE_SEARCH:
	case OBSTACLE_PROTECTED:
		return rule_changed(f, f->at);
	default:
		return false;
	}
}

/* Of a file that has been changed, nobody knows what it asked for. */
static bool is_rewritten(struct facts *f)
{
	return f->stage == STAGE_UNKNOWN && f->at == f->program && rule_changed(f, f->at);
}

/* That it was there then, the error says. What a process has open goes with it: that is no change. */
static bool is_gone(struct facts *f)
{
	const struct look *look = facts_look(f, f->at);
	const struct mount_row *mount;

	if (!look || look->error != ENOENT || f->at != f->program)
		return false;
	mount = view_mount(f->view, &look->at_node);
	return !(mount && mount_is_virtual(mount));
}

static bool is_there_now(struct facts *f, const struct rule *rule)
{
	(void)rule;
	if (!rule_opening(f) || !f->view)
		return false;
	switch (f->error) {
	case ENOENT:
	case ENOTDIR:
		/* What a stand-in for the caller sees may be another world's. */
		if (f->view->standing < VIEW_CALLER || facts_obstacle(f, f->at) != OBSTACLE_NONE)
			return false;
		return f->stage != STAGE_UNKNOWN || is_rewritten(f) || !facts_try(f)->error;
	case EACCES:
		return is_decided_since(f) || is_gone(f);
	case ENOEXEC:
	case ELOOP:
	case ELIBBAD:
	case EIO:
		return f->stage == STAGE_UNKNOWN && (is_rewritten(f) || is_gone(f));
	default:
		return false;
	}
}

/* What was renamed or mounted keeps its time; a directory on the way may have been moved. */
static void say_put_there(struct facts *f, const char *name, struct buffer *out)
{
	buffer_printf(out, "%s could not be found, but is there now: it was %sput there after the attempt", name,
		      rule_likely(!rule_changed(f, f->at)));
	if (rule_filtered(f))
		buffer_printf(out, ", or a seccomp filter of %s answered", hint_name(f, f->event->comm));
	else
		buffer_puts(out, "; try again");
}

static void say_there_now(struct facts *f, const struct rule *rule, struct buffer *out)
{
	const char *name = hint_subject(f, f->at);

	(void)rule;
	if (f->error != ENOENT && is_gone(f)) {
		buffer_printf(
			out,
			"%s could not be executed, and does not exist any more: what refused it can no longer be seen",
			name);
	} else if (f->error == EACCES && facts_obstacle(f, f->at) != OBSTACLE_NONE) {
		buffer_printf(
			out, "%s could not be executed, but what decides that has been changed since, and now: ", name);
		say_obstacle(f, rule, out);
	} else if (f->error == EACCES)
		buffer_printf(out, "%s could not be executed, but %s been changed since: now it could be", name,
			      rule_changed(f, f->at) ? "has" : "may have");
	else if (f->error == ENOENT && is_rewritten(f))
		buffer_printf(out, "%s, or what it asks for, could not be found, but it was put there or changed since",
			      name);
	else if (is_rewritten(f))
		buffer_printf(
			out,
			"%s could not be executed, but has been changed since: what was wrong can no longer be seen",
			name);
	else
		say_put_there(f, name, out);
}

static bool is_not_found(struct facts *f, const struct rule *rule)
{
	(void)rule;
	return is_missing(f);
}

static void say_not_found(struct facts *f, const struct rule *rule, struct buffer *out)
{
	const char *name = hint_subject(f, f->program);

	if (f->stage == rule->stage)
		buffer_printf(out, "%s does not exist, or a directory or link on the way to it", name);
	else
		buffer_printf(out, "%s, or its interpreter or loader, could not be found", name);
	if (f->at->look.other)
		buffer_puts(out, ", and what is there has been changed since");
}

#define PROGRAM .role = ROLE_PROGRAM, .stage = STAGE_LOOKUP

const struct rule rules_missing[] = {
	{ .code = "removed_cwd",
	  PROGRAM,
	  .applies = is_removed_cwd,
	  .hint = say_removed_cwd,
	  .looks = "ENOENT for a relative path: the directory that the caller is in has been removed.",
	  .also = "Nothing else: the kernel itself says that the directory has no name any more.",
	  .fix = "Change to a directory that exists (cd), or restart the service whose directory was replaced." },
	{ .code = "path_crlf",
	  PROGRAM,
	  .applies = is_path_crlf,
	  .hint = say_path_crlf,
	  .looks = "ENOENT: the path ends in a carriage return.",
	  .also = "A file that really is called so, and has been removed.",
	  .fix = "Remove the DOS line endings from what the caller reads: sed -i 's/\\r$//' FILE." },
	{ .code = "dangling_symlink",
	  PROGRAM,
	  .obstacle = OBSTACLE_MISSING,
	  .applies = is_dangling,
	  .hint = say_dangling,
	  .looks = "ENOENT though ls shows the name: it is a symbolic link to what does not exist.",
	  .also = "A target that was there, and whose own interpreter or loader was missing: where no hook tells the step, and it was removed since.",
	  .fix = "Repair the link, or install what it points to; update-alternatives --display NAME for alternatives." },
	{ .code = "command_line",
	  PROGRAM,
	  .obstacle = OBSTACLE_MISSING,
	  .applies = is_command_line,
	  .hint = say_command_line,
	  .looks = "ENOENT: a program and its arguments were passed as the path, in one string.",
	  .also = "A file with blanks in its name that has been removed.",
	  .fix = "Pass the words one by one, or the line to a shell (sh -c); look for quotes that are too many." },
	{ .code = "missing_directory",
	  PROGRAM,
	  .obstacle = OBSTACLE_MISSING,
	  .applies = is_missing_directory,
	  .hint = say_missing,
	  .looks = "ENOENT: not the file but a directory on the way to it does not exist.",
	  .also = "A directory that was there and has been removed since, with a script in it whose interpreter was missing: where no hook tells the step.",
	  .fix = "Look for a mount that is not there, a volume of a container, or a typing error in the directory." },
	{ .code = "missing_file",
	  PROGRAM,
	  .obstacle = OBSTACLE_MISSING,
	  .applies = is_missing_file,
	  .hint = say_missing,
	  .looks = "ENOENT: the directory exists, the file does not.",
	  .also = "A script whose interpreter, or a program whose loader was missing, and that has been removed since: where no hook tells the step, and the directory has not been changed since, it was not so.",
	  .fix = "Install the program, or correct the path in the caller's configuration." },
	{ .code = "changed_since",
	  .applies = is_there_now,
	  .hint = say_there_now,
	  .looks = "What is found now does not explain the error: the file was put there or changed after the attempt.",
	  .also = "A name that was moved or mounted keeps its time: then it is \"likely\". A seccomp filter is named where there is one.",
	  .fix = "Try again; if it happens at every start, order the caller after what installs the file." },
	{ .code = "not_found",
	  PROGRAM,
	  .applies = is_not_found,
	  .hint = say_not_found,
	  .looks = "ENOENT, and nobody could look any more: the caller had gone, or events came too fast.",
	  .also = "It is one of those: nobody could look.",
	  .fix = "See missing_file, missing_directory and dangling_symlink." },
	{},
};
