// SPDX-License-Identifier: GPL-2.0-only
/* Processes that ended with 126 or 127. */
#include "examples.h"

#define ENDED(status) .event.exit_code = (status), .event.exe = B("/usr/bin/dash"), .event.err.path = B("/var/log/job")
#define SHELL .stage = STAGE_SHELL
#define WORLD                                                                                                          \
	FILES({ "/usr/bin/make", 0755, ELF_GOOD, sizeof(ELF_GOOD) - 1 }, { "/usr/bin/notes", 0644, "text\n" },         \
	      { "/opt/bin/x", 0755, ELF_GOOD, sizeof(ELF_GOOD) - 1 })

static struct bytes variables[] = { B("PATH=/usr/bin:/opt/bin") };
static struct bytes lacks[] = { B("sh"), B("-c"), B("cd /tmp && mkae -j2 >/dev/null; make") };
static struct bytes lacks_two[] = { B("sh"), B("-ec"), B("alpha | beta") };
static struct bytes lacks_path[] = { B("bash"), B("--norc"), B("-c"), B("/srv/none 1") };
static struct bytes doubts[] = { B("sh"), B("-c"), B("alpha; eval \"$X\"") };
static struct bytes after_eval[] = { B("sh"), B("-c"), B("eval \"$X\"; alpha") };
static struct bytes chosen[] = { B("sh"), B("-c"), B("test -x /srv/x && /srv/x; exit 127") };
static struct bytes unset[] = { B("sh"), B("-c"), B("alpha") };
static struct bytes pushes[] = { B("sh"), B("-c"), B("pushd /tmp") };
static struct bytes login[] = { B("-sh"), B("-c"), B("alpha") };
static struct bytes stops[] = { B("sh"), B("-ec"), B("make; alpha") };
static struct bytes input[] = { B("sh"), B("-s"), B("alpha") };
static struct bytes dash[] = { B("sh"), B("-"), B("/opt/job.sh") };
static struct bytes timeout[] = { B("busybox"), B("timeout"), B("5"), B("sh") };
static struct bytes has_all[] = { B("sh"), B("-c"), B("make; exit 127") };
static struct bytes refused[] = { B("sh"), B("-c"), B("notes") };
static struct bytes script[] = { B("/bin/sh"), B("-e"), B("/opt/job.sh"), B("now") };
static struct bytes with_option[] = { B("bash"), B("-o"), B("pipefail"), B("/opt/job.sh") };
static struct bytes with_letters[] = { B("bash"), B("--norc"), B("-eo"), B("pipefail"), B("/opt/job.sh") };
static struct bytes busybox[] = { B("busybox"), B("sh"), B("-c"), B("alpha") };
static struct bytes no_words[] = { B("-bash") };
static struct bytes other[] = { B("perl"), B("-e"), B("exit 127") };

#define SCRIPT_OF(text) FILES({ "/opt/job.sh", 0755, text }, { "/usr/bin/make", 0755, ELF_GOOD, sizeof(ELF_GOOD) - 1 })
#define UNREADABLE FILES({ "/opt/job.sh", 0711, "#!/bin/sh\nexit 127\n" })
static struct bytes substitutes[] = { B("sh"), B("-c"), B("x=$(alpha -v); exit 127") };
static struct bytes relative[] = { B("/bin/sh"), B("./job.sh") };

