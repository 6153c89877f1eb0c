// SPDX-License-Identifier: GPL-2.0-only
#include "event/container.h"

#include <stdio.h>
#include <string.h>

#include "look/caller.h"

enum {
	ID_MIN = 12, /* digits of an id of Docker's kind */
	ID_FULL = 64,
	UUID = 36,
};

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

static struct bytes without(struct bytes in, const char *start, const char *end)
{
	in = bytes_after(in, strlen(start));
	return bytes_ends(in, end) ? bytes_first(in, in.n - strlen(end)) : in;
}

static bool is_id(struct bytes in, size_t least)
{
	for (size_t i = 0; i < in.n; i++)
		if (!is_hex(in.p[i]))
			return false;
	return in.n >= least && in.n <= ID_FULL;
}

/* What runtimes call their control groups: PREFIX ID SUFFIX, where an id is hexadecimal or any name. */
static const struct kind {
	const char *prefix;
	const char *suffix; /* "": may be missing */
	const char *runtime;
	bool named;
} kinds[] = {
	{ "docker-", ".scope", "docker", false },
	{ "cri-containerd-", ".scope", "containerd", false },
	{ "nerdctl-", ".scope", "containerd", false },
	{ "crio-", ".scope", "cri-o", false },
	{ "crio-", "", "cri-o", false },
	{ "libpod-", ".scope", "podman", false },
	{ "libpod-", "", "podman", false },
	{ "systemd-nspawn@", ".service", "systemd-nspawn", true },
	{ "machine-", ".scope", "systemd-nspawn", true },
	{ "lxc.payload.", "", "lxc", true },
};

/* The same by the directory that they are in. */
static const struct kind parents[] = {
	{ "docker", "", "docker", false },    { "lxc", "", "lxc", true },
	{ "lxc.payload", "", "lxc", true },   { "libpod_parent", "", "podman", false },
	{ "buildkit", "", "buildkit", true },
};

enum { KINDS = sizeof(kinds) / sizeof(kinds[0]), PARENTS = sizeof(parents) / sizeof(parents[0]) };

const char *container_runtime(size_t i)
{
	if (i >= KINDS + PARENTS)
		return NULL;
	return i < KINDS ? kinds[i].runtime : parents[i - KINDS].runtime;
}

static bool match(struct bytes name, const struct kind *kind, struct container *c)
{
	struct bytes id;

	if (!bytes_begins(name, kind->prefix) || name.n == strlen(kind->prefix))
		return false;
	if (*kind->suffix && !bytes_ends(name, kind->suffix))
		return false;
	id = without(name, kind->prefix, kind->suffix);
	/* machine-qemu\x2d1\x2dNAME.scope is a virtual machine of libvirt's. */
	if (kind->named ? !id.n || bytes_begins(id, "qemu\\x2d") : !is_id(id, ID_MIN))
		return false;
	c->id = id;
	c->runtime = kind->runtime;
	return true;
}

/* kubepods-besteffort-podUID.slice:cri-containerd:ID */
static bool match_colons(struct bytes name, struct container *c)
{
	const char *last = name.n ? memrchr(name.p, ':', name.n) : NULL;
	struct bytes id, before;

	if (!last)
		return false;
	before = bytes_first(name, (size_t)(last - name.p));
	id = bytes_after(name, before.n + 1);
	if (!is_id(id, ID_MIN))
		return false;
	c->id = id;
	c->runtime = bytes_ends(before, ":cri-containerd") ? "containerd"
		     : bytes_ends(before, ":crio")         ? "cri-o"
		     : bytes_ends(before, ":docker")       ? "docker"
							   : NULL;
	return true;
}

static void find_container(struct bytes name, struct bytes parent, struct container *c)
{
	for (size_t i = 0; i < KINDS; i++)
		if (match(name, &kinds[i], c))
			return;
	for (size_t i = 0; i < PARENTS; i++) {
		if (!bytes_is(parent, parents[i].prefix) || (!parents[i].named && !is_id(name, ID_MIN)))
			continue;
		c->id = name;
		c->runtime = parents[i].runtime;
		return;
	}
	if (match_colons(name, c))
		return;
	/* Somebody's: of the runtime of a Kubernetes with the cgroupfs driver, for one, which does not say its name. */
	if (is_id(name, ID_FULL)) {
		c->id = name;
		c->runtime = NULL;
	}
}

