/* SPDX-License-Identifier: GPL-2.0-only */
/* The ELF loaders that there are, and whose they are. */
#ifndef EXECFAIL_LOADER_H
#define EXECFAIL_LOADER_H

#include "base/bytes.h"

/*
 * What it means that a loader of that name (PT_INTERP) is not there, in words behind "likely"; static. NULL: not known.
 */
const char *loader_meaning(struct bytes loader);

#endif
