// SPDX-License-Identifier: GPL-2.0-only
#include "cause/hint.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "event/program.h"
#include "look/search.h"

enum {
	NAME_WHOLE = 300, /* bytes of a name that are shown */
	NAME_PART = 120, /* and of the beginning and the end of a longer one */
	PATH_SHOWN = 140, /* bytes of a PATH: two lines of a narrow terminal */
};

static struct bytes shortened(struct facts *f, struct bytes name)
{
	const char *text;

	if (name.n <= NAME_WHOLE)
		return name;
	text = arena_printf(f->arena, "%.*s[...]%.*s", NAME_PART, name.p, NAME_PART, name.p + name.n - NAME_PART);
	return bytes_of(text);
}

/* Whether a reader sees where the name begins and ends; marks: which would end it. */
static bool is_plain(struct bytes name, const char *marks)
{
	for (size_t i = 0; i < name.n; i++)
		if (name.p[i] <= ' ' || name.p[i] == 0x7f || strchr(marks, name.p[i]))
			return false;
	return name.n;
}

static const char *quoted(struct facts *f, struct bytes name, const char *marks)
{
	if (is_plain(name, marks))
		return arena_copy(f->arena, name.p, name.n);
	return arena_printf(f->arena, "\"%.*s\"", (int)name.n, name.p);
}

const char *hint_name(struct facts *f, struct bytes name)
{
	if (!name.p)
		return "?";
	return quoted(f, shortened(f, name), "\"',;:()");
}

const char *hint_path(struct facts *f, struct bytes path)
{
	const char *marks = "\"',;()";
	struct bytes rest, directory;
	size_t n = PATH_SHOWN, more = 0;

	while (path.n > PATH_SHOWN && n && path.p[n] != ':')
		n--;
	if (path.n <= PATH_SHOWN || !n)
		return quoted(f, shortened(f, path), marks);
	rest = bytes_after(path, n + 1);
	while (search_directory(&rest, &directory))
		more++;
	return arena_printf(f->arena, "%s and %zu more", quoted(f, bytes_first(path, n), marks), more);
}

const char *hint_word(struct facts *f, struct bytes name)
{
	BUFFER_AUTO struct buffer word = {};

	text_quote(&word, name);
	return arena_copy(f->arena, word.p, word.n);
}

struct bytes hint_first_word(struct bytes name)
{
	for (size_t i = 0; i < name.n; i++)
		if (name.p[i] == ' ' || name.p[i] == '\t')
			return (struct bytes){ name.p, i };
	return name;
}

const char *hint_caller(struct facts *f)
{
	const struct event *e = f->event;
	uint32_t uid = facts_credentials(f)->uid;

	if (uid == RECORD_UNKNOWN)
		return "the caller";
	if (e->user.p && uid == e->uid)
		return arena_printf(f->arena, "user %s (%u)", hint_name(f, e->user), uid);
	return arena_printf(f->arena, "user %u", uid);
}

const char *hint_owner(struct facts *f, const struct view_node *node)
{
	return arena_printf(f->arena, "mode %04o, owner %u:%u", node->mode & 07777, node->uid, node->gid);
}

static const char *kind_of(const struct subject *s)
{
	switch (s->role) {
	case ROLE_INTERPRETER:
		return "the interpreter ";
	case ROLE_LOADER:
		return "the ELF loader ";
	case ROLE_HANDLER:
		return "the binfmt_misc handler ";
	default:
		return "";
	}
}

/* Of a program that was executed by its descriptor, the name is empty. */
static struct bytes name_of(const struct facts *f, const struct subject *s)
{
	const struct event *e = f->event;

	if (s == f->program && program_is_cwd(e))
		return e->cwd;
	if (s != f->program || e->call != CALL_EXECVEAT || !s->name.p || s->name.n || e->dirfd < 0)
		return s->name;
	return e->dirfd_path.p ? e->dirfd_path : bytes_of(arena_printf(f->arena, "/dev/fd/%d", e->dirfd));
}

