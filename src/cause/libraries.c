// SPDX-License-Identifier: GPL-2.0-only
/* Libraries among the facts: what the loader goes by, of a program that the kernel starts. */
#include <sys/stat.h>

#include "cause/commit.h"
#include "cause/facts.h"
#include "look/cpu.h"

/*
 * Whether the new program has rights that its caller has not, so that its loader heeds no variable: bprm->secureexec.
 */
static bool is_secure(struct facts *f, struct subject *image)
{
	const struct look *look = facts_look(f, image);
	const struct credentials *who = facts_credentials(f);
	const struct mount_row *mount;
	struct access_file_caps caps;
	char attribute[64];
	ssize_t n;

	if (!look || look->error || who->no_new_privs)
		return false;
	mount = view_mount(f->view, &look->node);
	if (mount && mount->nosuid)
		return false;
	/* Of one that has started, whose rights these are by now. */
	if (look->node.mode & S_ISUID && f->event->exit_code && f->event->uid != f->event->euid)
		return true;
	if (look->node.mode & S_ISUID && look->node.uid != who->uid)
		return true;
	if ((look->node.mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP) && look->node.gid != who->gid)
		return true;
	n = f->view->ops->attribute(f->view, look->handle, &look->node, "security.capability", attribute,
				    sizeof(attribute));
	return who->uid && n > 0 && access_parse_file_caps((struct bytes){ attribute, (size_t)n }, &caps) &&
	       caps.effective;
}

/* Of the machine that looks: nobody is asked of one that a tree is only made for. */
static uint32_t levels_of(struct facts *f)
{
	return cpu_levels(facts_text(f, VIEW_PROC, "cpuinfo"));
}

static void ask(struct facts *f, struct subject *loader)
{
	const struct look *image = facts_look(f, loader->asker);
	struct look_how look = facts_how(f);
	const struct libraries_how how = {
		.look = &look,
		.caller = f->caller,
		.library_path = event_variable(f->event, "LD_LIBRARY_PATH="),
		.secure = is_secure(f, loader->asker),
		.cpu = levels_of(f),
	};

	if (image && !image->error && image->at.p)
		libraries_try(f->libraries.seen ?: libraries_new(f->arena), &how, image->at, loader->name,
			      &f->libraries.answer);
}

const struct library_answer *facts_libraries(struct facts *f)
{
	const struct trial *trial;

	f->user = true;
	if (f->libraries.asked || !f->view)
		return &f->libraries.answer;
	f->libraries.asked = true;
	trial = facts_try(f);
	if (!trial->error && trial->at->role == ROLE_LOADER)
		ask(f, trial->at);
	return &f->libraries.answer;
}
