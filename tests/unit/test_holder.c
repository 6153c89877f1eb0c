// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <errno.h>
#include <sys/fanotify.h>
#include <sys/sysmacros.h>

#include "look/holder.h"

struct machine {
	char *path;
	struct arena *arena;
};

static char *below(const struct machine *machine, const char *name)
{
	return arena_printf(machine->arena, "%s/%s", machine->path, name);
}

static int setup(void **state)
{
	struct machine *machine = calloc(1, sizeof(*machine));

	machine->path = unit_directory();
	machine->arena = arena_new();
	*state = machine;
	return 0;
}

static int teardown(void **state)
{
	struct machine *machine = *state;

	arena_free(machine->arena);
	unit_remove(machine->path);
	free(machine);
	return 0;
}

static const char *const anybody[] = { NULL };

/* A process of proc/ with one descriptor. */
static void add_process(struct machine *machine, const char *pid, const char *target, const char *info)
{
	mkdir(below(machine, "proc"), 0755);
	assert_int_equal(mkdir(below(machine, arena_printf(machine->arena, "proc/%s", pid)), 0755), 0);
	assert_int_equal(mkdir(below(machine, arena_printf(machine->arena, "proc/%s/fd", pid)), 0755), 0);
	assert_int_equal(mkdir(below(machine, arena_printf(machine->arena, "proc/%s/fdinfo", pid)), 0755), 0);
	assert_int_equal(symlink(target, below(machine, arena_printf(machine->arena, "proc/%s/fd/5", pid))), 0);
	unit_write(below(machine, arena_printf(machine->arena, "proc/%s/fdinfo/5", pid)), info);
	unit_write(below(machine, arena_printf(machine->arena, "proc/%s/comm", pid)), "a) name\n");
}

static struct holder_file file_of(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return (struct holder_file){
		.node = { .dev = st.st_dev, .ino = st.st_ino, .mode = st.st_mode, .mount = 1 },
		.dev = st.st_dev,
		.local = true,
	};
}

static void test_writers(void **state)
{
	struct machine *machine = *state;
	char *file = below(machine, "file"), *other = below(machine, "other");
	struct view_holder holder;
	int64_t left = HOLDER_STEPS;
	const char *const gone[] = { "1", NULL };
	struct holder_file node;

	unit_write(file, "");
	unit_write(other, "");
	node = file_of(file);
	add_process(machine, "10", file, "pos:\t0\nflags:\t0100000\nmnt_id:\t1\n");
	add_process(machine, "11", other, "pos:\t0\nflags:\t0100001\nmnt_id:\t1\n");
	add_process(machine, "self", file, "pos:\t0\nflags:\t0100001\n");
	assert_false(holder_find(machine->arena, below(machine, "proc"), anybody, VIEW_WRITERS, &node, &left, &holder));
	add_process(machine, "12", file, "pos:\t0\nflags:\t0100002\nmnt_id:\t1\n");
	assert_true(holder_find(machine->arena, below(machine, "proc"), gone, VIEW_WRITERS, &node, &left, &holder));
	assert_int_equal(holder.pid, 12);
	assert_bytes(holder.comm, "a) name");
}

/* Numbers of processes begin again from the lowest: their order says nothing. */
static void test_first(void **state)
{
	const char *const parent_and_caller[] = { "12", "11", NULL };
	struct machine *machine = *state;
	char *file = below(machine, "file");
	struct view_holder holder;
	int64_t left = HOLDER_STEPS;
	struct holder_file node;

	unit_write(file, "");
	node = file_of(file);
	for (int pid = 10; pid < 13; pid++)
		add_process(machine, arena_printf(machine->arena, "%d", pid), file, "flags:\t0100001\nmnt_id:\t1\n");
	assert_true(holder_find(machine->arena, below(machine, "proc"), parent_and_caller, VIEW_WRITERS, &node, &left,
				&holder));
	assert_int_equal(holder.pid, 12);
	assert_int_equal(unlink(below(machine, "proc/12/fd/5")), 0);
	assert_true(holder_find(machine->arena, below(machine, "proc"), parent_and_caller, VIEW_WRITERS, &node, &left,
				&holder));
	assert_int_equal(holder.pid, 11);
}

