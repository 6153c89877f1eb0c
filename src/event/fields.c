// SPDX-License-Identifier: GPL-2.0-only
#include "event/fields.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "event/events.h"

#ifndef AT_EXECVE_CHECK
#define AT_EXECVE_CHECK 0x10000
#endif

#ifndef PIPEFS_MAGIC
#define PIPEFS_MAGIC 0x50495045
#endif
#ifndef SOCKFS_MAGIC
#define SOCKFS_MAGIC 0x534f434b
#endif

static struct bytes host_name;

void fields_set_host(struct bytes host)
{
	host_name = host;
}

static struct value value_null(void)
{
	return (struct value){ .type = VALUE_NULL };
}

static struct value value_integer(int64_t integer)
{
	return (struct value){ .type = VALUE_INT, .integer = integer };
}

static struct value value_number(uint64_t number)
{
	return (struct value){ .type = VALUE_UINT, .number = number };
}

static struct value value_bytes(struct bytes bytes)
{
	return (struct value){ .type = bytes.p ? VALUE_BYTES : VALUE_NULL, .bytes = bytes };
}

static struct value value_string(const char *string)
{
	return value_bytes(bytes_of(string));
}

/* What serves every field of one C type; field->at says which member. */

static const void *member(const struct field *field, const struct event *event)
{
	return (const char *)event + field->at;
}

static struct value read_bytes(const struct field *field, const struct event *event)
{
	return value_bytes(*(const struct bytes *)member(field, event));
}

static struct value read_strings(const struct field *field, const struct event *event)
{
	const struct bytes_list *list = member(field, event);

	return (struct value){ .type = list->known ? VALUE_STRINGS : VALUE_NULL, .strings = list };
}

static struct value read_u32(const struct field *field, const struct event *event)
{
	uint32_t number = *(const uint32_t *)member(field, event);

	return number == RECORD_UNKNOWN ? value_null() : value_number(number);
}

/* An inode number of nsfs: 0 is none. */
static struct value read_namespace(const struct field *field, const struct event *event)
{
	uint32_t number = *(const uint32_t *)member(field, event);

	return number ? value_number(number) : value_null();
}

static struct value read_parts(const struct field *field, const struct event *event)
{
	uint32_t parts = *(const uint32_t *)member(field, event) & ((1u << PART_NONE) - 1);

	return (struct value){ .type = parts ? VALUE_NAMES : VALUE_NULL, .parts = parts };
}

/* Time: RFC 3339 in UTC with all nanoseconds. */

enum { DAY = 24 * 60 * 60, DAYS_400_YEARS = 146097 };

struct date {
	int64_t year;
	unsigned int month, day;
};

/* The proleptic Gregorian calendar, in years that begin in March so that the leap day is their last. */
static struct date date_of_days(int64_t days)
{
	int64_t from = days + 719468; /* since 0000-03-01 */
	int64_t era = (from >= 0 ? from : from - DAYS_400_YEARS + 1) / DAYS_400_YEARS;
	unsigned int day = (unsigned int)(from - era * DAYS_400_YEARS);
	unsigned int year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	unsigned int day_of_year = day - (365 * year + year / 4 - year / 100);
	unsigned int month = (5 * day_of_year + 2) / 153; /* 0: March */

	return (struct date){
		.year = year + era * 400 + (month >= 10),
		.month = month < 10 ? month + 3 : month - 9,
		.day = day_of_year - (153 * month + 2) / 5 + 1,
	};
}

static char *put_digits(char *to, uint32_t number, int digits)
{
	for (int i = digits; i-- > 0; number /= 10)
		to[i] = (char)('0' + number % 10);
	return to + digits;
}

/* Unknown where RFC 3339 has no form for it: a file system can hold any number. */
static struct value value_time(struct arena *arena, int64_t sec, uint32_t nsec)
{
	const int64_t year_0 = -62167219200, year_10000 = 253402300800;
	char text[32], *p = text;
	struct date date;
	uint32_t of_day;
	int64_t days;

