// SPDX-License-Identifier: GPL-2.0-only
/* Causes in the way to the program. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
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
	buffer_printf(out, "%s is relative to %s, a directory that has been removed", hint_name(f, f->event->path),
		      hint_name(f, start));
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
		      "line endings",
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
		buffer_puts(out, "there is a blank behind its name");
	else
		buffer_puts(out, "a command line was passed as a path, not split into words");
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
	if (f->event->seen & SEEN_OUTCOME && look && facts_may_be_changed(f, &look->at_node))
		buffer_puts(out, ", and likely did not then");
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

/* That it was there then, the error says. */
static bool is_gone(struct facts *f)
{
	const struct look *look = facts_look(f, f->at);

	return look && look->error == ENOENT && f->at == f->program;
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
}

static void say_there_now(struct facts *f, const struct rule *rule, struct buffer *out)
{
	const char *name = hint_subject(f, f->at);

	(void)rule;
	if (f->error != ENOENT && is_gone(f)) {
		buffer_printf(
			out, "%s could not be executed, and does not exist any more: what refused it is not to be seen",
			name);
	} else if (f->error == EACCES && facts_obstacle(f, f->at) != OBSTACLE_NONE) {
		buffer_printf(out,
			      "%s could not be executed, but what decides that has been changed since; now: ", name);
		say_obstacle(f, rule, out);
	} else if (f->error == EACCES)
		buffer_printf(out, "%s could not be executed, but %s been changed since: now it could be", name,
			      rule_changed(f, f->at) ? "has" : "may have");
	else if (f->error == ENOENT && is_rewritten(f))
		buffer_printf(out, "%s, or what it asks for, could not be found, but it was put there or changed since",
			      name);
	else if (is_rewritten(f))
		buffer_printf(out,
			      "%s could not be executed, but has been changed since: what was wrong is not to be seen",
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
		buffer_puts(out, "; what is there has been changed since");
}

/* --- names --- */

/* The first name of a path that is longer than any can be. p NULL: there is none. */
static struct bytes long_name(struct bytes path)
{
	size_t n;

	for (size_t i = 0; i < path.n; i += n + 1) {
		const char *slash = memchr(path.p + i, '/', path.n - i);

		n = slash ? (size_t)(slash - path.p) - i : path.n - i;
		if (n > NAME_MAX)
			return (struct bytes){ path.p + i, n };
	}
	return (struct bytes){};
}

static bool is_name_too_long(struct facts *f, const struct rule *rule)
{
	if (f->error != ENAMETOOLONG || f->at->role != ROLE_PROGRAM || !rule_at(f, rule->stage))
		return false;
	/* Then there was no need to look. */
	f->user &= !long_name(f->event->path).p;
	return true;
}

static void say_name_too_long(struct facts *f, const struct rule *rule, struct buffer *out)
{
	struct bytes name = long_name(f->event->path);

	(void)rule;
	if (name.p)
		buffer_printf(out, "the name %s in the path has %zu bytes: a file name can have %d", hint_name(f, name),
			      name.n, NAME_MAX);
	else
		buffer_printf(out, "a name on the way to %s is longer than its file system allows",
			      hint_name(f, f->event->path));
}

static bool is_link_refused(struct facts *f, const struct rule *rule)
{
	enum obstacle obstacle;

	if (f->error != ELOOP || program_follows(f->event) || f->at->role != ROLE_PROGRAM || !rule_at(f, rule->stage))
		return false;
	obstacle = facts_obstacle(f, f->at);
	/* Where nobody can see it any more, the lookup may have failed for it as well as for links on the way. */
	return obstacle == OBSTACLE_LINK || (f->stage == rule->stage && obstacle != OBSTACLE_LOOP);
}

static void say_link_refused(struct facts *f, const struct rule *rule, struct buffer *out)
{
	(void)rule;
	buffer_printf(out, "%s is %sa symbolic link, and the caller asked not to follow one (AT_SYMLINK_NOFOLLOW)",
		      hint_name(f, f->event->path), rule_likely(facts_obstacle(f, f->at) != OBSTACLE_LINK));
}

/* The kernel says that it was the lookup, or the links are seen. */
static bool is_symlink_loop(struct facts *f, const struct rule *rule)
{
	if (f->error != ELOOP || f->at->role != ROLE_PROGRAM || !rule_at(f, rule->stage))
		return false;
	return f->stage == rule->stage || rule_obstacle(f, rule);
}

static void say_symlink_loop(struct facts *f, const struct rule *rule, struct buffer *out)
{
	const struct look *look = facts_look(f, f->at);

	(void)rule;
	if (look && look->error == ELOOP && look->link.p && !look->circle)
		buffer_printf(out, "%s leads through more than 40 symbolic links: the last that was followed is %s",
			      hint_name(f, f->event->path), hint_name(f, look->link));
	else if (look && look->error == ELOOP && look->link.p)
		buffer_printf(out, "symbolic links lead in a circle: %s points to %s", hint_name(f, look->link),
			      hint_name(f, look->target));
	else
		buffer_printf(
			out,
			"the symbolic links of %s lead in a circle, are more than 40, or may not be followed there",
			hint_name(f, f->event->path));
}

/* Scripts that are one another's interpreters have the same error. */
static bool is_any_loop(struct facts *f, const struct rule *rule)
{
	(void)rule;
	return f->error == ELOOP && f->stage == STAGE_UNKNOWN;
}

static void say_any_loop(struct facts *f, const struct rule *rule, struct buffer *out)
{
	(void)rule;
	buffer_printf(out,
		      "the symbolic links of %s lead in a circle or are more than 40, or it is a script, and so is its "
		      "interpreter, and so on, more than 5 times",
		      hint_name(f, f->event->path));
}

static bool is_not_directory(struct facts *f, const struct rule *rule)
{
	return f->error == ENOTDIR && f->at->role == ROLE_PROGRAM && rule_at(f, rule->stage);
}

static void say_not_directory(struct facts *f, const struct rule *rule, struct buffer *out)
{
	const struct look *look = facts_look(f, f->at);
	const struct event *e = f->event;

	(void)rule;
	if (look && look->error == ENOTDIR && bytes_ends(e->path, "/"))
		buffer_printf(out, "the path %s ends in a slash, but %s is not a directory", hint_name(f, e->path),
			      hint_name(f, look->at));
	else if (look && look->error == ENOTDIR)
		buffer_printf(out, "%s is not a directory, as it would have to be for %s", hint_name(f, look->at),
			      hint_name(f, e->path));
	else if (e->call == CALL_EXECVEAT && e->dirfd_path.p && e->path.n && e->path.p[0] != '/')
		buffer_printf(out, "a name on the way to %s from %s is not a directory", hint_name(f, e->path),
			      hint_name(f, e->dirfd_path));
	else
		buffer_printf(out, "a name on the way to %s is not a directory", hint_name(f, e->path));
}

/* --- permission --- */

static bool is_sealed_memfd(struct facts *f, const struct rule *rule)
{
	const struct event *e = f->event;

	return f->error == EACCES && e->call == CALL_EXECVEAT && rule_at(f, rule->stage) && !e->path.n &&
	       bytes_begins(e->dirfd_path, "/memfd:") && !(facts_mode(f, f->program) & 0111);
}

static void say_sealed_memfd(struct facts *f, const struct rule *rule, struct buffer *out)
{
	(void)rule;
	buffer_printf(out,
		      "%s is a memfd without execute permission: its mode was changed (fchmod), or it was made with "
		      "MFD_NOEXEC_SEAL, or so by the sysctl vm.memfd_noexec",
		      hint_name(f, f->event->dirfd_path));
}

/* Before 5.8 such a file was opened, and only then looked at. */
static bool is_unopened(struct facts *f, const struct rule *rule)
{
	const struct look *look;
	uint32_t mode;

	if ((f->error != ENXIO && f->error != ENODEV) || f->at->role != rule->role || !rule_opening(f))
		return false;
	look = facts_look(f, f->at);
	mode = look && !look->error ? look->node.mode : 0;
	return S_ISSOCK(mode) || S_ISCHR(mode) || S_ISBLK(mode) || S_ISFIFO(mode);
}

#define PROGRAM .role = ROLE_PROGRAM, .stage = STAGE_LOOKUP

const struct rule rules_lookup[] = {
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
	  PROGRAM,
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

	{ .code = "name_too_long",
	  PROGRAM,
	  .applies = is_name_too_long,
	  .hint = say_name_too_long,
	  .looks = "ENAMETOOLONG: one name of the path has more than 255 bytes.",
	  .also = "The whole path (path_too_long), which is told by its length. Some file systems allow less than 255 bytes (eCryptfs: 143).",
	  .fix = "Look for a command line that was passed as a path, for want of a split into words." },
	{ .code = "link_refused",
	  PROGRAM,
	  .applies = is_link_refused,
	  .hint = say_link_refused,
	  .looks = "ELOOP: execveat with AT_SYMLINK_NOFOLLOW on a symbolic link.",
	  .also = "A circle of links in the directories of the path, where nobody could look any more: then it is \"likely\".",
	  .fix = "Pass the path of the file itself, or drop the flag." },
	{ .code = "nosymfollow_mount",
	  PROGRAM,
	  .obstacle = OBSTACLE_NOSYMFOLLOW,
	  .applies = rule_obstacle,
	  .hint = say_obstacle,
	  .looks = "ELOOP: a symbolic link on the way lies on a file system that is mounted nosymfollow.",
	  .also = "Nothing else that would be met before: pick_link() answers it for the first such link.",
	  .fix = "Pass a path without links on that mount, or mount -o remount,symfollow MOUNT." },
	{ .code = "symlink_loop",
	  PROGRAM,
	  .obstacle = OBSTACLE_LOOP,
	  .applies = is_symlink_loop,
	  .hint = say_symlink_loop,
	  .looks = "ELOOP: symbolic links lead in a circle, or through more than 40.",
	  .also = "A file system that answers so of itself (referrals of NFS and CIFS, FUSE).",
	  .fix = "Repair the link that is named." },
	{ .code = "link_or_script_loop",
	  .applies = is_any_loop,
	  .hint = say_any_loop,
	  .looks = "ELOOP, and nobody could look any more: the caller had gone, or events came too fast.",
	  .also = "It is one of those: nobody could look.",
	  .fix = "See symlink_loop, link_refused and interpreter_loop." },
	{ .code = "not_a_directory",
	  PROGRAM,
	  .applies = is_not_directory,
	  .hint = say_not_directory,
	  .looks = "ENOTDIR: the path goes through a file, or ends in a slash behind one.",
	  .also = "Nothing else in an exec.",
	  .fix = "Correct the path." },

	{ .code = "sealed_memfd",
	  PROGRAM,
	  .applies = is_sealed_memfd,
	  .hint = say_sealed_memfd,
	  .looks = "EACCES for a program in memory (memfd): it has no execute permission, most often from the start.",
	  .also = "Nothing else: the kernel says its mode.",
	  .fix = "Create it with MFD_EXEC, and look at the sysctl vm.memfd_noexec." },
	{ .code = "no_search_permission",
	  PROGRAM,
	  .obstacle = OBSTACLE_SEARCH,
	  .applies = rule_obstacle,
	  .hint = say_obstacle,
	  .looks = "EACCES: a directory on the way to the program does not let the caller through.",
	  .also = "A security module or a server that would not let it through either.",
	  .fix = "chmod o+x DIRECTORY, or put the caller into its group; 0750 and 0700 of home directories are common." },
	{ .code = "protected_symlink",
	  PROGRAM,
	  .obstacle = OBSTACLE_PROTECTED,
	  .applies = rule_obstacle,
	  .hint = say_obstacle,
	  .looks =
		  "EACCES for a symbolic link in /tmp and its like: it is neither the caller's nor the directory's owner's.",
	  .also = "A security module that would not let it through either.",
	  .fix = "Pass the path that the link leads to, or have the link made by the caller or in a directory of its own." },
	{ .code = "virtual_file",
	  PROGRAM,
	  .obstacle = OBSTACLE_VIRTUAL,
	  .applies = rule_obstacle,
	  .hint = say_obstacle,
	  .looks = "EACCES: a file of proc, sysfs or the like.",
	  .also = "Nothing else: without execute permission, or of a file system that is noexec in itself (SB_I_NOEXEC).",
	  .fix = "These are no programs: correct the path." },
	{ .code = "is_directory",
	  PROGRAM,
	  .obstacle = OBSTACLE_DIRECTORY,
	  .applies = rule_obstacle,
	  .hint = say_obstacle,
	  .looks = "EACCES: the path is that of a directory.",
	  .also = "Nothing else: may_open() answers it whatever the permissions are.",
	  .fix = "Correct the path: the program in it was meant, or a variable is empty." },
	{ .code = "special_file",
	  PROGRAM,
	  .obstacle = OBSTACLE_SPECIAL,
	  .applies = rule_obstacle,
	  .hint = say_obstacle,
	  .looks = "EACCES: a fifo, socket or device.",
	  .also = "Nothing else. Before 5.8 such a file was opened first: then ENXIO, or ENODEV.",
	  .fix = "Correct the path." },
	{ .code = "special_file", PROGRAM, .applies = is_unopened, .hint = say_special },
	{ .code = "no_x_bit",
	  PROGRAM,
	  .obstacle = OBSTACLE_NO_X,
	  .applies = rule_obstacle,
	  .hint = say_obstacle,
	  .looks = "EACCES, for root as well: the file has no execute permission.",
	  .also = "Nothing else: not even capabilities help (generic_permission()). On NFS and FUSE the server decides, and the mode may say another thing.",
	  .fix = "chmod +x FILE; in git: git update-index --chmod=+x FILE." },
	{ .code = "no_x_bit_for_user",
	  PROGRAM,
	  .obstacle = OBSTACLE_NO_X_FOR_USER,
	  .applies = rule_obstacle,
	  .hint = say_obstacle,
	  .looks = "EACCES: others may execute the file, the caller may not.",
	  .also = "A server that takes the user for another (root_squash), or a security module that would have said no as well.",
	  .fix = "chmod o+x FILE, or put the caller into its group." },
	{ .code = "noexec_mount",
	  PROGRAM,
	  .obstacle = OBSTACLE_NOEXEC,
	  .applies = rule_obstacle,
	  .hint = say_obstacle,
	  .looks = "EACCES though the file is executable: its file system is mounted noexec.",
	  .also = "A security module that would have said no as well; and the mount may have been another when it was asked.",
	  .fix = "Install the program elsewhere, or mount -o remount,exec MOUNT; TMPDIR moves what unpacks into /tmp." },
	{ .code = "text_busy",
	  PROGRAM,
	  .applies = is_busy,
	  .hint = say_busy,
	  .looks = "ETXTBSY: somebody has the file open for writing.",
	  .also = "A fanotify listener or a seccomp filter: told where no writer is seen and they are. Writers that no process shows: shared mappings, loop devices, swap, the NFS server.",
	  .fix = "Wait for the writer, or have it write a new file and rename it; look for a descriptor inherited by a fork." },
	{},
};
