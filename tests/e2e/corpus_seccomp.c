// SPDX-License-Identifier: GPL-2.0-only
/* Rows: refused by the caller's own seccomp filter. There is a syscall exit, and no entry. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "corpus.h"

static int filter_execs(unsigned int answer, unsigned int flags)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_execve, 2, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_execveat, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		BPF_STMT(BPF_RET | BPF_K, answer),
	};
	struct sock_fprog program = { sizeof(code) / sizeof(code[0]), code };

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
}

static void answer(struct world *w, unsigned int what)
{
	if (filter_execs(what, 0))
		caller_skip(w, "no seccomp filters");
}

static void answer_error(struct world *w)
{
	answer(w, SECCOMP_RET_ERRNO | w->row->error);
}

/* The largest that a filter can make of the call; it has no name. */
static void answer_largest(struct world *w)
{
	answer(w, SECCOMP_RET_ERRNO | w->row->error);
}

static void nameless(struct world *w, struct json_object *event)
{
	expect_text(event, "errno", text_printf("E%d", w->row->error));
}

/* "Success", and nothing ran. */
static void answer_nothing(struct world *w)
{
	answer(w, SECCOMP_RET_ERRNO);
}

static void answer_kill_process(struct world *w)
{
	answer(w, SECCOMP_RET_KILL_PROCESS);
}

static void answer_kill_thread(struct world *w)
{
	answer(w, SECCOMP_RET_KILL_THREAD);
}

static void answer_trap(struct world *w)
{
	answer(w, SECCOMP_RET_TRAP);
}

static void answer_trace(struct world *w)
{
	answer(w, SECCOMP_RET_TRACE);
}

static int listener;
static sem_t listening;

/* Lives in the caller, but has no filter: that one is for the thread that installs it. */
static void *supervise(void *arg)
{
	struct seccomp_notif call = {};
	struct seccomp_notif_resp answer = {};
	struct world *w = arg;

	sem_wait(&listening);
	if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &call))
		return NULL;
	answer.id = call.id;
	answer.error = -w->row->error;
	answer.val = w->row->error ? 0 : 5;
	ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
	return NULL;
}

static void answer_by_supervisor(struct world *w)
{
	pthread_t thread;

	if (sem_init(&listening, 0, 0) || pthread_create(&thread, NULL, supervise, w))
		die("pthread_create failed");
	listener = filter_execs(SECCOMP_RET_USER_NOTIF, SECCOMP_FILTER_FLAG_NEW_LISTENER);
	if (listener < 0)
		caller_skip(w, "no seccomp user notification");
	sem_post(&listening);
}

/* No error to tell: the exit shows what was in the register, and the caller dies or goes on as if all was well. */
static void no_error(struct world *w, struct json_object *event)
{
	(void)w;
	expect_nothing(event, "errno");
	expect_nothing(event, "ret");
}

/* Before 5.16 the task died inside of the filter, and the call never came to its exit. */
static void no_exit(struct world *w, struct json_object *event)
{
	no_error(w, event);
	optional_before(event, "5.16");
}

static long issue_emulated(const struct call *call)
{
	/* Of who is traced already there is no second tracer to wait for. */
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL))
		die("PTRACE_TRACEME: %m");
	raise(SIGSTOP);
	return call_issue(call);
}

static void emulate(struct world *w)
{
	need_x86(w); /* elsewhere the register of the first argument is that of the answer, too */
	w->call.issue = issue_emulated;
}

/* Its tracer makes the next call in the kernel's place. */
static void launch_emulated(struct world *w)
{
	pid_t pid;

	w->seen->stays = false;
	pid = fork();
	if (!pid)
		caller_main(w);
	if (waitpid(pid, &w->status, 0) != pid || !WIFSTOPPED(w->status) || ptrace(PTRACE_SYSEMU, pid, NULL, NULL) ||
	    waitpid(pid, &w->status, 0) != pid || !WIFSTOPPED(w->status) || ptrace(PTRACE_DETACH, pid, NULL, NULL))
		die("ptrace: %m");
	wait_for(w, pid);
}

/* Nobody but who is at the exit of the call sees it, and not on every kernel. */
static void need_not_be_seen(struct world *w, struct json_object *event)
{
	(void)w;
	optional_event(event, NULL);
}

#define PROGRAM .path = "@/program", FILES({ "program", 0755, GOOD_ELF })

const struct scenario seccomp_scenarios[] = {
	{ "seccomp_eperm", "entry", EPERM, PROGRAM, .prepare = answer_error },
	{ "seccomp_enosys", "entry", ENOSYS, PROGRAM, .prepare = answer_error },
	{ "seccomp_execveat", "entry", EACCES, .at = true, .dir = "@", .path = "program", .prepare = answer_error,
	  FILES({ "program", 0755, GOOD_ELF }) },
	{ "seccomp_nothing", "entry", 0, PROGRAM, .prepare = answer_nothing, .adjust = no_error },
	{ "seccomp_kill_process", "entry", 0, PROGRAM, .kills = SIGSYS, .prepare = answer_kill_process,
	  .adjust = no_exit },
	{ "seccomp_kill_thread", "entry", 0, PROGRAM, .kills = SIGSYS, .prepare = answer_kill_thread,
	  .adjust = no_exit },
	{ "seccomp_trap", "entry", 0, PROGRAM, .kills = SIGSYS, .prepare = answer_trap, .adjust = no_error },
	{ "seccomp_trace", "entry", ENOSYS, PROGRAM, .prepare = answer_trace },
	{ "seccomp_supervisor", "entry", EPERM, PROGRAM, .prepare = answer_by_supervisor },
	{ "seccomp_supervisor_value", "entry", 0, PROGRAM, .prepare = answer_by_supervisor, .adjust = no_error },
	{ "seccomp_largest_errno", "entry", 4095, PROGRAM, .prepare = answer_largest, .adjust = nameless },
	{ "seccomp_eio", "entry", EIO, PROGRAM, .prepare = answer_error },
	{ "seccomp_etxtbsy", "entry", ETXTBSY, PROGRAM, .prepare = answer_error },
	{ "seccomp_enfile", "entry", ENFILE, PROGRAM, .prepare = answer_error },
	{ "seccomp_enomem", "entry", ENOMEM, PROGRAM, .prepare = answer_error },
	{ "seccomp_enotconn", "entry", ENOTCONN, PROGRAM, .prepare = answer_error },
	{ "seccomp_enoent", "entry", ENOENT, PROGRAM, .prepare = answer_error },
	{ "seccomp_eagain", "entry", EAGAIN, PROGRAM, .prepare = answer_error, .uid = NOBODY },
	{ "call_emulated", "entry", ENOSYS, PROGRAM, .setup = emulate, .launch = launch_emulated,
	  .adjust = need_not_be_seen },
	{},
};
