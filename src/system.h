/* SPDX-License-Identifier: GPL-2.0-only */
/* What this machine and this process are allowed and able to do. */
#ifndef EXECFAIL_SYSTEM_H
#define EXECFAIL_SYSTEM_H

#include <stdbool.h>
#include <stdio.h>

bool system_has_btf(void); /* the kernel's own, /sys/kernel/btf/vmlinux */
bool system_has_kprobes(void);
bool system_has_ringbuf(void);

/* Privileges, BPF and BTF; says in one line what is missing and the way out. btf: a file instead of the kernel's. */
bool system_can_trace(const char *btf);

void system_describe(FILE *to, const char *btf);

#endif
