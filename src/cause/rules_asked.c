// SPDX-License-Identifier: GPL-2.0-only
#include "cause/rules_asked.h"

#include <errno.h>

#include "cause/hint.h"
#include "cause/image.h"

bool is_role(const struct facts *f, const struct rule *rule)
{
	return f->at->role == rule->role && rule_at(f, STAGE_INTERPRETER);
}

bool is_missing(struct facts *f, const struct rule *rule)
{
	if (!is_role(f, rule) || (f->error != ENOENT && f->error != ENOTDIR))
		return false;
	/* Of a name that was found in user space, its absence was seen there, too. */
	f->user |= f->at->name_from_user;
	return f->at->name.p && f->at->name.n;
}

/* The kernel was told not to look for it, or it is not there now as it was not then. */
bool is_missing_still(struct facts *f, const struct rule *rule)
{
	bool user = f->user;
	bool there;

	if (!is_missing(f, rule))
		return false;
	there = f->view && f->view->standing >= VIEW_CALLER && facts_obstacle(f, f->at) == OBSTACLE_NONE;
	/* What the kernel says needs no confirmation, but may be outdated. */
	f->user = user | f->at->name_from_user;
	return !there;
}

/* --- the name is "" --- */

void say_nameless(struct facts *f, const struct rule *rule, struct buffer *out)
{
	struct bytes asker = hint_asker(f, f->at);

	const char *of = asker.p ? "" : "an interpreter of ";
	const char *name = hint_name(f, asker.p ? asker : f->program->name);

	if (rule->role == ROLE_LOADER)
		buffer_printf(out, "%s%s is a damaged ELF file: the name of its loader (PT_INTERP) is empty", of, name);
	else
		buffer_printf(out,
			      "the #! line of %s%s names no interpreter; write #!/bin/sh, or what it is written for",
			      of, name);
}

/* --- there, but not to be used --- */

bool is_not_executable(struct facts *f, const struct rule *rule)
{
	enum obstacle obstacle;

	if (!is_role(f, rule) || f->error != EACCES)
		return false;
	obstacle = facts_obstacle(f, f->at);
	return obstacle != OBSTACLE_NONE && obstacle_error(obstacle) == EACCES;
}

/* Of links: said by the function that opened it, or seen. */
bool is_link_loop(struct facts *f, const struct rule *rule)
{
	if (f->error != ELOOP || !is_role(f, rule))
		return false;
	return f->event->step == STEP_OPEN_INTERPRETER || facts_obstacle(f, f->at) == rule->obstacle;
}

void say_link_loop(struct facts *f, const struct rule *rule, struct buffer *out)
{
	const struct look *look = facts_look(f, f->at);
	const char *subject = hint_subject(f, f->at);

	(void)rule;
	if (look && look->error == ELOOP && look->link.p)
		buffer_printf(out, "%s cannot be reached, symbolic links lead in a circle: %s points to %s", subject,
			      hint_name(f, look->link), hint_name(f, look->target));
	else
		buffer_printf(out, "%s cannot be reached: its symbolic links lead in a circle, or are more than 40",
			      subject);
}

bool is_loop(struct facts *f, const struct rule *rule)
{
	return f->error == ELOOP && is_role(f, rule);
}

bool is_wrong_machine(struct facts *f, const struct rule *rule)
{
	int error = rule->role == ROLE_LOADER ? ELIBBAD : ENOEXEC;
	struct elf_header header;
	struct bytes head;

	if (f->error != error || !is_role(f, rule))
		return false;
	head = facts_head(f, f->at);
	if (!head.p || !elf_header_parse(head, &header) || !header.machine)
		return false;
	return elf_runs_on(&header, f->machine) != ELF_RUNS ||
	       (rule->role == ROLE_LOADER && image_check_loader(f, f->at) == IMAGE_OTHER_MACHINE);
}

void say_wrong_machine(struct facts *f, const struct rule *rule, struct buffer *out)
{
	struct elf_header header, asker;

	elf_header_parse(facts_head(f, f->at), &header);
	buffer_printf(out, "%s is built for %s", hint_subject(f, f->at), elf_machine_name(f->arena, &header));
	if (rule->role == ROLE_LOADER && elf_runs_on(&header, f->machine) != ELF_RUNS_NOT &&
	    elf_header_parse(facts_head(f, f->at->asker), &asker))
		buffer_printf(out, ", and what names it for %s", elf_machine_name(f->arena, &asker));
	else
		buffer_printf(out, ", and this machine is %s; install the build for it", f->machine);
}

bool is_no_program(struct facts *f, const struct rule *rule)
{
	struct bytes loader;

	if (!is_role(f, rule))
		return false;
	return f->error == ENOEXEC || (f->error == EIO && image_check(f, f->at, &loader) == IMAGE_LOADER_NAME_CUT);
}

static const char *what_script(struct bytes head)
{
	switch (shebang_parse(head).state) {
	case SHEBANG_EMPTY:
		return "a script whose #! line names no interpreter";
	case SHEBANG_TOO_LONG:
		return "a script whose #! line is longer than what the kernel reads";
	default:
		return "a script";
	}
}

/* What the kernel reads of a short file is filled up with NULs. */
static const char *what_zeros(struct facts *f)
{
	uint64_t size;

	if (!facts_size(f, f->at, &size))
		return "empty, or nothing but zeros";
	return size ? "nothing but zeros" : "empty";
}

/* More than a kind: what of it is wrong. */
static const char *what_is(struct facts *f, struct bytes head)
{
	struct bytes loader;

	switch (file_what(head).kind) {
	case FILE_SCRIPT:
		return what_script(head);
	case FILE_ZEROS:
		return what_zeros(f);
	case FILE_ELF:
		return image_fault_name(image_check(f, f->at, &loader)) ?: "an ELF file";
	default:
		return file_what(head).name;
	}
}

void say_no_program(struct facts *f, const struct rule *rule, struct buffer *out)
{
	struct bytes head = facts_head(f, f->at);

	(void)rule;
	if (head.p)
		buffer_printf(out, "%s is %s, not a program", hint_subject(f, f->at), what_is(f, head));
	else
		buffer_printf(out, "%s is not a program", hint_subject(f, f->at));
}
