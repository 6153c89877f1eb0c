// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <ctype.h>
#include <signal.h>
#include <stdlib.h>

#include "../e2e/reasons.h"
#include "cause/diagnose.h"
#include "cause/rules.h"
#include "elf_bytes.h"
#include "world.h"

/*
 * Every rule by at least one event, and the world that its caller lived in. What is the same in all of them is in
 * event_of().
 */
struct example {
	const char *reason;
	enum evidence evidence;
	enum view_standing standing; /* VIEW_CALLER when not set */
	bool gone; /* no world at all */
	struct event event;
	struct world world;
	const char *hint; /* a part of it */
	enum stage stage; /* afterwards; the event's own when not set */
};

#define S(literal)                                                                                                     \
	{                                                                                                              \
		literal, sizeof(literal) - 1                                                                           \
	}
#define LIST(...)                                                                                                      \
	{                                                                                                              \
		(struct bytes[]){ __VA_ARGS__ }, sizeof((struct bytes[]){ __VA_ARGS__ }) / sizeof(struct bytes), true  \
	}
#define FILES(...)                                                                                                     \
	.world.files = (const struct world_file[])                                                                     \
	{                                                                                                              \
		__VA_ARGS__,                                                                                           \
		{                                                                                                      \
		}                                                                                                      \
	}
#define TEXTS(...)                                                                                                     \
	.world.texts = (const struct world_text[])                                                                     \
	{                                                                                                              \
		__VA_ARGS__,                                                                                           \
		{                                                                                                      \
		}                                                                                                      \
	}
#define FAILED(at, error) .event.stage = STAGE_##at, .event.ret = -(error)
#define OUTCOME(error) .event.seen = SEEN_OUTCOME, .event.ret = -(error)
#define PATH(literal) .event.path = S(literal)
#define HEAD(literal) .event.head = S(literal)
#define KERNEL .evidence = EVIDENCE_KERNEL
#define USER .evidence = EVIDENCE_USER
#define PROGRAM                                                                                                        \
	{                                                                                                              \
		"/bin/tool", 0755, ELF_GOOD, sizeof(ELF_GOOD) - 1                                                      \
	}
#define STATUS(uid, more)                                                                                              \
	{                                                                                                              \
		"process:status", "Uid:\t" uid "\t" uid "\t" uid "\t" uid "\nGid:\t5\t5\t5\t5\nGroups:\t5 \n" more     \
	}

/* Events in which an interpreter was opened or tried. */
#define SCRIPT(interpreter_, line) NESTED(interpreter_, line, 1)
#define NESTED(interpreter_, line, level_)                                                                             \
	PATH("/opt/run.sh"), HEAD("#!" line "\0echo"), .event.interpreter = S(interpreter_),                           \
						       .event.seen = SEEN_EXEC | SEEN_SCRIPT | SEEN_BPRM | SEEN_FILE,  \
						       .event.level = level_
#define NOT_OPENED .event.step = STEP_OPEN_INTERPRETER
#define DYNAMIC                                                                                                        \
	PATH("/opt/app"), HEAD(ELF_DYNAMIC), .event.interpreter = S(ELF_LOADER),                                       \
					     .event.seen = SEEN_EXEC | SEEN_BPRM | SEEN_FILE

/* security.capability: revision 2, effective, CAP_NET_RAW */
#define NET_RAW "\1\0\0\2\0\x20\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
/* Its header, an entry for the user 1000 without x, and the mask. */
#define ACL_OF_1000                                                                                                    \
	"\2\0\0\0"                                                                                                     \
	"\2\0\4\0\xe8\3\0\0"                                                                                           \
	"\x10\0\7\0\xff\xff\xff\xff"                                                                                   \
	"\x20\0\5\0\xff\xff\xff\xff"
#define X16 "xxxxxxxxxxxxxxxx"
#define X256 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16

static struct bytes searched[] = { S("tool"), S("-v") };
static struct bytes path_variable[] = { S("HOME=/"), S("PATH=/a:/b") };
static struct bytes env_arguments[] = { S("python9"), S("/opt/script") };
static struct bytes env_crlf_arguments[] = { S("python3\r"), S("/opt/script") };
static struct bytes env_split_arguments[] = { S("python3 -u"), S("/opt/script") };
static struct bytes line_searched[] = { S("tool -v") };
static struct bytes env_variables[] = { S("PATH=/usr/bin") };
static struct bytes long_argument[] = { S("tool"), S(X256) };
static struct bytes long_variable[] = { S("PATH=/bin"), S("BIG=" X256) };
static struct bytes longer_variable[] = { S("PATH=/bin"), S("BIG=" X256 X256 X256 X256) };
static struct bytes one_argument[] = { S("tool") };
static struct bytes wild_argument[] = { S("tool"), {} };
static struct bytes modprobe[] = { S("/sbin/modprobe"), S("-q"), S("--"), S("net-pf-18") };

#define ARGUMENTS(array) .event.arguments = { array, COUNT(array), true, false }
#define ENVIRONMENT(array) .event.environment = { array, COUNT(array), true, false }

/* Two headers only. */
#define ELF_I386                                                                                                       \
	"\x7f"                                                                                                         \
	"ELF\1\1\1\0\0\0\0\0\0\0\0\0\3\0\3\0\1\0\0\0\0\0\0\0\x34\0\0\0\0\0\0\0\0\0\0\0\x34\0\x20\0\1\0\0\0"            \
	"\0\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"

