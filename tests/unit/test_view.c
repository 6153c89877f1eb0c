// SPDX-License-Identifier: GPL-2.0-only
/* The real world, of view_*.c: a machine of files, and this one. */
#include "unit.h"

#include <linux/openat2.h>
#include <sys/syscall.h>
#include <errno.h>
#include <sys/mman.h>
#include <sys/statvfs.h>

#include "event/program.h"
#include "look/view.h"

struct machine {
	char *path;
	struct arena *arena;
	struct views *views;
	struct view_roots roots;
	struct event event; /* of thread 4243 of process 4242, whose root is box/ */
	uint32_t mnt_ns;
};

static char *below(const struct machine *machine, const char *name)
{
	return arena_printf(machine->arena, "%s/%s", machine->path, name);
}

static uint32_t inode_of(const struct machine *machine, const char *name)
{
	struct stat st;

	assert_int_equal(stat(below(machine, name), &st), 0);
	return (uint32_t)st.st_ino;
}

static int setup(void **state)
{
	static const char *const directories[] = {
		"proc",
		"proc/4243",
		"proc/4243/ns",
		"proc/4243/fd",
		"proc/7",
		"proc/7/ns",
		"proc/self",
		"proc/self/ns",
		"proc/sys",
		"proc/sys/fs",
		"proc/sys/fs/binfmt_misc",
		"sys",
		"box",
		"box/bin",
		"near",
		"near/bin",
		"host",
		"host/bin",
	};
	static const char *const files[] = {
		"proc/4243/ns/mnt", "proc/self/ns/mnt", "proc/7/ns/mnt",
		"box/bin/tool",     "near/bin/tool",    "host/bin/tool",
	};
	struct machine *machine = calloc(1, sizeof(*machine));

	machine->path = unit_directory();
	machine->arena = arena_new();
	for (size_t i = 0; i < COUNT(directories); i++)
		assert_int_equal(mkdir(below(machine, directories[i]), 0755), 0);
	for (size_t i = 0; i < COUNT(files); i++)
		unit_write(below(machine, files[i]), "contents\n");
	unit_write(below(machine, "proc/4243/status"), "Tgid:\t4242\nSeccomp:\t2\n");
	unit_write(below(machine, "proc/4243/limits"), "Max stack size   8192   unlimited   bytes\nMax open files   x\n"
						       "Max processes   unlimited   unlimited   processes\n");
	assert_int_equal(symlink("../../box", below(machine, "proc/4243/root")), 0);
	assert_int_equal(symlink("../../near", below(machine, "proc/7/root")), 0);
	assert_int_equal(symlink(below(machine, "box/bin/tool"), below(machine, "proc/4243/fd/3")), 0);
	machine->roots = (struct view_roots){ below(machine, "proc"), below(machine, "sys"), below(machine, "host") };
	machine->views = views_new(&machine->roots);
	machine->event = unit_event(machine->arena);
	machine->event.mnt_ns = machine->mnt_ns = inode_of(machine, "proc/4243/ns/mnt");
	*state = machine;
	return 0;
}

static int teardown(void **state)
{
	struct machine *machine = *state;

	views_free(machine->views);
	arena_free(machine->arena);
	unit_remove(machine->path);
	free(machine);
	return 0;
}

/* How the view stands, and which tool is below its root. */
static void assert_stands(struct machine *machine, enum view_standing standing, const char *tool)
{
	struct view *view = views_open(machine->views, machine->arena, program_caller(&machine->event));
	struct view_node root, bin, node;
	int directory, handle;

	assert_int_equal(view->standing, standing);
	if (tool) {
		directory = view->ops->enter(view, view->ops->root(view, &root), "bin", &bin);
		assert_true(directory >= 0 && S_ISDIR(bin.mode));
		handle = view->ops->enter(view, directory, "tool", &node);
		assert_true(handle >= 0 && S_ISREG(node.mode));
		assert_int_equal((uint32_t)node.ino, inode_of(machine, tool));
		assert_int_equal(node.size, 9);
		view->ops->leave(view, handle);
		view->ops->leave(view, directory);
	}
	view_close(view);
}

