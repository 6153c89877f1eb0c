// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What is verified once, and whose stack is gone when it returns. */
#include "kernel.bpf.h"

__noinline u64 maple_slot(u64 node, u64 address)
{
	unsigned long pivots[MAPLE_PIVOTS] = {};
	u64 entry = 0, below = ~0UL, slot = 0;
	void **slots;

	/* On its own it is verified even where nobody calls it. */
	if (!mappings_are_in_a_tree())
		return 0;
	slots = maple_read(node, pivots);
	/* Up to the first that is not below it, or is 0: beyond the last. */
	for (u32 i = 0; i < MAPLE_PIVOTS; i++) {
		below &= mask_if_below(pivots[i], address);
		if (i)
			below &= ~mask_if_zero(pivots[i]);
		slot -= below;
	}
	bpf_probe_read_kernel(&entry, sizeof(entry), slots + slot);
	return entry;
}

__noinline u64 mm_loader(u64 address)
{
	struct mm_struct *mm = (struct mm_struct *)address;
	unsigned long words[sizeof(mm->saved_auxv) / sizeof(long)];

	if (BPF_CORE_READ_INTO(&words, mm, saved_auxv))
		return 0;
	for (u32 i = 0; i < sizeof(words) / sizeof(long); i += 2)
		if (words[i] == AT_BASE)
			return words[i + 1];
	return 0;
}
