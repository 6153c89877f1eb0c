// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "helper.bpf.h"

#include "attempt.bpf.h"

/* Which exec made the kernel ask for a helper program, by the helper's subprocess_info. Few at a time, soon used. */
struct cause {
	u32 pid;
	char path[CAUSE_MAX];
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 256);
	__type(key, u64);
	__type(value, struct cause);
} causes SEC(".maps");

/*
 * Nothing was noted of an exec that nobody wants to be told of. That the kernel asked for a helper may be wanted all
 * the same.
 */
static __always_inline void cause_of_call(struct cause *cause)
{
	struct pt_regs *regs = current_user_regs();
	bool compat = in_compat_syscall();
	u32 call = call_of_syscall(regs_syscall(regs), compat);
	struct call_args args;

	if (!call)
		return;
	syscall_args(regs, compat, &args);
	bpf_probe_read_user_str(cause->path, sizeof(cause->path), (void *)args.arg[call == CALL_EXECVEAT ? 1 : 0]);
	cause->pid = bpf_get_current_pid_tgid() >> 32;
}

__noinline int helper_wanted(u64 info)
{
	struct attempt *a = attempt_find();
	struct linux_binprm *bprm;
	struct cause cause = {};

	if (!a)
		cause_of_call(&cause);
	if (a && a->bprm) {
		cause.pid = bpf_get_current_pid_tgid() >> 32;
		bprm = (struct linux_binprm *)a->bprm;
		bpf_probe_read_kernel_str(cause.path, sizeof(cause.path), member_as(bprm, CAST_BPRM, filename));
	}
	/* Helpers for other purposes than an exec have no cause of this kind. */
	if (!cause.pid)
		return 0;
	bpf_map_update_elem(&causes, &info, &cause, BPF_ANY);
	return 0;
}

__noinline int helper_starts(u64 info)
{
	struct cause *cause = bpf_map_lookup_elem(&causes, &info);
	struct attempt_text *text;
	struct attempt *a;

	if (!cause)
		return 0;
	a = attempt_get();
	text = a ? attempt_text(a) : NULL;
	if (text) {
		a->cause_pid = cause->pid;
		__builtin_memcpy(text->cause, cause->path, sizeof(text->cause));
	}
	bpf_map_delete_elem(&causes, &info);
	return 0;
}
