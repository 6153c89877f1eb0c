/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The world of a caller as user space can see it afterwards: read-only, and never waiting for anybody.
 *
 * What there is to see goes through struct view_ops, so that rules about it can be tried on a world that is a table.
 * The real one looks through /proc/PID/root; when the caller has gone, through a relative of it in the same mount
 * namespace. Files are opened with O_PATH; only of regular files on local file systems bytes are read. For one thread.
 */
#ifndef EXECFAIL_VIEW_H
#define EXECFAIL_VIEW_H

#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "look/audit.h"
#include "look/caller.h"
#include "look/mounts.h"

/* What is known of a file without opening it, from statx(2). Ids are as this process's user namespace has them. */
struct view_node {
	uint32_t mode; /* st_mode */
	uint32_t uid;
	uint32_t gid;
	dev_t dev;
	uint64_t ino;
	uint64_t size; /* bytes */
	int64_t ctime_sec; /* since 1970 */
	uint32_t ctime_nsec;
	int64_t born_sec; /* since 1970; 0: unknown */
	uint32_t born_nsec;
	uint64_t mount; /* its id in mountinfo; 0: unknown */
};

enum view_standing {
	VIEW_NOTHING, /* there is no world to look at */
	VIEW_STAND_IN, /* the caller has gone, or is the kernel: the root is that of a process near it, or ours */
	VIEW_CALLER,
	VIEW_AS, /* somebody is meant who need not be there: struct view_as. Nothing has happened yet, and it may wait */
	VIEW_SELF, /* this process is the caller: what it may not, the caller may not, and it may wait */
};

/* Which text. */
enum view_text {
	VIEW_PROCESS, /* "status": below /proc/PID */
	VIEW_PROC, /* "sys/kernel/core_pattern": below /proc */
	VIEW_SYS, /* "kernel/security/lsm": below /sys */
};

/* Who holds a file. */
struct view_holder {
	uint32_t pid; /* as our /proc has it */
	struct bytes comm; /* of the process's first thread */
};

enum view_hold {
	VIEW_WRITERS, /* open for writing */
	VIEW_WATCHERS, /* a fanotify group that is asked whether it may be opened; of no file in particular, any such */
	VIEW_ANSWERERS, /* one of those that may answer other errors than EPERM (since 6.14, those before contents) */
};

enum view_answer {
	VIEW_NO,
	VIEW_YES,
	VIEW_UNSURE,
};

/* Where in a proc file system a directory is. */
struct view_proc {
	int root; /* handle of the file system's; -1: unknown */
	const char *path; /* from there: "42/fd"; NULL: unknown */
};

struct view;

/*
 * Handles are numbers from 0 on, valid until they are left; errors -errno, and -EAGAIN means: it could not be looked
 * at. node is written where a handle is returned; where one is given, it is of that handle. Texts of a given size end
 * without a NUL.
 */
