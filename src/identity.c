// SPDX-License-Identifier: GPL-2.0-only
#include "identity.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/ask.h"
#include "base/memory.h"
#include "event/container.h"
#include "identity_parts.h"
#include "look/access.h"
#include "look/step.h"
#include "user.h"

#ifndef SYS_openat2
#define SYS_openat2 437 /* on all architectures */
#endif

enum { STRINGS_MAX = 4096 };

int identity_fail(struct identity *id, int err, const char *what, const char *name, const char *why)
{
	buffer_printf(id->error, "%s '", what);
	buffer_puts(id->error, name);
	buffer_printf(id->error, "': %s", why);
	return err;
}

static struct bytes read_path(struct arena *arena, const char *path)
{
	struct bytes text;
	int fd;

	step_at(path);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	text = ask_read(arena, fd);
	if (fd >= 0)
		close(fd);
	return text;
}

/* --- what /proc/PID/status would say --- */

static struct bytes status_of(struct arena *arena, const struct user *user, uint64_t caps, uint64_t bounding,
			      bool locked)
{
	BUFFER_AUTO struct buffer text = {};

	buffer_printf(&text, "Uid:\t%u\t%u\t%u\t%u\nGid:\t%u\t%u\t%u\t%u\nGroups:\t", user->uid, user->uid, user->uid,
		      user->uid, user->gid, user->gid, user->gid, user->gid);
	for (size_t i = 0; i < user->n_groups; i++)
		buffer_printf(&text, "%u ", user->groups[i]);
	buffer_printf(
		&text,
		"\nCapInh:\t%016llx\nCapPrm:\t%016llx\nCapEff:\t%016llx\nCapBnd:\t%016llx\nNoNewPrivs:\t%d\nSeccomp:\t0\n",
		0ull, (unsigned long long)caps, (unsigned long long)caps, (unsigned long long)bounding, locked);
	return (struct bytes){ arena_copy(arena, text.p, text.n), text.n };
}

void identity_become(struct identity *id, const struct user *user, uint64_t bounding, bool locked)
{
	id->who->uid = user->uid;
	id->who->gid = user->gid;
	id->who->as.status = status_of(id->arena, user, user->uid ? 0 : bounding, bounding, locked);
}

/* Ours, with what a login would set anew. */
static char **environment_of(struct arena *arena, const struct user *user)
{
	static const char *const own[] = { "HOME=", "USER=", "LOGNAME=", "SHELL=" };
	const char *values[] = { user->home, user->name, user->name, user->shell };
	size_t n = 0;
	char **list;

	while (environ[n])
		n++;
	list = arena_alloc(arena, (n + 1 + sizeof(own) / sizeof(own[0])) * sizeof(*list));
	n = 0;
	for (char **variable = environ; *variable; variable++) {
		bool replaced = false;

		for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
			replaced |= bytes_begins(bytes_of(*variable), own[i]);
		if (!replaced)
			list[n++] = *variable;
	}
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		list[n++] = arena_printf(arena, "%s%s", own[i], values[i]);
	return list;
}

static int as_user(struct identity *id, const char *name)
{
	struct user user;
	int err = user_find(&user, name);

	if (err) {
		err = identity_fail(id, err, "--user", name, "there is no such user" ASK_NOWHERE("/etc/passwd"));
	} else {
		identity_become(id, &user, IDENTITY_ALL_CAPS, false);
		id->who->environment = environment_of(id->arena, &user);
	}
	user_free(&user);
	return err;
}

/* --- a process --- */

/* Strings with NULs behind them, as /proc/PID/environ. */
static char **split(struct arena *arena, struct bytes text)
{
	char **list = arena_alloc(arena, (STRINGS_MAX + 1) * sizeof(*list));
	size_t n = 0;

	while (text.n && n < STRINGS_MAX)
		list[n++] = (char *)bytes_cut(&text, '\0').p;
	return list;
}

/* By what AppArmor or SELinux confine it, "docker-default (enforce)"; NULL: they do not, or it cannot be read. */
static const char *label_of(struct arena *arena, const char *pid)
{
	struct bytes text = read_path(arena, arena_printf(arena, "/proc/%s/attr/current", pid));

	text = bytes_first(text, bytes_find(text, '\n'));
	text = bytes_first(text, bytes_find(text, '\0'));
	if (!text.n || memmem(text.p, text.n, "unconfined", strlen("unconfined")))
		return NULL;
	return arena_copy(arena, text.p, text.n);
}

