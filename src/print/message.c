// SPDX-License-Identifier: GPL-2.0-only
#include "print/message.h"

#include "base/text.h"
#include "event/names.h"

enum message_level message_level(const struct event *event)
{
	if (event->type == EVENT_LOST)
		return MESSAGE_WARNING;
	return event_error(event) || event->signal || event->exit_code ? MESSAGE_ERROR : MESSAGE_INFO;
}

/* Which option makes it less. */
static const struct {
	const char *reason, *advice;
} advices[] = {
	{ "buffer_full", "a larger --buffer holds more, -u, -p or -c let in less, and --no-env makes it smaller" },
	{ "over_share",
	  "one source floods the buffer: --summary counts it, -u, -p or -c leave it out, a larger --buffer holds more" },
	{ "scratch_busy", "too many fail at the same moment: -u, -p or -c let in less" },
	{ "too_many_in_flight", "more programs start at the same time than are kept track of: -p follows fewer" },
	{ "too_many_descendants",
	  "more processes are followed than there is room for: -p with fewer, or -u or --cgroup instead" },
};

const char *message_advice(const struct event *lost)
{
	for (size_t i = 0; i < sizeof(advices) / sizeof(advices[0]); i++)
		if (bytes_is(lost->lost_reason, advices[i].reason))
			return advices[i].advice;
	return NULL;
}

void message_put_lost(struct buffer *out, const struct event *event)
{
	unsigned long long n = event->lost_count;

	if (n)
		buffer_printf(out, "%llu event%s lost", n, n == 1 ? "" : "s");
	else
		buffer_puts(out, "some events come without their file");
	if (!event->lost_reason.p)
		return;
	buffer_puts(out, ": ");
	text_escape(out, event->lost_reason);
}

static void put_lost(struct buffer *out, const struct event *event)
{
	message_put_lost(out, event);
	if (message_advice(event))
		buffer_printf(out, "; %s", message_advice(event));
}

void message_put(struct buffer *out, const struct event *event)
{
	if (event->type == EVENT_LOST) {
		put_lost(out, event);
	} else if (event->hint.n) {
		text_sentence(out, event->hint);
	} else {
		text_escape(out, event_program(event));
		buffer_printf(out, ": %s",
			      event_error(event) ? errno_name(event->arena, event_error(event)) : "started");
	}
}
