// SPDX-License-Identifier: GPL-2.0-only
/* Causes below the file system: a server, a disk, another process. */
#include <errno.h>
#include <stdlib.h>

#include "cause/hint.h"
#include "cause/rules.h"

/* Where it is not known which file could not be read: the one that cannot be looked at either. */
static struct subject *unreadable(struct facts *f)
{
	const struct trial *trial;

	if (!f->view || f->at != f->program || (f->stage != STAGE_UNKNOWN && f->stage != STAGE_INTERPRETER))
		return f->at;
	trial = facts_try(f);
	return trial->error == EAGAIN ? trial->at : f->at;
}

/* By its path alone: such a file system is not to be touched. NULL: unknown. */
static const struct mount_row *mount_of(struct facts *f)
{
	struct subject *s = unreadable(f);
	const struct mounts *mounts = NULL;
	struct view_path path = {};

	if (f->view && s->name.p)
		path = s == f->program ? view_path_of_program(f->view, f->caller, s->name)
				       : view_path_of(f->view, f->caller, s->name);
	if (path.path.p)
		mounts = f->view->ops->mounts(f->view);
	return mounts ? mounts_by_path(mounts, path.path) : NULL;
}

/* No server is behind it. */
static bool is_local(struct facts *f)
{
	bool user = f->user;
	const struct mount_row *mount = mount_of(f);

	f->user = user;
	return mount && mount_is_local(mount);
}

static const char *where(struct facts *f)
{
	const struct mount_row *mount = mount_of(f);
	const char *subject = hint_subject(f, unreadable(f));

	return mount ? arena_printf(f->arena, "%s, on %s", subject, hint_mount(f, mount)) : subject;
}

static bool is_disconnected(struct facts *f, const struct rule *rule)
{
	(void)rule;
	if (rule_filtered(f) || is_local(f))
		return false;
	switch (f->error) {
	case ENOTCONN:
	case ECONNABORTED:
	case ECONNREFUSED:
	case ECONNRESET:
	case EHOSTDOWN:
	case EHOSTUNREACH:
	case ENETDOWN:
	case ENETUNREACH:
	case ETIMEDOUT:
		return true;
	default:
		return false;
	}
}

static void say_disconnected(struct facts *f, const struct rule *rule, struct buffer *out)
{
	(void)rule;
	buffer_printf(out, "the file system of %s has lost its server; unmount it (umount -l) and mount it again",
		      where(f));
}

static bool is_stale(struct facts *f, const struct rule *rule)
{
	(void)rule;
	return f->error == ESTALE && !rule_filtered(f);
}

static void say_stale(struct facts *f, const struct rule *rule, struct buffer *out)
{
	(void)rule;
	buffer_printf(out, "the %s no longer knows %s: the file or its directory was replaced %s; mount it again",
		      is_local(f) ? "file system" : "server", where(f), is_local(f) ? "below it" : "there");
}

/* What can be read now did not fail for want of its device; and a process that the kernel asks may answer this, too. */
static bool is_of_listener(struct facts *f)
{
	struct view_holder holder;
	bool user = f->user;

	if (rule_listener(f, &holder) && facts_head(f, f->at).p)
		return true;
	f->user = user;
	return false;
}

static bool is_storage_error(struct facts *f, const struct rule *rule)
{
	(void)rule;
	if (rule_filtered(f))
		return false;
	switch (f->error) {
	case EIO:
		return !is_of_listener(f);
	case EUCLEAN:
	case EBADMSG:
	case EREMOTEIO:
	case ENXIO:
	case ENODEV:
	case ENODATA:
	case ENOMEDIUM:
		return true;
	default:
		return false;
	}
}

/* load_elf_binary() answers it of a loader that ends within its header, too. */
static bool is_read_error_unsure(struct facts *f, struct subject *s)
{
	const struct look *look = facts_look(f, s);

	return f->error == EIO && (f->stage == STAGE_UNKNOWN || f->stage == STAGE_INTERPRETER) &&
	       !(look && look->error == EIO);
}