static bool is_uid(const char *p)
{
	static const char shape[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

	for (size_t i = 0; i < UUID; i++)
		if (shape[i] == '-' ? p[i] != '-' && p[i] != '_' : !is_hex(p[i]))
			return false;
	return true;
}

/* podUID, or kubepods-burstable-podUID.slice, where systemd wants other dashes. */
static void find_pod(struct arena *arena, struct bytes name, struct container *c)
{
	const char *pod = memmem(name.p, name.n, "pod", 3);
	char *uid;

	/* "kubepods" has one, too. */
	while (pod && name.p + name.n - pod >= 3 + UUID && !is_uid(pod + 3))
		pod = memmem(pod + 1, (size_t)(name.p + name.n - pod - 1), "pod", 3);
	if (!pod || name.p + name.n - pod < 3 + UUID)
		return;
	uid = arena_copy(arena, pod + 3, UUID);
	for (size_t i = 0; i < UUID; i++)
		if (uid[i] == '_')
			uid[i] = '-';
	c->pod_uid = (struct bytes){ uid, UUID };
}

static bool is_unit(struct bytes name)
{
	return (bytes_ends(name, ".service") || bytes_ends(name, ".scope")) && name.p[0] != '.';
}

/* As the system's manager calls what it starts for a user: /user.slice/user-1000.slice/user@1000.service */
enum { MANAGER_DEPTH = 3 };

static bool is_users_manager(struct bytes name, struct bytes parent, int depth, uint32_t *uid)
{
	char expected[2][48];
	int n = 0;

	if (depth != MANAGER_DEPTH || !bytes_begins(name, "user@") || name.n >= sizeof(expected[0]))
		return false;
	snprintf(expected[0], sizeof(expected[0]), "%.*s", (int)name.n, name.p);
	if (sscanf(expected[0], "user@%u.service%n", uid, &n) != 1 || (size_t)n != name.n)
		return false;
	snprintf(expected[1], sizeof(expected[1]), "user-%u.slice", *uid);
	return bytes_is(parent, expected[1]);
}

/* Of a group that no container is above of. */
static void find_all(struct arena *arena, struct bytes name, struct bytes parent, struct container *c)
{
	find_container(name, parent, c);
	if (c->delegated_to == CALLER_UNKNOWN) {
		if (!c->pod_uid.p)
			find_pod(arena, name, c);
		if (!c->unit.p && is_unit(name))
			c->unit = name;
		return;
	}
	/* That of the manager itself. */
	if (!c->user_unit.p && is_unit(name) && !bytes_is(name, "init.scope"))
		c->user_unit = name;
}

struct container container_parse(struct arena *arena, struct bytes cgroup)
{
	struct container c = { .delegated_to = CALLER_UNKNOWN };
	bool of_users = false;
	struct bytes name, parent = {};
	uint32_t uid;

	for (int depth = 1; cgroup.n && !c.id.p;) {
		name = bytes_cut(&cgroup, '/');
		if (!name.n)
			continue;
		of_users = depth == 1 ? bytes_is(name, "user.slice") : of_users;
		find_all(arena, name, parent, &c);
		if (of_users && is_users_manager(name, parent, depth, &uid))
			c.delegated_to = uid;
		parent = name;
		depth++;
	}
	return c;
}

/* "4:memory:/path": what is behind the second colon, as long as it is more than the root. */
struct bytes container_cgroup(struct bytes text)
{
	struct bytes best = {};

	while (text.n) {
		struct bytes line = bytes_cut(&text, '\n');
		bool of_systemd;

		bytes_cut(&line, ':');
		/* What is behind it may have been named by anybody. */
		of_systemd = bytes_is(bytes_cut(&line, ':'), "name=systemd");
		if (line.n <= 1)
			continue;
		if (of_systemd)
			return line;
		if (line.n > best.n)
			best = line;
	}
	return best;
}
