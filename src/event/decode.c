// SPDX-License-Identifier: GPL-2.0-only
#include "event/decode.h"

#include "base/clock.h"
#include "event/magic.h"
#include "event/strings.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>

#define NS_PER_SEC 1000000000LL

void decode_clock(struct decode *decode)
{
	decode->clock_offset_ns = clock_kernel_offset(CLOCK_REALTIME);
	decode->boot_offset_ns = clock_kernel_offset(CLOCK_BOOTTIME);
}

static struct bytes bytes_copy(struct arena *arena, const char *p, size_t n)
{
	return (struct bytes){ .p = arena_copy(arena, p, n), .n = n };
}

static struct bytes comm_copy(struct arena *arena, const char *comm)
{
	return bytes_copy(arena, comm, strnlen(comm, RECORD_COMM));
}

/* Names from the leaf up, each with its NUL, become a path from the root down. */
static struct bytes path_join(struct arena *arena, const struct piece *piece, const char *suffix)
{
	size_t room = piece->n + 1 + strlen(suffix);
	char *out = arena_alloc(arena, room + 1), *at = out;
	size_t end = piece->n, start;

	while (end > 0) {
		end--; /* the NUL behind the name */
		for (start = end; start > 0 && piece->p[start - 1]; start--)
			;
		if (end > start) {
			*at++ = '/';
			memcpy(at, piece->p + start, end - start);
			at += end - start;
		}
		end = start;
	}
	if (at == out)
		*at++ = '/';
	memcpy(at, suffix, strlen(suffix));
	at += strlen(suffix);
	return (struct bytes){ .p = out, .n = at - out };
}

static struct bytes components_path(struct event *e, const struct piece *piece, enum event_part part)
{
	piece_mark(e, part, piece->flags);
	/* As /proc shows it. */
	return path_join(e->arena, piece, piece->flags & SECTION_DELETED ? " (deleted)" : "");
}

static struct bytes numbered(struct event *e, const char *kind, uint64_t ino)
{
	return bytes_of(arena_printf(e->arena, "%s:[%llu]", kind, (unsigned long long)ino));
}

/* What has no place in a directory has a name all the same: as /proc/PID/fd shows it, but for namespaces. */
static struct bytes file_path(struct event *e, const struct event_file *file, const struct piece *piece,
			      enum event_part part)
{
	switch (file->magic) {
	case PIPEFS_MAGIC:
		return numbered(e, "pipe", file->ino);
	case SOCKFS_MAGIC:
		return numbered(e, "socket", file->ino);
	case ANON_INODE_FS_MAGIC:
		return bytes_of(arena_printf(e->arena, "anon_inode:%.*s", (int)strnlen(piece->p, piece->n), piece->p));
	case PID_FS_MAGIC:
		return bytes_of("anon_inode:[pidfd]");
	case NSFS_MAGIC:
		/* /proc has the kind of namespace, too: net:[N]. */
		return numbered(e, "nsfs", file->ino);
	default:
		return components_path(e, piece, part);
	}
}

static void file_copy(struct event_file *to, const struct record_file *from)
{
	to->known = from->dev != RECORD_UNKNOWN;
	if (!to->known)
		return;
	/* The kernel's dev_t is not the one that it gives to stat(2). */
	to->dev = makedev(from->dev >> 20, from->dev & 0xfffff);
	to->ino = from->ino;
	to->ctime_sec = from->ctime_sec;
	to->ctime_nsec = from->ctime_nsec;
	to->mode = from->mode;
	to->magic = from->magic;
}

static void ancestors_copy(struct event *e, const struct piece *piece)
{
	struct record_ancestor a;
	size_t i, n = piece->n / sizeof(a);

	e->ancestors = arena_alloc(e->arena, (n + 1) * sizeof(*e->ancestors));
	e->n_ancestors = n;
	e->ancestors_known = true;
	piece_mark(e, PART_ANCESTORS, piece->flags);
	for (i = 0; i < n; i++) {
		memcpy(&a, piece->p + i * sizeof(a), sizeof(a));
		e->ancestors[i].pid = a.pid;
		e->ancestors[i].comm = comm_copy(e->arena, a.comm);
	}
}

/* What the kernel calls pts3 is pts/3 in /dev, and to everybody. */
static struct bytes tty_name(struct event *e, const struct piece *piece)
{
	struct bytes name = bytes_copy(e->arena, piece->p, piece->n);

