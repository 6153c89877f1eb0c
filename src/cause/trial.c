// SPDX-License-Identifier: GPL-2.0-only
/* The way of an exec, gone in user space: each file that it would open, and what the kernel would say to it. */
#include <errno.h>
#include <string.h>

#include "cause/facts.h"
#include "cause/image.h"
#include "event/program.h"

enum { ROUNDS_MAX = 5 }; /* scripts that may name one another: exec_binprm() */

static struct subject *end(struct facts *f, struct subject *at, int error, enum stage stage)
{
	f->trial = (struct trial){ .done = true, .error = error, .stage = error ? stage : STAGE_UNKNOWN, .at = at };
	return NULL;
}

static enum stage stage_of_open(const struct subject *s)
{
	return s->role == ROLE_PROGRAM ? STAGE_LOOKUP : STAGE_INTERPRETER;
}

static enum stage stage_of_format(const struct subject *s)
{
	return s->role == ROLE_PROGRAM ? STAGE_FORMAT : STAGE_INTERPRETER;
}

static struct subject *next(struct facts *f, struct subject *asker, enum role role, struct bytes name)
{
	struct subject *s = facts_subject(f, role, name, asker);

	if (!s)
		return end(f, asker, EAGAIN, STAGE_UNKNOWN);
	s->name_from_user = true;
	return s;
}

/* What is to read the file could not open it. */
static bool is_closed_on_exec(struct facts *f, const struct subject *s)
{
	return s->role == ROLE_PROGRAM && program_closes(f->event);
}

static struct subject *try_script(struct facts *f, struct subject *s, struct bytes head)
{
	struct shebang shebang = shebang_parse(head);

	if (shebang.state != SHEBANG_OK && shebang.state != SHEBANG_NAMELESS)
		return end(f, s, ENOEXEC, stage_of_format(s));
	if (is_closed_on_exec(f, s))
		return end(f, s, ENOENT, STAGE_INTERPRETER);
	return next(f, s, ROLE_INTERPRETER, shebang.interpreter);
}

static struct subject *try_handler(struct facts *f, struct subject *s, struct bytes handler)
{
	if (is_closed_on_exec(f, s))
		return end(f, s, ENOENT, STAGE_INTERPRETER);
	return next(f, s, ROLE_HANDLER, handler);
}

static struct subject *try_elf(struct facts *f, struct subject *s)
{
	struct bytes loader;
	enum image_fault fault = image_check(f, s, &loader);

	if (fault == IMAGE_UNSEEN)
		return end(f, s, EAGAIN, STAGE_UNKNOWN);
	if (fault == IMAGE_LOADER_NAME_CUT)
		return end(f, s, EIO, STAGE_FORMAT);
	if (fault != IMAGE_FINE)
		return end(f, s, image_error(fault), stage_of_format(s));
	if (loader.p)
		return next(f, s, ROLE_LOADER, loader);
	return end(f, s, 0, STAGE_UNKNOWN);
}

/* That a loader might have a loader of its own, or is no program, the kernel does not look at. */
static int error_of_loader(enum image_fault fault)
{
	switch (fault) {
	case IMAGE_UNSEEN:
		return EAGAIN;
	case IMAGE_TRUNCATED:
	case IMAGE_OTHER_MACHINE:
	case IMAGE_NO_MACHINE:
	case IMAGE_BAD_TABLE:
	case IMAGE_MANY_HEADERS:
		return ELIBBAD;
	default:
		return 0;
	}
}

static void try_loader(struct facts *f, struct subject *s)
{
	struct bytes head = facts_head(f, s);
	struct elf_header header;

	if (!head.p) {
		end(f, s, EAGAIN, STAGE_UNKNOWN);
	} else if (head.n < 64) {
		end(f, s, EIO, STAGE_INTERPRETER);
	} else if (!elf_header_parse(head, &header)) {
		end(f, s, ELIBBAD, STAGE_INTERPRETER);
	} else {
		end(f, s, error_of_loader(image_check_loader(f, s)), STAGE_INTERPRETER);
	}
}

