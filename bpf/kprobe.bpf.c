// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Family kprobe: the specification's security_bprm_creds_for_exec() for the file, with the outcome from
 * tracepoint.bpf.c, and probes inside of the exec for the interpreter and the step. The family legacy uses the same
 * probes where its kernels have the functions.
 */
#include "attempt.bpf.h"
#include "end.bpf.h"
#include "helper.bpf.h"
#include "kernel.bpf.h"
#include "kprobe.bpf.h"
#include "related.bpf.h"

/* What a seccomp filter answers does not come here. */
SEC("kprobe/" SYS_EXECVE)
int kprobe__execve(struct pt_regs *ctx)
{
	attempt_entered();
	return 0;
}

SEC("kprobe/" SYS_EXECVEAT)
int kprobe__execveat(struct pt_regs *ctx)
{
	attempt_entered();
	return 0;
}

SEC("kprobe/" COMPAT_SYS_EXECVE)
int kprobe__compat_execve(struct pt_regs *ctx)
{
	attempt_entered();
	return 0;
}

SEC("kprobe/" COMPAT_SYS_EXECVEAT)
int kprobe__compat_execveat(struct pt_regs *ctx)
{
	attempt_entered();
	return 0;
}

/* Builds the records of all whose outcome a probe tells; those of legacy.bpf.c as well. */
SEC("kretprobe/" SYS_EXECVE)
int kprobe__build(struct pt_regs *ctx)
{
	builder_begins(ctx, &kprobe_builders);
	outcome_build(ctx, true);
	return 0;
}

SEC("kretprobe/" SYS_EXECVE)
int kprobe__execve_ret(struct pt_regs *ctx)
{
	if (outcome_finish_return(PT_REGS_RC(ctx), CALL_EXECVE, false))
		outcome_build_by(ctx, &kprobe_builders);
	return 0;
}

SEC("kretprobe/" SYS_EXECVEAT)
int kprobe__execveat_ret(struct pt_regs *ctx)
{
	if (outcome_finish_return(PT_REGS_RC(ctx), CALL_EXECVEAT, false))
		outcome_build_by(ctx, &kprobe_builders);
	return 0;
}

SEC("kprobe/acct_collect")
int kprobe__acct_collect(struct pt_regs *ctx)
{
	if ((u32)PT_REGS_PARM2(ctx) && end_take(PT_REGS_PARM1(ctx)))
		outcome_build_by(ctx, &kprobe_builders);
	return 0;
}

SEC("kprobe/acct_collect")
int legacy__acct_collect(struct pt_regs *ctx)
{
	if ((u32)PT_REGS_PARM2(ctx) && end_take_alone(PT_REGS_PARM1(ctx)))
		outcome_build_by(ctx, &kprobe_builders);
	return 0;
}

struct builders kprobe_builders_last SEC(".maps");

/* For fentry, where its programs can be preempted. Of these no run is skipped: probes hold preemption off. */
SEC("kretprobe/" SYS_EXECVE)
int kprobe__build_last(struct pt_regs *ctx)
{
	builder_begins(ctx, &kprobe_builders_last);
	outcome_build(ctx, false);
	return 0;
}

static __always_inline void call_returned_last(struct pt_regs *ctx, u32 call)
{
	if (outcome_finish_syscall(PT_REGS_RC(ctx), call, current_user_regs(), false, OUTCOME_LAST))
		outcome_build_by(ctx, &kprobe_builders_last);
}

SEC("kretprobe/" SYS_EXECVE)
int kprobe__execve_last(struct pt_regs *ctx)
{
	call_returned_last(ctx, CALL_EXECVE);
	return 0;
}

SEC("kretprobe/" SYS_EXECVEAT)
int kprobe__execveat_last(struct pt_regs *ctx)
{
	call_returned_last(ctx, CALL_EXECVEAT);
	return 0;
}

SEC("kprobe/security_bprm_creds_for_exec")
int kprobe__security_bprm_creds_for_exec(struct pt_regs *ctx)
{
	attempt_note_program(PT_REGS_PARM1(ctx), SEEN_EXEC, FILE_PATH);
	return 0;
}

SEC("kretprobe/security_bprm_creds_for_exec")
int kprobe__security_bprm_creds_for_exec_ret(struct pt_regs *ctx)
{
	if ((s32)PT_REGS_RC(ctx) < 0)
		attempt_failed_step(STEP_LSM_CREDS);
	return 0;
}

SEC("kretprobe/security_bprm_check")
int kprobe__security_bprm_check_ret(struct pt_regs *ctx)
{
	if ((s32)PT_REGS_RC(ctx) < 0)
		attempt_failed_step(STEP_LSM_CHECK);
	return 0;
}

struct builders kprobe_builders_checked SEC(".maps");

SEC("kretprobe/security_bprm_check")
int kprobe__build_checked(struct pt_regs *ctx)
{
	builder_begins(ctx, &kprobe_builders_checked);
	related_build(ctx, RECORD_CHECKED);
	return 0;
}