static void test_whose_root(void **state)
{
	struct machine *machine = *state;
	struct event_ancestor ancestors[] = { { 9, B("gone") }, { 7, B("near") } };

	assert_stands(machine, VIEW_CALLER, "box/bin/tool");
	/* another process has its number by now */
	machine->event.pid = 5;
	machine->event.ppid = 0;
	assert_stands(machine, VIEW_NOTHING, NULL);
	machine->event.pid = 4242;
	machine->event.mnt_ns = inode_of(machine, "proc/7/ns/mnt");
	assert_stands(machine, VIEW_NOTHING, NULL);
	machine->event.ppid = 7;
	assert_stands(machine, VIEW_STAND_IN, "near/bin/tool");
	/* so it has, if that began after the call failed */
	machine->event.mnt_ns = machine->mnt_ns;
	machine->event.ppid = 0;
	unit_write(below(machine, "proc/4243/stat"), "4243 (a) b 1) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 0 0 0\n");
	unit_now(&machine->event);
	assert_stands(machine, VIEW_CALLER, "box/bin/tool");
	machine->event.failed_ns = -1;
	assert_stands(machine, VIEW_NOTHING, NULL);
	unit_now(&machine->event);
	/* or the caller has another root by now */
	machine->event.root = B("/jail");
	assert_stands(machine, VIEW_NOTHING, NULL);
	machine->event.root = (struct bytes){};
	machine->event.ppid = 7;
	machine->event.mnt_ns = inode_of(machine, "proc/7/ns/mnt");
	/* who is near may have another root */
	machine->event.root = B("/jail");
	assert_stands(machine, VIEW_NOTHING, NULL);
	machine->event.root = B("../../near");
	assert_stands(machine, VIEW_STAND_IN, "near/bin/tool");
	machine->event.root = (struct bytes){};
	machine->event.ppid = 0;
	machine->event.ancestors = ancestors;
	machine->event.n_ancestors = 2;
	assert_stands(machine, VIEW_STAND_IN, "near/bin/tool");
	machine->event.mnt_ns = inode_of(machine, "proc/self/ns/mnt");
	assert_stands(machine, VIEW_STAND_IN, "host/bin/tool");
	machine->event.mnt_ns = 0;
	machine->event.tid = 1;
	assert_stands(machine, VIEW_NOTHING, NULL);
}

/* A process that is ending has no root any more, and its mounts may be going. */
static void test_has_gone(void **state)
{
	struct machine *machine = *state;
	struct view *view = views_open(machine->views, machine->arena, program_caller(&machine->event));

	assert_false(view_has_gone(view));
	assert_int_equal(unlink(below(machine, "proc/4243/root")), 0);
	assert_true(view_has_gone(view));
	view_close(view);
	machine->event.mnt_ns = inode_of(machine, "proc/7/ns/mnt");
	machine->event.ppid = 7;
	view = views_open(machine->views, machine->arena, program_caller(&machine->event));
	assert_int_equal(view->standing, VIEW_STAND_IN);
	assert_false(view_has_gone(view));
	view_close(view);
}

static void test_texts(void **state)
{
	struct machine *machine = *state;
	struct view *view = views_open(machine->views, machine->arena, program_caller(&machine->event));
	uint64_t limit;

	unit_write(below(machine, "sys/lsm"), "apparmor\n");
	assert_bytes(view->ops->text(view, VIEW_PROCESS, "status"), "Tgid:\t4242\nSeccomp:\t2\n");
	assert_bytes(view->ops->text(view, VIEW_SYS, "lsm"), "apparmor\n");
	assert_null(view->ops->text(view, VIEW_PROC, "none").p);
	assert_true(view_limit(view, "Max stack size", &limit));
	assert_int_equal(limit, 8192);
	assert_true(view_limit(view, "Max processes", &limit));
	assert_true(limit == UINT64_MAX);
	assert_false(view_limit(view, "Max open files", &limit));
	assert_false(view_limit(view, "Max address space", &limit));
	view_close(view);
	view = views_open_nothing(machine->views, machine->arena);
	assert_int_equal(view->standing, VIEW_NOTHING);
	assert_null(view->ops->text(view, VIEW_PROCESS, "status").p);
	assert_bytes(view->ops->text(view, VIEW_SYS, "lsm"), "apparmor\n");
	assert_non_null(view->machine);
	view_close(view);
}

