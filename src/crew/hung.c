// SPDX-License-Identifier: GPL-2.0-only
#include "crew/hung.h"

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
		of_owner += !same ? 0 : worker->file ? 1 : HUNG_OF_PLACE;
		of_place += near;
	}
	return of_owner >= HUNG_OF_PLACE || of_place >= HUNG_OF_PLACE;
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

static bool is_first_of_owner(const struct hung *hung, size_t which)
{
	for (size_t i = 0; i < which; i++)
		if (hung->v[i].device == hung->v[which].device && hung->v[i].owner == hung->v[which].owner)
			return false;
	return true;
}

/* Whether it is not that one file. */
static bool is_all(const struct hung *hung, const struct hung_worker *worker)
{
	size_t owners = 0;

	for (size_t i = 0; worker->file && i < hung->n; i++)
		owners += hung->v[i].device == worker->device && is_first_of_owner(hung, i);
	return !worker->file || owners >= HUNG_OF_PLACE;
}

static bool has(const uint64_t *places, size_t n, uint64_t place)
{
	for (size_t i = 0; i < n; i++)
		if (places[i] == place)
			return true;
	return false;
}

size_t hung_places(struct hung *hung, uint64_t places[STEP_AVOIDED])
{
	size_t n = 0;

	forget_ended(hung);
	for (size_t i = 0; i < hung->n && n < STEP_AVOIDED; i++) {
		const struct hung_worker *worker = &hung->v[i];
		uint64_t place = is_all(hung, worker) ? worker->device : worker->file;

		if (place && !has(places, n, place))
			places[n++] = place;
	}
	return n;
}

void hung_close(struct hung *hung)
{
	while (hung->n)
		close(hung->v[--hung->n].stat);
}
