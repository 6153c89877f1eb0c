// SPDX-License-Identifier: GPL-2.0-only
/* Causes in the interpreter that a script names. */
#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "cause/hint.h"
#include "cause/rules_asked.h"
#include "cause/rules_open.h"
#include "event/program.h"

/* What looking for another name gives: an errno, EAGAIN where it cannot be known. */
static int look_briefly(struct facts *f, struct bytes name)
{
	struct subject s = { .name = name, .name_from_user = true, .look = { .handle = -1 } };
	const struct look *look = facts_look(f, &s);
	int error = look ? look->error : EAGAIN;

	if (look)
		look_end(&(struct look_how){ .view = f->view }, &s.look);
	return error;
}

static bool is_crlf(struct facts *f, const struct rule *rule)
{
	return is_missing(f, rule) && shebang_is_crlf(f->at->name);
}

/* Without the carriage return there is nothing of that name either. */
static bool is_missing_anyway(struct facts *f)
{
	struct bytes name = { f->at->name.p, f->at->name.n - 1 };

	return name.n && name.p[0] == '/' && look_briefly(f, name) == ENOENT;
}

static void say_crlf(struct facts *f, const struct rule *rule, struct buffer *out)
{
	struct bytes script = hint_asker(f, f->at), name = f->at->name;

	(void)rule;
	if (script.p)
		buffer_printf(out, "the script %s", hint_name(f, script));
	else
		buffer_printf(out, "a script that is an interpreter of %s", hint_name(f, f->program->name));
	buffer_printf(out, " has DOS line endings (the kernel looks for the interpreter \"%.*s\"", (int)name.n, name.p);
	if (is_missing_anyway(f))
		buffer_printf(out, ", and there is no %s either", hint_name(f, (struct bytes){ name.p, name.n - 1 }));
	buffer_put(out, ')');
	if (script.p)
		buffer_printf(out, "; repair with: sed -i 's/\\r$//' %s", hint_word(f, script));
}

static bool is_relative(struct facts *f, const struct rule *rule)
{
	return is_missing(f, rule) && f->at->name.p[0] != '/';
}

static void say_relative(struct facts *f, const struct rule *rule, struct buffer *out)
{
	(void)rule;
	buffer_printf(out, "%s has no leading slash: it is looked for in the caller's working directory",
		      hint_subject(f, f->at));
	if (f->event->cwd.p)
		buffer_printf(out, " %s", hint_name(f, f->event->cwd));
	buffer_puts(out, "; write its whole path, or #!/usr/bin/env and its name");
}

/* A program of the same name at one of the usual places; p NULL: there is none. */
static struct bytes elsewhere(struct facts *f, struct bytes name)
{
	static const char *const directories[] = { "/bin", "/usr/bin", "/usr/local/bin" };
	const char *slash = name.n ? memrchr(name.p, '/', name.n) : NULL;
	size_t n = slash ? (size_t)(name.p + name.n - slash) : 0;

	for (size_t i = 0; f->view && n > 1 && i < 2 * sizeof(directories) / sizeof(directories[0]); i++) {
		const char *path =
			arena_printf(f->arena, "%s%.*s%s", directories[i / 2], (int)n, slash, i % 2 ? "3" : "");

		if (!look_briefly(f, bytes_of(path)))
			return bytes_of(path);
	}
	return (struct bytes){};
}

static void say_interpreter_missing(struct facts *f, const struct rule *rule, struct buffer *out)
{
	struct bytes other;

	(void)rule;
	hint_missing(f, f->at, out);
	other = elsewhere(f, f->at->name);
	if (other.p)
		buffer_printf(out, "; did you mean %s?", hint_word(f, other));
	else if (f->at->name.p)
		hint_nearest_path(f, f->at->name, out);
}

/* --- by a descriptor that is closed --- */

/* Where no hook says so, with the file and what is to read it in place nothing else answers that. */
static bool is_closed(struct facts *f, const struct rule *rule)
{
	if (f->error != ENOENT || !program_closes(f->event) || f->at->role != ROLE_PROGRAM)
		return false;
	if (!(f->event->seen & SEEN_OUTCOME) && f->stage == rule->stage)
		return true;
	return rule_at(f, rule->stage) && facts_explained(f) && f->trial.at == f->program &&
	       f->trial.stage == STAGE_INTERPRETER;
}

