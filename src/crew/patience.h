/* SPDX-License-Identifier: GPL-2.0-only */
/* `execfail explain`, for as long as what it looks at answers. */
#ifndef EXECFAIL_PATIENCE_H
#define EXECFAIL_PATIENCE_H

#include <stdio.h>

#include "cause/explain.h"

/* As explain(), in a process that is given up when it sleeps for too long: then what did not answer is said. */
int patience_explain(const struct explain_request *request, FILE *out);

#endif
