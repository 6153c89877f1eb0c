/* SPDX-License-Identifier: GPL-2.0-only */
/* The real world, through /proc: what the files view_*.c and views.c share, and nobody else. */
#ifndef EXECFAIL_VIEW_LIVE_H
#define EXECFAIL_VIEW_LIVE_H

#include <sys/utsname.h>

#include "look/view.h"

enum {
	TABLES = 4, /* tables of other namespaces' mounts that are kept */
	RETIRED = 4, /* tables that one view reads: ours and another's, each once more */
	HELD = 8, /* answers about who holds a file that are kept */
};

/* An id of ours for the mount that memfds are on, which is in no table. */
#define MEMORY_MOUNT UINT64_MAX

/* Another namespace's mounts, as they were a moment ago. */
struct table {
	uint64_t root_mount; /* by an id that is never used again */
	uint64_t root; /* its inode number: paths are from there */
	int64_t read; /* when reading it began, in ns by the clock of caller->failed_ns */
	struct mounts mounts;
};

/* What was found out about who holds a file. */
struct held {
	enum view_hold hold;
	dev_t dev;
	uint64_t ino;
	int64_t asked; /* when asking began, in ns by the clock of caller->failed_ns; 0: never */
	bool found;
	uint32_t pid;
	char comm[64];
};

struct views {
	const char *proc;
	const char *sys;
	const char *root;
	int root_fd; /* what is there, O_PATH; -1: none. Held, so that it need not be asked for again */
	uint32_t mnt_ns; /* our own; 0: unknown */
	uint32_t user_ns; /* likewise */
	uint32_t first_mnt_ns; /* that of the first process in our /proc; 0: unknown */
	bool has_proc;
	uint32_t pid_ns; /* that the numbers in /proc are of; 0: unknown */
	char *own_root; /* in a chroot, which: links of others are shown as from there; else "" */
	struct utsname system;
	/* Our own namespace's mounts; the descriptor says when they change. Of others it would keep their mounts. */
	int own_fd; /* -1: not yet open */
	struct mounts own;
	struct table tables[TABLES];
	size_t next_table;
	struct audit *audit; /* NULL: none */
	dev_t memory; /* the file system that all memfds are on, which is mounted nowhere; 0: unknown */
	uint64_t memory_mount; /* its mount's id to the kernel */
	struct held held[HELD];
	size_t next_held;
	int64_t holder_steps; /* that may be spent on looking for who holds a file; may be below 0 */
	int64_t holder_filled; /* when that was last added to, in ns by CLOCK_MONOTONIC; 0: never */
};

struct view_live {
	struct view view;
	struct views *views;
	int process; /* its directory in /proc; -1: none */
	const char *pid; /* its name there; NULL: none */
	int root; /* a descriptor, O_PATH; -1: none */
	uint32_t mnt_ns; /* of root; 0: unknown */
	struct bytes status; /* of process; p NULL: not yet read */
	const struct caller *caller; /* NULL: none */
	const struct mounts *table; /* of the namespace; NULL: not yet asked */
	int trusted; /* whether whoever mounts in mnt_ns is root to us, too: enum view_answer, and -1: not yet asked */
	bool table_again; /* it was read once more, for a mount that was missing */
	struct mounts mounts; /* those that cannot be kept for longer */
	bool own_asked; /* our own table was compared with the kernel's for this view */
	struct mounts retired[RETIRED]; /* what was read before: rows of it may still be looked at */
	size_t n_retired;
};

/* Every view that these files are given is one. */
static inline struct view_live *live(struct view *view)
{
	return (struct view_live *)view;
}

/* view_caller.c: the inode number of a namespace, by its link in a directory of /proc, "ns/mnt"; 0: unknown. */
uint32_t live_namespace(int directory, const char *path);

/*
 * view_text.c: all of it from where fd stands, but no more than some MiB, in the arena with a NUL behind it; p NULL:
 * could not be read. The second opens path in a directory, and of the third path is a link.
 */
struct bytes live_read_fd(struct arena *arena, int fd);
struct bytes live_read(struct arena *arena, int directory, const char *path);
struct bytes live_read_link(struct arena *arena, int directory, const char *path);

/* view_file.c: what is known of a descriptor of ours. 0 or -errno. */
int live_node(struct view *view, int fd, struct view_node *node);

/* The id of the mount that it is on, 0 where /proc does not say. */
uint64_t live_own_mount(int fd);

/* A descriptor of ours, as a path to open what is behind it once more, in the arena. */
const char *live_own_path(struct view *view, int fd);

/* view_mount.c: of our own namespace; NULL: unknown. */
const struct mounts *live_own_mounts(struct view_live *l);

/* What struct view_ops says. */
struct bytes live_text(struct view *view, enum view_text which, const char *name);
struct bytes live_link(struct view *view, const char *name);
int live_root(struct view *view, struct view_node *node);
int live_enter(struct view *view, int directory, const char *name, struct view_node *node);
int live_follow(struct view *view, int directory, const char *name, const struct view_proc *in, struct view_node *node);
ssize_t live_self(struct view *view, int proc, bool thread, char *to, size_t size);
int live_descriptor(struct view *view, int number, struct view_node *node);
void live_leave(struct view *view, int handle);
ssize_t live_strings(struct view *view, uint64_t at, bool narrow, char *to, size_t size);
bool live_is(struct view *view, int handle, const struct view_node *node, const struct file_id *id);
bool live_trusts(struct view *view, const struct mount_row *overlay);
bool live_is_shared(struct view *view, const struct mount_row *mount);
struct bytes live_names(struct view *view, int handle, const struct view_node *node);
ssize_t live_target(struct view *view, int handle, const struct view_node *node, char *to, size_t size);
ssize_t live_bytes(struct view *view, int handle, const struct view_node *node, uint64_t at, void *to, size_t size);
ssize_t live_attribute(struct view *view, int handle, const struct view_node *node, const char *name, void *to,
		       size_t size);
struct bytes live_path(struct view *view, int handle);
const struct mounts *live_mounts(struct view *view);
const struct mount_row *live_mount(struct view *view, uint64_t id);
struct bytes live_handler(struct view *view, struct bytes head, struct bytes path);
bool live_holder(struct view *view, enum view_hold hold, const struct view_node *node, struct view_holder *holder);
bool live_denial(struct view *view, uint32_t pid, int64_t failed_ns, struct denial *denial);
enum view_answer live_has_more(struct view *view, uint32_t uid, uint64_t than);

#endif