struct view_ops {
	/* Where the caller's paths begin. Need not be left. */
	int (*root)(struct view *view, struct view_node *node);
	/* One name in a directory; a link is not followed. name: no slash, and neither . nor .. */
	int (*enter)(struct view *view, int directory, const char *name, struct view_node *node);
	/* As it is by now. 0 or -errno. */
	int (*node)(struct view *view, int handle, struct view_node *node);
	/*
	 * The same, through a link of a proc file system that is no path. Of others than VIEW_SELF only the caller's.
	 */
	int (*follow)(struct view *view, int directory, const char *name, const struct view_proc *in,
		      struct view_node *node);
	/* Where `self` or `thread-self` leads to, for the caller, in the root of a proc file system. As target(). */
	ssize_t (*self)(struct view *view, int proc, bool thread, char *to, size_t size);
	/* A descriptor of the caller. */
	int (*descriptor)(struct view *view, int fd, struct view_node *node);
	void (*leave)(struct view *view, int handle);
	/* Whether it is the file that the kernel saw: its file system, its number, and the time of its last change. */
	bool (*is)(struct view *view, int handle, const struct view_node *node, const struct file_id *id);
	/* The names in a directory, all but . and .., each with a NUL behind it; p NULL: it could not be read. */
	struct bytes (*names)(struct view *view, int handle, const struct view_node *node);
	/* Where a link leads to. Its length, size where there may be more, or -errno. */
	ssize_t (*target)(struct view *view, int handle, const struct view_node *node, char *to, size_t size);
	/* Of regular files, from the byte `at` on: how many were read, fewer than size at the file's end; or -errno. */
	ssize_t (*read)(struct view *view, int handle, const struct view_node *node, uint64_t at, void *to,
			size_t size);
	/* As getxattr(2): the length or -errno, -ENODATA where there is none. */
	ssize_t (*attribute)(struct view *view, int handle, const struct view_node *node, const char *name, void *to,
			     size_t size);
	/* The path of a handle as this process sees it; p NULL: it has none. */
	struct bytes (*path)(struct view *view, int handle);
	/* What /proc/PID/root and cwd say, as name; p NULL: unknown. */
	struct bytes (*link)(struct view *view, const char *name);
	/* All of a file of the kernel's; p NULL: could not be read. */
	struct bytes (*text)(struct view *view, enum view_text which, const char *name);
	/* The mounts of the caller's namespace; NULL: unknown. Like each row valid until view_close(). */
	const struct mounts *(*mounts)(struct view *view);
	/* One of them, by the id in its node; NULL: unknown. */
	const struct mount_row *(*mount)(struct view *view, uint64_t id);
	/*
	 * Of an overlay: whether its layers can be told, and are local. One that somebody mounted who is root only to
	 * himself may have any, and say what it likes about them.
	 */
	bool (*trusts)(struct view *view, const struct mount_row *overlay);
	/* Whether its file system is mounted where we are, too: others need it, whoever makes us wait there. */
	bool (*is_shared)(struct view *view, const struct mount_row *mount);
	/* The interpreter that binfmt_misc has for a file, by its first bytes and its path; p NULL: none. */
	struct bytes (*handler)(struct view *view, struct bytes head, struct bytes path);
	/* One who holds a file; node: NULL for watchers of any file. False: nobody, as far as was looked. */
	bool (*holder)(struct view *view, enum view_hold hold, const struct view_node *node,
		       struct view_holder *holder);
	/*
	 * What a security module denied a process at the call that failed then (CLOCK_REALTIME, ns), if it told: waited
	 * for if there is a world to look at.
	 */
	bool (*denial)(struct view *view, uint32_t pid, int64_t failed_ns, struct denial *denial);
	/* Whether a user has more processes than that, threads counted. */
	enum view_answer (*has_more)(struct view *view, uint32_t uid, uint64_t than);
	/*
	 * The strings of a list in the caller's memory, as it is now, each with its NUL, one behind the other; narrow:
	 * its pointers have 32 bits. How many bytes, or -errno: all could not be read, or are more than size.
	 */
	ssize_t (*strings)(struct view *view, uint64_t at, bool narrow, char *to, size_t size);
	void (*close)(struct view *view);
};

#define VIEW_VERSION(major, minor) ((major) << 16 | (minor))

/* What is returned in struct bytes lives in the arena. */
struct view {
	const struct view_ops *ops;
	struct arena *arena;
	enum view_standing standing;
	const char *machine; /* uname -m; the maker's */
	unsigned int version; /* of the kernel, as VIEW_VERSION(); 0: unknown */
	bool unseen; /* not VIEW_CALLER: /proc does not show the caller, which may be there */
	unsigned int names; /* that were walked through: view_spend() */
	uint64_t steps; /* of all kinds, each some microseconds of a machine at rest: a name, a descriptor, VIEW_PIECE bytes */
	const struct view_as *as; /* VIEW_AS: whom or what */
};

/*
 * How much is looked at for one event: paths can be made that have millions of names to walk through. Counted, and not
 * timed: on a slow machine, or a busy one, nothing is to be told less exactly.
 */
enum {
	VIEW_NAMES = 4096,
	VIEW_PIECE = 4096,
};

/*
 * Who looks has asked for it and waits for the answer: no event, whose time would count, and nobody else who is
 * waiting.
 */
static inline bool view_is_asked_for(const struct view *view)
{
	return view->standing >= VIEW_AS;
}

/* To be asked before each name. False: that was enough. What is asked for has all the time there is. */
bool view_spend(struct view *view);

/* Where to look; each can be NULL for the real one. Not copied: to outlive the views. */
struct view_roots {
	const char *proc; /* "/proc" */
	const char *sys; /* "/sys" */
	const char *root; /* "/" */
};

/* What the views of one run share. */
struct views;

/* roots can be NULL. Forks, to ask in a child whether this process is in a chroot. Out of memory ends the program. */
struct views *views_new(const struct view_roots *roots);
/* After the last view_close(). NULL is fine. */
void views_free(struct views *views);
/* Where denials are told: its maker's, to outlive the views. Without this call there are none. */
void views_listen(struct views *views, struct audit *audit);

/* Inode numbers of the first namespaces: PROC_PID_INIT_INO, PROC_USER_INIT_INO. */
enum { FIRST_PID_NS = 0xeffffffc, FIRST_USER_NS };