/* What /proc tells is enough: a file that may make others wait is not asked itself. */
static void test_writers_untouched(void **state)
{
	struct holder_file file = { .node = { .ino = 7, .mount = 30 }, .dev = makedev(0, 50) };
	struct machine *machine = *state;
	struct view_holder holder;
	int64_t left = HOLDER_STEPS;

	add_process(machine, "10", "/nowhere", "flags:\t0100001\nmnt_id:\t30\nino:\t8\n");
	add_process(machine, "11", "/nowhere", "flags:\t0100001\nmnt_id:\t31\nino:\t7\n");
	add_process(machine, "13", "/nowhere", "flags:\t0100001\nmnt_id:\t30\n");
	unit_write(below(machine, "proc/11/mountinfo"), "31 1 0:51 / /other rw - ext4 x rw\n");
	assert_false(holder_find(machine->arena, below(machine, "proc"), anybody, VIEW_WRITERS, &file, &left, &holder));
	/* The same file system, mounted somewhere else. */
	unit_write(below(machine, "proc/11/mountinfo"), "31 1 0:50 / /other rw - ext4 x rw\n");
	assert_true(holder_find(machine->arena, below(machine, "proc"), anybody, VIEW_WRITERS, &file, &left, &holder));
	assert_int_equal(holder.pid, 11);
}

static void test_watchers(void **state)
{
	struct machine *machine = *state;
	struct view_holder holder;
	int64_t left = HOLDER_STEPS;

	/* one that is only told of what happens */
	add_process(machine, "10", "anon_inode:[fanotify]", "flags:\t02\nfanotify ino:1 sdev:1 mflags:0 mask:20 x\n");
	add_process(machine, "11", "anon_inode:[eventfd]", "fanotify ino:1 sdev:1 mflags:0 mask:40000 x\n");
	assert_false(holder_find(machine->arena, below(machine, "proc"), anybody, VIEW_WATCHERS, NULL, &left, &holder));
	add_process(machine, "12", "anon_inode:[fanotify]", "flags:\t02\nfanotify mnt_id:1 mflags:0 mask:40000 x\n");
	assert_true(holder_find(machine->arena, below(machine, "proc"), anybody, VIEW_WATCHERS, NULL, &left, &holder));
	assert_int_equal(holder.pid, 12);
}

/* Marks are of an inode, a mount or a file system, and of those of other files there may be many. */
static void test_what_is_watched(void **state)
{
	const struct {
		const char *mark;
		struct view_node node;
		bool watched;
	} cases[] = {
		{ "fanotify ino:7 sdev:800001 mflags:0 mask:40000 x\n", { .ino = 7, .dev = makedev(8, 1) }, true },
		{ "fanotify ino:7 sdev:800001 mflags:0 mask:40000 x\n", { .ino = 8, .dev = makedev(8, 1) }, false },
		{ "fanotify ino:7 sdev:800001 mflags:0 mask:40000 x\n", { .ino = 7, .dev = makedev(8, 2) }, false },
		{ "fanotify ino:7 sdev:800001 mflags:0 mask:8040000 x\n", { .ino = 8, .dev = makedev(8, 1) }, true },
		{ "fanotify ino:7 sdev:30 mflags:0 mask:40000 x\n", { .ino = 7, .dev = makedev(0, 51) }, true },
		{ "fanotify mnt_id:1c mflags:0 mask:10000 x\n", { .mount = 28 }, true },
		{ "fanotify mnt_id:1c mflags:0 mask:10000 x\n", { .mount = 29 }, false },
		{ "fanotify sdev:800001 mflags:0 mask:100000 x\n", { .dev = makedev(8, 1) }, true },
		{ "fanotify sdev:800001 mflags:0 mask:100000 x\n", { .dev = makedev(8, 2) }, false },
		{ "fanotify sdev:800002 mflags:0 mask:10000 x\nfanotify sdev:800001 mflags:0 mask:10000 x\n",
		  { .dev = makedev(8, 1) },
		  true },
	};
	struct machine *machine = *state;
	struct view_holder holder;
	struct holder_file file = {};
	int64_t left = HOLDER_STEPS;

	add_process(machine, "12", "anon_inode:[fanotify]", "");
	for (size_t i = 0; i < COUNT(cases); i++) {
		unit_write(
			below(machine, "proc/12/fdinfo/5"),
			arena_printf(machine->arena, "flags:\t02\nfanotify flags:4 event-flags:0\n%s", cases[i].mark));
		file.node = cases[i].node;
		assert_int_equal(holder_find(machine->arena, below(machine, "proc"), anybody, VIEW_WATCHERS, &file,
					     &left, &holder),
				 cases[i].watched);
	}
}

