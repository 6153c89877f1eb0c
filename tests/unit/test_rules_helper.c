// SPDX-License-Identifier: GPL-2.0-only
/* Helpers of the kernel. */
#include "examples.h"

static struct bytes modprobe[] = { S("/sbin/modprobe"), S("-q"), S("--"), S("net-pf-18") };

static const struct example examples[] = {
	{ "modprobe_helper", USER, FAILED(LOOKUP, ENOENT), PATH("/sbin/modprobe"), .event.call = CALL_KERNEL,
	  ARGUMENTS(modprobe), FILES({ "/sbin/x", 0755 }),
	  .hint = "the kernel wants the module net-pf-18, and modprobe (sysctl kernel.modprobe) did not start: "
		  "/sbin/modprobe does not exist" },
	{ "request_key_helper", USER, FAILED(LOOKUP, ENOENT), PATH("/sbin/request-key"), .event.call = CALL_KERNEL,
	  FILES({ "/sbin/x", 0755 }),
	  .hint = "asks for keys (NFS, CIFS, DNS) did not start: /sbin/request-key does not" },
	{ "core_pattern_helper", USER, FAILED(LOOKUP, EACCES), PATH("/usr/lib/dump"), .event.call = CALL_KERNEL,
	  FILES({ "/usr/lib/dump", 0644 }), TEXTS({ "proc:sys/kernel/core_pattern", "|/usr/lib/dump %P\n" }),
	  .hint = "(sysctl kernel.core_pattern) did not start, so crashes leave none: /usr/lib/dump has no execute" },
	{ "kernel_helper", USER, FAILED(LOOKUP, ENOENT), PATH("/sbin/hotplug"), .event.call = CALL_KERNEL,
	  FILES({ "/sbin/x", 0755 }), .hint = "a program that the kernel starts itself" },
};

int main(void)
{
	return EXAMPLES_RUN(rules_helper);
}
