// SPDX-License-Identifier: GPL-2.0-only
#include "cause/rules_open.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "cause/hint.h"
#include "look/filekind.h"

static const char *kind_of(struct facts *f, struct subject *s)
{
	bool placeless = facts_is_placeless(f, s);

	switch (facts_mode(f, s) & S_IFMT) {
	case S_IFIFO:
		return placeless ? "a pipe" : "a fifo";
	case S_IFSOCK:
		return "a socket";
	case S_IFBLK:
	case S_IFCHR:
		return "a device";
	default:
		return placeless ? "no file of any file system" : "no regular file";
	}
}

/* A mode does not say all where there are access control lists. */
static bool has_acl(struct facts *f, int handle, const struct view_node *node)
{
	char room[1024];

	return f->view->ops->attribute(f->view, handle, node, "system.posix_acl_access", room, sizeof(room)) > 0;
}

static bool directory_has_acl(struct facts *f, struct bytes path)
{
	struct subject s = { .name = path, .name_from_user = true, .look = { .handle = -1 } };
	const struct look *look = facts_look(f, &s);
	bool has = look && !look->error && has_acl(f, look->handle, &look->node);

	if (look)
		look_end(&(struct look_how){ .view = f->view }, &s.look);
	return has;
}

static const char *acl_of(struct facts *f, bool has, struct bytes path)
{
	return has ? arena_printf(f->arena, ", and an access control list: getfacl %s", hint_word(f, path)) : "";
}

static bool is_program(struct bytes head)
{
	enum file_kind kind = file_what(head).kind;

	return head.p && (kind == FILE_ELF || kind == FILE_SCRIPT || kind == FILE_BLANK_SCRIPT);
}

/* Of a directory of another process below /proc, the mode is not what refuses. */
static bool is_of_process(struct facts *f, const struct look *look)
{
	return S_ISDIR(look->at_node.mode) && (look->at_node.mode & 0111) == 0111 && look->at.n > strlen("/proc/") &&
	       bytes_begins(look->at, "/proc/") && !directory_has_acl(f, look->at);
}

/* Nobody but him: what others may is not for us to widen. A server has its own idea of who may. */
static void say_let_pass(struct facts *f, const struct look *look, struct buffer *out)
{
	const struct mount_row *mount = view_mount(f->view, &look->at_node);
	uint32_t uid = facts_credentials(f)->uid;

	if (uid == RECORD_UNKNOWN || !S_ISDIR(look->at_node.mode) || !mount || !mount_is_local(mount))
		return;
	if (look->at_node.uid == uid)
		buffer_printf(out, "; give its owner the way back with: chmod u+x %s", hint_word(f, look->at));
	else
		buffer_printf(out,
			      "; move it to where that user may go, or let him alone pass with: setfacl -m u:%u:x %s",
			      uid, hint_word(f, look->at));
}

static void say_search(struct facts *f, struct subject *s, struct buffer *out)
{
	const struct look *look = facts_look(f, s);
	bool acl;

	if (is_of_process(f, look)) {
		buffer_printf(out,
			      "%s may not see what %s has: that is another process's, and the rules for tracing it "
			      "(ptrace) forbid it, so %s cannot be reached",
			      hint_caller(f), hint_name(f, look->at), hint_subject(f, s));
		return;
	}
	acl = directory_has_acl(f, look->at);
	buffer_printf(out, "%s may not pass through %s (%s%s), so %s cannot be reached", hint_caller(f),
		      hint_name(f, look->at), hint_owner(f, &look->at_node), acl_of(f, acl, look->at),
		      hint_subject(f, s));
	say_let_pass(f, look, out);
}

static void say_not_for_user(struct facts *f, struct subject *s, struct buffer *out)
{
	const struct look *look = facts_look(f, s);
	struct look_how how = { .view = f->view, .credentials = facts_credentials(f) };
	bool guess = look_access(&how, look->handle, &look->node) == ACCESS_UNSURE;

	buffer_printf(out, "%s may %snot execute %s (%s%s)", hint_caller(f), rule_likely(guess), hint_subject(f, s),
		      hint_owner(f, &look->node), acl_of(f, has_acl(f, look->handle, &look->node), look->at));
}

/* What kind of file it is never changes, but another may have its name. */
static const char *kind_then(struct facts *f)
{
	return facts_kind_is_unsure(f, f->at) ? ", and likely was one then" : "";
}

