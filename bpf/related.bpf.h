/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What happens to an exec that has not failed: the security modules are asked about a binary, and a program takes the
 * caller's place. That is where a call that succeeds is told, too: arm64 has no exit of it, and x86 none of the
 * caller's memory then.
 */
#ifndef EXECFAIL_RELATED_BPF_H
#define EXECFAIL_RELATED_BPF_H

#include "outcome.bpf.h"

/* True: a slot is taken, and the record is to be built by related_build(). */
static __always_inline bool related_take(struct exec_call *c)
{
	struct attempt *a = attempt_find();

	if (!control.armed || (a && !a->armed))
		return false;
	if (out_of_scope())
		return false;
	if (sieve_denies_caller(c->kind != RECORD_STARTED) || sieve_denies_answer(c->ret)) {
		runs_count(RUNS_FILTERED);
		return false;
	}
	if (slot_take(c) >= 0)
		return true;
	lost_count(LOST_SCRATCH);
	return false;
}

static __always_inline void related_build(void *ctx, u32 kind)
{
	int slot = slot_taken();

	if (slot < 0)
		return;
	record_begin_bprm(slot);
	if (kind == RECORD_CHECKED)
		record_checked(slot);
	else
		record_loader(slot);
	record_caller(slot);
	strings_copy(slot, SECTION_ARGUMENTS);
	if (cfg.environment)
		strings_copy(slot, SECTION_ENVIRONMENT);
	record_submit(ctx, slot);
	slot_release(slot);
	if (kind == RECORD_STARTED)
		attempt_forget();
}

/*
 * What attempt_note_rename() has noted: enum record_call. Nothing of a call: the kernel made none, but started it
 * itself. Since 7.x it may have been skipped.
 */
static __always_inline u32 related_call_noted(struct attempt *a)
{
	if (!a || !a->have_caller)
		return CALL_UNKNOWN;
	return a->call ?: CALL_KERNEL;
}

/* A program has taken the place of the current task's; tid: what that was before, when it was another thread's. */
static __always_inline bool related_started(u64 bprm, u32 tid, u8 copy)
{
	struct mm_struct *mm = load(current_task(), mm);
	struct attempt *a = attempt_find();
	struct exec_call c = {
		.kind = RECORD_STARTED,
		.source = STRINGS_STACK,
		.bprm = bprm,
		.tid = tid,
		.dirfd = a ? a->dirfd : 0,
		.flags = a ? a->call_flags : 0,
		.seen = SEEN_IMAGE,
	};

	if (!copy_takes(AT_START, copy))
		return false;
	c.call = related_call_noted(a);
	c.argv = load(mm, arg_start);
	c.envp = load(mm, env_start);
	if (record_is_wanted(RECORD_STARTED, c.call) && related_take(&c))
		return true;
	attempt_end(a);
	return false;
}

/* The security modules have answered; by the registers the caller's call is not over. */
static __always_inline bool related_checked(u64 bprm, s32 ret, u8 copy)
{
	struct pt_regs *regs = current_user_regs();
	bool compat = in_compat_syscall();
	u32 call = call_of_syscall(regs_syscall(regs), compat);
	struct exec_call c;

	if (!copy_takes(AT_CHECK, copy))
		return false;
	exec_call_of_syscall(&c, call ?: CALL_KERNEL, regs, compat);
	if (!call) {
		c.source = STRINGS_KERNEL;
		c.argv = outcome_kernel_call(1) ?: NOWHERE;
		c.envp = outcome_kernel_call(2) ?: NOWHERE;
	}
	c.kind = RECORD_CHECKED;
	c.bprm = bprm;
	c.ret = ret;
	return related_take(&c);
}

#endif
