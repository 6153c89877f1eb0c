// SPDX-License-Identifier: GPL-2.0-only
#include "crew/hung.h"

#include <string.h>
#include <unistd.h>

#include "crew/sleeper.h"

void hung_add(struct hung *hung, struct hung_worker worker)
{
	if (worker.stat >= 0 && hung->n < STARTER_WORKERS)
		hung->v[hung->n++] = worker;
	else if (worker.stat >= 0)
		close(worker.stat);
}

static bool hangs(const struct hung_worker *worker)
{
	char state = sleeper_state(worker->stat);

	return state && state != 'Z' && state != 'X';
}

bool hung_holds(const struct hung *hung, uint64_t owner, uint64_t place)
{
	size_t of_owner = 0, of_place = 0;

	for (size_t i = 0; i < hung->n; i++) {
		const struct hung_worker *worker = &hung->v[i];
		bool same = owner && worker->owner == owner, near = place && worker->place == place;

		if ((!same && !near) || !hangs(worker))
			continue;
		of_owner += same;
		of_place += near;
	}
	return of_owner || of_place >= HUNG_OF_PLACE;
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
		if (hung->v[i].device && !has(devices, n, hung->v[i].device))
			devices[n++] = hung->v[i].device;
}

void hung_close(struct hung *hung)
{
	while (hung->n)
		close(hung->v[--hung->n].stat);
}
