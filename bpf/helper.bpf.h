/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Programs that the kernel starts because of an exec: modprobe for a format that nobody knows, and its like. */
#ifndef EXECFAIL_HELPER_BPF_H
#define EXECFAIL_HELPER_BPF_H

#include "kernel.bpf.h"

/* The current task asks for a helper program; and: the current task is to become that helper. info: subprocess_info. */
int helper_wanted(u64 info);
int helper_starts(u64 info);

#endif
