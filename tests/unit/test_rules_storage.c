// SPDX-License-Identifier: GPL-2.0-only
/* Storage. */
#include "examples.h"

static const struct example examples[] = {
	{ "storage_disconnected", KERNEL, OUTCOME(ENOTCONN), PATH("/opt/run.sh"),
	  FILES({ "/opt/run.sh", 0755, "#!/far/sh\n" }, { "/far/sh", 0755, .error = EAGAIN }),
	  .hint = "the file system of the interpreter /far/sh of /opt/run.sh, on /far (nfs4" },
	{ "storage_disconnected", KERNEL, FAILED(LOOKUP, ENOTCONN), PATH("/far/tool"),
	  .hint = "the file system of /far/tool, on /far (nfs4, \"server:/export\") has lost its server" },
	{ "storage_stale", KERNEL, FAILED(LOOKUP, ESTALE), PATH("/far/tool"),
	  .hint = "no longer knows /far/tool, on /far" },
	{ "storage_error", KERNEL, FAILED(FORMAT, EIO), PATH("/bin/tool"), HEAD("\0\0\0\0"),
	  .hint = "cannot read /bin/tool, on / (ext4, /dev/vda)" },
	{ "storage_error", KERNEL, FAILED(LOOKUP, EIO), PATH("/far/tool"), .world.answered = true,
	  .hint = "cannot read /far/tool" },
	/* Behind a disk there is no server. */
	{ "other_ETIMEDOUT", KERNEL, FAILED(LOOKUP, ETIMEDOUT), PATH("/bin/tool"), FILES(PROGRAM),
	  .hint = "nothing that can be seen explains it" },
	{ "storage_stale", KERNEL, FAILED(LOOKUP, ESTALE), PATH("/bin/tool"),
	  .hint = "the file system no longer knows /bin/tool, on / (ext4, /dev/vda): the file or its directory was replaced below" },
};

int main(void)
{
	return EXAMPLES_RUN(rules_storage);
}
