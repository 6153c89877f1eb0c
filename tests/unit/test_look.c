// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <linux/magic.h>

#include "event/program.h"
#include "look/look.h"
#include "world.h"

static const struct world_file files[] = {
	{ "/bin/tool", 0755 },
	{ "/bin/link", S_IFLNK | 0777, "tool" },
	{ "/bin/up", S_IFLNK | 0777, "../../../bin/tool" },
	{ "/bin/chain", S_IFLNK | 0777, "/bin/link" },
	{ "/bin/dangling", S_IFLNK | 0777, "/opt/none" },
	{ "/bin/half", S_IFLNK | 0777, "/opt" },
	{ "/bin/a", S_IFLNK | 0777, "b" },
	{ "/bin/b", S_IFLNK | 0777, "a" },
	{ "/opt/x", 0644 },
	{ "/dir", S_IFLNK | 0777, "bin" },
	{ "/closed", S_IFDIR | 0700 },
	{ "/closed/tool", 0755 },
	{ "/group", S_IFDIR | 0710, .gid = 77 },
	{ "/group/tool", 0755 },
	{ "/proc/self", S_IFLNK | 0777, "42", .mount = 2 },
	{ "/proc/42/exe", 0755, .mount = 2 },
	{ "/far/tool", 0755, .error = EAGAIN },
	{},
};

struct room {
	struct arena *arena;
	struct world world;
	struct credentials caller;
	struct look_how how;
	struct look look;
};

static int setup(void **state)
{
	struct room *room = calloc(1, sizeof(*room));

	room->arena = arena_new();
	room->world = (struct world){ .files = files };
	room->caller = access_nobody;
	room->caller.uid = 1000;
	room->caller.gid = 1000;
	room->how = (struct look_how){
		.view = world_view(&room->world, room->arena, VIEW_CALLER),
		.credentials = &room->caller,
		.follow = true,
		.permissions = true,
	};
	*state = room;
	return 0;
}

static int teardown(void **state)
{
	struct room *room = *state;

	view_close(room->how.view);
	arena_free(room->arena);
	free(room);
	return 0;
}

/* Looks, and lets go again. */
static int look(struct room *room, const char *path)
{
	look_path(&room->how, (struct view_path){ { path, strlen(path) }, 0 }, &room->look);
	look_end(&room->how, &room->look);
	return room->look.error;
}

static void test_found(void **state)
{
	struct room *room = *state;

	assert_int_equal(look(room, "/bin/tool"), 0);
	assert_bytes(room->look.at, "/bin/tool");
	assert_int_equal(room->look.node.mode, S_IFREG | 0755);
	assert_int_equal(look(room, "/bin/link"), 0);
	assert_bytes(room->look.at, "/bin/tool");
	assert_int_equal(look(room, "/bin/up"), 0);
	assert_bytes(room->look.at, "/bin/tool");
	assert_int_equal(look(room, "/dir/chain"), 0);
	assert_bytes(room->look.at, "/bin/tool");
	assert_int_equal(look(room, "//bin/.././/bin///tool"), 0);
	assert_int_equal(look(room, "/"), 0);
	assert_bytes(room->look.at, "/");
	assert_int_equal(look(room, "/bin/"), 0);
	assert_int_equal(look(room, "/../.."), 0);
	room->how.follow = false;
	assert_int_equal(look(room, "/bin/link"), 0);
	assert_true(S_ISLNK(room->look.node.mode));
	assert_int_equal(look(room, "/dir/tool"), 0);
}

/* A directory that is named again and again is asked once. */
static void test_dots(void **state)
{
	static const char *const paths[] = { "/bin/././tool", "/././bin/tool", "/bin/tool/.", "/bin/.", "/./bin/..x" };
	static const int answers[] = { 0, 0, ENOTDIR, 0, ENOENT };
	char path[4096] = "/bin";
	struct room *room = *state;
	uint64_t before;

	for (size_t i = 0; i < COUNT(paths); i++)
		assert_int_equal(look(room, paths[i]), answers[i]);
	for (size_t n = 4; n < sizeof(path) - 8; n += 2)
		memcpy(path + n, "/.", 3);
	memcpy(path + strlen(path), "/tool", 6);
	before = room->how.view->steps;
	assert_int_equal(look(room, path), 0);
	assert_true(room->how.view->steps - before < 16);
}

