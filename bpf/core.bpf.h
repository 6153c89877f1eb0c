/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the hook families share. A family's programs only say which kernel function they hang on and hand over what it
 * was called with and what it answered:
 *
 *   core_opened(), core_note_*(), core_failed_step()   evidence from inside of an exec, kept per task
 *   core_finish()                                      the outcome: forgets a success, makes a record of a failure
 *
 * Kernel pointers cross as numbers: functions that are not static are verified on their own, and until e5069b9c23b3
 * (5.12) they could take nothing else.
 */
#ifndef EXECFAIL_CORE_BPF_H
#define EXECFAIL_CORE_BPF_H

#include "kernel.bpf.h"
#include "record.h"

/* One variable read may begin anywhere below RECORD_MAX and be this long. */
#define SCRATCH_SLACK (RECORD_STRINGS_MAX + 256)

/* A walk up from a file to the root of its mount namespace. */
struct walk {
	struct dentry *dentry;
	struct mount *mount;
};

/* Where a record is put together; see core.bpf.c for who may use which. */
struct scratch {
	u32 len; /* of what is in data */
	u32 section; /* offset of the section being filled */
	u32 left; /* of RECORD_STRINGS_MAX, while strings are copied */
	u32 limit; /* STRINGS_STACK: how many there are */
	u32 section_flags; /* enum section_flag */
	u64 where; /* the array of pointers */
	u64 stack; /* STRINGS_STACK: where the next string lies */
	struct walk walk;
	char data[RECORD_MAX + SCRATCH_SLACK];
};

/* Evidence about the exec that a task is in; a map's value, keyed by the task's address. */
struct attempt {
	u64 bprm;
	u64 name; /* kprobe: the struct filename that do_open_execat() is opening */
	u64 kernel_call[3]; /* kprobe: arguments of kernel_execve() */
	u64 strings; /* past the point of no return: where the new stack holds the arguments */
	struct walk walk; /* for path */
	struct record_file file;
	u32 seen; /* enum record_seen */
	u32 argc;
	u32 envc;
	u32 tid; /* of the caller: an exec by another thread than the leader changes it on the way */
	u16 step; /* enum record_step */
	u16 level;
	u16 path_flags; /* enum section_flag */
	u16 given_flags; /* enum section_flag */
	u16 interp_flags; /* enum section_flag */
	u16 path_len; /* of components */
	u16 given_len;
	u16 interp_len;
	u8 have_path;
	u8 have_given;
	u8 have_interp;
	u8 have_head;
	u8 have_caller;
	u8 unused[3];
	char comm[RECORD_COMM];
	char head[RECORD_BUF];
	char interp[RECORD_PATH_MAX];
	char given[RECORD_PATH_MAX];
	char path[RECORD_PATH_MAX + 256];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF); /* or a perf event array: set by user space, with cfg.ringbuf */
} events SEC(".maps") __weak;

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1); /* two for each CPU: set by user space */
	__type(key, u32);
	__type(value, struct scratch);
} scratch SEC(".maps") __weak;

/* Thread groups that `execfail -- COMMAND` follows. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1); /* set by user space */
	__type(key, u32);
	__type(value, u8);
} scope SEC(".maps") __weak;

/* How strings are reached from the pointer that core_strings() is given. */
enum string_source {
	STRINGS_USER, /* an array of user pointers */
	STRINGS_COMPAT, /* an array of 32-bit user pointers */
	STRINGS_KERNEL, /* an array of kernel pointers */
	STRINGS_STACK, /* user memory with one string behind the other */
};

/* Returns a struct filename or ERR_PTR from do_open_execat(); `name` is its argument. */
int core_opened(u64 name, s64 ret);
int core_opened_interp(u64 name_string, s64 ret);
/* The same in two halves, for probes: what it is called with, and what it returns. */
int core_opening(u64 name);
int core_opening_done(s64 ret);
/* The credentials hook: the program has been opened. with_path: copy its path too, as nothing later may see it. */
int core_note_program(u64 bprm, u32 seen, u32 with_path);
/* A handler put an interpreter in the program's place. */
int core_note_interp_change(u64 interp, u64 bprm);
/* begin_new_exec() is entered. */
int core_note_commit(u64 bprm);
/* The bprm of an exec that has failed; the second finds it by core_note_program(). */
int core_note_bprm(u64 bprm, u32 seen);
int core_note_known_bprm(u32 seen);
/* A bprm is freed of an exec that succeeded, or failed past the point of no return: the outcome will tell. */
int core_note_spent_bprm(u64 bprm);
/* The kernel starts a program itself: its three arguments, all kernel pointers. */
int core_note_kernel_call(u64 filename, u64 argv, u64 envp);
/* A function of the kernel answered an error. */
int core_failed_step(u32 step);
int core_forget(void);

