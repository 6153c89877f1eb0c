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

__noinline int helper_wanted(u64 info)
{
	struct attempt *a = attempt_find();
	struct linux_binprm *bprm;
	struct cause cause = {};

	/* Helpers for other purposes than an exec have no cause of this kind. */
	if (!a || !a->bprm)
		return 0;
	cause.pid = bpf_get_current_pid_tgid() >> 32;
	bprm = (struct linux_binprm *)a->bprm;
	bpf_probe_read_kernel_str(cause.path, sizeof(cause.path), BPF_CORE_READ(bprm, filename));
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
	text = a ? text_get(a) : NULL;
	if (text) {
		a->cause_pid = cause->pid;
		__builtin_memcpy(text->cause, cause->path, sizeof(text->cause));
	}
	bpf_map_delete_elem(&causes, &info);
	return 0;
}
