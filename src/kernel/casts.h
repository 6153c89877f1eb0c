/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Casts: where the programs give types to addresses, and then load what they would have to read. Were libbpf to find
 * the function that does it, it would read all types of the kernel once more.
 */
#ifndef EXECFAIL_CASTS_H
#define EXECFAIL_CASTS_H

#include <stdint.h>

#include "record.h"

struct types;

/*
 * For config.casts, and puts the calls into the programs, before they are opened. All 0: this kernel does not take
 * them.
 */
void casts_resolve(struct types *types, uint32_t casts[CASTS]);

#endif
