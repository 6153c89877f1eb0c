/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where a library is that no loader looks for there, or whose it would be: by ld.so.conf, by the places that people put
 * them to, and by what the local package manager knows. Strings live in the view's arena.
 */
#ifndef EXECFAIL_ELSEWHERE_H
#define EXECFAIL_ELSEWHERE_H

#include "look/look.h"

enum elsewhere_manager {
	MANAGER_NONE,
	MANAGER_DPKG,
	MANAGER_RPM,
	MANAGER_APK,
	MANAGER_PACMAN,
};

struct elsewhere {
	struct bytes
		configured; /* there is one in a directory of ld.so.conf, so that ldconfig was not run; p NULL: none */
	struct bytes beside; /* one in the program's directory, or in lib beside that; p NULL: none */
	struct bytes packaged; /* where an installed package has it */
	bool packaged_there; /* and it is there */
	struct bytes package; /* that one or, without packaged, one that could be installed; p NULL: not known */
	enum elsewhere_manager manager;
};

/* program: a path with no links in it. Of who looks at itself more is asked, since that takes its time. */
void elsewhere_find(const struct look_how *how, const struct caller *caller, struct bytes program, struct bytes name,
		    struct elsewhere *found);

/* "libssl1.1" of "libssl.so.1.1", as Debian names packages; "" where it says nothing. Pure. */
const char *elsewhere_debian_name(struct arena *arena, struct bytes library);

#endif