/* The file that it names, NULL when the trial has ended. binfmt_misc is asked before all other formats. */
static struct subject *try_format(struct facts *f, struct subject *s)
{
	struct bytes head = facts_head(f, s), handler;

	if (!head.p)
		return end(f, s, EAGAIN, STAGE_UNKNOWN);
	handler = f->view->ops->handler(f->view, head, s->name);
	if (handler.p)
		return try_handler(f, s, handler);
	switch (file_what(head).kind) {
	case FILE_SCRIPT:
		return try_script(f, s, head);
	case FILE_ELF:
		return try_elf(f, s);
	default:
		return end(f, s, ENOEXEC, stage_of_format(s));
	}
}

static void try_all(struct facts *f)
{
	struct subject *s = f->program;
	enum obstacle obstacle;

	for (int round = 0; s; round++) {
		obstacle = facts_obstacle(f, s);
		if (obstacle != OBSTACLE_NONE) {
			end(f, s, obstacle_error(obstacle), stage_of_open(s));
		} else if (s->role == ROLE_LOADER) {
			try_loader(f, s);
			return;
		} else if (round > ROUNDS_MAX) {
			end(f, s, ELOOP, STAGE_INTERPRETER);
		} else {
			s = try_format(f, s);
			continue;
		}
		return;
	}
}

const struct trial *facts_try(struct facts *f)
{
	f->user = true;
	if (f->trial.done)
		return &f->trial;
	if (f->view)
		try_all(f);
	else
		end(f, f->program, EAGAIN, STAGE_UNKNOWN);
	return &f->trial;
}

bool facts_explained(struct facts *f)
{
	return f->error && facts_try(f)->error == f->error;
}

struct subject *facts_counterpart(struct facts *f, const struct subject *s)
{
	if (!f->view || !s->name.p)
		return NULL;
	for (struct subject *other = facts_try(f)->at; other; other = other->asker)
		if (other->asker && bytes_same(other->name, s->name))
			return other;
	return NULL;
}

/* A handler of binfmt_misc takes the program's place as an interpreter does, and its head the place of what asked. */
static void settle_role(struct facts *f)
{
	struct subject *other = NULL;

	if (f->at->role == ROLE_INTERPRETER && (f->error == ENOEXEC || f->error == ELOOP))
		other = facts_counterpart(f, f->at);
	if (!other || other->role != ROLE_HANDLER)
		return;
	f->at->role = ROLE_HANDLER;
	f->settled = true;
}

/* Of a script's interpreter that has a loader, the name that the kernel had last is the loader's. */
static void settle_image(struct facts *f)
{
	struct subject *other;

	if (f->stage != STAGE_COMMIT || f->at->role != ROLE_INTERPRETER)
		return;
	other = facts_counterpart(f, f->at);
	if (other && other->role == ROLE_LOADER)
		other = other->asker;
	if (other && other->asker) {
		f->at->name = other->name;
		f->at->asker = other->asker;
	} else {
		f->at->name = (struct bytes){};
	}
}

static bool can_be_tried(int error)
{
	switch (error) {
	case ENOENT:
	case ENOTDIR:
	case EACCES:
	case ELOOP:
	case ENAMETOOLONG:
	case ENOEXEC:
	case ELIBBAD:
	case EIO:
		return true;
	default:
		return false;
	}
}

void facts_settle(struct facts *f)
{
	bool said = !(f->event->seen & SEEN_OUTCOME) && f->stage != STAGE_UNKNOWN;

	if (said) {
		settle_role(f);
		settle_image(f);
	}
	if (said || f->stage == STAGE_ENTRY || !f->view || !can_be_tried(f->error) || !facts_explained(f))
		return;
	f->at = f->trial.at;
	f->stage = f->trial.stage;
	f->settled = true;
}

struct subject *facts_image(struct facts *f)
{
	bool said = !(f->event->seen & SEEN_OUTCOME) && f->stage == STAGE_COMMIT;
	struct subject *s = f->at;

	if (!said && f->view)
		s = facts_try(f)->at;
	return s->role == ROLE_LOADER && s->asker ? s->asker : s;
}
