/* SPDX-License-Identifier: GPL-2.0-only */
/* What this machine and this process are allowed and able to do. */
#ifndef EXECFAIL_SYSTEM_H
#define EXECFAIL_SYSTEM_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define KERNEL_BTF "/sys/kernel/btf/vmlinux"

bool system_has_btf(void); /* the kernel's own, and that it can be read */
bool system_has_kprobes(void);
bool system_has_ringbuf(void); /* by making one: needs the privileges for that */

/*
 * Whether the kernel may take the processor from a task that is amid a program of ours, in a trampoline. The second
 * from what it says: how it was built (uname -v), and which of the modes it could run in is the one in parentheses ("":
 * it does not say).
 */
bool system_preempts(void);
bool system_preempts_as(const char *built, const char *modes);

/* Of the kernel, as KERNEL_VERSION() of linux/version.h; 0: unknown. */
unsigned int system_version(void);

/* The pid namespace that this process is in, by its inode. 0: the first, or /proc does not say. */
uint32_t system_pid_ns(void);

/* The mount namespace of the first process that we see, by its inode number; 0: unknown. */
uint32_t system_mnt_ns(void);

/* Not the first: the capabilities that one has there are not the machine's. */
bool system_in_user_ns(void);

/* Warns, in a line, of what of /proc makes callers invisible, if anything. all: the whole machine is watched. */
void system_warn_of_proc(bool all);

/*
 * Privileges, BPF and BTF. btf: a file instead of the kernel's, or NULL. False: one line of the log says what is wrong.
 */
bool system_can_trace(const char *btf);

/* The first lines of --doctor. btf: likewise. */
void system_describe(FILE *to, bool json, const char *btf);

#endif
