// SPDX-License-Identifier: GPL-2.0-only
/* Causes in the way to the program, which is there. */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "cause/hint.h"
#include "cause/rules.h"
#include "cause/rules_open.h"
#include "event/program.h"

/* --- names --- */

/* open() with O_PATH and O_NOFOLLOW gives a descriptor of the link itself. */
static bool is_link_behind_descriptor(struct facts *f)
{
	return program_is_descriptor(f->event) && S_ISLNK(facts_mode(f, f->program));
}

static bool is_link_refused(struct facts *f, const struct rule *rule)
{
	enum obstacle obstacle;

	if (f->error != ELOOP || f->at->role != ROLE_PROGRAM || !rule_at(f, rule->stage))
		return false;
	if (is_link_behind_descriptor(f))
		return true;
	if (program_follows(f->event))
		return false;
	obstacle = facts_obstacle(f, f->at);
	/* Where nobody can see it any more, the lookup may have failed for it as well as for links on the way. */
	return obstacle == OBSTACLE_LINK || (f->stage == rule->stage && obstacle != OBSTACLE_LOOP);
}

static void say_link_refused(struct facts *f, const struct rule *rule, struct buffer *out)
{
	(void)rule;
	if (is_link_behind_descriptor(f)) {
		buffer_printf(out,
			      "descriptor %d stands for the symbolic link %s itself (O_PATH with O_NOFOLLOW), not for "
			      "what it leads to",
			      f->event->dirfd, hint_name(f, f->event->dirfd_path));
		return;
	}
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
	  .looks = "ELOOP: execveat with AT_SYMLINK_NOFOLLOW on a symbolic link, or by a descriptor of one.",
	  .also = "A circle of links in the directories of the path, where nobody could look any more: then it is \"likely\". Of a descriptor nothing else: the kernel says what it is of.",
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
	  .fix = "setfacl -m u:USER:x DIRECTORY lets that user alone pass, chmod o+x everybody; 0750 and 0700 of home directories are common." },
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
	  .also = "A mount that is noexec besides, which is said as well. Not even capabilities help (generic_permission()). On NFS and FUSE the server decides, and the mode may say another thing.",
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