	if (sec < year_0 || sec >= year_10000 || nsec >= 1000000000)
		return value_null();
	days = (sec - (sec < 0 ? DAY - 1 : 0)) / DAY;
	of_day = (uint32_t)(sec - days * DAY);
	date = date_of_days(days);
	p = put_digits(p, (uint32_t)date.year, 4);
	*p++ = '-';
	p = put_digits(p, date.month, 2);
	*p++ = '-';
	p = put_digits(p, date.day, 2);
	*p++ = 'T';
	p = put_digits(p, of_day / 3600, 2);
	*p++ = ':';
	p = put_digits(p, of_day / 60 % 60, 2);
	*p++ = ':';
	p = put_digits(p, of_day % 60, 2);
	*p++ = '.';
	p = put_digits(p, nsec, 9);
	*p++ = 'Z';
	return value_bytes((struct bytes){ arena_copy(arena, text, (size_t)(p - text)), (size_t)(p - text) });
}

static struct value get_time(const struct event *event)
{
	return value_time(event->arena, event->time_sec, event->time_nsec);
}

/* The program's file. */

static struct value get_binary_device(const struct event *event)
{
	return event->binary.known ? value_number(event->binary.dev) : value_null();
}

static struct value get_binary_inode(const struct event *event)
{
	return event->binary.known ? value_number(event->binary.ino) : value_null();
}

static struct value get_binary_ctime(const struct event *event)
{
	const struct event_file *file = &event->binary;

	return file->known ? value_time(event->arena, file->ctime_sec, file->ctime_nsec) : value_null();
}

static struct value get_binary_ctime_ns(const struct event *event)
{
	const struct event_file *file = &event->binary;
	int64_t ns;

	if (!file->known || __builtin_mul_overflow(file->ctime_sec, 1000000000, &ns) ||
	    __builtin_add_overflow(ns, file->ctime_nsec, &ns))
		return value_null();
	return value_integer(ns);
}

static struct value get_binary_mode(const struct event *event)
{
	return event->binary.known ? value_number(event->binary.mode) : value_null();
}

static struct value get_binary_source(const struct event *event)
{
	return value_string(binary_source_name(event->binary_source));
}

/* Descriptor 0. */

static const char *file_type(uint32_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFCHR:
		return "chr";
	case S_IFIFO:
		return "fifo";
	case S_IFSOCK:
		return "sock";
	case S_IFREG:
		return "reg";
	case S_IFDIR:
		return "dir";
	case S_IFBLK:
		return "blk";
	case S_IFLNK:
		return "lnk";
	default:
		return "anon"; /* eventfd, epoll and the like have no type */
	}
}

static struct value get_stdin_type(const struct event *event)
{
	if (!event->in_known)
		return value_null();
	return value_string(event->in.known ? file_type(event->in.mode) : "closed");
}

static struct value get_stdin_mode(const struct event *event)
{
	return event->in_known && event->in.known ? value_number(event->in.mode) : value_null();
}

/* Pipes and sockets have no path; /proc shows them by their number. A socket's own node in a file system has one. */
static const char *nameless_kind(const struct event_file *file)
{
	if (S_ISFIFO(file->mode) && file->magic == PIPEFS_MAGIC)
		return "pipe";
	if (S_ISSOCK(file->mode) && file->magic == SOCKFS_MAGIC)
		return "socket";
	return NULL;
}

static struct value get_stdin_path(const struct event *event)
{
	const struct event_file *file = &event->in;
	const char *kind = nameless_kind(file);

	if (!event->in_known || !file->known)
		return value_null();
	if (!kind)
		return value_bytes(file->path);
	return value_string(arena_printf(event->arena, "%s:[%llu]", kind, (unsigned long long)file->ino));
}

/* The call. */

static struct value get_kernel_invoked(const struct event *event)
{
	return (struct value){ .type = VALUE_BOOL, .boolean = event->call == CALL_KERNEL };
}

static struct value get_event(const struct event *event)
{
	const struct event_kind *kind = events_by_type(event->type);

	return value_string(kind ? kind->name : NULL);
}

static struct value get_host(const struct event *event)
{
	(void)event;
	return value_bytes(host_name);
}

static struct value get_syscall(const struct event *event)
{
	/* Past the point of no return every call looks like execve where no hook saw it made. */
	return value_string(event->call == CALL_KERNEL || event->seen & SEEN_IMAGE ? NULL : call_name(event->call));
}

static struct value get_ret(const struct event *event)
{
	/* Past the point of no return the kernel has an error all the same, and only a tracer sees it. */
	if (event->signal == SIGSYS)
		return value_null();
	return value_integer(event->ret);
}

static struct value get_errno(const struct event *event)
{
	/* A seccomp filter can make the call return anything. */
	int error = event_error(event);