/* What the security modules are being asked about, by task: at the return nobody tells. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, u64);
	__type(value, u64);
} checking SEC(".maps");

SEC("kprobe/security_bprm_check")
int kprobe__checked(struct pt_regs *ctx)
{
	u64 key = task_key(), bprm = PT_REGS_PARM1(ctx);

	bpf_map_update_elem(&checking, &key, &bprm, BPF_ANY);
	return 0;
}

SEC("kretprobe/security_bprm_check")
int kprobe__checked_ret(struct pt_regs *ctx)
{
	u64 key = task_key(), *bprm = bpf_map_lookup_elem(&checking, &key);

	if (bprm && related_checked(*bprm, PT_REGS_RC(ctx), 1))
		outcome_build_by(ctx, &kprobe_builders_checked);
	return 0;
}

SEC("kretprobe/security_bprm_creds_from_file")
int kprobe__security_bprm_creds_from_file_ret(struct pt_regs *ctx)
{
	if ((s32)PT_REGS_RC(ctx) < 0)
		attempt_failed_step(STEP_LSM_CREDS_FROM_FILE);
	return 0;
}

SEC("kprobe/do_open_execat")
int kprobe__do_open_execat(struct pt_regs *ctx)
{
	attempt_opening(PT_REGS_PARM2(ctx));
	return 0;
}

SEC("kretprobe/do_open_execat")
int kprobe__do_open_execat_ret(struct pt_regs *ctx)
{
	attempt_opening_done(PT_REGS_RC(ctx));
	return 0;
}

/* Only where do_open_execat() cannot be attached. That it failed shows in the outcome. */
SEC("kprobe/open_exec")
int kprobe__open_exec(struct pt_regs *ctx)
{
	attempt_opened_interp(PT_REGS_PARM1(ctx), 0);
	return 0;
}

SEC("kretprobe/open_exec")
int kprobe__open_exec_ret(struct pt_regs *ctx)
{
	if (PT_REGS_RC(ctx) >= (unsigned long)-4095)
		attempt_failed_step(STEP_OPEN_INTERPRETER);
	return 0;
}

SEC("kprobe/bprm_change_interp")
int kprobe__bprm_change_interp(struct pt_regs *ctx)
{
	attempt_note_interp(PT_REGS_PARM1(ctx), PT_REGS_PARM2(ctx));
	return 0;
}

SEC("kprobe/begin_new_exec")
int kprobe__begin_new_exec(struct pt_regs *ctx)
{
	attempt_note_commit(PT_REGS_PARM1(ctx), true);
	return 0;
}

SEC("kretprobe/begin_new_exec")
int kprobe__begin_new_exec_ret(struct pt_regs *ctx)
{
	if ((s32)PT_REGS_RC(ctx) < 0)
		attempt_failed_step(STEP_BEGIN_NEW_EXEC);
	return 0;
}

/* The bprm itself is only known from before. */
SEC("kretprobe/bprm_execve")
int kprobe__bprm_execve_ret(struct pt_regs *ctx)
{
	s32 ret = PT_REGS_RC(ctx);

	if (ret < 0)
		attempt_note_known_bprm(SEEN_EXEC, ret);
	return 0;
}

/*
 * Every bprm ends here, also one whose arguments could not be copied. The new memory is still there: it was not used.
 */
SEC("kprobe/free_bprm")
int kprobe__free_bprm(struct pt_regs *ctx)
{
	struct linux_binprm *bprm = (void *)PT_REGS_PARM1(ctx);

	if (member_as(bprm, CAST_BPRM, mm))
		attempt_note_bprm((u64)bprm, 0, 0);
	return 0;
}

SEC("kprobe/kernel_execve")
int kprobe__kernel_execve(struct pt_regs *ctx)
{
	attempt_note_kernel_call(PT_REGS_PARM1(ctx), PT_REGS_PARM2(ctx), PT_REGS_PARM3(ctx));
	return 0;
}

SEC("kretprobe/kernel_execve")
int kprobe__kernel_execve_ret(struct pt_regs *ctx)
{
	if (outcome_finish_kernel_call(PT_REGS_RC(ctx)))
		outcome_build_by(ctx, &kprobe_builders);
	return 0;
}

/* A task that its filter kills may die inside of it; other denials come to the exit of the system call. */
SEC("kprobe/audit_seccomp")
int kprobe__audit_seccomp(struct pt_regs *ctx)
{
	if (outcome_killed(PT_REGS_PARM1(ctx), PT_REGS_PARM3(ctx)))
		outcome_build_by(ctx, &kprobe_builders);
	return 0;
}

SEC("kprobe/call_usermodehelper_exec")
int kprobe__call_usermodehelper_exec(struct pt_regs *ctx)
{
	helper_wanted(PT_REGS_PARM1(ctx));
	return 0;
}

SEC("kprobe/call_usermodehelper_exec_async")
int kprobe__call_usermodehelper_exec_async(struct pt_regs *ctx)
{
	helper_starts(PT_REGS_PARM1(ctx));
	return 0;
}

/* Tracepoints of single system calls do not fire for 32-bit callers. */
SEC("kretprobe/" COMPAT_SYS_EXECVE)
int kprobe__compat_execve_ret(struct pt_regs *ctx)
{
	if (outcome_finish_return(PT_REGS_RC(ctx), CALL_EXECVE, true))
		outcome_build_by(ctx, &kprobe_builders);
	return 0;
}

SEC("kretprobe/" COMPAT_SYS_EXECVEAT)
int kprobe__compat_execveat_ret(struct pt_regs *ctx)
{
	if (outcome_finish_return(PT_REGS_RC(ctx), CALL_EXECVEAT, true))
		outcome_build_by(ctx, &kprobe_builders);
	return 0;
}
