/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef EXECFAIL_DOCTOR_H
#define EXECFAIL_DOCTOR_H

#include <stdbool.h>
#include <stdio.h>

#include "kernel/tracer.h"

/*
 * execfail --doctor: what this kernel offers, as text, or an object a line. Loads and attaches the family that is asked
 * for, or each in turn, and lets it go. Returns the exit status: 0, or 1 where none attaches; what forbids all of them
 * goes to the log.
 */
int doctor(FILE *to, bool json, const struct tracer_config *config);

#endif
