/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the families of probes share. */
#ifndef EXECFAIL_KPROBE_BPF_H
#define EXECFAIL_KPROBE_BPF_H

#include "outcome.bpf.h"

/* kprobe__build */
struct builders kprobe_builders SEC(".maps") __weak;

#endif
