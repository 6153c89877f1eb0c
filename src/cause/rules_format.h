/* SPDX-License-Identifier: GPL-2.0-only */
/* What rules about the contents of a file share. */
#ifndef EXECFAIL_RULES_FORMAT_H
#define EXECFAIL_RULES_FORMAT_H

#include "cause/rules.h"

/* The program was opened, and no format took it. */
bool is_format(const struct facts *facts);

#define FORMAT .stage = STAGE_FORMAT
#define AS_IT_IS                                                                                                          \
	"Where no hook is inside of the exec: told from the file as it is after the attempt, if it has not been changed " \
	"since."

#endif
