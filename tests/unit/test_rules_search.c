// SPDX-License-Identifier: GPL-2.0-only
/* A search through PATH. */
#include "examples.h"

static struct bytes searched[] = { S("tool"), S("-v") };
static struct bytes path_variable[] = { S("HOME=/"), S("PATH=/a:/b") };
static struct bytes path_with_empty[] = { S("PATH=/a::/b") };
static struct bytes path_of_many[] = { S(
	"PATH=/a:/b:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/games:"
	"/home/somebody/.local/bin:/opt/company/toolchain/bin:/opt/other/sbin:/opt/other/bin:"
	"/snap/bin") };
static struct bytes path_of_root[] = { S("PATH=/a:/") };
static struct bytes env_arguments[] = { S("python9"), S("/opt/script") };
static struct bytes env_crlf_arguments[] = { S("python3\r"), S("/opt/script") };
static struct bytes env_split_arguments[] = { S("python3 -u"), S("/opt/script") };
static struct bytes line_searched[] = { S("tool -v") };
static struct bytes env_variables[] = { S("PATH=/usr/bin") };

static const struct example examples[] = {
	{ "env_crlf", USER, FAILED(LOOKUP, ENOENT), PATH("/usr/bin/python3\r"), ARGUMENTS(env_crlf_arguments),
	  ENVIRONMENT(env_variables),
	  FILES({ "/opt/script", 0755, "#!/usr/bin/env python3\r\n" }, { "/usr/bin/env", 0755 }),
	  .hint = "the script /opt/script has DOS line endings (env looks for \"python3\\r\"); repair with: sed -i "
		  "'s/\\r$//' /opt/script" },
	{ "env_missing", USER, FAILED(LOOKUP, ENOENT), PATH("/usr/bin/python9"), ARGUMENTS(env_arguments),
	  ENVIRONMENT(env_variables),
	  FILES({ "/opt/script", 0755, "#!/usr/bin/env -S python9 -u\n" }, { "/usr/bin/env", 0755 }),
	  .hint = "the script /opt/script asks env for python9: python9 is not in PATH (/usr/bin)" },
	{ "env_missing", USER, FAILED(LOOKUP, ENOENT), PATH("/usr/bin/python9"), ARGUMENTS(env_arguments),
	  ENVIRONMENT(env_variables),
	  FILES({ "/opt/script", 0755, "#!/usr/bin/env python9\n" }, { "/usr/bin/env", 0755 },
		{ "/usr/bin/python3", 0755 }),
	  .hint = "python9 is not in PATH (/usr/bin); did you mean python3?" },
	/* What is near enough, and is a program. */
	{ "not_in_path", USER, FAILED(LOOKUP, ENOENT), PATH("/b/tool"), ARGUMENTS(searched), ENVIRONMENT(path_variable),
	  FILES({ "/a/toil", 0755 }), .hint = "(PATH is /a:/b); did you mean toil?" },
	{ "not_in_path", USER, FAILED(LOOKUP, ENOENT), PATH("/b/tool"), ARGUMENTS(searched), ENVIRONMENT(path_variable),
	  FILES({ "/a/toil", 0644 }), .hint = "(PATH is /a:/b)", .no_hint = "did you mean" },
	{ "not_in_path", USER, FAILED(LOOKUP, ENOENT), PATH("/b/tool"), ARGUMENTS(searched), ENVIRONMENT(path_variable),
	  FILES({ "/a/trowel", 0755 }), .hint = "(PATH is /a:/b)", .no_hint = "did you mean" },
	{ "env_missing", USER, FAILED(LOOKUP, ENOENT), PATH("/usr/bin/python3 -u"), ARGUMENTS(env_split_arguments),
	  ENVIRONMENT(env_variables),
	  FILES({ "/opt/script", 0755, "#!/usr/bin/env python3 -u\n" }, { "/usr/bin/python3", 0755 }),
	  .hint = "\"python3 -u\" is not in PATH (/usr/bin), and env takes all of that for one name; split it" },
	{ "env_missing", USER, FAILED(LOOKUP, ENOENT), PATH("/bin/python9"), ARGUMENTS(env_arguments),
	  ENVIRONMENT(env_variables),
	  FILES({ "/opt/script", 0755, "#!/usr/bin/env python9\n" }, { "/usr/bin/python9", 0644 }),
	  .hint = "asks env for python9: /usr/bin/python9 cannot be executed (PATH is /usr/bin)" },
	{ "path_search", USER, FAILED(LOOKUP, ENOENT), PATH("/a/tool"), ARGUMENTS(searched), ENVIRONMENT(path_variable),
	  FILES({ "/a/other", 0755 }, { "/b/tool", 0755 }),
	  .hint = "no error in itself: the search through PATH goes on, and finds /b/tool" },
	{ "missing_file", USER, FAILED(LOOKUP, ENOENT), PATH("/b/tool"), ARGUMENTS(searched),
	  ENVIRONMENT(path_variable), FILES({ "/a/tool", 0755, "#!/gone\n" }, { "/b/other", 0755 }),
	  .hint = "/b/tool does not exist" },
	{ "not_in_path", USER, FAILED(LOOKUP, ENOENT), PATH("/b/tool"), ARGUMENTS(searched), ENVIRONMENT(path_variable),
	  FILES({ "/a/tool", 0644 }), .hint = "PATH has tool as a program (PATH is /a:/b), and /a/tool cannot be" },
	/* Of an empty directory the C library tries the name alone, shells ./NAME. */
	{ "not_in_path", USER, FAILED(LOOKUP, ENOENT), PATH("tool"), ARGUMENTS(searched), ENVIRONMENT(path_with_empty),
	  FILES({ "/a/other", 0755 }), .event.cwd = S("/a"), .hint = "no directory of PATH has tool (PATH is /a::/b)" },
	{ "not_in_path", USER, FAILED(LOOKUP, ENOENT), PATH("./tool"), ARGUMENTS(searched),
	  ENVIRONMENT(path_with_empty), FILES({ "/a/other", 0755 }), .event.cwd = S("/a"),
	  .hint = "no directory of PATH has tool (PATH is /a::/b)" },
	{ "missing_file", USER, FAILED(LOOKUP, ENOENT), PATH("tool"), ARGUMENTS(searched), ENVIRONMENT(path_variable),
	  FILES({ "/a/other", 0755 }), .event.cwd = S("/a"), .hint = "tool does not exist: there is no /a/tool" },
	{ "not_in_path", USER, FAILED(LOOKUP, ENOENT), PATH("/tool"), ARGUMENTS(searched), ENVIRONMENT(path_of_root),
	  FILES({ "/a/other", 0755 }), .hint = "no directory of PATH has tool (PATH is /a:/)" },
	{ "not_in_path", USER, FAILED(LOOKUP, ENOENT), PATH("/b/tool"), ARGUMENTS(searched), ENVIRONMENT(path_variable),
	  FILES({ "/a/other", 0755 }), .hint = "no directory of PATH has tool (PATH is /a:/b)" },
	/* Two lines of it are enough. */
	{ "not_in_path", USER, FAILED(LOOKUP, ENOENT), PATH("/b/tool"), ARGUMENTS(searched), ENVIRONMENT(path_of_many),
	  FILES({ "/a/other", 0755 }), .hint = "/home/somebody/.local/bin:/opt/company/toolchain/bin and 3 more)" },
	{ "not_in_path", USER, FAILED(LOOKUP, ENOENT), PATH("/b/tool -v"), ARGUMENTS(line_searched),
	  ENVIRONMENT(path_variable), FILES({ "/a/tool", 0755 }),
	  .hint = ", which looks like a command line; pass its words one by one" },
	/* posix_spawnp() searches in the PATH of its caller, and passes on another. */
	{ "not_in_path", USER, FAILED(LOOKUP, ENOENT), PATH("/b/tool"), ARGUMENTS(searched), ENVIRONMENT(env_variables),
	  FILES({ "/a/other", 0755 }), TEXTS({ "process:environ", "HOME=/\0PATH=/a:/b\0", 19 }),
	  .hint = "no directory of PATH has tool (the caller's own PATH is /a:/b)" },
	{ "not_in_path", USER, FAILED(LOOKUP, ENOENT), PATH("/b/tool"), ARGUMENTS(searched), ENVIRONMENT(env_variables),
	  FILES({ "/a/other", 0755 }),
	  TEXTS({ "process:environ", "" }, { "proc:1/environ", "HOME=/\0PATH=/a:/b\0", 19 }),
	  .hint = "no directory of PATH has tool (the caller's own PATH is /a:/b)" },
	{ "path_search", USER, VIEW_STAND_IN, FAILED(LOOKUP, ENOENT), PATH("/a/tool"), ARGUMENTS(searched),
	  ENVIRONMENT(env_variables), FILES({ "/b/tool", 0755 }), TEXTS({ "process:environ", "PATH=/a:/b" }),
	  .hint = "no error in itself: the search through PATH goes on, and finds /b/tool" },
	/* Without PATH, the C library has one of its own. */
	{ "not_in_path", USER, FAILED(LOOKUP, ENOENT), PATH("/usr/bin/tool"), ARGUMENTS(searched),
	  .event.environment.known = true, FILES({ "/bin/other", 0755 }),
	  .hint = "no directory of PATH has tool (PATH is not set, and then it is /bin:/usr/bin)" },
	/* A program by its path, with its name as an argument. */
	{ "missing_file", USER, FAILED(LOOKUP, ENOENT), PATH("/c/tool"), ARGUMENTS(searched),
	  ENVIRONMENT(env_variables), FILES({ "/c/other", 0755 }), TEXTS({ "process:environ", "PATH=/a:/b" }),
	  .hint = "/c/tool does not exist" },
};

int main(void)
{
	return EXAMPLES_RUN(rules_search);
}
