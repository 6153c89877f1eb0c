/* SPDX-License-Identifier: GPL-2.0-only */
/* The levels of x86-64 that a processor has, as glibc asks for them. */
#ifndef EXECFAIL_CPU_H
#define EXECFAIL_CPU_H

#include <stdint.h>

#include "base/bytes.h"

/* Bits of GNU_PROPERTY_X86_ISA_1_NEEDED. */
enum {
	CPU_BASELINE = 1 << 0,
	CPU_V2 = 1 << 1,
	CPU_V3 = 1 << 2,
	CPU_V4 = 1 << 3,
	CPU_INTEL = 1 << 30, /* none of those: who made it */
};

/* By the text of /proc/cpuinfo, of x86; 0: it is of another processor, or says nothing. */
uint32_t cpu_levels(struct bytes cpuinfo);

/* "x86-64-v3", the highest of them; static. */
const char *cpu_level_name(uint32_t levels);

#endif