static void test_missing(void **state)
{
	struct room *room = *state;

	assert_int_equal(look(room, "/bin/none"), ENOENT);
	assert_bytes(room->look.at, "/bin/none");
	assert_true(room->look.last);
	assert_null(room->look.link.p);
	assert_int_equal(look(room, "/none/sub/tool"), ENOENT);
	assert_bytes(room->look.at, "/none");
	assert_false(room->look.last);
	assert_int_equal(look(room, "/bin/dangling"), ENOENT);
	assert_bytes(room->look.link, "/bin/dangling");
	assert_bytes(room->look.target, "/opt/none");
	assert_bytes(room->look.at, "/opt/none");
	/* the link leads somewhere: what is missing lies behind it */
	assert_int_equal(look(room, "/bin/half/none"), ENOENT);
	assert_null(room->look.link.p);
	assert_bytes(room->look.at, "/opt/none");
}

/* Between the two steps the name may have been removed: that the directory was changed then is to be known. */
static void test_removed_meanwhile(void **state)
{
	struct room *room = *state;

	assert_int_equal(look(room, "/bin/none"), ENOENT);
	assert_int_equal(room->look.at_node.ctime_sec, 0);
	room->world.later = 77;
	assert_int_equal(look(room, "/bin/none"), ENOENT);
	assert_int_equal(room->look.at_node.ctime_sec, 77);
}

static void test_not_directory(void **state)
{
	struct room *room = *state;

	assert_int_equal(look(room, "/bin/tool/x"), ENOTDIR);
	assert_bytes(room->look.at, "/bin/tool");
	assert_int_equal(look(room, "/bin/tool/"), ENOTDIR);
	assert_int_equal(look(room, "/bin/tool/.."), ENOTDIR);
}

static void test_loops_and_lengths(void **state)
{
	struct room *room = *state;
	char name[300], path[400];

	assert_int_equal(look(room, "/bin/a"), ELOOP);
	assert_non_null(room->look.link.p);
	assert_true(room->look.circle);
	/* too many links, though each leads somewhere */
	path[0] = '\0';
	for (int i = 0; i <= 40; i++)
		strcat(path, "/dir/..");
	assert_int_equal(look(room, path), ELOOP);
	assert_false(room->look.circle);
	path[40 * strlen("/dir/..")] = '\0';
	assert_int_equal(look(room, path), 0);
	memset(name, 'n', sizeof(name));
	memcpy(name, "/bin/", 5);
	name[261] = '\0';
	assert_int_equal(look(room, name), ENAMETOOLONG);
	name[260] = '\0';
	assert_int_equal(look(room, name), ENOENT);
}

static void test_permission(void **state)
{
	struct room *room = *state;

	assert_int_equal(look(room, "/closed/tool"), EACCES);
	assert_bytes(room->look.at, "/closed");
	assert_int_equal(room->look.at_node.mode, S_IFDIR | 0700);
	/* what is behind it makes no difference */
	assert_int_equal(look(room, "/closed/none"), EACCES);
	assert_int_equal(look(room, "/closed"), 0);
	assert_int_equal(look(room, "/group/tool"), 0);
	assert_bytes(room->look.doubt, "/group");
	room->caller.groups_known = true;
	assert_int_equal(look(room, "/group/tool"), EACCES);
	/* What the kernel let it pass was another. */
	room->how.passed = room->caller.capabilities_known = true;
	assert_int_equal(look(room, "/closed/tool"), EAGAIN);
	assert_true(room->look.other);
	room->caller.groups_known = false;
	assert_int_equal(look(room, "/group/tool"), EAGAIN);
	assert_false(room->look.other);
	room->how.permissions = room->how.passed = false;
	assert_int_equal(look(room, "/closed/tool"), 0);
}

static void test_unseen(void **state)
{
	struct room *room = *state;

	assert_int_equal(look(room, "/far/tool"), EAGAIN);
	/* a link of proc that is another one for us */
	assert_int_equal(look(room, "/proc/self/exe"), EAGAIN);
	assert_int_equal(look(room, "/proc/42/exe"), 0);
	assert_int_equal(look(room, ""), EAGAIN);
	room->how.view->standing = VIEW_NOTHING;
	assert_int_equal(look(room, "/bin/tool"), EAGAIN);
}

