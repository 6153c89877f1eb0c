// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Family legacy, for kernels before 5.8: the specification's exec_binprm(), and security_bprm_check() for the kernels
 * whose compiler inlined it; the outcome from tracepoint.bpf.c. Here are only the functions that 5.8 and later do not
 * have; the rest is in kprobe.bpf.c.
 */
#include "attempt.bpf.h"
#include "kernel.bpf.h"
#include "kprobe.bpf.h"

SEC("kprobe/exec_binprm")
int legacy__exec_binprm(struct pt_regs *ctx)
{
	attempt_note_program(PT_REGS_PARM1(ctx), SEEN_EXEC, FILE_PATH);
	return 0;
}

SEC("kretprobe/exec_binprm")
int legacy__exec_binprm_ret(struct pt_regs *ctx)
{
	s32 ret = PT_REGS_RC(ctx);

	if (ret < 0)
		attempt_note_known_bprm(SEEN_EXEC, ret);
	return 0;
}

SEC("kprobe/security_bprm_check")
int legacy__security_bprm_check(struct pt_regs *ctx)
{
	attempt_note_program(PT_REGS_PARM1(ctx), SEEN_EXEC, FILE_PATH);
	return 0;
}

/* The arguments are copied after this one, and load_script() gives the file away: the moment to look at it. */
SEC("kprobe/security_bprm_set_creds")
int legacy__security_bprm_set_creds(struct pt_regs *ctx)
{
	attempt_note_program(PT_REGS_PARM1(ctx), 0, FILE_PATH);
	return 0;
}

SEC("kretprobe/security_bprm_set_creds")
int legacy__security_bprm_set_creds_ret(struct pt_regs *ctx)
{
	if ((s32)PT_REGS_RC(ctx) < 0)
		attempt_failed_step(STEP_LSM_CREDS);
	return 0;
}

SEC("kprobe/flush_old_exec")
int legacy__flush_old_exec(struct pt_regs *ctx)
{
	attempt_note_commit(PT_REGS_PARM1(ctx), true);
	return 0;
}

SEC("kretprobe/flush_old_exec")
int legacy__flush_old_exec_ret(struct pt_regs *ctx)
{
	if ((s32)PT_REGS_RC(ctx) < 0)
		attempt_failed_step(STEP_BEGIN_NEW_EXEC);
	return 0;
}

/* bprm_execve() is not there to tell a failure past the point of no return from a success. */
SEC("kprobe/free_bprm")
int legacy__free_bprm(struct pt_regs *ctx)
{
	struct linux_binprm *bprm = (void *)PT_REGS_PARM1(ctx);

	if (member_as(bprm, CAST_BPRM, mm))
		attempt_note_bprm((u64)bprm, 0, 0);
	else
		attempt_note_spent_bprm((u64)bprm);
	return 0;
}

/* Before kernel_execve() (5.9) the kernel came this way, as system calls do where it is not inlined into them. */
SEC("kprobe/do_execve")
int legacy__do_execve(struct pt_regs *ctx)
{
	struct filename *name = (void *)PT_REGS_PARM1(ctx);

	if (filename_from_kernel(name))
		attempt_note_kernel_call((u64)BPF_CORE_READ(name, name), PT_REGS_PARM2(ctx), PT_REGS_PARM3(ctx));
	return 0;
}

SEC("kretprobe/do_execve")
int legacy__do_execve_ret(struct pt_regs *ctx)
{
	if (outcome_finish_kernel_call(PT_REGS_RC(ctx)))
		outcome_build_by(ctx, &kprobe_builders);
	return 0;
}
