// SPDX-License-Identifier: GPL-2.0-only
/* Where an exec failed, as the kernel's hooks saw it. */
#include <errno.h>

#include "cause/facts.h"
#include "event/program.h"

static void give_head(struct facts *f, struct subject *s)
{
	/* What no hook saw, user space may still read. */
	s->head_asked = f->event->head.p;
	s->head = f->event->head;
}

/* What opened it: the kernel's buffer still holds the start of the file that names it. */
static enum role role_of_opened(const struct facts *f)
{
	const struct event *e = f->event;
	struct elf_header header;

	switch (file_what(e->head).kind) {
	case FILE_ELF:
		/* Of a file for another machine it opens no loader. */
		if (e->seen & SEEN_SCRIPT && elf_header_parse(e->head, &header) && header.machine &&
		    elf_runs_on(&header, f->machine) == ELF_RUNS_NOT)
			return ROLE_HANDLER;
		return ROLE_LOADER;
	case FILE_SCRIPT:
		/* binfmt_misc is asked first: it may have a handler for what is a script as well. */
		return bytes_same(shebang_parse(e->head).interpreter, e->interpreter) ? ROLE_INTERPRETER : ROLE_HANDLER;
	default:
		if (e->head.p)
			return e->seen & SEEN_SCRIPT ? ROLE_HANDLER : ROLE_LOADER;
		return e->seen & SEEN_SCRIPT ? ROLE_INTERPRETER : ROLE_LOADER;
	}
}

static bool is_open_error(int error)
{
	return error == ENOENT || error == EACCES || error == ETXTBSY || error == ENOTDIR || error == ENAMETOOLONG;
}

/* Who asks for a file: the program, unless interpreters took its place in between, whose names are no longer known. */
static struct subject *asker_of(struct facts *f, enum role role)
{
	uint32_t between = role == ROLE_LOADER ? 0 : 1;

	if (f->event->level > between)
		return facts_subject(f, ROLE_INTERPRETER, (struct bytes){}, f->program);
	return f->program;
}

static void place_opened(struct facts *f)
{
	enum role role = role_of_opened(f);
	struct subject *asker = asker_of(f, role);

	give_head(f, asker);
	f->at = facts_subject(f, role, f->event->interpreter, asker);
}

/* The last file that was read took the program's place, and was refused, or was about to run. */
static void place_read(struct facts *f)
{
	if (!(f->event->seen & SEEN_SCRIPT)) {
		give_head(f, f->program);
		return;
	}
	f->at = facts_subject(f, ROLE_INTERPRETER, f->event->interpreter, asker_of(f, ROLE_INTERPRETER));
	give_head(f, f->at);
}

static void place_interpreter(struct facts *f)
{
	const struct event *e = f->event;
	bool loader = f->error == ELIBBAD || (f->error == EIO && file_what(e->head).kind == FILE_ELF);

	if (e->interpreter.p && (e->step == STEP_OPEN_INTERPRETER || loader ||
				 (e->step == STEP_NONE && is_open_error(f->error) && e->seen & SEEN_SCRIPT)))
		place_opened(f);
	else
		place_read(f);
}

void facts_place(struct facts *f)
{
	f->program = facts_subject(f, ROLE_PROGRAM, event_program(f->event), NULL);
	f->at = f->program;
	/* Without hooks inside of the exec there is nothing to go by. */
	if (f->event->seen & SEEN_OUTCOME)
		return;
	switch (f->stage) {
	case STAGE_FORMAT:
		give_head(f, f->program);
		break;
	case STAGE_SECURITY:
	case STAGE_COMMIT:
		place_read(f);
		break;
	case STAGE_INTERPRETER:
		place_interpreter(f);
		break;
	default:
		break;
	}
}
