// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/system.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <linux/version.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/error.h"
#include "base/log.h"
#include "print/list.h"
#include "kernel/tracefs.h"
#include "look/view.h"

#ifndef CAP_PERFMON
#define CAP_PERFMON 38
#endif
#ifndef CAP_BPF
#define CAP_BPF 39
#endif

static bool is_there(const char *path)
{
	struct stat st;

	return !stat(path, &st);
}

/* By opening it, as whoever this process is. 0 or -errno. */
static int try_to_read(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

bool system_has_btf(void)
{
	return !try_to_read(KERNEL_BTF);
}

bool system_has_kprobes(void)
{
	return is_there("/sys/bus/event_source/devices/kprobe/type");
}

bool system_has_ringbuf(void)
{
	int fd = bpf_map_create(BPF_MAP_TYPE_RINGBUF, "probe", 0, 0, sysconf(_SC_PAGESIZE), NULL);

	if (fd < 0)
		return false;
	close(fd);
	return true;
}

bool system_preempts_as(const char *built, const char *modes)
{
	if (!strstr(built, "PREEMPT"))
		return false;
	return !strstr(modes, "(none)") && !strstr(modes, "(voluntary)");
}

bool system_preempts(void)
{
	struct utsname u = {};
	char modes[64];

	uname(&u);
	/* Chosen at the start, since 826bfeb37bb4 (5.12): most distributions' kernels could, and do not. */
	debugfs_text("sched/preempt", modes, sizeof(modes));
	return system_preempts_as(u.version, modes);
}

unsigned int system_version(void)
{
	struct utsname u = {};
	unsigned int major, minor;

	uname(&u);
	return sscanf(u.release, "%u.%u", &major, &minor) == 2 ? KERNEL_VERSION(major, minor, 0) : 0;
}

uint32_t system_pid_ns(void)
{
	struct stat st;

	return stat("/proc/self/ns/pid", &st) || st.st_ino == FIRST_PID_NS ? 0 : (uint32_t)st.st_ino;
}

bool system_in_user_ns(void)
{
	struct stat st;

	return !stat("/proc/self/ns/user", &st) && st.st_ino != FIRST_USER_NS;
}

uint32_t system_mnt_ns(void)
{
	struct stat st;

	return stat("/proc/1/ns/mnt", &st) ? 0 : (uint32_t)st.st_ino;
}

static uint64_t capabilities(void)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = {};

	if (syscall(SYS_capget, &head, data))
		return 0;
	return (uint64_t)data[1].effective << 32 | data[0].effective;
}

/* What tracing takes and we have not; NULL: nothing. */
static const char *missing_privilege(void)
{
	uint64_t caps = capabilities();
	bool bpf = caps & 1ull << CAP_BPF, perfmon = caps & 1ull << CAP_PERFMON;

	if (caps & 1ull << CAP_SYS_ADMIN || (bpf && perfmon))
		return NULL;
	return bpf ? "no CAP_PERFMON" : perfmon ? "no CAP_BPF" : "neither CAP_BPF nor CAP_PERFMON";
}

static bool has_bpf(void)
{
	/* An operation on nothing: only a kernel that has no bpf(2) says ENOSYS. */
	return !(syscall(SYS_bpf, -1, NULL, 0) && errno == ENOSYS);
}

void system_warn_of_proc(bool all)
{
	struct stat st;

	if (lstat("/proc/self", &st))
		log_warn(
			"/proc is not mounted here: callers cannot be looked at, and many causes stay unknown (mount -t "
			"proc proc /proc)");
	else if (all && !stat("/proc/1/ns/pid", &st) && st.st_ino != FIRST_PID_NS)
		log_warn(
			"not in the host's pid namespace: callers outside of this one cannot be looked at, and many of "
			"their causes stay unknown (docker run --pid=host)");
}

static bool btf_file_good(const char *path)
{
	int err = try_to_read(path);
	struct btf *btf = err ? NULL : btf__parse(path, NULL);

	btf__free(btf);
	if (btf)
		return true;
	if (err)
		log_err("cannot read the BTF file %s: %s", path, error_text(-err));
	else
		log_err("%s is no BTF, nor an ELF file that has some: it is made of the kernel's debug symbols by `pahole "
			"-J`, or comes with them",
			path);
	return false;
}

bool system_can_trace(const char *btf)
{
	const char *missing = missing_privilege();

	if (!has_bpf()) {
		log_err("this kernel has no BPF (CONFIG_BPF_SYSCALL): nothing can be traced");
		return false;
	}
	if (missing) {
		log_err("not permitted, there is %s: run as root, or with CAP_BPF and CAP_PERFMON (before Linux 5.8: CAP_SYS_ADMIN), "
			"and CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH for /proc and tracefs",
			missing);
		return false;
	}
	if (!is_there("/sys/kernel")) {
		log_err("/sys is not mounted here: what the kernel is like cannot be seen (mount -t sysfs sysfs /sys)");
		return false;
	}
	if (btf)
		return btf_file_good(btf);
	if (!system_has_btf()) {
		log_err("this kernel has no BTF (%s): give it with --btf FILE, made by `pahole -J` or taken from its "
			"package of debug symbols",
			KERNEL_BTF);
		return false;
	}
	return true;
}

static void describe_lockdown(FILE *to, bool json)
{
	char line[128] = "";
	FILE *f = fopen("/sys/kernel/security/lockdown", "re");

	if (f && fgets(line, sizeof(line), f))
		list_say(to, json, "lockdown", "%.*s", (int)strcspn(line, "\n"), line);
	if (f)
		fclose(f);
}

void system_describe(FILE *to, bool json, const char *btf)
{
	const char *missing = missing_privilege();
	struct utsname u = {};

	uname(&u);
	list_say(to, json, "kernel", "%s %s", u.release, u.machine);
	list_say(to, json, "BTF", "%s", btf ? btf : system_has_btf() ? KERNEL_BTF : "none");
	list_say(to, json, "privileges", "%s%s", missing ? "not enough, there is " : "enough", missing ?: "");
	describe_lockdown(to, json);
	list_say(to, json, "kprobes", "%s", system_has_kprobes() ? "yes" : "no");
	if (!missing && has_bpf())
		list_say(to, json, "ring buffer", "%s", system_has_ringbuf() ? "yes" : "no, perf buffers are used");
	list_say(to, json, "libbpf", "%s", libbpf_version_string());
}
