/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef EXECFAIL_DOCTOR_H
#define EXECFAIL_DOCTOR_H

#include <stdio.h>

#include "kernel/tracer.h"

/* execfail --doctor: what this kernel offers, as text. Loads and attaches each family in turn. Returns the exit status. */
int doctor(FILE *to, const struct tracer_config *config);

#endif
