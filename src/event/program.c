// SPDX-License-Identifier: GPL-2.0-only
#include "event/program.h"

#include <errno.h>
#include <fcntl.h>

_Static_assert(CALLER_UNKNOWN == RECORD_UNKNOWN, "ids are handed over as they are");

static bool is_lost(const struct event *event, enum event_part part)
{
	return (event->cut | event->removed) & 1u << part;
}

static const uint32_t *pids_of_ancestors(const struct event *event)
{
	uint32_t *pids = arena_alloc(event->arena, event->n_ancestors * sizeof(*pids));

	for (size_t i = 0; i < event->n_ancestors; i++)
		pids[i] = event->ancestors[i].pid;
	return pids;
}

static struct file_id id_of(const struct event_file *file)
{
	return (struct file_id){
		.known = file->known,
		.dev = file->dev,
		.ino = file->ino,
		.mode = file->mode,
		.magic = file->magic,
		.ctime_sec = file->ctime_sec,
		.ctime_nsec = file->ctime_nsec,
	};
}

const struct caller *program_caller(const struct event *event)
{
	struct caller *caller = arena_alloc(event->arena, sizeof(*caller));

	*caller = (struct caller){
		.is_kernel = event->call == CALL_KERNEL,
		.pid = event->pid,
		.tid = event->tid,
		.ppid = event->ppid,
		.ns_pid = event->ns_pid,
		.uid = event->uid,
		.euid = event->euid,
		.exe = is_lost(event, PART_EXE) ? (struct bytes){} : event->exe,
		.pid_ns = event->pid_ns,
		.mnt_ns = event->mnt_ns,
		.ancestors = pids_of_ancestors(event),
		.n_ancestors = event->n_ancestors,
		.failed_ns = event->failed_ns,
		.root_is = id_of(&event->root_file),
		.cwd_is = id_of(&event->cwd_file),
		.root = event->root,
		.cwd = event->cwd,
		.cwd_lost = is_lost(event, PART_CWD),
		.at_descriptor = event->call == CALL_EXECVEAT && event->dirfd != AT_FDCWD,
		.descriptor = is_lost(event, PART_DIRFD_PATH) ? (struct bytes){} : event->dirfd_path,
		.behind = id_of(&event->dirfd_file),
	};
	return caller;
}

static bool has_no_path(const struct event *event)
{
	return event->call == CALL_EXECVEAT && event->flags & AT_EMPTY_PATH && event->path.p && !event->path.n;
}

bool program_is_descriptor(const struct event *event)
{
	return has_no_path(event) && event->dirfd >= 0;
}

bool program_is_cwd(const struct event *event)
{
	return has_no_path(event) && event->dirfd == AT_FDCWD;
}

bool program_closes(const struct event *event)
{
	return event->call == CALL_EXECVEAT && event->seen & SEEN_CLOSES && event->path.p &&
	       !bytes_begins(event->path, "/");
}

/* The longest path that the kernel takes fills up its buffer, and is whole all the same. */
static bool was_cut(const struct event *event)
{
	return event->cut & 1u << PART_PATH && (event->path.n + 1 < RECORD_PATH_MAX || event->ret == -ENAMETOOLONG);
}

static void look_for(const struct look_how *how, const struct event *event, struct look *look)
{
	const struct caller *caller = program_caller(event);
	bool descriptor = program_is_descriptor(event), other = false;
	struct view_path path = {};

	if (descriptor && how->view->standing >= VIEW_CALLER) {
		look_descriptor(how, event->dirfd, look);
		/* Its number may be that of another file by now. */
		look_expect(how, &caller->behind, look);
		if (!look->error)
			return;
		other = look->other;
	}
	if (event->path.p && (event->path.n || descriptor) && !was_cut(event))
		path = view_path_of_program(how->view, caller, event->path);
	else if (!event->path.p)
		path = view_path_of_image(how->view, caller, event->image);
	look_path(how, path, look);
	look->other |= other && look->error;
}

void program_look(const struct look_how *how, const struct event *event, struct look *look)
{
	struct file_id opened = id_of(&event->binary);

	look_for(how, event, look);
	/* What the kernel has opened is the program, whatever has its name by now. */
	if (event->binary_source == BINARY_SOURCE_KERNEL)
		look_expect(how, &opened, look);
}

bool program_follows(const struct event *event)
{
	return !(event->call == CALL_EXECVEAT && event->flags & AT_SYMLINK_NOFOLLOW);
}

static struct bytes text_of(struct view *view, const char *name)
{
	return view->ops->text(view, VIEW_PROCESS, name);
}

/* Where the maps cannot be read, or have not been written yet, it is not known for which files capabilities hold. */
static void ask_user_ns(struct view *view, struct credentials *credentials)
{
	credentials->uid_map = text_of(view, "uid_map");
	credentials->gid_map = text_of(view, "gid_map");
	credentials->other_user_ns = access_is_other_user_ns(credentials->uid_map, credentials->gid_map);
}

void program_credentials(struct view *view, const struct event *event, struct credentials *credentials)
{
	struct bytes status = view->standing >= VIEW_CALLER ? text_of(view, "status") : (struct bytes){};

	*credentials = access_nobody;
	if (status.p)
		access_parse_status(event->arena, status, credentials);
	if (credentials->capabilities_known && credentials->effective)
		ask_user_ns(view, credentials);
	/* What it was then counts more than what it is now. */
	if (event->euid != RECORD_UNKNOWN)
		credentials->uid = event->euid;
	if (credentials->gid == RECORD_UNKNOWN)
		credentials->gid = event->gid;
}

bool program_was_allowed(const struct event *event)
{
	return event_error(event) != EACCES;
}