	if (!bytes_begins(name, "pts"))
		return name;
	name = bytes_after(name, strlen("pts"));
	return bytes_of(arena_printf(e->arena, "pts/%.*s", (int)name.n, name.p));
}

/* The kernel made /dev/fd/N/PATH of execveat()'s N and PATH; the user's part is what is behind. */
static struct bytes path_given(struct event *e, const struct piece *piece)
{
	char prefix[32];
	size_t n = 0;

	if (piece->flags & SECTION_UNREADABLE)
		return (struct bytes){};
	if (piece->flags & SECTION_FDPATH && e->call == CALL_EXECVEAT && e->dirfd != AT_FDCWD) {
		n = snprintf(prefix, sizeof(prefix), "/dev/fd/%d", e->dirfd);
		if (piece->n < n || memcmp(piece->p, prefix, n))
			n = 0;
		else if (piece->n > n)
			n = piece->p[n] == '/' ? n + 1 : 0;
	}
	return bytes_copy(e->arena, piece->p + n, piece->n - n);
}

static void longest_set(struct event *e, const struct piece *piece)
{
	struct record_longest longest;

	if (piece->n < sizeof(longest))
		return;
	memcpy(&longest, piece->p, sizeof(longest));
	e->longest = (struct event_longest){
		.known = true,
		.variable = longest.kind == SECTION_ENVIRONMENT,
		.index = longest.index,
		.length = longest.len,
		.total = longest.total,
		.start = bytes_copy(e->arena, piece->p + sizeof(longest), piece->n - sizeof(longest)),
	};
}

static void file_set(struct event_file *to, const struct piece *piece)
{
	struct record_file file;

	if (piece->n < sizeof(file))
		return;
	memcpy(&file, piece->p, sizeof(file));
	file_copy(to, &file);
}

static void piece_use(struct event *e, enum section_kind kind, const struct piece *piece)
{
	switch (kind) {
	case SECTION_PATH:
		piece_mark(e, PART_PATH, piece->flags);
		e->path = path_given(e, piece);
		break;
	case SECTION_INTERPRETER:
		piece_mark(e, PART_INTERPRETER_PATH, piece->flags);
		e->interpreter = bytes_copy(e->arena, piece->p, piece->n);
		break;
	case SECTION_ARGUMENTS:
		e->arguments = strings_of(e, piece, PART_ARGUMENTS);
		break;
	case SECTION_ENVIRONMENT:
		e->environment = strings_of(e, piece, PART_ENVIRONMENT);
		break;
	case SECTION_BINARY:
		e->binary.path = file_path(e, &e->binary, piece, PART_BINARY_PATH);
		break;
	case SECTION_STDIN:
		e->in.path = file_path(e, &e->in, piece, PART_STDIN_PATH);
		break;
	case SECTION_EXE:
		e->exe = components_path(e, piece, PART_EXE);
		break;
	case SECTION_CWD:
		e->cwd = components_path(e, piece, PART_CWD);
		break;
	case SECTION_ROOT:
		if (!(piece->flags & (SECTION_CUT | SECTION_UNREADABLE | SECTION_DELETED)))
			e->root = path_join(e->arena, piece, "");
		break;
	case SECTION_DIRFD:
		e->dirfd_path = file_path(e, &e->dirfd_file, piece, PART_DIRFD_PATH);
		break;
	case SECTION_CGROUP:
		e->cgroup = components_path(e, piece, PART_CGROUP);
		break;
	case SECTION_TTY:
		e->tty = tty_name(e, piece);
		break;
	case SECTION_ANCESTORS:
		ancestors_copy(e, piece);
		break;
	case SECTION_CAUSE:
		e->cause_path = bytes_copy(e->arena, piece->p, piece->n);
		break;
	case SECTION_LONGEST:
		longest_set(e, piece);
		break;
	case SECTION_ARGV:
		if (piece->n == sizeof(e->argv))
			memcpy(&e->argv, piece->p, sizeof(e->argv));
		break;
	case SECTION_INTERP:
		piece_mark(e, PART_INTERP, piece->flags);
		e->interp = bytes_copy(e->arena, piece->p, piece->n);
		break;
	case SECTION_PREV_COMM:
		e->prev_comm = bytes_copy(e->arena, piece->p, strnlen(piece->p, piece->n));
		break;
	case SECTION_LOADER_FILE:
		file_set(&e->loader, piece);
		break;
	case SECTION_LOADER:
		e->loader.path = components_path(e, piece, PART_LOADER);
		break;
	case SECTION_STDERR_FILE:
		file_set(&e->err, piece);
		break;
	case SECTION_STDERR:
		e->err.path = file_path(e, &e->err, piece, PART_STDERR_PATH);
		break;
	case SECTION_HEAD:
		e->head = bytes_copy(e->arena, piece->p, piece->n);
		break;
	case SECTION_KINDS:
		break;
	}
}