/* With a table in which the files of the machine are on a local file system. */
static struct view *local_view(struct machine *machine)
{
	unit_write(below(machine, "proc/4243/mountinfo"),
		   arena_printf(machine->arena, "%llu 1 0:1 / / rw - tmpfs x rw\n", unit_mount(below(machine, "box"))));
	return views_open(machine->views, machine->arena, program_caller(&machine->event));
}

/* Nobody writes to the fifo: to open it would take for ever. */
static bool has_cached_lookups(void)
{
	struct open_how how = { .flags = O_PATH | O_CLOEXEC, .resolve = 0x20 /* RESOLVE_CACHED */ };
	long fd = syscall(437 /* openat2 */, AT_FDCWD, "/", &how, sizeof(how));

	if (fd >= 0)
		close((int)fd);
	return fd >= 0 || errno == EAGAIN;
}

static void test_reading(void **state)
{
	struct machine *machine = *state;
	const struct view_proc nowhere = { -1, "" };
	struct view *view;
	struct view_node node;
	char room[16];
	int handle;

	/* Before 5.12, and under valgrind, names on it are not even looked up. */
	if (!has_cached_lookups())
		skip();
	view = views_open(machine->views, machine->arena, program_caller(&machine->event));
	unit_write(below(machine, "proc/4243/mountinfo"),
		   arena_printf(machine->arena, "%llu 1 0:1 / / rw - nfs4 x rw\n", unit_mount(below(machine, "box"))));
	assert_int_equal(mkfifo(below(machine, "box/fifo"), 0600), 0);
	unit_link(AT_FDCWD, "bin/tool", below(machine, "box/link"));
	handle = view->ops->enter(view, view->ops->root(view, &node), "fifo", &node);
	assert_true(handle >= 0);
	assert_int_equal(view->ops->read(view, handle, &node, 0, room, sizeof(room)), -EAGAIN);
	view->ops->leave(view, handle);
	/* of a file system that is not local */
	assert_int_equal(view->ops->descriptor(view, 3, &node), -EAGAIN);
	handle = view->ops->enter(view, view->ops->root(view, &node), "link", &node);
	assert_true(handle >= 0);
	assert_int_equal(view->ops->target(view, handle, &node, room, sizeof(room)), -EAGAIN);
	assert_int_equal(view->ops->attribute(view, handle, &node, "user.x", room, sizeof(room)), -EAGAIN);
	view->ops->leave(view, handle);
	view_close(view);
	machine->event.failed_ns = INT64_MAX; /* that table tells nothing of so late an event */
	view = local_view(machine);
	handle = view->ops->enter(view, view->ops->root(view, &node), "link", &node);
	assert_int_equal(view->ops->target(view, handle, &node, room, sizeof(room)), 8);
	view->ops->leave(view, handle);
	handle = view->ops->descriptor(view, 3, &node);
	assert_true(handle >= 0);
	assert_int_equal(view->ops->read(view, handle, &node, 0, room, sizeof(room)), 9);
	assert_int_equal(view->ops->read(view, handle, &node, 4, room, 4), 4);
	assert_memory_equal(room, "ents", 4);
	assert_int_equal(view->ops->read(view, handle, &node, 9, room, 4), 0);
	assert_true(view_is_local(view, &node));
	assert_bytes(view_mount(view, &node)->type, "tmpfs");
	assert_true(memmem(view->ops->path(view, handle).p, view->ops->path(view, handle).n, "box/bin/tool", 12));
	view->ops->leave(view, handle);
	assert_int_equal(view->ops->descriptor(view, 4, &node), -EAGAIN);
	assert_int_equal(view->ops->descriptor(view, -1, &node), -EAGAIN);
	assert_int_equal(view->ops->follow(view, AT_FDCWD, "x", &nowhere, &node), -EAGAIN);
	view_close(view);
}

