/* SPDX-License-Identifier: GPL-2.0-only */
/* Every program of the BPF object: which families it is for, and what is unseen without it. */
#ifndef EXECFAIL_HOOKS_H
#define EXECFAIL_HOOKS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

enum hooks {
	HOOKS_AUTO,
	HOOKS_FENTRY,
	HOOKS_KPROBE,
	HOOKS_LEGACY,
	HOOKS_TRACEPOINT,
};

/* As the command line has them, by enum hooks; ends with a NULL. */
extern const char *const hooks_names[];

enum hook_flag {
	HOOK_REQUIRED = 1 << 0, /* the family is nothing without it */
	HOOK_AUTO = 1 << 1, /* --hooks=auto goes on to the next family where it is missing */
	HOOK_STAGE = 1 << 2, /* the stage of a failure cannot be told without it */
	HOOK_OUTCOME = 1 << 3, /* makes records */
	HOOK_SCOPE = 1 << 4, /* only for execfail -- COMMAND, and -p */
	HOOK_ENTRY = 1 << 5, /* without it an answer of a seccomp filter cannot be told from one of the exec */
	HOOK_SANDBOX = 1 << 6, /* runs at each system call of tasks with a seccomp filter; --no-seccomp leaves it out */
	HOOK_BUILDER =
		1
		<< 7, /* makes records for others, which find it in FAMILY_builders, as FAMILY__build; not attached itself */
	HOOK_SEARCH = 1 << 8, /* only where searches through PATH are folded */
	HOOK_COPY =
		1 << 9, /* times n: the n-th of the programs at one place, of which the first that runs takes the call */
};

enum hook_state {
	HOOK_NOT_WANTED, /* of another family, or for what was not asked for */
	HOOK_MISSING, /* the kernel does not have the function */
	HOOK_SPARED, /* a better one is there */
	HOOK_FAILED,
	HOOK_LOADED,
	HOOK_ATTACHED,
};

struct hook {
	const char *program; /* <family>__<function>, as in bpf/ */
	unsigned int families; /* 1 << enum hooks */
	unsigned int events; /* that need it: 1 << enum event_type */
	unsigned int flags; /* enum hook_flag */
	const char *gives; /* what is unseen without it */
	const char *instead_of; /* a program, listed before, that does this better where it can be attached */
};

/* From 1 on, see HOOK_COPY; 0: there are no copies of it. */
static inline unsigned int hook_copy(const struct hook *hook)
{
	return hook->flags / HOOK_COPY;
}

/* In the order in which they are attached. Static, like all that it points to. */
extern const struct hook hooks_table[];
extern const size_t hooks_count;

/* The kernel function or tracepoint of a section name: what is behind its last slash, inside of it. */
const char *hook_function(const char *section);

/* For --doctor; static, as the next. */
const char *hook_state_name(enum hook_state state);

/* The events that a family can see: 1 << enum event_type. */
unsigned int hooks_family_events(enum hooks family);

/* The one that some cannot, and why. */
extern const char hooks_family_unseen_event[];

/*
 * What a family cannot see on such a kernel (system_version()) however well it attaches; seccomp: HOOK_SANDBOX is not
 * left out. "nothing": all is seen.
 */
void hooks_family_unseen(enum hooks family, bool seccomp, unsigned int version, struct buffer *out);

#endif
