// SPDX-License-Identifier: GPL-2.0-only
/* The program is not there. */
#include "examples.h"

static struct bytes path_variable[] = { S("PATH=/a:/bin") };

static const struct example examples[] = {
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
	{ "command_line", USER, FAILED(LOOKUP, ENOENT), PATH("/bin/tool "), FILES({ "/bin/tool", 0755 }),
	  .hint = "\"/bin/tool \" does not exist, but /bin/tool does: there is a blank behind its name" },
	{ "command_line", USER, FAILED(LOOKUP, ENOENT), PATH("tool -l /tmp"), ENVIRONMENT(path_variable),
	  FILES({ "/bin/tool", 0755 }), .event.cwd = S("/"),
	  .hint = "\"tool -l /tmp\" does not exist, but tool does: a command line was passed as a path" },
	{ "missing_directory", USER, FAILED(LOOKUP, ENOENT), PATH("/opt/app/bin/tool"), FILES({ "/opt/x", 0755 }),
	  .hint = "there is no directory /opt/app" },
	{ "missing_file", USER, FAILED(LOOKUP, ENOENT), PATH("/opt/tool"), FILES({ "/opt/x", 0755 }),
	  .hint = "/opt/tool does not exist" },
	{ "missing_file", USER, OUTCOME(ENOENT), PATH("/opt/tool"), FILES({ "/opt/x", 0755 }), .stage = STAGE_LOOKUP,
	  .hint = "/opt/tool does not exist" },
	/* the step is what the cause is of, whoever looked */
	{ "missing_file", USER, VIEW_STAND_IN, OUTCOME(ENOENT), PATH("/opt/tool"), FILES({ "/opt/x", 0755 }),
	  .stage = STAGE_LOOKUP, .hint = "/opt/tool does not exist" },
	{ "missing_file", USER, FAILED(LOOKUP, ENOENT), PATH("tool"), FILES({ "/srv/x", 0755 }), .event.cwd = S("/srv"),
	  .hint = "tool does not exist: there is no /srv/tool" },
	{ "changed_since", USER, FAILED(LOOKUP, ENOENT), PATH("/bin/tool"), FILES(PROGRAM),
	  .hint = "it was likely put there after the attempt" },
	{ "changed_since", USER, FAILED(LOOKUP, ENOENT), PATH("/bin/tool"),
	  FILES({ "/bin/tool", 0755, ELF_GOOD, sizeof(ELF_GOOD) - 1, .changed = 1700000001 }),
	  .hint = "it was put there after the attempt" },
	{ "changed_since", USER, FAILED(LOOKUP, EACCES), PATH("/bin/tool"),
	  FILES({ "/bin/tool", 0755, .changed = 1700000001 }), .hint = "has been changed since" },
	/* files have the time of some ticks ago */
	{ "changed_since", USER, FAILED(LOOKUP, EACCES), PATH("/bin/tool"),
	  FILES({ "/bin/tool", 0755, .changed = 1700000000 }), .hint = "may have been changed since" },
	{ "changed_since", USER, OUTCOME(EACCES), PATH("/bin/tool"),
	  FILES({ "/bin/tool", 0644, .changed = 1700000001 }),
	  .hint = "changed since, and now: /bin/tool has no execute permission (mode 0644)" },
	{ "changed_since", USER, FAILED(LOOKUP, EACCES), PATH("/bin/tool"),
	  FILES({ "/bin/tool", 0644, .changed = 1700000001 }),
	  .hint = "changed since, and now: /bin/tool has no execute permission (mode 0644)" },
	{ "changed_since", USER, FAILED(LOOKUP, EACCES), PATH("/dir/tool"),
	  FILES({ "/dir", S_IFDIR | 0700, .changed = 1700000001 }, { "/dir/tool", 0755 }),
	  .hint = "changed since, and now: user alice (1000) may not pass through /dir" },
	/* What is in it now says nothing of what was. */
	{ "changed_since", USER, OUTCOME(ENOEXEC), PATH("/opt/x"),
	  FILES({ "/opt/x", 0755, "text\n", .changed = 1700000001 }),
	  .hint = "/opt/x could not be executed, but has been changed since: what was wrong can no longer be seen" },
	{ "changed_since", USER, OUTCOME(ENOENT), PATH("/opt/x"),
	  FILES({ "/opt/x", 0755, "#!/none\n", .changed = 1700000001 }),
	  .hint = "/opt/x, or what it asks for, could not be found, but it was put there or changed since" },
	{ "changed_since", USER, FAILED(LOOKUP, EACCES), PATH("/opt/x"), FILES({ "/opt/y", 0755 }),
	  .hint = "/opt/x could not be executed, and does not exist any more" },
	/* what a process has open goes with it, and was not removed */
	{ "other_EACCES", KERNEL, FAILED(LOOKUP, EACCES), PATH("/opt/link"),
	  FILES({ "/opt/link", S_IFLNK | 0777, "/proc/none" }, { "/proc", S_IFDIR | 0555, .mount = 2, .ino = 1 }),
	  .hint = "the kernel answered EACCES for /opt/link" },
	/* Where no hook says so, what was removed may have been a script without an interpreter. */
	{ "not_found", KERNEL, OUTCOME(ENOENT), PATH("/opt/x"),
	  FILES({ "/opt", S_IFDIR | 0755, .changed = 1700000001 }, { "/opt/y", 0755 }),
	  .hint = "/opt/x, or its interpreter or loader, could not be found, and what is there has been changed since" },
	{ "missing_file", USER, FAILED(LOOKUP, ENOENT), PATH("/opt/sevrer"), FILES({ "/opt/server", 0755 }),
	  .hint = "/opt/sevrer does not exist; did you mean /opt/server?" },
	{ "missing_file", USER, OUTCOME(ENOENT), PATH("/opt/x"),
	  FILES({ "/opt", S_IFDIR | 0755, .changed = 1700000000 }, { "/opt/y", 0755 }), .stage = STAGE_LOOKUP,
	  .hint = "/opt/x does not exist, and it likely was so then" },
	{ "missing_file", USER, FAILED(LOOKUP, ENOENT), PATH("/opt/x"),
	  FILES({ "/opt", S_IFDIR | 0755, .changed = 1700000001 }, { "/opt/y", 0755 }),
	  .hint = "/opt/x does not exist" },
	/* of a directory that is missing, only the step is known: it may have been there, and the file not */
	{ "not_found", KERNEL, FAILED(LOOKUP, ENOENT), PATH("/opt/dir/x"),
	  FILES({ "/opt", S_IFDIR | 0755, .changed = 1700000001 }, { "/opt/y", 0755 }),
	  .hint = "/opt/dir/x does not exist, or a directory or link on the way to it, and what is there has been changed since" },
	{ "missing_directory", USER, FAILED(LOOKUP, ENOENT), PATH("/opt/dir/x"),
	  FILES({ "/opt", S_IFDIR | 0755, .changed = 1700000000 }, { "/opt/y", 0755 }),
	  .hint = "there is no directory /opt/dir, and it likely was so then" },
	/* nobody is accused where what may be in the way cannot be seen */
	{ "other_EACCES", KERNEL, FAILED(LOOKUP, EACCES), PATH("/bin/tool"), FILES({ "/bin/tool", 0755, .mount = 99 }),
	  .hint = "nothing that can be seen explains it" },
	{ "other_EACCES", KERNEL, FAILED(LOOKUP, EACCES), PATH("/dir/tool"),
	  FILES({ "/dir", S_IFDIR | 0710, .gid = 77 }, { "/dir/tool", 0755 }),
	  .hint = "nothing that can be seen explains it" },
	/* a directory of that name that is there */
	{ "missing_file", USER, FAILED(LOOKUP, ENOENT), PATH("tool"), .event.cwd = S("/x (deleted)"),
	  FILES({ "/x (deleted)", S_IFDIR | 0755 }), .hint = "there is no \"/x (deleted)/tool\"" },
	/* of a mount that has been taken away, "/" is all that the kernel says: it is no root */
	{ "not_found", KERNEL, FAILED(LOOKUP, ENOENT), PATH("./x"), .event.cwd = S("/"), FILES({ "/bin/tool", 0755 }),
	  .event.cwd_file = { .known = true, .dev = 9, .ino = 1, .mode = 0040755 },
	  .hint = "./x does not exist, or a directory or link on the way to it", .no_hint = "changed" },
	{ "missing_file", USER, FAILED(LOOKUP, ENOENT), PATH("./x"), .event.cwd = S("/"), FILES({ "/bin/tool", 0755 }),
	  .event.cwd_file = { .known = true, .dev = 5, .ino = 1000, .mode = 0040755 },
	  .hint = "./x does not exist: there is no /x" },
	/* and the way up out of one that is not */
	{ "not_found", KERNEL, FAILED(LOOKUP, ENOENT), PATH("././../tool"), .event.cwd = S("/x (deleted)"),
	  .event.removed = 1u << PART_CWD, .hint = "././../tool does not exist, or" },
	{ "not_found", KERNEL, .gone = true, FAILED(LOOKUP, ENOENT), PATH("/opt/tool"),
	  .hint = "/opt/tool does not exist, or" },
	{ "not_found", KERNEL, .gone = true, OUTCOME(ENOENT), PATH("/opt/tool"),
	  .hint = "/opt/tool, or its interpreter or loader, could not be found" },
};

int main(void)
{
	return EXAMPLES_RUN(rules_missing);
}
