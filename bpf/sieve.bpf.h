/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What is not wanted goes before anything is collected, nor even looked up: the part of the filter that is known by
 * then.
 */
#ifndef EXECFAIL_SIEVE_BPF_H
#define EXECFAIL_SIEVE_BPF_H

#include "attempt.bpf.h"
#include "control.bpf.h"
#include "kernel.bpf.h"
#include "scope.bpf.h"
#include "sieve.h"

/* Where there is no filter, the verifier sees so, and nothing of this is left. */
extern const volatile struct sieve sieve;

#define SIEVE_CLIMB 32 /* directories that a control group may lie deeper than what is asked for */

static __always_inline bool sieve_denies_numbers(struct task_struct *task)
{
	u32 values[SIEVE_NUMBERS] = {}, nr = 0;

	values[SIEVE_UID] = bpf_get_current_uid_gid();
	if (sieve.of & 1 << SIEVE_EUID)
		values[SIEVE_EUID] = load(load(task, cred), euid.val);
	if (sieve.of & 1 << SIEVE_PID_NS)
		task_ns_pid(task, &nr, &values[SIEVE_PID_NS]);
	for (u32 i = 0; i < SIEVE_TERMS && i < sieve.n_numbers; i++)
		if (!sieve_has_numbers(&sieve.numbers[i], values))
			return true;
	return false;
}

/* As record_begin() has it: past the point of no return it is the new program's. */
static __always_inline bool sieve_denies_comm(void)
{
	struct attempt *a = attempt_find();
	u64 comm[2] = {};

	bpf_get_current_comm(comm, sizeof(comm));
	if (a && a->have_caller)
		__builtin_memcpy(comm, a->comm, sizeof(comm));
	for (u32 i = 0; i < SIEVE_TERMS && i < sieve.n_comms; i++)
		if (!sieve_is_comm(&sieve.comms[i], comm))
			return true;
	return false;
}

/* Names from where the path's depth is, up to the root. */
static __always_inline bool sieve_is_below(struct task_struct *task, const volatile struct sieve_path *path)
{
	struct cgroup *cgroup = load(load(task, cgroups), dfl_cgrp);
	struct kernfs_node *kn = load(cgroup, kn);
	int level = load(cgroup, level);
	char name[SIEVE_NAME] __attribute__((aligned(8)));
	u32 i;

	for (i = 0; i < SIEVE_CLIMB && level > (int)path->depth; i++, level--)
		kn = kernfs_parent(kn, true);
	/* Deeper than that, user space decides. */
	if (level > (int)path->depth)
		return true;
	if (level < (int)path->depth)
		return false;
	for (i = 0; i < SIEVE_DEPTH && i < path->depth; i++) {
		__builtin_memset(name, 0, sizeof(name));
		bpf_probe_read_kernel_str(name, sizeof(name), load(kn, name));
		if (!sieve_is_name(path->names[i], name))
			return false;
		kn = kernfs_parent(kn, true);
	}
	return true;
}

static __always_inline bool sieve_denies_cgroup(struct task_struct *task)
{
	for (u32 i = 0; i < SIEVE_PATHS && i < sieve.n_paths; i++)
		if (sieve_is_below(task, &sieve.paths[i]))
			return false;
	return true;
}

/* Of the current task, whatever it was answered; named: of whose name no other event may tell another. */
static __always_inline bool sieve_denies_caller(bool named)
{
	struct task_struct *task = current_task();

	if (sieve.n_numbers && sieve_denies_numbers(task))
		return true;
	if (named && sieve.n_comms && sieve_denies_comm())
		return true;
	return sieve.n_paths && sieve_denies_cgroup(task);
}

/* Where a seccomp filter answers it may be any number: no error, or on arm64 what was the first argument. */
static __always_inline bool sieve_denies_answer(s32 ret)
{
	u64 error = ret > -SIEVE_ERRNOS ? -ret : 0;

	if (!sieve.by_errno || ret >= 0 || ret == AT_FDCWD)
		return false;
	/* Older verifiers do not see it by the comparison: that was with another register. */
	bound(error, SIEVE_ERRNOS - 1);
	return !sieve_has_error(&sieve, error);
}

/*
 * A call that is answered so is not wanted; copy: which of several programs asks, of which the first counts it, 0:
 * there is one.
 */
static __always_inline bool sieve_denies(s32 ret, u8 copy)
{
	if (!sieve_denies_answer(ret) && !sieve_denies_caller(true))
		return false;
	if (copy <= 1 && !out_of_scope())
		runs_count(RUNS_FILTERED);
	return true;
}

#endif