	return value_string(error ? errno_name(event->arena, error) : NULL);
}

static struct value get_stage(const struct event *event)
{
	return value_string(stage_name(event->stage));
}

static struct value get_reason(const struct event *event)
{
	return value_bytes(event->type == EVENT_LOST ? event->lost_reason : event->reason);
}

static struct value get_lost_count(const struct event *event)
{
	return value_number(event->lost_count);
}

static struct value get_dirfd(const struct event *event)
{
	return event->call == CALL_EXECVEAT ? value_integer(event->dirfd) : value_null();
}

static struct value get_dirfd_path(const struct event *event)
{
	return event->call == CALL_EXECVEAT ? value_bytes(event->dirfd_path) : value_null();
}

static struct value get_flags(const struct event *event)
{
	return event->call == CALL_EXECVEAT ? value_number(event->flags) : value_null();
}

/* The caller. */

static struct value get_ancestors(const struct event *event)
{
	return (struct value){
		.type = event->ancestors_known ? VALUE_ANCESTORS : VALUE_NULL,
		.ancestors = { event->ancestors, event->n_ancestors },
	};
}

static struct value get_container(const struct event *event)
{
	return (struct value){
		.type = event->container_id.p ? VALUE_CONTAINER : VALUE_NULL,
		.container = { event->container_id, event->container_runtime },
	};
}

static struct value get_cause(const struct event *event)
{
	return (struct value){
		.type = event->cause_pid ? VALUE_CAUSE : VALUE_NULL,
		.cause = { event->cause_pid, event->cause_path },
	};
}

static struct value get_signal(const struct event *event)
{
	const char *name = event->signal ? sigabbrev_np(event->signal) : NULL;

	return event->signal ? value_string(arena_printf(event->arena, "SIG%s", name ?: "?")) : value_null();
}

/* The hook of the kernel's security modules that answered the error. */
static struct value get_security_hook(const struct event *event)
{
	static const char *const hooks[] = {
		[STEP_LSM_CREDS] = "bprm_creds_for_exec",
		[STEP_LSM_CHECK] = "bprm_check_security",
		[STEP_LSM_CREDS_FROM_FILE] = "bprm_creds_from_file",
	};

	if ((size_t)event->step >= sizeof(hooks) / sizeof(hooks[0]) || !hooks[event->step])
		return value_null();
	return value_string(hooks[event->step]);
}

/* Without hooks inside of the exec nobody counted. */
static struct value get_interpreter_level(const struct event *event)
{
	if (event->seen & SEEN_OUTCOME)
		return value_null();
	return (struct value){ .type = VALUE_UINT, .number = event->level };
}

static struct value get_check_only(const struct event *event)
{
	return (struct value){
		.type = VALUE_BOOL,
		.boolean = event->call == CALL_EXECVEAT && event->flags & AT_EXECVE_CHECK,
	};
}

static struct value get_evidence(const struct event *event)
{
	return value_string(evidence_name(event->evidence));
}

static struct value get_raw(const struct event *event)
{
	(void)event;
	return (struct value){ .type = VALUE_RAW };
}

#define AT(member) .at = offsetof(struct event, member)

enum {
	ALWAYS = FIELD_EXEC | FIELD_NEVER_NULL,
	BOTH = FIELD_EXEC | FIELD_LOST,
};

