// SPDX-License-Identifier: GPL-2.0-only
#include "crew/hung.h"

#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "crew/sleeper.h"

void hung_add(struct hung *hung, int stat, uint64_t device)
{
	if (device && stat >= 0 && hung->n < STARTER_WORKERS)
		hung->v[hung->n++] = (struct hung_worker){ stat, device };
	else if (stat >= 0)
		close(stat);
}

static bool hangs(const struct hung_worker *worker)
{
	char state = sleeper_state(worker->stat);

	return state && state != 'Z' && state != 'X';
}

static void forget_ended(struct hung *hung)
{
	for (size_t i = 0; i < hung->n;) {
		if (hangs(&hung->v[i])) {
			i++;
			continue;
		}
		close(hung->v[i].stat);
		hung->v[i] = hung->v[--hung->n];
	}
}

static bool has(const uint64_t *devices, size_t n, uint64_t device)
{
	for (size_t i = 0; i < n; i++)
		if (devices[i] == device)
			return true;
	return false;
}

void hung_devices(struct hung *hung, uint64_t devices[STEP_AVOIDED])
{
	size_t n = 0;

	memset(devices, 0, STEP_AVOIDED * sizeof(*devices));
	forget_ended(hung);
	for (size_t i = 0; i < hung->n && n < STEP_AVOIDED; i++)
		if (!has(devices, n, hung->v[i].device))
			devices[n++] = hung->v[i].device;
}

void hung_close(struct hung *hung)
{
	while (hung->n)
		close(hung->v[--hung->n].stat);
}
