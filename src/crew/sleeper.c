// SPDX-License-Identifier: GPL-2.0-only
#include "crew/sleeper.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"

#define TICK_NS (SLEEPER_TICK_MS * 1000000ull)
#define ASLEEP_NS (SLEEPER_ASLEEP_MS * 1000000ull)

/* Its state, and its processor time in ticks. False: it cannot be told. */
static bool read_state(const struct sleeper *sleeper, char *state, uint64_t *ran)
{
	unsigned long long user, system;
	char text[512];
	const char *at;
	ssize_t n = sleeper->stat < 0 ? -1 : pread(sleeper->stat, text, sizeof(text) - 1, 0);

	if (n <= 0)
		return false;
	text[n] = '\0';
	at = strrchr(text, ')');
	if (!at || sscanf(at, ") %c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu", state, &user, &system) != 3)
		return false;
	*ran = user + system;
	return true;
}

void sleeper_begin(struct sleeper *sleeper)
{
	char state;

	sleeper->began_ns = sleeper->seen_ns = (uint64_t)clock_ns(CLOCK_MONOTONIC);
	sleeper->asleep_ns = 0;
	sleeper->ran_before = 0;
	read_state(sleeper, &state, &sleeper->ran_before);
}

/* What passed since the last time counts as one tick at most: we may have been asleep ourselves. */
bool sleeper_is_silent(struct sleeper *sleeper)
{
	uint64_t now = (uint64_t)clock_ns(CLOCK_MONOTONIC), ran, second = (uint64_t)sysconf(_SC_CLK_TCK);
	char state;

	if (now - sleeper->seen_ns < TICK_NS)
		return false;
	sleeper->seen_ns = now;
	if (!read_state(sleeper, &state, &ran)) {
		/* Without /proc there is hardly anything to look at. */
		sleeper->asleep_ns += TICK_NS * SLEEPER_ASLEEP_MS / SLEEPER_RUNNING_MS;
		return sleeper->asleep_ns >= ASLEEP_NS;
	}
	if (state != 'R')
		sleeper->asleep_ns += TICK_NS;
	return sleeper->asleep_ns >= ASLEEP_NS || (ran - sleeper->ran_before) * 1000 / second >= SLEEPER_RUNNING_MS;
}