void say_special(struct facts *f, const struct rule *rule, struct buffer *out)
{
	(void)rule;
	buffer_printf(out, "%s is %s%s: only regular files can be executed", hint_subject(f, f->at), kind_of(f, f->at),
		      kind_then(f));
}

/* Then a mode that allows it is of no use. */
static bool is_on_noexec(struct facts *f, const struct look *look)
{
	const struct mount_row *mount = view_mount(f->view, &look->node);

	return mount && mount->noexec;
}

/* What can be given it is only what is there, and what should be given it only what is a program. */
static void say_no_x(struct facts *f, const struct look *look, struct buffer *out)
{
	struct bytes head;

	buffer_printf(out, "%s has no execute permission (mode %04o)", hint_subject(f, f->at),
		      facts_mode(f, f->at) & 07777);
	if (!look || look->error || bytes_ends(look->at, " (deleted)"))
		return;
	if (is_on_noexec(f, look)) {
		buffer_printf(out, ", and lies on %s, which is mounted noexec",
			      hint_mount(f, view_mount(f->view, &look->node)));
		return;
	}
	head = facts_head(f, f->at);
	if (is_program(head))
		buffer_printf(out, "; give it with: chmod +x %s", hint_word(f, look->at));
	else if (head.p)
		buffer_printf(out, ", and is %s",
			      file_what(head).kind == FILE_TEXT ? "text without a #! line" : file_what(head).name);
}

/* The mount's root, for what is to be copied. */
static void say_noexec(struct facts *f, const struct look *look, const char *subject, struct buffer *out)
{
	const struct mount_row *mount = view_mount(f->view, &look->node);

	buffer_printf(out, "%s lies on %s, which is mounted noexec; move it to another file system", subject,
		      hint_mount(f, mount));
	if (mount)
		buffer_printf(out, ", or allow all that is there to be executed: mount -o remount,exec %s",
			      hint_word(f, mount->at));
}

static void say_nosymfollow(struct facts *f, const struct look *look, const char *subject, struct buffer *out)
{
	buffer_printf(
		out, "the link %s on the way to %s lies on %s, which is mounted nosymfollow; pass a path without links",
		hint_name(f, look->link), subject, hint_mount(f, look->nosymfollow));
	if (look->nosymfollow)
		buffer_printf(out, ", or allow all links there to be followed: mount -o remount,symfollow %s",
			      hint_word(f, look->nosymfollow->at));
}

static void say_protected(struct facts *f, const struct look *look, struct buffer *out)
{
	struct bytes directory = bytes_first(look->at, look->at.n - bytes_base(look->at).n);

	if (directory.n > 1)
		directory.n--;
	buffer_printf(
		out,
		"%s may not follow the link %s (owner %u): in %s, where everybody may make links, only the caller's "
		"own and those of the directory's owner are followed (sysctl fs.protected_symlinks)",
		hint_caller(f), hint_name(f, look->at), look->at_node.uid, hint_name(f, directory));
}

void say_obstacle(struct facts *f, const struct rule *rule, struct buffer *out)
{
	const struct look *look = facts_look(f, f->at);
	const char *subject = hint_subject(f, f->at);

	(void)rule;
	switch (facts_obstacle(f, f->at)) {
	case OBSTACLE_SEARCH:
		say_search(f, f->at, out);
		break;
	case OBSTACLE_NOSYMFOLLOW:
		say_nosymfollow(f, look, subject, out);
		break;
	case OBSTACLE_PROTECTED:
		say_protected(f, look, out);
		break;
	case OBSTACLE_VIRTUAL:
		buffer_printf(out, "%s lies on %s: nothing there can be executed", subject,
			      hint_mount(f, view_mount(f->view, &look->node)));
		break;
	case OBSTACLE_DIRECTORY:
		buffer_printf(out, "%s is a directory%s", subject, kind_then(f));
		break;
	case OBSTACLE_SPECIAL:
		say_special(f, rule, out);
		break;
	case OBSTACLE_NO_X:
		say_no_x(f, look, out);
		break;
	case OBSTACLE_NO_X_FOR_USER:
		say_not_for_user(f, f->at, out);
		break;
	case OBSTACLE_NOEXEC:
		say_noexec(f, look, subject, out);
		break;
	default:
		hint_missing(f, f->at, out);
	}
}

