// SPDX-License-Identifier: GPL-2.0-only
/* What a seccomp filter answers, and what fails before any file is looked for. */
#include "examples.h"

#include <signal.h>

static const struct example examples[] = {
	/* --- seccomp --- */
	{ "seccomp_killed", KERNEL, FAILED(ENTRY, -59), .event.signal = SIGSYS,
	  .event.seen = SEEN_SECCOMP | SEEN_FILTERED, PATH("/bin/tool"), .hint = "kills for it, or sends SIGSYS" },
	{ "seccomp_pretended", KERNEL, FAILED(ENTRY, 0), .event.seen = SEEN_SECCOMP | SEEN_FILTERED, PATH("/bin/tool"),
	  .hint = "started nothing" },
	{ "seccomp_errno", KERNEL, FAILED(ENTRY, EPERM), .event.seen = SEEN_SECCOMP | SEEN_FILTERED, PATH("/bin/tool"),
	  .hint = "filter of cron answered EPERM" },
	{ "seccomp_errno", KERNEL, FAILED(UNKNOWN, 4000), PATH("/bin/tool"), .event.seen = SEEN_OUTCOME | SEEN_FILTERED,
	  .hint = "a seccomp filter of cron likely answered E4000" },
	{ "seccomp_pretended", KERNEL, FAILED(ENTRY, -7), .event.seen = SEEN_SECCOMP | SEEN_FILTERED, PATH("/bin/tool"),
	  .hint = "let the call return as if it had succeeded" },
	{ "seccomp_errno", KERNEL, FAILED(UNKNOWN, ENOSYS), PATH("/bin/tool"),
	  .event.seen = SEEN_OUTCOME | SEEN_FILTERED, .hint = "filter of cron likely answered ENOSYS" },
	/* Who has none is not told to have one. */
	{ "call_not_made", KERNEL, OUTCOME(ENOSYS), PATH("/bin/tool"),
	  .hint = "cron has no seccomp filter: a tracer (ptrace) answered it, or this kernel has no such call" },
	{ "call_not_made", KERNEL, FAILED(ENTRY, 0), PATH("/bin/tool"), .event.seen = SEEN_SECCOMP,
	  .hint = "a tracer (ptrace) answered it" },

	/* --- entry --- */
	{ "bad_path_pointer", KERNEL, FAILED(ENTRY, EFAULT), .hint = "cron passed an address for the path" },
	{ "empty_path", KERNEL, FAILED(ENTRY, ENOENT), PATH(""), .hint = "the path is empty: likely a variable" },
	{ "path_too_long", KERNEL, FAILED(ENTRY, ENAMETOOLONG), PATH("/x"), .hint = "longer than 4095 bytes" },
	{ "bad_flags", KERNEL, FAILED(ENTRY, EINVAL), PATH("x"), .event.call = CALL_EXECVEAT, .event.flags = 0x40000000,
	  .hint = "the flags 0x40000000" },
	{ "bad_flags", KERNEL, FAILED(UNKNOWN, EINVAL), PATH("x"), .event.call = CALL_EXECVEAT, .event.flags = 0x10000,
	  .hint = "AT_EXECVE_CHECK, which came with Linux 6.14" },
	{ "bad_flags", KERNEL, FAILED(ENTRY, EINVAL), PATH("x"), .event.call = CALL_EXECVEAT, .event.flags = 0x40010000,
	  .hint = "the flags 0x40010000" },
	{ "bad_flags", KERNEL, FAILED(ENTRY, EINVAL), PATH("x"), .event.call = CALL_EXECVEAT, .event.flags = 0x40010000,
	  .world.version = VIEW_VERSION(6, 14), .hint = "the flags 0x40000000" },
	{ "other_EINVAL", KERNEL, OUTCOME(EINVAL), PATH("x"), .event.call = CALL_EXECVEAT, .event.flags = 0x10000,
	  .world.version = VIEW_VERSION(6, 14), .hint = "nothing that can be seen explains it" },
	{ "bad_descriptor", KERNEL, FAILED(LOOKUP, EBADF), PATH("x"), .event.call = CALL_EXECVEAT, .event.dirfd = 1000,
	  .hint = "cron has no open descriptor 1000" },
	{ "process_limit", KERNEL, FAILED(ENTRY, EAGAIN), PATH("/bin/tool"),
	  TEXTS({ "process:limits", "Max processes   512   1024   processes\n" }),
	  .hint = "user alice (1000) has more processes than its limit of 512" },
	/* Where no hook says where it was answered, the numbers have to. */
	{ "process_limit", USER, OUTCOME(EAGAIN), PATH("/bin/tool"), .world.processes = 513, .world.answered = true,
	  TEXTS({ "process:limits", "Max processes   512   1024   processes\n" }),
	  .hint = "user alice (1000) has more processes than its limit of 512" },
	{ "process_limit", USER, VIEW_STAND_IN, OUTCOME(EAGAIN), PATH("/bin/tool"),
	  .hint = "user alice (1000) likely has more processes than its limit; end some of them, or raise the limit (ulimit -u" },
	{ "other_EAGAIN", KERNEL, OUTCOME(EAGAIN), PATH("/bin/tool"), .world.processes = 500, .world.watched = true,
	  TEXTS({ "process:limits", "Max processes   unlimited   unlimited   processes\n" }),
	  .hint = "nothing that can be seen explains it" },
	{ "out_of_memory", KERNEL, FAILED(ARGUMENTS, ENOMEM), PATH("/bin/tool"), .event.cgroup = S("/small"),
	  .hint = "memory limit of the control group /small" },
	{ "out_of_memory", KERNEL, OUTCOME(ENOMEM), PATH("/bin/tool"),
	  TEXTS({ "proc:sys/vm/overcommit_memory", "2\n" }),
	  .hint = "had no memory left for this: it may promise no more than CommitLimit" },
	{ "out_of_files", KERNEL, FAILED(LOOKUP, ENFILE), PATH("/bin/tool"),
	  TEXTS({ "proc:sys/fs/file-nr", "1010\t0\t1024\n" }),
	  .hint = "the machine has reached its limit of 1024 open files; raise it (sysctl fs.file-max)" },
	{ "out_of_files", KERNEL, FAILED(LOOKUP, ENFILE), PATH("/bin/tool"),
	  TEXTS({ "proc:sys/fs/file-nr", "10\t0\t1024\n" }),
	  .hint = "the machine likely has reached its limit of open files; raise it (sysctl" },
	{ "out_of_files", KERNEL, FAILED(LOOKUP, EMFILE), PATH("/bin/tool"),
	  TEXTS({ "process:limits", "Max open files   64   1024   files\n" },
		{ "process:status", "Tgid:\t1\nFDSize:\t64\n" }),
	  .hint = "the caller has reached its limit of 64 open files" },
	{ "out_of_files", KERNEL, FAILED(LOOKUP, EMFILE), PATH("/bin/tool"),
	  TEXTS({ "process:limits", "Max open files   1024   1024   files\n" },
		{ "process:status", "Tgid:\t1\nFDSize:\t64\n" }),
	  .hint = "the caller likely has reached its limit of open files" },
};

int main(void)
{
	return EXAMPLES_RUN(rules_seccomp, rules_entry);
}
