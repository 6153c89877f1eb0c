// SPDX-License-Identifier: GPL-2.0-only
/* What a service manager ended its child with instead of executing the program: exit_status_mappings[] of systemd. */
#include <string.h>

#include "cause/hint.h"
#include "cause/rules.h"

enum { STATUS_EXEC = 203 };

static bool is_status(struct facts *f, const struct rule *rule)
{
	return f->event->exit_code == rule->status;
}

/*
 * p NULL: it is not known. Before 255 a child joins its unit's control group itself, and may end before that in the
 * manager's.
 */
static struct bytes unit_of(struct facts *f)
{
	struct bytes unit = f->event->user_unit.p ? f->event->user_unit : f->event->unit;

	return bytes_is(unit, "init.scope") ? (struct bytes){} : unit;
}

/* By the end of its program's name, which is all that the child has of it. */
static const char *unit_name(struct facts *f)
{
	struct bytes unit = unit_of(f), comm = f->event->comm;

	if (unit.p)
		return hint_name(f, unit);
	comm = bytes_after(comm, 1);
	return arena_printf(f->arena, "a unit whose program's name is, or ends with, %s",
			    hint_name(f, bytes_first(comm, comm.n - bytes_ends(comm, ")"))));
}

/* "USER" of "unit_user" */
static const char *status_name(struct facts *f, const struct rule *rule)
{
	char *name = arena_printf(f->arena, "%s", rule->code + strlen("unit_"));

	for (char *p = name; *p; p++)
		if (*p >= 'a' && *p <= 'z')
			*p = (char)(*p - 'a' + 'A');
	return name;
}

/* What it looks like begins with what could not be done, and ends with a dot. */
static void say_status(struct facts *f, const struct rule *rule, struct buffer *out)
{
	buffer_printf(out, "systemd could not start %s: %.*s (%u/%s); %c%.*s", unit_name(f),
		      (int)strlen(rule->looks) - 1, rule->looks, rule->status, status_name(f, rule),
		      rule->fix[0] - 'A' + 'a', (int)strlen(rule->fix) - 2, rule->fix + 1);
}

/* It looks for the program before it executes it: where that is not there, no exec fails. */
static void say_exec(struct facts *f, const struct rule *rule, struct buffer *out)
{
	struct bytes unit = unit_of(f);

	buffer_printf(out, "systemd could not start %s: its program cannot be executed (%u/EXEC)", unit_name(f),
		      rule->status);
	if (unit.p)
		buffer_printf(out, "; see why with: execfail explain --unit %s", hint_word(f, unit));
	else
		buffer_puts(out, "; look at ExecStart=");
}

#define STATUS(number) .stage = STAGE_SERVICE_MANAGER, .status = number, .applies = is_status, .hint = say_status
#define JOURNAL "The journal has the error before it: journalctl -u UNIT."

