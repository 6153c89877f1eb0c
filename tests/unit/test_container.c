// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include "event/container.h"

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define UID "a1b2c3d4-0000-1111-2222-333344445555"
#define UID_ "a1b2c3d4_0000_1111_2222_333344445555"

static const struct {
	const char *cgroup;
	const char *id;
	const char *runtime;
	const char *unit;
	const char *pod_uid;
} examples[] = {
	{ "/", NULL, NULL, NULL, NULL },
	{ "", NULL, NULL, NULL, NULL },
	{ "/system.slice/nginx.service", NULL, NULL, "nginx.service", NULL },
	{ "/system.slice/cron.service", NULL, NULL, "cron.service", NULL },
	{ "/user.slice/user-1000.slice/session-3.scope", NULL, NULL, "session-3.scope", NULL },
	{ "/user.slice/user-1000.slice/user@1000.service/app.slice/foo.service", NULL, NULL, "foo.service", NULL },
	{ "/user.slice/user-1000.slice/user@1000.service/init.scope", NULL, NULL, "user@1000.service", NULL },
	{ "/init.scope", NULL, NULL, "init.scope", NULL },
	{ "/system.slice/docker-" ID ".scope", ID, "docker", "docker-" ID ".scope", NULL },
	{ "/system.slice/docker-" ID ".scope/system.slice/app.service", ID, "docker", "app.service", NULL },
	{ "/docker/" ID, ID, "docker", NULL, NULL },
	{ "/docker/buildx", NULL, NULL, NULL, NULL },
	{ "/system.slice/docker.service", NULL, NULL, "docker.service", NULL },
	{ "/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod" UID_ ".slice/cri-containerd-" ID ".scope",
	  ID, "containerd", "cri-containerd-" ID ".scope", UID },
	{ "/kubepods.slice/kubepods-pod" UID_ ".slice/crio-" ID ".scope", ID, "cri-o", "crio-" ID ".scope", UID },
	{ "/kubepods/burstable/pod" UID "/" ID, ID, NULL, NULL, UID },
	{ "/kubepods/burstable/podless/" ID, ID, NULL, NULL, NULL },
	{ "/system.slice/containerd.service/kubepods-burstable-pod" UID_ ".slice:cri-containerd:" ID, ID, "containerd",
	  "containerd.service", UID },
	{ "/machine.slice/libpod-" ID ".scope/container", ID, "podman", "libpod-" ID ".scope", NULL },
	{ "/libpod_parent/libpod-" ID, ID, "podman", NULL, NULL },
	{ "/machine.slice/libpod-conmon-" ID ".scope", NULL, NULL, "libpod-conmon-" ID ".scope", NULL },
	{ "/lxc/web1", "web1", "lxc", NULL, NULL },
	{ "/lxc.payload.web1/system.slice/x.service", "web1", "lxc", "x.service", NULL },
	{ "/lxc.monitor.web1", NULL, NULL, NULL, NULL },
	{ "/machine.slice/systemd-nspawn@web.service/payload", "web", "systemd-nspawn", "systemd-nspawn@web.service",
	  NULL },
	{ "/machine.slice/machine-web.scope", "web", "systemd-nspawn", "machine-web.scope", NULL },
	{ "/machine.slice/machine-qemu\\x2d1\\x2dvm.scope", NULL, NULL, "machine-qemu\\x2d1\\x2dvm.scope", NULL },
	{ "/default/" ID, ID, NULL, NULL, NULL },
	{ "/docker-short.scope", NULL, NULL, "docker-short.scope", NULL },
	{ "/pod" UID, NULL, NULL, NULL, UID },
	{ "/pod"
	  "a1b2c3d4",
	  NULL, NULL, NULL, NULL },
	{ "///docker//" ID "///", ID, "docker", NULL, NULL },
};

static void assert_part(struct bytes part, const char *expected, const char *cgroup)
{
	if (!part.p != !expected)
		print_error("%s: %.*s\n", cgroup, (int)part.n, part.p ? part.p : "");
	assert_int_equal(!part.p, !expected);
	if (expected)
		assert_bytes_at(part, expected, strlen(expected), __FILE__, __LINE__);
}

static void test_examples(void **state)
{
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < COUNT(examples); i++) {
		const char *path = examples[i].cgroup;
		struct container c = container_parse(arena, (struct bytes){ path, strlen(path) });

		assert_part(c.id, examples[i].id, path);
		assert_part((struct bytes){ c.runtime, c.runtime ? strlen(c.runtime) : 0 }, examples[i].runtime, path);
		assert_part(c.unit, examples[i].unit, path);
		assert_part(c.pod_uid, examples[i].pod_uid, path);
	}
	arena_free(arena);
}

static void test_text_of_proc(void **state)
{
	(void)state;
	assert_bytes(container_cgroup(B("0::/\n")), "");
	assert_bytes(container_cgroup(B("0::/x\n")), "/x");
	assert_bytes(container_cgroup(B("12:memory:/docker/" ID "\n1:name=systemd:/system.slice/a.service\n0::/\n")),
		     "/system.slice/a.service");
	assert_bytes(container_cgroup(B("12:memory:/docker/" ID "\n2:cpu,cpuacct:/x\n1:name=systemd:/\n0::/")),
		     "/docker/" ID);
	assert_bytes(container_cgroup(B("\n:\n::\nx")), "");
	assert_bytes(container_cgroup(B("")), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_examples),
		cmocka_unit_test(test_text_of_proc),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
