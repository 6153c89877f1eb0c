/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Evidence from inside of an exec, kept per task until its outcome is known. A family's programs only say which kernel
 * function they hang on and hand over what it was called with and what it answered.
 *
 * Kernel pointers cross as numbers: functions that are not static are verified on their own, and until e5069b9c23b3
 * (5.12) they could take nothing else. They must return a number, too: where nothing is said of it, it means nothing.
 */
#ifndef EXECFAIL_ATTEMPT_BPF_H
#define EXECFAIL_ATTEMPT_BPF_H

#include "control.bpf.h"
#include "kernel.bpf.h"
#include "place.bpf.h"
#include "record.h"
#include "walk.bpf.h"

#define CAUSE_MAX 256
#define INTERP_MAX 256 /* a #! line has no more; a longer PT_INTERP is cut */

/* Where a call was told, or was not to be, before its exit. */
enum reported {
	REPORTED_COMMITTED = 1, /* past the point of no return */
	REPORTED_RETURNED, /* at the return of its function, where that is counted as taken */
};

/* Evidence about the exec that a task is in. */
struct attempt {
	u64 bprm;
	u64 name; /* kprobe: the struct filename that do_open_execat() is opening */
	u64 kernel_call[3]; /* kprobe: arguments of kernel_execve() */
	u64 strings; /* past the point of no return: where the new stack holds the arguments */
	struct walk walk; /* for path; where it is now */
	struct record_file file;
	u32 seen; /* enum record_seen */
	u32 argc; /* the caller's */
	u32 envc;
	u32 stack_argc; /* on the new stack */
	u32 place; /* where it is, and its text */
	u32 tid; /* of the caller: an exec by another thread than the leader changes it on the way */
	u32 cause_pid;
	s32 dirfd; /* with call */
	u32 call_flags; /* with call */
	u16 call; /* enum record_call, noted by attempt_note_commit(); 0: it was not */
	u16 step; /* enum record_step */
	u16 level;
	u16 path_flags; /* enum section_flag; of attempt_text.path, and so on */
	u16 given_flags;
	u16 interp_flags;
	u16 path_len; /* bytes: of components with their NULs, of the others without */
	u16 given_len;
	u16 interp_len;
	u8 have_path;
	u8 have_given;
	u8 have_interp;
	u8 have_head;
	u8 have_caller;
	u8 have_counts;
	u8 reported; /* enum reported */
	u8 armed; /* everything was attached when it began */
	u8 dropped; /* it has failed by an error that nobody wants to be told of */
	/* From here on what is there only if something says so: not cleared. */
	char comm[RECORD_COMM];
	char interp[INTERP_MAX];
};

/* The rest of it: nothing here is cleared. */
struct attempt_text {
	char path[RECORD_PATH_MAX + 256]; /* of the file: components */
	char given[RECORD_PATH_MAX]; /* by the caller */
	char head[RECORD_BUF]; /* of the file */
	char cause[CAUSE_MAX]; /* the path of the exec that cause_pid tried */
};

/* By places; max_entries of both: set by user space. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct attempt);
} attempts SEC(".maps") __weak;

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct attempt_text);
} attempt_texts SEC(".maps") __weak;

/* Of the call that a task, the key, comes from: which of the programs at its end have run. See copy_takes(). */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024); /* as many as attempts */
	__type(key, u64);
	__type(value, u16);
} takers SEC(".maps") __weak;

/* The address of the task_struct, which does not change when a thread execs. */
static __always_inline u64 task_key(void)
{
	return bpf_get_current_task();
}

static __always_inline struct attempt *attempt_at(u32 place)
{
	return bpf_map_lookup_elem(&attempts, &place);
}

static __always_inline void attempt_clear(struct attempt *a, u32 place)
{
	__builtin_memset(a, 0, offsetof(struct attempt, comm));
	a->place = place;
	a->armed = control.armed;
}

/*
 * Of the current task. `find`: NULL if there is none; `get`: a new one then, and NULL, counted as lost, where there is
 * no room; `get_wanted` and `new_wanted`, in attempt.bpf.c: NULL, too, where nobody wants to be told of it. `new`: that
 * there is none is known.
 */
static __always_inline struct attempt *attempt_find(void)
{
	return attempt_at(place_find(task_key()));
}

static __always_inline struct attempt *attempt_new(void)
{
	u32 place = place_take(task_key());
	struct attempt *a = attempt_at(place);

	if (a)
		attempt_clear(a, place);
	else
		lost_count(LOST_STATE);
	return a;
}

static __always_inline struct attempt *attempt_get(void)
{
	struct attempt *a = attempt_find();

	return a ?: attempt_new();
}

/* NULL only to the verifier. */
static __always_inline struct attempt_text *attempt_text(struct attempt *a)
{
	return bpf_map_lookup_elem(&attempt_texts, &a->place);
}

/* What do_open_execat() returned, a struct file or ERR_PTR; `name` is its struct filename. Of open_exec(), a string. */
int attempt_opened(u64 name, s64 ret);
int attempt_opened_interp(u64 name_string, s64 ret);
/* The same in two halves, for probes: what it is called with, and what it returns. */
int attempt_opening(u64 name);
int attempt_opening_done(s64 ret);
/* The function behind the system call is entered: a call begins, and no seccomp filter answered in its place. */
int attempt_entered(void);
enum note_of_file {
	FILE_LATER, /* another hook will see it, should the exec fail */
	FILE_FACTS, /* what tells it from others: its path has the new memory (record_exe()) */
	FILE_PATH, /* and its path, as nothing later may see it */
};

/* The credentials hook: the program has been opened. of_file: enum note_of_file. */
int attempt_note_program(u64 bprm, u32 seen, u32 of_file);
/* A handler put an interpreter in the program's place. */
int attempt_note_interp(u64 interp, u64 bprm);
/* begin_new_exec() is entered. with_call: note the system call too, as its exit may not tell any more. */
int attempt_note_commit(u64 bprm, u32 with_call);
/* The bprm of an exec that has failed, by ret, 0: not known here; the second finds it by attempt_note_program(). */
int attempt_note_bprm(u64 bprm, u32 seen, s32 ret);
int attempt_note_known_bprm(u32 seen, s32 ret);
/* A bprm is freed of an exec that succeeded, or failed past the point of no return: the outcome will tell. */
int attempt_note_spent_bprm(u64 bprm);
/* The kernel starts a program itself: its three arguments, all kernel pointers. */
int attempt_note_kernel_call(u64 filename, u64 argv, u64 envp);
/*
 * The current task is given another name: by an exec past its point of no return, of which the caller is noted then, or
 * by itself.
 */
int attempt_note_rename(void);
/* A function of the kernel answered an error. */
int attempt_failed_step(u32 step); /* enum record_step */

/* The exec has come to an end. a: what attempt_find() says. */
static __always_inline void attempt_end(struct attempt *a)
{
	if (a)
		place_leave(a->place);
}

static __always_inline void attempt_forget(void)
{
	attempt_end(attempt_find());
}

/* Copies a kernel string into `to`, an array, and notes so under `name` in the attempt. */
#define attempt_string(a, name, to, from)                                                                              \
	({                                                                                                             \
		long n_ = bpf_probe_read_kernel_str(to, sizeof(to), (const void *)(from));                             \
		(a)->name##_flags = n_ == sizeof(to) ? SECTION_CUT : 0;                                                \
		(a)->name##_len = n_ > 0 ? n_ - 1 : 0;                                                                 \
		(a)->have_##name = n_ > 0;                                                                             \
	})

#endif
