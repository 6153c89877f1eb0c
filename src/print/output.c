// SPDX-License-Identifier: GPL-2.0-only
#include "print/output.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"

enum {
	OUTPUT_BATCH = 256 * 1024,
	OUTPUT_TICK_MS = 100,
};

void output_measure(struct output *output)
{
	struct winsize size = {};

	if (!output->tty || ioctl(output->fd, TIOCGWINSZ, &size))
		return;
	output->rows = size.ws_row;
	output->width = size.ws_col;
	output->columns = output->style.wide ? 0 : size.ws_col;
}

/* It would show what is to command it. */
static bool is_dumb(void)
{
	const char *term = getenv("TERM");

	return term && !strcmp(term, "dumb");
}

static bool wants_colour(const struct output *output)
{
	const char *no_colour = getenv("NO_COLOR");

	if (output->style.colour != STYLE_AUTO)
		return output->style.colour == STYLE_ALWAYS;
	return output->tty && !(no_colour && *no_colour) && !is_dumb();
}

/* By its number, which /dev/tty has as well. */
static bool is_same(const struct output *output, int fd)
{
	unsigned int own, other;

	return output->tty && !ioctl(output->fd, TIOCGDEV, &own) && !ioctl(fd, TIOCGDEV, &other) && own == other;
}

void output_share(struct output *output, int fd)
{
	output->live &= !is_same(output, fd);
}

struct output *output_new(int fd, const struct style *style)
{
	struct output *output = memory_new(sizeof(*output));

	if (style)
		output->style = *style;
	output->fd = fd;
	output->tty = isatty(fd);
	output->live = output->tty && !is_dumb();
	output->beside = is_same(output, STDERR_FILENO);
	output->colour = wants_colour(output);
	output_measure(output);
	return output;
}

void output_free(struct output *output)
{
	if (!output)
		return;
	if (output->give_up)
		timer_delete(output->ticks);
	buffer_free(&output->text);
	free(output->ends);
	free(output);
}

static void tick(int number)
{
	(void)number;
}

void output_watch(struct output *output, output_patience *give_up, void *context)
{
	/* Not restarted: to end a write(2) that waits is all that it is for. */
	struct sigaction action = { .sa_handler = tick };
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN };
	struct stat st;
	sigset_t mask;

	/* Files in a file system are waited for by nobody's choice. */
	if (fstat(output->fd, &st) || S_ISREG(st.st_mode) || timer_create(CLOCK_MONOTONIC, &event, &output->ticks))
		return;
	sigaction(SIGRTMIN, &action, NULL);
	sigemptyset(&mask);
	sigaddset(&mask, SIGRTMIN);
	sigprocmask(SIG_UNBLOCK, &mask, NULL);
	output->give_up = give_up;
	output->context = context;
}

static void ticks_set(struct output *output, bool on)
{
	const struct timespec every = { .tv_nsec = on ? OUTPUT_TICK_MS * 1000000L : 0 };
	const struct itimerspec ticks = { .it_interval = every, .it_value = every };

	if (output->give_up)
		timer_settime(output->ticks, 0, &ticks, NULL);
}

/* How much was written, 0 when it has to wait, or -errno. */
static ssize_t write_some(int fd, const char *p, size_t n)
{
	struct pollfd room = { .fd = fd, .events = POLLOUT };
	ssize_t written = write(fd, p, n);

	if (written >= 0 || errno == EINTR)
		return written < 0 ? 0 : written;
	if (errno != EAGAIN && errno != EWOULDBLOCK)
		return -errno;
	poll(&room, 1, OUTPUT_TICK_MS);
	return 0;
}

static unsigned int now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &t);
	return (unsigned int)(t.tv_sec * 1000 + t.tv_nsec / 1000000);
}

/* Returns how much of the text was written. */
static size_t output_write(struct output *output)
{
	unsigned int moved = now_ms();
	size_t done = 0;
	ssize_t n;

	while (!output->error && done < output->text.n) {
		n = write_some(output->fd, output->text.p + done, output->text.n - done);
		if (n < 0) {
			output->error = (int)n;
			break;
		}
		done += (size_t)n;
		output->written += (size_t)n;
		if (n)
			moved = now_ms();
		if (done < output->text.n && output->give_up && output->give_up(output->context, now_ms() - moved))
			output->error = -ECANCELED;
	}
	return done;
}

/* What comes after one that had no room need not find any, either: no gaps. */
static bool has_room(const struct output *output)
{
	return !output->max || (!output->full && output->written + output->text.n <= output->max);
}

/* Back to the end of the last event: what is behind it has no room. */
static void output_cut(struct output *output)
{
	output->text.n = output->n_ends ? output->ends[output->n_ends - 1] : 0;
	output->beyond++;
	output->full = true;
}

int output_flush(struct output *output)
{
	size_t done, events = output->n_ends ? output->ends[output->n_ends - 1] : 0;

	/* A head, or a table at the end, is no event, and has no more room than they have. */
	if (output->text.n > events && !has_room(output))
		output_cut(output);
	if (output->text.n) {
		ticks_set(output, true);
		done = output_write(output);
		ticks_set(output, false);
		for (size_t i = 0; i < output->n_ends; i++)
			output->unwritten += output->ends[i] > done;
	}
	output->text.n = 0;
	output->n_ends = 0;
	return output->error;
}

int output_commit(struct output *output)
{
	if (!has_room(output)) {
		output_cut(output);
		return output->error;
	}
	if (output->n_ends == output->room) {
		output->room = output->room ? output->room * 2 : 64;
		output->ends = memory_resize(output->ends, output->room * sizeof(*output->ends));
	}
	output->ends[output->n_ends++] = output->text.n;
	return output->text.n < OUTPUT_BATCH && !output->error ? 0 : output_flush(output);
}

void output_turn(struct output *output, int fd)
{
	struct stat st;

	output_flush(output);
	close(output->fd);
	output->fd = fd;
	output->written = fstat(fd, &st) ? 0 : (uint64_t)st.st_size;
	output->full = false;
}
