// SPDX-License-Identifier: GPL-2.0-only
/* Security modules. */
#include "examples.h"

#define TOLD(text) "audit(1700000000.123:45): " text
#define WHO "pid=4242 comm=\"cron\""

static const struct example examples[] = {
	{ "fanotify", USER, FAILED(LOOKUP, EPERM), PATH("/bin/tool"), FILES(PROGRAM), .world.watched = true,
	  .hint = "likely denied by process 78 (fapolicyd)" },
	{ "fanotify", USER, VIEW_STAND_IN, OUTCOME(EAGAIN), PATH("/bin/tool"), .world.answered = true,
	  .hint = "likely answered with EAGAIN by process 78" },
	{ "fanotify", USER, FAILED(LOOKUP, EBUSY), PATH("/bin/tool"), FILES(PROGRAM), .world.answered = true,
	  .hint = "opening /bin/tool was likely answered with EBUSY by process 78 (fapolicyd)" },
	{ "fanotify", USER, FAILED(LOOKUP, ETXTBSY), PATH("/bin/tool"), FILES(PROGRAM), .world.answered = true,
	  .hint = "likely answered with ETXTBSY by" },
	{ "fanotify", USER, FAILED(LOOKUP, EIO), PATH("/bin/tool"), FILES(PROGRAM), .world.answered = true,
	  .hint = "likely answered with EIO by" },
	{ "fanotify", USER, FAILED(INTERPRETER, EDQUOT), SCRIPT("/bin/sh", "/bin/sh"), NOT_OPENED,
	  FILES({ "/bin/sh", 0755 }), .world.answered = true,
	  .hint = "opening the interpreter /bin/sh of /opt/run.sh was likely answered with EDQUOT" },
	{ "fanotify", USER, OUTCOME(EAGAIN), PATH("/bin/tool"), .world.processes = 500, .world.answered = true,
	  TEXTS({ "process:limits", "Max processes   512   1024   processes\n" }),
	  .hint = "likely answered with EAGAIN by process 78" },
	{ "seccomp_errno", USER, FAILED(UNKNOWN, EPERM), PATH("/bin/tool"), FILES(PROGRAM),
	  .event.seen = SEEN_OUTCOME | SEEN_FILTERED, .hint = "a seccomp filter of cron likely answered EPERM" },
	{ "apparmor", USER, FAILED(SECURITY, EACCES), PATH("/bin/tool"), FILES(PROGRAM), .event.step = STEP_LSM_CREDS,
	  TEXTS({ "sys:kernel/security/lsm", "capability,yama,apparmor" },
		{ "process:attr/current", "snap.x (enforce)\n" }),
	  .hint = "AppArmor likely denied /bin/tool: the caller is confined by the profile \"snap.x (enforce)\"" },
	{ "selinux", USER, FAILED(SECURITY, EACCES), PATH("/bin/tool"), FILES(PROGRAM), .event.step = STEP_LSM_CREDS,
	  TEXTS({ "sys:kernel/security/lsm", "capability,selinux" },
		{ "process:attr/current", "user_u:role_r:x_t:s0" }),
	  .hint = "SELinux likely denied /bin/tool to the caller's context \"user_u:role_r:x_t:s0\"" },
	/* what a module tells is the kernel's word */
	{ "apparmor", KERNEL, FAILED(SECURITY, EACCES), PATH("/bin/tool"), FILES(PROGRAM), .event.step = STEP_LSM_CREDS,
	  .world.audit = TOLD("apparmor=\"DENIED\" operation=\"exec\" profile=\"snap.x\" name=\"/bin/tool\" " WHO
			      " requested_mask=\"x\" denied_mask=\"x\" fsuid=0 ouid=0"),
	  .hint = "AppArmor denied /bin/tool: the profile snap.x does not allow it (denied_mask x)" },
	{ "apparmor", USER, VIEW_STAND_IN, OUTCOME(EPERM), PATH("/bin/tool"), FILES(PROGRAM),
	  TEXTS({ "sys:kernel/security/lsm", "capability,apparmor" }),
	  .world.audit = TOLD("apparmor=\"DENIED\" operation=\"exec\" info=\"no new privs\" error=-1 profile=\"a\" "
			      "name=\"/lib/ld.so\" " WHO " requested_mask=\"x\" denied_mask=\"x\""),
	  .hint = "AppArmor denied /lib/ld.so: the profile a does not allow it (\"no new privs\")" },
	{ "selinux", USER, FAILED(LOOKUP, EACCES), PATH("/bin/tool"), FILES(PROGRAM),
	  TEXTS({ "sys:kernel/security/lsm", "capability,selinux" }),
	  .world.audit =
		  TOLD("avc:  denied  { execute } for  " WHO " name=\"tool\" dev=\"vda\" ino=7 scontext=u:r:cron_t:s0 "
		       "tcontext=u:object_r:home_t:s0 tclass=file permissive=0"),
	  .hint = "SELinux denied /bin/tool: \"u:r:cron_t:s0\" may not execute what has the context \"u:object_r:home_t:s0\"" },
	/* of another process, or of one that cannot be denied anything */
	{ "lsm_denied", KERNEL, FAILED(SECURITY, EACCES), PATH("/bin/tool"), .gone = true,
	  .world.audit = TOLD("apparmor=\"DENIED\" operation=\"exec\" profile=\"a\" pid=7 comm=\"cron\""),
	  .hint = "a security module denied /bin/tool" },
	{ "lsm_denied", USER, FAILED(LOOKUP, EACCES), PATH("/bin/tool"), FILES(PROGRAM),
	  TEXTS({ "sys:kernel/security/lsm", "capability,apparmor" }, { "process:attr/current", "unconfined\n" }),
	  .world.audit = TOLD("apparmor=\"DENIED\" operation=\"exec\" profile=\"a\" " WHO),
	  .hint = "a security module likely did" },
	{ "landlock", USER, FAILED(LOOKUP, EACCES), PATH("/bin/tool"), FILES(PROGRAM),
	  TEXTS({ "sys:kernel/security/lsm", "capability,landlock,apparmor" }, STATUS("1000", "NoNewPrivs:\t1\n")),
	  .hint = "likely restricted itself by Landlock" },
	/* Of a caller that has gone the kernel's word remains. */
	{ "landlock", USER, VIEW_STAND_IN, FAILED(LOOKUP, EACCES), PATH("/bin/tool"), FILES(PROGRAM),
	  .event.seen = SEEN_HOOKS | SEEN_NO_NEW_PRIVS,
	  TEXTS({ "sys:kernel/security/lsm", "capability,landlock,tomoyo,bpf" }),
	  .hint = "likely restricted itself by Landlock" },
	{ "lsm_denied", USER, VIEW_STAND_IN, FAILED(LOOKUP, EACCES), PATH("/bin/tool"), FILES(PROGRAM),
	  TEXTS({ "sys:kernel/security/lsm", "capability,landlock,tomoyo,bpf" }),
	  .hint = "a security module likely did" },
	{ "lsm_denied", KERNEL, FAILED(SECURITY, EPERM), PATH("/bin/tool"), .event.step = STEP_LSM_CHECK,
	  .hint = "a security module denied /bin/tool at its hook bprm_check_security" },
	{ "lsm_denied", USER, FAILED(LOOKUP, EACCES), PATH("/bin/tool"), FILES(PROGRAM),
	  .hint = "nothing that can be seen forbids to execute /bin/tool: a security module likely did" },
};

int main(void)
{
	return EXAMPLES_RUN(rules_security);
}
