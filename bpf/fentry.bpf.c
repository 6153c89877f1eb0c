// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Family fentry: BPF trampolines on the functions of an exec. Costs nothing to any other system call.
 */
#include "attempt.bpf.h"
#include "end.bpf.h"
#include "helper.bpf.h"
#include "kernel.bpf.h"
#include "outcome.bpf.h"
#include "related.bpf.h"

/* What a seccomp filter answers does not come here. */
SEC("fentry/" SYS_EXECVE)
int fentry__execve_entry(u64 *ctx)
{
	attempt_entered();
	return 0;
}

SEC("fentry/" SYS_EXECVEAT)
int fentry__execveat_entry(u64 *ctx)
{
	attempt_entered();
	return 0;
}

SEC("fentry/" COMPAT_SYS_EXECVE)
int fentry__compat_execve_entry(u64 *ctx)
{
	attempt_entered();
	return 0;
}

SEC("fentry/" COMPAT_SYS_EXECVEAT)
int fentry__compat_execveat_entry(u64 *ctx)
{
	attempt_entered();
	return 0;
}

struct builders fentry_builders SEC(".maps"), fentry_builders_at SEC(".maps");

/*
 * These build the records. Since 28ead3eaabc1 (6.12) a program may only be called from one that hangs on a function of
 * the same prototype, and to BTF that of execveat() is another: its argument has another name.
 */
SEC("fexit/" SYS_EXECVE)
int fentry__build(u64 *ctx)
{
	builder_begins(ctx, &fentry_builders);
	outcome_build(ctx, false);
	return 0;
}

SEC("fexit/" SYS_EXECVEAT)
int fentry__build_at(u64 *ctx)
{
	builder_begins(ctx, &fentry_builders_at);
	outcome_build(ctx, false);
	return 0;
}

static __always_inline void syscall_returned(u64 *ctx, struct builders *builders, u32 call, bool compat, u8 copy)
{
	struct pt_regs *regs = user_regs_are_told() ? current_user_regs() : (void *)fentry_arg(ctx, 0);

	if (outcome_finish_syscall(ctx[1], call, regs, compat, copy))
		outcome_build_by(ctx, builders);
}

SEC("fexit/" SYS_EXECVE)
int fentry__execve(u64 *ctx)
{
	syscall_returned(ctx, &fentry_builders, CALL_EXECVE, false, 1);
	return 0;
}

SEC("fexit/" SYS_EXECVEAT)
int fentry__execveat(u64 *ctx)
{
	syscall_returned(ctx, &fentry_builders_at, CALL_EXECVEAT, false, 1);
	return 0;
}

#define COPY(n)                                                                                                        \
	SEC("fexit/" SYS_EXECVE)                                                                                       \
	int fentry__execve_##n(u64 *ctx)                                                                               \
	{                                                                                                              \
		syscall_returned(ctx, &fentry_builders, CALL_EXECVE, false, n);                                        \
		return 0;                                                                                              \
	}                                                                                                              \
	SEC("fexit/" SYS_EXECVEAT)                                                                                     \
	int fentry__execveat_##n(u64 *ctx)                                                                             \
	{                                                                                                              \
		syscall_returned(ctx, &fentry_builders_at, CALL_EXECVEAT, false, n);                                   \
		return 0;                                                                                              \
	}

COPIES(COPY)

SEC("fexit/" COMPAT_SYS_EXECVE)
int fentry__compat_execve(u64 *ctx)
{
	syscall_returned(ctx, &fentry_builders, CALL_EXECVE, true, 0);
	return 0;
}

SEC("fexit/" COMPAT_SYS_EXECVEAT)
int fentry__compat_execveat(u64 *ctx)
{
	syscall_returned(ctx, &fentry_builders, CALL_EXECVEAT, true, 0);
	return 0;
}

/*
 * All functions that are called in turn have 512 bytes of stack. Who builds a record itself decides before that in a
 * function, whose frame is gone by then.
 */
__noinline int fentry_kernel_execve_failed(u64 filename, u64 argv, u64 envp, s32 ret)
{
	struct exec_call c = {
		.call = CALL_KERNEL,
		.source = STRINGS_KERNEL,
		.filename = filename,
		.argv = argv,
		.envp = envp,
	};

	return !(ret < 0 && sieve_denies(ret, 0)) && outcome_finish(ret, &c);
}

SEC("fexit/kernel_execve")
int fentry__kernel_execve(u64 *ctx)
{
	if (fentry_kernel_execve_failed(fentry_arg(ctx, 0), fentry_arg(ctx, 1), fentry_arg(ctx, 2), ctx[3]))
		outcome_build(ctx, false);
	return 0;
}

SEC("fexit/do_open_execat")
int fentry__do_open_execat(u64 *ctx)
{
	attempt_opened(fentry_arg(ctx, 1), fexit_ret(ctx, 3));
	return 0;
}

/* Only where do_open_execat() cannot be attached. */
SEC("fexit/open_exec")
int fentry__open_exec(u64 *ctx)
{
	attempt_opened_interp(fentry_arg(ctx, 0), fexit_ret(ctx, 1));
	return 0;
}

SEC("fexit/security_bprm_creds_for_exec")
int fentry__security_bprm_creds_for_exec(u64 *ctx)
{
	attempt_note_program(fentry_arg(ctx, 0), SEEN_EXEC, FILE_LATER);
	if ((s32)ctx[1] < 0)
		attempt_failed_step(STEP_LSM_CREDS);
	return 0;
}

