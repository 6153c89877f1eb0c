/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which tasks are followed. */
#ifndef EXECFAIL_SCOPE_BPF_H
#define EXECFAIL_SCOPE_BPF_H

#include "kernel.bpf.h"
#include "record.h"

/* Thread groups that `execfail -- COMMAND` and -p follow. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1); /* set by user space */
	__type(key, u32);
	__type(value, u8);
} scope SEC(".maps") __weak;

/*
 * For -p, of all processes: who may descend from whom is known to user space only when it has read /proc, and by then
 * some have begun and some that had children have ended.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1); /* set by user space */
	__type(key, u32);
	__type(value, struct kin);
} kin SEC(".maps") __weak;

#define PIDTYPE_TGID 1 /* include/linux/pid_types.h */

/*
 * The pid of a thread group as its own namespace has it, and that one's inode number; of a task whose type the verifier
 * knows.
 */
static __always_inline void task_ns_pid(struct task_struct *task, u32 *nr, u32 *ns)
{
	struct pid *pid = load(load(task, signal), pids[PIDTYPE_TGID]);
	u32 level = load(pid, level);
	struct upid *there = &pid->numbers[level], upid;

	if (has_casts()) {
		there = cast(there, CAST_UPID);
		*nr = there->nr;
		*ns = there->ns->ns.inum;
		return;
	}
	if (bpf_core_read(&upid, sizeof(upid), there))
		return;
	*nr = upid.nr;
	*ns = BPF_CORE_READ(upid.ns, ns.inum);
}

/* A task's group as the two maps number it: by the namespace of user space. 0: it is not in there. */
static __always_inline u32 scope_number(struct task_struct *task)
{
	struct pid *pid;
	struct upid upid;
	u32 level;

	if (!cfg.scope_ns)
		return BPF_CORE_READ(task, tgid);
	pid = BPF_CORE_READ(task, group_leader, thread_pid);
	level = BPF_CORE_READ(pid, level);
	for (u32 i = 0; i < loop_limit(PID_NS_DEPTH, PID_NS_DEPTH_STATIC) && i <= level; i++) {
		if (bpf_core_read(&upid, sizeof(upid), &pid->numbers[level - i]))
			return 0;
		if (BPF_CORE_READ(upid.ns, ns.inum) == cfg.scope_ns)
			return upid.nr;
	}
	return 0;
}

static __always_inline bool scope_has(u32 number)
{
	return bpf_map_lookup_elem(&scope, &number);
}

static __always_inline bool out_of_scope(void)
{
	return cfg.scoped && !scope_has(scope_number((struct task_struct *)bpf_get_current_task()));
}

#endif
