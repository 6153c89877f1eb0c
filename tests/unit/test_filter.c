// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <signal.h>
#include <sys/stat.h>

#include "event/fields.h"
#include "filter/filter.h"
#include "filter/words.h"

static struct bytes arguments[] = { { "ls", 2 }, { "-l", 2 }, { NULL, 0 }, { "/tmp/a,b", 8 } };
static struct event_ancestor ancestors[] = { { 20, { "bash", 4 } }, { 1, { "systemd", 7 } } };

/* An event about which something is known of each kind; nothing of tty, unit and signal. */
static struct event *made(void)
{
	static struct event event;

	event = (struct event){
		.arena = arena_new(),
		.type = EVENT_PROCESS_EXECUTE_FAILED,
		.time_sec = 1795667536, /* 2026-11-26T04:32:16Z */
		.time_nsec = 5,
		.call = CALL_EXECVE,
		.ret = -2,
		.stage = STAGE_LOOKUP,
		.reason = bytes_of("missing_file"),
		.path = bytes_of("/usr/local/bin/tool"),
		.binary = { .known = true, .ino = 0xffffffffffffffff, .mode = S_IFREG | 0755 },
		.arguments = { arguments, 4, .known = true },
		.argc = 4,
		.envc = RECORD_UNKNOWN,
		.pid = 300,
		.uid = 1000,
		.euid = 0,
		.comm = bytes_of("cron [x]"),
		.ancestors = ancestors,
		.n_ancestors = 2,
		.ancestors_known = true,
		.cgroup = bytes_of("/system.slice/cron.service"),
		.container_id = bytes_of("3f2a99"),
		.container_runtime = bytes_of("docker"),
		.cut = 1u << PART_ARGUMENTS,
	};
	return &event;
}

static bool holds_when(const char *text, enum filter_when when)
{
	BUFFER_AUTO struct buffer error = {};
	struct filter filter = {};
	struct event *event = made();
	bool passes;

	if (!filter_add(&filter, text, &error))
		fail_msg("%s", buffer_string(&error));
	passes = filter_passes(&filter, event, when);
	filter_free(&filter);
	arena_free(event->arena);
	return passes;
}

static void assert_holds(const char *text)
{
	if (!holds_when(text, FILTER_WHOLE))
		fail_msg("does not hold: %s", text);
}

static void assert_fails(const char *text)
{
	if (holds_when(text, FILTER_WHOLE))
		fail_msg("holds: %s", text);
}

static void assert_refused(const char *text, const char *expected)
{
	BUFFER_AUTO struct buffer error = {};
	struct filter filter = {};

	assert_false(filter_add(&filter, text, &error));
	assert_string_equal(buffer_string(&error), expected);
	filter_free(&filter);
}

static void test_empty(void **state)
{
	struct filter filter = {};
	struct event *event = made();

	(void)state;
	assert_true(filter_passes(&filter, event, FILTER_RECORD));
	assert_true(filter_passes(&filter, event, FILTER_WHOLE));
	arena_free(event->arena);
}

static void test_text(void **state)
{
	(void)state;
	assert_holds("path=/usr/local/bin/tool");
	assert_holds("path == /usr/local/bin/tool");
	assert_holds(" path=/usr/*l");
	assert_holds("path=/nothing,/usr/local/bin/too?");
	assert_fails("path=/usr/local/bin");
	assert_fails("path=/usr/local/bin/tool2");
	assert_fails("path=");
	assert_fails("path!=/usr/local/bin/tool");
	assert_fails("path!=/nothing,*tool");
	assert_holds("path!=/nothing,/usr");
	assert_holds("comm=cron \\[x\\]");
	assert_fails("comm=cron [x]");
	assert_holds("comm=cron ?x?");
	/* Binary data and what looks like a pattern. */
	assert_holds("arguments=/tmp/a\\,b");
	assert_fails("arguments=/tmp/a");
}

static void test_regex(void **state)
{
	(void)state;
	assert_holds("path~^/usr/.*/tool$");
	assert_holds("path ~ too{1,2}l?");
	assert_holds("path~bin/(tool|other)");
	assert_fails("path~^bin");
	assert_fails("path!~tool$");
	assert_holds("path!~^tool");
	/* All of a value, not its end in memory. */
	assert_holds("arguments~^ls$");
}

