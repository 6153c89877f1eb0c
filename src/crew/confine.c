// SPDX-License-Identifier: GPL-2.0-only
#include "crew/confine.h"

#include <cap-ng.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/bpf.h>
#include <linux/netlink.h>
#include <linux/nsfs.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/fsuid.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/log.h"
#include "print/list.h"

#ifndef CAP_BPF
#define CAP_BPF 39
#endif

/*
 * Nobody's: nobody, whom daemons share, could be sent signals by them. It lies between those that systemd hands out to
 * containers and those beyond 2^31 that file systems cannot be trusted with.
 */
enum { CONFINED_ID = 0x7000fa11 };

enum {
	READER = 1 << CONFINE_READER | 1 << CONFINE_COUNTER,
	STARTER = 1 << CONFINE_STARTER,
	/* A filter that is there stays: what a worker may, its starter has to be able to. */
	WORKER = 1 << CONFINE_WORKER | STARTER,
	OPENER = 1 << CONFINE_OPENER,
	LOOKS = READER | WORKER,
	ALL = LOOKS | OPENER,
};

/* Whom root becomes. */
enum whose {
	USER_OWN,
	USER_OF_FILES, /* to files another, else itself */
	USER_KEPT,
};

static const struct role {
	const char *name;
	const char *keeps_for;
	uint64_t capabilities;
	enum whose user;
} roles[] = {
	[CONFINE_READER] = { "reader", "reads the kernel's buffers and prints", 0, USER_OWN },
	[CONFINE_COUNTER] = { "reader", "reads the kernel's buffers, prints, and asks for what was lost", 0, USER_OWN },
	[CONFINE_STARTER] = { "starter", "starts workers, hands signals on to COMMAND",
			      1ull << CAP_SYS_PTRACE | 1ull << CAP_DAC_READ_SEARCH | 1ull << CAP_KILL |
				      1ull << CAP_AUDIT_READ,
			      USER_OF_FILES },
	[CONFINE_WORKER] = { "worker", "looks at the callers' files and processes, and writes nowhere",
			     1 << CAP_SYS_PTRACE | 1 << CAP_DAC_READ_SEARCH, USER_OF_FILES },
	[CONFINE_OPENER] = { "opener", "with -w, opens that file again", 1 << CAP_DAC_OVERRIDE, USER_KEPT },
};

/* --- system calls --- */

#define SAME(argument, value) SCMP_CMP(argument, SCMP_CMP_EQ, value, 0)
#define BITS(argument, mask, value) SCMP_CMP(argument, SCMP_CMP_MASKED_EQ, mask, value)

#define WRITES (O_ACCMODE | O_CREAT | O_TRUNC | (O_TMPFILE & ~O_DIRECTORY))

