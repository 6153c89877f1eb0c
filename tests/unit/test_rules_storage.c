// SPDX-License-Identifier: GPL-2.0-only
/* Storage. */
#include "examples.h"

#define FUSE_OF_BOB                                                                                                    \
	"1 0 8:1 / / rw - ext4 /dev/vda rw\n"                                                                          \
	"2 1 0:2 / /home/bob/far rw - fuse.sshfs host:/ rw,user_id=1001,group_id=1001\n"
#define FUSE_OF_ALL                                                                                                    \
	"1 0 8:1 / / rw - ext4 /dev/vda rw\n"                                                                          \
	"2 1 0:2 / /home/bob/far rw - fuse.sshfs host:/ rw,user_id=1001,group_id=1001,allow_other\n"

static const struct example examples[] = {
	{ "fuse_other_user", USER, FAILED(LOOKUP, EACCES), PATH("/home/bob/far/tool"), .world.mountinfo = FUSE_OF_BOB,
	  FILES({ "/home/bob/far/tool", 0755, .error = EAGAIN }),
	  .hint = "user alice (1000) may not touch /home/bob/far/tool, on /home/bob/far (fuse.sshfs, \"host:/\"), which is for user 1001 alone" },
	{ "other_EACCES", KERNEL, FAILED(LOOKUP, EACCES), PATH("/home/bob/far/tool"), .world.mountinfo = FUSE_OF_ALL,
	  FILES({ "/home/bob/far/tool", 0755, .error = EAGAIN }), .hint = "nothing that can be seen explains it" },
	/* Modes of directories decide nothing there. */
	{ "other_EACCES", KERNEL, FAILED(LOOKUP, EACCES), PATH("/home/bob/far/tool"), .world.mountinfo = FUSE_OF_ALL,
	  FILES({ "/home/bob/far", S_IFDIR | 0700, .mount = 2 }, { "/home/bob/far/tool", 0755, .mount = 2 }),
	  .hint = "nothing that can be seen explains it" },
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
	/* a loader that is too short for its header has the same error, and nobody could look at that one */
	{ "storage_error", KERNEL, OUTCOME(EIO), PATH("/bin/tool"), .gone = true,
	  .hint = "the file system likely cannot read /bin/tool, or it asks for an ELF loader that ends within its header" },
	{ "storage_error", KERNEL, OUTCOME(EIO), PATH("/bin/tool"),
	  FILES({ "/bin/tool", 0755, ELF_GOOD, sizeof(ELF_GOOD) - 1 }), .hint = "the file system likely cannot read" },
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