const struct field fields[] = {
	{ .name = "path",
	  .type = VALUE_BYTES,
	  .flags = FIELD_EXEC,
	  .part = PART_PATH,
	  .read = read_bytes,
	  AT(path),
	  .heading = "WHAT",
	  .help = "path of the program as the caller gave it" },
	{ .name = "binary.path",
	  .type = VALUE_BYTES,
	  .flags = FIELD_EXEC,
	  .part = PART_BINARY_PATH,
	  .read = read_bytes,
	  AT(binary.path),
	  .help = "full path of the file the kernel opened" },
	{ .name = "binary.device_id",
	  .type = VALUE_UINT,
	  .flags = FIELD_EXEC,
	  .part = PART_NONE,
	  .get = get_binary_device,
	  .help = "device of that file, as stat(2) gives it" },
	{ .name = "binary.inode_number",
	  .type = VALUE_UINT,
	  .flags = FIELD_EXEC,
	  .part = PART_NONE,
	  .get = get_binary_inode,
	  .help = "inode number of that file" },
	{ .name = "binary.ctime",
	  .type = VALUE_BYTES,
	  .flags = FIELD_EXEC,
	  .part = PART_NONE,
	  .get = get_binary_ctime,
	  .help = "last status change of that file, RFC 3339 in UTC" },
	{ .name = "binary.ctime_ns",
	  .type = VALUE_INT,
	  .flags = FIELD_EXEC,
	  .part = PART_NONE,
	  .get = get_binary_ctime_ns,
	  .help = "last status change of that file, nanoseconds since 1970" },
	{ .name = "binary.inode_mode",
	  .type = VALUE_UINT,
	  .flags = FIELD_EXEC,
	  .part = PART_NONE,
	  .get = get_binary_mode,
	  .help = "type and permissions of that file, st_mode" },
	{ .name = "interpreter_path",
	  .type = VALUE_BYTES,
	  .flags = FIELD_EXEC,
	  .part = PART_INTERPRETER_PATH,
	  .read = read_bytes,
	  AT(interpreter),
	  .help = "interpreter the kernel tried: of a #! line, or the ELF loader" },
	{ .name = "stdin_type",
	  .type = VALUE_BYTES,
	  .flags = FIELD_EXEC,
	  .part = PART_NONE,
	  .get = get_stdin_type,
	  .help = "standard input: chr, fifo, sock, reg, dir, blk, lnk, anon or closed" },
	{ .name = "stdin_mode",
	  .type = VALUE_UINT,
	  .flags = FIELD_EXEC,
	  .part = PART_NONE,
	  .get = get_stdin_mode,
	  .help = "type and permissions of standard input, st_mode" },
	{ .name = "stdin_path",
	  .type = VALUE_BYTES,
	  .flags = FIELD_EXEC,
	  .part = PART_STDIN_PATH,
	  .get = get_stdin_path,
	  .help = "standard input: path, pipe:[inode] or socket:[inode]" },
	{ .name = "kernel_invoked",
	  .type = VALUE_BOOL,
	  .flags = ALWAYS,
	  .part = PART_NONE,
	  .get = get_kernel_invoked,
	  .help = "the kernel itself started the program" },
	{ .name = "environment",
	  .type = VALUE_STRINGS,
	  .flags = FIELD_EXEC,
	  .part = PART_ENVIRONMENT,
	  .read = read_strings,
	  AT(environment),
	  .help = "environment; values that look like secrets are masked" },
	{ .name = "arguments",
	  .type = VALUE_STRINGS,
	  .flags = FIELD_EXEC,
	  .part = PART_ARGUMENTS,
	  .read = read_strings,
	  AT(arguments),
	  .help = "arguments, the program's name first" },
	{ .name = "event",
	  .type = VALUE_BYTES,
	  .flags = BOTH | FIELD_NEVER_NULL,
	  .part = PART_NONE,
	  .get = get_event,
	  .help = "name of the event" },
	{ .name = "time",
	  .type = VALUE_BYTES,
	  .flags = BOTH | FIELD_NEVER_NULL,
	  .part = PART_NONE,
	  .get = get_time,
	  .heading = "TIME",
	  .width = 12,
	  .help = "when the call failed, RFC 3339 in UTC" },
	{ .name = "host",
	  .type = VALUE_BYTES,
	  .flags = BOTH,
	  .part = PART_NONE,
	  .get = get_host,
	  .help = "name of the machine" },
	{ .name = "count",
	  .type = VALUE_UINT,
	  .flags = FIELD_LOST | FIELD_NEVER_NULL,
	  .part = PART_NONE,
	  .get = get_lost_count,
	  .help = "how many events were lost, 0 if only parts of some (event lost only)" },
	{ .name = "syscall",
	  .type = VALUE_BYTES,
	  .flags = FIELD_EXEC,
	  .part = PART_NONE,
	  .get = get_syscall,
	  .help = "execve or execveat; null when kernel_invoked, or not known any more (stage commit)" },
	{ .name = "ret",
	  .type = VALUE_INT,
	  .flags = FIELD_EXEC,
	  .part = PART_NONE,
	  .get = get_ret,
	  .help = "what the call returned, -2 for ENOENT; null: a seccomp filter killed instead" },
	{ .name = "errno",
	  .type = VALUE_BYTES,
	  .flags = FIELD_EXEC,
	  .part = PART_NONE,
	  .get = get_errno,
	  .heading = "ERRNO",
	  .width = 12,
	  .help = "the error's name" },
	{ .name = "stage",
	  .type = VALUE_BYTES,
	  .flags = FIELD_EXEC,
	  .part = PART_NONE,
	  .get = get_stage,
	  .help = "where it failed: entry, lookup, arguments, security, interpreter, format or commit" },
	{ .name = "signal",
	  .type = VALUE_BYTES,
	  .flags = FIELD_EXEC,
	  .part = PART_NONE,
	  .get = get_signal,
	  .help = "signal that the kernel sends the caller for it; null: the call returned" },
	{ .name = "security_hook",
	  .type = VALUE_BYTES,
	  .flags = FIELD_EXEC,
	  .part = PART_NONE,
	  .get = get_security_hook,
	  .help = "hook of the kernel's security modules that denied it" },
	{ .name = "interpreter_level",
	  .type = VALUE_UINT,
	  .flags = FIELD_EXEC,
	  .part = PART_NONE,
	  .get = get_interpreter_level,
	  .help = "how many interpreters were named (#! lines, binfmt_misc); the last may be missing" },
	{ .name = "check_only",
	  .type = VALUE_BOOL,
	  .flags = FIELD_EXEC | FIELD_NEVER_NULL,
	  .part = PART_NONE,
	  .get = get_check_only,
	  .help = "execveat was only asked whether it would succeed (AT_EXECVE_CHECK)" },
	{ .name = "caused_by",
	  .type = VALUE_CAUSE,
	  .flags = FIELD_EXEC,
	  .part = PART_NONE,
	  .get = get_cause,
	  .help = "pid and path of the exec that made the kernel start this helper" },
	{ .name = "reason",
	  .type = VALUE_BYTES,
	  .flags = BOTH,
	  .part = PART_NONE,
	  .get = get_reason,
	  .help = "cause, by a fixed name" },
	{ .name = "hint",
	  .type = VALUE_BYTES,
	  .flags = FIELD_EXEC,
	  .part = PART_NONE,
	  .read = read_bytes,
	  AT(hint),
	  .help = "cause and way out, in a sentence" },
	{ .name = "evidence",
	  .type = VALUE_BYTES,
	  .flags = FIELD_EXEC,
	  .part = PART_NONE,
	  .get = get_evidence,
	  .help = "what the reason was told from: kernel, or user (looked at afterwards from user space)" },
	{ .name = "pid",
	  .type = VALUE_UINT,
	  .flags = FIELD_EXEC,
	  .part = PART_NONE,
	  .read = read_u32,
	  AT(pid),
	  .heading = "PID",
	  .width = 7,
	  .help = "process of the caller" },
	{ .name = "tid",
	  .type = VALUE_UINT,
	  .flags = FIELD_EXEC,
	  .part = PART_NONE,
	  .read = read_u32,
	  AT(tid),
	  .help = "thread of the caller" },
	{ .name = "ppid",
	  .type = VALUE_UINT,
	  .flags = FIELD_EXEC,
	  .part = PART_NONE,
	  .read = read_u32,
	  AT(ppid),
	  .help = "parent process of the caller" },
	{ .name = "ns_pid",
	  .type = VALUE_UINT,
	  .flags = FIELD_EXEC,
	  .part = PART_NONE,
	  .read = read_u32,
	  AT(ns_pid),
	  .help = "process of the caller in its own pid namespace" },
	{ .name = "uid",
	  .type = VALUE_UINT,
	  .flags = FIELD_EXEC,
	  .part = PART_NONE,
	  .read = read_u32,
	  AT(uid),
	  .help = "user of the caller, on the host" },
	{ .name = "gid",
	  .type = VALUE_UINT,
	  .flags = FIELD_EXEC,
	  .part = PART_NONE,
	  .read = read_u32,
	  AT(gid),
	  .help = "group of the caller, on the host" },
	{ .name = "euid",
	  .type = VALUE_UINT,
	  .flags = FIELD_EXEC,
	  .part = PART_NONE,
	  .read = read_u32,
	  AT(euid),
	  .help = "effective user of the caller, on the host" },
	{ .name = "user",
	  .type = VALUE_BYTES,
	  .flags = FIELD_EXEC,
	  .part = PART_NONE,
	  .read = read_bytes,
	  AT(user),
	  .heading = "USER",
	  .width = 10,
	  .help = "name of uid, on the host" },
	{ .name = "loginuid",
	  .type = VALUE_UINT,
	  .flags = FIELD_EXEC,
	  .part = PART_NONE,
	  .read = read_u32,
	  AT(loginuid),
	  .help = "user who logged in; null when none did" },
	{ .name = "comm",
	  .type = VALUE_BYTES,
	  .flags = FIELD_EXEC,
	  .part = PART_NONE,
	  .read = read_bytes,
	  AT(comm),
	  .heading = "COMM",
	  .width = 15,
	  .help = "name of the calling thread" },
	{ .name = "exe",
	  .type = VALUE_BYTES,
	  .flags = FIELD_EXEC,
	  .part = PART_EXE,
	  .read = read_bytes,
	  AT(exe),
	  .help = "program of the caller" },
	{ .name = "cwd",
	  .type = VALUE_BYTES,
	  .flags = FIELD_EXEC,
	  .part = PART_CWD,
	  .read = read_bytes,
	  AT(cwd),
	  .help = "working directory of the caller" },
	{ .name = "tty",
	  .type = VALUE_BYTES,
	  .flags = FIELD_EXEC,
	  .part = PART_TTY,
	  .read = read_bytes,
	  AT(tty),
	  .help = "terminal of the caller" },
	{ .name = "ancestors",
	  .type = VALUE_ANCESTORS,
	  .flags = FIELD_EXEC,
	  .part = PART_ANCESTORS,
	  .get = get_ancestors,
	  .help = "pid and comm of parent, grandparent and so on, up to 8" },
	{ .name = "mnt_ns",
	  .type = VALUE_UINT,
	  .flags = FIELD_EXEC,
	  .part = PART_NONE,
	  .read = read_namespace,
	  AT(mnt_ns),
	  .help = "mount namespace of the caller" },
	{ .name = "pid_ns",
	  .type = VALUE_UINT,
	  .flags = FIELD_EXEC,
	  .part = PART_NONE,
	  .read = read_namespace,
	  AT(pid_ns),
	  .help = "pid namespace of the caller" },
	{ .name = "cgroup",
	  .type = VALUE_BYTES,
	  .flags = FIELD_EXEC,
	  .part = PART_CGROUP,
	  .read = read_bytes,
	  AT(cgroup),
	  .help = "control group of the caller" },
	{ .name = "container",
	  .type = VALUE_CONTAINER,
	  .flags = FIELD_EXEC,
	  .part = PART_NONE,
	  .get = get_container,
	  .help = "id and runtime of the caller's container" },
	{ .name = "pod_uid",
	  .type = VALUE_BYTES,
	  .flags = FIELD_EXEC,
	  .part = PART_NONE,
	  .read = read_bytes,
	  AT(pod_uid),
	  .help = "uid of the caller's Kubernetes pod" },
	{ .name = "unit",
	  .type = VALUE_BYTES,
	  .flags = FIELD_EXEC,
	  .part = PART_NONE,
	  .read = read_bytes,
	  AT(unit),
	  .help = "systemd unit of the caller" },
	{ .name = "dirfd",
	  .type = VALUE_INT,
	  .flags = FIELD_EXEC,
	  .part = PART_NONE,
	  .get = get_dirfd,
	  .help = "execveat: directory descriptor" },
	{ .name = "dirfd_path",
	  .type = VALUE_BYTES,
	  .flags = FIELD_EXEC,
	  .part = PART_DIRFD_PATH,
	  .get = get_dirfd_path,
	  .help = "execveat: path of that descriptor" },
	{ .name = "flags",
	  .type = VALUE_UINT,
	  .flags = FIELD_EXEC,
	  .part = PART_NONE,
	  .get = get_flags,
	  .help = "execveat: flags" },
	{ .name = "argc",
	  .type = VALUE_UINT,
	  .flags = FIELD_EXEC,
	  .part = PART_NONE,
	  .read = read_u32,
	  AT(argc),
	  .help = "number of arguments the kernel counted" },
	{ .name = "envc",
	  .type = VALUE_UINT,
	  .flags = FIELD_EXEC,
	  .part = PART_NONE,
	  .read = read_u32,
	  AT(envc),
	  .help = "number of variables the kernel counted" },
	{ .name = "truncated",
	  .type = VALUE_NAMES,
	  .flags = FIELD_EXEC | FIELD_OPTIONAL,
	  .part = PART_NONE,
	  .read = read_parts,
	  AT(cut),
	  .help = "fields that were cut" },
	{ .name = "unreadable",
	  .type = VALUE_NAMES,
	  .flags = FIELD_EXEC | FIELD_OPTIONAL,
	  .part = PART_NONE,
	  .read = read_parts,
	  AT(unreadable),
	  .help = "fields that could not be read, or not to their end" },
	{ .name = "raw",
	  .type = VALUE_RAW,
	  .flags = FIELD_EXEC | FIELD_OPTIONAL,
	  .part = PART_NONE,
	  .get = get_raw,
	  .help = "base64 of values that are not UTF-8" },
	{ .name = "binary_source",
	  .type = VALUE_BYTES,
	  .flags = FIELD_EXEC,
	  .part = PART_NONE,
	  .get = get_binary_source,
	  .help = "how the file was seen: kernel, or stat (looked up from user space)" },
};

