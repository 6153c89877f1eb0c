// SPDX-License-Identifier: GPL-2.0-only
/* Causes before any file is looked for. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "cause/hint.h"
#include "cause/rules.h"
#include "event/names.h"

#ifndef AT_EXECVE_CHECK
#define AT_EXECVE_CHECK 0x10000
#endif

/* --- seccomp --- */

static bool seccomp_answered(const struct facts *f)
{
	return f->event->seen & SEEN_SECCOMP;
}

static bool has_filter(const struct facts *f)
{
	return f->event->seen & SEEN_FILTERED;
}

static bool is_seccomp_killed(struct facts *f, const struct rule *rule)
{
	(void)rule;
	return f->event->signal == SIGSYS && has_filter(f);
}

static void say_seccomp_killed(struct facts *f, const struct rule *rule, struct buffer *out)
{
	(void)rule;
	buffer_printf(
		out,
		"a seccomp filter of %s forbids to start programs: it kills for it, or sends SIGSYS, which a handler "
		"may survive (seccomp's strict mode kills with SIGKILL); allow execve in that filter",
		hint_name(f, f->event->comm));
}

/* It returned as no failure does. */
static bool is_pretended(const struct facts *f)
{
	return !f->error && f->event->ret >= 0;
}

static bool is_seccomp_pretended(struct facts *f, const struct rule *rule)
{
	(void)rule;
	return is_pretended(f) && has_filter(f);
}

static void say_seccomp_pretended(struct facts *f, const struct rule *rule, struct buffer *out)
{
	(void)rule;
	buffer_printf(
		out,
		"a seccomp filter of %s let the call return as if it had succeeded, and started nothing; allow execve in it",
		hint_name(f, f->event->comm));
}

static bool is_seccomp_errno(struct facts *f, const struct rule *rule)
{
	(void)rule;
	if (!has_filter(f))
		return false;
	if (seccomp_answered(f))
		return true;
	/* The kernel's own errors have names. */
	if (f->error && !strerrorname_np(f->error))
		return true;
	/* No part of an exec answers the first, and none so early the others. */
	return (f->error == ENOSYS && rule_at(f, STAGE_ENTRY)) ||
	       ((f->error == EPERM || f->error == EACCES) && f->stage == STAGE_ENTRY);
}

static void say_seccomp_errno(struct facts *f, const struct rule *rule, struct buffer *out)
{
	(void)rule;
	if (seccomp_answered(f))
		buffer_printf(out,
			      "a seccomp filter of %s answered %s: it forbids to start programs; allow execve in it "
			      "(SystemCallFilter=, the container's profile)",
			      hint_name(f, f->event->comm), errno_name(f->arena, f->error));
	else
		buffer_printf(out,
			      "a seccomp filter of %s likely answered %s: the call never reached the kernel's exec",
			      hint_name(f, f->event->comm), errno_name(f->arena, f->error));
}

/* What only a filter would answer, had the caller one. */
static bool is_not_made(struct facts *f, const struct rule *rule)
{
	(void)rule;
	return f->event->signal == SIGSYS || is_pretended(f) || (f->error && !strerrorname_np(f->error)) ||
	       (f->error == ENOSYS && rule_at(f, STAGE_ENTRY));
}

static void say_not_made(struct facts *f, const struct rule *rule, struct buffer *out)
{
	(void)rule;
	buffer_printf(out,
		      "the call never reached the kernel's exec, and %s has no seccomp filter: a tracer (ptrace) %s",
		      hint_name(f, f->event->comm),
		      f->error == ENOSYS ? "answered it, or this kernel has no such call (that of x32 programs)"
					 : "answered it");
}