/* A table tells of execs that failed before it was read; for later ones it is read again. */
static void test_tables(void **state)
{
	struct machine *machine = *state;
	struct event *event = &machine->event;
	struct view *view;

	unit_now(event);
	view = local_view(machine);
	assert_bytes(view->ops->mounts(view)->v[0].type, "tmpfs");
	view_close(view);
	unit_write(below(machine, "proc/4243/mountinfo"), "7 1 0:1 / / rw,noexec - ext4 x rw\n");
	unit_now(event);
	view = views_open(machine->views, machine->arena, program_caller(event));
	assert_bytes(view->ops->mounts(view)->v[0].type, "ext4");
	/* one that is missing may have come since */
	unit_write(below(machine, "proc/4243/mountinfo"), "8 1 0:1 / / rw,noexec - xfs x rw\n");
	assert_bytes(view->ops->mount(view, 8)->type, "xfs");
	assert_null(view->ops->mount(view, 9));
	view_close(view);
	/* a caller that ends takes it along: then that of its parent is asked, which has the same root */
	assert_int_equal(unlink(below(machine, "proc/4243/mountinfo")), 0);
	unit_now(event);
	event->mnt_ns = inode_of(machine, "proc/4243/ns/mnt");
	event->ppid = 8;
	assert_int_equal(symlink("4243", below(machine, "proc/8")), 0);
	view = views_open(machine->views, machine->arena, program_caller(event));
	assert_null(view->ops->mounts(view));
	unit_write(below(machine, "proc/4243/mountinfo"), "9 1 0:1 / / rw - xfs x rw\n");
	assert_non_null(view->ops->mount(view, 9));
	view_close(view);
}

/* A file in memory is on no mount that a table has. */
static void test_memory(void **state)
{
	struct arena *arena = ((struct machine *)*state)->arena;
	struct views *views = views_new(NULL);
	struct event event = unit_event(arena);
	struct view *view;
	struct view_node node;
	char room[4];
	int fd = memfd_create("x", MFD_CLOEXEC), handle;

	assert_int_equal(write(fd, "text", 4), 4);
	unit_now(&event);
	event.pid = event.tid = (uint32_t)getpid();
	view = views_open(views, event.arena, program_caller(&event));
	assert_int_equal(view->standing, VIEW_CALLER);
	handle = view->ops->descriptor(view, fd, &node);
	assert_true(handle >= 0);
	assert_true(view_is_local(view, &node));
	assert_int_equal(view->ops->read(view, handle, &node, 0, room, sizeof(room)), 4);
	view->ops->leave(view, handle);
	view_close(view);
	views_free(views);
	close(fd);
}

static void test_handlers(void **state)
{
	struct machine *machine = *state;
	struct view *view = views_open(machine->views, machine->arena, program_caller(&machine->event));

	assert_null(view->ops->handler(view, B("MZ"), B("/x.exe")).p);
	unit_write(below(machine, "proc/sys/fs/binfmt_misc/status"), "enabled\n");
	unit_write(below(machine, "proc/sys/fs/binfmt_misc/register"), "enabled\ninterpreter /no\nextension .exe\n");
	unit_write(below(machine, "proc/sys/fs/binfmt_misc/wine"), "enabled\ninterpreter /wine\nextension .exe\n");
	assert_bytes(view->ops->handler(view, B("MZ"), B("/x.exe")), "/wine");
	assert_null(view->ops->handler(view, B("MZ"), B("/x.jar")).p);
	view_close(view);
}

static void assert_path(struct machine *machine, const char *path, const char *expected, size_t base)
{
	struct view *view = views_open(machine->views, machine->arena, program_caller(&machine->event));
	struct view_path found = view_path_of_program(view, program_caller(&machine->event), bytes_of(path));

	assert_int_equal(!found.path.p, !expected);
	if (expected) {
		assert_bytes_at(found.path, expected, strlen(expected), __FILE__, __LINE__);
		assert_int_equal(found.base, base);
	}
	view_close(view);
}

