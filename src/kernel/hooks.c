// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/hooks.h"

#include <linux/version.h>
#include <string.h>

#include "record.h"

const char *const hooks_names[] = {
	[HOOKS_AUTO] = "auto",     [HOOKS_FENTRY] = "fentry",         [HOOKS_KPROBE] = "kprobe",
	[HOOKS_LEGACY] = "legacy", [HOOKS_TRACEPOINT] = "tracepoint", NULL,
};

#define F (1u << HOOKS_FENTRY)
#define K (1u << HOOKS_KPROBE)
#define L (1u << HOOKS_LEGACY)
#define T (1u << HOOKS_TRACEPOINT)

#define GIVES_FILE "the file of a failure, and which exec a step belongs to"
#define GIVES_KERNEL "programs that the kernel starts itself"
#define GIVES_COMPAT "32-bit callers"
#define GIVES_ARGUMENTS "whether arguments could be copied"
#define GIVES_FACTS "argument counts, the start of the file, failures past the point of no return"
#define GIVES_INTERP "the interpreter"
#define GIVES_LSM "that a security module denied it"
#define GIVES_SECCOMP "execs that a seccomp filter denies"
#define GIVES_OTHER_ABI "programs of the other ABI, 32 or 64 bits, that fail past the point of no return"
#define GIVES_KILLED "before Linux 5.16, execs for which a seccomp filter kills"
#define GIVES_CAUSE "which exec made the kernel start a helper"
#define GIVES_PREEMPTED "failures on a processor where another one's record is half done"
#define GIVES_FOUND "that some searches through PATH succeed"
#define GIVES_CALL "of programs that start, the call and the caller's name"
#define GIVES_END "programs that did not start though no exec failed"
#define GIVES_CHECK "what the security modules are asked about"
#define GIVES_COMMIT "the caller's name and the stage of failures past the point of no return"

/* The events that a hook is for. One of a call that succeeds is told when the program starts. */
enum {
	FAILURE = 1u << EVENT_PROCESS_EXECUTE_FAILED,
	CHECK = 1u << EVENT_SECURITY_BPRM_CHECK,
	START = 1u << EVENT_SCHED_PROCESS_EXEC | 1u << EVENT_EXECVE | 1u << EVENT_EXECVEAT,
	EXECVE = FAILURE | 1u << EVENT_EXECVE,
	EXECVEAT = FAILURE | 1u << EVENT_EXECVEAT,
	RETURN = EXECVE | EXECVEAT,
	END = 1u << EVENT_PROCESS_START_FAILED,
	EACH = RETURN | START | CHECK | END,
};

/* At the end of a call: several times, where the kernel may skip a run of one. See OUTCOME_COPIES. */
#define ONE_COPY(program, n, families, events, kind)                                                                   \
	{                                                                                                              \
		program "_" #n, families, events, kind | n *HOOK_COPY, GIVES_PREEMPTED, NULL                           \
	}
#define OTHER_COPIES(program, families, events, kind)                                                                  \
	ONE_COPY(program, 2, families, events, kind), ONE_COPY(program, 3, families, events, kind),                    \
		ONE_COPY(program, 4, families, events, kind), ONE_COPY(program, 5, families, events, kind),            \
		ONE_COPY(program, 6, families, events, kind), ONE_COPY(program, 7, families, events, kind),            \
		ONE_COPY(program, 8, families, events, kind)

/*
 * In the order in which they are attached. Tasks that end come first, so that nothing is kept for them. Of a function,
 * the entry is before the return: so a call that comes to its return has been seen entering, and is known to have begun
 * before everything was attached. What the kernel starts has no such entry with fentry, and is the last there.
 */
