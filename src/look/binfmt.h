/* SPDX-License-Identifier: GPL-2.0-only */
/* Registrations of binfmt_misc, as its files show them: bytes in, facts out. */
#ifndef EXECFAIL_BINFMT_H
#define EXECFAIL_BINFMT_H

#include "base/bytes.h"

/*
 * Whether a registration, the text of its file, is for a file that begins like head and is called path, as
 * search_binfmt_handler() of fs/binfmt_misc.c finds it; one that is disabled is for none. interpreter: its handler,
 * inside of the text, where the answer is yes.
 */
bool binfmt_matches(struct bytes registration, struct bytes head, struct bytes path, struct bytes *interpreter);

#endif
