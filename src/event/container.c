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

static bool begins_with(struct bytes in, const char *start)
{
	size_t n = strlen(start);

	return in.n >= n && !memcmp(in.p, start, n);
}

static bool ends_with(struct bytes in, const char *end)
{
	size_t n = strlen(end);

	return in.n > n && !memcmp(in.p + in.n - n, end, n);
}

static bool is(struct bytes in, const char *string)
{
	return in.n == strlen(string) && begins_with(in, string);
}

static struct bytes without(struct bytes in, const char *start, const char *end)
{
	in.p += strlen(start);
	in.n -= strlen(start);
	if (*end && ends_with(in, end))
		in.n -= strlen(end);
	return in;
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

	if (!begins_with(name, kind->prefix) || name.n == strlen(kind->prefix))
		return false;
	if (*kind->suffix && !ends_with(name, kind->suffix))
		return false;
	id = without(name, kind->prefix, kind->suffix);
	/* machine-qemu\x2d1\x2dNAME.scope is a virtual machine of libvirt's. */
	if (kind->named ? !id.n || begins_with(id, "qemu\\x2d") : !is_id(id, ID_MIN))
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
	id = (struct bytes){ last + 1, (size_t)(name.p + name.n - last - 1) };
	before = (struct bytes){ name.p, (size_t)(last - name.p) };
	if (!is_id(id, ID_MIN))
		return false;
	c->id = id;
	c->runtime = ends_with(before, ":cri-containerd") ? "containerd"
		     : ends_with(before, ":crio")         ? "cri-o"
		     : ends_with(before, ":docker")       ? "docker"
							  : NULL;
	return true;
}

static void find_container(struct bytes name, struct bytes parent, struct container *c)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (match(name, &kinds[i], c))
			return;
	for (size_t i = 0; i < sizeof(parents) / sizeof(parents[0]); i++) {
		if (!is(parent, parents[i].prefix) || (!parents[i].named && !is_id(name, ID_MIN)))
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
	if (is(name, "init.scope") && c->unit.p)
		return;
	if (ends_with(name, ".service") || ends_with(name, ".scope"))
		c->unit = name;
}

struct container container_parse(struct arena *arena, struct bytes cgroup)
{
	struct bytes name, parent = {};
	struct container c = {};

	while (cgroup.n) {
		const char *slash = memchr(cgroup.p, '/', cgroup.n);

		name = (struct bytes){ cgroup.p, slash ? (size_t)(slash - cgroup.p) : cgroup.n };
		cgroup.p += name.n + (slash ? 1 : 0);
		cgroup.n -= name.n + (slash ? 1 : 0);
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
		const char *end = memchr(text.p, '\n', text.n), *colon;
		struct bytes line = { text.p, end ? (size_t)(end - text.p) : text.n };
		bool of_systemd;

		text.p += line.n + (end ? 1 : 0);
		text.n -= line.n + (end ? 1 : 0);
		of_systemd = memmem(line.p, line.n, ":name=systemd:", strlen(":name=systemd:"));
		for (int i = 0; i < 2; i++) {
			colon = line.n ? memchr(line.p, ':', line.n) : NULL;
			line.n = colon ? (size_t)(line.p + line.n - colon - 1) : 0;
			line.p = colon ? colon + 1 : line.p;
		}
		if (line.n <= 1)
			continue;
		if (of_systemd)
			return line;
		if (line.n > best.n)
			best = line;
	}
	return best;
}
