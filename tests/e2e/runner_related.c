// SPDX-License-Identifier: GPL-2.0-only
/*
 * Events beside failures, with --related. What a row says of them is what goes for all: of a call that failed, or that
 * made a program start, the call's own event comes next of its thread, and says the same; and the program that starts
 * is the one that the security modules were last asked about.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "runner_row.h"

/* A way each to come to the end of a call; each kind of caller. */
char *related_rows[] = {
	"missing_file",
	"execveat_missing",
	"execveat_cwd_missing",
	"seccomp_eperm",
	"seccomp_kill_process",
	"seccomp_nothing",
	"argv_fault",
	"total_too_big",
	"interpreter_crlf",
	"interpreter_nested_missing",
	"loader_missing",
	"bpf_check",
	"capability_not_in_bounds",
	"elf_kernel_address",
	"thread_elf_kernel_address",
	"thread",
	"vfork",
	"posix_spawnp",
	"int80",
	"program_32",
	"int80_elf_bad_segment",
	"core_pattern_missing",
	"pid_namespace",
	"arguments_200",
	"invalid_utf8_arguments",
	"execveat_check",
	"runs",
	"runs_script",
	"runs_script_chain",
	"runs_by_execveat",
	"runs_by_descriptor",
	"runs_script_by_descriptor",
	"runs_by_thread",
	"runs_by_vfork",
	"runs_null_argv",
	"runs_by_int80",
	"runs_from_memory",
	"runs_32_bit",
	"runs_check",
	"runs_and_crashes",
	NULL,
};

static struct check check = { .name = "related" };
static struct json_object *pending,
	*asked; /* by thread what its call's event has to follow; by process the last security_bprm_check */
static struct json_object *seen; /* how many of each */

static const char *text(struct json_object *event, const char *field)
{
	return json_object_get_string(get(event, field)) ?: "";
}

static const char *key_of(struct json_object *event, const char *field)
{
	static char key[32];

	snprintf(key, sizeof(key), "%s", text(event, field));
	return key;
}

static void expect_same(struct json_object *event, struct json_object *other, const char *const *fields)
{
	char why[128];

	for (; *fields; fields++) {
		if (json_object_equal(get(event, *fields), get(other, *fields)))
			continue;
		snprintf(why, sizeof(why), "its %s is not that of the one before", *fields);
		check_wrong(&check, why, event);
	}
}

static void take_call(struct json_object *event, const char *kind)
{
	static const char *const failed[] = { "path", "ret",  "errno", "signal", "arguments", "environment",
					      "comm", "time", "argc",  "uid",    NULL };
	static const char *const started[] = { "path", "time", "uid", "cgroup", "envc", NULL };
	struct json_object *before = get(pending, key_of(event, "tid"));
	bool checked = json_object_get_boolean(get(event, "check_only")) && !json_object_get_int(get(event, "ret"));

	if (!before) {
		if (!checked)
			check_wrong(&check, "nothing failed or started before it", event);
		return;
	}
	/* Which it was may not be told any more, past the point of no return. */
	if (get(before, "syscall") && strcmp(text(before, "syscall"), kind))
		check_wrong(&check, "it was another call that failed, or made a program start", event);
	if (get(before, "ret"))
		expect_same(event, before, failed);
	else
		expect_same(event, before, started);
	json_object_object_del(pending, key_of(event, "tid"));
}

static void take_start(struct json_object *event)
{
	static const char *const fields[] = { "path", "interp", "binary.path", "binary.inode_number", NULL };
	struct json_object *before = get(asked, key_of(event, "pid"));
	bool asks = strcmp(tracer_context()->family, "tracepoint");

	if (!get(event, "syscall") && !event_kernel_invoked(event))
		check_wrong(&check, "which call it was is not known", event);
	if (asks && !before)
		check_wrong(&check, "the security modules were not asked before", event);
	if (before) {
		if (json_object_get_int(get(before, "ret")))
			check_wrong(&check, "the security modules had denied it", event);
		expect_same(event, before, fields);
	}
	json_object_object_del(asked, key_of(event, "pid"));
}

static void count(const char *kind)
{
	json_object_object_add(seen, kind, json_object_new_int(1 + json_object_get_int(get(seen, kind))));
}

bool related_take(struct json_object *event, const char *kind)
{
	bool fails = !strcmp(kind, "process_execute_failed"), starts = !strcmp(kind, "sched_process_exec");

	if (!pending)
		return false;
	count(kind);
	if (!strcmp(kind, "security_bprm_check"))
		json_object_object_add(asked, key_of(event, "pid"), json_object_get(event));
	else if (!fails && !starts)
		take_call(event, kind);
	if (starts)
		take_start(event);
	if ((fails || starts) && !event_kernel_invoked(event))
		json_object_object_add(pending, key_of(event, "tid"), json_object_get(event));
	return !fails;
}

void related_begin(void)
{
	pending = json_object_new_object();
	asked = json_object_new_object();
	seen = json_object_new_object();
}

void related_end(void)
{
	static const char *const kinds[] = { "process_execute_failed", "sched_process_exec", "execve", "execveat",
					     "security_bprm_check" };
	bool asks = strcmp(tracer_context()->family, "tracepoint");
	char why[64];

	json_object_object_foreach(pending, tid, event)
	{
		(void)tid;
		check_wrong(&check, "the call's own event is missing", event);
	}
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]) - !asks; i++) {
		snprintf(why, sizeof(why), "there was no %s at all", kinds[i]);
		if (!get(seen, kinds[i]))
			check_wrong(&check, why, NULL);
	}
	check_end(&check, NULL);
}
