/* SPDX-License-Identifier: GPL-2.0-only */
/* Whose worlds did not answer: for a time they are not looked at, twice as long each time, and the others are. */
#ifndef EXECFAIL_CHARGE_H
#define EXECFAIL_CHARGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct event;

enum {
	CHARGE_OWNERS = 64, /* that are remembered: who was charged last */
	CHARGE_DOUBLINGS = 10,
};

#define CHARGE_NS 1000000000ull /* the first time */

/*
 * After so long without, it begins anew. A worker that hangs can often not be ended while its maker lives, and there is
 * no room for many: so who comes back as soon as it is let is to be let less often each time.
 */
#define CHARGE_FORGIVEN_NS (1200 * CHARGE_NS)

/*
 * In the place of an owner: what is nobody's, as step_file() has it, each time for CHARGE_NS; and everybody's
 * descriptors, among which somebody is looked for.
 */
#define CHARGE_DESCRIPTORS UINT64_MAX

/* All zero to begin with. */
struct charges {
	struct charge {
		uint64_t owner;
		unsigned int times; /* 0: nobody */
		uint64_t until_ns;
	} v[CHARGE_OWNERS];
};

/*
 * Whose world a caller's is. user_ns_owner: RECORD_UNKNOWN where it is in the first user namespace; the numbers that he
 * was given for use in his own are his as well, and all numbers but root's in what the machine's manager keeps for him
 * (user-1000.slice). What root's are is the mount namespace, since what hangs there hangs
 * for all in it; in the machine's own, host_mnt_ns, each pays for itself: nobody has to be protected from root. 0:
 * unknown.
 */
uint64_t charge_owner(const struct event *event, uint32_t host_mnt_ns);

/*
 * Where a caller is, if not where the machine's manager is: the control group that the manager made for it, or its
 * mount namespace. It may have users without number, who are given theirs by its own root. 0: nowhere else.
 */
uint64_t charge_place(const struct event *event, uint32_t host_mnt_ns);

/* For whom time is shared out: that place, or else the user. All of root's are one. */
uint64_t charge_source(const struct event *event, uint32_t host_mnt_ns);

/* now_ns: of any clock that does not go back, the same in all calls. */
void charge_add(struct charges *charges, uint64_t owner, uint64_t now_ns);
/* For what may be another's fault: for CHARGE_NS, and no longer when it comes again. */
void charge_once(struct charges *charges, uint64_t owner, uint64_t now_ns);
bool charge_holds(const struct charges *charges, uint64_t owner, uint64_t now_ns);

/* Those of step_file() that it holds for, as many as there is room for. How many. */
size_t charge_files(const struct charges *charges, uint64_t now_ns, uint64_t *files, size_t room);

#endif
