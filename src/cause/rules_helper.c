// SPDX-License-Identifier: GPL-2.0-only
/* Programs that the kernel starts itself: what names them. Why they do not start is said behind it. */
#include <string.h>

#include "base/text.h"
#include "cause/hint.h"
#include "cause/rules.h"

static struct bytes argument(const struct facts *f, size_t index)
{
	return index < f->event->arguments.n ? f->event->arguments.v[index] : (struct bytes){};
}

/* "|/usr/lib/handler %P": its first word is the program. */
static bool is_core_pattern(struct facts *f, const struct rule *rule)
{
	struct bytes pattern = facts_text(f, VIEW_PROC, "sys/kernel/core_pattern"), path = f->event->path;

	(void)rule;
	f->user = true;
	return pattern.n > 1 && pattern.p[0] == '|' && path.n && pattern.n - 1 > path.n &&
	       !memcmp(pattern.p + 1, path.p, path.n) && strchr(" \t\n", pattern.p[1 + path.n]);
}

static void say_core_pattern(struct facts *f, const struct rule *rule, struct buffer *out)
{
	(void)rule;
	(void)f;
	buffer_puts(out, "the helper for core dumps (sysctl kernel.core_pattern) did not start, so crashes leave none");
}

/* modprobe -q -- NAME */
static bool is_modprobe(struct facts *f, const struct rule *rule)
{
	(void)rule;
	return bytes_is(argument(f, 1), "-q") && bytes_is(argument(f, 2), "--");
}

static void say_modprobe(struct facts *f, const struct rule *rule, struct buffer *out)
{
	(void)rule;
	buffer_printf(out, "the kernel wants the module %s, and modprobe (sysctl kernel.modprobe) did not start",
		      hint_name(f, argument(f, 3)));
	if (f->event->cause_path.p)
		buffer_printf(out, " (asked for by the exec of %s)", hint_name(f, f->event->cause_path));
}

static bool is_request_key(struct facts *f, const struct rule *rule)
{
	(void)rule;
	return bytes_is(f->event->path, "/sbin/request-key");
}

static void say_request_key(struct facts *f, const struct rule *rule, struct buffer *out)
{
	(void)rule;
	(void)f;
	buffer_puts(out, "the helper that the kernel asks for keys (NFS, CIFS, DNS) did not start");
}

static bool is_any(struct facts *f, const struct rule *rule)
{
	(void)f;
	(void)rule;
	return true;
}

static void say_any(struct facts *f, const struct rule *rule, struct buffer *out)
{
	(void)rule;
	buffer_printf(out, "a program that the kernel starts itself, %s, did not start", hint_name(f, f->event->path));
}

const struct rule rules_helper[] = {
	{ .code = "modprobe_helper",
	  .applies = is_modprobe,
	  .hint = say_modprobe,
	  .looks = "The kernel itself fails to start modprobe, to load a module that something asked for.",
	  .also = "Another helper that is given these arguments.",
	  .fix = "Install kmod, or set the sysctl kernel.modprobe; where no modules are wanted it may be empty." },
	{ .code = "request_key_helper",
	  .applies = is_request_key,
	  .hint = say_request_key,
	  .looks = "The kernel itself fails to start /sbin/request-key.",
	  .also = "Nothing else: its name is part of the kernel.",
	  .fix = "Install keyutils, where NFS with Kerberos, CIFS or AFS are used; else it does no harm." },
	{ .code = "core_pattern_helper",
	  .applies = is_core_pattern,
	  .hint = say_core_pattern,
	  .looks = "The kernel itself fails to start the program that the sysctl kernel.core_pattern names.",
	  .also = "A setting that was changed since: it is read after the attempt.",
	  .fix = "Install the program, or set kernel.core_pattern; in containers it is looked for on the host." },
	{ .code = "kernel_helper",
	  .applies = is_any,
	  .hint = say_any,
	  .looks = "The kernel itself fails to start a program: of a cgroup's release_agent, hotplug, poweroff, ...",
	  .also = "It is any of them: what asked for it the kernel does not say.",
	  .fix = "Repair what the hint says, or the sysctl or file that names the program." },
	{},
};