static const struct example examples[] = {
	/* --- seccomp --- */
	{ "seccomp_killed", KERNEL, FAILED(ENTRY, -59), .event.signal = SIGSYS, .event.seen = SEEN_SECCOMP,
	  PATH("/bin/tool"), .hint = "kills for it, or sends SIGSYS" },
	{ "seccomp_pretended", KERNEL, FAILED(ENTRY, 0), .event.seen = SEEN_SECCOMP, PATH("/bin/tool"),
	  .hint = "started nothing" },
	{ "seccomp_errno", KERNEL, FAILED(ENTRY, EPERM), .event.seen = SEEN_SECCOMP, PATH("/bin/tool"),
	  .hint = "filter of cron answered EPERM" },
	{ "seccomp_errno", USER, FAILED(UNKNOWN, EPERM), PATH("/bin/tool"), FILES(PROGRAM),
	  .event.seen = SEEN_OUTCOME | SEEN_FILTERED, .hint = "a seccomp filter of cron likely answered EPERM" },
	{ "seccomp_errno", KERNEL, FAILED(UNKNOWN, 4000), PATH("/bin/tool"), .event.seen = SEEN_OUTCOME | SEEN_FILTERED,
	  .hint = "a seccomp filter of cron likely answered E4000" },
	{ "seccomp_pretended", KERNEL, FAILED(ENTRY, -7), .event.seen = SEEN_SECCOMP, PATH("/bin/tool"),
	  .hint = "let the call return as if it had succeeded" },
	{ "seccomp_errno", KERNEL, FAILED(UNKNOWN, ENOSYS), PATH("/bin/tool"),
	  .hint = "filter of cron likely answered ENOSYS" },

	/* --- entry --- */
	{ "bad_path_pointer", KERNEL, FAILED(ENTRY, EFAULT), .hint = "cron passed an address for the path" },
	{ "empty_path", KERNEL, FAILED(ENTRY, ENOENT), PATH(""), .hint = "the path is empty: likely a variable" },
	{ "path_too_long", KERNEL, FAILED(ENTRY, ENAMETOOLONG), PATH("/x"), .hint = "longer than 4095 bytes" },
	{ "bad_flags", KERNEL, FAILED(ENTRY, EINVAL), PATH("x"), .event.call = CALL_EXECVEAT, .event.flags = 0x40000000,
	  .hint = "the flags 0x40000000" },
	{ "bad_flags", KERNEL, FAILED(UNKNOWN, EINVAL), PATH("x"), .event.call = CALL_EXECVEAT, .event.flags = 0x10000,
	  .hint = "AT_EXECVE_CHECK, which came with Linux 6.14" },
	{ "bad_descriptor", KERNEL, FAILED(LOOKUP, EBADF), PATH("x"), .event.call = CALL_EXECVEAT, .event.dirfd = 1000,
	  .hint = "cron has no open descriptor 1000" },
	{ "process_limit", KERNEL, FAILED(ENTRY, EAGAIN), PATH("/bin/tool"),
	  TEXTS({ "process:limits", "Max processes   512   1024   processes\n" }),
	  .hint = "user alice (1000) has more processes than its limit of 512" },
	{ "out_of_memory", KERNEL, FAILED(ARGUMENTS, ENOMEM), PATH("/bin/tool"), .event.cgroup = S("/small"),
	  .hint = "memory limit of the control group /small" },
	{ "out_of_files", KERNEL, FAILED(LOOKUP, ENFILE), PATH("/bin/tool"),
	  TEXTS({ "proc:sys/fs/file-max", "1024\n" }), .hint = "(sysctl fs.file-max = 1024)" },
	{ "out_of_files", KERNEL, FAILED(LOOKUP, EMFILE), PATH("/bin/tool"),
	  TEXTS({ "process:limits", "Max open files   64   1024   files\n" }), .hint = "its limit of 64 open files" },

	/* --- arguments --- */
	{ "bad_argument_pointer", KERNEL, FAILED(ARGUMENTS, EFAULT), PATH("/bin/tool"),
	  .hint = "the list of arguments" },
	{ "bad_argument_pointer", KERNEL, FAILED(ARGUMENTS, EFAULT), PATH("/bin/tool"), ARGUMENTS(wild_argument),
	  .hint = "argument 1 where it has no memory" },
	{ "bad_argument_pointer", KERNEL, FAILED(ARGUMENTS, EFAULT), PATH("/bin/tool"), ARGUMENTS(one_argument),
	  ENVIRONMENT(wild_argument), .hint = "variable 1 of the environment" },
	{ "argument_too_long", KERNEL, FAILED(ARGUMENTS, E2BIG), PATH("/bin/tool"), ARGUMENTS(long_argument),
	  ENVIRONMENT(path_variable), .event.argc = 2, .event.envc = 2, .event.cut = 1u << PART_ARGUMENTS,
	  .hint = "argument 1 (\"xxxxxxxxxxxxxxxxxxxxxxxx...\") is likely too long: a single" },
	{ "argument_too_long", KERNEL, FAILED(ARGUMENTS, E2BIG), PATH("/bin/tool"), ARGUMENTS(one_argument),
	  ENVIRONMENT(long_variable), .event.argc = 1, .event.envc = 2, .event.cut = 1u << PART_ENVIRONMENT,
	  TEXTS({ "process:limits", "Max stack size   8388608   unlimited   bytes\n" }),
	  .hint = "the variable BIG is too long: a single argument or variable can have 131071 bytes" },
	/* The kernel's side has read them all. */
	{ "argument_too_long", KERNEL, FAILED(ARGUMENTS, E2BIG), PATH("/bin/tool"), ARGUMENTS(one_argument),
	  .event.longest = { .known = true,
			     .variable = true,
			     .index = 9,
			     .length = 140000,
			     .total = 150000,
			     .start = S("BIG=xxxx") },
	  .hint = "the variable BIG is too long: a single argument or variable can have 131071 bytes" },
	{ "arguments_too_big", KERNEL, FAILED(ARGUMENTS, E2BIG), PATH("/bin/tool"), ARGUMENTS(one_argument),
	  .event.longest = { .known = true, .index = 1, .length = 131071, .total = 2200000, .start = S("short") },
	  .event.argc = 30, .event.envc = 2,
	  TEXTS({ "process:limits", "Max stack size   8388608   unlimited   bytes\n" }),
	  .hint = "30 arguments and 2 variables are 2200000 bytes, too big together: more than 2097152 bytes, a quarter of "
		  "the stack limit (ulimit -s); the longest is argument 1 (131071 bytes)" },
	/* What is behind it was not seen, and may be as long, or longer. */
	{ "arguments_too_big", KERNEL, FAILED(ARGUMENTS, E2BIG), PATH("/bin/tool"), ARGUMENTS(one_argument),
	  ENVIRONMENT(longer_variable), .event.argc = 1, .event.envc = 27, .event.cut = 1u << PART_ENVIRONMENT,
	  TEXTS({ "process:limits", "Max stack size   8388608   unlimited   bytes\n" }),
	  .hint = "or one of them has more than 131071 bytes; the longest that was seen is the variable BIG" },
	{ "too_many_arguments", KERNEL, FAILED(ARGUMENTS, E2BIG), PATH("/bin/tool"), ARGUMENTS(one_argument),
	  .event.argc = 300001, .event.envc = 2, .event.cut = 1u << PART_ARGUMENTS,
	  TEXTS({ "process:limits", "Max stack size   8388608   unlimited   bytes\n" }),
	  .hint = "300001 arguments and 2 variables are too many: their pointers alone fill up the room of 2097152" },
	{ "arguments_too_big", KERNEL, FAILED(ARGUMENTS, E2BIG), PATH("/bin/tool"), ARGUMENTS(long_argument),
	  .event.argc = 31, .event.envc = 2, .event.cut = 1u << PART_ARGUMENTS,
	  TEXTS({ "process:limits", "Max stack size   unlimited   unlimited   bytes\n" }),
	  .hint = "31 arguments and 2 variables are too big together: more than 6291456 bytes" },
	{ "arguments_too_big", USER, FAILED(ARGUMENTS, E2BIG), PATH("/bin/tool"), ARGUMENTS(long_argument),
	  ENVIRONMENT(path_variable), .event.argc = 2, .event.envc = 2, .event.cut = 1u << PART_ARGUMENTS,
	  TEXTS({ "process:limits", "Max stack size   4096   unlimited   bytes\n" }),
	  .hint = "2 arguments and 2 variables are too big together for a stack limit of 4096 bytes (ulimit -s)" },

	/* --- a search through PATH --- */
	{ "env_crlf", USER, FAILED(LOOKUP, ENOENT), PATH("/usr/bin/python3\r"), ARGUMENTS(env_crlf_arguments),
	  ENVIRONMENT(env_variables),
	  FILES({ "/opt/script", 0755, "#!/usr/bin/env python3\r\n" }, { "/usr/bin/env", 0755 }),
	  .hint = "the script /opt/script has env search for \"python3\\r\": it has DOS line endings; repair with: sed -i "
		  "'s/\\r$//' /opt/script" },
	{ "env_missing", USER, FAILED(LOOKUP, ENOENT), PATH("/usr/bin/python9"), ARGUMENTS(env_arguments),
	  ENVIRONMENT(env_variables),
	  FILES({ "/opt/script", 0755, "#!/usr/bin/env -S python9 -u\n" }, { "/usr/bin/env", 0755 }),
	  .hint = "the script /opt/script has env search for python9, which is not in PATH (/usr/bin)" },
	{ "env_missing", USER, FAILED(LOOKUP, ENOENT), PATH("/usr/bin/python3 -u"), ARGUMENTS(env_split_arguments),
	  ENVIRONMENT(env_variables),
	  FILES({ "/opt/script", 0755, "#!/usr/bin/env python3 -u\n" }, { "/usr/bin/python3", 0755 }),
	  .hint = "env search for \"python3 -u\", which is not in PATH (/usr/bin); env takes it as one name: split it" },
	{ "env_missing", USER, FAILED(LOOKUP, ENOENT), PATH("/bin/python9"), ARGUMENTS(env_arguments),
	  ENVIRONMENT(env_variables),
	  FILES({ "/opt/script", 0755, "#!/usr/bin/env python9\n" }, { "/usr/bin/python9", 0644 }),
	  .hint = "has env search for python9, and /usr/bin/python9 cannot be executed (PATH is /usr/bin)" },
	{ "path_search", USER, FAILED(LOOKUP, ENOENT), PATH("/a/tool"), ARGUMENTS(searched), ENVIRONMENT(path_variable),
	  FILES({ "/a/other", 0755 }, { "/b/tool", 0755 }), .hint = "which has /b/tool" },
	{ "missing_file", USER, FAILED(LOOKUP, ENOENT), PATH("/b/tool"), ARGUMENTS(searched),
	  ENVIRONMENT(path_variable), FILES({ "/a/tool", 0755, "#!/gone\n" }, { "/b/other", 0755 }),
	  .hint = "/b/tool does not exist" },
	{ "not_in_path", USER, FAILED(LOOKUP, ENOENT), PATH("/b/tool"), ARGUMENTS(searched), ENVIRONMENT(path_variable),
	  FILES({ "/a/tool", 0644 }), .hint = "PATH has tool as a program (PATH is \"/a:/b\"), and /a/tool cannot be" },
	{ "not_in_path", USER, FAILED(LOOKUP, ENOENT), PATH("/b/tool"), ARGUMENTS(searched), ENVIRONMENT(path_variable),
	  FILES({ "/a/other", 0755 }), .hint = "no directory of PATH has tool (PATH is \"/a:/b\")" },
	{ "not_in_path", USER, FAILED(LOOKUP, ENOENT), PATH("/b/tool -v"), ARGUMENTS(line_searched),
	  ENVIRONMENT(path_variable), FILES({ "/a/tool", 0755 }),
	  .hint = "; it looks like a command line that was passed as one word" },

	/* --- the way to the program --- */
	{ "removed_cwd", KERNEL, FAILED(LOOKUP, ENOENT), PATH("tool"), .event.cwd = S("/gone (deleted)"),
	  .event.removed = 1u << PART_CWD, .hint = "tool is relative to /gone, a directory that has been removed" },
	{ "path_crlf", KERNEL, FAILED(LOOKUP, ENOENT), PATH("/bin/tool\r"), FILES(PROGRAM),
	  .hint = "\"/bin/tool\\r\" ends in a carriage return" },
	{ "dangling_symlink", USER, FAILED(LOOKUP, ENOENT), PATH("/bin/java"),
	  FILES({ "/bin/java", S_IFLNK | 0777, "/etc/alternatives/java" },
		{ "/etc/alternatives/java", S_IFLNK | 0777, "/opt/jdk/bin/java" }),
	  .hint = "the symbolic link /etc/alternatives/java leads to /opt/jdk/bin/java, which does not exist" },
	{ "command_line", USER, FAILED(LOOKUP, ENOENT), PATH("/bin/tool --flag"), FILES(PROGRAM),
	  .hint = "\"/bin/tool --flag\" does not exist, but /bin/tool does: a command line was passed as a path" },
	{ "missing_file", USER, FAILED(LOOKUP, ENOENT), PATH("/bin/tool --flag"), FILES({ "/bin/tool", 0644 }),
	  .hint = "\"/bin/tool --flag\" does not exist" },
	{ "missing_directory", USER, FAILED(LOOKUP, ENOENT), PATH("/opt/app/bin/tool"), FILES({ "/opt/x", 0755 }),
	  .hint = "there is no directory /opt/app" },
	{ "missing_file", USER, FAILED(LOOKUP, ENOENT), PATH("/opt/tool"), FILES({ "/opt/x", 0755 }),
	  .hint = "/opt/tool does not exist" },
	{ "missing_file", USER, OUTCOME(ENOENT), PATH("/opt/tool"), FILES({ "/opt/x", 0755 }), .stage = STAGE_LOOKUP,
	  .hint = "/opt/tool does not exist" },
	{ "missing_file", USER, VIEW_STAND_IN, OUTCOME(ENOENT), PATH("/opt/tool"), FILES({ "/opt/x", 0755 }),
	  .hint = "(looked up after the caller had gone)" },
	{ "missing_file", USER, FAILED(LOOKUP, ENOENT), PATH("tool"), FILES({ "/srv/x", 0755 }), .event.cwd = S("/srv"),
	  .hint = "tool does not exist: there is no /srv/tool" },
	{ "changed_since", USER, FAILED(LOOKUP, ENOENT), PATH("/bin/tool"), FILES(PROGRAM),
	  .hint = "it was put there after the attempt" },
	{ "changed_since", USER, FAILED(LOOKUP, EACCES), PATH("/bin/tool"),
	  FILES({ "/bin/tool", 0755, .changed = 1700000001 }), .hint = "has been changed since" },
	{ "changed_since", USER, FAILED(LOOKUP, EACCES), PATH("/bin/tool"),
	  FILES({ "/bin/tool", 0644, .changed = 1700000001 }),
	  .hint = "changed since; now: /bin/tool has no execute permission (mode 0644)" },
	{ "changed_since", USER, FAILED(LOOKUP, EACCES), PATH("/dir/tool"),
	  FILES({ "/dir", S_IFDIR | 0700, .changed = 1700000001 }, { "/dir/tool", 0755 }),
	  .hint = "changed since; now: user alice (1000) may not pass through /dir" },
	/* nobody is accused where what may be in the way cannot be seen */
	{ "other_EACCES", KERNEL, FAILED(LOOKUP, EACCES), PATH("/bin/tool"), FILES({ "/bin/tool", 0755, .mount = 99 }),
	  .hint = "nothing that can be seen explains it" },
	{ "other_EACCES", KERNEL, FAILED(LOOKUP, EACCES), PATH("/dir/tool"),
	  FILES({ "/dir", S_IFDIR | 0710, .gid = 77 }, { "/dir/tool", 0755 }),
	  .hint = "nothing that can be seen explains it" },
	/* a directory of that name that is there */
	{ "missing_file", USER, FAILED(LOOKUP, ENOENT), PATH("tool"), .event.cwd = S("/x (deleted)"),
	  FILES({ "/x (deleted)", S_IFDIR | 0755 }), .hint = "there is no \"/x (deleted)/tool\"" },
	/* and the way up out of one that is not */
	{ "not_found", KERNEL, FAILED(LOOKUP, ENOENT), PATH("././../tool"), .event.cwd = S("/x (deleted)"),
	  .event.removed = 1u << PART_CWD, .hint = "././../tool does not exist, or" },
	{ "not_found", KERNEL, .gone = true, FAILED(LOOKUP, ENOENT), PATH("/opt/tool"),
	  .hint = "/opt/tool does not exist, or" },
	{ "name_too_long", KERNEL, FAILED(LOOKUP, ENAMETOOLONG), PATH("/" X256),
	  .hint = "has 256 bytes: a file name can have 255" },
	{ "link_refused", USER, FAILED(LOOKUP, ELOOP), PATH("/bin/link"), .event.call = CALL_EXECVEAT,
	  .event.flags = AT_SYMLINK_NOFOLLOW, FILES({ "/bin/link", S_IFLNK | 0777, "tool" }, PROGRAM),
	  .hint = "/bin/link is a symbolic link" },
	{ "symlink_loop", KERNEL, FAILED(LOOKUP, ELOOP), PATH("/bin/a"),
	  FILES({ "/bin/a", S_IFLNK | 0777, "b" }, { "/bin/b", S_IFLNK | 0777, "/bin/a" }),
	  .hint = "lead in a circle: /bin/" },
	{ "not_a_directory", KERNEL, FAILED(LOOKUP, ENOTDIR), PATH("/bin/tool/x"), FILES(PROGRAM),
	  .hint = "/bin/tool is not a directory, as it would have to be for /bin/tool/x" },
	{ "not_a_directory", KERNEL, FAILED(LOOKUP, ENOTDIR), PATH("/bin/tool/"), FILES(PROGRAM),
	  .hint = "the path /bin/tool/ ends in a slash, but /bin/tool is not a directory" },
	{ "sealed_memfd", KERNEL, FAILED(LOOKUP, EACCES), PATH(""), .event.call = CALL_EXECVEAT,
	  .event.flags = AT_EMPTY_PATH, .event.dirfd = 3, .event.dirfd_path = S("/memfd:x (deleted)"),
	  .hint = "MFD_NOEXEC_SEAL" },
	{ "lsm_denied", USER, FAILED(LOOKUP, EACCES), PATH(""), .event.call = CALL_EXECVEAT,
	  .event.flags = AT_EMPTY_PATH, .event.dirfd = 3, .event.dirfd_path = S("/memfd:x (deleted)"),
	  .world.descriptor = "/bin/tool", FILES(PROGRAM), .hint = "a security module likely did" },
	{ "no_search_permission", USER, FAILED(LOOKUP, EACCES), PATH("/proc/1/exe"),
	  FILES({ "/proc/1", S_IFDIR | 0555 }, { "/proc/1/exe", 0755, .error = EACCES }),
	  .hint = "user alice (1000) may not see what /proc/1 has: that is another process's" },
	{ "no_search_permission", USER, FAILED(LOOKUP, EACCES), PATH("/root/tool"),
	  FILES({ "/root", S_IFDIR | 0700 }, { "/root/tool", 0755 }),
	  .hint = "user alice (1000) may not pass through /root (mode 0700, owner 0:0), so /root/tool cannot be reached" },
	{ "virtual_file", USER, FAILED(LOOKUP, EACCES), PATH("/proc/version"),
	  FILES({ "/proc/version", 0444, .mount = 2 }),
	  .hint = "/proc/version lies on /proc (proc, proc): nothing there can be executed" },
	{ "is_directory", USER, FAILED(LOOKUP, EACCES), PATH("/opt"), FILES({ "/opt/x", 0755 }),
	  .hint = "/opt is a directory" },
	{ "special_file", USER, FAILED(LOOKUP, EACCES), PATH("/run/fifo"), FILES({ "/run/fifo", S_IFIFO | 0777 }),
	  .hint = "/run/fifo is a fifo" },
	{ "no_x_bit", USER, FAILED(LOOKUP, EACCES), PATH("/bin/my tool"), FILES({ "/bin/my tool", 0644 }),
	  .hint = "(mode 0644); give it with: chmod +x '/bin/my tool'" },
	{ "no_x_bit", USER, OUTCOME(EACCES), PATH("/bin/tool"), FILES({ "/bin/tool", 0644 }), .stage = STAGE_LOOKUP,
	  .hint = "has no execute permission" },
	{ "no_x_bit_for_user", USER, FAILED(LOOKUP, EACCES), PATH("/bin/tool"), FILES({ "/bin/tool", 0744 }),
	  TEXTS(STATUS("1000", "")), .hint = "user alice (1000) may not execute /bin/tool (mode 0744, owner 0:0)" },
	{ "no_x_bit_for_user", USER, FAILED(LOOKUP, EACCES), PATH("/bin/tool"), FILES({ "/bin/tool", 0750, .gid = 7 }),
	  .hint = "may likely not execute" },
	{ "no_x_bit_for_user", USER, FAILED(LOOKUP, EACCES), PATH("/bin/tool"),
	  FILES({ "/bin/tool", 0775, .acl = ACL_OF_1000, .acl_n = 28 }),
	  .hint = "(mode 0775, owner 0:0, and an access control list: getfacl /bin/tool)" },
	{ "no_search_permission", USER, FAILED(LOOKUP, EACCES), PATH("/opt/tool"),
	  FILES({ "/opt", S_IFDIR | 0775, .acl = ACL_OF_1000, .acl_n = 28 }, { "/opt/tool", 0755 }),
	  .hint = "may not pass through /opt (mode 0775, owner 0:0, and an access control list: getfacl /opt)" },
	{ "noexec_mount", USER, FAILED(LOOKUP, EACCES), PATH("/noexec/tool"),
	  FILES({ "/noexec/tool", 0755, .mount = 3 }),
	  .hint = "/noexec/tool lies on /noexec (tmpfs, scratch), which is mounted noexec" },
	{ "text_busy", KERNEL, FAILED(LOOKUP, ETXTBSY), PATH("/bin/tool"), FILES(PROGRAM), .world.busy = "/bin/tool",
	  .hint = "/bin/tool is open for writing in process 77 (writer)" },
	{ "text_busy", KERNEL, .gone = true, FAILED(LOOKUP, ETXTBSY), PATH("/bin/tool"),
	  .hint = "who had it open is not to be seen any more" },

	/* --- interpreters --- */
	{ "interpreter_crlf", KERNEL, FAILED(INTERPRETER, ENOENT), SCRIPT("/bin/sh\r", "/bin/sh\r"), NOT_OPENED,
	  FILES({ "/opt/run.sh", 0755, "#!/bin/sh\r\n" }, { "/bin/sh", 0755 }),
	  .hint = "the script /opt/run.sh asks for the interpreter \"/bin/sh\\r\": it has DOS line endings; repair with: sed -i "
		  "'s/\\r$//' /opt/run.sh" },
	{ "interpreter_crlf", USER, OUTCOME(ENOENT), PATH("/opt/run.sh"),
	  FILES({ "/opt/run.sh", 0755, "#!/bin/sh\r\n" }, { "/bin/sh", 0755 }), .stage = STAGE_INTERPRETER,
	  .hint = "it has DOS line endings" },
	/* Of a script between the program and the interpreter the kernel does not say the name. */
	{ "interpreter_crlf", KERNEL, FAILED(INTERPRETER, ENOENT), NESTED("/bin/sh\r", "/bin/sh\r", 2), NOT_OPENED,
	  FILES({ "/opt/run.sh", 0755, "#!/opt/inner\n" }, { "/opt/inner", 0755, "#!/bin/sh\r\n" },
		{ "/bin/sh", 0755 }),
	  .hint = "the script /opt/inner asks for the interpreter \"/bin/sh\\r\": it has DOS line endings; repair with: sed "
		  "-i 's/\\r$//' /opt/inner" },
	{ "interpreter_crlf", KERNEL, .gone = true, FAILED(INTERPRETER, ENOENT), NESTED("/bin/sh\r", "/bin/sh\r", 2),
	  NOT_OPENED,
	  .hint = "a script that is an interpreter of /opt/run.sh asks for the interpreter \"/bin/sh\\r\": it has DOS line "
		  "endings" },
	{ "interpreter_crlf", KERNEL, FAILED(INTERPRETER, ENOENT), SCRIPT("/bin/no\r", "/bin/no\r"), NOT_OPENED,
	  FILES({ "/opt/run.sh", 0755, "#!/bin/no\r\n" }, { "/bin/sh", 0755 }),
	  .hint = "it has DOS line endings (and there is no /bin/no either); repair" },
	{ "shebang_empty", KERNEL, FAILED(INTERPRETER, EACCES), SCRIPT("", ""), NOT_OPENED,
	  .hint = "the #! line of /opt/run.sh names no interpreter" },
	{ "shebang_empty", KERNEL, .gone = true, FAILED(INTERPRETER, EACCES), NESTED("", "", 2), NOT_OPENED,
	  .hint = "the #! line of an interpreter of /opt/run.sh names no interpreter" },
	{ "shebang_empty", USER, OUTCOME(EACCES), PATH("/opt/run.sh"), FILES({ "/opt/run.sh", 0755, "#!" }),
	  .stage = STAGE_INTERPRETER, .hint = "the #! line of /opt/run.sh names no interpreter" },
	{ "symlink_loop", KERNEL, FAILED(INTERPRETER, ELOOP), SCRIPT("/opt/a", "/opt/a"), NOT_OPENED,
	  FILES({ "/opt/a", S_IFLNK | 0777, "b" }, { "/opt/b", S_IFLNK | 0777, "a" }),
	  .hint = "the interpreter /opt/a of /opt/run.sh cannot be reached, symbolic links lead in a circle: /opt/" },
	{ "symlink_loop", KERNEL, .gone = true, FAILED(INTERPRETER, ELOOP), DYNAMIC, NOT_OPENED,
	  .hint = "cannot be reached: its symbolic links lead in a circle, or are more than 40" },
	{ "broken_elf", KERNEL, FAILED(INTERPRETER, EACCES), PATH("/opt/app"), HEAD(ELF_DYNAMIC),
	  .event.interpreter = S(""), .event.seen = SEEN_EXEC | SEEN_BPRM | SEEN_FILE, NOT_OPENED,
	  .hint = "/opt/app is a damaged ELF file: the name of its loader (PT_INTERP) is empty" },
	{ "interpreter_missing", KERNEL, FAILED(INTERPRETER, ENOTDIR), SCRIPT("/bin/sh/x", "/bin/sh/x"), NOT_OPENED,
	  FILES({ "/bin/sh", 0755 }),
	  .hint = "the interpreter /bin/sh/x of /opt/run.sh does not exist: /bin/sh is not a directory" },
	{ "interpreter_relative", KERNEL, FAILED(INTERPRETER, ENOENT), SCRIPT("bin/sh", "bin/sh"), NOT_OPENED,
	  .hint = "the interpreter bin/sh of /opt/run.sh has no leading slash" },
	{ "interpreter_missing", KERNEL, FAILED(INTERPRETER, ENOENT), SCRIPT("/usr/bin/python", "/usr/bin/python"),
	  NOT_OPENED, FILES({ "/opt/run.sh", 0755, "#!/usr/bin/python\n" }, { "/usr/bin/python3", 0755 }),
	  .hint = "the interpreter /usr/bin/python of /opt/run.sh does not exist; there is /usr/bin/python3" },
	{ "interpreter_missing", KERNEL, .gone = true, FAILED(INTERPRETER, ENOENT), SCRIPT("/bin/zsh", "/bin/zsh"),
	  NOT_OPENED, .hint = "the interpreter /bin/zsh of /opt/run.sh does not exist" },
	{ "interpreter_missing", KERNEL, FAILED(INTERPRETER, ENOENT), PATH("/opt/run.sh"), HEAD("#!/none"),
	  .event.interpreter = S("/none"), .event.seen = SEEN_EXEC | SEEN_SCRIPT, .event.level = 2, NOT_OPENED,
	  FILES({ "/opt/run.sh", 0755, "#!/opt/inner\n" }, { "/opt/inner", 0755, "#!/none\n" }),
	  .hint = "the interpreter /none of /opt/inner does not exist" },
	{ "script_close_on_exec", KERNEL, FAILED(INTERPRETER, ENOENT), PATH(""), .event.call = CALL_EXECVEAT,
	  .event.flags = AT_EMPTY_PATH, .event.dirfd = 3, .event.dirfd_path = S("/opt/run.sh"), HEAD("#!/bin/sh"),
	  .event.seen = SEEN_EXEC | SEEN_BPRM | SEEN_FILE, .hint = "by descriptor 3 (/opt/run.sh), which is closed" },
	{ "script_close_on_exec", USER, OUTCOME(ENOENT), PATH(""), .event.call = CALL_EXECVEAT,
	  .event.flags = AT_EMPTY_PATH, .event.dirfd = 3, .event.dirfd_path = S("/opt/run.sh"),
	  .world.descriptor = "/opt/run.sh",
	  FILES({ "/opt/run.sh", 0755, "#!/bin/sh\n" }, { "/bin/sh", 0755, ELF_GOOD, sizeof(ELF_GOOD) - 1 }),
	  TEXTS({ "process:fdinfo/3", "pos:\t0\nflags:\t02100000\n" }), .stage = STAGE_INTERPRETER,
	  .hint = "is closed before" },
	{ "interpreter_no_search_permission", USER, FAILED(INTERPRETER, EACCES), SCRIPT("/root/sh", "/root/sh"),
	  NOT_OPENED, FILES({ "/root", S_IFDIR | 0700 }, { "/root/sh", 0755 }), .hint = "may not pass through /root" },
	{ "interpreter_directory", USER, FAILED(INTERPRETER, EACCES), SCRIPT("/bin", "/bin"), NOT_OPENED,
	  FILES({ "/bin/x", 0755 }), .hint = "the interpreter /bin of /opt/run.sh is a directory" },
	{ "interpreter_no_x_bit", USER, FAILED(INTERPRETER, EACCES), SCRIPT("/bin/sh", "/bin/sh"), NOT_OPENED,
	  FILES({ "/bin/sh", 0644 }), .hint = "the interpreter /bin/sh of /opt/run.sh has no execute permission" },
	{ "interpreter_noexec_mount", USER, FAILED(INTERPRETER, EACCES), SCRIPT("/noexec/sh", "/noexec/sh"), NOT_OPENED,
	  FILES({ "/noexec/sh", 0755, .mount = 3 }),
	  .hint = "lies on /noexec (tmpfs, scratch), which is mounted noexec" },
	{ "interpreter_busy", KERNEL, FAILED(INTERPRETER, ETXTBSY), SCRIPT("/bin/sh", "/bin/sh"), NOT_OPENED,
	  FILES({ "/bin/sh", 0755 }), .world.busy = "/bin/sh", .hint = "is open for writing in process 77" },
	{ "interpreter_busy", USER, OUTCOME(ETXTBSY), PATH("/opt/run.sh"), .world.busy = "/bin/sh",
	  FILES({ "/opt/run.sh", 0755, "#!/bin/sh\n" }, { "/bin/sh", 0755, ELF_GOOD, sizeof(ELF_GOOD) - 1 }),
	  .hint = "the interpreter /bin/sh of /opt/run.sh is open for writing" },
	{ "interpreter_loop", KERNEL, FAILED(INTERPRETER, ELOOP), SCRIPT("/opt/run.sh", "/opt/run.sh"),
	  .hint = "the script /opt/run.sh names itself as its interpreter" },
	{ "interpreter_loop", KERNEL, FAILED(INTERPRETER, ELOOP), SCRIPT("/opt/6", "/opt/6"), FILES({ "/opt/6", 0755 }),
	  .hint = "more than 5 times; the last was /opt/6" },
	{ "interpreter_wrong_machine", KERNEL, FAILED(INTERPRETER, ENOEXEC), PATH("/opt/run.sh"),
	  HEAD(ELF_HEADER(ELF_EXEC, ELF_AARCH64, "\1")), .event.interpreter = S("/bin/sh"),
	  .event.seen = SEEN_EXEC | SEEN_SCRIPT | SEEN_INTERP_OPEN, .event.level = 1,
	  .hint = "the interpreter /bin/sh of /opt/run.sh is built for aarch64; this machine is x86_64" },
	{ "interpreter_not_a_program", KERNEL, FAILED(INTERPRETER, ENOEXEC), PATH("/opt/run.sh"), HEAD("text\n"),
	  .event.interpreter = S("/opt/x"), .event.seen = SEEN_EXEC | SEEN_SCRIPT | SEEN_INTERP_OPEN, .event.level = 1,
	  .hint = "the interpreter /opt/x of /opt/run.sh is no program: it is text" },

	{ "interpreter_not_a_program", KERNEL, FAILED(INTERPRETER, ENOEXEC), PATH("/opt/run.sh"),
	  HEAD(ELF_HEADER(ELF_REL, ELF_X86_64, "\0")), .event.interpreter = S("/opt/x"),
	  .event.seen = SEEN_EXEC | SEEN_SCRIPT | SEEN_INTERP_OPEN, .event.level = 1,
	  .hint = "is no program: it is an object file, not linked" },
	{ "interpreter_not_a_program", KERNEL, FAILED(INTERPRETER, ENOEXEC), PATH("/opt/run.sh"), HEAD("#!\n"),
	  .event.interpreter = S("/opt/x"), .event.seen = SEEN_EXEC | SEEN_SCRIPT | SEEN_INTERP_OPEN, .event.level = 1,
	  .hint = "it is a script whose #! line names no interpreter" },
	{ "interpreter_not_a_program", KERNEL, FAILED(INTERPRETER, ENOEXEC), PATH("/opt/run.sh"), HEAD("\0\0\0\0"),
	  .event.interpreter = S("/opt/x"), .event.seen = SEEN_EXEC | SEEN_SCRIPT | SEEN_INTERP_OPEN, .event.level = 1,
	  FILES({ "/opt/x", 0755, "" }), .hint = "is no program: it is empty" },

	/* --- loaders and handlers --- */
	{ "loader_missing", KERNEL, FAILED(INTERPRETER, ENOENT), PATH("/opt/app"), HEAD(ELF_DYNAMIC),
	  .event.interpreter = S("ld.so"), .event.seen = SEEN_EXEC | SEEN_BPRM | SEEN_FILE, NOT_OPENED,
	  .hint = "a name without a leading slash is looked for in the caller's working directory" },
	{ "loader_wrong_machine", USER, OUTCOME(ELIBBAD), PATH("/opt/app"), .stage = STAGE_INTERPRETER,
	  FILES({ "/opt/app", 0755, ELF_DYNAMIC, sizeof(ELF_DYNAMIC) - 1 }, { ELF_LOADER, 0755, BYTES_OF(ELF_I386) }),
	  .hint = "is built for i386, and what names it for x86_64" },
	{ "handler_loop", USER, OUTCOME(ELOOP), PATH("/opt/x.handled"), .world.handler = "/opt/h.handled",
	  FILES({ "/opt/x.handled", 0755, "anything" }, { "/opt/h.handled", 0755, "anything" }),
	  .stage = STAGE_INTERPRETER, .hint = "handler /opt/h.handled is itself a file" },
	{ "handler_loop", USER, FAILED(INTERPRETER, ELOOP), PATH("/opt/x.handled"), HEAD("anything"),
	  .event.interpreter = S("/opt/h.handled"), .event.seen = SEEN_EXEC | SEEN_SCRIPT, .event.level = 5,
	  .world.handler = "/opt/h.handled",
	  FILES({ "/opt/x.handled", 0755, "anything" }, { "/opt/h.handled", 0755, "anything" }),
	  .hint = "handler /opt/h.handled is itself a file" },
	{ "handler_not_a_program", USER, FAILED(INTERPRETER, ENOEXEC), PATH("/opt/x.handled"), HEAD("text\n"),
	  .event.interpreter = S("/opt/h"), .event.seen = SEEN_EXEC | SEEN_SCRIPT, .event.level = 1,
	  .world.handler = "/opt/h", FILES({ "/opt/x.handled", 0755, "anything" }, { "/opt/h", 0755, "text\n" }),
	  .hint = "the binfmt_misc handler /opt/h of /opt/x.handled is no program: it is text" },
	{ "loader_missing", KERNEL, FAILED(INTERPRETER, ENOENT), DYNAMIC, NOT_OPENED, FILES({ "/lib64/x", 0755 }),
	  .hint = "the ELF loader " ELF_LOADER " of /opt/app does not exist; likely the program was built for glibc" },
	{ "loader_missing", USER, OUTCOME(ENOENT), PATH("/opt/app"), .stage = STAGE_INTERPRETER,
	  FILES({ "/opt/app", 0755, ELF_DYNAMIC, sizeof(ELF_DYNAMIC) - 1 }),
	  .hint = "the ELF loader " ELF_LOADER " of /opt/app" },
	{ "loader_not_executable", USER, FAILED(INTERPRETER, EACCES), DYNAMIC, NOT_OPENED, FILES({ ELF_LOADER, 0644 }),
	  .hint = "of /opt/app has no execute permission" },
	{ "loader_busy", KERNEL, FAILED(INTERPRETER, ETXTBSY), DYNAMIC, NOT_OPENED, FILES({ ELF_LOADER, 0755 }),
	  .world.busy = ELF_LOADER, .hint = "of /opt/app is open for writing in process 77" },
	{ "loader_wrong_machine", USER, FAILED(INTERPRETER, ELIBBAD), DYNAMIC,
	  FILES({ ELF_LOADER, 0755, BYTES_OF(ELF_HEADER(ELF_DYN, ELF_AARCH64, "\1")) }),
	  .hint = "is built for aarch64" },
	{ "loader_broken", KERNEL, FAILED(INTERPRETER, ELIBBAD), DYNAMIC, .gone = true,
	  .hint = "is damaged, or not a loader" },
	{ "loader_broken", KERNEL, FAILED(INTERPRETER, EIO), DYNAMIC, FILES({ ELF_LOADER, 0755, "short" }),
	  .hint = "has only 5 bytes" },
	{ "handler_missing", KERNEL, FAILED(INTERPRETER, ENOENT), PATH("/opt/x.handled"), HEAD("anything"),
	  .event.interpreter = S("/usr/bin/wine"), .event.seen = SEEN_EXEC | SEEN_SCRIPT, .event.level = 1, NOT_OPENED,
	  .hint = "the binfmt_misc handler /usr/bin/wine of /opt/x.handled does not exist" },
	{ "handler_missing", USER, OUTCOME(ENOENT), PATH("/opt/x.handled"),
	  FILES({ "/opt/x.handled", 0755, "anything" }), .world.handler = "/usr/bin/wine", .stage = STAGE_INTERPRETER,
	  .hint = "handler /usr/bin/wine of /opt/x.handled" },
	{ "handler_not_executable", USER, OUTCOME(EACCES), PATH("/opt/x.handled"), .world.handler = "/usr/bin/wine",
	  FILES({ "/opt/x.handled", 0755, "anything" }, { "/usr/bin/wine", 0644 }), .stage = STAGE_INTERPRETER,
	  .hint = "has no execute permission" },

	/* --- what is in the file --- */
	{ "empty_file", USER, OUTCOME(ENOEXEC), PATH("/opt/x"), FILES({ "/opt/x", 0755, "" }), .stage = STAGE_FORMAT,
	  .hint = "/opt/x is empty" },
	{ "empty_file", KERNEL, FAILED(FORMAT, ENOEXEC), PATH("/opt/x"), HEAD("\0\0\0\0\0\0\0\0"),
	  FILES({ "/opt/x", 0755, "", .size = 5000 }), .hint = "/opt/x begins with zeros only" },
	{ "byte_order_mark", KERNEL, FAILED(FORMAT, ENOEXEC), PATH("/opt/x"), HEAD("\xef\xbb\xbf#!/bin/sh\n"),
	  .hint = "repair with: sed -i '1s/^\\xef\\xbb\\xbf//' /opt/x" },
	{ "byte_order_mark", KERNEL, FAILED(FORMAT, ENOEXEC), PATH("/opt/x"), HEAD("\xff\xfe#\0!\0/\0"),
	  .hint = "UTF-16" },
	{ "blank_before_shebang", KERNEL, FAILED(FORMAT, ENOEXEC), PATH("/opt/x"), HEAD("\n#!/bin/sh\n"),
	  .hint = "an empty line before its #!" },
	{ "shebang_empty", KERNEL, FAILED(FORMAT, ENOEXEC), PATH("/opt/x"), HEAD("#! \t\n"),
	  .hint = "names no interpreter" },
	{ "shebang_empty", KERNEL, FAILED(FORMAT, ENOEXEC), PATH("/opt/x"), HEAD("#! \0"),
	  .hint = "names no interpreter" },
	{ "shebang_too_long", KERNEL, FAILED(FORMAT, ENOEXEC), PATH("/opt/x"), HEAD("#!/" X256),
	  .hint = "the kernel reads 256 bytes" },
	{ "no_shebang", KERNEL, FAILED(FORMAT, ENOEXEC), PATH("/opt/x"), HEAD("echo hello\n"),
	  .hint = "/opt/x is text without a #! line" },
	{ "foreign_program", KERNEL, FAILED(FORMAT, ENOEXEC), PATH("/opt/x"), HEAD("MZ\x90\0\3\0"),
	  .hint = "a Windows" },
	{ "not_a_program", KERNEL, FAILED(FORMAT, ENOEXEC), PATH("/opt/x"), HEAD("\x1f\x8b\x08\0"),
	  .hint = "compressed by gzip" },
	{ "not_a_program", USER, FAILED(FORMAT, ENOEXEC), PATH("/opt/x"), HEAD(X256),
	  FILES({ "/opt/x", 0755, X256 "xustar" }), .hint = "/opt/x is no program: it is a tar archive" },
	{ "object_file", KERNEL, FAILED(FORMAT, ENOEXEC), PATH("/opt/x"), HEAD(ELF_HEADER(ELF_REL, ELF_X86_64, "\0")),
	  .hint = "/opt/x is an object file" },
	{ "core_file", KERNEL, FAILED(FORMAT, ENOEXEC), PATH("/opt/x"), HEAD(ELF_HEADER(ELF_CORE, ELF_X86_64, "\1")),
	  .hint = "/opt/x is a core dump" },
	{ "wrong_machine", KERNEL, FAILED(FORMAT, ENOEXEC), PATH("/opt/x"),
	  HEAD(ELF_HEADER(ELF_EXEC, ELF_AARCH64, "\1")),
	  .hint = "/opt/x is an ELF program for aarch64; this machine is x86_64" },
	{ "truncated_elf", USER, OUTCOME(ENOEXEC), PATH("/opt/x"),
	  FILES({ "/opt/x", 0755,
		  BYTES_OF("\x7f"
			   "ELF\2\1\1\0\0\0") }),
	  .stage = STAGE_FORMAT, .hint = "ends too early, after 10 bytes" },
	{ "truncated_elf", USER, FAILED(FORMAT, EIO), PATH("/opt/x"), .event.head = { ELF_DYNAMIC, 176 },
	  FILES({ "/opt/x", 0755, ELF_DYNAMIC, 180 }), .hint = "ends too early, after 180 bytes" },
	{ "broken_elf", KERNEL, FAILED(FORMAT, ENOEXEC), PATH("/opt/x"), HEAD(ELF_HEADER(ELF_EXEC, ELF_X86_64, "\0")),
	  .hint = "program headers that make no sense" },
	{ "broken_elf", KERNEL, FAILED(FORMAT, ENOEXEC), PATH("/opt/x"), HEAD(ELF_HEADER(ELF_EXEC, "\0\0", "\0")),
	  .hint = "has no machine that it is for" },
	{ "no_32_bit_support", USER, OUTCOME(ENOEXEC), PATH("/opt/x"), .standing = VIEW_CALLER,
	  FILES({ "/opt/x", 0755,
		  BYTES_OF("\x7f"
			   "ELF\1\1\1\0\0\0\0\0\0\0\0\0"
			   "\2\0\3\0"
			   "\1\0\0\0"
			   "\0\0\0\0"
			   "\x34\0\0\0"
			   "\0\0\0\0"
			   "\0\0\0\0"
			   "\x34\0"
			   "\x20\0"
			   "\1\0"
			   "\0\0\0\0\0\0"
			   "\1\0\0\0"
			   "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0") }),
	  .hint = "for i386, which this x86_64 kernel likely does not run" },
	{ "elf_refused", KERNEL, FAILED(FORMAT, ENOEXEC), PATH("/opt/x"), HEAD(ELF_GOOD),
	  .hint = "does not take: likely damaged" },
	{ "elf_refused", USER, PATH("/bin/tool"), FILES(PROGRAM), .event.seen = SEEN_OUTCOME | SEEN_FILTERED,
	  .event.ret = -ENOEXEC, .hint = "it is damaged, or a seccomp filter of cron answered" },
	{ "unknown_format", KERNEL, FAILED(FORMAT, ENOEXEC), PATH("/opt/x"), HEAD("\1\2\3\4\5"),
	  .hint = "(it begins with 01 02 03 04)" },

	/* --- taking the caller's place --- */
	{ "capability_not_in_bounds", KERNEL, FAILED(COMMIT, EPERM), PATH("/bin/ping"),
	  .event.step = STEP_LSM_CREDS_FROM_FILE,
	  FILES({ "/bin/ping", 0755, ELF_GOOD, sizeof(ELF_GOOD) - 1, .caps = NET_RAW, .caps_n = 20 }),
	  TEXTS(STATUS("1000", "CapEff:\t0\nCapPrm:\t0\nCapBnd:\t00000000000000fb\n")),
	  .hint = "/bin/ping has the file capability CAP_NET_RAW, which the caller may not have: give it" },
	{ "capability_not_in_bounds", USER, OUTCOME(EPERM), PATH("/bin/ping"),
	  FILES({ "/bin/ping", 0755, ELF_GOOD, sizeof(ELF_GOOD) - 1, .caps = NET_RAW, .caps_n = 20 }),
	  TEXTS(STATUS("1000", "CapEff:\t0\nCapPrm:\t0\nCapBnd:\t00000000000000fb\n")), .hint = "CAP_NET_RAW" },
	{ "elf_bad_segment", KERNEL, FAILED(COMMIT, EINVAL), PATH("/opt/x"),
	  HEAD(ELF_HEADER(ELF_EXEC, ELF_X86_64, "\1") ELF_LOAD(ELF_BASE, N64("\0\x10"), N64("\0\x08"))),
	  .event.seen = SEEN_NO_RETURN, .hint = "a segment has 0x1000 bytes in the file and only 0x800 in memory" },
	{ "elf_bad_address", KERNEL, FAILED(COMMIT, ENOMEM), PATH("/opt/x"), .event.seen = SEEN_NO_RETURN,
	  HEAD(ELF_HEADER(ELF_EXEC, ELF_X86_64, "\1") ELF_LOAD("\0\0\0\0\0\x80\xff\xff", N64("\0\x10"), N64("\0\x10"))),
	  .hint = "at the address 0xffff800000000000" },
	/* Nothing but what runs is known. */
	{ "elf_bad_address", USER, FAILED(COMMIT, ENOMEM), .event.image = S("/opt/x"),
	  .event.seen = SEEN_OUTCOME | SEEN_COMMIT | SEEN_NO_RETURN | SEEN_IMAGE,
	  FILES({ "/opt/x", 0755,
		  BYTES_OF(ELF_HEADER(ELF_EXEC, ELF_X86_64, "\1")
				   ELF_LOAD("\0\0\0\0\0\x80\xff\xff", N64("\0\x10"), N64("\0\x10"))) }),
	  .hint = "/opt/x wants to be at the address 0xffff800000000000" },
	/* A script's interpreter, after its loader was opened. */
	{ "elf_bad_segment", KERNEL, FAILED(COMMIT, EINVAL), PATH("/opt/run.sh"), .event.interpreter = S(ELF_LOADER),
	  HEAD(ELF_HEADER(ELF_EXEC, ELF_X86_64, "\1") ELF_LOAD(ELF_BASE, N64("\0\x10"), N64("\0\x08"))),
	  .event.level = 1, .event.seen = SEEN_NO_RETURN | SEEN_SCRIPT,
	  FILES({ "/opt/run.sh", 0755, "#!/opt/app\n" }, { "/opt/app", 0755, ELF_DYNAMIC, sizeof(ELF_DYNAMIC) - 1 },
		{ ELF_LOADER, 0755, ELF_GOOD, sizeof(ELF_GOOD) - 1 }),
	  .hint = "the interpreter /opt/app of /opt/run.sh is a damaged ELF file" },
	{ "elf_bad_segment", KERNEL, .gone = true, FAILED(COMMIT, EINVAL), PATH("/opt/run.sh"),
	  HEAD(ELF_HEADER(ELF_EXEC, ELF_X86_64, "\1") ELF_LOAD(ELF_BASE, N64("\0\x10"), N64("\0\x08"))),
	  .event.interpreter = S(ELF_LOADER), .event.level = 1, .event.seen = SEEN_NO_RETURN | SEEN_SCRIPT,
	  .hint = "an interpreter of /opt/run.sh is a damaged ELF file" },
	{ "low_address", KERNEL, FAILED(COMMIT, EPERM), PATH("/opt/x"), .event.seen = SEEN_NO_RETURN,
	  HEAD(ELF_HEADER(ELF_EXEC, ELF_X86_64, "\1") ELF_LOAD(N64("\0\0"), N64("\0\x10"), N64("\0\x10"))),
	  .hint = "vm.mmap_min_addr" },
	{ "low_address", USER, FAILED(COMMIT, EPERM), DYNAMIC,
	  FILES({ ELF_LOADER, 0755,
		  BYTES_OF(ELF_HEADER(ELF_EXEC, ELF_X86_64, "\1")
				   ELF_LOAD(N64("\0\0"), N64("\0\x10"), N64("\0\x10"))) }),
	  .hint = "the ELF loader " ELF_LOADER " of /opt/app wants to be at the address 0" },
	{ "writable_code", KERNEL, FAILED(COMMIT, EACCES), PATH("/opt/x"), .event.seen = SEEN_NO_RETURN,
	  HEAD(ELF_HEADER(ELF_EXEC, ELF_X86_64, "\1")
		       ELF_SEGMENT("\1", "\7", N64("\0\0"), ELF_BASE, N64("\0\x10"), N64("\0\x10"))),
	  .hint = "code that can be written to" },
	{ "loader_bad_segment", USER, FAILED(COMMIT, ENOMEM), DYNAMIC,
	  FILES({ ELF_LOADER, 0755,
		  BYTES_OF(ELF_HEADER(ELF_DYN, ELF_X86_64, "\1") ELF_LOAD(N64("\0\0"), N64("\0\x10"), N64("\0\x08"))) }),
	  .hint = "the ELF loader " ELF_LOADER " of /opt/app is damaged" },
	{ "elf_too_big", KERNEL, FAILED(COMMIT, ENOMEM), PATH("/opt/x"), .event.seen = SEEN_NO_RETURN,
	  HEAD(ELF_HEADER(ELF_EXEC, ELF_X86_64, "\1") ELF_LOAD(ELF_BASE, N64("\0\x10"), "\0\0\0\0\1\0\0\0")),
	  TEXTS({ "proc:meminfo", "MemTotal:        1000 kB\nSwapTotal:   0 kB\n" }),
	  .hint = "wants 4096 MiB of memory for its data alone" },
	{ "address_space_limit", KERNEL, FAILED(COMMIT, ENOMEM), PATH("/opt/x"), .event.seen = SEEN_NO_RETURN,
	  HEAD(ELF_HEADER(ELF_EXEC, ELF_X86_64, "\1") ELF_LOAD(ELF_BASE, N64("\0\x10"), "\0\0\0\x10\0\0\0\0")),
	  TEXTS({ "process:limits", "Max address space   134217728   unlimited   bytes\n" }),
	  .hint = "wants 256 MiB of memory, and finds no room: the limit of the address space is 128 MiB" },

	{ "stack_limit", KERNEL, FAILED(COMMIT, EFAULT), PATH("/opt/x"), .event.seen = SEEN_NO_RETURN,
	  TEXTS({ "process:limits", "Max stack size   1000   unlimited   bytes\n" }),
	  .hint = "/opt/x finds no room for its stack: the stack limit is 1000 bytes (RLIMIT_STACK: ulimit -s)" },
	{ "stack_limit", KERNEL, .gone = true, FAILED(COMMIT, EFAULT), PATH("/opt/x"), .event.seen = SEEN_NO_RETURN,
	  .hint = "likely for a limit of the stack (RLIMIT_STACK: ulimit -s) or of the address space (RLIMIT_AS" },
	{ "address_space_limit", USER, FAILED(COMMIT, EFAULT), PATH("/opt/x"), .event.seen = SEEN_NO_RETURN,
	  TEXTS({ "process:limits", "Max stack size   8388608   unlimited   bytes\n"
				    "Max address space   100000   unlimited   bytes\n" }),
	  .hint = "/opt/x finds no room for its stack: the limit of the address space is 97 KiB" },

	/* --- storage --- */
	{ "storage_disconnected", KERNEL, OUTCOME(ENOTCONN), PATH("/opt/run.sh"),
	  FILES({ "/opt/run.sh", 0755, "#!/far/sh\n" }, { "/far/sh", 0755, .error = EAGAIN }),
	  .hint = "the file system of the interpreter /far/sh of /opt/run.sh, on /far (nfs4" },
	{ "storage_disconnected", KERNEL, FAILED(LOOKUP, ENOTCONN), PATH("/far/tool"),
	  .hint = "the file system of /far/tool, on /far (nfs4, \"server:/export\") has lost its server" },
	{ "storage_stale", KERNEL, FAILED(LOOKUP, ESTALE), PATH("/far/tool"),
	  .hint = "no longer knows /far/tool, on /far" },
	{ "storage_error", KERNEL, FAILED(FORMAT, EIO), PATH("/bin/tool"), HEAD("\0\0\0\0"),
	  .hint = "cannot read /bin/tool, on / (ext4, /dev/vda)" },

	/* --- security modules --- */
	{ "fanotify", USER, FAILED(LOOKUP, EPERM), PATH("/bin/tool"), FILES(PROGRAM), .world.watched = true,
	  .hint = "likely denied by process 78 (fapolicyd)" },
	{ "apparmor", USER, FAILED(SECURITY, EACCES), PATH("/bin/tool"), FILES(PROGRAM), .event.step = STEP_LSM_CREDS,
	  TEXTS({ "sys:kernel/security/lsm", "capability,yama,apparmor" },
		{ "process:attr/current", "snap.x (enforce)\n" }),
	  .hint = "AppArmor likely denied /bin/tool: the caller is confined by the profile \"snap.x (enforce)\"" },
	{ "selinux", USER, FAILED(SECURITY, EACCES), PATH("/bin/tool"), FILES(PROGRAM), .event.step = STEP_LSM_CREDS,
	  TEXTS({ "sys:kernel/security/lsm", "capability,selinux" },
		{ "process:attr/current", "user_u:role_r:x_t:s0" }),
	  .hint = "SELinux likely denied /bin/tool to the caller's context \"user_u:role_r:x_t:s0\"" },
	{ "landlock", USER, FAILED(LOOKUP, EACCES), PATH("/bin/tool"), FILES(PROGRAM),
	  TEXTS({ "sys:kernel/security/lsm", "capability,landlock,apparmor" }, STATUS("1000", "NoNewPrivs:\t1\n")),
	  .hint = "likely restricted itself by Landlock" },
	{ "lsm_denied", KERNEL, FAILED(SECURITY, EPERM), PATH("/bin/tool"), .event.step = STEP_LSM_CHECK,
	  .hint = "a security module denied /bin/tool at its hook bprm_check_security" },
	{ "lsm_denied", USER, FAILED(LOOKUP, EACCES), PATH("/bin/tool"), FILES(PROGRAM),
	  .hint = "nothing that can be seen forbids to execute /bin/tool: a security module likely did" },

	/* --- helpers of the kernel --- */
	{ "modprobe_helper", USER, FAILED(LOOKUP, ENOENT), PATH("/sbin/modprobe"), .event.call = CALL_KERNEL,
	  ARGUMENTS(modprobe), FILES({ "/sbin/x", 0755 }),
	  .hint = "the kernel wants the module net-pf-18, and modprobe (sysctl kernel.modprobe) did not start: "
		  "/sbin/modprobe does not exist" },
	{ "request_key_helper", USER, FAILED(LOOKUP, ENOENT), PATH("/sbin/request-key"), .event.call = CALL_KERNEL,
	  FILES({ "/sbin/x", 0755 }),
	  .hint = "asks for keys (NFS, CIFS, DNS) did not start: /sbin/request-key does not" },
	{ "core_pattern_helper", USER, FAILED(LOOKUP, EACCES), PATH("/usr/lib/dump"), .event.call = CALL_KERNEL,
	  FILES({ "/usr/lib/dump", 0644 }), TEXTS({ "proc:sys/kernel/core_pattern", "|/usr/lib/dump %P\n" }),
	  .hint = "(sysctl kernel.core_pattern) did not start, so crashes leave none: /usr/lib/dump has no execute" },
	{ "kernel_helper", USER, FAILED(LOOKUP, ENOENT), PATH("/sbin/hotplug"), .event.call = CALL_KERNEL,
	  FILES({ "/sbin/x", 0755 }), .hint = "a program that the kernel starts itself" },

	/* --- anything else --- */
	{ "other_EACCES", KERNEL, .gone = true, FAILED(LOOKUP, EACCES), PATH("/bin/tool"),
	  .hint = "the kernel answered EACCES for /bin/tool at stage lookup; it could not be looked into" },
	{ "other_EDQUOT", KERNEL, FAILED(UNKNOWN, EDQUOT), PATH("/bin/tool"),
	  .hint = "nothing that can be seen explains it" },
	{ "other_ENOENT", KERNEL, .gone = true, OUTCOME(ENOENT), PATH("/bin/tool"),
	  .hint = "could not be looked into" },
};