SEC("fexit/security_bprm_check")
int fentry__security_bprm_check(u64 *ctx)
{
	if ((s32)ctx[1] < 0)
		attempt_failed_step(STEP_LSM_CHECK);
	return 0;
}

struct builders fentry_builders_checked SEC(".maps");

SEC("fexit/security_bprm_check")
int fentry__build_checked(u64 *ctx)
{
	builder_begins(ctx, &fentry_builders_checked);
	related_build(ctx, RECORD_CHECKED);
	return 0;
}

static __always_inline void checked(u64 *ctx, u8 copy)
{
	if (related_checked(fentry_arg(ctx, 0), ctx[1], copy))
		outcome_build_by(ctx, &fentry_builders_checked);
}

SEC("fexit/security_bprm_check")
int fentry__checked(u64 *ctx)
{
	checked(ctx, 1);
	return 0;
}

#define COPY_CHECKED(n)                                                                                                \
	SEC("fexit/security_bprm_check")                                                                               \
	int fentry__checked_##n(u64 *ctx)                                                                              \
	{                                                                                                              \
		checked(ctx, n);                                                                                       \
		return 0;                                                                                              \
	}

COPIES(COPY_CHECKED)

SEC("fexit/security_bprm_creds_from_file")
int fentry__security_bprm_creds_from_file(u64 *ctx)
{
	if ((s32)ctx[2] < 0)
		attempt_failed_step(STEP_LSM_CREDS_FROM_FILE);
	return 0;
}

SEC("fentry/bprm_change_interp")
int fentry__bprm_change_interp(u64 *ctx)
{
	attempt_note_interp(fentry_arg(ctx, 0), fentry_arg(ctx, 1));
	return 0;
}

SEC("fentry/begin_new_exec")
int fentry__begin_new_exec(u64 *ctx)
{
	attempt_note_commit(fentry_arg(ctx, 0), false);
	return 0;
}

SEC("fexit/begin_new_exec")
int fentry__begin_new_exec_exit(u64 *ctx)
{
	if ((s32)ctx[1] < 0)
		attempt_failed_step(STEP_BEGIN_NEW_EXEC);
	return 0;
}

SEC("fexit/bprm_execve")
int fentry__bprm_execve(u64 *ctx)
{
	s32 ret = fexit_ret(ctx, 4);

	if (ret < 0)
		attempt_note_bprm(fentry_arg(ctx, 0), SEEN_EXEC, ret);
	return 0;
}

/*
 * Every bprm ends here, also one whose arguments could not be copied. The new memory is still there: it was not used.
 */
SEC("fentry/free_bprm")
int fentry__free_bprm(u64 *ctx)
{
	struct linux_binprm *bprm = (void *)fentry_arg(ctx, 0);

	if (member_as(bprm, CAST_BPRM, mm))
		attempt_note_bprm((u64)bprm, 0, 0);
	return 0;
}

__noinline int fentry_denied(s32 nr, u32 call, u32 compat)
{
	struct pt_regs *regs = current_user_regs();
	s32 ret = regs_return(regs);

	return outcome_denied(ret, is_rolled_back(ret, nr, call, regs), call, regs, compat, false);
}

__noinline int fentry_killed(s32 nr, u32 action)
{
	return outcome_killed(nr, action);
}

static __always_inline void filter_denied(u64 *ctx, s32 nr)
{
	bool compat = in_compat_syscall();
	u32 call = call_of_syscall(nr, compat);
	struct attempt *a;

	if (!call)
		return;
	a = attempt_find();
	if (outcome_was_reported(a)) {
		attempt_end(a);
		return;
	}
	runs_count(RUNS_DENIED);
	if (fentry_denied(nr, call, compat))
		outcome_build(ctx, false);
	runs_count(RUNS_DENIED_DONE);
}

/* Only tasks with a seccomp filter come here, at each of their system calls. */
SEC("fexit/__seccomp_filter")
int fentry__seccomp_filter(u64 *ctx)
{
	s32 nr = ctx[0];

	if (!call_of_syscall(nr, false) && !call_of_syscall(nr, true))
		return 0;
	if ((s32)fexit_ret(ctx, 3) == -1)
		filter_denied(ctx, nr);
	return 0;
}

/* 7.x: the answer is whether the call may go on. */
SEC("fexit/__seccomp_permit_syscall")
int fentry__seccomp_permit_syscall(u64 *ctx)
{
	s32 nr = regs_syscall(current_user_regs());

	if (!call_of_syscall(nr, false) && !call_of_syscall(nr, true))
		return 0;
	if (!(u8)fexit_ret(ctx, 0))
		filter_denied(ctx, nr);
	return 0;
}

SEC("fentry/acct_collect")
int fentry__acct_collect(u64 *ctx)
{
	int slot;

	if (!(u32)fentry_arg(ctx, 1) || !end_take(fentry_arg(ctx, 0)))
		return 0;
	slot = slot_taken();
	if (slot < 0)
		return 0;
	record_begin_end(slot);
	record_caller(slot);
	record_submit(ctx, slot);
	slot_release(slot);
	return 0;
}

SEC("fentry/audit_seccomp")
int fentry__audit_seccomp(u64 *ctx)
{
	if (fentry_killed(ctx[0], ctx[2]))
		outcome_build(ctx, false);
	return 0;
}

SEC("fentry/call_usermodehelper_exec")
int fentry__call_usermodehelper_exec(u64 *ctx)
{
	helper_wanted(fentry_arg(ctx, 0));
	return 0;
}

SEC("fentry/call_usermodehelper_exec_async")
int fentry__call_usermodehelper_exec_async(u64 *ctx)
{
	helper_starts(fentry_arg(ctx, 0));
	return 0;
}
