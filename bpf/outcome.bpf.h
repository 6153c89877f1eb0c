/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The outcome of an exec: forgets a success; of a failure, takes a scratch slot for what the call was, and another
 * program, the builder, makes a record of that. A builder is verified once, by whatever hook the outcome comes.
 * Programs that call one have no functions that are not inlined: before ebf7d1f508a7 (5.10) those and tail calls do not
 * go together.
 */
#ifndef EXECFAIL_OUTCOME_BPF_H
#define EXECFAIL_OUTCOME_BPF_H

#include "attempt.bpf.h"
#include "copies.bpf.h"
#include "counts.bpf.h"
#include "kernel.bpf.h"
#include "noted.bpf.h"
#include "record.bpf.h"
#include "scope.bpf.h"
#include "search.bpf.h"
#include "share.bpf.h"
#include "sieve.bpf.h"
#include "strings.bpf.h"

/* include/uapi/linux/seccomp.h */
#define SECCOMP_RET_KILL_PROCESS 0x80000000U
#define SECCOMP_RET_KILL_THREAD 0x00000000U

/* --- failures --- */

#define SIGKILL_PENDING (1UL << (9 - 1))

/*
 * A task with SIGKILL pending (it lost the race of its threads to exec, or was killed from outside) gives up wherever
 * it would sleep, fault or read: EINTR, EIO, E2BIG (get_arg_page()), ENOEXEC and ELIBBAD (load_elf_phdrs()), EAGAIN
 * (de_thread()), ENOMEM, EFAULT.
 */
#define ERRORS_OF_THE_DYING (1UL << 4 | 1UL << 5 | 1UL << 7 | 1UL << 8 | 1UL << 11 | 1UL << 12 | 1UL << 14)
#define ELIBBAD 80

static __always_inline bool is_error_of_the_dying(s32 ret)
{
	if (ret != -ELIBBAD && (ret <= -64 || !(ERRORS_OF_THE_DYING >> -ret & 1)))
		return false;
	return load(current_task(), pending.signal.sig[0]) & SIGKILL_PENDING;
}

/* include/linux/errno.h: the kernel talking to itself, when threads race to exec or a signal comes first. */
#define ERESTARTSYS 512
#define ERESTART_RESTARTBLOCK 516

/* Whether an answer is a failure that somebody gets to see. */
static __always_inline bool is_failure(s32 ret)
{
	if (ret >= 0 || ret < -MAX_ERRNO || (ret <= -ERESTARTSYS && ret >= -ERESTART_RESTARTBLOCK))
		return false;
	return !is_error_of_the_dying(ret);
}

static __always_inline bool is_wanted(u32 event)
{
	return cfg.events & 1 << event;
}

/* Whether an event was asked for that a record of that kind, and that call, stands for. */
static __always_inline bool record_is_wanted(u32 kind, u32 call)
{
	if (call == CALL_EXECVE && is_wanted(EVENT_EXECVE))
		return true;
	if (call == CALL_EXECVEAT && is_wanted(EVENT_EXECVEAT))
		return true;
	if (kind == RECORD_FAILED)
		return is_wanted(EVENT_PROCESS_EXECUTE_FAILED);
	return kind == RECORD_STARTED && is_wanted(EVENT_SCHED_PROCESS_EXEC);
}

/* The call has returned. True: a slot is taken, and the record is to be built. */
static __always_inline bool outcome_take(s32 ret, struct exec_call *c, u32 kind)
{
	c->kind = kind;
	c->ret = ret;
	if (cfg.counts && kind == RECORD_FAILED && !out_of_scope() && counted(ret)) {
		attempt_forget();
		if (c->reported)
			outcome_note_reported(c->reported);
		return false;
	}
	if (record_is_wanted(kind, c->call) && !out_of_scope()) {
		if (slot_take(c) >= 0)
			return true;
		if (copy_leaves(c->copy))
			return false;
		lost_count(LOST_SCRATCH);
	}
	attempt_forget();
	return false;
}

/* One program, that does it for others of its type. */
struct builders {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u32);
};