/* Where the whole of a proc file system is mounted, links of the caller's own process are followed. */
static void test_proc(void **state)
{
	static const struct world_file proc[] = {
		{ "/proc", S_IFDIR | 0755, .mount = 2, .ino = 1 },
		{ "/proc/self", S_IFLNK | 0777, "1", .mount = 2 },
		{ "/proc/thread-self", S_IFLNK | 0777, "1/task/1", .mount = 2 },
		{ "/proc/42", S_IFDIR | 0755, .mount = 2 },
		{ "/proc/42/fd", S_IFDIR | 0500, .mount = 2 }, /* as of who has changed his user */
		{ "/proc/42/fd/3", S_IFLNK | 0777, "/elsewhere", .mount = 2 },
		{ "/proc/42/task", S_IFDIR | 0755, .mount = 2 },
		{ "/proc/42/task/43", S_IFDIR | 0755, .mount = 2 },
		{ "/proc/42/task/43/cwd", S_IFLNK | 0777, "/elsewhere", .mount = 2 },
		{ "/proc/42/map_files", S_IFDIR | 0755, .mount = 2, .error = EIO }, /* nobody enters it */
		{ "/proc/42/net", S_IFDIR | 0755, .mount = 2, .error = EIO },
		{ "/proc/7", S_IFDIR | 0755, .mount = 2 },
		{ "/proc/7/exe", S_IFLNK | 0777, "/elsewhere", .mount = 2 },
		{ "/proc/7/fd", S_IFDIR | 0500, .mount = 2 },
		{ "/dev/fd", S_IFLNK | 0777, "/proc/self/fd" },
		{ "/bin/tool", 0755 },
		{ "/bin", S_IFDIR | 0755 },
		{},
	};
	struct room *room = *state;

	room->world.files = proc;
	room->world.descriptor = "/bin/tool";
	assert_int_equal(look(room, "/proc/self/fd/3"), 0);
	assert_true(S_ISREG(room->look.node.mode));
	assert_bytes(room->look.at, "/proc/42/fd/3");
	assert_int_equal(look(room, "/dev/fd/3"), 0);
	assert_int_equal(look(room, "/dev/fd/4"), ENOENT);
	assert_int_equal(look(room, "/proc/42/fd/3/x"), ENOTDIR);
	/* what asks its memory */
	assert_int_equal(look(room, "/proc/self/map_files/1000-2000/x"), EAGAIN);
	assert_int_equal(look(room, "/proc/self/task/43/net/x"), EAGAIN);
	assert_int_equal(look(room, "/proc/42/net"), EAGAIN);
	/* another's, which the caller need not be allowed */
	assert_int_equal(look(room, "/proc/7/exe"), EAGAIN);
	assert_int_equal(look(room, "/proc/7/fd/3"), EACCES);
	room->world.descriptor = "/bin";
	assert_int_equal(look(room, "/proc/thread-self/cwd/tool"), 0);
	/* its parent is not where the link is */
	assert_int_equal(look(room, "/proc/thread-self/cwd/.."), EAGAIN);
	room->how.view->standing = VIEW_STAND_IN;
	assert_int_equal(look(room, "/proc/self/fd/3"), EAGAIN);
}

static void test_budget(void **state)
{
	struct room *room = *state;

	for (int i = 0; i < VIEW_NAMES / 2; i++)
		assert_true(view_spend(room->how.view));
	assert_int_equal(look(room, "/bin/tool"), 0);
	room->how.view->names = VIEW_NAMES - 1;
	assert_int_equal(look(room, "/bin/tool"), EAGAIN);
	room->how.view->standing = VIEW_SELF;
	assert_int_equal(look(room, "/bin/tool"), 0);
}

static void test_base(void **state)
{
	struct room *room = *state;

	/* the caller is in there: what leads to it does not matter */
	look_path(&room->how, (struct view_path){ B("/closed/none"), 7 }, &room->look);
	assert_int_equal(room->look.error, EACCES);
	room->caller.uid = 0;
	look_path(&room->how, (struct view_path){ B("/closed/none"), 7 }, &room->look);
	assert_int_equal(room->look.error, ENOENT);
	look_path(&room->how, (struct view_path){ B("/none/tool"), 5 }, &room->look);
	assert_int_equal(room->look.error, EAGAIN);
	look_path(&room->how, (struct view_path){ B("/closed"), 7 }, &room->look);
	assert_int_equal(room->look.error, 0);
	look_end(&room->how, &room->look);
}

