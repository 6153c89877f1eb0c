// SPDX-License-Identifier: GPL-2.0-only
#include "crew/charge.h"

#include <stddef.h>
#include <string.h>

#include "base/bytes.h"
#include "event/event.h"
#include "look/step.h"
#include "record.h"

/* Numbers of users, processes and namespaces are different things. */
enum {
	OF_USER,
	OF_PROCESS,
	OF_NAMESPACE,
};

/* Of "/user.slice/user-1000.slice/..." whose session it is; 0: root's, or nobody's. */
static uint32_t session_of(struct bytes cgroup)
{
	static const char users[] = "/user.slice/user-";
	struct bytes rest = bytes_begins(cgroup, users) ? bytes_after(cgroup, strlen(users)) : (struct bytes){};
	struct bytes number = bytes_cut(&rest, '.');
	uint32_t user = 0;

	for (size_t i = 0; i < number.n; i++) {
		if (number.p[i] < '0' || number.p[i] > '9' || user > UINT32_MAX / 10)
			return 0;
		user = user * 10 + (uint32_t)(number.p[i] - '0');
	}
	return bytes_is(bytes_cut(&rest, '/'), "slice") ? user : 0;
}

/* Whoever goes so deep that the kernel's programs do not see below whom. */
static bool is_deep(const struct event *event)
{
	return event->cut & 1u << PART_CGROUP && event->cgroup.n <= 1;
}

/* As in bpf/share.bpf.c, but that root is no other user's. */
static uint32_t user_of(const struct event *event)
{
	if (event->user_ns_owner != RECORD_UNKNOWN && event->user_ns_owner)
		return event->user_ns_owner;
	if (!event->uid)
		return 0;
	return is_deep(event) ? RECORD_UNKNOWN : session_of(event->cgroup) ?: event->uid;
}

uint64_t charge_owner(const struct event *event, uint32_t host_mnt_ns)
{
	uint32_t user = user_of(event);

	if (user)
		return (uint64_t)OF_USER << 32 | user;
	if (event->mnt_ns && host_mnt_ns && event->mnt_ns != host_mnt_ns)
		return (uint64_t)OF_NAMESPACE << 32 | event->mnt_ns;
	return (uint64_t)OF_PROCESS << 32 | event->pid;
}

/* Of "/system.slice/docker-X.scope/init" all but the end, as in bpf/share.bpf.c: what lies in it may be anybody's. */
static struct bytes managed_part(struct bytes cgroup)
{
	size_t slashes = bytes_begins(cgroup, "/kubepods") ? 4 : 3;

	for (size_t i = 0; i < cgroup.n; i++)
		if (cgroup.p[i] == '/' && !--slashes)
			return bytes_first(cgroup, i);
	return cgroup;
}

uint64_t charge_place(const struct event *event, uint32_t host_mnt_ns)
{
	if (!event->mnt_ns || !host_mnt_ns || event->mnt_ns == host_mnt_ns)
		return 0;
	return event->cgroup.n > 1 ? bytes_hash(managed_part(event->cgroup)) : event->mnt_ns;
}

uint64_t charge_source(const struct event *event, uint32_t host_mnt_ns)
{
	uint32_t user = user_of(event);
	uint64_t place = event->user_ns_owner == user ? 0 : charge_place(event, host_mnt_ns);

	return place ?: user;
}

static uint64_t duration(const struct charge *charge)
{
	unsigned int doublings = step_is_file(charge->owner) ? 0 : charge->times - 1;

	return CHARGE_NS << (doublings < CHARGE_DOUBLINGS ? doublings : CHARGE_DOUBLINGS);
}

/* The owner's own, or else that which has been over for longest. */
static struct charge *place_of(struct charges *charges, uint64_t owner)
{
	struct charge *oldest = &charges->v[0];

	for (size_t i = 0; i < CHARGE_OWNERS; i++) {
		struct charge *charge = &charges->v[i];

		if (charge->times && charge->owner == owner)
			return charge;
		if (charge->until_ns < oldest->until_ns)
			oldest = charge;
	}
	*oldest = (struct charge){ .owner = owner };
	return oldest;
}

void charge_add(struct charges *charges, uint64_t owner, uint64_t now_ns)
{
	struct charge *charge = place_of(charges, owner);

	if (charge->times && now_ns > charge->until_ns + CHARGE_FORGIVEN_NS)
		charge->times = 0;
	charge->times++;
	charge->until_ns = now_ns + duration(charge);
}

/* What he is charged with beside that stays. */
void charge_once(struct charges *charges, uint64_t owner, uint64_t now_ns)
{
	struct charge *charge = place_of(charges, owner);

	charge->times += !charge->times;
	if (charge->until_ns < now_ns + CHARGE_NS)
		charge->until_ns = now_ns + CHARGE_NS;
}

bool charge_holds(const struct charges *charges, uint64_t owner, uint64_t now_ns)
{
	for (size_t i = 0; i < CHARGE_OWNERS; i++)
		if (charges->v[i].times && charges->v[i].owner == owner)
			return now_ns < charges->v[i].until_ns;
	return false;
}

size_t charge_files(const struct charges *charges, uint64_t now_ns, uint64_t *files, size_t room)
{
	size_t n = 0;

	for (size_t i = 0; i < CHARGE_OWNERS && n < room; i++) {
		const struct charge *charge = &charges->v[i];

		if (charge->times && step_is_file(charge->owner) && now_ns < charge->until_ns)
			files[n++] = charge->owner;
	}
	return n;
}