const struct rule rules_unit[] = {
	{ .code = "unit_chdir",
	  STATUS(200),
	  .looks = "the working directory could not be entered.",
	  .also = JOURNAL,
	  .fix = "Look at WorkingDirectory=: it must be there, and User= must be able to enter it; a - before it makes it optional." },
	{ .code = "unit_nice",
	  STATUS(201),
	  .looks = "the priority could not be set.",
	  .also = JOURNAL,
	  .fix = "Look at Nice=: in a container or for a user's own manager a negative one takes CAP_SYS_NICE." },
	{ .code = "unit_fds",
	  STATUS(202),
	  .looks = "file descriptors could not be handed over or closed.",
	  .also = JOURNAL,
	  .fix = "Look at the sockets of the unit, at OpenFile= and StandardInput=, and that /proc is mounted." },
	{ .code = "unit_exec",
	  .stage = STAGE_SERVICE_MANAGER,
	  .status = STATUS_EXEC,
	  .applies = is_status,
	  .hint = say_exec,
	  .looks = "systemd did not find the unit's program, or may not execute it: it looks before it executes.",
	  .also = "A failed exec itself, where there was one, says more and is told instead.",
	  .fix = "Look at ExecStart=: execfail explain --unit UNIT says what is wrong with it." },
	{ .code = "unit_memory",
	  STATUS(204),
	  .looks = "there was not enough memory.",
	  .also = JOURNAL,
	  .fix = "Look at MemoryMax= of the unit and its slices, and at what else takes memory." },
	{ .code = "unit_limits",
	  STATUS(205),
	  .looks = "a limit could not be set.",
	  .also = JOURNAL,
	  .fix = "Look at LimitNOFILE= and the other Limit...=: a user's own manager cannot go beyond its hard limits, nor anybody beyond fs.nr_open." },
	{ .code = "unit_oom_adjust",
	  STATUS(206),
	  .looks = "the OOM score could not be set.",
	  .also = JOURNAL,
	  .fix = "Look at OOMScoreAdjust=: below what the manager has it takes CAP_SYS_RESOURCE." },
	{ .code = "unit_signal_mask",
	  STATUS(207),
	  .looks = "the signal mask could not be set.",
	  .also = JOURNAL,
	  .fix = "Look at IgnoreSIGPIPE= and the journal." },
	{ .code = "unit_stdin",
	  STATUS(208),
	  .looks = "standard input could not be set up.",
	  .also = JOURNAL,
	  .fix = "Look at StandardInput= and TTYPath=: the terminal, file or socket must be there." },
	{ .code = "unit_stdout",
	  STATUS(209),
	  .looks = "standard output could not be set up.",
	  .also = JOURNAL,
	  .fix = "Look at StandardOutput=: the directory of a file must be there and writable, and journald must run." },
	{ .code = "unit_chroot",
	  STATUS(210),
	  .looks = "the root directory could not be changed to.",
	  .also = JOURNAL,
	  .fix = "Look at RootDirectory= and RootImage=: what they name must be there." },
	{ .code = "unit_ioprio",
	  STATUS(211),
	  .looks = "the I/O priority could not be set.",
	  .also = JOURNAL,
	  .fix = "Look at IOSchedulingClass= and IOSchedulingPriority=: realtime takes CAP_SYS_ADMIN." },
	{ .code = "unit_timerslack",
	  STATUS(212),
	  .looks = "the timer slack could not be set.",
	  .also = JOURNAL,
	  .fix = "Look at TimerSlackNSec=." },
	{ .code = "unit_securebits",
	  STATUS(213),
	  .looks = "the secure bits could not be set.",
	  .also = JOURNAL,
	  .fix = "Look at SecureBits=: they take CAP_SETPCAP." },
	{ .code = "unit_setscheduler",
	  STATUS(214),
	  .looks = "the scheduling policy could not be set.",
	  .also = JOURNAL,
	  .fix = "Look at CPUSchedulingPolicy= and CPUSchedulingPriority=: realtime takes CAP_SYS_NICE, and with CONFIG_RT_GROUP_SCHED a budget of the control group." },
	{ .code = "unit_cpuaffinity",
	  STATUS(215),
	  .looks = "the CPU affinity could not be set.",
	  .also = JOURNAL,
	  .fix = "Look at CPUAffinity=: one of its processors at least must be there and allowed." },
	{ .code = "unit_group",
	  STATUS(216),
	  .looks = "the group could not be found or taken.",
	  .also = JOURNAL,
	  .fix = "Look at Group= and SupplementaryGroups=: they must exist (getent group NAME) before the unit starts." },
	{ .code = "unit_user",
	  STATUS(217),
	  .looks = "the user could not be found or taken.",
	  .also = JOURNAL,
	  .fix = "Look at User=: it must exist (getent passwd NAME) before the unit starts; create it with systemd-sysusers or useradd -r." },
	{ .code = "unit_capabilities",
	  STATUS(218),
	  .looks = "the capabilities could not be set.",
	  .also = JOURNAL,
	  .fix = "Look at CapabilityBoundingSet= and AmbientCapabilities=: in a container they cannot be more than its own." },
	{ .code = "unit_cgroup",
	  STATUS(219),
	  .looks = "the control group could not be set up.",
	  .also = JOURNAL,
	  .fix = "Look at Slice= and Delegate=, and in a container that /sys/fs/cgroup is writable." },
	{ .code = "unit_setsid",
	  STATUS(220),
	  .looks = "a session could not be begun.",
	  .also = JOURNAL,
	  .fix = "Look at the journal." },
	{ .code = "unit_confirm",
	  STATUS(221),
	  .looks = "somebody at the console did not confirm it.",
	  .also = JOURNAL,
	  .fix = "Look at systemd.confirm_spawn= of the kernel's command line." },
	{ .code = "unit_stderr",
	  STATUS(222),
	  .looks = "standard error could not be set up.",
	  .also = JOURNAL,
	  .fix = "Look at StandardError=: the directory of a file must be there and writable, and journald must run." },
	{ .code = "unit_pam",
	  STATUS(224),
	  .looks = "the PAM session could not be opened.",
	  .also = JOURNAL,
	  .fix = "Look at PAMName= and the file of that name in /etc/pam.d." },
	{ .code = "unit_network",
	  STATUS(225),
	  .looks = "the network namespace could not be set up.",
	  .also = JOURNAL,
	  .fix = "Look at PrivateNetwork= and NetworkNamespacePath=: the namespace's file must be there." },
	{ .code = "unit_namespace",
	  STATUS(226),
	  .looks = "the mount namespace could not be set up.",
	  .also = JOURNAL,
	  .fix = "Look at ReadWritePaths=, BindPaths=, InaccessiblePaths= and their like: what they name must be there, or have a - before it; in containers PrivateTmp= and ProtectSystem= may not be possible." },
	{ .code = "unit_no_new_privileges",
	  STATUS(227),
	  .looks = "NoNewPrivileges= could not be set.",
	  .also = JOURNAL,
	  .fix = "Look at the kernel's log." },
	{ .code = "unit_seccomp",
	  STATUS(228),
	  .looks = "the filter of system calls could not be set.",
	  .also = JOURNAL,
	  .fix = "Look at SystemCallFilter=, SystemCallArchitectures= and RestrictNamespaces=." },
	{ .code = "unit_selinux_context",
	  STATUS(229),
	  .looks = "the SELinux context could not be set.",
	  .also = JOURNAL,
	  .fix = "Look at SELinuxContext= and the audit log (ausearch -m avc)." },
	{ .code = "unit_personality",
	  STATUS(230),
	  .looks = "the personality could not be set.",
	  .also = JOURNAL,
	  .fix = "Look at Personality= and LockPersonality=." },
	{ .code = "unit_apparmor",
	  STATUS(231),
	  .looks = "the AppArmor profile could not be taken.",
	  .also = JOURNAL,
	  .fix = "Look at AppArmorProfile=: it must be loaded (aa-status); a - before it makes it optional." },
	{ .code = "unit_address_families",
	  STATUS(232),
	  .looks = "the address families could not be restricted.",
	  .also = JOURNAL,
	  .fix = "Look at RestrictAddressFamilies=." },
	{ .code = "unit_runtime_directory",
	  STATUS(233),
	  .looks = "the runtime directory could not be made.",
	  .also = JOURNAL,
	  .fix = "Look at RuntimeDirectory=: below /run something else may have its name, or /run is full." },
	{ .code = "unit_chown",
	  STATUS(235),
	  .looks = "the owner of a socket or directory could not be changed.",
	  .also = JOURNAL,
	  .fix = "Look at SocketUser= and SocketGroup=: they must exist." },
	{ .code = "unit_smack_process_label",
	  STATUS(236),
	  .looks = "the SMACK label could not be set.",
	  .also = JOURNAL,
	  .fix = "Look at SmackProcessLabel=." },
	{ .code = "unit_keyring",
	  STATUS(237),
	  .looks = "the kernel's keyring could not be set up.",
	  .also = JOURNAL,
	  .fix = "Look at KeyringMode=, and the quota of keys in /proc/key-users." },
	{ .code = "unit_state_directory",
	  STATUS(238),
	  .looks = "the state directory could not be made.",
	  .also = JOURNAL,
	  .fix = "Look at StateDirectory=: below /var/lib something else may have its name, or it is read-only or full." },
	{ .code = "unit_cache_directory",
	  STATUS(239),
	  .looks = "the cache directory could not be made.",
	  .also = JOURNAL,
	  .fix = "Look at CacheDirectory=: below /var/cache something else may have its name, or it is read-only or full." },
	{ .code = "unit_logs_directory",
	  STATUS(240),
	  .looks = "the logs directory could not be made.",
	  .also = JOURNAL,
	  .fix = "Look at LogsDirectory=: below /var/log something else may have its name, or it is read-only or full." },
	{ .code = "unit_configuration_directory",
	  STATUS(241),
	  .looks = "the configuration directory could not be made.",
	  .also = JOURNAL,
	  .fix = "Look at ConfigurationDirectory=: below /etc something else may have its name, or it is read-only." },
	{ .code = "unit_numa_policy",
	  STATUS(242),
	  .looks = "the NUMA policy could not be set.",
	  .also = JOURNAL,
	  .fix = "Look at NUMAPolicy= and NUMAMask=: the nodes must be there." },
	{ .code = "unit_credentials",
	  STATUS(243),
	  .looks = "the credentials could not be set up.",
	  .also = JOURNAL,
	  .fix = "Look at LoadCredential= and SetCredential=: their files must be there, and encrypted ones be for this machine." },
	{ .code = "unit_bpf",
	  STATUS(244),
	  .looks = "a BPF program of the unit could not be attached.",
	  .also = JOURNAL,
	  .fix = "Look at RestrictFileSystems=: the kernel must have bpf among its security modules (lsm=)." },
	{},
};