/*
 * First in a builder: a tail call that never comes. Since 7d1cd70d4b16 (6.13) a program whose functions need 64 bytes
 * of stack or more has a stack for each processor, not for each run: a builder, which is begun anew amid a run that was
 * preempted, would write over that one's. Programs with tail calls have none. (Others are guarded by the kernel against
 * running twice on a processor.)
 */
static __always_inline void builder_begins(void *ctx, struct builders *builders)
{
	if (never())
		bpf_tail_call(ctx, builders, 0);
}

/* The strings of a call that has failed. */
static __always_inline void outcome_strings(struct scratch *s, u32 slot, struct exec_call *c)
{
	u64 stack = outcome_stack_strings(scratch_attempt(s));

	if (stack) {
		/* The caller's memory is gone; the new stack holds what the kernel copied from it. */
		c->source = STRINGS_STACK;
		c->argv = stack;
		c->envp = stack;
	}
	strings_copy(slot, SECTION_ARGUMENTS);
	if (cfg.environment)
		strings_copy(slot, SECTION_ENVIRONMENT);
	if (c->ret == -E2BIG)
		strings_longest(slot);
}

/* In the program itself; ends: it may be the record of a process that ended, too. */
static __always_inline void outcome_build(void *ctx, const bool ends)
{
	int slot = slot_taken();
	struct scratch *s;
	struct exec_call *c;
	u8 reported;

	if (slot < 0)
		return;
	s = scratch_get(slot);
	if (!s)
		return;
	c = &s->call;
	if (ends && c->kind == RECORD_ENDED)
		record_begin_end(slot);
	else
		record_begin(slot);
	if (c->call == CALL_EXECVEAT)
		record_dirfd(slot);
	record_caller(slot);
	if (!ends || c->kind != RECORD_ENDED)
		outcome_strings(s, slot, c);
	reported = c->reported;
	search_goes_on(c->ret);
	record_submit(ctx, slot);
	attempt_end(scratch_attempt(s));
	slot_release(slot);
	if (reported)
		outcome_note_reported(reported);
}

/* By that program: does not return, unless there is none. */
static __always_inline void outcome_build_by(void *ctx, struct builders *builders)
{
	int slot;

	bpf_tail_call(ctx, builders, 0);
	slot = slot_taken();
	if (slot >= 0)
		slot_release(slot);
	lost_count(LOST_SCRATCH);
}

/*
 * The outcome of an exec is known: forget a success, take a failure. As all of them below: true, if a record is to be
 * built.
 */
static __always_inline bool outcome_finish(s32 ret, struct exec_call *c)
{
	struct attempt *a = attempt_find();

	if (is_failure(ret) && outcome_was_watched(a))
		return outcome_take(ret, c, RECORD_FAILED);
	attempt_end(a);
	return false;
}

/* An address that nothing can be read at. */
#define NOWHERE (~0UL)

/*
 * Past the point of no return the registers point into memory that is gone, and what is there now is the new program's.
 * By then they may also tell another system call than the one that was made: its number is written over with the execve
 * of the new program's ABI (set_personality_64bit() and its kin on x86).
 */
static __always_inline void call_as_noted(struct exec_call *c, struct attempt *a)
{
	enum caller_memory memory = outcome_caller_memory(a);

	/* By attempt_note_commit(). */
	if (a && a->call) {
		c->call = a->call;
		c->dirfd = a->dirfd;
		c->flags = a->call_flags;
	}
	if (memory == MEMORY_KEPT)
		return;
	c->filename = c->argv = c->envp = NOWHERE;
	if (memory == MEMORY_UNSEEN)
		c->seen |= SEEN_COMMIT | SEEN_NO_RETURN | SEEN_IMAGE;
}

/* The end of what attempt_note_kernel_call() saw begin. */
static __always_inline bool outcome_finish_kernel_call(long outcome)
{
	struct exec_call c = { .call = CALL_KERNEL, .source = STRINGS_KERNEL };

	c.filename = outcome_kernel_call(0);
	if (!c.filename)
		return false;
	c.argv = outcome_kernel_call(1);
	c.envp = outcome_kernel_call(2);
	if (outcome < 0 && sieve_denies(outcome, 0)) {
		attempt_forget();
		return false;
	}
	return outcome_finish(outcome, &c);
}