/* Other errors than EPERM only those may answer that are asked before contents are there. */
static void test_answerers(void **state)
{
	struct machine *machine = *state;
	struct view_holder holder;
	int64_t left = HOLDER_STEPS;

	add_process(machine, "10", "anon_inode:[fanotify]",
		    "fanotify flags:4 event-flags:0\nfanotify mnt_id:1 mflags:0 mask:40000 x\n");
	assert_false(
		holder_find(machine->arena, below(machine, "proc"), anybody, VIEW_ANSWERERS, NULL, &left, &holder));
	add_process(machine, "11", "anon_inode:[fanotify]",
		    "fanotify flags:9 event-flags:0\nfanotify mnt_id:1 mflags:0 mask:40000 x\n");
	assert_true(holder_find(machine->arena, below(machine, "proc"), anybody, VIEW_ANSWERERS, NULL, &left, &holder));
	assert_int_equal(holder.pid, 11);
}

static void test_processes(void **state)
{
	struct machine *machine = *state;
	int64_t left = HOLDER_STEPS, few = 1;

	for (int i = 10; i < 14; i++) {
		add_process(machine, arena_printf(machine->arena, "%d", i), "/dev/null", "");
		unit_write(below(machine, arena_printf(machine->arena, "proc/%d/status", i)),
			   arena_printf(machine->arena, "Name:\tx\nUid:\t%d\t0\t0\t0\nThreads:\t3\n", i < 12 ? 7 : 8));
	}
	assert_int_equal(holder_has_more(below(machine, "proc"), 7, 5, &left), VIEW_YES);
	assert_int_equal(holder_has_more(below(machine, "proc"), 7, 6, &left), VIEW_NO);
	assert_int_equal(holder_has_more(below(machine, "proc"), 0, 0, &left), VIEW_NO);
	assert_int_equal(holder_has_more(below(machine, "proc"), 7, 6, &few), VIEW_UNSURE);
	assert_int_equal(holder_has_more(below(machine, "none"), 7, 6, &left), VIEW_UNSURE);
}

/* This process itself. */
static void test_real_machine(void **state)
{
	struct machine *machine = *state;
	char *file = below(machine, "file");
	struct view_holder holder;
	int64_t left = HOLDER_STEPS;
	struct holder_file node;
	int fd;

	unit_write(file, "");
	node = file_of(file);
	fd = open(file, O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	if (holder_find(machine->arena, "/proc", anybody, VIEW_WRITERS, &node, &left, &holder))
		assert_int_equal(holder.pid, getpid());
	close(fd);
	assert_false(holder_find(machine->arena, "/proc", anybody, VIEW_WRITERS, &node, &left, &holder));
	assert_false(holder_find(machine->arena, "/no/such/directory", anybody, VIEW_WRITERS, &node, &left, &holder));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_writers),         TEST(test_first),     TEST(test_writers_untouched), TEST(test_watchers),
		TEST(test_what_is_watched), TEST(test_answerers), TEST(test_processes),         TEST(test_real_machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
