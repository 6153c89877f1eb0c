// SPDX-License-Identifier: GPL-2.0-only
/* Causes in the handler that binfmt_misc has for a file. */
#include "cause/hint.h"
#include "cause/rules_asked.h"
#include "cause/rules_open.h"

static void say_handler_missing(struct facts *f, const struct rule *rule, struct buffer *out)
{
	(void)rule;
	hint_missing(f, f->at, out);
	buffer_puts(out, "; see /proc/sys/fs/binfmt_misc");
}

static void say_handler_loop(struct facts *f, const struct rule *rule, struct buffer *out)
{
	(void)rule;
	buffer_printf(
		out,
		"the binfmt_misc handler %s is itself a file that binfmt_misc has this handler for, and so on, more "
		"than 5 times; see /proc/sys/fs/binfmt_misc",
		hint_name(f, f->at->name));
}

#define HANDLER .role = ROLE_HANDLER, .stage = STAGE_INTERPRETER

const struct rule rules_handler[] = {
	{ .code = "handler_missing",
	  HANDLER,
	  .applies = is_missing_still,
	  .hint = say_handler_missing,
	  .looks = "ENOENT for a file that is there: binfmt_misc has a handler for it, which is not there.",
	  .also = "A loader that the program names and that has the handler's name.",
	  .fix = "Install the handler (qemu-user-static, wine, a Java runtime), or remove its registration." },
	{ .code = "name_too_long", HANDLER, .applies = is_name_too_long, .hint = say_name_too_long },
	{ .code = "nosymfollow_mount",
	  HANDLER,
	  .obstacle = OBSTACLE_NOSYMFOLLOW,
	  .applies = rule_obstacle,
	  .hint = say_obstacle },
	{ .code = "symlink_loop", HANDLER, .obstacle = OBSTACLE_LOOP, .applies = is_link_loop, .hint = say_link_loop },
	{ .code = "handler_not_executable",
	  HANDLER,
	  .applies = is_not_executable,
	  .hint = say_obstacle,
	  .looks = "EACCES for an executable file: its handler in binfmt_misc cannot be executed.",
	  .also = "A security module that would have said no as well.",
	  .fix = "Repair the handler's permissions, or remove its registration." },
	{ .code = "handler_loop",
	  HANDLER,
	  .applies = is_loop,
	  .hint = say_handler_loop,
	  .looks = "ELOOP: the handler that binfmt_misc has for the file is itself a file for that handler.",
	  .also = "Symbolic links (symlink_loop): told by the function that answered, or by what is seen.",
	  .fix = "Register a program for this machine, or remove the registration (echo -1 to its file)." },
	{ .code = "handler_not_a_program",
	  HANDLER,
	  .applies = is_no_program,
	  .hint = say_no_program,
	  .looks = "ENOEXEC for an executable file: its handler in binfmt_misc is no program.",
	  .also = "A handler that hands its file on (flag O) to another that does: exec_binprm() takes one only.",
	  .fix = "Register a program for this machine, or remove the registration (echo -1 to its file)." },
	{},
};