static void test_program(void **state)
{
	struct event event = unit_event(((struct room *)*state)->arena);
	struct room *room = *state;

	event.path = B("tool");
	event.cwd = B("/bin");
	program_look(&room->how, &event, &room->look);
	assert_int_equal(room->look.error, 0);
	look_end(&room->how, &room->look);
	event.call = CALL_EXECVEAT;
	event.path = B("");
	event.dirfd = 5;
	event.flags = AT_EMPTY_PATH;
	event.dirfd_path = B("/bin/none");
	room->world.descriptor = "/bin/tool";
	program_look(&room->how, &event, &room->look);
	assert_int_equal(room->look.error, 0);
	assert_bytes(room->look.at, "/bin/tool");
	look_end(&room->how, &room->look);
	/* by the path that it had, which need not lead there any more */
	room->world.descriptor = NULL;
	program_look(&room->how, &event, &room->look);
	assert_int_equal(room->look.error, EAGAIN);
	event.dirfd_path = B("/bin/tool");
	program_look(&room->how, &event, &room->look);
	assert_int_equal(room->look.error, 0);
	look_end(&room->how, &room->look);
	event.flags = 0;
	program_look(&room->how, &event, &room->look);
	assert_int_equal(room->look.error, EAGAIN);
	event.path = B("/bin/tool");
	event.cut = 1u << PART_PATH;
	program_look(&room->how, &event, &room->look);
	assert_int_equal(room->look.error, EAGAIN);
	assert_true(program_follows(&event));
	event.flags = AT_SYMLINK_NOFOLLOW;
	assert_false(program_follows(&event));
}

/* A descriptor's number, and a path, may be another file's by the time that somebody looks. */
static void test_another_file(void **state)
{
	static const struct world_file others[] = {
		{ "/bin/tool", 0755, .ino = 7, .changed = 100 },
		{ "/bin/other", 0755, .ino = 8, .changed = 100 },
		{ "/dir/tool", 0755 },
		{ "/dir", S_IFDIR | 0755, .ino = 9, .changed = 200 },
		{},
	};
	struct event event = unit_event(((struct room *)*state)->arena);
	struct room *room = *state;

	room->world.files = others;
	room->world.descriptor = "/bin/other";
	event.call = CALL_EXECVEAT;
	event.path = B("");
	event.dirfd = 5;
	event.flags = AT_EMPTY_PATH;
	event.dirfd_path = B("/bin/tool");
	event.dirfd_file = (struct event_file){ .known = true, .dev = 5, .ino = 7, .ctime_sec = 100, .mode = 0100755 };
	program_look(&room->how, &event, &room->look);
	assert_int_equal(room->look.error, 0);
	assert_bytes(room->look.at, "/bin/tool");
	look_end(&room->how, &room->look);
	/* One that was given its number, or it was changed. */
	event.dirfd_file.ctime_sec = 99;
	program_look(&room->how, &event, &room->look);
	assert_int_equal(room->look.error, EAGAIN);
	assert_true(room->look.other);
	event.dirfd_file.ctime_sec = 100;
	event.dirfd_file.dev = 6;
	program_look(&room->how, &event, &room->look);
	assert_int_equal(room->look.error, EAGAIN);
	/* A directory changes with its names. */
	event.flags = 0;
	event.path = B("tool");
	event.dirfd_path = B("/dir");
	event.dirfd_file = (struct event_file){ .known = true, .dev = 5, .ino = 9, .ctime_sec = 100, .mode = 0040755 };
	program_look(&room->how, &event, &room->look);
	assert_int_equal(room->look.error, 0);
	look_end(&room->how, &room->look);
	event.dirfd_file.ino = 10;
	program_look(&room->how, &event, &room->look);
	assert_int_equal(room->look.error, EAGAIN);
	assert_true(room->look.other);
}

/* What the kernel has opened is the program, whatever its path leads to by now. */
static void test_opened_file(void **state)
{
	struct event event = unit_event(((struct room *)*state)->arena);
	struct room *room = *state;

	event.path = B("/bin/tool");
	event.binary = (struct event_file){ .known = true, .dev = 5, .ino = 10 };
	event.binary_source = BINARY_SOURCE_KERNEL;
	program_look(&room->how, &event, &room->look);
	assert_int_equal(room->look.error, 0);
	look_end(&room->how, &room->look);
	event.binary.ino = 11;
	program_look(&room->how, &event, &room->look);
	assert_int_equal(room->look.error, EAGAIN);
	assert_true(room->look.other);
	event.binary_source = BINARY_SOURCE_STAT;
	program_look(&room->how, &event, &room->look);
	assert_int_equal(room->look.error, 0);
	look_end(&room->how, &room->look);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_found),         TEST(test_dots),
		TEST(test_missing),       TEST(test_removed_meanwhile),
		TEST(test_not_directory), TEST(test_loops_and_lengths),
		TEST(test_permission),    TEST(test_unseen),
		TEST(test_base),          TEST(test_proc),
		TEST(test_budget),        TEST(test_program),
		TEST(test_another_file),  TEST(test_opened_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