/*
 * The caller's number in /proc, its thread's, or where that is of another pid namespace than the initial one, its
 * process's; 0 or CALLER_UNKNOWN: it has none.
 */
uint32_t views_pid(const struct views *views, const struct caller *caller);

/* The mount namespace of the first process of all; 0: unknown. */
uint32_t views_first_mnt_ns(const struct views *views);

/* Whether the numbers in /proc are those of the initial pid namespace, as the kernel's hooks say them; unknown: yes. */
bool views_are_complete(const struct views *views);

/*
 * Views live in the arena and are never NULL. To be closed before the arena is reset, and before the next is opened:
 * they share the tables of mounts.
 */

/* The world of a caller, who is to outlive it. */
struct view *views_open(struct views *views, struct arena *arena, const struct caller *caller);

/* No world, VIEW_NOTHING: only texts of /proc and /sys that are nobody's can be asked for. */
struct view *views_open_nothing(struct views *views, struct arena *arena);

/* What a service manager will put over a place before it executes anything, so that it is not what can be seen now. */
struct view_cover {
	struct bytes path;
	struct bytes from; /* COVER_SHOWN: it is there now, and will be bound to path; n 0: it is at path itself */
	enum {
		COVER_HIDDEN, /* nothing of it is to be seen */
		COVER_NOEXEC,
		COVER_SHOWN, /* it is, whatever is above it: mounted there, or allowed */
	} covering;
	const char *why; /* "ProtectHome=yes" */
};

/* Whom or what is looked at. What it points to outlives the view. */
struct view_as {
	const char *pid; /* of a process in /proc, whose root, mounts and texts are meant; NULL: this one's */
	const char *root; /* a directory, which is the root instead; NULL: not so */
	struct bytes status; /* the text of /proc/PID/status of whom is meant; p NULL: the process's own */
	bool image; /* the root is of a machine to come: how its files are mounted here says nothing */
	const char *machine; /* uname -m of that; NULL: this one's */
	const struct view_cover *covers; /* views heed of them what is bound, outcome_try() the others */
	size_t n_covers;
};

/* Of several, that of the longest path. NULL: nothing covers it. */
const struct view_cover *view_cover_of(const struct view_as *as, struct bytes path);

/* VIEW_AS; VIEW_NOTHING where there is no such process or directory. */
struct view *views_open_as(struct views *views, struct arena *arena, const struct view_as *as);

/* The world of this process: VIEW_SELF. */
struct view *views_open_self(struct views *views, struct arena *arena);

static inline void view_close(struct view *view)
{
	view->ops->close(view);
}

/*
 * Whether the caller has gone while it was looked at: where nobody else has its mounts, they go then, and what they hid
 * is seen in their place.
 */
bool view_has_gone(struct view *view);

/* The mount that a file lies on; NULL: unknown. Valid until view_close(). */
const struct mount_row *view_mount(struct view *view, const struct view_node *node);

/* The last of what struct view_ops' is() asks: a file has not been changed since; a directory is one. */
bool view_is_unchanged(const struct view_node *node, const struct file_id *id);

/* Whether a file, or of a directory a name in it, was changed later than that: CLOCK_REALTIME, nanoseconds. */
bool view_is_later(const struct view_node *node, int64_t ns);

/* Whether it was made later than that; false: its birth may be unknown. */
bool view_is_younger(const struct view_node *node, int64_t ns);

/* How much earlier than what was done the time of a file may be. */
int64_t view_lag_ns(void);

/* Whether it may have been later than that. */
bool view_may_be_later(const struct view_node *node, int64_t ns);

/* Whether reading from there waits for nobody: by its mount or, where no table shows that, by its device. */
bool view_is_local(struct view *view, const struct view_node *node);

/* A soft limit of the caller, by name and in units of /proc/PID/limits. False: unknown. No limit is UINT64_MAX. */
bool view_limit(struct view *view, const char *name, uint64_t *soft);

/*
 * The path from the caller's root that a path of the caller's means, and how much of its beginning is the directory
 * that it is relative to. In the view's arena, or part of what was given.
 */
struct view_path {
	struct bytes path; /* p NULL: cannot be known */
	size_t base; /* bytes */
	const struct file_id *base_is; /* NULL, or not known: whatever is there */
};

/* Relative to the working directory. */
struct view_path view_path_of(struct view *view, const struct caller *caller, struct bytes path);

/* Relative to what the call said. */
struct view_path view_path_of_program(struct view *view, const struct caller *caller, struct bytes path);

/* The same for what the kernel had opened: a path from the mount namespace's root. */
struct view_path view_path_of_image(struct view *view, const struct caller *caller, struct bytes image);

#endif
