// SPDX-License-Identifier: GPL-2.0-only
#include "base/log.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/text.h"

enum {
	WAIT_MS = 1000,
	INDENT = 2, /* of a line that goes on */
	HELD_MAX = 64 * 1024, /* what is said beyond that was said before */
};

static enum log_level log_highest = LOG_NOTICE;
static int log_fd = STDERR_FILENO;
static unsigned int log_columns; /* of the terminal that it is; 0: of none */
static bool log_holds;
static struct buffer log_held;

void log_init(int verbose, int fd)
{
	const int highest = LOG_NOTICE + verbose;
	struct winsize size;

	log_highest = highest < LOG_WARN ? LOG_WARN : highest > LOG_DEBUG ? LOG_DEBUG : (enum log_level)highest;
	log_fd = fd;
	/* Now: not all who say something later may ask. */
	log_columns = ioctl(fd, TIOCGWINSZ, &size) ? 0 : size.ws_col;
}

int log_enabled(enum log_level level)
{
	return level <= log_highest;
}

static void log_write(const struct buffer *line)
{
	struct pollfd room = { .fd = log_fd, .events = POLLOUT };
	ssize_t n = 0;

	if (!poll(&room, 1, WAIT_MS))
		return;
	/* A reader of stderr that has gone or does not read must not stop the tracing: what does not fit is left. */
	for (size_t done = 0; done < line->n; done += (size_t)n) {
		n = write(log_fd, line->p + done, line->n - done);
		if (n < 0 && errno == EINTR)
			n = 0;
		if (n < 0)
			return;
	}
}

__attribute__((format(printf, 2, 0))) static void log_vline(enum log_level level, const char *format, va_list args)
{
	BUFFER_AUTO struct buffer message = {};
	BUFFER_AUTO struct buffer whole = {};
	BUFFER_AUTO struct buffer line = {};
	int saved = errno;

	if (!log_enabled(level))
		return;
	buffer_vprintf(&message, format, args);
	while (message.n && message.p[message.n - 1] == '\n')
		message.n--;
	buffer_puts(&whole, "execfail: ");
	text_escape(&whole, buffer_bytes(&message));
	text_wrap(&line, buffer_bytes(&whole), log_columns ?: SIZE_MAX, INDENT);
	if (log_holds && log_held.n < HELD_MAX)
		buffer_add(&log_held, line.p, line.n);
	if (!log_holds || level == LOG_ERR)
		log_write(&line);
	errno = saved;
}

void log_line(enum log_level level, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	log_vline(level, format, args);
	va_end(args);
}

void log_hold(bool hold)
{
	log_holds = hold;
	if (hold || !log_held.n)
		return;
	log_write(&log_held);
	buffer_free(&log_held);
}
