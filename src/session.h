/* SPDX-License-Identifier: GPL-2.0-only */
/* A run of the tracer, from the hooks to the output. */
#ifndef EXECFAIL_SESSION_H
#define EXECFAIL_SESSION_H

#include "options.h"

/*
 * Until a signal, the end of COMMAND, of all that -p follows, or of the output's reader. Returns the exit status; what
 * went wrong has been said. Takes over stdout, and the signals that stop.h and output.h name, for good.
 */
int session_trace(const struct options *options);

#endif