/* A system call from its registers. compat: by a 32-bit caller. */
static __always_inline void exec_call_of_syscall(struct exec_call *c, u32 call, struct pt_regs *regs, bool compat)
{
	struct call_args a;

	__builtin_memset(c, 0, sizeof(*c));
	c->call = call;
	c->source = compat ? STRINGS_COMPAT : STRINGS_USER;
	c->seen = compat ? SEEN_COMPAT : 0;
	syscall_args(regs, compat, &a);
	if (call == CALL_EXECVEAT) {
		c->dirfd = a.arg[0];
		c->filename = a.arg[1];
		c->argv = a.arg[2];
		c->envp = a.arg[3];
		c->flags = a.arg[4];
	} else {
		c->filename = a.arg[0];
		c->argv = a.arg[1];
		c->envp = a.arg[2];
	}
}

/* The same from where the registers should be. */
static __always_inline void exec_call_of_current(struct exec_call *c, u32 call, bool compat)
{
	struct pt_regs *regs = current_user_regs();

	exec_call_of_syscall(c, call, regs, compat);
	if (!user_regs_are_told() && call_of_syscall(regs_syscall(regs), compat) != call)
		c->filename = c->argv = c->envp = NOWHERE;
}

/* Its registers hold no arguments yet; those of a call that a filter answered in its place are as they were. */
static __always_inline bool is_new_program(u32 call)
{
	struct call_args a;

	if (!user_regs_are_told())
		return false;
	syscall_args(current_user_regs(), false, &a);
	return !a.arg[call == CALL_EXECVEAT];
}

#define AT_EXECVE_CHECK 0x10000

/* It was only asked whether it would succeed, and it would: after an exec the registers hold no arguments any more. */
static __always_inline bool is_approved(s32 ret, struct exec_call *c)
{
	return !ret && c->flags & AT_EXECVE_CHECK && c->filename && c->filename != NOWHERE;
}

/* The call has returned 0. */
static __always_inline bool outcome_finish_success(struct exec_call *c)
{
	if (is_approved(0, c) && outcome_was_watched(attempt_find()))
		return outcome_take(0, c, RECORD_APPROVED);
	attempt_forget();
	return false;
}

/* The function behind the system call has returned; copy: which copy of the program it is that says so. */
static __always_inline bool outcome_finish_syscall(s32 ret, u32 call, struct pt_regs *regs, bool compat, u8 copy)
{
	struct exec_call c;

	if (ret > 0 || (!ret && !is_wanted(EVENT_EXECVEAT)) || (ret && sieve_denies(ret, copy))) {
		attempt_forget();
		return false;
	}
	exec_call_of_syscall(&c, call, regs, compat);
	if ((is_failure(ret) || is_approved(ret, &c)) && !copy_takes(AT_RETURN, copy))
		return false;
	c.copy = copy;
	return ret ? outcome_finish(ret, &c) : outcome_finish_success(&c);
}

/* What the exit of the system call is not to report again. */
static __always_inline u8 reported_at_return(s32 ret, bool compat)
{
	if (outcome_is_committed(attempt_find()))
		return REPORTED_COMMITTED;
	return !compat && cfg.returns && is_failure(ret) ? REPORTED_RETURNED : 0;
}

/*
 * The same at the function's return, for families whose outcome otherwise comes from the tracepoints of system calls:
 * past the point of no return that may be another's, or none may fire; and where programs there can be preempted, this
 * one cannot.
 */
