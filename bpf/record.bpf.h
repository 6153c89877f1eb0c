/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Records: the scratch slots that they are put together in, their head and their sections. */
#ifndef EXECFAIL_RECORD_BPF_H
#define EXECFAIL_RECORD_BPF_H

#include "attempt.bpf.h"
#include "control.bpf.h"
#include "kernel.bpf.h"
#include "record.h"
#include "walk.bpf.h"

/*
 * Offsets and lengths are bounded by masks, each at least what is allowed: a read may begin at any offset up to
 * RECORD_MASK and be as long as STRINGS_MASK, so a scratch slot has room for both.
 */
#define RECORD_MASK 0xffff
#define STRINGS_MASK 0x7fff

_Static_assert(RECORD_MAX <= RECORD_MASK && RECORD_STRINGS_MAX < STRINGS_MASK, "masks leave room for what they bound");

/* As it was made or, past the point of no return, noted. Addresses are of user space, or of what source says. */
struct exec_call {
	u32 kind; /* enum record_kind */
	u32 call; /* enum record_call */
	u32 source; /* enum string_source of argv and envp */
	u64 filename;
	u64 argv;
	u64 envp;
	s32 dirfd;
	u32 flags;
	u32 seen; /* enum record_seen, besides what the attempt has seen */
	u32 signal; /* instead of an answer */
	s32 ret;
	u32 reported; /* enum reported: the exit of the system call is yet to come, and is not to report it again */
	u32 tid; /* of the caller, where it need not be the current one */
	u64 bprm; /* of what has not failed */
	u32 copy; /* which of the programs took it; 0: there is one only */
};

/* Where a record is put together; see record.bpf.c for who may use which. */
struct scratch {
	u64 task; /* that has taken it */
	u64 takers; /* see is_first() */
	struct exec_call call;
	u32 len; /* of what is in data */
	u32 place; /* of its attempt: see scratch_attempt() */
	u32 section; /* offset of the section being filled */
	u32 left; /* of RECORD_STRINGS_MAX, while strings are copied */
	u32 limit; /* STRINGS_STACK: how many there are */
	u32 next; /* the first string that was not looked at */
	u32 ended; /* the list's end was seen */
	u32 kind; /* enum section_kind of the list */
	u32 measure; /* strings are measured, those without room as well */
	u64 longest; /* where the longest of them lies */
	struct record_longest longest_facts;
	u32 astray; /* STRINGS_STACK: where the next list begins is not known */
	u32 section_flags; /* enum section_flag */
	u32 skip; /* strings that are read but not kept */
	u64 where; /* the array of pointers */
	u64 stack; /* STRINGS_STACK: where the next string lies */
	u64 lowest; /* of the addresses of strings */
	u64 highest;
	u64 addresses; /* all bits of theirs */
	struct walk walk;
	struct kernfs_node *node; /* of a cgroup, while it is climbed up from */
	int level;
	struct share source; /* whom the record is charged to */
	char data[RECORD_MASK + STRINGS_MASK + 64];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1); /* cfg.slots: set by user space */
	__type(key, u32);
	__type(value, struct scratch);
} scratch SEC(".maps") __weak;

#define SLOT_TRIES 8

/* The slots that may be taken on this CPU: its own, then some of those for all. */
static __always_inline u32 slot_candidate(u32 cpu, u32 i)
{
	u32 spares = cfg.slots - cfg.cpus;

	return i ? cfg.cpus + (cpu + i) % spares : cpu;
}

#define SECTION_LAST (RECORD_MAX - (int)sizeof(struct section)) /* the last offset that one may start at */

/* For a slot that slot_take() or slot_taken() returned, NULL only to the verifier. */
static __always_inline struct scratch *scratch_get(u32 slot)
{
	return bpf_map_lookup_elem(&scratch, &slot);
}

/* Of the task whose record it is, from record_head() on; NULL: there is none. */
static __always_inline struct attempt *scratch_attempt(struct scratch *s)
{
	return attempt_at(s->place);
}

/*
 * What is written at s->len is the section, until section_end(); flags: enum section_flag. False: the record is full.
 */
static __always_inline bool section_begin(struct scratch *s, u16 kind)
{
	struct section *sec;
	u64 off = s->len;

	if (off > SECTION_LAST)
		return false;
	bound(off, RECORD_MASK);
	sec = (void *)(s->data + off);
	sec->kind = kind;
	sec->flags = 0;
	sec->len = 0;
	s->section = off;
	s->len = off + sizeof(*sec);
	return true;
}

