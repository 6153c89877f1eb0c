/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the session share: session.c opens and closes, session_run.c has its loop, session_event.c the
 * events.
 */
#ifndef EXECFAIL_SESSION_STATE_H
#define EXECFAIL_SESSION_STATE_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/clock.h"
#include "cause/diagnose.h"
#include "command.h"
#include "crew/lookers.h"
#include "crew/opener.h"
#include "crew/starter.h"
#include "event/decode.h"
#include "event/enrich.h"
#include "filter/join.h"
#include "kernel/stream.h"
#include "kernel/tracer.h"
#include "options.h"
#include "pace.h"
#include "print/output.h"
#include "show.h"
#include "stop.h"

enum { EXIT_TROUBLE = 1 };

struct session {
	const struct options *options;
	struct tracer *tracer;
	struct stream *stream;
	struct output *output;
	struct enrich *enrich;
	struct diagnose *diagnose;
	struct join *join;
	struct arena *arena;
	struct decode decode;
	const void *decoded; /* the record that event is of; NULL: of none any more */
	struct event event;
	struct starter starter;
	struct opener opener;
	struct lookers *lookers;
	struct command command;
	struct stop stop;
	struct pace pace;
	uint32_t mnt_ns; /* the machine's own; 0: unknown */
	bool begun; /* the printer */
	bool full; /* the output's file, and it was said */
	struct show show;
	int output_fd;
	bool more; /* than the last stream_consume() gave */
	int shown_ms; /* after which show_expire() is to be called again; -1: nothing waits */
	uint64_t ends_ns; /* when to, by CLOCK_MONOTONIC; 0: not by time */
	uint64_t lost;
	uint64_t counted_ns; /* when what was lost was last asked for */
};

static inline uint64_t monotonic_ns(void)
{
	return (uint64_t)clock_ns(CLOCK_MONOTONIC);
}

/* stream_new()'s: one record, as it comes. context: the session. */
int session_record(void *context, const void *data, size_t size);

/* lookers_new()'s: an event whose turn it is. verdict: NULL where nobody has looked. False: somebody has to. */
bool session_tell(void *context, const struct waiting *waiting, struct verdict *verdict);

/* From the first event to the last; returns the exit status, and has said what went wrong. */
int session_run(struct session *s);

/* Why the output cannot be written, on stderr. err: negative errno. */
void session_say_unwritten(const struct session *s, int err);

#endif
