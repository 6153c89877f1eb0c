// SPDX-License-Identifier: GPL-2.0-only
#include "cause/facts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "event/magic.h"
#include "event/program.h"

struct subject *facts_subject(struct facts *f, enum role role, struct bytes name, struct subject *asker)
{
	struct subject *s;

	if (f->n_subjects == FACTS_SUBJECTS)
		return NULL;
	s = arena_alloc(f->arena, sizeof(*s));
	*s = (struct subject){ .role = role, .name = name, .asker = asker, .look = { .handle = -1 } };
	f->subjects[f->n_subjects++] = s;
	return s;
}

void facts_begin(struct facts *f, const struct event *event, struct view *view)
{
	*f = (struct facts){
		.event = event,
		.caller = program_caller(event),
		.arena = event->arena,
		.view = view->standing != VIEW_NOTHING ? view : NULL,
		.kernel = view,
		.machine = view->machine,
		.error = event_error(event),
		.stage = event->stage,
	};
	facts_place(f);
}

static const struct credentials *ask_credentials(void *facts)
{
	return facts_credentials(facts);
}

static struct look_how how_to_look(struct facts *f, const struct subject *s)
{
	return (struct look_how){
		.view = f->view,
		.who = ask_credentials,
		.context = f,
		.follow = s != f->program || program_follows(f->event),
		.permissions = true,
		.passed = !view_is_asked_for(f->view) && program_was_allowed(f->event),
	};
}

struct look_how facts_how(struct facts *f)
{
	return (struct look_how){
		.view = f->view,
		.who = ask_credentials,
		.context = f,
		.follow = true,
		.permissions = true,
	};
}

void facts_end(struct facts *f)
{
	for (size_t i = 0; i < f->n_subjects; i++) {
		struct subject *s = f->subjects[i];

		if (s->look.handle >= 0)
			look_end(&(struct look_how){ .view = f->view }, &s->look);
	}
}

/* --- other processes --- */

static bool was_asked(const struct facts *f, enum view_hold hold, const struct view_node *node)
{
	return f->held.asked && f->held.hold == hold && f->held.node.dev == node->dev && f->held.node.ino == node->ino;
}

bool facts_holder(struct facts *f, enum view_hold hold, struct subject *s, struct view_holder *holder)
{
	const struct look *look = facts_look(f, s);
	bool seen = look && !look->error;
	struct view_node node = seen ? look->node : (struct view_node){};

	f->user = true;
	/* Who watches may watch all. */
	if (!f->view || (!seen && hold == VIEW_WRITERS))
		return false;
	if (!was_asked(f, hold, &node)) {
		f->held.asked = true;
		f->held.hold = hold;
		f->held.node = node;
		f->held.found = f->view->ops->holder(f->view, hold, seen ? &node : NULL, &f->held.holder);
	}
	*holder = f->held.holder;
	return f->held.found;
}

const struct denial *facts_denial(struct facts *f)
{
	struct denial *denial = &f->told.denial;

	if (!f->told.asked) {
		f->told.asked = true;
		f->told.found = f->kernel->ops->denial(f->kernel, f->event->pid, event_ns(f->event), denial) &&
				bytes_same(denial->comm, f->event->comm);
	}
	return f->told.found ? denial : NULL;
}

/* --- the caller --- */

struct bytes facts_text(struct facts *f, enum view_text which, const char *name)
{
	if (which == VIEW_PROCESS && !f->view)
		return (struct bytes){};
	return f->kernel->ops->text(f->kernel, which, name);
}

const struct credentials *facts_credentials(struct facts *f)
{
	if (!f->credentials_asked)
		program_credentials(f->kernel, f->event, &f->credentials);
	f->credentials_asked = true;
	return &f->credentials;
}

bool facts_status(struct facts *f, struct credentials *status)
{
	struct bytes text = facts_text(f, VIEW_PROCESS, "status");

	if (text.p)
		access_parse_status(f->arena, text, status);
	return text.p;
}

/* --- looking --- */

static void look_at(struct facts *f, struct subject *s)
{
	struct look_how how = how_to_look(f, s);
	bool cut = !s->name_from_user && f->event->cut & 1u << PART_INTERPRETER_PATH;
	struct view_path path = {};

	if (s == f->program) {
		program_look(&how, f->event, &s->look);
		return;
	}
	if (s->name.n && !cut)
		path = view_path_of(f->view, f->caller, s->name);
	look_path(&how, path, &s->look);
}

const struct look *facts_look(struct facts *f, struct subject *s)
{
	f->user = true;
	if (!f->view)
		return NULL;
	if (!s->looked) {
		s->looked = true;
		look_at(f, s);
	}
	return &s->look;
}

static enum obstacle obstacle_of_file(struct facts *f, struct subject *s)
{
	const struct look *look = &s->look;
	struct look_how how = how_to_look(f, s);
	const struct mount_row *mount;
	uint32_t mode = look->node.mode;
	enum access access;

