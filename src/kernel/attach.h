/* SPDX-License-Identifier: GPL-2.0-only */
/* The programs of a family that was loaded: which hang where, and what that leaves undone. For family.c and who asks it. */
#ifndef EXECFAIL_ATTACH_H
#define EXECFAIL_ATTACH_H

#include "kernel/family.h"

/* The program of hooks_table[i], and how it is with the one of that name, NULL: there is none; both are the tracer's. */
struct bpf_program *attach_program(const struct tracer *tracer, size_t i);
struct attachment *attach_of(const struct tracer *tracer, const char *program);

/* Each that was loaded; what became of it is its attachment's state and error. */
void attach_all(struct tracer *tracer);

/* Whether the part of hooks_table[i] is done: by itself, or by another that stands in for it. */
bool attach_covers(const struct tracer *tracer, size_t i);

/* The first that is required and not there, with -errno; NULL when all are. */
const struct hook *attach_missing(const struct tracer *tracer, const struct tracer_config *config, int *error);

/* Lets go of all links; waits for the kernel, once for most of them. */
void attach_let_go(struct attachment *attached);

#endif