const size_t fields_count = sizeof(fields) / sizeof(fields[0]);

_Static_assert(PART_NONE < 32, "the parts of an event are bits of a 32-bit number");

bool field_applies(const struct field *field, enum event_type type)
{
	return field->flags & (type == EVENT_LOST ? FIELD_LOST : FIELD_EXEC);
}

const struct field *fields_find(const char *name)
{
	for (size_t i = 0; i < fields_count; i++)
		if (!strcmp(fields[i].name, name))
			return &fields[i];
	return NULL;
}

const char *fields_nearest(const char *name)
{
	const char *names[sizeof(fields) / sizeof(fields[0]) + 1];

	for (size_t i = 0; i < fields_count; i++)
		names[i] = fields[i].name;
	names[fields_count] = NULL;
	return text_nearest(name, names);
}

const struct field *fields_of_part(enum event_part part)
{
	for (size_t i = 0; i < fields_count && part < PART_NONE; i++)
		if (fields[i].part == part)
			return &fields[i];
	return NULL;
}

void fields_list(FILE *to)
{
	for (size_t i = 0; i < fields_count; i++)
		fprintf(to, "%-20s  %-7s  %s\n", fields[i].name, value_type_name(fields[i].type), fields[i].help);
}

const char *value_type_name(enum value_type type)
{
	static const char *const names[VALUE_TYPES] = {
		[VALUE_NULL] = "null",       [VALUE_BOOL] = "boolean",     [VALUE_INT] = "integer",
		[VALUE_UINT] = "integer",    [VALUE_BYTES] = "string",     [VALUE_STRINGS] = "array",
		[VALUE_ANCESTORS] = "array", [VALUE_CONTAINER] = "object", [VALUE_CAUSE] = "object",
		[VALUE_NAMES] = "array",     [VALUE_RAW] = "object",
	};

	return type < VALUE_TYPES ? names[type] : NULL;
}