const struct rule rules_seccomp[] = {
	{ .code = "seccomp_killed",
	  .stage = STAGE_ENTRY,
	  .applies = is_seccomp_killed,
	  .hint = say_seccomp_killed,
	  .looks =
		  "The caller is killed at the call, by SIGSYS (a seccomp filter that says KILL, or TRAP where SIGSYS is not "
		  "handled) or by SIGKILL (seccomp's strict mode).",
	  .also = "Nothing else: SIGSYS of syscall user dispatch shows no exit of a call, and who has no filter is told call_not_made.",
	  .fix = "Allow execve and execveat in the caller's seccomp profile, or do not start programs from there." },
	{ .code = "seccomp_pretended",
	  .stage = STAGE_ENTRY,
	  .applies = is_seccomp_pretended,
	  .hint = say_seccomp_pretended,
	  .looks = "The call returns 0 and nothing was started: a seccomp filter answered \"error 0\".",
	  .also = "A tracer (ptrace) that writes over the answer to a caller with a filter.",
	  .fix = "Allow execve and execveat in the caller's seccomp profile." },
	{ .code = "seccomp_errno",
	  .stage = STAGE_ENTRY,
	  .applies = is_seccomp_errno,
	  .hint = say_seccomp_errno,
	  .looks = "The call is answered, mostly with EPERM or ENOSYS, before the kernel has looked for any file.",
	  .also = "Where no hook is inside of the exec: whatever else has that error. It is then said with \"likely\", and only where nothing that can be seen explains it.",
	  .fix = "Allow execve and execveat in the seccomp profile (of the container, or systemd's SystemCallFilter=)." },
	{ .code = "call_not_made",
	  .stage = STAGE_ENTRY,
	  .applies = is_not_made,
	  .hint = say_not_made,
	  .looks = "ENOSYS, or no error though nothing was started, and the caller has no seccomp filter.",
	  .also = "It is one of these: a tracer, or a call that this kernel does not have.",
	  .fix = "Look at who traces the caller (TracerPid in /proc/PID/status: gVisor, UML); build x32 programs for amd64." },
	{},
};

/* --- what the call was given --- */

static bool is_bad_path_pointer(struct facts *f, const struct rule *rule)
{
	return f->error == EFAULT && !f->event->path.p && rule_at(f, rule->stage);
}

static void say_bad_path_pointer(struct facts *f, const struct rule *rule, struct buffer *out)
{
	(void)rule;
	buffer_printf(out, "%s passed an address for the path where it has no memory: a fault in that program",
		      hint_name(f, f->event->comm));
}

static bool is_empty_path(struct facts *f, const struct rule *rule)
{
	const struct event *e = f->event;

	(void)rule;
	return f->error == ENOENT && e->path.p && !e->path.n && !(e->call == CALL_EXECVEAT && e->flags & AT_EMPTY_PATH);
}

static void say_empty_path(struct facts *f, const struct rule *rule, struct buffer *out)
{
	(void)rule;
	buffer_printf(out, "the path is empty: likely a variable without a value in what %s runs",
		      hint_name(f, f->event->comm));
}

static bool is_path_too_long(struct facts *f, const struct rule *rule)
{
	return f->error == ENAMETOOLONG && (f->stage == rule->stage || f->event->path.n + 1 >= RECORD_PATH_MAX);
}

static void say_path_too_long(struct facts *f, const struct rule *rule, struct buffer *out)
{
	(void)rule;
	(void)f;
	buffer_printf(out, "the path is longer than %d bytes, the most that a path can have", RECORD_PATH_MAX - 1);
}

static uint32_t unknown_flags(const struct facts *f)
{
	uint32_t known = AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW;

	if (f->kernel->version >= VIEW_VERSION(6, 14))
		known |= AT_EXECVE_CHECK;
	return f->event->flags & ~known;
}

static bool is_bad_flags(struct facts *f, const struct rule *rule)
{
	return f->error == EINVAL && f->event->call == CALL_EXECVEAT && rule_at(f, rule->stage) && unknown_flags(f);
}

static void say_bad_flags(struct facts *f, const struct rule *rule, struct buffer *out)
{
	uint32_t unknown = unknown_flags(f);

	(void)rule;
	if (unknown == AT_EXECVE_CHECK)
		buffer_puts(out, "this kernel does not know AT_EXECVE_CHECK, which came with Linux 6.14");
	else
		buffer_printf(out, "this kernel does not know the flags %#x of execveat", unknown);
}

static bool is_bad_descriptor(struct facts *f, const struct rule *rule)
{
	(void)rule;
	return f->error == EBADF && f->event->call == CALL_EXECVEAT;
}

static void say_bad_descriptor(struct facts *f, const struct rule *rule, struct buffer *out)
{
	(void)rule;
	buffer_printf(out, "%s has no open descriptor %d", hint_name(f, f->event->comm), f->event->dirfd);
}

/* --- what there was not enough of --- */