/* An allow-list, by name since architectures have different ones. */
static const struct call {
	const char *name;
	unsigned int roles;
	struct scmp_arg_cmp only[2]; /* op 0: whatever the argument */
} calls[] = {
	/* What any program needs of its C library. */
	{ "brk", ALL, {} },
	{ "mmap", ALL, { BITS(3, MAP_TYPE, MAP_PRIVATE), BITS(2, PROT_EXEC, 0) } },
	{ "munmap", ALL, {} },
	{ "mremap", ALL, {} },
	{ "mprotect", ALL, { BITS(2, PROT_EXEC, 0) } },
	{ "madvise", ALL, {} },
	{ "futex", ALL, {} },
	{ "getrandom", ALL, {} },
	{ "sysinfo", ALL, {} },
	{ "rt_sigreturn", ALL, {} },
	{ "rt_sigprocmask", ALL, {} },
	{ "rt_sigaction", ALL, {} },
	{ "restart_syscall", ALL, {} },
	{ "exit", ALL, {} },
	{ "exit_group", ALL, {} },
	{ "getpid", ALL, {} },
	{ "gettid", ALL, {} },
	/* abort(). Workers are root to who asks whether they may signal. */
	{ "tgkill", READER | STARTER | OPENER, {} },
	{ "clock_gettime", ALL, {} },
	{ "clock_getres", ALL, {} },
	{ "clock_nanosleep", ALL, {} },
	{ "gettimeofday", ALL, {} },
	{ "uname", ALL, {} },
	/* Files, to read them. */
	{ "openat", LOOKS, { BITS(2, WRITES, O_RDONLY) } },
	{ "openat", OPENER, {} },
	{ "close", ALL, {} },
	{ "read", ALL, {} },
	{ "pread64", LOOKS, {} },
	{ "lseek", LOOKS, {} },
	{ "fstat", ALL, {} },
	{ "newfstatat", ALL, {} },
	{ "statx", LOOKS, {} },
	{ "fcntl", LOOKS, { SAME(1, F_GETFL) } },
	{ "fcntl", LOOKS, { SAME(1, F_DUPFD_CLOEXEC) } },
	{ "fcntl", LOOKS, { SAME(1, F_SETFD) } },
	{ "fcntl", OPENER, { SAME(1, F_SETFL) } },
	{ "poll", LOOKS, {} },
	{ "ppoll", LOOKS, {} },
	/* The others, by the socket that each was given. */
	{ "sendto", ALL, { SAME(4, 0) } },
	{ "recvfrom", ALL, {} },
	{ "recvmsg", READER | STARTER, {} },
	{ "sendmsg", READER | STARTER | OPENER, {} },
	/* The reader: output, the kernel's counters and the end of its programs, COMMAND's end. */
	{ "write", READER, {} },
	{ "ioctl", READER, { SAME(1, TIOCGWINSZ) } },
	{ "ioctl", READER, { SAME(1, TCGETS) } },
	{ "ioctl", READER, { SAME(1, PERF_EVENT_IOC_DISABLE) } },
	{ "timer_settime", READER, {} },
	{ "timer_delete", READER, {} },
	{ "wait4", READER | STARTER, {} },
	{ "epoll_wait", READER, {} },
	{ "epoll_pwait", READER, {} },
	{ "bpf", READER, { SAME(0, BPF_MAP_LOOKUP_ELEM) } },
	{ "bpf", READER, { SAME(0, BPF_MAP_GET_NEXT_KEY) } },
	{ "bpf", READER, { SAME(0, BPF_MAP_DELETE_ELEM) } }, /* of perf buffers that are closed */
	{ "bpf", READER, { SAME(0, BPF_OBJ_GET_INFO_BY_FD) } },
	/*
	 * Threads, by which the hooks are let go side by side; clone3() hides what it is for, and is told not to be
	 * there.
	 */
	{ "clone", READER, { BITS(0, CLONE_THREAD, CLONE_THREAD) } },
	/* Workers look. */
	/* How it opens is behind a pointer: what it could make or empty is what anybody can, as it is nobody there. */
	{ "openat2", WORKER, {} },
	{ "readlinkat", WORKER, {} },
	{ "readlink", WORKER, {} },
	{ "getdents64", WORKER, {} },
	{ "getxattr", WORKER, {} },
	{ "lgetxattr", WORKER, {} },
	{ "fgetxattr", WORKER, {} },
	{ "statfs", WORKER, {} },
	{ "fstatfs", WORKER, {} },
	{ "landlock_create_ruleset", READER | WORKER, { SAME(2, 1 /* LANDLOCK_CREATE_RULESET_VERSION */) } },
	{ "ioctl", WORKER, { SAME(1, NS_GET_USERNS) } },
	{ "ioctl", WORKER, { SAME(1, NS_GET_PARENT) } },
	{ "ioctl", WORKER, { SAME(1, NS_GET_OWNER_UID) } },
	/* The starter starts and ends them, and they confine themselves, once they read along with the audit. */
	{ "clone", STARTER, {} },
	{ "clone3", STARTER, {} },
	{ "set_robust_list", READER | STARTER, {} },
	{ "rseq", READER | STARTER, {} },
	{ "getppid", STARTER, {} },
	{ "geteuid", STARTER, {} },
	{ "kill", STARTER, {} },
	{ "pidfd_send_signal", STARTER, {} },
	{ "socketpair", STARTER, {} },
	{ "socket", STARTER, { SAME(0, AF_NETLINK), SAME(2, NETLINK_AUDIT) } },
	{ "bind", STARTER, {} },
	{ "setsockopt", STARTER, {} },
	{ "prctl", STARTER, {} },
	{ "seccomp", STARTER, {} },
	{ "capget", STARTER, {} },
	{ "capset", STARTER, {} },
	{ "setfsuid", STARTER, {} },
	{ "setfsgid", STARTER, {} },
};

static void (*refused_to)(int call);

static void refuse(int number, siginfo_t *info, void *context)
{
	(void)number;
	(void)context;
	refused_to(info->si_syscall);
	_exit(EXIT_REFUSED);
}

void confine_say_refused(const char *who, int call)
{
	char *name = seccomp_syscall_resolve_num_arch(seccomp_arch_native(), call);

	log_err("the %s ends: it made the system call %s (%d), which it is not allowed: a fault of execfail, please report it",
		who, name ? name : "of an unknown name", call);
	free(name);
}

static unsigned int count_arguments(const struct call *call)
{
	return (call->only[0].op != 0) + (call->only[1].op != 0);
}

static int add_calls(scmp_filter_ctx filter, enum confine_role role)
{
	int err = 0, number;

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]) && !err; i++) {
		number = seccomp_syscall_resolve_name(calls[i].name);
		/* Some are of one architecture only. */
		if (!(calls[i].roles & 1u << role) || number < 0)
			continue;
		err = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, number, count_arguments(&calls[i]), calls[i].only);
	}
	if (!err && 1 << role & READER)
		err = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
	return err;
}

static int limit_calls(enum confine_role role)
{
	const struct sigaction action = { .sa_sigaction = refuse, .sa_flags = SA_SIGINFO };
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_TRAP);
	int err = filter ? add_calls(filter, role) : -ENOMEM;

	sigaction(SIGSYS, &action, NULL);
	err = err ?: seccomp_load(filter);
	seccomp_release(filter);
	return err;
}