static struct event event_of(struct arena *arena, const struct example *x)
{
	struct event event = x->event, base = unit_event(arena);

	event.arena = arena;
	event.type = base.type;
	event.time_sec = base.time_sec;
	event.call = event.call ? event.call : CALL_EXECVE;
	event.pid = event.tid = base.pid;
	event.ppid = base.ppid;
	event.uid = event.euid = 1000;
	event.gid = 5;
	event.user = B("alice");
	event.comm = B("cron");
	event.argc = event.argc ? event.argc : RECORD_UNKNOWN;
	event.envc = event.envc ? event.envc : RECORD_UNKNOWN;
	if (!event.cwd.p)
		event.cwd = B("/");
	if (!event.seen)
		event.seen = SEEN_HOOKS;
	return event;
}

static void diagnose(struct arena *arena, const struct example *x, struct event *event, enum view_standing standing)
{
	struct world world = x->world;
	struct view *view = world_view(&world, arena, standing);

	*event = event_of(arena, x);
	diagnose_in_view(view, event);
	view_close(view);
}

static bool contains(struct bytes in, const char *part)
{
	return memmem(in.p, in.n, part, strlen(part));
}

static bool is_as_expected(const struct example *x, const struct event *event)
{
	enum stage stage = x->stage ? x->stage : x->event.stage;

	return event->reason.n == strlen(x->reason) && !memcmp(event->reason.p, x->reason, event->reason.n) &&
	       event->evidence == x->evidence && contains(event->hint, x->hint) && event->stage == stage;
}

