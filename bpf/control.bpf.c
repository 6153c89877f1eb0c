// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "control.bpf.h"

#include "sieve.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* Not static: libbpf 1.1 on 5.4 cannot make the map of a section that exports nothing. */
const volatile struct config cfg = {};
const volatile struct sieve sieve = {};
/* The only one that is written to: tracer_arm() writes over all of them at once. */
volatile struct control control = {};
