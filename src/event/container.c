// SPDX-License-Identifier: GPL-2.0-only
#include "event/container.h"

#include <string.h>

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
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (match(name, &kinds[i], c))
			return;
	for (size_t i = 0; i < sizeof(parents) / sizeof(parents[0]); i++) {
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

static void find_unit(struct bytes name, struct container *c)
{
	/* That of a service manager itself, inside of the service that it is. */
	if (bytes_is(name, "init.scope") && c->unit.p)
		return;
	if (bytes_ends(name, ".service") || bytes_ends(name, ".scope"))
		c->unit = name.p[0] == '.' ? c->unit : name;
}

struct container container_parse(struct arena *arena, struct bytes cgroup)
{
	struct bytes name, parent = {};
	struct container c = {};

	while (cgroup.n) {
		name = bytes_cut(&cgroup, '/');
		if (!name.n)
			continue;
		find_container(name, parent, &c);
		find_pod(arena, name, &c);
		find_unit(name, &c);
		parent = name;
	}
	return c;
}

/* "4:memory:/path": what is behind the second colon, as long as it is more than the root. */
struct bytes container_cgroup(struct bytes text)
{
	struct bytes best = {};

	while (text.n) {
		struct bytes line = bytes_cut(&text, '\n');
		bool of_systemd = memmem(line.p, line.n, ":name=systemd:", strlen(":name=systemd:"));

		bytes_cut(&line, ':');
		bytes_cut(&line, ':');
		if (line.n <= 1)
			continue;
		if (of_systemd)
			return line;
		if (line.n > best.n)
			best = line;
	}
	return best;
}