static bool check(const struct example *x, const struct event *event)
{
	if (is_as_expected(x, event))
		return true;
	print_error("%s (example %zu): got %.*s, evidence %d, stage %d: %.*s\n", x->reason, (size_t)(x - examples),
		    (int)event->reason.n, event->reason.p, event->evidence, event->stage, (int)event->hint.n,
		    event->hint.p);
	return false;
}

static void test_examples(void **state)
{
	struct arena *arena = *state;
	struct event event;
	bool good = true;

	for (size_t i = 0; i < COUNT(examples); i++) {
		const struct example *x = &examples[i];

		arena_reset(arena);
		diagnose(arena, x, &event, x->gone ? VIEW_NOTHING : x->standing ? x->standing : VIEW_CALLER);
		good &= check(x, &event);
		/* One sentence, whose end is left to who shows it. */
		assert_null(memchr(event.hint.p, '\n', event.hint.n));
		assert_int_not_equal(event.hint.p[event.hint.n - 1], '.');
	}
	assert_true(good);
}

/* What the kernel's facts decide is the same when nobody could look. */
static void test_kernel_evidence_needs_no_view(void **state)
{
	struct arena *arena = *state;
	struct event event;

	for (size_t i = 0; i < COUNT(examples); i++) {
		const struct example *x = &examples[i];

		if (x->evidence != EVIDENCE_KERNEL || !strncmp(x->reason, "other_", 6))
			continue;
		arena_reset(arena);
		diagnose(arena, x, &event, VIEW_NOTHING);
		if (strncmp(x->reason, event.reason.p, event.reason.n))
			print_error("%s: without a view %.*s\n", x->reason, (int)event.reason.n, event.reason.p);
		assert_memory_equal(event.reason.p, x->reason, strlen(x->reason));
		assert_int_equal(event.evidence, EVIDENCE_KERNEL);
	}
}