/* --- a name that is too long --- */

/* The first name of a path that is longer than any can be. p NULL: there is none. */
static struct bytes long_name(struct bytes path)
{
	size_t n;

	for (size_t i = 0; i < path.n; i += n + 1) {
		const char *slash = memchr(path.p + i, '/', path.n - i);

		n = slash ? (size_t)(slash - path.p) - i : path.n - i;
		if (n > NAME_MAX)
			return (struct bytes){ path.p + i, n };
	}
	return (struct bytes){};
}

/* As it was asked for. */
static struct bytes path_of(const struct facts *f)
{
	return f->at == f->program ? f->event->path : f->at->name;
}

bool is_name_too_long(struct facts *f, const struct rule *rule)
{
	if (f->error != ENAMETOOLONG || f->at->role != rule->role || !rule_at(f, rule->stage))
		return false;
	/* Then there was no need to look. */
	f->user &= !long_name(path_of(f)).p;
	return true;
}

void say_name_too_long(struct facts *f, const struct rule *rule, struct buffer *out)
{
	struct bytes name = long_name(path_of(f));
	const char *subject = f->at == f->program ? hint_name(f, path_of(f)) : hint_subject(f, f->at);

	(void)rule;
	if (!name.p)
		buffer_printf(out, "a name on the way to %s is longer than its file system allows", subject);
	else if (f->at == f->program)
		buffer_printf(out, "the name %s in the path has %zu bytes: a file name can have %d", hint_name(f, name),
			      name.n, NAME_MAX);
	else
		buffer_printf(out, "a name in the path of %s has %zu bytes: a file name can have %d", subject, name.n,
			      NAME_MAX);
}

/* --- open for writing --- */

/*
 * The program is what the kernel opens first; only where nobody writes to it, others are looked for by what is in it.
 */
static struct subject *busy_in_chain(struct facts *f, struct view_holder *holder)
{
	struct subject *s;

	if (facts_holder(f, VIEW_WRITERS, f->program, holder))
		return f->program;
	s = facts_try(f)->at;
	while (s && !facts_holder(f, VIEW_WRITERS, s, holder))
		s = s->asker;
	return s;
}

/* Without a hook in the exec it can be any file on the way: then it is the one that has a writer. */
static struct subject *busy_subject(struct facts *f, struct view_holder *holder)
{
	struct subject *busy;

	if (f->stage != STAGE_UNKNOWN || !f->view)
		return f->at;
	busy = busy_in_chain(f, holder);
	return busy ? busy : f->at;
}

/* Whoever is seen writing explains it better. */
static bool is_of_other(struct facts *f)
{
	struct view_holder holder;
	bool user = f->user;

	if (!facts_holder(f, VIEW_WRITERS, f->at, &holder) && (rule_listener(f, &holder) || rule_filtered(f)))
		return true;
	f->user = user;
	return false;
}

bool is_busy(struct facts *f, const struct rule *rule)
{
	struct view_holder holder;
	struct subject *busy;

	if (f->error != ETXTBSY)
		return false;
	busy = busy_subject(f, &holder);
	if (busy->role != rule->role || (f->stage != STAGE_UNKNOWN && !rule_opening(f)))
		return false;
	f->at = busy;
	return !is_of_other(f);
}

#define UNSEEN                                                                                                              \
	", and the writer has likely closed it by now (if it stays so, it is mapped, or the kernel has it: a loop device, " \
	"swap, an NFS server); try again"

void say_busy(struct facts *f, const struct rule *rule, struct buffer *out)
{
	const char *subject = hint_subject(f, f->at);
	struct view_holder holder = {};

	(void)rule;
	if (facts_holder(f, VIEW_WRITERS, f->at, &holder))
		buffer_printf(out, "%s is open for writing in %sprocess %u (%s)%s", subject,
			      holder.pid == f->event->pid ? "the caller itself, " : "", holder.pid,
			      hint_name(f, holder.comm),
			      holder.pid == f->event->pid ? "; close it first"
							  : "; wait for it, or put a new file in its place (mv)");
	else if (f->stage == STAGE_UNKNOWN && f->view && facts_try(f)->at != f->program)
		buffer_printf(out, "%s, or its interpreter or loader, was open for writing" UNSEEN, subject);
	else
		buffer_printf(out, "%s was open for writing" UNSEEN, subject);
}