static void say_closed(struct facts *f, const struct rule *rule, struct buffer *out)
{
	const struct event *e = f->event;
	struct bytes head = facts_head(f, f->program);
	bool script = !head.p || file_what(head).kind == FILE_SCRIPT;

	(void)rule;
	buffer_printf(out, "the %s ", script ? "script" : "file");
	if (e->path.n)
		buffer_printf(out, "%s is executed relative to descriptor %d", hint_name(f, e->path), e->dirfd);
	else
		buffer_printf(out, "is executed by descriptor %d", e->dirfd);
	if (e->dirfd_path.p)
		buffer_printf(out, " (%s)", hint_name(f, e->dirfd_path));
	buffer_printf(out, ", which is closed before its %s could read it; open it without O_CLOEXEC",
		      script ? "interpreter" : "binfmt_misc handler");
}

/* --- there, but not to be used --- */

static bool is_not_for_reading(struct facts *f, const struct rule *rule)
{
	enum obstacle obstacle;

	if (!is_role(f, rule) || f->error != EACCES)
		return false;
	obstacle = facts_obstacle(f, f->at);
	return obstacle == OBSTACLE_NO_X || obstacle == OBSTACLE_NO_X_FOR_USER;
}

static bool is_no_file(struct facts *f, const struct rule *rule)
{
	enum obstacle obstacle;

	if (!is_role(f, rule) || f->error != EACCES)
		return false;
	obstacle = facts_obstacle(f, f->at);
	return obstacle == OBSTACLE_DIRECTORY || obstacle == OBSTACLE_SPECIAL || obstacle == OBSTACLE_VIRTUAL;
}

static void say_loop(struct facts *f, const struct rule *rule, struct buffer *out)
{
	(void)rule;
	if (bytes_same(f->at->name, f->program->name))
		buffer_printf(out, "the script %s names itself as its interpreter", hint_name(f, f->program->name));
	else
		buffer_printf(
			out,
			"the interpreter of %s is a script, and its interpreter is, and so on, more than 5 times, of "
			"which the last was %s",
			hint_name(f, f->program->name), hint_name(f, f->at->name));
}

#define INTERPRETER .role = ROLE_INTERPRETER, .stage = STAGE_INTERPRETER