/* Whether what can be seen now says so; of those that have ended since, nothing is known. */
static enum view_answer is_over_limit(struct facts *f)
{
	uint64_t limit;

	f->user = true;
	if (!f->view || !view_limit(f->view, "Max processes", &limit))
		return VIEW_UNSURE;
	return limit == UINT64_MAX ? VIEW_NO : f->view->ops->has_more(f->view, f->event->uid, limit);
}

/* Nobody else is seen who may have answered so. */
static bool is_alone(struct facts *f)
{
	struct view_holder holder;

	return !(f->event->seen & SEEN_FILTERED) && !rule_listener(f, &holder);
}

/*
 * kernel/sys.c marks who gets over the limit of its real user by setuid() and its kin, the first of all users excepted,
 * and fs/exec.c looks whether it still is. Nothing else answers that before a file is looked for.
 */
static bool is_process_limit(struct facts *f, const struct rule *rule)
{
	if (f->error != EAGAIN || !f->event->uid)
		return false;
	if (f->stage != STAGE_UNKNOWN)
		return f->stage == rule->stage;
	switch (is_over_limit(f)) {
	case VIEW_YES:
		return true;
	case VIEW_NO:
		return false;
	default:
		return is_alone(f);
	}
}

static void say_process_limit(struct facts *f, const struct rule *rule, struct buffer *out)
{
	const struct event *e = f->event;
	bool guess = f->stage == STAGE_UNKNOWN && is_over_limit(f) != VIEW_YES;
	uint64_t limit;

	(void)rule;
	if (e->uid == RECORD_UNKNOWN)
		buffer_puts(out, "the caller's user");
	else if (e->user.p)
		buffer_printf(out, "user %s (%u)", hint_name(f, e->user), e->uid);
	else
		buffer_printf(out, "user %u", e->uid);
	buffer_printf(out, " %shas more processes than its limit", rule_likely(guess));
	if (f->view && view_limit(f->view, "Max processes", &limit) && limit != UINT64_MAX)
		buffer_printf(out, " of %llu", (unsigned long long)limit);
	buffer_puts(out, "; end some of them, or raise the limit (ulimit -u, LimitNPROC=)");
}

/* Behind the point of no return it is the new program that has no room, and what it wants is looked at. */
static bool is_out_of_memory(struct facts *f, const struct rule *rule)
{
	(void)rule;
	return f->error == ENOMEM && f->stage != STAGE_COMMIT && !rule_filtered(f);
}

/* vm.overcommit_memory=2: no more is promised than there is. */
static bool is_overcommit_off(struct facts *f)
{
	struct bytes mode = facts_text(f, VIEW_PROC, "sys/vm/overcommit_memory");

	return mode.n && mode.p[0] == '2';
}

static void say_out_of_memory(struct facts *f, const struct rule *rule, struct buffer *out)
{
	(void)rule;
	buffer_puts(out, "the kernel had no memory left for this");
	if (is_overcommit_off(f))
		buffer_puts(out,
			    ": it may promise no more than CommitLimit in /proc/meminfo (vm.overcommit_memory=2); add "
			    "swap, or raise the sysctl vm.overcommit_ratio");
	else if (f->event->cgroup.n > 1)
		buffer_printf(out, "; look for a memory limit of the control group %s (memory.max, MemoryMax=)",
			      hint_name(f, f->event->cgroup));
}

/* "1824 0 9223372036854775807": allocated, unused, most. */
static bool has_all_files(struct facts *f, uint64_t *most)
{
	struct bytes numbers = facts_text(f, VIEW_PROC, "sys/fs/file-nr");
	uint64_t allocated;
	char *end;

	if (!numbers.p)
		return false;
	allocated = strtoull(numbers.p, &end, 10);
	strtoull(end, &end, 10);
	*most = strtoull(end, NULL, 10);
	/* Some were given back since. */
	return allocated >= *most - *most / 10;
}

/* Its table of descriptors grows with the highest, by the power of 2. */
static bool has_all_descriptors(struct facts *f, uint64_t *limit)
{
	struct bytes status = facts_text(f, VIEW_PROCESS, "status");
	const char *size = status.n ? strstr(status.p, "\nFDSize:") : NULL;

	return f->view && view_limit(f->view, "Max open files", limit) && size &&
	       strtoull(size + strlen("\nFDSize:"), NULL, 10) >= *limit;
}

