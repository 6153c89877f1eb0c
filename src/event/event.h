/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One event as user space knows it, between decode and print.
 *
 * Ownership: all that an event points to lives in its arena, or for ever, and is valid until arena_reset(). Stages may
 * replace pointers (by others of that kind) and never free.
 *
 * Unknown is unknown, not zero: struct bytes with p == NULL, numbers with their _known flag or UNKNOWN.
 */
#ifndef EXECFAIL_EVENT_H
#define EXECFAIL_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "record.h"

struct bytes_list {
	struct bytes *v; /* v[i].p == NULL: could not be read */
	size_t n;
	bool known;
	bool more; /* there were more than these */
	uint64_t same; /* of two that have the same number, all strings are the same; 0: that is not known */
};

/* Parts of an event that can be cut or unreadable; a bit each in event.cut and event.unreadable. */
enum event_part {
	PART_NONE, /* of a field that cannot be cut */
	PART_PATH,
	PART_BINARY_PATH,
	PART_INTERPRETER_PATH,
	PART_STDIN_PATH,
	PART_STDERR_PATH,
	PART_ENVIRONMENT,
	PART_ARGUMENTS,
	PART_EXE,
	PART_CWD,
	PART_TTY,
	PART_ANCESTORS,
	PART_CGROUP,
	PART_DIRFD_PATH,
	PART_INTERP,
	PART_LOADER,
	PARTS, /* one past the last */
};

enum stage {
	STAGE_UNKNOWN,
	STAGE_ENTRY,
	STAGE_LOOKUP,
	STAGE_ARGUMENTS,
	STAGE_SECURITY,
	STAGE_FORMAT,
	STAGE_INTERPRETER,
	STAGE_COMMIT,
	/* Of programs that did not start although no exec failed: who gave up. */
	STAGE_SHELL,
	STAGE_LOADER,
	STAGE_SERVICE_MANAGER,
};

enum binary_source {
	BINARY_SOURCE_NONE,
	BINARY_SOURCE_KERNEL,
	BINARY_SOURCE_STAT,
};

/* What the cause was told from. */
enum evidence {
	EVIDENCE_NONE,
	EVIDENCE_KERNEL, /* what the kernel itself says */
	EVIDENCE_USER, /* what user space saw afterwards decided */
};

/* What came of looking for the file from user space. */
enum event_look {
	LOOK_NONE, /* it was not looked for */
	LOOK_FOUND,
	LOOK_ABSENT, /* from where the caller itself looks, it is not there */
	LOOK_UNSEEN, /* it could not be looked for: the caller has gone, or somebody would have to be waited for */
};

/* Why nobody looked, though there was something to look at. */
enum event_unlooked {
	UNLOOKED_NOT, /* somebody did, or nothing was to be looked at */
	UNLOOKED_SILENT, /* what was looked at did not answer */
	UNLOOKED_OWNER, /* whose world it is had things that did not answer a moment ago */
	UNLOOKED_FULL, /* too many waited for it */
	UNLOOKED_FAILED, /* who looked is no more */
};

struct event_file {
	bool known;
	dev_t dev; /* as stat(2) gives it */
	uint64_t ino;
	int64_t ctime_sec; /* since 1970, and any number: a file system may hold what it likes */
	uint32_t ctime_nsec;
	uint32_t mode; /* st_mode */
	uint32_t magic; /* of the file system, statfs(2)'s f_type; 0 where unknown */
	struct bytes path; /* from the mount namespace's root, or pipe:[inode] and the like */
};

/*
 * Of arguments and environment. Lengths are as far as they were measured: RECORD_MEASURED_STRING, RECORD_MEASURED_MAX.
 */
struct event_longest {
	bool known;
	bool variable; /* or an argument */
	uint32_t index;
	uint32_t length; /* bytes, without the NUL */
	uint32_t total; /* bytes of all, NULs included */
	struct bytes start;
};

struct event_ancestor {
	uint32_t pid; /* in the initial pid namespace */
	struct bytes comm;
};

/* One of the files that a search through PATH tried. */
struct event_attempt {
	struct bytes path;
	int error; /* errno, positive */
};

struct event {
	struct arena *arena;
	enum event_type type;
	int64_t time_sec; /* CLOCK_REALTIME, when the call failed */
	uint32_t time_nsec;
	/*
	 * The same by CLOCK_BOOTTIME, which nobody sets: what was seen then or later tells no less about the event than
	 * what would be seen now; what was seen before need not have been so any more.
	 */
	int64_t failed_ns;

	enum record_call call;
	int ret; /* -errno; of a seccomp filter any number: event_error() */
	enum stage stage;
	struct bytes reason; /* of docs/reasons.md */
	struct bytes hint; /* escaped by text_sentence() */
	enum evidence evidence;

	struct bytes path; /* as the caller gave it */
	struct event_file binary;
	enum binary_source binary_source;
	struct bytes
		image; /* of the program or its interpreter, whichever took the caller's place; only where path is not known */
	enum event_look look;
	struct bytes interpreter;
	struct bytes interp; /* what runs: the program, or a script's interpreter as it was named; not of failures */
	struct event_file
		loader; /* ELF interpreter of a program that started; known == false: there is none, or nobody could tell */
	struct bytes head; /* start of the file as the kernel read it, SECTION_HEAD */
	struct event_file in; /* descriptor 0; known == false: closed */
	struct event_file err; /* descriptor 2, of what ends; known == false: closed */
	bool in_known; /* whether the kernel could be asked about descriptor 0 at all */
	struct bytes_list arguments;
	struct bytes_list environment;
	struct event_longest longest; /* only of E2BIG */
	uint32_t argc, envc; /* as the caller gave them; RECORD_UNKNOWN */

