// SPDX-License-Identifier: GPL-2.0-only
#include "base/clock.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
	TRIPLES = 8,
	TIGHT_NS = 1000, /* better is not looked for */
};

int64_t clock_offset(int64_t (*read)(clockid_t), clockid_t clock, clockid_t minus)
{
	int64_t before, between, took, tightest = INT64_MAX, offset = 0;

	for (int i = 0; i < TRIPLES && tightest > TIGHT_NS; i++) {
		before = read(minus);
		between = read(clock);
		took = read(minus) - before;
		if (took >= tightest)
			continue;
		tightest = took;
		offset = between - before;
	}
	return offset;
}

int64_t clock_ahead(const char *text, const char *name)
{
	long long sec, nsec;
	char clock[32];
	int n = 0;

	for (; sscanf(text, "%31s %lld %lld %n", clock, &sec, &nsec, &n) == 3; text += n)
		if (!strcmp(clock, name))
			return sec * 1000000000 + nsec;
	return 0;
}

/* The offsets that /proc shows are those of the namespace that children will be in. */
static bool is_namespace_of_children(void)
{
	char own[64] = "", children[64] = "";

	return readlink("/proc/self/ns/time", own, sizeof(own) - 1) > 0 &&
	       readlink("/proc/self/ns/time_for_children", children, sizeof(children) - 1) > 0 &&
	       !strcmp(own, children);
}

static int64_t own_ahead(void)
{
	FILE *f = is_namespace_of_children() ? fopen("/proc/self/timens_offsets", "re") : NULL;
	char text[256];
	size_t n;

	if (!f)
		return 0;
	n = fread(text, 1, sizeof(text) - 1, f);
	fclose(f);
	text[n] = '\0';
	/* By its number in 5.6. */
	return clock_ahead(text, "monotonic") ?: clock_ahead(text, "1");
}

/* A namespace's offsets are fixed once there is a process in it. */
static int64_t ahead(void)
{
	static int64_t known;
	static bool asked;

	if (!asked) {
		known = own_ahead();
		asked = true;
	}
	return known;
}

int64_t clock_kernel_ns(void)
{
	return clock_ns(CLOCK_MONOTONIC) - ahead();
}

int64_t clock_kernel_offset(clockid_t clock)
{
	return clock_offset(clock_ns, clock, CLOCK_MONOTONIC) + ahead();
}
