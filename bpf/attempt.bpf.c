// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "attempt.bpf.h"

#include "sieve.bpf.h"

/*
 * A program that starts may make another of its caller, by its name or its rights. So this is not asked where such are
 * told of, nor near the point of no return, behind which an exec may fail.
 */
static __always_inline bool callers_are_chosen(void)
{
	const u32 failures = 1 << EVENT_PROCESS_EXECUTE_FAILED | 1 << EVENT_PROCESS_START_FAILED;

	return !(cfg.events & ~failures) && (cfg.scoped || sieve.n_numbers || sieve.n_comms || sieve.n_paths);
}

/* Whatever the current task is answered. */
__noinline int attempt_is_unwanted(void)
{
	return callers_are_chosen() && (out_of_scope() || sieve_denies_caller(true));
}

static __always_inline struct attempt *attempt_new_wanted(void)
{
	if (callers_are_chosen() && attempt_is_unwanted())
		return NULL;
	return attempt_new();
}

static __always_inline struct attempt *attempt_get_wanted(void)
{
	struct attempt *a = attempt_find();

	return a ?: attempt_new_wanted();
}

static __always_inline void attempt_file(struct attempt *a, struct linux_binprm *bprm, bool with_path)
{
	struct file *file = member_as(bprm, CAST_BPRM, file);

	if (!file)
		return;
	a->seen |= SEEN_FILE;
	file = cast(file, CAST_FILE);
	file_facts(cast_member(file, f_inode), false, &a->file);
	if (!with_path)
		return;
	a->walk.dentry = cast_member(file, f_path.dentry);
	a->walk.start = cast_member(file, f_path.mnt);
	walk_attempt_path(0);
}

static __always_inline void note_caller(struct attempt *a)
{
	if (a->have_caller)
		return;
	a->have_caller = 1;
	a->tid = bpf_get_current_pid_tgid();
	/* Padded: filters and counts compare all of it. */
	bpf_get_current_comm(a->comm, sizeof(a->comm));
}

/* Before 5.9 an error is noted there, too. */
static __always_inline u32 bprm_count(s32 count)
{
	return count < 0 ? RECORD_UNKNOWN : count;
}

/* Only of a program: where an interpreter has taken its place, there are more arguments than the caller gave. */
static __always_inline void note_counts(struct attempt *a, struct linux_binprm *bprm)
{
	bprm = cast(bprm, CAST_BPRM);
	if (a->have_counts || cast_member(bprm, interp) != cast_member(bprm, filename))
		return;
	a->have_counts = 1;
	a->argc = bprm_count(cast_member(bprm, argc));
	a->envc = bprm_count(cast_member(bprm, envc));
}

/* Which system call it is: see call_as_noted(). */
static __always_inline void note_call(struct attempt *a)
{
	struct pt_regs *regs = current_user_regs();
	bool compat = in_compat_syscall();
	struct call_args args;

	a->call = call_of_syscall(regs_syscall(regs), compat);
	if (!a->call)
		return;
	syscall_args(regs, compat, &args);
	a->seen |= compat ? SEEN_COMPAT : 0;
	a->dirfd = args.arg[0];
	a->call_flags = args.arg[4];
}

static __always_inline bool is_err(s64 ret)
{
	return (u64)ret >= (u64)-MAX_ERRNO;
}

/* ret: what the call will be answered, too. */
static __always_inline bool is_dropped(struct attempt *a, s32 ret)
{
	if (sieve_denies_answer(ret))
		a->dropped = 1;
	return a->dropped;
}

/* The path as the caller gave it. */
static __always_inline void note_given_string(struct attempt *a, const char *string)
{
	struct attempt_text *text = attempt_text(a);

	if (text)
		attempt_string(a, given, text->given, string);
}