const struct hook hooks_table[] = {
	{ "tracepoint__build", K | L | T, RETURN | END, HOOK_REQUIRED | HOOK_BUILDER, "failed execve()", NULL },
	{ "kprobe__build", K | L, RETURN | END, HOOK_REQUIRED | HOOK_BUILDER, GIVES_KERNEL, NULL },
	{ "exec__build", F | K | L | T, START, HOOK_REQUIRED | HOOK_BUILDER, "programs that start", NULL },
	{ "exec__sched_process_exec", F | K | L | T, START, HOOK_REQUIRED | HOOK_OUTCOME | HOOK_COPY,
	  "programs that start", NULL },
	OTHER_COPIES("exec__sched_process_exec", F | K | L | T, START, HOOK_OUTCOME),
	{ "exec__task_rename", F | K | L | T, START, HOOK_COPY, GIVES_CALL, NULL },
	OTHER_COPIES("exec__task_rename", F | K | L | T, START, 0),
	{ "tracepoint__sched_process_exec", K | L | T, RETURN, 0, "the end of some successful execs",
	  "exec__sched_process_exec" },
	{ "search__sched_process_exec", F | K | L | T, FAILURE, HOOK_SEARCH | HOOK_COPY, GIVES_FOUND, NULL },
	{ "search__sched_process_exec_2", F | K | L | T, FAILURE, HOOK_SEARCH | 2 * HOOK_COPY, GIVES_PREEMPTED, NULL },
	{ "search__sched_process_exec_3", F | K | L | T, FAILURE, HOOK_SEARCH | 3 * HOOK_COPY, GIVES_PREEMPTED, NULL },
	{ "tracepoint__process_ended", T, END, HOOK_OUTCOME, GIVES_END, NULL },
	{ "tracepoint__sched_process_exit_killed", T, RETURN, HOOK_OUTCOME, GIVES_OTHER_ABI,
	  "tracepoint__process_ended" },
	{ "exec__sched_process_exit", T, START, 0, "the end of tasks that die in an exec",
	  "tracepoint__sched_process_exit_killed" },
	{ "tracepoint__sched_process_exit", F | K | L, RETURN | START, 0, "the end of tasks that die in an exec",
	  NULL },
	{ "fentry__acct_collect", F, END, HOOK_OUTCOME, GIVES_END, NULL },
	{ "kprobe__acct_collect", K | L, END, HOOK_OUTCOME, GIVES_END, NULL },
	{ "legacy__acct_collect", K | L, END, HOOK_OUTCOME, GIVES_END, "kprobe__acct_collect" },
	{ "legacy__process_ended", T, END, HOOK_OUTCOME, GIVES_END, "tracepoint__process_ended" },

	{ "fentry__build", F, EXECVE, HOOK_REQUIRED | HOOK_BUILDER, "failed execve()", NULL },
	{ "fentry__build_at", F, EXECVEAT, HOOK_REQUIRED | HOOK_BUILDER, "failed execveat()", NULL },
	{ "fentry__execve_entry", F, EXECVE, HOOK_REQUIRED, "failed execve()", NULL },
	{ "fentry__execve", F, EXECVE, HOOK_REQUIRED | HOOK_OUTCOME | HOOK_COPY, "failed execve()", NULL },
	OTHER_COPIES("fentry__execve", F, EXECVE, HOOK_OUTCOME),
	{ "fentry__execveat_entry", F, EXECVEAT, HOOK_REQUIRED, "failed execveat()", NULL },
	{ "fentry__execveat", F, EXECVEAT, HOOK_REQUIRED | HOOK_OUTCOME | HOOK_COPY, "failed execveat()", NULL },
	OTHER_COPIES("fentry__execveat", F, EXECVEAT, HOOK_OUTCOME),
	{ "kprobe__build_last", F, RETURN, HOOK_BUILDER | OUTCOME_LAST *HOOK_COPY, GIVES_PREEMPTED, NULL },
	{ "kprobe__execve_last", F, EXECVE, HOOK_OUTCOME | OUTCOME_LAST *HOOK_COPY, GIVES_PREEMPTED, NULL },
	{ "kprobe__execveat_last", F, EXECVEAT, HOOK_OUTCOME | OUTCOME_LAST *HOOK_COPY, GIVES_PREEMPTED, NULL },
	{ "fentry__compat_execve_entry", F, EXECVE, 0, GIVES_COMPAT, NULL },
	{ "fentry__compat_execve", F, EXECVE, HOOK_OUTCOME, GIVES_COMPAT, NULL },
	{ "fentry__compat_execveat_entry", F, EXECVEAT, 0, GIVES_COMPAT, NULL },
	{ "fentry__compat_execveat", F, EXECVEAT, HOOK_OUTCOME, GIVES_COMPAT, NULL },
	{ "fentry__do_open_execat", F, FAILURE, HOOK_STAGE, GIVES_INTERP, NULL },
	{ "fentry__open_exec", F, FAILURE, 0, GIVES_INTERP, "fentry__do_open_execat" },
	{ "fentry__security_bprm_creds_for_exec", F, RETURN, HOOK_AUTO | HOOK_STAGE, GIVES_FILE, NULL },
	{ "fentry__security_bprm_check", F, FAILURE, HOOK_STAGE, GIVES_LSM, NULL },
	{ "fentry__build_checked", F, CHECK, HOOK_BUILDER, GIVES_CHECK, NULL },
	{ "fentry__checked", F, CHECK, HOOK_OUTCOME | HOOK_COPY, GIVES_CHECK, NULL },
	OTHER_COPIES("fentry__checked", F, CHECK, HOOK_OUTCOME),
	{ "fentry__security_bprm_creds_from_file", F, FAILURE, 0, GIVES_LSM, NULL },
	{ "fentry__bprm_change_interp", F, FAILURE, HOOK_STAGE, GIVES_INTERP, NULL },
	{ "fentry__begin_new_exec", F, RETURN, 0, GIVES_COMMIT, NULL },
	{ "fentry__begin_new_exec_exit", F, RETURN, HOOK_STAGE, GIVES_COMMIT, NULL },
	{ "fentry__bprm_execve", F, RETURN, HOOK_STAGE, GIVES_FACTS, NULL },
	{ "fentry__free_bprm", F, FAILURE, HOOK_STAGE, GIVES_ARGUMENTS, NULL },
	{ "fentry__seccomp_permit_syscall", F, RETURN, HOOK_OUTCOME | HOOK_SANDBOX, GIVES_SECCOMP, NULL },
	{ "fentry__seccomp_filter", F, RETURN, HOOK_OUTCOME | HOOK_SANDBOX, GIVES_SECCOMP,
	  "fentry__seccomp_permit_syscall" },
	{ "fentry__audit_seccomp", F, RETURN, HOOK_OUTCOME, GIVES_KILLED, NULL },
	{ "fentry__call_usermodehelper_exec", F, FAILURE, 0, GIVES_CAUSE, NULL },
	{ "fentry__call_usermodehelper_exec_async", F, FAILURE, 0, GIVES_CAUSE, NULL },
	{ "fentry__kernel_execve", F, FAILURE, HOOK_OUTCOME, GIVES_KERNEL, NULL },

	{ "tracepoint__sys_exit_execve", K | L | T, EXECVE, HOOK_REQUIRED | HOOK_OUTCOME | HOOK_COPY, "failed execve()",
	  NULL },
	OTHER_COPIES("tracepoint__sys_exit_execve", K | L | T, EXECVE, HOOK_OUTCOME),
	{ "tracepoint__sys_exit_execveat", K | L | T, EXECVEAT, HOOK_REQUIRED | HOOK_OUTCOME | HOOK_COPY,
	  "failed execveat()", NULL },
	OTHER_COPIES("tracepoint__sys_exit_execveat", K | L | T, EXECVEAT, HOOK_OUTCOME),
	{ "tracepoint__sched_prepare_exec", T, RETURN, 0, GIVES_COMMIT, NULL },

	{ "kprobe__execve", K | L, EXECVE, HOOK_REQUIRED | HOOK_ENTRY, "failed execve()", NULL },
	{ "kprobe__execveat", K | L, EXECVEAT, HOOK_REQUIRED | HOOK_ENTRY, "failed execveat()", NULL },
	{ "kprobe__compat_execve", K | L, EXECVE, 0, GIVES_COMPAT, NULL },
	{ "kprobe__compat_execveat", K | L, EXECVEAT, 0, GIVES_COMPAT, NULL },
	{ "kprobe__execve_ret", K | L, EXECVE, HOOK_OUTCOME, GIVES_OTHER_ABI, NULL },
	{ "kprobe__execveat_ret", K | L, EXECVEAT, HOOK_OUTCOME, GIVES_OTHER_ABI, NULL },
	{ "kprobe__security_bprm_creds_for_exec", K, RETURN, HOOK_REQUIRED | HOOK_STAGE, GIVES_FILE, NULL },
	{ "kprobe__security_bprm_creds_for_exec_ret", K | L, FAILURE, 0, GIVES_LSM, NULL },
	{ "kprobe__security_bprm_check_ret", K | L, FAILURE, HOOK_STAGE, GIVES_LSM, NULL },
	{ "kprobe__build_checked", K | L, CHECK, HOOK_BUILDER, GIVES_CHECK, NULL },
	{ "kprobe__checked", K | L, CHECK, 0, GIVES_CHECK, NULL },
	{ "kprobe__checked_ret", K | L, CHECK, HOOK_OUTCOME, GIVES_CHECK, NULL },
	{ "kprobe__security_bprm_creds_from_file_ret", K | L, FAILURE, 0, GIVES_LSM, NULL },
	{ "kprobe__do_open_execat", K | L, FAILURE, HOOK_STAGE, GIVES_INTERP, NULL },
	{ "kprobe__do_open_execat_ret", K | L, FAILURE, HOOK_STAGE, GIVES_INTERP, NULL },
	{ "kprobe__open_exec", K | L, FAILURE, 0, GIVES_INTERP, "kprobe__do_open_execat" },
	{ "kprobe__open_exec_ret", K | L, FAILURE, 0, GIVES_INTERP, "kprobe__do_open_execat_ret" },
	{ "kprobe__bprm_change_interp", K | L, FAILURE, HOOK_STAGE, GIVES_INTERP, NULL },
	{ "kprobe__begin_new_exec", K | L, RETURN, 0, GIVES_COMMIT, NULL },
	{ "kprobe__begin_new_exec_ret", K | L, RETURN, 0, GIVES_COMMIT, NULL },
	{ "kprobe__bprm_execve_ret", K | L, RETURN, 0, GIVES_FACTS, NULL },
	{ "kprobe__free_bprm", K | L, FAILURE, HOOK_STAGE, GIVES_ARGUMENTS, NULL },
	{ "kprobe__kernel_execve", K | L, FAILURE, 0, GIVES_KERNEL, NULL },
	{ "kprobe__kernel_execve_ret", K | L, FAILURE, HOOK_OUTCOME, GIVES_KERNEL, NULL },
	{ "kprobe__audit_seccomp", K | L, RETURN, HOOK_OUTCOME, GIVES_KILLED, NULL },
	{ "kprobe__call_usermodehelper_exec", K | L, FAILURE, 0, GIVES_CAUSE, NULL },
	{ "kprobe__call_usermodehelper_exec_async", K | L, FAILURE, 0, GIVES_CAUSE, NULL },
	{ "kprobe__compat_execve_ret", K | L, EXECVE, HOOK_OUTCOME, GIVES_COMPAT, NULL },
	{ "kprobe__compat_execveat_ret", K | L, EXECVEAT, HOOK_OUTCOME, GIVES_COMPAT, NULL },

	{ "legacy__exec_binprm", L, RETURN, 0, GIVES_FILE, NULL },
	{ "legacy__exec_binprm_ret", L, RETURN, 0, GIVES_FACTS, "kprobe__bprm_execve_ret" },
	{ "legacy__security_bprm_check", L, RETURN, HOOK_REQUIRED, GIVES_FILE, "legacy__exec_binprm" },
	{ "legacy__security_bprm_set_creds", L, RETURN, 0, GIVES_FILE, "kprobe__security_bprm_creds_for_exec_ret" },
	{ "legacy__security_bprm_set_creds_ret", L, FAILURE, 0, GIVES_LSM,
	  "kprobe__security_bprm_creds_from_file_ret" },
	{ "legacy__flush_old_exec", L, RETURN, 0, GIVES_COMMIT, "kprobe__begin_new_exec" },
	{ "legacy__flush_old_exec_ret", L, RETURN, 0, GIVES_COMMIT, "kprobe__begin_new_exec_ret" },
	{ "legacy__free_bprm", L, RETURN, 0, GIVES_FACTS, "kprobe__bprm_execve_ret" },
	{ "legacy__do_execve", L, FAILURE, 0, GIVES_KERNEL, "kprobe__kernel_execve" },
	{ "legacy__do_execve_ret", L, FAILURE, HOOK_OUTCOME, GIVES_KERNEL, "kprobe__kernel_execve_ret" },

	/* Whose beginning was noted, his end is, too. Copies do the same once more, which changes nothing. */
	{ "scope__sched_process_exit", F | K | L | T, EACH, HOOK_REQUIRED | HOOK_SCOPE | HOOK_COPY,
	  "the end of who is followed", NULL },
	OTHER_COPIES("scope__sched_process_exit", F | K | L | T, EACH, HOOK_SCOPE),
	{ "scope__sched_process_fork", F | K | L | T, EACH, HOOK_REQUIRED | HOOK_SCOPE | HOOK_COPY,
	  "descendants of who is followed", NULL },
	OTHER_COPIES("scope__sched_process_fork", F | K | L | T, EACH, HOOK_SCOPE),
};

