/* SPDX-License-Identifier: GPL-2.0-only */
/* Registrations of binfmt_misc, as its files show them: bytes in, facts out. */
#ifndef EXECFAIL_BINFMT_H
#define EXECFAIL_BINFMT_H

#include "base/bytes.h"

/*
 * Whether a registration is for a file that begins like head and is called path. interpreter: its handler, inside of
 * the registration's text.
 */
bool binfmt_matches(struct bytes registration, struct bytes head, struct bytes path, struct bytes *interpreter);

#endif