/* The kernel opens the program first; whatever it opens after the program is an interpreter. */
__noinline int attempt_opened(u64 name, s64 ret)
{
	struct attempt *a = attempt_find();
	bool interp = a && (a->seen & SEEN_FILE);
	const char *string;

	if (!interp && !is_err(ret)) {
		if (a)
			a->seen |= SEEN_FILE;
		return 0;
	}
	if (!a)
		a = attempt_new_wanted();
	if (!a || (!interp && is_dropped(a, ret)))
		return 0;
	/* Since 7.x a name that could not be read comes this far. */
	if (is_err(name))
		return 0;
	string = member_as((struct filename *)name, CAST_FILENAME, name);
	if (interp)
		attempt_string(a, interp, a->interp, string);
	else
		note_given_string(a, string);
	if (is_err(ret))
		a->step = interp ? STEP_OPEN_INTERPRETER : STEP_OPEN_PROGRAM;
	else
		a->seen |= SEEN_INTERP_OPEN;
	return 0;
}

__noinline int attempt_opening(u64 name)
{
	struct attempt *a = attempt_get_wanted();

	if (a)
		a->name = name;
	return 0;
}

__noinline int attempt_opening_done(s64 ret)
{
	struct attempt *a = attempt_find();

	if (a && a->name)
		attempt_opened(a->name, ret);
	return 0;
}

__noinline int attempt_opened_interp(u64 name_string, s64 ret)
{
	struct attempt *a = attempt_get_wanted();

	if (!a)
		return 0;
	attempt_string(a, interp, a->interp, name_string);
	if (is_err(ret))
		a->step = STEP_OPEN_INTERPRETER;
	else
		a->seen |= SEEN_INTERP_OPEN;
	return 0;
}

__noinline int attempt_entered(void)
{
	/* Of an exec whose end no hook saw something may be left. */
	struct attempt *a = attempt_find();

	if (callers_are_chosen() && attempt_is_unwanted()) {
		attempt_end(a);
		return 0;
	}
	if (a)
		attempt_clear(a, a->place);
	else
		a = attempt_new();
	if (a)
		a->seen |= SEEN_ENTERED;
	return 0;
}

static __always_inline void note_given(struct attempt *a, struct linux_binprm *bprm)
{
	note_given_string(a, member_as(bprm, CAST_BPRM, filename));
	if (bprm_has_fdpath(bprm))
		a->given_flags |= SECTION_FDPATH;
}

__noinline int attempt_note_program(u64 address, u32 seen, u32 of_file)
{
	struct linux_binprm *bprm = (struct linux_binprm *)address;
	struct attempt *a = attempt_find();
	const char *interp;

	/* Left over from an exec whose end no hook saw. */
	if (a && a->bprm && a->bprm != address)
		attempt_clear(a, a->place);
	if (!a)
		a = seen & SEEN_COMMIT ? attempt_new() : attempt_new_wanted();
	if (!a)
		return 0;
	a->seen |= seen | SEEN_FILE | SEEN_BPRM;
	if (a->bprm == address)
		return 0;
	a->bprm = address;
	bprm = cast(bprm, CAST_BPRM);
	note_caller(a);
	/* Soon the caller's memory will be gone. */
	if (seen & SEEN_COMMIT) {
		note_given(a, bprm);
		note_call(a);
		a->stack_argc = cast_member(bprm, argc);
	}
	interp = cast_member(bprm, interp);
	if (interp != cast_member(bprm, filename)) {
		/* Too late: a handler has put an interpreter in the program's place, and changed the arguments. */
		a->seen |= SEEN_SCRIPT;
		a->level = 1;
		attempt_string(a, interp, a->interp, interp);
		return 0;
	}
	note_counts(a, bprm);
	if (of_file != FILE_LATER)
		attempt_file(a, bprm, of_file == FILE_PATH);
	return 0;
}

