// SPDX-License-Identifier: GPL-2.0-only
/* Causes in the loader that an ELF program names. */
#include <errno.h>

#include "base/text.h"
#include "cause/hint.h"
#include "cause/loader.h"
#include "cause/rules_asked.h"
#include "cause/rules_open.h"

static void say_loader_missing(struct facts *f, const struct rule *rule, struct buffer *out)
{
	const char *meaning = loader_meaning(f->at->name);

	(void)rule;
	hint_missing(f, f->at, out);
	if (f->at->name.p[0] != '/')
		buffer_puts(out,
			    ", and a name without a leading slash is looked for in the caller's working directory");
	if (meaning)
		buffer_printf(out, ": likely %s", meaning);
}

static bool is_loader_broken(struct facts *f, const struct rule *rule)
{
	return (f->error == ELIBBAD || f->error == EIO) && is_role(f, rule);
}

static void say_loader_broken(struct facts *f, const struct rule *rule, struct buffer *out)
{
	struct bytes head = facts_head(f, f->at);
	uint64_t size;

	(void)rule;
	if (f->error == EIO && facts_size(f, f->at, &size) && size < 64)
		buffer_printf(out, "%s has only %llu bytes: it is damaged", hint_subject(f, f->at),
			      (unsigned long long)size);
	else if (head.p && file_what(head).kind != FILE_ELF)
		buffer_printf(out, "%s is %s, not an ELF file", hint_subject(f, f->at), file_what(head).name);
	else
		buffer_printf(out, "%s is damaged, or not a loader; install the C library again",
			      hint_subject(f, f->at));
}

#define LOADER .role = ROLE_LOADER, .stage = STAGE_INTERPRETER

const struct rule rules_loader[] = {
	{ .code = "loader_missing",
	  LOADER,
	  .applies = is_missing_still,
	  .hint = say_loader_missing,
	  .looks = "ENOENT for a program that is there: the loader that its ELF header names is not (readelf -l).",
	  .also = "What binfmt_misc has in its place (7.x). Where no hook is inside of the exec: told from the program as it is after the attempt.",
	  .fix = "Install the C library that it was built for, or use a build for this system, or a static one." },
	{ .code = "broken_elf", LOADER, .obstacle = OBSTACLE_NAMELESS, .applies = rule_obstacle, .hint = say_nameless },
	{ .code = "name_too_long", LOADER, .applies = is_name_too_long, .hint = say_name_too_long },
	{ .code = "nosymfollow_mount",
	  LOADER,
	  .obstacle = OBSTACLE_NOSYMFOLLOW,
	  .applies = rule_obstacle,
	  .hint = say_obstacle },
	{ .code = "symlink_loop", LOADER, .obstacle = OBSTACLE_LOOP, .applies = is_link_loop, .hint = say_link_loop },
	{ .code = "loader_not_executable",
	  LOADER,
	  .applies = is_not_executable,
	  .hint = say_obstacle,
	  .looks = "EACCES for an executable program: the loader that its ELF header names cannot be executed.",
	  .also = "A security module that would have said no as well.",
	  .fix = "Repair the loader's permissions or mount; reinstall the C library." },
	{ .code = "loader_busy",
	  LOADER,
	  .applies = is_busy,
	  .hint = say_busy,
	  .looks = "ETXTBSY: somebody has the loader that the ELF header names open for writing.",
	  .also = "As of text_busy.",
	  .fix = "Wait for the writer." },
	{ .code = "loader_wrong_machine",
	  LOADER,
	  .applies = is_wrong_machine,
	  .hint = say_wrong_machine,
	  .looks = "ELIBBAD: the loader that the ELF header names is built for another machine.",
	  .also = "Nothing else: elf_check_arch() of the loader.",
	  .fix = "Install the C library for the program's machine." },
	{ .code = "loader_broken",
	  LOADER,
	  .applies = is_loader_broken,
	  .hint = say_loader_broken,
	  .looks = "ELIBBAD or EIO: the loader that the ELF header names is no ELF file, or cut off.",
	  .also = "Headers that could not be read, for want of memory or by an error of the device.",
	  .fix = "Reinstall the C library." },
	{},
};