static bool has_example(const char *code)
{
	for (size_t i = 0; i < COUNT(examples); i++)
		if (!strcmp(examples[i].reason, code))
			return true;
	return false;
}

static bool is_sentence(const char *text)
{
	return text && text[strlen(text) - 1] == '.';
}

static bool is_explained(const char *code)
{
	for (const struct rule_topic *topic = rule_topics; topic->title; topic++)
		for (const struct rule *rule = topic->rules; rule->code; rule++)
			if (!strcmp(rule->code, code) && is_sentence(rule->looks))
				return true;
	return false;
}

static void check_rules(const struct rule *rules)
{
	for (const struct rule *rule = rules; rule->code; rule++) {
		if (!has_example(rule->code))
			print_error("%s: has no example\n", rule->code);
		assert_true(has_example(rule->code));
		assert_int_equal(strspn(rule->code, "abcdefghijklmnopqrstuvwxyz_0123456789"), strlen(rule->code));
		/* A second row for a code has none. */
		assert_true(is_sentence(rule->looks) == is_sentence(rule->fix));
		assert_true(is_sentence(rule->looks) || is_explained(rule->code));
	}
}

static void test_every_rule_has_an_example(void **state)
{
	(void)state;
	for (const struct rule_topic *topic = rule_topics; topic->title; topic++)
		check_rules(topic->rules);
	check_rules(rules_helper);
}