__noinline int attempt_note_interp(u64 interp, u64 bprm)
{
	struct attempt *a = attempt_get_wanted();

	if (!a)
		return 0;
	if (!a->have_path)
		attempt_file(a, (struct linux_binprm *)bprm, true);
	a->seen |= SEEN_SCRIPT | SEEN_FILE;
	/* What was opened for the round before does not speak for this one. */
	a->seen &= ~SEEN_INTERP_OPEN;
	a->level++;
	attempt_string(a, interp, a->interp, interp);
	return 0;
}

__noinline int attempt_note_commit(u64 bprm, u32 with_call)
{
	struct attempt *a = attempt_get();

	if (!a)
		return 0;
	note_caller(a);
	a->seen |= SEEN_COMMIT;
	if (with_call)
		note_call(a);
	if (!a->have_path)
		a->bprm = bprm;
	return 0;
}

static __always_inline void note_head(struct attempt *a, struct linux_binprm *bprm)
{
	struct attempt_text *text = attempt_text(a);

	if (!text)
		return;
	bpf_probe_read_kernel(text->head, sizeof(text->head), bprm->buf);
	a->have_head = 1;
}

static __always_inline void note_stack(struct attempt *a, struct linux_binprm *bprm)
{
	a->strings = member_as(bprm, CAST_BPRM, p);
	a->stack_argc = member_as(bprm, CAST_BPRM, argc);
}

__noinline int attempt_note_bprm(u64 address, u32 seen, s32 ret)
{
	struct linux_binprm *bprm = (struct linux_binprm *)address;
	struct attempt *a = attempt_get_wanted();
	const char *filename, *interp;

	if (!a)
		return 0;
	a->seen |= seen | SEEN_BPRM;
	if (a->have_head || is_dropped(a, ret))
		return 0;
	filename = member_as(bprm, CAST_BPRM, filename);
	interp = member_as(bprm, CAST_BPRM, interp);
	/* bprm->file is the program's only while no interpreter has taken its place. */
	if (!a->have_path && filename == interp)
		attempt_file(a, bprm, true);
	note_given(a, bprm);
	if (interp != filename && !a->have_interp)
		attempt_string(a, interp, a->interp, interp);
	note_head(a, bprm);
	note_counts(a, bprm);
	if (bprm_no_return(bprm)) {
		a->seen |= SEEN_NO_RETURN;
		note_stack(a, bprm);
	}
	return 0;
}

__noinline int attempt_note_known_bprm(u32 seen, s32 ret)
{
	struct attempt *a = attempt_find();

	if (a && a->bprm)
		attempt_note_bprm(a->bprm, seen, ret);
	return 0;
}

__noinline int attempt_note_spent_bprm(u64 address)
{
	struct linux_binprm *bprm = (struct linux_binprm *)address;
	struct attempt *a = attempt_find();

	if (!a || !(a->seen & SEEN_COMMIT))
		return 0;
	note_given(a, bprm);
	if (!a->have_head)
		note_head(a, bprm);
	note_counts(a, bprm);
	note_stack(a, bprm);
	return 0;
}

__noinline int attempt_note_kernel_call(u64 filename, u64 argv, u64 envp)
{
	struct attempt *a = attempt_get();

	if (!a)
		return 0;
	a->seen |= SEEN_ENTERED;
	a->kernel_call[0] = filename;
	a->kernel_call[1] = argv;
	a->kernel_call[2] = envp;
	return 0;
}

/*
 * The registers are the old program's yet, also the number of the call: that is written over later
 * (set_personality_64bit()). What the kernel starts made none; no system call that renames has the number 0 either.
 */
__noinline int attempt_note_rename(void)
{
	struct pt_regs *regs = current_user_regs();
	s32 nr = regs_syscall(regs);
	struct attempt *a;

	if (nr > 0 && !call_of_syscall(nr, in_compat_syscall()))
		return 0;
	a = attempt_get();
	if (!a)
		return 0;
	note_caller(a);
	note_call(a);
	return 0;
}

__noinline int attempt_failed_step(u32 step)
{
	struct attempt *a = attempt_get_wanted();

	if (a)
		a->step = step;
	return 0;
}