	if (S_ISLNK(mode))
		return OBSTACLE_LINK;
	/* The kernel got further than to what would be in the way now. */
	if (how.passed)
		return OBSTACLE_NONE;
	if (S_ISDIR(mode))
		return OBSTACLE_DIRECTORY;
	mount = view_mount(f->view, &look->node);
	if (S_ISREG(mode) && mount && mount_is_virtual(mount))
		return OBSTACLE_VIRTUAL;
	if (!S_ISREG(mode))
		return OBSTACLE_SPECIAL;
	if (!(mode & 0111))
		return OBSTACLE_NO_X;
	access = look_access(&how, look->handle, &look->node);
	if (access == ACCESS_NO)
		return OBSTACLE_NO_X_FOR_USER;
	if (mount && mount->noexec)
		return OBSTACLE_NOEXEC;
	/* Only groups that are not known could allow it; or capabilities, which root has more often than not. */
	if (access == ACCESS_UNSURE)
		return facts_credentials(f)->uid ? OBSTACLE_NO_X_FOR_USER : OBSTACLE_UNSEEN;
	/* What may be in the way, and cannot be seen: nobody is to be accused for it. */
	return mount && !look->doubt.p ? OBSTACLE_NONE : OBSTACLE_UNSEEN;
}

/*
 * Where no hook says that it was missing, it may have been there until its directory was changed. Of a path a hook says
 * no more than that something on it was: a directory may have been there, and the file not.
 */
static bool is_removed(const struct facts *f, struct subject *s)
{
	bool certain = !(f->event->seen & SEEN_OUTCOME) && (s->look.last || s->look.error == ENOTDIR);

	s->look.other = !certain && facts_changed(f, &s->look.at_node);
	return s->look.other;
}

static enum obstacle obstacle_of(struct facts *f, struct subject *s)
{
	switch (s->look.error) {
	case 0:
		return obstacle_of_file(f, s);
	case ENOENT:
		return is_removed(f, s) ? OBSTACLE_UNSEEN : OBSTACLE_MISSING;
	case ENOTDIR:
		return is_removed(f, s) ? OBSTACLE_UNSEEN : OBSTACLE_NOT_DIRECTORY;
	case ENAMETOOLONG:
		return OBSTACLE_NAME_TOO_LONG;
	case ELOOP:
		return s->look.nosymfollow ? OBSTACLE_NOSYMFOLLOW : OBSTACLE_LOOP;
	case EACCES:
		return s->look.is_protected ? OBSTACLE_PROTECTED : OBSTACLE_SEARCH;
	default:
		return OBSTACLE_UNSEEN;
	}
}

/* Of the program, an empty name is answered before anything is opened, or means a descriptor. */
static bool is_nameless(const struct facts *f, const struct subject *s)
{
	return s != f->program && s->role != ROLE_PROGRAM && s->name.p && !s->name.n;
}

/* What the kernel saw behind the descriptor that was executed; NULL: it was not by one. */
static const struct event_file *behind_descriptor(const struct facts *f, const struct subject *s)
{
	const struct event_file *file = &f->event->dirfd_file;

	return s == f->program && program_is_descriptor(f->event) && file->known ? file : NULL;
}

/* Where nobody can look at it any more, its mode may tell all the same. */
static enum obstacle obstacle_behind_descriptor(const struct event_file *file)
{
	if (S_ISDIR(file->mode))
		return OBSTACLE_DIRECTORY;
	if (!S_ISREG(file->mode) || magic_is_placeless(file->magic))
		return OBSTACLE_SPECIAL;
	return file->mode & 0111 ? OBSTACLE_UNSEEN : OBSTACLE_NO_X;
}

static enum obstacle judge_by_kernel(struct facts *f, struct subject *s)
{
	const struct event_file *file = f->error == EACCES ? behind_descriptor(f, s) : NULL;
	enum obstacle obstacle = file ? obstacle_behind_descriptor(file) : OBSTACLE_UNSEEN;

	if (f->error == EACCES && s == f->program && program_is_cwd(f->event))
		obstacle = OBSTACLE_DIRECTORY;
	s->judged_by_kernel = obstacle != OBSTACLE_UNSEEN;
	return obstacle;
}

static enum obstacle judge(struct facts *f, struct subject *s)
{
	enum obstacle obstacle = OBSTACLE_UNSEEN;
	bool user = f->user;

	if (!facts_is_placeless(f, s))
		obstacle = facts_look(f, s) ? obstacle_of(f, s) : OBSTACLE_UNSEEN;
	f->user = user;
	return obstacle == OBSTACLE_UNSEEN ? judge_by_kernel(f, s) : obstacle;
}

enum obstacle facts_obstacle(struct facts *f, struct subject *s)
{
	if (is_nameless(f, s)) {
		f->user |= s->name_from_user;
		return OBSTACLE_NAMELESS;
	}
	if (!s->judged) {
		s->judged = true;
		s->obstacle = judge(f, s);
	}
	f->user |= !s->judged_by_kernel;
	return s->obstacle;
}