/* Those of a later version are passed over. */
static int sections_decode(struct event *e, uint32_t leave, const char *p, size_t n)
{
	struct section head;
	struct piece piece;

	while (n >= sizeof(head)) {
		memcpy(&head, p, sizeof(head));
		p += sizeof(head);
		n -= sizeof(head);
		if (head.len > n)
			return -EBADMSG;
		piece = (struct piece){ .flags = head.flags, .p = p, .n = head.len };
		if (head.kind < SECTION_KINDS && !(leave & 1u << head.kind))
			piece_use(e, head.kind, &piece);
		p += head.len;
		n -= head.len;
	}
	return n ? -EBADMSG : 0;
}

static void time_set(const struct decode *decode, struct event *e, uint64_t monotonic)
{
	int64_t ns = (int64_t)monotonic + decode->clock_offset_ns;

	e->time_sec = ns / NS_PER_SEC;
	e->time_nsec = ns % NS_PER_SEC;
	e->failed_ns = (int64_t)monotonic + decode->boot_offset_ns;
}

/* The call came back with an error, and the function behind it was never entered. */
static bool answered_by_filter(uint32_t seen, const struct record *r)
{
	return seen & SEEN_ENTRY && seen & SEEN_FILTERED && !(seen & (SEEN_ENTERED | SEEN_COMPAT)) &&
	       r->call != CALL_KERNEL;
}

static uint32_t seen_of(const struct decode *decode, const struct record *r)
{
	uint32_t seen = r->seen | decode->seen;

	return answered_by_filter(seen, r) ? seen | SEEN_SECCOMP : seen;
}

static void head_decode(const struct decode *decode, struct event *e, const struct record *r)
{
	time_set(decode, e, r->time_ns);
	e->call = r->call;
	e->ret = r->ret;
	e->seen = seen_of(decode, r);
	e->step = r->step;
	e->level = r->level;
	e->pid = r->pid;
	e->tid = r->tid;
	e->ppid = r->ppid;
	e->ns_pid = r->ns_pid ?: RECORD_UNKNOWN;
	e->uid = r->uid;
	e->gid = r->gid;
	e->euid = r->euid;
	e->loginuid = r->loginuid;
	e->mnt_ns = r->mnt_ns;
	e->pid_ns = r->pid_ns;
	e->dirfd = r->call == CALL_EXECVEAT ? r->dirfd : AT_FDCWD;
	e->flags = r->flags;
	e->argc = r->argc;
	e->envc = r->envc;
	e->signal = r->signal;
	e->cause_pid = r->cause_pid;
	/* The kernel kills who fails past the point of no return. */
	if (r->seen & SEEN_NO_RETURN)
		e->signal = SIGSEGV;
	e->comm = comm_copy(e->arena, r->comm);
	file_copy(&e->binary, &r->binary);
	e->binary_source = e->binary.known ? BINARY_SOURCE_KERNEL : BINARY_SOURCE_NONE;
	file_copy(&e->in, &r->stdin_file);
	e->in_known = true;
	file_copy(&e->dirfd_file, &r->dirfd_file);
	file_copy(&e->root_file, &r->root_file);
	file_copy(&e->cwd_file, &r->cwd_file);
	e->user_ns_owner = r->user_ns_owner;
	e->cgroup_id = r->cgroup;
}

/* A list whose end was seen was counted, too. */
static void count_set(const struct event *e, const struct bytes_list *list, enum event_part part, uint32_t *count)
{
	if (*count == RECORD_UNKNOWN && list->known && !list->more && !(e->unreadable & 1u << part))
		*count = list->n;
}

