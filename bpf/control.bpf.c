// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "control.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* Not static: libbpf 1.1 on 5.4 cannot make the map of a section that exports nothing. */
const volatile struct config cfg = {};
volatile struct control control = {};

__noinline int lost_count(u32 reason)
{
	u64 *count = bpf_map_lookup_elem(&lost, &reason);

	if (count && control.armed)
		__sync_fetch_and_add(count, 1);
	return 0;
}