static void test_numbers(void **state)
{
	(void)state;
	assert_holds("pid=300");
	assert_holds("pid=1,300");
	assert_fails("pid=30");
	assert_holds("pid!=30");
	assert_holds("pid>299");
	assert_fails("pid>300");
	assert_holds("pid >= 300");
	assert_holds("pid<=300");
	assert_fails("pid<300");
	assert_holds("ret=-2");
	assert_holds("ret<0");
	assert_fails("ret<-2");
	assert_holds("binary.inode_number=18446744073709551615");
	assert_holds("binary.inode_number>-1");
	assert_holds("binary.inode_mode=0100755");
	assert_holds("binary.inode_mode=0x81ed");
}

static void test_names(void **state)
{
	(void)state;
	assert_holds("errno=ENOENT");
	assert_holds("errno=2");
	assert_holds("errno=EACCES,ENOENT");
	assert_holds("errno=ENO*");
	assert_holds("event=process_execution_failed");
	assert_fails("errno!=ENOENT");
	assert_holds("errno!=EACCES");
	assert_holds("stage=lookup");
	assert_fails("stage!=lookup");
	assert_holds("syscall=execve");
}

static void test_signals(void **state)
{
	BUFFER_AUTO struct buffer error = {};
	const char *const forms[] = { "signal=SIGKILL", "signal=KILL", "signal=9", "signal=SIGTERM,SIGK*" };

	(void)state;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct filter filter = {};
		struct event *event = made();

		assert_true(filter_add(&filter, forms[i], &error));
		assert_false(filter_passes(&filter, event, FILTER_WHOLE));
		event->signal = SIGKILL;
		assert_true(filter_passes(&filter, event, FILTER_WHOLE));
		arena_free(event->arena);
		filter_free(&filter);
	}
}

static void test_truth(void **state)
{
	(void)state;
	assert_holds("kernel_invoked=false");
	assert_fails("kernel_invoked=true");
	assert_holds("kernel_invoked!=true");
}

/* Null is like nothing, and not unlike it either. */
static void test_null(void **state)
{
	(void)state;
	assert_fails("tty");
	assert_holds("!tty");
	assert_fails("tty=pts/0");
	assert_fails("tty!=pts/0");
	assert_fails("tty=*");
	assert_fails("tty!~x");
	assert_fails("envc<10");
	assert_fails("envc>=0");
	assert_fails("envc!=1");
	assert_fails("signal!=KILL");
	assert_holds("! envc");
	assert_holds("path");
	assert_fails("!path");
	assert_holds("ancestors");
	assert_holds("!caused_by");
}

static void test_lists(void **state)
{
	(void)state;
	assert_holds("arguments=-l");
	assert_fails("arguments=-a");
	assert_fails("arguments!=-l");
	assert_holds("arguments!=-a");
	assert_fails("environment=A=1");
	assert_fails("environment!=A=1");
	assert_holds("ancestors=bash");
	assert_holds("ancestors.comm=system*");
	assert_fails("ancestors=cron");
	assert_holds("ancestors!=cron");
	assert_holds("ancestors.pid=20");
	assert_holds("ancestors.pid<2");
	assert_fails("ancestors.pid!=20");
	assert_holds("container=3f2a*");
	assert_holds("container.id=3f2a99");
	assert_holds("container.runtime=docker");
	assert_fails("container.runtime!=docker");
	assert_fails("caused_by.pid=0");
	assert_holds("truncated=arguments");
	assert_fails("truncated=path");
	assert_holds("!unreadable");
}

static void test_times(void **state)
{
	(void)state;
	setenv("TZ", "UTC", 1);
	tzset();
	assert_holds("time>2026-11-26");
	assert_holds("time>=2026-11-26T04:32:16.000000005Z");
	assert_fails("time>2026-11-26T04:32:16.000000005Z");
	assert_holds("time<2026-11-26T04:32:17Z");
	assert_holds("time<2026-11-26 04:33");
	assert_holds("time<2026-11-26T05:32:17+01:00");
	assert_fails("time<2026-11-26T05:32:16+01:00");
	assert_holds("time<2026-11-25T22:32:17-06:00");
	assert_holds("time>@1795667536");
	assert_fails("time<=@1795667536");
	assert_holds("time=2026-11-26T04:*");
	assert_holds("time~T04:32");
	assert_holds("time<2030-01-01");
}