static __always_inline bool outcome_finish_return(s32 ret, u32 call, bool compat)
{
	u8 reported = reported_at_return(ret, compat);
	u8 copy = reported == REPORTED_RETURNED ? OUTCOME_LAST : 0;
	struct exec_call c;

	if (!compat && (ret >= 0 || !reported))
		return false;
	exec_call_of_current(&c, call, compat);
	/* No exit of the system call will tell. */
	if (ret >= 0)
		return outcome_finish_success(&c);
	call_as_noted(&c, attempt_find());
	c.reported = reported;
	c.copy = copy;
	if (!sieve_denies(ret, copy)) {
		if (copy)
			runs_count(RUNS_TAKEN);
		if (outcome_finish(ret, &c))
			return true;
	}
	if (reported)
		outcome_note_reported(reported);
	return false;
}

#define SIGSYS 31

/*
 * A seccomp filter has answered a system call in the place of its function, with an error or with success, though
 * nothing ran; or with SIGSYS. reported: the exit of the system call may come as well.
 */
static __always_inline bool outcome_denied(s32 ret, bool killed, u32 call, struct pt_regs *regs, bool compat,
					   bool reported)
{
	struct exec_call c;

	/* Nothing of an exec was entered: what is noted is of an earlier one. */
	attempt_forget();
	if (!control.armed || sieve_denies(killed ? 0 : ret, 0))
		return false;
	exec_call_of_syscall(&c, call, regs, compat);
	c.seen |= SEEN_SECCOMP;
	c.reported = reported;
	if (killed) {
		c.signal = SIGSYS;
		ret = 0;
	}
	return outcome_take(ret, &c, RECORD_FAILED);
}

/*
 * The system call is at its exit, whoever answered it: also a seccomp filter. Where the filter made it a success, or
 * kills, only the registers tell: after an exec they are the new program's and hold no arguments any more.
 */
static __always_inline bool outcome_finish_sys_exit(long ret, s32 nr, u32 call, u8 copy)
{
	struct exec_call c;
	u32 kind = RECORD_FAILED;
	bool told, rolled_back;
	struct attempt *a;

	if ((ret < 0 && sieve_denies(ret, copy)) || (!ret && is_new_program(call))) {
		attempt_forget();
		return false;
	}
	exec_call_of_current(&c, call, false);
	rolled_back = is_rolled_back(ret, nr, call, current_user_regs());
	told = is_failure(ret);
	if (is_approved(ret, &c)) {
		kind = RECORD_APPROVED;
		told = true;
	} else if (ret > 0 || rolled_back || (!ret && c.filename && c.filename != NOWHERE)) {
		c.seen |= SEEN_SECCOMP;
		told = true;
	}
	if (told && !copy_takes(AT_RETURN, copy))
		return false;
	a = attempt_find();
	if (told && kind == RECORD_FAILED && !(c.seen & SEEN_SECCOMP))
		call_as_noted(&c, a);
	if (rolled_back) {
		c.signal = SIGSYS;
		ret = 0;
	}
	if (told && !outcome_was_reported(a) && outcome_was_watched(a))
		return outcome_take(ret, &c, kind);
	/* Counted there, so that it is no loss if none of us had run. */
	if (told && outcome_was_reported(a) == REPORTED_RETURNED)
		runs_add(RUNS_TAKEN, -1);
	attempt_end(a);
	return false;
}

/* The task ends. What kills it may be an exec whose failure no exit of a system call has shown. */
static __always_inline bool outcome_finish_killed(void)
{
	struct attempt *a = attempt_find();
	struct exec_call c = {};

	if (!outcome_is_killed_for_exec(a) || !outcome_was_watched(a) ||
	    sieve_denies(regs_return(current_user_regs()), 0)) {
		attempt_end(a);
		return false;
	}
	call_as_noted(&c, a);
	return outcome_take(regs_return(current_user_regs()), &c, RECORD_FAILED);
}

/* A filter is about to kill the task, which then may never come to the exit of its system call: until 5.15. */
static __always_inline bool outcome_killed(s32 nr, u32 action)
{
	bool compat = in_compat_syscall();
	u32 call = call_of_syscall(nr, compat);

	if (!call || (action != SECCOMP_RET_KILL_THREAD && action != SECCOMP_RET_KILL_PROCESS))
		return false;
	return outcome_denied(0, true, call, current_user_regs(), compat, true);
}

#endif
