/* SPDX-License-Identifier: GPL-2.0-only */
/* Whose worlds did not answer: for a time they are not looked at, twice as long each time, and the others are. */
#ifndef EXECFAIL_CHARGE_H
#define EXECFAIL_CHARGE_H

#include <stdbool.h>
#include <stdint.h>

enum {
	CHARGE_OWNERS = 64, /* that are remembered: who was charged last */
	CHARGE_DOUBLINGS = 10,
};

#define CHARGE_NS 1000000000ull /* the first time */

/* All zero to begin with. */
struct charges {
	struct charge {
		uint64_t owner;
		unsigned int times; /* 0: nobody */
		uint64_t until_ns;
	} v[CHARGE_OWNERS];
};

/* now_ns: of any clock that does not go back, the same in all calls. */
void charge_add(struct charges *charges, uint64_t owner, uint64_t now_ns);
bool charge_holds(const struct charges *charges, uint64_t owner, uint64_t now_ns);

#endif