/* "the interpreter /bin/x", without what asks for it. */
static const char *subject_alone(struct facts *f, struct subject *s)
{
	return arena_printf(f->arena, "%s%s", kind_of(s), hint_name(f, name_of(f, s)));
}

/* Of an interpreter between the program and this file the kernel no longer knows the name; a trial may. */
static struct subject *asker_of(struct facts *f, struct subject *s)
{
	struct subject *other = NULL;

	if (s->asker && !s->asker->name.p)
		other = facts_counterpart(f, s);
	return other ? other->asker : s->asker;
}

struct bytes hint_asker(struct facts *f, struct subject *s)
{
	struct subject *asker = asker_of(f, s);

	return asker ? name_of(f, asker) : (struct bytes){};
}

const char *hint_subject(struct facts *f, struct subject *s)
{
	const char *alone = subject_alone(f, s);
	struct subject *asker = asker_of(f, s);

	if (asker && !s->name.p)
		return arena_printf(f->arena, "an interpreter of %s", hint_name(f, name_of(f, f->program)));

	if (!asker)
		return alone;
	if (!asker->name.p)
		return arena_printf(f->arena, "%s (to which %s leads)", alone, hint_name(f, name_of(f, f->program)));
	return arena_printf(f->arena, "%s of %s", alone, hint_name(f, name_of(f, asker)));
}

const char *hint_mount(struct facts *f, const struct mount_row *mount)
{
	if (!mount)
		return "an unknown file system";
	return arena_printf(f->arena, "%s (%s, %s)", hint_name(f, mount->at), hint_name(f, mount->type),
			    hint_name(f, mount->source));
}

/* Also where /bin and its like are links into /usr, which is no news to anybody. */
static bool is_same_place(struct bytes at, struct bytes name)
{
	return bytes_same(at, name) || (bytes_begins(at, "/usr/") && bytes_same(bytes_after(at, strlen("/usr")), name));
}

void hint_missing(struct facts *f, struct subject *s, struct buffer *out)
{
	const struct look *look = facts_look(f, s);
	const char *subject = hint_subject(f, s);

	if (look && look->error == ENOTDIR) {
		buffer_printf(out, "%s does not exist: %s is not a directory", subject, hint_name(f, look->at));
		return;
	}
	if (!look || look->error != ENOENT) {
		buffer_printf(out, "%s does not exist", subject);
		return;
	}
	if (look->link.p)
		buffer_printf(out, "%s does not exist: the link %s leads to %s", subject, hint_name(f, look->link),
			      hint_name(f, look->target));
	else if (!look->last)
		buffer_printf(out, "%s does not exist: there is no directory %s", subject, hint_name(f, look->at));
	else if (is_same_place(look->at, s->name))
		buffer_printf(out, "%s does not exist", subject);
	else
		buffer_printf(out, "%s does not exist: there is no %s", subject, hint_name(f, look->at));
}

void hint_nearest(struct facts *f, struct bytes path, const char *prefix, struct bytes name, struct buffer *out)
{
	struct look_how how = facts_how(f);
	bool is_one_word = hint_first_word(name).n == name.n;
	struct bytes nearest = f->view && is_one_word ? search_nearest(&how, f->caller, path, name) : (struct bytes){};

	if (!nearest.p)
		return;
	nearest = bytes_of(arena_printf(f->arena, "%s%.*s", prefix, (int)nearest.n, nearest.p));
	buffer_printf(out, "; did you mean %s?", hint_word(f, nearest));
}

void hint_nearest_path(struct facts *f, struct bytes path, struct buffer *out)
{
	struct bytes name = bytes_base(path), directory = bytes_first(path, path.n - name.n);
	const char *prefix = arena_printf(f->arena, "%.*s", (int)directory.n, directory.p);

	/* What has a colon in it would be two directories. */
	if (name.n && !memchr(path.p, ':', path.n))
		hint_nearest(f, directory.n ? directory : bytes_of("."), prefix, name, out);
}
