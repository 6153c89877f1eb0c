// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <errno.h>

#include "lookup.h"

/*
 * outside/file
 * root/file, root/dir/file, root/dir/fifo and links in root/
 */
struct tree {
	char *path;
	int root;
};

static void make_file(int dir, const char *name)
{
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL, 0755);

	assert_true(fd >= 0);
	close(fd);
}

static int setup(void **state)
{
	struct tree *tree = calloc(1, sizeof(*tree));
	int top;

	tree->path = unit_directory();
	top = open(tree->path, O_PATH | O_DIRECTORY);
	assert_int_equal(mkdirat(top, "outside", 0755), 0);
	assert_int_equal(mkdirat(top, "root", 0755), 0);
	tree->root = openat(top, "root", O_PATH | O_DIRECTORY);
	assert_int_equal(mkdirat(tree->root, "dir", 0755), 0);
	make_file(top, "outside/file");
	make_file(tree->root, "file");
	make_file(tree->root, "dir/file");
	assert_int_equal(mkfifoat(tree->root, "dir/fifo", 0755), 0);
	unit_link(tree->root, "/dir/file", "absolute");
	unit_link(tree->root, "dir/../dir/file", "relative");
	unit_link(tree->root, "../../outside/file", "escape");
	unit_link(tree->root, "dir", "to_dir");
	unit_link(tree->root, "missing", "dangling");
	unit_link(tree->root, "loop", "loop");
	unit_link(tree->root, "/proc/self/exe", "magic");
	unit_link(tree->root, "../file", "dir/up");
	close(top);
	*state = tree;
	return 0;
}

static int teardown(void **state)
{
	struct tree *tree = *state;

	close(tree->root);
	unit_remove(tree->path);
	free(tree);
	return 0;
}

struct row {
	const char *path;
	const char *found; /* from the root; NULL: err */
	int err;
};

static const struct row rows[] = {
	{ "/file", "file", 0 },
	{ "file", "file", 0 },
	{ "//dir///file", "dir/file", 0 },
	{ "/./dir/./file", "dir/file", 0 },
	{ "/", "", 0 },
	{ "/dir/", "dir", 0 },
	{ "/dir/..", "", 0 },
	{ "/dir/../file", "file", 0 },
	{ "/dir/fifo", "dir/fifo", 0 },
	{ "/absolute", "dir/file", 0 },
	{ "/relative", "dir/file", 0 },
	{ "/to_dir/file", "dir/file", 0 },
	{ "/to_dir/up", "file", 0 },
	{ "/dir/up", "file", 0 },
	/* the root is the end of the way up, for links as well */
	{ "/../../file", "file", 0 },
	{ "/../outside/file", NULL, -ENOENT },
	{ "/escape", NULL, -ENOENT },
	{ "/missing", NULL, -ENOENT },
	{ "/missing/../file", NULL, -ENOENT },
	{ "/dangling", NULL, -ENOENT },
	{ "/loop", NULL, -ELOOP },
	{ "/file/", NULL, -ENOTDIR },
	{ "/file/..", NULL, -ENOTDIR },
	{ "/file/x", NULL, -ENOTDIR },
	{ "/absolute/", NULL, -ENOTDIR },
	{ "", NULL, -ENOENT },
};

static void check(const struct tree *tree, const struct row *row, int fd)
{
	struct stat expected, found;

	if (!row->found) {
		if (fd >= 0)
			close(fd);
		if (fd != row->err)
			fail_msg("%s gave %d and not %d", row->path, fd, row->err);
		return;
	}
	if (fd < 0)
		fail_msg("%s gave %d", row->path, fd);
	assert_int_equal(fstat(fd, &found), 0);
	assert_int_equal(fstatat(tree->root, row->found, &expected, AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW), 0);
	if (found.st_ino != expected.st_ino)
		fail_msg("%s is another file", row->path);
	assert_int_equal(fcntl(fd, F_GETFL) & O_PATH, O_PATH);
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
	close(fd);
}