static __always_inline void section_end(struct scratch *s, u16 flags)
{
	struct section *sec;
	u64 off = s->section, end = s->len;

	bound(off, RECORD_MASK);
	if (end > RECORD_MAX) {
		end = RECORD_MAX;
		s->len = end;
		flags |= SECTION_CUT;
	}
	sec = (void *)(s->data + off);
	sec->flags |= flags;
	sec->len = end - off - sizeof(*sec);
}

/*
 * The CPU's own is OUTCOME_LAST's alone, where there is that: it cannot be preempted, so it always finds that free,
 * however many are preempted amid their records.
 */
static __always_inline bool slot_may_be_taken(const struct exec_call *c, u32 i)
{
	return (cfg.copies != OUTCOME_LAST && !cfg.returns) || (c->copy == OUTCOME_LAST) == !i;
}

/* Negative: all are taken. */
static __always_inline int slot_take(struct exec_call *c)
{
	u32 cpu = bpf_get_smp_processor_id(), slot, i;
	struct scratch *s;

	for (i = 0; i < SLOT_TRIES; i++) {
		slot = slot_candidate(cpu, i);
		s = scratch_get(slot);
		if (!s)
			break;
		if (!slot_may_be_taken(c, i) || !is_first(&s->takers))
			continue;
		s->call = *c;
		s->task = bpf_get_current_task();
		return slot;
	}
	return -1;
}

/* The one that the current task has taken before, on the same CPU. */
static __always_inline int slot_taken(void)
{
	u32 cpu = bpf_get_smp_processor_id(), slot, i;
	struct scratch *s;

	for (i = 0; i < SLOT_TRIES; i++) {
		slot = slot_candidate(cpu, i);
		s = scratch_get(slot);
		if (s && s->task == bpf_get_current_task())
			return slot;
	}
	return -1;
}

static __always_inline void slot_release(u32 slot)
{
	struct scratch *s = scratch_get(slot);

	if (!s)
		return;
	s->task = 0;
	__sync_fetch_and_add(&s->takers, -1);
}

/* A section of n & mask bytes of kernel memory. */
static __always_inline void section_bytes(struct scratch *s, u16 kind, const void *from, u64 n, const u64 mask,
					  u16 flags)
{
	u64 off;

	if (!section_begin(s, kind))
		return;
	off = s->len;
	bound(off, RECORD_MASK);
	bound(n, mask);
	if (!bpf_probe_read_kernel(s->data + off, n, from))
		s->len = off + n;
	section_end(s, flags);
}

/* A section of a string of up to RECORD_PATH_MAX bytes, its NUL, which is not kept, included. */
static __always_inline void section_string(struct scratch *s, u16 kind, const void *from, bool user)
{
	u16 flags = 0;
	u64 off;
	long n;

	if (!section_begin(s, kind))
		return;
	off = s->len;
	bound(off, RECORD_MASK);
	if (user)
		n = bpf_probe_read_user_str(s->data + off, RECORD_PATH_MAX, from);
	else
		n = bpf_probe_read_kernel_str(s->data + off, RECORD_PATH_MAX, from);
	if (n < 0)
		flags = SECTION_UNREADABLE;
	else if (n == RECORD_PATH_MAX)
		flags = SECTION_CUT;
	if (n > 0)
		s->len = off + n - 1;
	section_end(s, flags);
}

/* In memory a pointer loses its type: those that have one may not be handed to a function that is not static. */
static __always_inline void walk_section(struct scratch *s, u32 slot, u32 kind, struct dentry *dentry,
					 struct vfsmount *mnt)
{
	s->walk.dentry = dentry;
	s->walk.start = mnt;
	walk_section_path(slot, kind);
}

static __always_inline void walk_section_file(struct scratch *s, u32 slot, u32 kind, struct file *file)
{
	file = cast(file, CAST_FILE);
	walk_section(s, slot, kind, cast_member(file, f_path.dentry), cast_member(file, f_path.mnt));
}

#define E2BIG 7

/* Pieces of outcome_build(). */
/* Begins the record of the slot's call; record_begin_bprm(): of one that has not failed. */
int record_begin(u32 slot);
int record_begin_bprm(u32 slot);
/* Its file. */
int record_checked(u32 slot);
int record_loader(u32 slot);
/* What is known of the current task. */
int record_caller(u32 slot);
/* Begins the record of a process that ends: what it was and was told. */
int record_begin_end(u32 slot);
/* Whether the program's loader ends the program: what the task was at last is code of that. */
int end_in_loader(void);
/* execveat(): the descriptor and the flags as they were given, and its path. */
int record_dirfd(u32 slot);

#endif
