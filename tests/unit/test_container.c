// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include "event/container.h"
#include "look/caller.h"

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define OTHER                                                                                                          \
	"fedcba98"                                                                                                     \
	"0123456789abcdef0123456789abcdef0123456789abcdef01234567"
#define USERS "/user.slice/user-1000.slice/user@1000.service"
#define UID "a1b2c3d4-0000-1111-2222-333344445555"
#define UID_ "a1b2c3d4_0000_1111_2222_333344445555"

#pragma GCC diagnostic ignored "-Wmissing-field-initializers" /* rows name what is special about them */

static const struct {
	const char *cgroup;
	const char *id;
	const char *runtime;
	const char *unit;
	const char *pod_uid;
	const char *user_unit;
	uint32_t delegated_to; /* 0: to nobody */
} examples[] = {
	{ "/", NULL, NULL, NULL, NULL },
	{ "", NULL, NULL, NULL, NULL },
	{ "/system.slice/nginx.service", NULL, NULL, "nginx.service", NULL },
	{ "/system.slice/cron.service", NULL, NULL, "cron.service", NULL },
	{ "/user.slice/user-1000.slice/session-3.scope", NULL, NULL, "session-3.scope", NULL },
	{ "/user.slice/user-1000.slice/user@1000.service/app.slice/foo.service", NULL, NULL, "user@1000.service", NULL,
	  "foo.service" },
	{ "/user.slice/user-1000.slice/user@1000.service/init.scope", NULL, NULL, "user@1000.service", NULL },
	{ "/init.scope", NULL, NULL, "init.scope", NULL },
	{ "/system.slice/docker-" ID ".scope", ID, "docker", "docker-" ID ".scope", NULL },
	{ "/system.slice/docker-" ID ".scope/system.slice/app.service", ID, "docker", "docker-" ID ".scope", NULL },
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
	{ "/lxc.payload.web1/system.slice/x.service", "web1", "lxc", NULL, NULL },
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
	/* What others call their own is not what it is. */
	{ USERS "/app.slice/sshd.service/nginx.service", NULL, NULL, "user@1000.service", NULL, "sshd.service" },
	{ USERS "/app.slice/docker-" ID ".scope", ID, "docker", "user@1000.service", NULL, "docker-" ID ".scope",
	  1000 },
	{ USERS "/kubepods-pod" UID_ ".slice/a.service", NULL, NULL, "user@1000.service", NULL, "a.service" },
	{ USERS "/user.slice/user-0.slice/user@0.service/docker/" ID, ID, "docker", "user@1000.service", NULL,
	  "user@0.service", 1000 },
	{ "/system.slice/docker-" ID ".scope/docker/" OTHER, ID, "docker", "docker-" ID ".scope", NULL },
	{ "/docker/" ID "/system.slice/nginx.service", ID, "docker", NULL, NULL },
	{ "/system.slice/app.service/sshd.service", NULL, NULL, "app.service", NULL },
	{ "/system.slice/user-1000.slice/user@1000.service/x.service", NULL, NULL, "user@1000.service", NULL },
	{ "/user.slice/user-1000.slice/user@1001.service/x.service", NULL, NULL, "user@1001.service", NULL },
	{ "/user.slice/user-1000.slice/user@1000.services/x.service", NULL, NULL, "x.service", NULL },
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
		assert_part(c.user_unit, examples[i].user_unit, path);
		if (c.id.p)
			assert_int_equal(c.delegated_to,
					 examples[i].delegated_to ? examples[i].delegated_to : CALLER_UNKNOWN);
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
	assert_bytes(container_cgroup(B("4:memory:/a:name=systemd:/b.service\n1:name=systemd:/c.service\n")),
		     "/c.service");
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