static void test_paths(void **state)
{
	struct machine *machine = *state;
	struct event *event = &machine->event;

	event->cwd = B("/home");
	assert_path(machine, "/bin/x", "/bin/x", 0);
	assert_path(machine, "x", "/home/x", 5);
	assert_path(machine, NULL, NULL, 0);
	event->cut = 1u << PART_CWD;
	assert_path(machine, "x", NULL, 0);
	event->cut = 0;
	event->call = CALL_EXECVEAT;
	event->dirfd = 4;
	event->dirfd_path = B("/dir");
	assert_path(machine, "x", "/dir/x", 4);
	assert_path(machine, "", "/dir", 4);
	event->dirfd_path = B("pipe:[1]");
	assert_path(machine, "x", NULL, 0);
	event->dirfd = AT_FDCWD;
	assert_path(machine, "x", "/home/x", 5);
	event->cwd = B("/");
	assert_path(machine, "x", "//x", 0);
	/* of a caller in a chroot */
	assert_int_equal(unlink(below(machine, "proc/4243/root")), 0);
	assert_int_equal(symlink(below(machine, "box"), below(machine, "proc/4243/root")), 0);
	event->cwd = (struct bytes){ below(machine, "box/bin"), strlen(below(machine, "box/bin")) };
	assert_path(machine, "x", "/bin/x", 4);
	/* as the kernel says it, should we be in one, too */
	event->root = B("/outer/box");
	event->cwd = B("/outer/box/bin");
	assert_path(machine, "x", "/bin/x", 4);
	event->cwd = B("/outer/boxes");
	assert_path(machine, "x", "/outer/boxes/x", 12);
	event->root.p = NULL;
	event->root.n = 0;
	/* outside of it */
	event->cwd = B("/elsewhere");
	assert_path(machine, "x", "/elsewhere/x", 10);
	/* where the kernel did not say it */
	event->cwd.p = NULL;
	assert_int_equal(symlink("/asked", below(machine, "proc/4243/cwd")), 0);
	assert_path(machine, "x", "/asked/x", 6);
}

/* What is open outlives the namespace, but has no path of which the beginning is known. */
static void test_path_of_namespace_that_ends(void **state)
{
	struct machine *machine = *state;
	struct view *view = views_open(machine->views, machine->arena, program_caller(&machine->event));
	struct view_node node;
	int handle = view->ops->root(view, &node);

	assert_non_null(view->ops->path(view, handle).p);
	assert_int_equal(unlink(below(machine, "proc/4243/ns/mnt")), 0);
	assert_null(view->ops->path(view, handle).p);
	view_close(view);
}

/* A tick may be due, and the processor that keeps the clock be late. */
static void test_times_of_files(void **state)
{
	const struct view_node node = { .ctime_sec = 7, .ctime_nsec = 500 };
	const int64_t at = 7 * (int64_t)1000000000 + 500;
	struct timespec tick;

	(void)state;
	assert_int_equal(clock_getres(CLOCK_REALTIME_COARSE, &tick), 0);
	assert_true(view_lag_ns() >= 4 * tick.tv_nsec);
	assert_true(view_is_later(&node, at - 1));
	assert_false(view_is_later(&node, at));
	assert_true(view_may_be_later(&node, at + view_lag_ns() - 1));
	assert_false(view_may_be_later(&node, at + view_lag_ns()));
}

static void test_self(void **state)
{
	struct arena *arena = ((struct machine *)*state)->arena;
	struct views *views = views_new(NULL);
	struct view *view = views_open_self(views, arena);
	struct view_node root, proc, self;
	int directory, handle;

	assert_int_equal(view->standing, VIEW_SELF);
	directory = view->ops->enter(view, view->ops->root(view, &root), "proc", &proc);
	assert_true(directory >= 0);
	assert_bytes(view_mount(view, &proc)->type, "proc");
	handle = view->ops->follow(view, directory, "self", &(struct view_proc){ -1, "" }, &self);
	assert_true(handle >= 0 && S_ISDIR(self.mode));
	view->ops->leave(view, handle);
	view->ops->leave(view, directory);
	assert_int_equal(view->ops->enter(view, view->ops->root(view, &root), "no such name", &self), -ENOENT);
	assert_non_null(view->ops->mounts(view));
	view_close(view);
	views_free(views);
	views_free(NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_whose_root),
		TEST(test_has_gone),
		TEST(test_texts),
		TEST(test_reading),
		TEST(test_tables),
		TEST(test_memory),
		TEST(test_handlers),
		TEST(test_paths),
		TEST(test_self),
		TEST(test_handlers),
		TEST(test_path_of_namespace_that_ends),
		TEST(test_self),
		TEST(test_times_of_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