const struct rule rules_interpreter[] = {
	{ .code = "interpreter_crlf",
	  INTERPRETER,
	  .applies = is_crlf,
	  .hint = say_crlf,
	  .looks = "ENOENT for a script that is there, with DOS line endings: the kernel looks for \"/bin/sh\\r\".",
	  .also = "Nothing else: the kernel itself says the name.",
	  .fix = "sed -i 's/\\r$//' SCRIPT, and keep the editor or git (core.autocrlf) from bringing them back." },
	{ .code = "interpreter_relative",
	  INTERPRETER,
	  .applies = is_relative,
	  .hint = say_relative,
	  .looks = "ENOENT for a script that is there: the interpreter in its #! line does not begin with a slash.",
	  .also = "Nothing else: the kernel itself says the name.",
	  .fix = "Write the whole path, or #!/usr/bin/env NAME." },
	{ .code = "interpreter_missing",
	  INTERPRETER,
	  .applies = is_missing_still,
	  .hint = say_interpreter_missing,
	  .looks = "ENOENT for a script that is there: the interpreter in its #! line is not.",
	  .also = "Where no hook is inside of the exec: told from the script as it is after the attempt, if it has not been changed since.",
	  .fix = "Install the interpreter, in the container or chroot as well, or correct the #! line." },
	{ .code = "script_close_on_exec",
	  .stage = STAGE_INTERPRETER,
	  .applies = is_closed,
	  .hint = say_closed,
	  .looks = "ENOENT from fexecve() or execveat() of a script whose descriptor is closed on exec.",
	  .also = "Nothing else: the kernel itself says that the descriptor would have been closed.",
	  .fix = "Open the script without O_CLOEXEC (or MFD_CLOEXEC), or execute it by its path." },
	{ .code = "shebang_empty",
	  INTERPRETER,
	  .obstacle = OBSTACLE_NAMELESS,
	  .applies = rule_obstacle,
	  .hint = say_nameless },
	{ .code = "name_too_long", INTERPRETER, .applies = is_name_too_long, .hint = say_name_too_long },
	{ .code = "nosymfollow_mount",
	  INTERPRETER,
	  .obstacle = OBSTACLE_NOSYMFOLLOW,
	  .applies = rule_obstacle,
	  .hint = say_obstacle },
	{ .code = "symlink_loop",
	  INTERPRETER,
	  .obstacle = OBSTACLE_LOOP,
	  .applies = is_link_loop,
	  .hint = say_link_loop },
	{ .code = "protected_symlink",
	  INTERPRETER,
	  .obstacle = OBSTACLE_PROTECTED,
	  .applies = rule_obstacle,
	  .hint = say_obstacle },
	{ .code = "interpreter_no_search_permission",
	  INTERPRETER,
	  .obstacle = OBSTACLE_SEARCH,
	  .applies = rule_obstacle,
	  .hint = say_obstacle,
	  .looks =
		  "EACCES for an executable script: a directory on the way to its interpreter is closed to the caller.",
	  .also = "A security module or a server that would not let it through either.",
	  .fix = "setfacl -m u:USER:x DIRECTORY lets that user alone pass, chmod o+x everybody; or name an interpreter that everybody can reach." },
	{ .code = "interpreter_directory",
	  INTERPRETER,
	  .applies = is_no_file,
	  .hint = say_obstacle,
	  .looks = "EACCES for an executable script: its interpreter is a directory, or no regular file.",
	  .also = "Nothing else: may_open() answers it whatever the permissions are.",
	  .fix = "Correct the #! line." },
	{ .code = "interpreter_no_x_bit",
	  INTERPRETER,
	  .applies = is_not_for_reading,
	  .hint = say_obstacle,
	  .looks = "EACCES for an executable script: the caller may not execute its interpreter.",
	  .also = "A server that takes the user for another, or a security module that would have said no as well.",
	  .fix = "chmod +x INTERPRETER." },
	{ .code = "interpreter_noexec_mount",
	  INTERPRETER,
	  .obstacle = OBSTACLE_NOEXEC,
	  .applies = rule_obstacle,
	  .hint = say_obstacle,
	  .looks = "EACCES for an executable script: its interpreter is on a file system that is mounted noexec.",
	  .also = "A security module that would have said no as well.",
	  .fix = "Name an interpreter elsewhere, or mount -o remount,exec MOUNT." },
	{ .code = "interpreter_busy",
	  INTERPRETER,
	  .applies = is_busy,
	  .hint = say_busy,
	  .looks = "ETXTBSY: somebody has the script's interpreter open for writing.",
	  .also = "As of text_busy.",
	  .fix = "Wait for the writer, or have it write a new file and rename it." },
	{ .code = "interpreter_loop",
	  INTERPRETER,
	  .applies = is_loop,
	  .hint = say_loop,
	  .looks = "ELOOP: scripts are one another's interpreters, more than 5 levels deep, or a script is its own.",
	  .also = "Symbolic links (symlink_loop): told by the function that answered, or by what is seen.",
	  .fix = "Name a program, not a script, in the #! line." },
	{ .code = "interpreter_wrong_machine",
	  INTERPRETER,
	  .applies = is_wrong_machine,
	  .hint = say_wrong_machine,
	  .looks = "ENOEXEC for a script: its interpreter is built for another machine.",
	  .also = "A handler of binfmt_misc that is not registered here and was where the script comes from.",
	  .fix = "Install the interpreter for this machine; in containers: an image of this platform (--platform)." },
	{ .code = "interpreter_not_a_program",
	  INTERPRETER,
	  .applies = is_no_program,
	  .hint = say_no_program,
	  .looks = "ENOEXEC for a script: what its #! line names is no program.",
	  .also = "Headers that could not be read: load_elf_phdrs() makes ENOEXEC of every error.",
	  .fix = "Correct the #! line, or give the interpreter, if it is a script, a #! line of its own." },
	{},
};
