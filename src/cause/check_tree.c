// SPDX-License-Identifier: GPL-2.0-only
#include "cause/check_tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/memory.h"

enum { DEPTH_MAX = 512 }; /* directories in one another */

struct walk {
	struct check_tree *tree;
	struct buffer path; /* of the directory, with a slash behind it; empty at the top */
	int depth;
};

static void add_file(struct walk *walk, const char *name)
{
	struct check_tree *tree = walk->tree;
	size_t n = strlen(name);
	char *path = memory_new(walk->path.n + n + 1);

	if (walk->path.n)
		memcpy(path, walk->path.p, walk->path.n);
	memcpy(path + walk->path.n, name, n + 1);
	if (!(tree->n & (tree->n - 1)))
		tree->paths = memory_resize(tree->paths, (tree->n ? 2 * tree->n : 1) * sizeof(*tree->paths));
	tree->paths[tree->n++] = path;
}

/* Files that the kernel makes up are no programs. */
static bool is_of_tree(int fd)
{
	struct statfs fs;

	if (fstatfs(fd, &fs))
		return false;
	switch ((uint32_t)fs.f_type) {
	case PROC_SUPER_MAGIC:
	case SYSFS_MAGIC:
	case CGROUP_SUPER_MAGIC:
	case CGROUP2_SUPER_MAGIC:
	case DEBUGFS_MAGIC:
	case TRACEFS_MAGIC:
	case SECURITYFS_MAGIC:
	case DEVPTS_SUPER_MAGIC:
	case BPF_FS_MAGIC:
		return false;
	default:
		return true;
	}
}

static int walk_directory(struct walk *walk, int fd, dev_t dev);

static void walk_below(struct walk *walk, int directory, const char *name, dev_t dev)
{
	size_t before = walk->path.n;
	int fd = openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	buffer_puts(&walk->path, name);
	buffer_put(&walk->path, '/');
	if (fd < 0 || walk->depth == DEPTH_MAX || walk_directory(walk, fd, dev))
		walk->tree->closed++;
	if (fd >= 0 && walk->depth == DEPTH_MAX)
		close(fd);
	walk->path.n = before;
}

static void walk_entry(struct walk *walk, int directory, const struct dirent *entry, dev_t dev)
{
	struct stat st;

	if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
		return;
	walk->tree->files++;
	if (entry->d_type == DT_DIR) {
		walk_below(walk, directory, entry->d_name, dev);
		return;
	}
	if (entry->d_type != DT_REG && entry->d_type != DT_UNKNOWN)
		return;
	if (fstatat(directory, entry->d_name, &st, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT))
		return;
	if (S_ISDIR(st.st_mode))
		walk_below(walk, directory, entry->d_name, dev);
	else if (S_ISREG(st.st_mode) && st.st_mode & 0111)
		add_file(walk, entry->d_name);
}

/* Takes fd. */
static int walk_directory(struct walk *walk, int fd, dev_t dev)
{
	const struct dirent *entry;
	struct stat st;
	DIR *directory;

	if (fstat(fd, &st) || (st.st_dev != dev && !is_of_tree(fd))) {
		close(fd);
		return 0;
	}
	directory = fdopendir(fd);
	if (!directory) {
		close(fd);
		return -ENOMEM;
	}
	walk->depth++;
	while ((entry = readdir(directory)))
		walk_entry(walk, fd, entry, st.st_dev);
	walk->depth--;
	closedir(directory);
	return 0;
}

int check_tree_walk(struct check_tree *tree, const char *top)
{
	struct walk walk = { .tree = tree };
	int fd = open(top, O_RDONLY | O_DIRECTORY | O_CLOEXEC), err;

	*tree = (struct check_tree){};
	if (fd < 0)
		return -errno;
	err = walk_directory(&walk, fd, 0);
	buffer_free(&walk.path);
	return err;
}

void check_tree_free(struct check_tree *tree)
{
	for (size_t i = 0; i < tree->n; i++)
		free(tree->paths[i]);
	free(tree->paths);
	*tree = (struct check_tree){};
}