static void counts_set(struct event *e)
{
	uint32_t doubt = e->cut | e->unreadable;

	count_set(e, &e->arguments, PART_ARGUMENTS, &e->argc);
	count_set(e, &e->environment, PART_ENVIRONMENT, &e->envc);
	/* Since 5.18 the kernel gives a program without arguments an empty one. */
	if (e->argc == 1 && e->arguments.known && !e->arguments.n && !(doubt & 1u << PART_ARGUMENTS))
		e->argc = 0;
}

/* Of a script, what has taken the caller's place is its interpreter. comm, which is the new one's by then, tells. */
static void image_set(struct event *e)
{
	struct bytes path = e->binary.path;
	struct bytes name = bytes_base(path);

	if (!(e->cut & 1u << PART_BINARY_PATH))
		e->image = path;
	if (name.n && name.n < path.n && bytes_same(bytes_first(name, RECORD_COMM - 1), e->comm))
		return;
	e->binary = (struct event_file){};
	e->binary_source = BINARY_SOURCE_NONE;
}

/* The record, unless it is none that makes sense. */
static bool head_read(const void *data, size_t size, struct record *r)
{
	if (size < sizeof(*r))
		return false;
	memcpy(r, data, sizeof(*r));
	if (r->len < sizeof(*r) || r->len > size)
		return false;
	if (r->kind < RECORD_FAILED || r->kind >= RECORD_KINDS || r->call > CALL_KERNEL)
		return false;
	return r->call != CALL_UNKNOWN || r->kind == RECORD_STARTED || r->kind == RECORD_ENDED;
}

struct event_set decode_events(const void *data, size_t size)
{
	struct record r;

	return head_read(data, size, &r) ? events_of_record(r.kind, r.call) : (struct event_set){};
}

/*
 * The caller's arguments, where a script's interpreter has changed them: before what the caller gave are the names of
 * interpreters, their arguments, and the script in the place of the first.
 */
static void arguments_of_caller(struct event *e)
{
	struct bytes_list *list = &e->arguments;
	size_t i = 1;

	if (!list->n || bytes_same(e->interp, e->path))
		return;
	while (i < list->n && !bytes_same(list->v[i], e->path))
		i++;
	if (i == list->n)
		i = 0;
	list->v += i;
	list->n -= i;
	list->v[0] = (struct bytes){};
	e->argc = e->argc == RECORD_UNKNOWN ? e->argc : e->argc - (uint32_t)i;
	e->unreadable |= 1u << PART_ARGUMENTS;
}

/* Of a call that has made the program start: what the caller was before. */
static void caller_set(struct event *e)
{
	arguments_of_caller(e);
	e->comm = e->prev_comm;
}

/* No call has failed, but what runs has. */
static void ended_set(struct event *e)
{
	e->exit_code = (uint32_t)e->ret;
	e->ret = 0;
	e->image = e->exe;
	if (e->seen & SEEN_LOADER)
		e->stage = STAGE_LOADER;
}

int decode_record(const struct decode *decode, const void *data, size_t size, struct arena *arena, struct event *e)
{
	struct record r;
	int err;

	if (!head_read(data, size, &r))
		return -EBADMSG;
	memset(e, 0, sizeof(*e));
	e->arena = arena;
	e->type = decode->type ?: events_first(events_of_record(r.kind, r.call));
	head_decode(decode, e, &r);
	err = sections_decode(e, decode->leave, (const char *)data + sizeof(r), r.len - sizeof(r));
	counts_set(e);
	if (e->seen & SEEN_IMAGE && r.kind == RECORD_FAILED)
		image_set(e);
	/* Its call is known by what was noted of it. */
	if (r.kind == RECORD_STARTED)
		e->seen &= ~(uint32_t)SEEN_IMAGE;
	if (r.kind == RECORD_STARTED && e->type != EVENT_SCHED_PROCESS_EXEC)
		caller_set(e);
	if (r.kind == RECORD_ENDED)
		ended_set(e);
	return err;
}

void decode_arguments(struct event *e, struct bytes joined)
{
	e->arguments = strings_joined(e, &(struct piece){ .p = joined.p, .n = joined.n });
	if (e->argc == RECORD_UNKNOWN)
		e->argc = (uint32_t)e->arguments.n;
	e->unreadable &= ~(1u << PART_ARGUMENTS);
	e->late |= 1u << PART_ARGUMENTS;
	e->argv = 0;
}
