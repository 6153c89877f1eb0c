// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rows: storage that fails. A file system in user space answers as a dead server or a broken disk would; it has one
 * file, called `program`.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <stdint.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "corpus.h"

enum { ROOT = FUSE_ROOT_ID, PROGRAM };

/* Which of the requests the row's error is the answer to; 0: the server goes away. */
struct plan {
	uint32_t failing;
	int error;
	mode_t mode; /* of the program */
};

static void answer(int fuse, const struct fuse_in_header *request, int error, const void *data, size_t size)
{
	unsigned char buffer[512];
	struct fuse_out_header *header = (void *)buffer;

	*header = (struct fuse_out_header){ sizeof(*header) + size, -error, request->unique };
	memcpy(header + 1, data, size);
	if (write(fuse, buffer, header->len) < 0 && errno != ENOENT)
		_exit(1);
}

static struct fuse_attr attributes(const struct plan *plan, uint64_t node)
{
	return (struct fuse_attr){
		.ino = node,
		.nlink = 1,
		.size = 4096,
		.mode = node == ROOT ? S_IFDIR | 0755 : plan->mode,
	};
}

static void answer_good(int fuse, const struct plan *plan, const struct fuse_in_header *request)
{
	struct fuse_init_out init = { .major = FUSE_KERNEL_VERSION, .minor = 31, .max_write = 4096 };
	struct fuse_entry_out entry = { .nodeid = PROGRAM, .attr = attributes(plan, PROGRAM) };
	struct fuse_attr_out attr = { .attr = attributes(plan, request->nodeid) };
	struct fuse_open_out open = {};

	switch (request->opcode) {
	case FUSE_INIT:
		return answer(fuse, request, 0, &init, sizeof(init));
	case FUSE_LOOKUP:
		return answer(fuse, request, 0, &entry, sizeof(entry));
	case FUSE_GETATTR:
		return answer(fuse, request, 0, &attr, sizeof(attr));
	case FUSE_OPEN:
		return answer(fuse, request, 0, &open, sizeof(open));
	case FUSE_FORGET:
	case FUSE_BATCH_FORGET:
		return; /* wants no answer */
	default:
		return answer(fuse, request, ENOSYS, "", 0);
	}
}

static void __attribute__((noreturn)) serve(int fuse, const struct plan *plan)
{
	static char buffer[FUSE_MIN_READ_BUFFER + 4096];
	const struct fuse_in_header *request = (void *)buffer;

	for (;;) {
		if (read(fuse, buffer, sizeof(buffer)) < 0)
			_exit(errno != ENODEV);
		if (request->opcode == plan->failing)
			answer(fuse, request, plan->error, "", 0);
		else
			answer_good(fuse, plan, request);
		if (!plan->failing && request->opcode == FUSE_INIT)
			_exit(0);
	}
}

/* The program is a link that the caller may read, and nobody else: who asks for it again has no answer, ever. */
static void __attribute__((noreturn)) serve_link(int fuse, const struct plan *plan)
{
	static char buffer[FUSE_MIN_READ_BUFFER + 4096];
	const struct fuse_in_header *request = (void *)buffer;
	struct fuse_entry_out entry = {
		.nodeid = PROGRAM, .attr = attributes(plan, PROGRAM), .entry_valid = 1000, .attr_valid = 1000
	};
	bool was_read = false;

	for (;;) {
		if (read(fuse, buffer, sizeof(buffer)) < 0)
			_exit(errno != ENODEV);
		if (request->opcode == FUSE_LOOKUP)
			answer(fuse, request, 0, &entry, sizeof(entry));
		else if (request->opcode != FUSE_READLINK)
			answer_good(fuse, plan, request);
		else if (!was_read)
			answer(fuse, request, 0, "../none", strlen("../none"));
		was_read |= request->opcode == FUSE_READLINK;
	}
}

static void serve_files(struct world *w, uint32_t failing)
{
	struct plan plan = { failing, w->row->error, failing == FUSE_READLINK ? S_IFLNK | 0777 : S_IFREG | 0755 };
	char *device = expand(w, "@/fuse"), *at = expand(w, "@/mount");
	int fuse;
	pid_t pid;

	own_mounts();
	if (mknod(device, S_IFCHR | 0600, 10 << 8 | 229) || (fuse = open(device, O_RDWR)) < 0)
		skip(w, "no FUSE: %m");
	if (mount("execfail", at, "fuse", 0,
		  text_printf("fd=%d,rootmode=40000,user_id=%s,group_id=0", fuse, w->row->priv ?: "0")))
		skip(w, "no FUSE: %m");
	pid = fork();
	if (!pid && failing == FUSE_READLINK)
		serve_link(fuse, &plan);
	if (!pid)
		serve(fuse, &plan);
	close(fuse);
	if (!failing)
		waitpid(pid, NULL, 0);
}

static void dead_server(struct world *w)
{
	serve_files(w, 0);
}

static void failing_lookup(struct world *w)
{
	serve_files(w, FUSE_LOOKUP);
}

static void silent_link(struct world *w)
{
	serve_files(w, FUSE_READLINK);
}

static void failing_open(struct world *w)
{
	serve_files(w, FUSE_OPEN);
}

static void failing_read(struct world *w)
{
	serve_files(w, FUSE_READ);
}

#define STORED .path = "@/mount/program", FILES({ "mount", S_IFDIR | 0755 })

const struct scenario storage_scenarios[] = {
	/* Mounted by another user for himself. */
	{ "storage_of_another", "lookup", EACCES, STORED, .setup = failing_open, .priv = "1000" },
	{ "storage_dead_server", "lookup", ENOTCONN, STORED, .setup = dead_server },
	{ "storage_dead_server_interpreter", "interpreter", ENOTCONN, .path = "@/script", .interp = "@/mount/program",
	  .setup = dead_server, FILES({ "script", 0755, "#!@/mount/program\n" }, { "mount", S_IFDIR | 0755 }) },
	{ "storage_stale", "lookup", ESTALE, STORED, .setup = failing_lookup },
	{ "storage_lookup_error", "lookup", EIO, STORED, .setup = failing_lookup },
	{ "storage_open_error", "lookup", EIO, STORED, .setup = failing_open },
	{ "storage_silent_link", "lookup", ENOENT, STORED, .setup = silent_link },
	{ "storage_read_error", "format", EIO, STORED, .setup = failing_read },
	{},
};
