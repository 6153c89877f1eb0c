/* SPDX-License-Identifier: GPL-2.0-only */
/* The command line. */
#ifndef EXECFAIL_OPTIONS_H
#define EXECFAIL_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "event/events.h"
#include "print/printer.h"

enum hooks {
	HOOKS_AUTO,
	HOOKS_FENTRY,
	HOOKS_KPROBE,
	HOOKS_LEGACY,
	HOOKS_TRACEPOINT,
};

enum transport {
	TRANSPORT_AUTO,
	TRANSPORT_RINGBUF,
	TRANSPORT_PERFBUF,
};

/* Strings belong to argv. */
struct options {
	struct event_set events;
	const struct printer *printer;
	enum hooks hooks;
	enum transport transport;
	size_t buffer; /* bytes, between OPTIONS_BUFFER_MIN and _MAX; any number, not only powers of two */
	const char *btf; /* file, or NULL: the kernel's own */
	bool no_env;
	bool no_seccomp;
	bool show_secrets;
	bool doctor;
	int verbose; /* how often -v was given */
	char **explain; /* path or name, and its arguments, ends with NULL; NULL: trace */
	char **command; /* after `--`, ends with NULL; NULL: the whole machine */
};

enum {
	OPTIONS_BUFFER_MIN = 128 * 1024,
	OPTIONS_BUFFER_MAX = 1024 * 1024 * 1024,
	OPTIONS_BUFFER = 8 * 1024 * 1024,
};

enum options_result {
	OPTIONS_RUN,
	OPTIONS_DONE, /* help, version or a list was printed: exit with 0 */
	OPTIONS_USAGE, /* one line was written to err: exit with OPTIONS_EXIT_USAGE */
};

enum { OPTIONS_EXIT_USAGE = 2 };

/* Fills in all of options, defaults included. */
enum options_result options_parse(struct options *options, int argc, char **argv, FILE *out, FILE *err);

/* "fentry", "ringbuf": as the command line has them. */
const char *hooks_name(enum hooks hooks);
const char *transport_name(enum transport transport);

#endif