static void count_code(const struct rule *rules, const char *code, int *count)
{
	for (; rules->code; rules++)
		*count += rules->looks && !strcmp(rules->code, code);
}

/* Rules that no row of the corpus can provoke: only the examples above are cases of theirs. */
static const struct {
	const char *code, *why;
} unprovoked[] = {
	{ "out_of_memory", "the kernel kills for memory rather than to answer ENOMEM" },
	{ "out_of_files", "the limit that an exec meets is that of the whole machine" },
	{ "changed_since", "who is faster, the row or the look at the file, is a matter of luck" },
	{ "elf_refused", "of a file in which nothing is wrong" },
	{ "selinux", "needs a policy, and a file system that is labelled" },
};

static bool is_provoked(const char *code)
{
	for (size_t i = 0; i < N_REASON_CASES; i++)
		if (!strcmp(reason_cases[i].usual.reason, code))
			return true;
	return false;
}

static const char *why_unprovoked(const char *code)
{
	for (size_t i = 0; i < COUNT(unprovoked); i++)
		if (!strcmp(unprovoked[i].code, code))
			return unprovoked[i].why;
	return NULL;
}

static int rules_without_row(const struct rule *rule)
{
	int n = 0;

	for (; rule->code; rule++) {
		if (is_provoked(rule->code) == !why_unprovoked(rule->code))
			continue;
		print_error("%s: %s\n", rule->code,
			    is_provoked(rule->code) ? "has a row, and is said to have none"
						    : "no row of the corpus (tests/e2e/reasons.h) expects it");
		n++;
	}
	return n;
}