static void test_when(void **state)
{
	(void)state;
	assert_true(holds_when("reason=text_busy", FILTER_RECORD));
	assert_false(holds_when("reason=text_busy", FILTER_WHOLE));
	assert_true(holds_when("!unit", FILTER_RECORD));
	assert_false(holds_when("pid=1", FILTER_RECORD));
}

static void test_all_of_them(void **state)
{
	BUFFER_AUTO struct buffer error = {};
	struct filter filter = {};
	struct event *event = made();

	(void)state;
	assert_true(filter_add(&filter, "pid=300", &error));
	assert_true(filter_passes(&filter, event, FILTER_WHOLE));
	assert_true(filter_add(&filter, "uid=1000", &error));
	assert_true(filter_passes(&filter, event, FILTER_WHOLE));
	assert_true(filter_add(&filter, "euid=1000", &error));
	assert_false(filter_passes(&filter, event, FILTER_WHOLE));
	event->type = EVENT_LOST;
	assert_true(filter_passes(&filter, event, FILTER_WHOLE));
	arena_free(event->arena);
	filter_free(&filter);
}

static void test_errors(void **state)
{
	static const char *const reasons[] = { "text_busy", "missing_file", NULL };

	(void)state;
	words_set("reason", reasons);
	assert_refused("errno=ENOENTT", "filter 'errno=ENOENTT': 'ENOENTT' is no errno: did you mean 'ENOENT'?");
	assert_refused("errno=EPERM,x", "filter 'errno=EPERM,x': 'x' is no errno");
	assert_refused("errno=", "filter 'errno=': '' is no errno");
	assert_refused("errno=Z*", "filter 'errno=Z*': 'Z*' is no errno");
	assert_refused("reason=text_bussy",
		       "filter 'reason=text_bussy': 'text_bussy' is no reason: did you mean 'text_busy'?");
	assert_refused("comm=systemd-networkd",
		       "filter 'comm=systemd-networkd': 'systemd-networkd' is longer than any comm, which "
		       "the kernel cuts: did you mean 'systemd-network'?");
	assert_refused("event=bprm_chek", "filter 'event=bprm_chek': 'bprm_chek' is no event");
	assert_refused("event=execvat", "filter 'event=execvat': 'execvat' is no event: did you mean 'execveat'?");
	assert_refused("attempts.errno=ENOENTT",
		       "filter 'attempts.errno=ENOENTT': 'ENOENTT' is no errno: did you mean 'ENOENT'?");
	assert_refused("stdin_type=fifi", "filter 'stdin_type=fifi': 'fifi' is no stdin_type: did you mean 'fifo'?");
	assert_refused("stdin_type=terminal", "filter 'stdin_type=terminal': 'terminal' is no stdin_type");
	assert_refused("stage=laoder", "filter 'stage=laoder': 'laoder' is no stage: did you mean 'loader'?");
	assert_refused("truncated=argument",
		       "filter 'truncated=argument': 'argument' is no truncated: did you mean 'arguments'?");
	assert_refused("container.runtime=dokcer",
		       "filter 'container.runtime=dokcer': 'dokcer' is no container.runtime: did you mean 'docker'?");
	assert_refused("security_hook=exec", "filter 'security_hook=exec': 'exec' is no security_hook");
	assert_refused("signal=KILLL", "filter 'signal=KILLL': 'KILLL' is no signal");
	assert_refused("ppath=x",
		       "filter 'ppath=x': 'ppath' is no field: did you mean 'path'? (--list-fields lists them)");
	assert_refused("", "filter '': a term begins with a field (--list-fields lists them)");
	assert_refused("=x", "filter '=x': a term begins with a field (--list-fields lists them)");
	assert_refused("pid=x", "filter 'pid=x': 'x' is no number");
	assert_refused("pid=", "filter 'pid=': '' is no number");
	assert_refused("pid=1,", "filter 'pid=1,': '' is no number");
	assert_refused("pid=1x", "filter 'pid=1x': '1x' is no number");
	assert_refused("pid=99999999999999999999",
		       "filter 'pid=99999999999999999999': '99999999999999999999' is no number");
	assert_refused("pid~1", "filter 'pid~1': ~ is for text, and pid is none");
	assert_refused("path<x", "filter 'path<x': < orders numbers and times, and path is neither");
	assert_refused("path?x", "filter 'path?x': '?x' behind path is no operator (= != ~ !~ < <= > >=)");
	assert_refused("!path=x", "filter '!path=x': '=x' behind path is no operator (there is none behind !FIELD)");
	assert_refused("raw=x", "filter 'raw=x': raw cannot be compared, only asked for: raw, !raw");
	assert_refused("kernel_invoked=1", "filter 'kernel_invoked=1': '1' is no boolean: true or false");
	assert_refused("time>yesterday",
		       "filter 'time>yesterday': 'yesterday' is no time (2026-11-26T04:32:16Z, 04:32, @SECONDS)");
	assert_refused("path~(", "filter 'path~(': '(' is no regular expression: Unmatched ( or \\(");
	assert_refused("\x1b[0m=x", "filter '\\x1b[0m=x': a term begins with a field (--list-fields lists them)");
}