/* That there is nothing is not in memory. */
static int open_found(const struct tree *tree, const struct row *row, bool follow)
{
	int fd = lookup_open(tree->root, row->path, follow);

	return fd == -EAGAIN && row->err ? row->err : fd;
}

static void test_open(void **state)
{
	const struct tree *tree = *state;

	for (size_t i = 0; i < COUNT(rows); i++)
		check(tree, &rows[i], open_found(tree, &rows[i], true));
}

static void test_walk(void **state)
{
	const struct tree *tree = *state;

	for (size_t i = 0; i < COUNT(rows); i++)
		check(tree, &rows[i], lookup_walk(tree->root, rows[i].path, true));
}

static void test_links_that_are_not_followed(void **state)
{
	static const struct row nofollow[] = {
		{ "/absolute", "absolute", 0 }, { "/dangling", "dangling", 0 }, { "/to_dir/file", "dir/file", 0 },
		{ "/to_dir/", "dir", 0 },       { "/file", "file", 0 },
	};
	const struct tree *tree = *state;

	for (size_t i = 0; i < COUNT(nofollow); i++) {
		check(tree, &nofollow[i], open_found(tree, &nofollow[i], false));
		check(tree, &nofollow[i], lookup_walk(tree->root, nofollow[i].path, false));
	}
}

/* /proc/self is this process, and not the one whose path it is. */
static void test_links_of_proc(void **state)
{
	int root = open("/", O_PATH | O_DIRECTORY);

	(void)state;
	assert_true(lookup_open(root, "/proc/self/exe", true) < 0);
	assert_int_equal(lookup_walk(root, "/proc/self/exe", true), -ELOOP);
	close(root);
}

static void test_long_paths(void **state)
{
	const struct tree *tree = *state;
	char path[5000];

	memset(path, 'x', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	assert_int_equal(lookup_open(tree->root, path, true), -ENAMETOOLONG);
	assert_int_equal(lookup_walk(tree->root, path, true), -ENAMETOOLONG);
	path[4000] = '\0';
	assert_int_equal(lookup_walk(tree->root, path, true), -ENAMETOOLONG);
	for (size_t i = 0; i < 4000; i += 4)
		memcpy(path + i, "/../", 4);
	check(tree, &(struct row){ path, "", 0 }, lookup_walk(tree->root, path, true));
}

static void test_no_descriptor_is_left_open(void **state)
{
	const struct tree *tree = *state;
	int before = dup(0), after;

	close(before);
	for (size_t i = 0; i < COUNT(rows); i++) {
		int fd = lookup_walk(tree->root, rows[i].path, true);

		if (fd >= 0)
			close(fd);
	}
	after = dup(0);
	assert_int_equal(after, before);
	close(after);
}

static void test_file(void **state)
{
	const struct tree *tree = *state;
	struct arena *arena = arena_new();
	struct event_file file = {};
	struct stat st;
	char path[4096];
	int fd = lookup_walk(tree->root, "/absolute", true);

	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(lookup_file(arena, fd, &file), 0);
	assert_true(file.known);
	assert_true(file.dev == st.st_dev);
	assert_true(file.ino == st.st_ino);
	assert_true(file.ctime_sec == st.st_ctim.tv_sec);
	assert_true(file.ctime_nsec == st.st_ctim.tv_nsec);
	assert_int_equal(file.mode, S_IFREG | (st.st_mode & 07777));
	assert_non_null(realpath(tree->path, path));
	strcat(path, "/root/dir/file");
	assert_string_equal(file.path.p, path);
	assert_int_equal(file.path.n, strlen(path));
	close(fd);
	assert_int_equal(lookup_file(arena, -1, &file), -EBADF);
	arena_free(arena);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_open),
		TEST(test_walk),
		TEST(test_links_that_are_not_followed),
		cmocka_unit_test(test_links_of_proc),
		TEST(test_long_paths),
		TEST(test_no_descriptor_is_left_open),
		TEST(test_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
