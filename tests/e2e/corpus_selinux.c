// SPDX-License-Identifier: GPL-2.0-only
/*
 * SELinux, where no policy was loaded yet: one of our own, selinux.cil. It cannot be unloaded, so that is for guests;
 * and a machine that has a policy is left alone.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "corpus.h"

/* Empty where there was nothing to compile it. */
__asm__(".pushsection .rodata\n"
	".globl selinux_policy, selinux_policy_end\n"
	"selinux_policy: .incbin \"selinux.policy\"\n"
	"selinux_policy_end:\n"
	".popsection\n");
extern const char selinux_policy[], selinux_policy_end[];

static char *selinux_file(struct world *w, const char *name)
{
	char *at = expand(w, "@/selinux");

	return text_printf("%s/%s", at, name);
}

static bool mount_selinux(struct world *w)
{
	char *at = expand(w, "@/selinux");

	own_mounts();
	mkdir(at, 0755);
	return !mount("selinuxfs", at, "selinuxfs", 0, NULL);
}

static char *context_of(const char *type)
{
	return text_printf("u:object_r:%s:s0", type);
}

/* Without any policy, all contexts are good. */
static bool is_ours(struct world *w)
{
	return write_text(selinux_file(w, "context"), context_of("no_trans_t"));
}

static bool has_policy(struct world *w)
{
	int fd = open(selinux_file(w, "policy"), O_RDONLY | O_CLOEXEC);

	if (fd >= 0)
		close(fd);
	return fd >= 0 || errno != EINVAL;
}

static void load_policy(struct world *w)
{
	ssize_t size = selinux_policy_end - selinux_policy;
	int fd = open(selinux_file(w, "load"), O_WRONLY | O_CLOEXEC);

	if (!size)
		skip(w, "built without secilc");
	if (fd < 0 || write(fd, selinux_policy, size) != size)
		die("SELinux does not take the policy: %m");
	close(fd);
}

void selinux_deny(struct world *w)
{
	char *context = context_of(w->row->priv);

	if (!mount_selinux(w))
		skip(w, "no SELinux: %m");
	if (!has_policy(w))
		load_policy(w);
	if (!is_ours(w))
		skip(w, "this machine has a policy of its own");
	if (setxattr(w->call.path, "security.selinux", context, strlen(context) + 1, 0))
		die("%s: %m", w->call.path);
	if (!write_text(selinux_file(w, "enforce"), "1"))
		die("SELinux cannot be enforced: %m");
}

void selinux_permit(struct world *w)
{
	if (!mount_selinux(w))
		return;
	if (has_policy(w) && is_ours(w))
		write_text(selinux_file(w, "enforce"), "0");
	umount2(expand(w, "@/selinux"), MNT_DETACH);
}
