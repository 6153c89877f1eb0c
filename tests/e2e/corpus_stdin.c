// SPDX-License-Identifier: GPL-2.0-only
/* Rows: what descriptor 0 of the caller is. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "corpus.h"

static void become_stdin(int fd)
{
	if (fd < 0 || dup2(fd, STDIN_FILENO))
		die("standard input: %m");
}

static void stdin_pipe(struct world *w)
{
	int ends[2];

	(void)w;
	become_stdin(pipe(ends) ? -1 : ends[0]);
}

static void stdin_socket(struct world *w)
{
	int ends[2];

	(void)w;
	become_stdin(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) ? -1 : ends[0]);
}

static void stdin_file(struct world *w)
{
	become_stdin(open_or_die(expand(w, "@/file"), O_RDONLY));
}

static void stdin_deleted(struct world *w)
{
	stdin_file(w);
	unlink(expand(w, "@/file"));
}

static void stdin_fifo(struct world *w)
{
	become_stdin(open_or_die(expand(w, "@/fifo"), O_RDWR));
}

static void stdin_directory(struct world *w)
{
	become_stdin(open_or_die(w->dir, O_RDONLY | O_DIRECTORY));
}

static void stdin_symlink(struct world *w)
{
	become_stdin(open_or_die(expand(w, "@/link"), O_PATH | O_NOFOLLOW));
}

static void stdin_eventfd(struct world *w)
{
	(void)w;
	become_stdin(eventfd(0, 0));
}

static void stdin_memfd(struct world *w)
{
	(void)w;
	become_stdin(memfd_create("input", 0));
}

static void stdin_closed(struct world *w)
{
	(void)w;
	close(STDIN_FILENO);
}

static void stdin_block_device(struct world *w)
{
	int fd = -1;

	mknod(expand(w, "@/ram"), S_IFBLK | 0600, 0x100);
	mknod(expand(w, "@/loop"), S_IFBLK | 0600, 0x700);
	if ((fd = open(expand(w, "@/loop"), O_RDONLY | O_NONBLOCK)) < 0 &&
	    (fd = open(expand(w, "@/ram"), O_RDONLY)) < 0)
		skip(w, "no loop or RAM disk");
	become_stdin(fd);
}

static int open_terminal(struct world *w)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY);

	if (master < 0 || grantpt(master) || unlockpt(master))
		skip(w, "no pseudo-terminals: %m");
	return open_or_die(ptsname(master), O_RDWR | O_NOCTTY);
}

static void stdin_terminal(struct world *w)
{
	become_stdin(open_terminal(w));
}

static void controlling_terminal(struct world *w)
{
	(void)w;
	if (setsid() < 0 || ioctl(STDIN_FILENO, TIOCSCTTY, 0))
		die("controlling terminal: %m");
}

static void expect_terminal(struct world *w, struct json_object *event)
{
	const char *name = ttyname(STDIN_FILENO);

	(void)w;
	if (!name)
		die("the terminal has no name: %m");
	expect(event, "tty", json_text(name + sizeof("/dev/") - 1));
}

#define MISSING "lookup", ENOENT, .path = "@/none"

const struct scenario stdin_scenarios[] = {
	{ "stdin_dev_null", MISSING },
	{ "stdin_pipe", MISSING, .setup = stdin_pipe },
	{ "stdin_socket", MISSING, .setup = stdin_socket },
	{ "stdin_file", MISSING, .setup = stdin_file, FILES({ "file", 0640, "input\n" }) },
	{ "stdin_deleted_file", MISSING, .setup = stdin_deleted, FILES({ "file", 0600, "input\n" }) },
	{ "stdin_fifo", MISSING, .setup = stdin_fifo, FILES({ "fifo", S_IFIFO | 0600 }) },
	{ "stdin_directory", MISSING, .setup = stdin_directory },
	{ "stdin_symlink", MISSING, .setup = stdin_symlink, FILES({ "link", S_IFLNK, "@/none" }) },
	{ "stdin_eventfd", MISSING, .setup = stdin_eventfd },
	{ "stdin_memfd", MISSING, .setup = stdin_memfd },
	{ "stdin_block_device", MISSING, .setup = stdin_block_device },
	{ "stdin_terminal", MISSING, .setup = stdin_terminal },
	{ "controlling_terminal", MISSING, .setup = stdin_terminal, .prepare = controlling_terminal,
	  .adjust = expect_terminal },
	{ "stdin_closed", MISSING, .prepare = stdin_closed },
	{},
};