const char *errno_name(struct arena *arena, int number)
{
	const char *name = number > 0 ? strerrorname_np(number) : NULL;

	return name ? name : arena_printf(arena, "E%d", number);
}

/* Names from a table with holes. */
#define NAME_OF(names, index) ((size_t)(index) < sizeof(names) / sizeof((names)[0]) ? (names)[(size_t)(index)] : NULL)

const char *call_name(enum record_call call)
{
	static const char *const names[] = {
		[CALL_EXECVE] = "execve",
		[CALL_EXECVEAT] = "execveat",
		[CALL_KERNEL] = "kernel",
	};

	return NAME_OF(names, call);
}

const char *stage_name(enum stage stage)
{
	static const char *const names[] = {
		[STAGE_ENTRY] = "entry",       [STAGE_LOOKUP] = "lookup", [STAGE_ARGUMENTS] = "arguments",
		[STAGE_SECURITY] = "security", [STAGE_FORMAT] = "format", [STAGE_INTERPRETER] = "interpreter",
		[STAGE_COMMIT] = "commit",
	};

	return NAME_OF(names, stage);
}

const char *evidence_name(enum evidence evidence)
{
	static const char *const names[] = {
		[EVIDENCE_KERNEL] = "kernel",
		[EVIDENCE_USER] = "user",
	};

	return NAME_OF(names, evidence);
}

const char *binary_source_name(enum binary_source source)
{
	static const char *const names[] = {
		[BINARY_SOURCE_KERNEL] = "kernel",
		[BINARY_SOURCE_STAT] = "stat",
	};

	return NAME_OF(names, source);
}