static void say_storage_error(struct facts *f, const struct rule *rule, struct buffer *out)
{
	struct subject *s = unreadable(f);
	bool unsure = is_read_error_unsure(f, s), unread = unsure && !facts_head(f, s).p;

	(void)rule;
	buffer_printf(out, "the file system %scannot read %s", rule_likely(unsure), where(f));
	if (unread && s->role == ROLE_LOADER)
		buffer_puts(out, ", or it ends within its header");
	else if (unread)
		buffer_puts(out, ", or it asks for an ELF loader that ends within its header");
	buffer_puts(out, "; look into the kernel's log (dmesg) for errors of its device");
}

/* --- FUSE --- */

/*
 * fuse_allow_current_process(): who may touch such a file system, where not all may. False: all may, or it is another.
 */
static bool fuse_user(const struct mount_row *mount, uint32_t *user)
{
	struct bytes id = mount_option(mount, "user_id=");

	if (!bytes_begins(mount->type, "fuse") || mount_option(mount, "allow_other").p || !id.n)
		return false;
	*user = (uint32_t)strtoul(id.p, NULL, 10);
	return true;
}

static bool is_other_user(struct facts *f, const struct rule *rule)
{
	const struct mount_row *mount;
	uint32_t user;

	(void)rule;
	if (f->error != EACCES || (f->stage != STAGE_UNKNOWN && !rule_opening(f)) ||
	    facts_obstacle(f, unreadable(f)) != OBSTACLE_UNSEEN)
		return false;
	f->user = true;
	mount = mount_of(f);
	return mount && fuse_user(mount, &user) && user != facts_credentials(f)->uid;
}

static void say_other_user(struct facts *f, const struct rule *rule, struct buffer *out)
{
	uint32_t user = 0;

	(void)rule;
	fuse_user(mount_of(f), &user);
	buffer_printf(
		out,
		"%s may not touch %s, which is for user %u alone, root being no exception; mount it with -o allow_other, or "
		"start the program as that user",
		hint_caller(f), where(f), user);
}

const struct rule rules_storage[] = {
	{ .code = "fuse_other_user",
	  .own = true,
	  .applies = is_other_user,
	  .hint = say_other_user,
	  .looks =
		  "EACCES, for root as well: the program is on a FUSE file system of another user (sshfs, AppImage, rclone).",
	  .also = "The FUSE process, which may answer EACCES of itself, to whom it likes.",
	  .fix = "Mount it with -o allow_other (and user_allow_other in /etc/fuse.conf), or be that user (sudo -u)." },
	{ .code = "storage_disconnected",
	  .applies = is_disconnected,
	  .hint = say_disconnected,
	  .looks = "ENOTCONN, ETIMEDOUT, EHOSTDOWN: the FUSE process or the server of the file system has gone.",
	  .also = "A seccomp filter, which is told where the file can be read. Behind a disk there is no server.",
	  .fix = "Unmount (umount -l, fusermount -u) and mount it again; look for a crash of the FUSE process." },
	{ .code = "storage_stale",
	  .applies = is_stale,
	  .hint = say_stale,
	  .looks = "ESTALE on NFS, overlayfs and their like: the file below was replaced, or its export changed.",
	  .also = "A seccomp filter, which is told where the file can be read.",
	  .fix = "Change out of and into the directory, or mount the file system again." },
	{ .code = "storage_error",
	  .applies = is_storage_error,
	  .hint = say_storage_error,
	  .looks = "EIO, EUCLEAN: the storage failed, or the file system is damaged.",
	  .also = "A fanotify listener or a seccomp filter, which are told where the file can be read; an ELF loader that ends within its header: where nobody could look it is \"likely\".",
	  .fix = "See dmesg; check the disk and the file system, restore the file." },
	{},
};