const size_t hooks_count = sizeof(hooks_table) / sizeof(hooks_table[0]);

const char *hook_function(const char *section)
{
	const char *slash = strrchr(section, '/');

	return slash ? slash + 1 : section;
}

const char *hook_state_name(enum hook_state state)
{
	static const char *const names[] = {
		[HOOK_NOT_WANTED] = "-",   [HOOK_MISSING] = "missing", [HOOK_SPARED] = "spared",
		[HOOK_FAILED] = "refused", [HOOK_LOADED] = "loaded",   [HOOK_ATTACHED] = "attached",
	};

	return names[state];
}

const char hooks_family_unseen_event[] =
	"security_bprm_check, since there is no tracepoint where the security modules are asked";

unsigned int hooks_family_events(enum hooks family)
{
	unsigned int events = 0;

	for (size_t i = 0; i < hooks_count; i++)
		if (hooks_table[i].families & 1u << family && hooks_table[i].flags & HOOK_OUTCOME)
			events |= hooks_table[i].events;
	return events;
}

static const struct {
	unsigned int families;
	unsigned int until; /* a kernel that is as new sees it; 0: none does */
	const char *what;
} family_unseen[] = {
	{ T, 0, "programs that the kernel starts itself" },
	{ T, 0, "32-bit callers" },
	{ K | L, 0, "32-bit callers that a seccomp filter denies" },
	{ T, 0, "the interpreter" },
	{ T, 0, "most stages" },
	{ L | T, KERNEL_VERSION(5, 10, 0),
	  "programs that do not start because a library is too old or lacks a symbol" },
	{ T, KERNEL_VERSION(5, 16, 0), "execs for which a seccomp filter kills" },
	{ T, KERNEL_VERSION(6, 10, 0), "the path and arguments of execs that fail past the point of no return" },
	{ T, KERNEL_VERSION(6, 16, 0), "the arguments of processes that end because a program did not start" },
};

void hooks_family_unseen(enum hooks family, bool seccomp, unsigned int version, struct buffer *out)
{
	size_t begin = out->n;

	for (size_t i = 0; i < sizeof(family_unseen) / sizeof(family_unseen[0]); i++)
		if (family_unseen[i].families & 1u << family &&
		    (!family_unseen[i].until || version < family_unseen[i].until))
			buffer_printf(out, "%s%s", out->n > begin ? ", " : "", family_unseen[i].what);
	if (family == HOOKS_FENTRY && !seccomp)
		buffer_puts(out, GIVES_SECCOMP);
	if (family == HOOKS_TRACEPOINT)
		buffer_puts(out, "; the file is looked up from user space");
	if (out->n == begin)
		buffer_puts(out, "nothing");
}
