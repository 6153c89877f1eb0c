/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What user space and the programs tell each other besides records: how to run, and what was lost. */
#ifndef EXECFAIL_CONTROL_BPF_H
#define EXECFAIL_CONTROL_BPF_H

#include "kernel.bpf.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, LOST_REASONS);
	__type(key, u32);
	__type(value, u64);
} lost SEC(".maps") __weak;

int lost_count(u32 reason); /* enum lost_reason */

#endif