	/* The caller. Unknown numbers are RECORD_UNKNOWN; paths are from the root of its mount namespace. */
	uint32_t pid, tid, ppid; /* in the initial pid namespace */
	uint32_t ns_pid; /* pid in its own */
	uint32_t uid, gid, euid; /* in the initial user namespace */
	uint32_t loginuid; /* RECORD_UNKNOWN: not set */
	struct bytes user; /* name of uid on the host */
	struct bytes comm; /* of the calling thread */
	struct bytes prev_comm; /* before the program started, of which comm is */
	struct bytes exe;
	struct bytes cwd;
	struct bytes root;
	struct bytes tty; /* "pts/0" */
	struct event_ancestor *ancestors; /* nearest first */
	size_t n_ancestors;
	bool ancestors_known;
	uint32_t mnt_ns, pid_ns; /* inode numbers in nsfs; 0: unknown */
	struct bytes cgroup; /* from the root of the unified hierarchy */
	uint64_t cgroup_id; /* only where failures are counted by it */
	struct bytes container_id;
	struct bytes container_runtime;
	uint32_t container_user; /* below whose own manager it is; RECORD_UNKNOWN: the system's */
	struct bytes unit; /* of systemd */
	struct bytes user_unit; /* to the manager of a user */
	struct bytes pod_uid; /* of Kubernetes */
	int dirfd; /* execveat only, else AT_FDCWD */
	struct bytes dirfd_path;
	struct event_file dirfd_file; /* behind dirfd; its path is dirfd_path */
	struct event_file root_file, cwd_file; /* their paths are root and cwd */
	uint32_t user_ns_owner; /* of the outermost user namespace of the caller's below the initial one; RECORD_UNKNOWN: none */
	uint32_t flags; /* execveat only */

	uint32_t seen; /* enum record_seen */
	enum record_step step;
	uint32_t level; /* of record.h */
	uint32_t signal; /* that the caller got instead of an answer; 0: none. ret is then no answer, unless stage is commit */
	uint32_t exit_code; /* of what did not start although no exec failed: that it ended with; 0: of a failed exec */
	uint32_t cause_pid; /* the exec for which the kernel started this one; 0: none known */
	struct bytes cause_path;
	bool cause_ended; /* it is no exec that failed, but a child that ended with the same status */

	struct bytes proc_cgroup; /* as /proc has it, where cgroup is not told, or says nothing */
	bool proc_cgroup_known; /* it was asked for, whatever came of it */
	bool look_known; /* likewise: of look, and of binary where that was to be looked for */
	enum event_unlooked unlooked;
	uint64_t steps; /* that looking into it took so far: those of struct view */
	uint32_t cut; /* bits 1 << enum event_part */
	uint32_t unreadable; /* likewise */
	uint32_t removed; /* likewise: of a file that has no name any more, which the path says, too */
	uint32_t late; /* likewise: what was read of the caller's memory when the call had failed */
	uint64_t argv; /* where in that memory its arguments are; 0: they have been read, or cannot be */

	/*
	 * Where one event stands for a search through PATH: what it tried, in that order, this event's own path among
	 * it.
	 */
	struct bytes
		sought; /* the name that a search was for, where nothing of that name is there; p NULL: it was none */
	struct event_attempt *attempts;
	size_t n_attempts; /* 0: it stands for itself */

	/*
	 * Where one stands for others that were the same: how many were not told, and when the first and the last of
	 * them failed.
	 */
	uint64_t repeats; /* 0: it stands for itself */
	int64_t first_ns, last_ns; /* CLOCK_REALTIME */
	uint32_t first_pid, last_pid; /* the lowest and the highest */

	/* EVENT_LOST, of which only these, type, time and arena are set */
	uint64_t lost_count; /* events; 0: only parts of some */
	struct bytes lost_reason; /* "buffer_full", … */
};

/* What the caller wanted: the name that it searched for, or how it said that the program is found; where that is gone, where the
 * kernel found it. p NULL: unknown. */
static inline struct bytes event_program(const struct event *event)
{
	if (event->sought.p)
		return event->sought;
	return event->path.p ? event->path : event->image;
}

/*
 * The errno, as a positive number, that the call was answered with, 0 for none. A seccomp filter or a tracer can make a
 * call return any number: those outside of the kernel's errors (MAX_ERRNO) are none.
 */
static inline int event_error(const struct event *event)
{
	return event->ret < 0 && event->ret >= -4095 ? -event->ret : 0;
}

/* The value of a variable of the new program's environment; start: its name and "=". p NULL: not set, or not known. */
static inline struct bytes event_variable(const struct event *event, const char *start)
{
	for (size_t i = 0; i < event->environment.n; i++)
		if (bytes_begins(event->environment.v[i], start))
			return bytes_after(event->environment.v[i], strlen(start));
	return (struct bytes){};
}

/*
 * When the call failed, in nanoseconds of CLOCK_REALTIME: by that, files have the times of their changes. Whoever sets
 * the clock changes what is told by them, and not by failed_ns.
 */
static inline int64_t event_ns(const struct event *event)
{
	return event->time_sec * 1000000000 + event->time_nsec;
}

#endif