static void test_every_rule_has_a_row(void **state)
{
	int missing = rules_without_row(rules_helper);

	(void)state;
	for (const struct rule_topic *topic = rule_topics; topic->title; topic++)
		missing += rules_without_row(topic->rules);
	assert_int_equal(missing, 0);
}

static bool is_rule(const char *code)
{
	int n = 0;

	for (const struct rule_topic *topic = rule_topics; topic->title; topic++)
		count_code(topic->rules, code, &n);
	count_code(rules_helper, code, &n);
	return n;
}

/* A row may not expect what no rule says; other_<errno> is none that a row could want. */
static void test_rows_expect_rules(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_REASON_CASES; i++) {
		assert_true(is_rule(reason_cases[i].usual.reason));
		/* Where nobody may look and no hook saw, there is nothing to tell. */
		assert_true(!reason_cases[i].tracepoint.reason || is_rule(reason_cases[i].tracepoint.reason) ||
			    !strncmp(reason_cases[i].tracepoint.reason, "other_", 6));
	}
	for (size_t i = 0; i < COUNT(unprovoked); i++)
		assert_true(is_rule(unprovoked[i].code));
}

static void test_codes_are_unique(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(examples); i++) {
		int count = 0;

		for (const struct rule_topic *topic = rule_topics; topic->title; topic++)
			count_code(topic->rules, examples[i].reason, &count);
		count_code(rules_helper, examples[i].reason, &count);
		assert_int_equal(count, strncmp(examples[i].reason, "other_", 6) ? 1 : 0);
	}
}

