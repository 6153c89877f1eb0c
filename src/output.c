// SPDX-License-Identifier: GPL-2.0-only
#include "output.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "memory.h"

enum { OUTPUT_BATCH = 256 * 1024 };

static void output_measure(struct output *output)
{
	struct winsize size = {};

	if (output->tty && !ioctl(output->fd, TIOCGWINSZ, &size))
		output->columns = size.ws_col;
}

struct output *output_new(int fd)
{
	struct output *output = memory_new(sizeof(*output));
	const char *no_colour = getenv("NO_COLOR");

	output->fd = fd;
	output->tty = isatty(fd);
	output->colour = output->tty && !(no_colour && *no_colour);
	output_measure(output);
	return output;
}

void output_free(struct output *output)
{
	if (!output)
		return;
	buffer_free(&output->text);
	free(output);
}

/* How much was written, or -errno. Waits where a descriptor that does not block is full. */
static ssize_t write_some(int fd, const char *p, size_t n)
{
	struct pollfd room = { .fd = fd, .events = POLLOUT };
	ssize_t written;

	for (;;) {
		written = write(fd, p, n);
		if (written >= 0)
			return written;
		if (errno == EAGAIN || errno == EWOULDBLOCK)
			poll(&room, 1, -1);
		else if (errno != EINTR)
			return -errno;
	}
}

int output_flush(struct output *output)
{
	struct buffer *text = &output->text;
	ssize_t n = 0;

	for (size_t done = 0; !output->error && done < text->n; done += (size_t)n) {
		n = write_some(output->fd, text->p + done, text->n - done);
		if (n < 0) {
			output->error = (int)n;
			break;
		}
	}
	text->n = 0;
	/* The user may have changed the window's size since. */
	output_measure(output);
	return output->error;
}

int output_commit(struct output *output)
{
	return output->text.n < OUTPUT_BATCH && !output->error ? 0 : output_flush(output);
}