static int as_process(struct identity *id, const char *pid)
{
	struct credentials credentials;
	struct bytes status;
	const char *root;

	if (!*pid || strspn(pid, "0123456789") != strlen(pid))
		return identity_fail(id, -EINVAL, "--pid", pid, "is not the number of a process");
	status = read_path(id->arena, arena_printf(id->arena, "/proc/%s/status", pid));
	if (!status.n)
		return identity_fail(id, -ESRCH, "--pid", pid, "there is no such process");
	access_parse_status(id->arena, status, &credentials);
	id->who->as.pid = pid;
	id->who->filtered = credentials.seccomp > 0;
	id->who->label = label_of(id->arena, pid);
	id->who->uid = credentials.uid;
	id->who->gid = credentials.gid;
	id->who->environment = split(id->arena, read_path(id->arena, arena_printf(id->arena, "/proc/%s/environ", pid)));
	root = arena_printf(id->arena, "/proc/%s/root/.", pid);
	step_at(root);
	if (faccessat(AT_FDCWD, root, F_OK, AT_EACCESS))
		return identity_fail(id, -errno, "--pid", pid,
				     geteuid() ? "its root may be looked at by root alone"
					       : "its root may not be looked at");
	return 0;
}

/*
 * --- a container: the process of it that has the lowest number. Every user may call a group of his own so, and whoever does is heeded
 * only where the system has none of that name. ---
 */

enum { OF_SYSTEM, OF_USER, OF_NONE };

static int whose_container(struct arena *arena, const char *pid, const char *id)
{
	struct bytes text = read_path(arena, arena_printf(arena, "/proc/%s/cgroup", pid));
	struct container found = container_parse(arena, container_cgroup(text));

	if (!found.id.p || !bytes_begins(found.id, id))
		return OF_NONE;
	return found.delegated_to == CALLER_UNKNOWN ? OF_SYSTEM : OF_USER;
}

static int as_container(struct identity *id, const char *container)
{
	long first[] = { [OF_SYSTEM] = LONG_MAX, [OF_USER] = LONG_MAX, [OF_NONE] = 0 }, lowest, pid;
	DIR *proc = opendir("/proc");
	const struct dirent *entry;
	char *end;
	int whose;

	while (proc && (entry = readdir(proc))) {
		pid = strtol(entry->d_name, &end, 10);
		whose = *end || pid <= 0 ? OF_NONE : whose_container(id->arena, entry->d_name, container);
		first[whose] = pid < first[whose] ? pid : first[whose];
	}
	if (proc)
		closedir(proc);
	lowest = first[OF_SYSTEM] < LONG_MAX ? first[OF_SYSTEM] : first[OF_USER];
	if (lowest == LONG_MAX || !*container)
		return identity_fail(id, -ESRCH, "--container", container,
				     "no process here is of a container whose id begins so");
	return as_process(id, arena_printf(id->arena, "%ld", lowest));
}

/* --- which of them --- */

static int find_who(struct identity *id, const struct job_options *options, struct bytes unit)
{
	if (options->user)
		return as_user(id, options->user);
	if (options->pid)
		return as_process(id, options->pid);
	if (options->unit)
		return identity_of_unit(id, options->unit, unit);
	if (options->container)
		return as_container(id, options->container);
	id->who->environment = environ;
	id->who->uid = geteuid();
	id->who->gid = getegid();
	return 0;
}

/* In the root that is meant. */
static bool is_directory(const struct identity *id, const char *path)
{
	const struct view_as *as = &id->who->as;
	const char *root = as->root ? as->root : as->pid ? arena_printf(id->arena, "/proc/%s/root", as->pid) : "/";
	struct open_how how = { .flags = O_PATH | O_DIRECTORY | O_CLOEXEC, .resolve = RESOLVE_IN_ROOT };
	int top, fd;
	bool is;

	step_at(arena_printf(id->arena, "%s%s", root[1] ? root : "", path));
	top = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	fd = (int)syscall(SYS_openat2, top, path, &how, sizeof(how));
	/* Before 5.6, and where a filter of a container does not know it, the answer says what is wrong. */
	is = path[0] == '/' && (fd >= 0 || errno == ENOSYS || errno == EPERM || errno == EACCES);
	if (fd >= 0)
		close(fd);
	if (top >= 0)
		close(top);
	return is;
}

int identity_find(struct explain_who *who, const struct job_options *options, struct bytes unit, struct arena *arena,
		  struct buffer *error)
{
	struct identity id = { who, arena, error };
	struct stat st;
	char *cwd;
	int err;

	*who = (struct explain_who){};
	if (!options->user && !options->pid && !options->unit && !options->container && !options->root && !options->cwd)
		return 0;
	err = find_who(&id, options, unit);
	if (err)
		return err;
	if (options->root) {
		who->as.root = options->root;
		step_at(options->root);
	}
	if (options->root && (stat(options->root, &st) || !S_ISDIR(st.st_mode)))
		return identity_fail(&id, -ENOTDIR, "--root", options->root, "there is no such directory");
	if (options->cwd && !is_directory(&id, options->cwd))
		return identity_fail(&id, -ENOTDIR, "--cwd", options->cwd,
				     "there is no such directory (a path from the root)");
	if (options->cwd)
		who->cwd = options->cwd;
	else if (options->root)
		who->cwd = "/";
	else if (!who->cwd && !who->as.pid) {
		cwd = arena_alloc(arena, PATH_MAX);
		who->cwd = getcwd(cwd, PATH_MAX);
	}
	return 1;
}
