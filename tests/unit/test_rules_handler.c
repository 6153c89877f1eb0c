// SPDX-License-Identifier: GPL-2.0-only
/* The handler of binfmt_misc. */
#include "examples.h"

#define HANDLED                                                                                                        \
	PATH("/opt/x"), HEAD("anything"), .event.interpreter = S("/plain/h"), .event.seen = SEEN_EXEC | SEEN_SCRIPT,   \
					  .event.level = 1, NOT_OPENED

static const struct example examples[] = {
	{ "name_too_long", KERNEL, FAILED(INTERPRETER, ENAMETOOLONG), HANDLED,
	  .hint = "a name on the way to the binfmt_misc handler /plain/h of /opt/x is longer than its file system allows" },
	{ "nosymfollow_mount", USER, FAILED(INTERPRETER, ELOOP), HANDLED,
	  FILES({ "/plain/h", S_IFLNK | 0777, "/bin/h", .mount = 5 }, { "/bin/h", 0755 }),
	  .hint = "the link /plain/h on the way to the binfmt_misc handler /plain/h of /opt/x lies on /plain" },
	{ "symlink_loop", KERNEL, FAILED(INTERPRETER, ELOOP), HANDLED, FILES({ "/plain/h", S_IFLNK | 0777, "h" }),
	  .hint = "handler /plain/h of /opt/x cannot be reached, symbolic links lead in a circle: /plain/h points to h" },
	/* What it is for may be a script as well. */
	{ "handler_missing", KERNEL, FAILED(INTERPRETER, ENOENT), PATH("/opt/x.handled"), HEAD("#!/bin/sh\n"),
	  .event.interpreter = S("/opt/h"), .event.seen = SEEN_EXEC | SEEN_SCRIPT, .event.level = 1, NOT_OPENED,
	  .hint = "the binfmt_misc handler /opt/h of /opt/x.handled does not exist" },
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
	  .hint = "the binfmt_misc handler /opt/h of /opt/x.handled is text, not a program" },
	/* It is asked before all other formats, and is no loader of a program for another machine. */
	{ "handler_missing", KERNEL, FAILED(INTERPRETER, ENOENT), PATH("/opt/x"), NOT_OPENED,
	  HEAD(ELF_HEADER(ELF_DYN, ELF_AARCH64, "\1")), .event.interpreter = S("/usr/bin/qemu-aarch64"),
	  .event.seen = SEEN_EXEC | SEEN_SCRIPT, .event.level = 1,
	  .hint = "the binfmt_misc handler /usr/bin/qemu-aarch64 of /opt/x does not exist" },
	{ "handler_missing", USER, OUTCOME(ENOENT), PATH("/opt/x.handled"), .world.handler = "/usr/bin/wine",
	  FILES({ "/opt/x.handled", 0755, "#!/bin/sh\n" }, { "/bin/sh", 0755, ELF_GOOD, sizeof(ELF_GOOD) - 1 }),
	  .stage = STAGE_INTERPRETER, .hint = "handler /usr/bin/wine of /opt/x.handled" },
	{ "handler_missing", KERNEL, FAILED(INTERPRETER, ENOENT), PATH("/opt/x.handled"), HEAD("anything"),
	  .event.interpreter = S("/usr/bin/wine"), .event.seen = SEEN_EXEC | SEEN_SCRIPT, .event.level = 1, NOT_OPENED,
	  .hint = "the binfmt_misc handler /usr/bin/wine of /opt/x.handled does not exist" },
	{ "handler_missing", USER, OUTCOME(ENOENT), PATH("/opt/x.handled"),
	  FILES({ "/opt/x.handled", 0755, "anything" }), .world.handler = "/usr/bin/wine", .stage = STAGE_INTERPRETER,
	  .hint = "handler /usr/bin/wine of /opt/x.handled" },
	{ "handler_not_executable", USER, OUTCOME(EACCES), PATH("/opt/x.handled"), .world.handler = "/usr/bin/wine",
	  FILES({ "/opt/x.handled", 0755, "anything" }, { "/usr/bin/wine", 0644 }), .stage = STAGE_INTERPRETER,
	  .hint = "has no execute permission" },
};

int main(void)
{
	return EXAMPLES_RUN(rules_handler);
}
