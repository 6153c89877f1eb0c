// SPDX-License-Identifier: GPL-2.0-only
#include "crew/sleeper.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "look/step.h"

#define TICK_NS (SLEEPER_TICK_MS * 1000000ull)
#define ASLEEP_NS (SLEEPER_ASLEEP_MS * 1000000ull)
#define MOUNTS_NS (SLEEPER_MOUNTS_MS * 1000000ull)
#define ASLEEP_ALL_NS (SLEEPER_ASLEEP_ALL_MS * 1000000ull)
#define RUNNING_NS (SLEEPER_RUNNING_MS * 1000000ull)
#define RUN_AT_ONCE_NS (SLEEPER_RUN_AT_ONCE_MS * 1000000ull)

char sleeper_state(int stat)
{
	char text[512];
	const char *at;
	ssize_t n = stat < 0 ? -1 : pread(stat, text, sizeof(text) - 1, 0);

	if (n <= 0)
		return 0;
	text[n] = '\0';
	at = strrchr(text, ')');
	return at && at[1] == ' ' ? at[2] : 0;
}

/* Its processor time: MAKE_PROCESS_CPUCLOCK() of the kernel, which takes no permission; 0: it cannot be told. */
static uint64_t ran_of(const struct sleeper *sleeper)
{
	struct timespec t;

	if (clock_gettime((clockid_t)(~(unsigned int)sleeper->pid << 3 | 2), &t))
		return 0;
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

void sleeper_begin(struct sleeper *sleeper)
{
	sleeper->began_ns = sleeper->seen_ns = (uint64_t)clock_ns(CLOCK_MONOTONIC);
	sleeper->asleep_ns = sleeper->asleep_all_ns = sleeper->mounts_ns = sleeper->running_ns = 0;
	sleeper->ran = ran_of(sleeper);
}

/*
 * How long it ran since the last time. Of a machine that stands still, as one that is moved elsewhere or whose host has
 * other things to do, the clocks go on.
 */
static uint64_t run_on(struct sleeper *sleeper)
{
	uint64_t ran = ran_of(sleeper), more = ran - sleeper->ran;

	sleeper->ran = ran;
	sleeper->running_ns += more < RUN_AT_ONCE_NS ? more : RUN_AT_ONCE_NS;
	return more;
}

/* Who has run since the last time began another sleep. */
static void count_sleep(struct sleeper *sleeper, uint64_t ran)
{
	if (step_device(sleeper->step) == STEP_MOUNTS) {
		sleeper->mounts_ns += TICK_NS;
		return;
	}
	sleeper->asleep_ns = ran ? 0 : sleeper->asleep_ns + TICK_NS;
	sleeper->asleep_all_ns += TICK_NS;
}

static bool slept_too_long(const struct sleeper *sleeper)
{
	uint64_t times = sleeper->alone ? SLEEPER_ALONE : 1;

	return sleeper->mounts_ns >= MOUNTS_NS || sleeper->asleep_ns >= times * ASLEEP_NS ||
	       sleeper->asleep_all_ns >= times * ASLEEP_ALL_NS;
}

/* What passed since the last time counts as one tick at most: we may have been asleep ourselves. */
bool sleeper_is_silent(struct sleeper *sleeper)
{
	uint64_t now = (uint64_t)clock_ns(CLOCK_MONOTONIC), ran;
	char state;

	if (now - sleeper->seen_ns < TICK_NS)
		return false;
	sleeper->seen_ns = now;
	ran = run_on(sleeper);
	state = sleeper_state(sleeper->stat);
	/* Without /proc there is hardly anything to look at. */
	if (!state)
		return now - sleeper->began_ns >= RUNNING_NS;
	if (state != 'R')
		count_sleep(sleeper, ran);
	else
		sleeper->asleep_ns = 0;
	return slept_too_long(sleeper) || (!sleeper->unhurried && sleeper->running_ns >= RUNNING_NS);
}