static bool option_holds(enum filter_option option, const char *list)
{
	BUFFER_AUTO struct buffer error = {};
	struct filter filter = {};
	struct event *event = made();
	bool passes;

	if (!filter_add_option(&filter, option, list, &error))
		fail_msg("%s", buffer_string(&error));
	passes = filter_passes(&filter, event, FILTER_WHOLE);
	filter_free(&filter);
	arena_free(event->arena);
	return passes;
}

static void assert_option_refused(enum filter_option option, const char *list, const char *expected)
{
	BUFFER_AUTO struct buffer error = {};
	struct filter filter = {};

	assert_false(filter_add_option(&filter, option, list, &error));
	assert_string_equal(buffer_string(&error), expected);
	filter_free(&filter);
}

static void test_options(void **state)
{
	(void)state;
	assert_true(option_holds(FILTER_USER, "1000"));
	assert_true(option_holds(FILTER_USER, "5,1000"));
	assert_true(option_holds(FILTER_USER, "root"));
	assert_false(option_holds(FILTER_USER, "5"));
	assert_true(option_holds(FILTER_COMM, "at,cron*"));
	assert_false(option_holds(FILTER_COMM, "cron"));
	assert_false(option_holds(FILTER_UNIT, "*"));
	assert_true(option_holds(FILTER_CONTAINER, "3f2"));
	assert_false(option_holds(FILTER_CONTAINER, "f2"));
	assert_true(option_holds(FILTER_CGROUP, "/system.slice"));
	assert_true(option_holds(FILTER_CGROUP, "/system.slice/cron.service/"));
	assert_true(option_holds(FILTER_CGROUP, "/sys/fs/cgroup/system.slice"));
	assert_true(option_holds(FILTER_CGROUP, "/"));
	assert_true(option_holds(FILTER_CGROUP, "/sys/fs/cgroup"));
	assert_false(option_holds(FILTER_CGROUP, "/system"));
	assert_option_refused(FILTER_USER, "nobody-of-that-name",
			      "-u 'nobody-of-that-name': there is no user 'nobody-of-that-name', neither in "
			      "/etc/passwd nor by getent(1)");
	assert_option_refused(FILTER_USER, "12x", "-u '12x': '12x' is no number");
	assert_option_refused(FILTER_USER, "", "-u '': a name is missing");
	assert_option_refused(FILTER_COMM, "a,,b", "-c 'a,,b': a name is missing");
	assert_option_refused(FILTER_COMM, "a,", "-c 'a,': a name is missing");
	assert_option_refused(FILTER_CGROUP, "system.slice",
			      "--cgroup 'system.slice': a control group is named by its path from /");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),       cmocka_unit_test(test_text),    cmocka_unit_test(test_regex),
		cmocka_unit_test(test_numbers),     cmocka_unit_test(test_names),   cmocka_unit_test(test_signals),
		cmocka_unit_test(test_truth),       cmocka_unit_test(test_null),    cmocka_unit_test(test_lists),
		cmocka_unit_test(test_times),       cmocka_unit_test(test_when),    cmocka_unit_test(test_errors),
		cmocka_unit_test(test_all_of_them), cmocka_unit_test(test_options),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