static const struct example examples[] = {
	{ "command_not_found", USER, SHELL, ENDED(127), ARGUMENTS(lacks), ENVIRONMENT(variables), WORLD,
	  .hint = "cron found no command: likely mkae, which no directory of PATH has (PATH is /usr/bin:/opt/bin); did you mean make?" },
	{ "command_not_found", USER, SHELL, ENDED(127), ARGUMENTS(lacks_two), ENVIRONMENT(variables), WORLD,
	  .hint = "cron found no command: one of alpha, beta, which no directory of PATH has" },
	{ "command_not_found", USER, SHELL, ENDED(127), ARGUMENTS(lacks_path), ENVIRONMENT(variables), WORLD,
	  .hint = "cron found no command: /srv/none does not exist" },
	{ "command_not_found", USER, SHELL, ENDED(127), ARGUMENTS(doubts), ENVIRONMENT(variables), WORLD,
	  .hint = "cron found no command: alpha, which" },
	{ "exit_127", KERNEL, ENDED(127), ARGUMENTS(after_eval), ENVIRONMENT(variables), WORLD,
	  .hint = "as shells do that find no command" },
	{ "exit_127", KERNEL, ENDED(127), ARGUMENTS(chosen), ENVIRONMENT(variables), WORLD,
	  .hint = "cron ended with status 127, likely by its own choice: its text has such an end (exit 127)" },
	{ "command_not_found", USER, SHELL, ENDED(127), ARGUMENTS(unset), .event.environment.known = true, WORLD,
	  .hint = "cron found no command: alpha, which no directory of PATH has (PATH is not set)" },
	{ "command_not_found", USER, SHELL, ENDED(127), ARGUMENTS(pushes), ENVIRONMENT(variables), WORLD,
	  .hint = ": it is a word of bash's; run the script with bash" },
	{ "command_not_found", USER, SHELL, ENDED(127), ARGUMENTS(login), ENVIRONMENT(variables), WORLD,
	  .hint = "likely alpha, which no directory of PATH has, unless the files that it reads at its start tell it where" },
	{ "command_not_found", USER, SHELL, ENDED(127), ARGUMENTS(stops), ENVIRONMENT(variables), WORLD,
	  .hint = "likely alpha, which" },
	{ "command_not_found", USER, SHELL, ENDED(127), ARGUMENTS(input), ENVIRONMENT(variables), WORLD,
	  .hint = "given on its standard input" },
	{ "command_not_found", USER, SHELL, ENDED(127), ARGUMENTS(dash), ENVIRONMENT(variables), UNREADABLE,
	  .hint = "of the script /opt/job.sh" },
	{ "exit_127", KERNEL, .event.exit_code = 127, .event.exe = B("/usr/bin/busybox"), ARGUMENTS(timeout), WORLD,
	  .hint = "as programs do that cannot start another" },
	{ "command_not_found", USER, SHELL, ENDED(127), ARGUMENTS(busybox), ENVIRONMENT(variables), WORLD,
	  .hint = "cron found no command: alpha, which" },
	{ "command_not_found", USER, SHELL, ENDED(127), ARGUMENTS(script), ENVIRONMENT(variables), UNREADABLE,
	  .hint = "cron ended with 127, likely because it found no command of the script /opt/job.sh; see its message in /var/log/job" },
	{ "command_not_found", USER, SHELL, ENDED(127), ARGUMENTS(script), ENVIRONMENT(variables),
	  SCRIPT_OF("#!/bin/sh -e\nmake\nalpha -x # or so\nmake\n"),
	  .hint = "cron found no command of the script /opt/job.sh: likely alpha, which no directory of PATH has (PATH is /usr/bin:/opt/bin)" },
	{ "command_not_found", USER, SHELL, ENDED(127), ARGUMENTS(dash), ENVIRONMENT(variables),
	  SCRIPT_OF("alpha\nexit 127\n"), .hint = "of the script /opt/job.sh: likely alpha, which" },
	{ "command_not_found", USER, SHELL, ENDED(127), ARGUMENTS(script), ENVIRONMENT(variables),
	  SCRIPT_OF("#!/bin/sh\r\nmake\r\n"),
	  .hint = "likely \"make\\r\", which no directory of PATH has (PATH is /usr/bin:/opt/bin), with DOS line endings; repair with: sed -i 's/\\r$//' /opt/job.sh" },
	/* $(...): a child has the same text. */
	{ "command_not_found", USER, SHELL, ENDED(127), .event.seen = SEEN_HOOKS | SEEN_FORKED, ARGUMENTS(substitutes),
	  ENVIRONMENT(variables), WORLD, .hint = "cron found no command: likely alpha, which" },
	/* bash and zsh say that with 127. */
	{ "script_missing", USER, SHELL, ENDED(127), ARGUMENTS(script), ENVIRONMENT(variables), WORLD,
	  .hint = "cron ended with 127, likely because there is no script /opt/job.sh" },
	/* The kernel has opened it, before it was taken away. */
	{ "command_not_found", USER, SHELL, ENDED(127), .event.comm = B("job.sh"), ARGUMENTS(script),
	  ENVIRONMENT(variables), WORLD,
	  .hint = "job.sh ended with 127, likely because it found no command of the script /opt/job.sh; see" },
	{ "command_not_found", USER, SHELL, ENDED(127), ARGUMENTS(relative), ENVIRONMENT(variables), WORLD,
	  .hint = "likely because it found no command of the script ./job.sh, or not the script itself" },
	/* What follows is not read, and may have any. */
	{ "command_not_found", USER, SHELL, ENDED(127), ARGUMENTS(script), ENVIRONMENT(variables),
	  SCRIPT_OF("#!/bin/sh -e\nmake\n. ./settings\nalpha\n"),
	  .hint = "cron ended with 127, likely because it found no command of the script /opt/job.sh" },
	{ "exit_127", USER, ENDED(127), ARGUMENTS(script), ENVIRONMENT(variables),
	  SCRIPT_OF("#!/bin/sh -e\nmake\nexit 127\n"),
	  .hint = "cron ended with status 127 by its own choice or by that of a command: all that it was given are there" },
	{ "exit_127", USER, ENDED(127), ARGUMENTS(script), ENVIRONMENT(variables),
	  SCRIPT_OF("#!/bin/sh\n[ -x /srv/x ] && /srv/x\nexit 127\n"),
	  .hint = "cron ended with status 127, likely by its own choice: /opt/job.sh has such an end (exit 127)" },
	{ "exit_127", USER, ENDED(127), ARGUMENTS(script), ENVIRONMENT(variables),
	  SCRIPT_OF("#!/bin/sh\ncase $1 in\nnow) exit 127;;\nesac\n"), .hint = "/opt/job.sh has such an end" },
	/* It may have been another that it was in at its start. */
	{ "command_not_found", USER, SHELL, ENDED(127), ARGUMENTS(relative), .event.cwd = B("/opt"),
	  ENVIRONMENT(variables), SCRIPT_OF("#!/bin/sh\ncd /usr\nexit 127\n"),
	  .hint = "likely because it found no command of the script ./job.sh" },
	{ "exit_127", USER, ENDED(127), ARGUMENTS(relative), .event.cwd = B("/opt"), ENVIRONMENT(variables),
	  SCRIPT_OF("#!/bin/sh\nexit 127\n"), .hint = "by its own choice" },
	{ "command_not_found", USER, SHELL, ENDED(127), ARGUMENTS(with_option), ENVIRONMENT(variables), UNREADABLE,
	  .hint = "of the script /opt/job.sh" },
	{ "command_not_found", USER, SHELL, ENDED(127), ARGUMENTS(with_letters), ENVIRONMENT(variables), UNREADABLE,
	  .hint = "of the script /opt/job.sh" },
	{ "command_not_found", USER, SHELL, ENDED(127), ARGUMENTS(no_words), WORLD,
	  .hint = "cron ended with 127, likely because it found no command that it was given on its standard input" },
	/* Where nothing can be looked for, it is one of those that are named; unless it may have been exit. */
	{ "command_not_found", USER, SHELL, ENDED(127), ARGUMENTS(lacks_two), ENVIRONMENT(variables), .gone = true,
	  .hint = "cron found no command: likely one of alpha, beta (PATH is /usr/bin:/opt/bin), which was not looked for" },
	{ "exit_127", KERNEL, ENDED(127), ARGUMENTS(has_all), ENVIRONMENT(variables), .gone = true,
	  .hint = "cron ended with status 127" },
	{ "command_not_executable", USER, SHELL, ENDED(126), ARGUMENTS(refused), ENVIRONMENT(variables), WORLD,
	  .hint = "cron may not execute /usr/bin/notes; see why with: execfail explain /usr/bin/notes" },
	{ "exit_127", KERNEL, ENDED(127), ARGUMENTS(has_all), ENVIRONMENT(variables), WORLD,
	  .hint = "cron ended with status 127 by its own choice or by that of a command: all that it was given are there" },
	{ "exit_127", KERNEL, ENDED(127), WORLD,
	  .hint = "cron ended with status 127, as shells do that find no command" },
	{ "exit_127", KERNEL, .event.exit_code = 127, .event.exe = B("/usr/bin/perl"), ARGUMENTS(other), WORLD,
	  .hint = "cron ended with status 127, as programs do that cannot start another" },
	{ "exit_126", KERNEL, ENDED(126), ARGUMENTS(has_all), ENVIRONMENT(variables), WORLD,
	  .hint = "cron ended with status 126 by its own choice" },
	{ "exit_126", KERNEL, ENDED(126), ARGUMENTS(relative), ENVIRONMENT(variables), WORLD,
	  .hint = "cron ended with status 126, as shells do that may not execute what they found, or whose last" },
	{ "exit_status", KERNEL, .event.exit_code = 234, .event.exe = B("/usr/lib/systemd/systemd"), WORLD,
	  .hint = "cron ended with status 234" },
	{ "after_failed_exec", KERNEL, ENDED(127), ARGUMENTS(lacks), .event.cause_pid = 7, .event.cause_path = B("/x"),
	  .hint = "cron ended with 127, likely because /x did not start (process 7)" },
	{ "after_failed_exec", KERNEL, ENDED(127), ARGUMENTS(lacks), .event.cause_pid = 4242,
	  .event.cause_path = B("/x"), .hint = "cron ended with 127 because /x did not start (process " },
	{ "after_failed_exec", KERNEL, ENDED(127), ARGUMENTS(has_all), .event.cause_pid = 7,
	  .event.cause_path = B("/x"),
	  .hint = "did not start (process 7), unless by an end of its own: its text has one (exit 127)" },
	{ "passed_on", KERNEL, ENDED(127), ARGUMENTS(has_all), .event.cause_pid = 7, .event.cause_path = B("/x"),
	  .event.cause_ended = true,
	  .hint = "just before (process 7), unless by an end of its own: its text has one (exit 127)" },
	{ "passed_on", KERNEL, ENDED(127), ARGUMENTS(lacks), .event.cause_pid = 7, .event.cause_path = B("/x"),
	  .event.cause_ended = true, .hint = "cron ended with 127, as its child /x had just before (process 7)" },
};

int main(void)
{
	return EXAMPLES_RUN(rules_shell, rules_after, rules_exit);
}