uint32_t facts_mode(struct facts *f, struct subject *s)
{
	const struct event_file *file = behind_descriptor(f, s);
	const struct look *look = file ? NULL : facts_look(f, s);

	if (file)
		return file->mode;
	return look && !look->error ? look->node.mode : 0;
}

bool facts_is_placeless(const struct facts *f, const struct subject *s)
{
	const struct event_file *file = behind_descriptor(f, s);

	return file && magic_is_placeless(file->magic);
}

int obstacle_error(enum obstacle obstacle)
{
	static const int errors[] = {
		[OBSTACLE_UNSEEN] = EAGAIN,
		[OBSTACLE_NAMELESS] = EACCES,
		[OBSTACLE_MISSING] = ENOENT,
		[OBSTACLE_NOT_DIRECTORY] = ENOTDIR,
		[OBSTACLE_NAME_TOO_LONG] = ENAMETOOLONG,
		[OBSTACLE_LOOP] = ELOOP,
		[OBSTACLE_NOSYMFOLLOW] = ELOOP,
		[OBSTACLE_PROTECTED] = EACCES,
		[OBSTACLE_SEARCH] = EACCES,
		[OBSTACLE_LINK] = ELOOP,
		[OBSTACLE_VIRTUAL] = EACCES,
		[OBSTACLE_DIRECTORY] = EACCES,
		[OBSTACLE_SPECIAL] = EACCES,
		[OBSTACLE_NO_X] = EACCES,
		[OBSTACLE_NO_X_FOR_USER] = EACCES,
		[OBSTACLE_NOEXEC] = EACCES,
	};

	return errors[obstacle];
}

/* --- reading --- */

bool facts_changed(const struct facts *f, const struct view_node *node)
{
	return !view_is_asked_for(f->view) && view_is_later(node, event_ns(f->event));
}

bool facts_may_be_changed(const struct facts *f, const struct view_node *node)
{
	return !view_is_asked_for(f->view) && view_may_be_later(node, event_ns(f->event));
}

static bool is_as_seen_by_kernel(const struct facts *f, const struct subject *s)
{
	bool opened = s == f->program && f->event->binary_source == BINARY_SOURCE_KERNEL && f->event->binary.known;

	return opened || behind_descriptor(f, s);
}

bool facts_subject_changed(const struct facts *f, const struct subject *s)
{
	const struct view_node *node = &s->look.node;

	if (is_as_seen_by_kernel(f, s))
		return false;
	if (S_ISREG(node->mode))
		return facts_changed(f, node);
	return !view_is_asked_for(f->view) && view_is_younger(node, event_ns(f->event));
}

bool facts_kind_is_unsure(const struct facts *f, const struct subject *s)
{
	const struct look *look = &s->look;

	return s->looked && !look->error && !look->node.born_sec && !is_as_seen_by_kernel(f, s) &&
	       facts_changed(f, &look->node);
}

/* A regular file that is as it was. NULL: it is none, or cannot be seen. */
static const struct look *look_inside(struct facts *f, struct subject *s)
{
	const struct look *look = facts_look(f, s);

	if (!look || look->error || !S_ISREG(look->node.mode))
		return NULL;
	s->look.other = facts_subject_changed(f, s);
	return s->look.other ? NULL : look;
}

/* What is in a file is for those who may read it, and whom the kernel has opened it for. */
static bool may_be_told(struct facts *f, const struct subject *s)
{
	struct look_how how = how_to_look(f, s);
	bool opened = s == f->program && f->event->binary_source == BINARY_SOURCE_KERNEL;

	return opened || look_may_read(&how, s->look.handle, &s->look.node);
}

/* Opening a file is seen by others, and may be answered by them. What the kernel read is filled up with NULs. */
static bool has_from_kernel(const struct subject *s, uint64_t at, size_t size)
{
	uint64_t known = s->head.n < s->look.node.size ? s->head.n : s->look.node.size;

	return s->head_asked && !s->head_from_user && s->head.p && at <= known && size <= known - at;
}

ssize_t facts_read(struct facts *f, struct subject *s, uint64_t at, void *to, size_t size)
{
	const struct look *look = look_inside(f, s);
	ssize_t n;

	if (!look || !may_be_told(f, s))
		return -1;
	if (has_from_kernel(s, at, size)) {
		memcpy(to, s->head.p + at, size);
		return (ssize_t)size;
	}
	n = f->view->ops->read(f->view, look->handle, &look->node, at, to, size);
	return n < 0 ? -1 : n;
}

struct bytes facts_head(struct facts *f, struct subject *s)
{
	char room[RECORD_BUF];
	ssize_t n;

	if (!s->head_asked) {
		s->head_asked = s->head_from_user = true;
		n = facts_read(f, s, 0, room, sizeof(room));
		if (n >= 0)
			s->head = (struct bytes){ arena_copy(f->arena, room, (size_t)n), (size_t)n };
	}
	f->user |= s->head_from_user;
	return s->head;
}

bool facts_size(struct facts *f, struct subject *s, uint64_t *size)
{
	const struct look *look = look_inside(f, s);

	if (!look)
		return false;
	*size = look->node.size;
	return true;
}
