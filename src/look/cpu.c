// SPDX-License-Identifier: GPL-2.0-only
#include "look/cpu.h"

#include <string.h>

/* By the x86-64 psABI, under the names that the kernel has for them; pni is SSE3, abm LZCNT. */
static const struct {
	uint32_t level;
	const char *name;
	const char *flags;
} levels[] = {
	{ CPU_BASELINE, "x86-64", "cmov cx8 fpu fxsr mmx sse sse2" },
	{ CPU_V2, "x86-64-v2", "cx16 lahf_lm popcnt pni sse4_1 sse4_2 ssse3" },
	{ CPU_V3, "x86-64-v3", "avx avx2 bmi1 bmi2 f16c fma abm movbe xsave" },
	{ CPU_V4, "x86-64-v4", "avx512f avx512bw avx512cd avx512dq avx512vl" },
};

static bool has_word(struct bytes words, struct bytes word)
{
	while (words.n)
		if (bytes_same(bytes_cut(&words, ' '), word))
			return true;
	return false;
}

static bool has_all(struct bytes words, struct bytes wanted)
{
	while (wanted.n)
		if (!has_word(words, bytes_cut(&wanted, ' ')))
			return false;
	return true;
}

/* Of the first processor: they are all alike. */
static struct bytes line_of(struct bytes cpuinfo, const char *name)
{
	struct bytes line;

	while (cpuinfo.n) {
		line = bytes_cut(&cpuinfo, '\n');
		if (bytes_begins(line, name))
			return bytes_after(line, bytes_find(line, ':') + 1);
	}
	return (struct bytes){};
}

uint32_t cpu_levels(struct bytes cpuinfo)
{
	struct bytes flags = line_of(cpuinfo, "flags");
	uint32_t found = has_word(line_of(cpuinfo, "vendor_id"), bytes_of("GenuineIntel")) ? CPU_INTEL : 0;

	for (size_t i = 0; flags.p && i < sizeof(levels) / sizeof(levels[0]); i++) {
		if (!has_all(flags, bytes_of(levels[i].flags)))
			break;
		found |= levels[i].level;
	}
	return found;
}

const char *cpu_level_name(uint32_t wanted)
{
	size_t i = sizeof(levels) / sizeof(levels[0]);

	while (i-- > 1)
		if (wanted & levels[i].level)
			break;
	return levels[i].name;
}
