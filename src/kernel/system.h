/* SPDX-License-Identifier: GPL-2.0-only */
/* What this machine and this process are allowed and able to do. */
#ifndef EXECFAIL_SYSTEM_H
#define EXECFAIL_SYSTEM_H

#include <stdbool.h>
#include <stdio.h>

bool system_has_btf(void); /* the kernel's own, /sys/kernel/btf/vmlinux */
bool system_has_kprobes(void);
bool system_has_ringbuf(void);

/* Whether pids that this process is told of are those of the kernel's programs. Where /proc does not say: yes. */
bool system_in_first_pid_ns(void);

/* Says in a line each what of /proc makes callers invisible. all: those of the whole machine are to be seen. */
void system_warn_of_proc(bool all);

/* Privileges, BPF and BTF; says in one line what is missing and the way out. btf: a file instead of the kernel's. */
bool system_can_trace(const char *btf);

void system_describe(FILE *to, const char *btf);

#endif