static void test_unit_is_named(void **state)
{
	struct diagnose *diagnosis = diagnose_new(NULL);
	struct event event = unit_event(*state);

	event.path = B("/opt/x");
	event.seen = SEEN_HOOKS;
	event.stage = STAGE_FORMAT;
	event.ret = -ENOEXEC;
	event.head = B("text\n");
	event.comm = B("(x)");
	event.unit = B("x.service");
	diagnose_event(diagnosis, &event);
	assert_bytes(event.reason, "no_shebang");
	assert_true(contains(event.hint, "(systemd reports 203/EXEC for x.service)"));
	diagnose_free(diagnosis);
}

/* An exec of this process, on this machine. */
static struct event own_event(struct arena *arena, const char *path)
{
	struct event event = unit_event(arena);
	struct stat own;

	assert_int_equal(stat("/proc/self/ns/mnt", &own), 0);
	unit_now(&event);
	event.pid = event.tid = (uint32_t)getpid();
	event.mnt_ns = (uint32_t)own.st_ino;
	event.path = (struct bytes){ path, strlen(path) };
	event.cwd = B("/");
	event.seen = SEEN_HOOKS;
	event.stage = STAGE_LOOKUP;
	return event;
}

/* What was seen after an exec failed is the better answer; what was seen before is one only if there is no time. */
static void test_answers_are_kept(void **state)
{
	struct diagnose *diagnosis = diagnose_new(NULL);
	char *directory = unit_directory();
	char *path = arena_printf(*state, "%s/tool", directory);
	struct event event = own_event(*state, path), same = event, later;

	diagnose_event(diagnosis, &event);
	assert_bytes(event.reason, "missing_file");
	unit_write(path, "");
	diagnose_event(diagnosis, &same);
	assert_bytes(same.reason, "missing_file");
	later = own_event(*state, path);
	diagnose_busy(diagnosis, true);
	diagnose_event(diagnosis, &later);
	assert_bytes(later.reason, "missing_file");
	later = own_event(*state, path);
	diagnose_busy(diagnosis, false);
	diagnose_event(diagnosis, &later);
	assert_bytes(later.reason, "changed_since");
	diagnose_free(diagnosis);
	unit_remove(directory);
}

static void test_busy(void **state)
{
	struct diagnose *diagnosis = diagnose_new(NULL);
	struct event event = unit_event(*state);

	event.path = B("/no/such/file");
	event.seen = SEEN_HOOKS;
	event.stage = STAGE_LOOKUP;
	diagnose_busy(diagnosis, true);
	diagnose_event(diagnosis, &event);
	assert_bytes(event.reason, "not_found");
	assert_int_equal(event.evidence, EVIDENCE_KERNEL);
	event.type = EVENT_LOST;
	event.reason = B("kept");
	diagnose_event(diagnosis, &event);
	assert_bytes(event.reason, "kept");
	diagnose_free(diagnosis);
	diagnose_free(NULL);
}

static int setup(void **state)
{
	*state = arena_new();
	return 0;
}

static int teardown(void **state)
{
	arena_free(*state);
	return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_examples),
		TEST(test_kernel_evidence_needs_no_view),
		TEST(test_every_rule_has_an_example),
		TEST(test_every_rule_has_a_row),
		TEST(test_rows_expect_rules),
		TEST(test_codes_are_unique),
		TEST(test_unit_is_named),
		TEST(test_answers_are_kept),
		TEST(test_busy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