/* --- user and capabilities --- */

static int have(enum confine_role role, unsigned int capability)
{
	uint64_t kept = roles[role].capabilities;

	/* CAP_BPF is since 5.8. */
	if (role == CONFINE_COUNTER)
		kept = 1ull << (capng_have_capability(CAPNG_PERMITTED, CAP_BPF) ? CAP_BPF : CAP_SYS_ADMIN);
	return kept >> capability & 1 && capng_have_capability(CAPNG_PERMITTED, capability);
}

/* Fills in what of that we have. */
static void choose(enum confine_role role)
{
	uint64_t chosen = 0;

	capng_get_caps_process();
	for (unsigned int i = 0; i < 64; i++)
		if (cap_valid((int)i) && have(role, i))
			chosen |= 1ull << i;
	capng_clear(CAPNG_SELECT_BOTH);
	for (unsigned int i = 0; i < 64; i++)
		if (chosen >> i & 1)
			capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED, i);
}

/* As root of a container may not. */
static bool may_leave_root(void)
{
	capng_get_caps_process();
	return capng_have_capability(CAPNG_EFFECTIVE, CAP_SETUID) && capng_have_capability(CAPNG_EFFECTIVE, CAP_SETGID);
}

/* All three of each, and no groups; capabilities stay as far as they are permitted. */
static int become(uid_t id)
{
	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) || setgroups(0, NULL) || setresgid(id, id, id) || setresuid(id, id, id))
		return -errno;
	return 0;
}

/*
 * Who is root owns files, whatever its capabilities. The reader leaves it for good; starter and workers are another
 * user to files only: some sysctls are readable by root alone.
 */
static int leave_root(enum confine_role role)
{
	if (roles[role].user == USER_KEPT || geteuid() || !may_leave_root())
		return 0;
	if (roles[role].user == USER_OWN)
		return become(CONFINED_ID);
	setfsgid(CONFINED_ID);
	setfsuid(CONFINED_ID);
	return 0;
}

int confine(enum confine_role role, void (*refused)(int call))
{
	int err;

	refused_to = refused;
	err = leave_root(role);
	choose(role);
	if (!err && capng_apply(CAPNG_SELECT_CAPS))
		err = -EPERM;
	/* Who started it with capabilities of files or services is the same user, and without them as capable. */
	if (!err && (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)))
		err = -errno;
	return err ?: limit_calls(role);
}

bool confine_works(bool (*works)(void *context), void *context)
{
	void *saved;
	bool answer;

	capng_get_caps_process();
	saved = capng_save_state();
	for (int i = 0; cap_valid(i); i++)
		capng_update(CAPNG_DROP, CAPNG_EFFECTIVE, (unsigned int)i);
	capng_apply(CAPNG_SELECT_CAPS);
	answer = works(context);
	capng_restore_state(&saved);
	capng_apply(CAPNG_SELECT_CAPS);
	return answer;
}

void confine_warn(void)
{
	static const struct {
		unsigned int capability;
		bool of_root;
		const char *text;
	} needed[] = {
		{ CAP_SYS_PTRACE, false,
		  "no CAP_SYS_PTRACE: processes of other users cannot be looked at, and many of their causes "
		  "stay unknown" },
		{ CAP_DAC_READ_SEARCH, false,
		  "no CAP_DAC_READ_SEARCH: files of other users cannot be looked at, and many of their "
		  "causes stay unknown" },
		{ CAP_SETUID, true, "no CAP_SETUID: none of execfail's processes can leave root, who owns files" },
		{ CAP_SETGID, true, "no CAP_SETGID: none of execfail's processes can leave root, who owns files" },
	};

	capng_get_caps_process();
	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
		if (!(needed[i].of_root && geteuid()) && !capng_have_capability(CAPNG_EFFECTIVE, needed[i].capability))
			log_warn("%s", needed[i].text);
}

/* --- for people --- */

static size_t count_calls(enum confine_role role)
{
	size_t n = 0;

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		n += calls[i].roles >> role & 1;
	return n;
}

static void describe(FILE *to, bool json, enum confine_role role)
{
	BUFFER_AUTO struct buffer kept = {};

	for (unsigned int i = 0; i < 64; i++) {
		if (!cap_valid((int)i) || !have(role, i))
			continue;
		buffer_puts(&kept, kept.n ? ", CAP_" : "CAP_");
		for (const char *name = capng_capability_to_name(i); *name; name++)
			buffer_put(&kept, (char)toupper((unsigned char)*name));
	}
	list_say(to, json, roles[role].name, "%s; keeps %s, %zu rules of system calls%s", roles[role].keeps_for,
		 kept.n ? buffer_string(&kept) : "no capability", count_calls(role),
		 roles[role].user == USER_OWN && !geteuid() ? ", a user of its own" : "");
}

void confine_describe(FILE *to, bool json)
{
	capng_get_caps_process();
	describe(to, json, CONFINE_READER);
	describe(to, json, CONFINE_STARTER);
	describe(to, json, CONFINE_WORKER);
	describe(to, json, CONFINE_OPENER);
}
