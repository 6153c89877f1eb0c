/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether a program that could be opened and is understood could also take the caller's place: what begin_new_exec()
 * (fs/exec.c) and the mapping in load_elf_binary() would say. What cannot be seen is not in the way.
 */
#ifndef EXECFAIL_COMMIT_H
#define EXECFAIL_COMMIT_H

#include "cause/facts.h"

/*
 * After facts_try() found nothing in the way: the errno, positive, of what cannot be mapped or is not permitted, or 0.
 */
int commit_try(struct facts *facts);

/*
 * The file capabilities that the caller may not get, neither from its bounding nor its inheritable set, bits 1 <<
 * CAP_..., for which cap_bprm_creds_from_file() (security/commoncap.c) answers EPERM; 0: none, or it starts without
 * them. known false: those sets are not; then all of them.
 */
uint64_t commit_caps_missing(struct facts *facts, struct subject *subject, bool *known);

/* The file was looked at, and has none, or starts without them: then another module answered. */
bool commit_has_no_caps(struct facts *facts, struct subject *subject);

/* A limit of the caller that is known to be too small for the segments: may_expand_vm() (mm/vma.c). */
struct commit_limit {
	const char *words; /* "the limit of the address space"; NULL: there is none */
	const char *setting; /* "RLIMIT_AS: ulimit -v" */
	uint64_t bytes;
};

struct commit_limit commit_limit(struct facts *facts, struct subject *image);

#endif
