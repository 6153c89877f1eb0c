/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The end of a process, with a status that tells of a start that failed without a failing exec: a shell that found no
 * command, a loader that found no library, a service manager that could not prepare what it was to start.
 * acct_collect() is called by every thread that ends, knows the last one, and comes while memory and descriptors are
 * still there; the tracepoint comes after them, and before them since 6.16.
 */
#ifndef EXECFAIL_END_BPF_H
#define EXECFAIL_END_BPF_H

#include "outcome.bpf.h"

#define SIGNAL_GROUP_EXIT 4 /* include/linux/sched/signal.h */

/* What wait(2) gives the parent, of the last thread that ends: do_exit() and wait_task_zombie(). */
static __always_inline u32 end_code(long code)
{
	struct signal_struct *signal = load(current_task(), signal);

	return load(signal, flags) & SIGNAL_GROUP_EXIT ? load(signal, group_exit_code) : code;
}

/* Between fork and exec the children of systemd are called by what they are to become, in parentheses. */
static __always_inline bool is_of_manager(void)
{
	char comm[RECORD_COMM] = {};

	bpf_get_current_comm(comm, sizeof(comm));
	return comm[0] == '(';
}

/* It ends with 1 where it finds no command, and has then waited for no child; where the command ends with 1, it has. */
static __always_inline bool is_of_sudo(void)
{
	char comm[RECORD_COMM] = {};

	bpf_get_current_comm(comm, sizeof(comm));
	return *(u32 *)comm == *(u32 *)"sudo" && !comm[4] && !load(load(current_task(), signal), cmin_flt);
}

/*
 * Of shells and loaders, and of systemd: systemd.exec(5), "Process Exit Codes". A loader whose library lacks a version
 * ends with 1, as half the world does: _dl_check_all_versions().
 */
static __always_inline bool status_is_told(u32 status, bool in_loader)
{
	if (status >= 200 && status <= 245)
		return is_of_manager();
	return status == 126 || status == 127 || (status == 1 && (is_of_sudo() || in_loader));
}

/* Of a group's last thread. True: a slot is taken, and the record is to be built, as in outcome.bpf.h. */
static __always_inline bool end_claim(u32 whole, bool in_loader)
{
	struct exec_call c = { .kind = RECORD_ENDED, .source = STRINGS_USER };

	if (whole & 0xff || !status_is_told(whole >> 8, in_loader) || !is_wanted(EVENT_PROCESS_START_FAILED))
		return false;
	c.ret = whole >> 8;
	if (!control.armed || out_of_scope())
		return false;
	/* It has no errno, which may be what is asked for. */
	if ((sieve.by_errno && !sieve_has_error(&sieve, 0)) || sieve_denies_caller(true)) {
		runs_count(RUNS_FILTERED);
		return false;
	}
	if (slot_take(&c) >= 0)
		return true;
	lost_count(LOST_SCRATCH);
	return false;
}

/* By a function, so that its stack and that of end_in_loader() are not there at once. */
static __noinline int end_claim_called(u32 whole, u32 in_loader)
{
	return end_claim(whole, in_loader);
}

static __always_inline bool end_take(long code)
{
	u32 whole = end_code(code);

	/* As most do. */
	if (!whole)
		return false;
	return end_claim_called(whole, whole == 1 << 8 && end_in_loader());
}

/* Before 5.10 a program with functions calls no other by its tail: of loaders that end with 1 nothing is told there. */
static __always_inline bool end_take_alone(long code)
{
	return end_claim(end_code(code), false);
}

#endif