/* Servers of file systems, and filters, may answer what they like. */
static bool is_out_of_files(struct facts *f, const struct rule *rule)
{
	(void)rule;
	return (f->error == ENFILE || f->error == EMFILE) && !rule_filtered(f);
}

static void say_out_of_files(struct facts *f, const struct rule *rule, struct buffer *out)
{
	uint64_t limit = 0;
	bool own = f->error == EMFILE;
	bool sure = own ? has_all_descriptors(f, &limit) : has_all_files(f, &limit);

	(void)rule;
	buffer_printf(out, "%s %shas reached its limit of ", own ? "the caller" : "the machine", rule_likely(!sure));
	if (sure)
		buffer_printf(out, "%llu ", (unsigned long long)limit);
	buffer_printf(out, "open files; raise it (%s)", own ? "ulimit -n, LimitNOFILE=" : "sysctl fs.file-max");
}

const struct rule rules_entry[] = {
	{ .code = "bad_path_pointer",
	  .stage = STAGE_ENTRY,
	  .applies = is_bad_path_pointer,
	  .hint = say_bad_path_pointer,
	  .looks = "EFAULT: the pointer to the path is NULL or wild.",
	  .also = "Memory that could not be brought in: behind userfaultfd, or of a mapped file that was cut off.",
	  .fix = "A fault in the calling program: report it there." },
	{ .code = "empty_path",
	  .stage = STAGE_ENTRY,
	  .applies = is_empty_path,
	  .hint = say_empty_path,
	  .looks = "ENOENT: the path is the empty string.",
	  .also = "Nothing else: getname() answers it.",
	  .fix = "Find the variable that has no value in the caller's script or configuration." },
	{ .code = "path_too_long",
	  .stage = STAGE_ENTRY,
	  .applies = is_path_too_long,
	  .hint = say_path_too_long,
	  .looks = "ENAMETOOLONG: the path has 4096 bytes or more.",
	  .also = "A name in the path that is too long (name_too_long), which is told by the path's length.",
	  .fix = "Use a shorter path: a relative one, or one through a symbolic link." },
	{ .code = "bad_flags",
	  .stage = STAGE_ENTRY,
	  .applies = is_bad_flags,
	  .hint = say_bad_flags,
	  .looks = "EINVAL: execveat was given flags that the kernel does not know.",
	  .also = "Nothing else: do_open_execat() looks at the flags before it opens anything.",
	  .fix = "The caller needs a newer kernel, or is faulty." },
	{ .code = "bad_descriptor",
	  .stage = STAGE_LOOKUP,
	  .applies = is_bad_descriptor,
	  .hint = say_bad_descriptor,
	  .looks = "EBADF: execveat was given a descriptor that is not open.",
	  .also = "Nothing else: path_init() answers it for a relative path.",
	  .fix = "A fault in the calling program: it closed the descriptor, or never opened it." },
	{ .code = "process_limit",
	  .stage = STAGE_ENTRY,
	  .applies = is_process_limit,
	  .hint = say_process_limit,
	  .looks = "EAGAIN: the user got over its limit of processes by setuid(), and then starts a program.",
	  .also = "EAGAIN of a fanotify listener, a seccomp filter or the server of a file system. Where no hook tells the step, user and numbers have to fit: the first user, root, has no such limit.",
	  .fix = "Raise the limit (ulimit -u, LimitNPROC=), or find out which processes of that user pile up." },
	{ .code = "out_of_memory",
	  .applies = is_out_of_memory,
	  .hint = say_out_of_memory,
	  .looks = "ENOMEM before the program took the caller's place.",
	  .also = "A seccomp filter. Which memory it was (of the machine, the control group's for the kernel, what may be promised) the kernel does not say.",
	  .fix = "Look at the memory limit of the control group, and at the machine's free memory." },
	{ .code = "out_of_files",
	  .applies = is_out_of_files,
	  .hint = say_out_of_files,
	  .looks = "ENFILE or EMFILE: no file more can be opened, by anybody or by the caller.",
	  .also = "The server of a file system, or a seccomp filter: where fs.file-nr and FDSize do not show the limit, it is \"likely\".",
	  .fix = "Raise fs.file-max or RLIMIT_NOFILE, or find out who does not close its files." },
	{},
};
