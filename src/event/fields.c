// SPDX-License-Identifier: GPL-2.0-only
#include "event/fields.h"

#include <string.h>

#include "base/text.h"
#include "event/getters.h"

/* In which events it is. */
enum {
	FAIL = 1 << EVENT_PROCESS_EXECUTE_FAILED,
	CHECK = 1 << EVENT_SECURITY_BPRM_CHECK,
	START = 1 << EVENT_SCHED_PROCESS_EXEC,
	AT = 1 << EVENT_EXECVEAT,
	CALL = 1 << EVENT_EXECVE | AT,
	EXEC = FAIL | CHECK | START | CALL,
	END = 1 << EVENT_PROCESS_START_FAILED,
	LOST = 1 << EVENT_LOST,
	ANY = EXEC | END | LOST,
};

/* And how. */
enum {
	LATE = FIELD_LATE,
	ALWAYS = FIELD_NEVER_NULL,
	OPTIONAL = FIELD_OPTIONAL,
	TIME = FIELD_TIME,
	ID = FIELD_ID,
	STEP = FIELD_STEP,
};

#define BY(get_field) .get = get_field
#define FROM(read_field, member) .read = read_field, .at = offsetof(struct event, member)

/* clang-format off */ // the second line of a field is for people, the others have its names elsewhere
const struct field fields[] = {
	{ "path", VALUE_BYTES, EXEC | END, STEP, FROM(field_bytes, path),
	  .help = "path of the program as the caller gave it", .part = PART_PATH,
	  .ecs = "file.path", .otel = "file.path",
	  .tracee = { { FAIL, "path" }, { START, "cmdpath" }, { CHECK | CALL, "pathname" } } },
	{ "binary.path", VALUE_BYTES, FAIL | CHECK | START, LATE, FROM(field_bytes, binary.path),
	  .help = "full path of the file the kernel opened", .part = PART_BINARY_PATH,
	  .tracee = { { FAIL, "binary.path" }, { CHECK | START, "pathname" } } },
	{ "binary.device_id", VALUE_UINT, FAIL | CHECK | START, LATE, BY(field_binary_device),
	  .help = "device of that file, as stat(2) gives it",
	  .tracee = { { FAIL, "binary.device_id" }, { CHECK | START, "dev" } } },
	{ "binary.inode_number", VALUE_UINT, FAIL | CHECK | START, LATE | ID, BY(field_binary_inode),
	  .help = "inode number of that file",
	  .ecs = "file.inode",
	  .tracee = { { FAIL, "binary.inode_number" }, { CHECK | START, "inode" } } },
	{ "binary.ctime", VALUE_BYTES, FAIL | CHECK | START, LATE | TIME, BY(field_binary_ctime),
	  .help = "last status change of that file, RFC 3339 in UTC",
	  .ecs = "file.ctime", .otel = "file.changed" },
	{ "binary.ctime_ns", VALUE_INT, FAIL | CHECK | START, LATE, BY(field_binary_ctime_ns),
	  .help = "last status change of that file, nanoseconds since 1970",
	  .tracee = { { FAIL, "binary.ctime" }, { START, "ctime" } } },
	{ "binary.inode_mode", VALUE_UINT, FAIL | CHECK | START, LATE, BY(field_binary_mode),
	  .help = "type and permissions of that file, st_mode",
	  .tracee = { { FAIL, "binary.inode_mode" }, { START, "inode_mode" } } },
	{ "interpreter_path", VALUE_BYTES, FAIL, STEP, FROM(field_bytes, interpreter),
	  .help = "interpreter the kernel tried: of a #! line, or the ELF loader", .part = PART_INTERPRETER_PATH,
	  .tracee = { { FAIL, "interpreter_path" } } },
	{ "stdin_type", VALUE_BYTES, FAIL | START, 0, BY(field_stdin_type),
	  .help = "standard input: chr, fifo, sock, reg, dir, blk, lnk, anon or closed",
	  .tracee = { { START, "stdin_type" } } },
	{ "stdin_mode", VALUE_UINT, FAIL | START, 0, BY(field_stdin_mode),
	  .help = "type and permissions of standard input, st_mode",
	  .tracee = { { FAIL, "stdin_type" } } },
	{ "stdin_path", VALUE_BYTES, FAIL | START, 0, BY(field_stdin_path),
	  .help = "standard input: path, pipe:[inode] or socket:[inode]", .part = PART_STDIN_PATH,
	  .tracee = { { FAIL | START, "stdin_path" } } },
	{ "kernel_invoked", VALUE_BOOL, FAIL | CHECK | START, ALWAYS, BY(field_kernel_invoked),
	  .help = "the kernel itself started the program",
	  .tracee = { { FAIL, "kernel_invoked" }, { START, "invoked_from_kernel" } } },
	{ "environment", VALUE_STRINGS, EXEC | END, LATE, FROM(field_strings, environment),
	  .help = "environment; values that look like secrets are masked", .part = PART_ENVIRONMENT,
	  .ecs = "process.env_vars",
	  .tracee = { { FAIL, "environment" }, { START, "env" }, { CHECK | CALL, "envp" } } },
	{ "arguments", VALUE_STRINGS, EXEC | END, LATE, FROM(field_strings, arguments),
	  .help = "arguments, the program's name first", .part = PART_ARGUMENTS,
	  .ecs = "process.args", .otel = "process.command_args",
	  .tracee = { { FAIL, "arguments" }, { CHECK | START | CALL, "argv" } } },
	{ "event", VALUE_BYTES, ANY, ALWAYS, BY(field_event),
	  .help = "name of the event",
	  .ecs = "event.action" },
	{ "time", VALUE_BYTES, ANY, ALWAYS | TIME | STEP, BY(field_time),
	  .help = "when it happened, RFC 3339 in UTC",
	  .ecs = "@timestamp" },
	{ "host", VALUE_BYTES, ANY, 0, BY(field_host),
	  .help = "name of the machine",
	  .ecs = "host.name" },
	{ "schema_version", VALUE_UINT, ANY, ALWAYS, BY(field_schema_version),
	  .help = "raised when a field changes its meaning" },
	{ "count", VALUE_UINT, LOST, ALWAYS, BY(field_lost_count),
	  .help = "how many events were lost, 0 if only parts of some (event lost only)" },
	{ "syscall", VALUE_BYTES, FAIL | CHECK | START, 0, BY(field_syscall),
	  .help = "execve or execveat; null when kernel_invoked, or not known any more (stage commit)" },
	{ "ret", VALUE_INT, FAIL | CHECK | CALL, STEP, BY(field_ret),
	  .help = "what the call returned, -2 for ENOENT; null: a seccomp filter killed instead",
	  .tracee = { { FAIL | CALL, "returnValue" } } },
	{ "errno", VALUE_BYTES, FAIL | CHECK | CALL, STEP, BY(field_errno),
	  .help = "the error's name",
	  .ecs = "error.code", .otel = "error.type" },
	{ "stage", VALUE_BYTES, FAIL | END, LATE, BY(field_stage),
	  .help = "where it failed: entry, lookup, arguments, security, interpreter, format or commit" },
	{ "exit_code", VALUE_UINT, END, ALWAYS, BY(field_exit_code),
	  .help = "status that the process ended with",
	  .ecs = "process.exit_code", .otel = "process.exit.code" },
	{ "stderr_path", VALUE_BYTES, END, 0, FROM(field_bytes, err.path),
	  .help = "where its messages went, as stdin_path", .part = PART_STDERR_PATH },
	{ "signal", VALUE_BYTES, FAIL | CALL, STEP, BY(field_signal),
	  .help = "signal that the kernel sends the caller for it; null: the call returned" },
	{ "security_hook", VALUE_BYTES, FAIL, STEP, BY(field_security_hook),
	  .help = "hook of the kernel's security modules that denied it" },
	{ "interpreter_level", VALUE_UINT, FAIL, STEP, BY(field_interpreter_level),
	  .help = "how many interpreters were named (#! lines, binfmt_misc); the last may be missing" },
	{ "check_only", VALUE_BOOL, FAIL | AT, ALWAYS, BY(field_check_only),
	  .help = "execveat was only asked whether it would succeed (AT_EXECVE_CHECK)" },
	{ "caused_by", VALUE_CAUSE, FAIL | END, STEP, BY(field_cause),
	  .help = "pid and path of the exec that a helper was started for, or a process ended after" },
	{ "reason", VALUE_BYTES, FAIL | LOST | END, LATE, BY(field_reason),
	  .help = "cause, by a fixed name",
	  .ecs = "event.code" },
	{ "hint", VALUE_BYTES, FAIL | END, LATE, FROM(field_bytes, hint),
	  .help = "cause and way out, in a sentence",
	  .ecs = "message" },
	{ "evidence", VALUE_BYTES, FAIL | END, LATE, BY(field_evidence),
	  .help = "what the reason was told from: kernel, or user (looked at afterwards from user space)" },
	{ "pid", VALUE_UINT, EXEC | END, 0, FROM(field_u32, pid),
	  .help = "process of the caller",
	  .ecs = "process.pid", .otel = "process.pid" },
	{ "tid", VALUE_UINT, EXEC | END, 0, FROM(field_u32, tid),
	  .help = "thread of the caller",
	  .ecs = "process.thread.id", .otel = "thread.id" },
	{ "ppid", VALUE_UINT, EXEC | END, 0, FROM(field_u32, ppid),
	  .help = "parent process of the caller",
	  .ecs = "process.parent.pid", .otel = "process.parent_pid" },
	{ "ns_pid", VALUE_UINT, EXEC | END, 0, FROM(field_u32, ns_pid),
	  .help = "process of the caller in its own pid namespace",
	  .ecs = "process.vpid", .otel = "process.vpid" },
	{ "uid", VALUE_UINT, EXEC | END, ID, FROM(field_u32, uid),
	  .help = "user of the caller, on the host",
	  .ecs = "user.id", .otel = "process.real_user.id" },
	{ "gid", VALUE_UINT, EXEC | END, ID, FROM(field_u32, gid),
	  .help = "group of the caller, on the host",
	  .ecs = "group.id" },
	{ "euid", VALUE_UINT, EXEC | END, ID, FROM(field_u32, euid),
	  .help = "effective user of the caller, on the host",
	  .ecs = "user.effective.id", .otel = "process.user.id" },
	{ "user", VALUE_BYTES, EXEC | END, LATE, FROM(field_bytes, user),
	  .help = "name of uid, on the host",
	  .ecs = "user.name", .otel = "process.real_user.name" },
	{ "loginuid", VALUE_UINT, EXEC | END, 0, FROM(field_u32, loginuid),
	  .help = "user who logged in; null when none did" },
	{ "comm", VALUE_BYTES, EXEC | END, 0, FROM(field_bytes, comm),
	  .help = "name of the calling thread",
	  .ecs = "process.thread.name", .otel = "thread.name" },
	{ "prev_comm", VALUE_BYTES, START, 0, FROM(field_bytes, prev_comm),
	  .help = "name of the thread before the program started",
	  .tracee = { { START, "prev_comm" } } },
	{ "exe", VALUE_BYTES, FAIL | CHECK | CALL | END, 0, FROM(field_bytes, exe),
	  .help = "program of the caller", .part = PART_EXE,
	  .ecs = "process.executable", .otel = "process.executable.path" },
	{ "cwd", VALUE_BYTES, EXEC | END, 0, FROM(field_bytes, cwd),
	  .help = "working directory of the caller", .part = PART_CWD,
	  .ecs = "process.working_directory", .otel = "process.working_directory" },
	{ "tty", VALUE_BYTES, EXEC | END, 0, FROM(field_bytes, tty),
	  .help = "terminal of the caller", .part = PART_TTY },
	{ "ancestors", VALUE_ANCESTORS, EXEC | END, 0, BY(field_ancestors),
	  .help = "pid and comm of parent, grandparent and so on, up to 8", .part = PART_ANCESTORS },
	{ "mnt_ns", VALUE_UINT, EXEC | END, 0, FROM(field_namespace, mnt_ns),
	  .help = "mount namespace of the caller" },
	{ "pid_ns", VALUE_UINT, EXEC | END, 0, FROM(field_namespace, pid_ns),
	  .help = "pid namespace of the caller" },
	{ "cgroup", VALUE_BYTES, EXEC | END, 0, FROM(field_bytes, cgroup),
	  .help = "control group of the caller", .part = PART_CGROUP,
	  .otel = "process.linux.cgroup" },
	{ "container", VALUE_CONTAINER, EXEC | END, LATE, BY(field_container),
	  .help = "id and runtime of the caller's container, and whose own it is (delegated_to)" },
	{ "pod_uid", VALUE_BYTES, EXEC | END, LATE, FROM(field_bytes, pod_uid),
	  .help = "uid of the caller's Kubernetes pod",
	  .otel = "k8s.pod.uid" },
	{ "unit", VALUE_BYTES, EXEC | END, LATE, FROM(field_bytes, unit),
	  .help = "systemd unit of the caller, the outermost" },
	{ "user_unit", VALUE_BYTES, EXEC | END, LATE, FROM(field_bytes, user_unit),
	  .help = "unit of the user's own manager, below unit, by the user's word" },
	{ "dirfd", VALUE_INT, FAIL | AT, STEP, BY(field_dirfd),
	  .help = "execveat: directory descriptor",
	  .tracee = { { AT, "dirfd" } } },
	{ "dirfd_path", VALUE_BYTES, FAIL | AT, STEP, BY(field_dirfd_path),
	  .help = "execveat: path of that descriptor", .part = PART_DIRFD_PATH },
	{ "flags", VALUE_UINT, FAIL | AT, 0, BY(field_flags),
	  .help = "execveat: flags",
	  .tracee = { { AT, "flags" } } },
	{ "argc", VALUE_UINT, EXEC, 0, FROM(field_u32, argc),
	  .help = "number of arguments the kernel counted",
	  .ecs = "process.args_count", .otel = "process.args_count" },
	{ "envc", VALUE_UINT, EXEC, 0, FROM(field_u32, envc),
	  .help = "number of variables the kernel counted" },
	{ "interp", VALUE_BYTES, CHECK | START, 0, FROM(field_bytes, interp),
	  .help = "what runs: path, or the interpreter of a script as it was named", .part = PART_INTERP,
	  .tracee = { { START, "interp" } } },
	{ "interpreter_pathname", VALUE_BYTES, START, 0, FROM(field_bytes, loader.path),
	  .help = "full path of the ELF interpreter (ld.so); null: there is none", .part = PART_LOADER,
	  .tracee = { { START, "interpreter_pathname" } } },
	{ "interpreter_dev", VALUE_UINT, START, 0, BY(field_loader_device),
	  .help = "device of that file, as stat(2) gives it",
	  .tracee = { { START, "interpreter_dev" } } },
	{ "interpreter_inode", VALUE_UINT, START, ID, BY(field_loader_inode),
	  .help = "inode number of that file",
	  .tracee = { { START, "interpreter_inode" } } },
	{ "interpreter_ctime", VALUE_BYTES, START, TIME, BY(field_loader_ctime),
	  .help = "last status change of that file, RFC 3339 in UTC",
	  .tracee = { { START, "interpreter_ctime" } } },
	{ "attempts", VALUE_ATTEMPTS, FAIL, LATE | OPTIONAL, BY(field_attempts),
	  .help = "path and errno of each step of the search through PATH that this stands for (--fold)" },
	{ "repeat_count", VALUE_UINT, EXEC | END, LATE | OPTIONAL, BY(field_repeats),
	  .help = "how many failures like this one it stands for (--repeats)" },
	{ "first_time", VALUE_BYTES, EXEC | END, LATE | OPTIONAL | TIME, BY(field_first_time),
	  .help = "when the first of those failed, RFC 3339 in UTC" },
	{ "last_time", VALUE_BYTES, EXEC | END, LATE | OPTIONAL | TIME, BY(field_last_time),
	  .help = "when the last of those failed" },
	{ "truncated", VALUE_NAMES, EXEC | END, OPTIONAL | STEP, FROM(field_names, cut),
	  .help = "fields that were cut" },
	{ "unreadable", VALUE_NAMES, EXEC | END, LATE | OPTIONAL | STEP, FROM(field_names, unreadable),
	  .help = "fields that could not be read, or not to their end" },
	{ "read_afterwards", VALUE_NAMES, FAIL, LATE | OPTIONAL, FROM(field_names, late),
	  .help = "fields that were read of the caller's memory when the call had failed" },
	{ "raw", VALUE_RAW, EXEC | END, OPTIONAL | STEP, BY(field_raw),
	  .help = "base64 of values that are not UTF-8" },
	{ "binary_source", VALUE_BYTES, FAIL | CHECK | START, LATE, BY(field_binary_source),
	  .help = "how the file was seen: kernel, or stat (looked up from user space)" },
};
/* clang-format on */

const size_t fields_count = sizeof(fields) / sizeof(fields[0]);

_Static_assert(PARTS < 32, "the parts of an event are bits of a 32-bit number");

bool field_applies(const struct field *field, enum event_type type)
{
	return field->events & 1u << type;
}

bool field_is_late(const struct field *field, enum event_type type)
{
	/* What it was that did not start is only found by looking, where no exec failed. */
	return field->flags & FIELD_LATE || (type == EVENT_PROCESS_START_FAILED && field->part == PART_PATH);
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
	for (size_t i = 0; i < fields_count && part; i++)
		if (fields[i].part == part)
			return &fields[i];
	return NULL;
}

void fields_list(FILE *to)
{
	for (size_t i = 0; i < fields_count; i++)
		fprintf(to, "%-20s  %-7s  %s\n", fields[i].name, value_type_name(fields[i].type), fields[i].help);
}
