/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which tasks are followed. */
#ifndef EXECFAIL_SCOPE_BPF_H
#define EXECFAIL_SCOPE_BPF_H

#include "kernel.bpf.h"
#include "record.h"

/* Thread groups that `execfail -- COMMAND` follows. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1); /* set by user space */
	__type(key, u32);
	__type(value, u8);
} scope SEC(".maps") __weak;

/* The pid of a thread group as its own namespace has it, and that one's inode number. False: could not be read. */
static __always_inline bool task_ns_pid(struct task_struct *task, u32 *nr, u32 *ns)
{
	struct pid *pid = BPF_CORE_READ(task, group_leader, thread_pid);
	u32 level = BPF_CORE_READ(pid, level);
	struct upid upid;

	if (bpf_core_read(&upid, sizeof(upid), &pid->numbers[level]))
		return false;
	*nr = upid.nr;
	*ns = BPF_CORE_READ(upid.ns, ns.inum);
	return true;
}

/* Whether a task is followed: its group is in the map, or it is the COMMAND whose pid user space could only say so. */
static __always_inline bool scope_has(struct task_struct *task)
{
	u32 tgid = BPF_CORE_READ(task, tgid), nr, ns;

	if (bpf_map_lookup_elem(&scope, &tgid))
		return true;
	return cfg.scope_ns && task_ns_pid(task, &nr, &ns) && nr == cfg.scope_pid && ns == cfg.scope_ns;
}

#endif