/* Pieces of core_finish(). */
int core_begin(u32 call, s64 ret, u64 filename);
int core_caller(u32 slot);
int core_strings(u32 slot, u32 kind, u64 where, u32 source);
int core_dirfd(u32 slot, s32 fd, u32 flags);
u64 core_kernel_call(u32 n);
int core_release(u32 slot);
u64 core_stack_strings(void);
int core_lost(u32 reason);

/* Sends the record in the slot; in the program itself since the perf buffer wants its context. */
static __always_inline void core_submit(void *ctx, u32 slot)
{
	struct scratch *s = bpf_map_lookup_elem(&scratch, &slot);
	u64 len;
	long err;

	if (!s)
		return;
	len = s->len;
	asm volatile("" : "+r"(len));
	if (len > RECORD_MAX)
		len = RECORD_MAX;
	if (len < sizeof(struct record))
		return;
	((struct record *)s->data)->len = len;
	if (bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_ringbuf_output) && cfg.ringbuf)
		err = bpf_ringbuf_output(&events, s->data, len, 0);
	else
		err = bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, s->data, len);
	if (err)
		core_lost(LOST_BUFFER);
}

struct exec_call {
	u32 call; /* enum record_call */
	u32 source; /* enum string_source of argv and envp */
	u64 filename;
	u64 argv;
	u64 envp;
	s32 dirfd;
	u32 flags;
};

/*
 * The outcome of an exec is known: forget a success, report a failure. Errors above 511 are the kernel talking to
 * itself (ERESTARTSYS and its kin, when threads race to exec or a signal comes first): no program ever sees them.
 */
static __always_inline void core_finish(void *ctx, long outcome, struct exec_call *c)
{
	s32 ret = outcome;
	u64 stack;
	int slot;

	if (ret >= 0 || ret <= -512) {
		core_forget();
		return;
	}
	slot = core_begin(c->call, ret, c->filename);
	if (slot < 0) {
		core_forget();
		return;
	}
	if (c->call == CALL_EXECVEAT)
		core_dirfd(slot, c->dirfd, c->flags);
	core_caller(slot);
	stack = core_stack_strings();
	if (stack) {
		/* The caller's memory is gone; the new stack holds what the kernel copied from it. */
		c->source = STRINGS_STACK;
		c->argv = stack;
		c->envp = stack;
	}
	core_strings(slot, SECTION_ARGUMENTS, c->argv, c->source);
	if (cfg.environment)
		core_strings(slot, SECTION_ENVIRONMENT, c->envp, c->source);
	core_submit(ctx, slot);
	core_release(slot);
	core_forget();
}

/* The end of what core_note_kernel_call() saw begin. */
static __always_inline void core_finish_kernel_call(void *ctx, long outcome)
{
	struct exec_call c = {.call = CALL_KERNEL, .source = STRINGS_KERNEL};

	c.filename = core_kernel_call(0);
	if (!c.filename)
		return;
	c.argv = core_kernel_call(1);
	c.envp = core_kernel_call(2);
	core_finish(ctx, outcome, &c);
}

static __always_inline void core_finish_syscall(void *ctx, long outcome, u32 call, struct pt_regs *regs, bool compat)
{
	struct call_args a;
	struct exec_call c = {.call = call, .source = compat ? STRINGS_COMPAT : STRINGS_USER};

	if ((s32)outcome >= 0) {
		core_forget();
		return;
	}
	syscall_args(regs, compat, &a);
	if (call == CALL_EXECVEAT) {
		c.dirfd = a.arg[0];
		c.filename = a.arg[1];
		c.argv = a.arg[2];
		c.envp = a.arg[3];
		c.flags = a.arg[4];
	} else {
		c.filename = a.arg[0];
		c.argv = a.arg[1];
		c.envp = a.arg[2];
	}
	core_finish(ctx, outcome, &c);
}

#endif
