// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Shares of the buffer, once it is more than half full: no source may have more in it than eight times what is free. So
 * one that is alone fills it but for the last ninth, two have eight parts each of seventeen: there is always room for
 * whoever has little in it, and nobody need know how many there are (the dynamic thresholds of shared-memory switches,
 * Choudhury and Hahne 1998).
 *
 * A source is whom a user cannot help being: the owner of the outermost user namespace, else the uid, in the outermost
 * cgroup that is not the manager's own: two levels below the root, as system.slice/nginx.service and
 * user.slice/user-1000.slice, and below kubepods three, a pod. What is above can only be made by who manages the whole
 * machine; below, who was delegated a part could be as many as it likes. On machines with version 1 of cgroups it may
 * be the root, and then the owner alone counts. Below user.slice he does not count: who was given numbers for his user
 * namespaces can be each of them outside as well, by files that are set-uid to it.
 *
 * Who has much in it also waits, before there is more: the longer the fuller it is. A failing exec takes less time than
 * what is done about it, so a flood would outrun any reader.
 */
#include "share.bpf.h"

#define SHARE_OF_FREE 8
#define SHARE_TRIES 8
#define SHARE_CLIMBS 8 /* of as many steps each */

static __always_inline bool is_pods(struct kernfs_node *kn)
{
	char name[8] = {};

	bpf_probe_read_kernel(name, sizeof(name), BPF_CORE_READ(kn, name));
	return !__builtin_memcmp(name, "kubepods", sizeof(name));
}

/* Compared by eights, as the compiler would call a function for more. */
static __always_inline bool is_users(struct kernfs_node *kn)
{
	u64 name[2] = {};

	bpf_probe_read_kernel_str(name, sizeof(name), BPF_CORE_READ(kn, name));
	return !__builtin_memcmp(&name[0], "user.sli", 8) && !__builtin_memcmp(&name[1], "ce\0\0\0\0\0", 8);
}

/* Some steps of the climb up to the third level. */
__noinline int share_climb(u32 slot)
{
	struct scratch *s = scratch_get(slot);
	int i;

	if (!s)
		return 1;
	for (i = 0; i < SHARE_CLIMBS; i++) {
		if (s->level <= 3)
			return 1;
		s->node = kernfs_parent(s->node, false);
		s->level--;
	}
	return 0;
}

/* Where whose record it is is, and whether that says all. */
static __always_inline void share_of_cgroup(struct share *source, struct kernfs_node *second, struct kernfs_node *third)
{
	struct kernfs_node *first = kernfs_parent(second, false);

	source->cgroup = BPF_CORE_READ(second, id);
	if (is_pods(first))
		source->cgroup = BPF_CORE_READ(third, id);
	else if (is_users(first))
		source->owner = 0;
}

/* Deeper than anybody needs, all are one. */
__noinline int share_source(u32 slot)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct cgroup *cgroup = BPF_CORE_READ(task, cgroups, dfl_cgrp);
	struct scratch *s = scratch_get(slot);
	struct kernfs_node *second;
	struct record *r;
	int i;

	if (!s)
		return 0;
	r = (struct record *)s->data;
	s->source = (struct share){ .cpu = is_ringbuf() ? 0 : bpf_get_smp_processor_id() };
	s->level = BPF_CORE_READ(cgroup, level);
	s->node = BPF_CORE_READ(cgroup, kn);
	for (i = 0; i < SHARE_CLIMBS; i++)
		if (share_climb(slot))
			break;
	if (s->level > 3)
		return 0;
	s->source.owner = r->user_ns_owner != RECORD_UNKNOWN ? r->user_ns_owner : r->uid;
	second = s->level == 3 ? kernfs_parent(s->node, false) : s->node;
	if (s->level < 2)
		s->source.cgroup = BPF_CORE_READ(second, id);
	else
		share_of_cgroup(&s->source, second, s->node);
	return 0;
}

/*
 * Where the source is, or can be: what has nothing in the buffer need not be kept. All are taken: together with
 * another.
 */
__noinline int share_place(u32 slot)
{
	struct scratch *s = scratch_get(slot);
	struct share *source = s ? &s->source : NULL, *share;
	u32 start, place = SHARES, i, index;
	u64 hash;

	if (!source)
		return 0;
	hash = (source->cgroup ^ (u64)source->owner << 32 ^ source->cpu) * 0x9e3779b97f4a7c15;
	start = hash >> 32;
	for (i = 0; i < SHARE_TRIES; i++) {
		index = (start + i) % SHARES;
		share = bpf_map_lookup_elem(&shares, &index);
		if (!share)
			break;
		if (share->cgroup == source->cgroup && share->owner == source->owner && share->cpu == source->cpu)
			return index;
		if (place == SHARES && share->held <= 0)
			place = index;
	}
	if (place == SHARES)
		return start % SHARES;
	share = bpf_map_lookup_elem(&shares, &place);
	if (share) {
		share->cgroup = source->cgroup;
		share->owner = source->owner;
		share->cpu = source->cpu;
	}
	return place;
}

#define WAIT_MAX_NS 30000 /* when 7/8 are full */
#define WAIT_PART 64 /* who has less than that part of what is in the buffer need not wait */
#define WAIT_READER_NS                                                                                                 \
	100000000 /* nor need anybody for a reader that has not read for so long: it is stopped, or waits itself */
#define WAIT_TURNS 64

/* Looks at the clock. Not 0: it is time. */
__noinline int share_wait_turns(u64 until)
{
#pragma clang loop unroll(full)
	for (u32 i = 0; i < WAIT_TURNS; i++)
		if (bpf_ktime_get_ns() >= until)
			return 1;
	return 0;
}

/* As long as is due when so much is in the buffer, of which half is free for all. */
__noinline int share_wait(u64 used)
{
	u64 now = bpf_ktime_get_ns(), ns = (used - cfg.buffer / 2) * WAIT_MAX_NS / (cfg.buffer / 8 * 3);
	volatile struct reader *r = reader_get();

	if (!r || (s64)(now - r->time_ns) > WAIT_READER_NS)
		return 0;
	if (ns > WAIT_MAX_NS)
		ns = WAIT_MAX_NS;
	for (u32 i = 0; i < WAIT_TURNS / 2; i++)
		if (share_wait_turns(now + ns))
			break;
	return 0;
}

__noinline int share_take(u32 slot)
{
	struct scratch *s = scratch_get(slot);
	struct share *share;
	struct record *r;
	s64 used, left;
	u32 index;

	if (!s || !has_shares())
		return 1;
	r = (struct record *)s->data;
	share_source(slot);
	index = share_place(slot);
	share = bpf_map_lookup_elem(&shares, &index);
	if (!share)
		return 1;
	used = buffer_used();
	left = (s64)cfg.buffer - used;
	/* First, since others of the source ask at the same time. */
	__sync_fetch_and_add(&share->held, s->len);
	if (share->held > SHARE_OF_FREE * left) {
		__sync_fetch_and_add(&share->held, -(s64)s->len);
		return 0;
	}
	r->share = index + 1;
	if (share->held * WAIT_PART > used && used > cfg.buffer / 2)
		share_wait(used);
	return 1;
}
