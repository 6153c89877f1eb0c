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
 * The file capabilities that are not in the caller's bounding set, bits 1 << CAP_..., for which
 * cap_bprm_creds_from_file() (security/commoncap.c) answers EPERM; 0: none, or it starts without them. known false:
 * that set is not; then all of them.
 */
uint64_t commit_caps_missing(struct facts *facts, struct subject *subject, bool *known);

/* Whether the caller's RLIMIT_AS is known, and too small for the segments: may_expand_vm() (mm/mmap.c). */
bool commit_over_limit(struct facts *facts, struct subject *image);

#endif
