// SPDX-License-Identifier: GPL-2.0-only
/* The way to the program. */
#include "examples.h"

#include "event/magic.h"

/* Its header, an entry for the user 1000 without x, and the mask. */
#define ACL_OF_1000                                                                                                    \
	"\2\0\0\0"                                                                                                     \
	"\2\0\4\0\xe8\3\0\0"                                                                                           \
	"\x10\0\7\0\xff\xff\xff\xff"                                                                                   \
	"\x20\0\5\0\xff\xff\xff\xff"

#define BY_DESCRIPTOR(path_, mode_)                                                                                    \
	PATH(""), .event.call = CALL_EXECVEAT, .event.flags = AT_EMPTY_PATH, .event.dirfd = 3,                         \
		  .event.dirfd_path = S(path_), .event.dirfd_file = { .known = true, .mode = mode_ }

static const struct example examples[] = {
	{ "name_too_long", KERNEL, FAILED(LOOKUP, ENAMETOOLONG), PATH("/" X256),
	  .hint = "has 256 bytes: a file name can have 255" },
	{ "link_refused", USER, FAILED(LOOKUP, ELOOP), PATH("/bin/link"), .event.call = CALL_EXECVEAT,
	  .event.flags = AT_SYMLINK_NOFOLLOW, FILES({ "/bin/link", S_IFLNK | 0777, "tool" }, PROGRAM),
	  .hint = "/bin/link is a symbolic link" },
	/* Its own flags do not say it. */
	{ "link_refused", KERNEL, FAILED(LOOKUP, ELOOP), BY_DESCRIPTOR("/bin/link", 0120777),
	  .hint = "descriptor 3 stands for the symbolic link /bin/link itself (O_PATH with O_NOFOLLOW)" },
	/* Where no hook says so, it is the lookup only if links are seen. */
	{ "link_or_script_loop", KERNEL, .gone = true, OUTCOME(ELOOP), PATH("/bin/link"), .event.call = CALL_EXECVEAT,
	  .event.flags = AT_SYMLINK_NOFOLLOW,
	  .hint = "links of /bin/link lead in a circle or are more than 40, or it is a" },
	{ "link_or_script_loop", KERNEL, OUTCOME(ELOOP), PATH("/bin/tool"), FILES(PROGRAM),
	  .hint = "or it is a script, and" },
	{ "symlink_loop", USER, OUTCOME(ELOOP), PATH("/bin/a"), .stage = STAGE_LOOKUP,
	  FILES({ "/bin/a", S_IFLNK | 0777, "b" }, { "/bin/b", S_IFLNK | 0777, "/bin/a" }),
	  .hint = "lead in a circle: /bin/" },
	{ "link_refused", USER, OUTCOME(ELOOP), PATH("/bin/link"), .event.call = CALL_EXECVEAT, .stage = STAGE_LOOKUP,
	  .event.flags = AT_SYMLINK_NOFOLLOW, FILES({ "/bin/link", S_IFLNK | 0777, "tool" }, PROGRAM),
	  .hint = "/bin/link is a symbolic link" },
	{ "nosymfollow_mount", USER, FAILED(LOOKUP, ELOOP), PATH("/plain/link"),
	  FILES({ "/plain/link", S_IFLNK | 0777, "/bin/tool", .mount = 5 }, PROGRAM),
	  .hint = "the link /plain/link on the way to /plain/link lies on /plain (tmpfs, plain), which is mounted nosymfollow" },
	{ "protected_symlink", USER, FAILED(LOOKUP, EACCES), PATH("/tmp/link"),
	  FILES({ "/tmp", S_IFDIR | 01777 }, { "/tmp/link", S_IFLNK | 0777, "/bin/tool", .uid = 7 }, PROGRAM),
	  TEXTS({ "proc:sys/fs/protected_symlinks", "1\n" }),
	  .hint = "user alice (1000) may not follow the link /tmp/link (owner 7): in /tmp, where everybody" },
	/* not to be read by others than root, before 5.18 */
	{ "protected_symlink", USER, FAILED(LOOKUP, EACCES), PATH("/tmp/link"),
	  FILES({ "/tmp", S_IFDIR | 01777 }, { "/tmp/link", S_IFLNK | 0777, "/bin/tool", .uid = 7 }, PROGRAM),
	  .hint = "user alice (1000) may not follow the link /tmp/link (owner 7): in /tmp, where everybody" },
	/* Of the caller, of the directory's owner, or where nobody asked for it. */
	{ "lsm_denied", USER, FAILED(LOOKUP, EACCES), PATH("/tmp/link"),
	  FILES({ "/tmp", S_IFDIR | 01777 }, { "/tmp/link", S_IFLNK | 0777, "/bin/tool", .uid = 1000 }, PROGRAM),
	  TEXTS({ "proc:sys/fs/protected_symlinks", "1\n" }), .hint = "a security module likely did" },
	{ "lsm_denied", USER, FAILED(LOOKUP, EACCES), PATH("/tmp/link"),
	  FILES({ "/tmp", S_IFDIR | 01777 }, { "/tmp/link", S_IFLNK | 0777, "/bin/tool" }, PROGRAM),
	  TEXTS({ "proc:sys/fs/protected_symlinks", "1\n" }), .hint = "a security module likely did" },
	{ "lsm_denied", USER, FAILED(LOOKUP, EACCES), PATH("/tmp/link"),
	  FILES({ "/tmp", S_IFDIR | 01777 }, { "/tmp/link", S_IFLNK | 0777, "/bin/tool", .uid = 7 }, PROGRAM),
	  TEXTS({ "proc:sys/fs/protected_symlinks", "0\n" }), .hint = "a security module likely did" },
	{ "symlink_loop", KERNEL, FAILED(LOOKUP, ELOOP), PATH("/bin/a"),
	  FILES({ "/bin/a", S_IFLNK | 0777, "b" }, { "/bin/b", S_IFLNK | 0777, "/bin/a" }),
	  .hint = "lead in a circle: /bin/" },
	{ "not_a_directory", KERNEL, FAILED(LOOKUP, ENOTDIR), PATH("/bin/tool/x"), FILES(PROGRAM),
	  .hint = "/bin/tool is not a directory, as it would have to be for /bin/tool/x" },
	{ "not_a_directory", KERNEL, FAILED(LOOKUP, ENOTDIR), PATH("/bin/tool/"), FILES(PROGRAM),
	  .hint = "the path /bin/tool/ ends in a slash, but /bin/tool is not a directory" },
	{ "sealed_memfd", KERNEL, FAILED(LOOKUP, EACCES), BY_DESCRIPTOR("/memfd:x (deleted)", 0100600),
	  .hint = "MFD_NOEXEC_SEAL" },
	/* What the kernel saw behind the descriptor, whatever is there by now. */
	{ "no_x_bit", KERNEL, FAILED(LOOKUP, EACCES), BY_DESCRIPTOR("/opt/x", 0100640), .world.descriptor = "/bin/tool",
	  FILES(PROGRAM), .hint = "/opt/x has no execute permission (mode 0640)" },
	{ "is_directory", KERNEL, FAILED(LOOKUP, EACCES), BY_DESCRIPTOR("/opt", 0040755),
	  .hint = "/opt is a directory" },
	/* files that come and go in it change its time, and not that it is one */
	{ "is_directory", USER, FAILED(LOOKUP, EACCES), PATH("/opt"),
	  FILES({ "/opt", S_IFDIR | 0755, .changed = 1700000001 }),
	  .hint = "/opt is a directory, and likely was one then" },
	{ "is_directory", USER, FAILED(LOOKUP, EACCES), BY_DESCRIPTOR("/opt", 0040755), .event.dirfd_file.dev = 5,
	  .event.dirfd_file.ino = 10, .world.descriptor = "/opt",
	  FILES({ "/opt", S_IFDIR | 0755, .changed = 1700000001 }), .hint = "/opt is a directory" },
	{ "is_directory", USER, FAILED(LOOKUP, EACCES), PATH("/opt"),
	  FILES({ "/opt", S_IFDIR | 0755, .changed = 1700000001, .born = 1600000000 }), .hint = "/opt is a directory",
	  .no_hint = "likely" },
	{ "changed_since", USER, FAILED(LOOKUP, EACCES), PATH("/opt"),
	  FILES({ "/opt", S_IFDIR | 0755, .changed = 1700000001, .born = 1700000001 }),
	  .hint = "changed since, and now: /opt is a directory" },
	/* the kernel saw it with the time that it has: whatever the clock says, it is as it was */
	{ "no_x_bit", USER, FAILED(LOOKUP, EACCES), BY_DESCRIPTOR("/opt/x", 0100644), .event.dirfd_file.dev = 5,
	  .event.dirfd_file.ino = 10, .event.dirfd_file.ctime_sec = 1700000001, .world.descriptor = "/opt/x",
	  FILES({ "/opt/x", 0644, .changed = 1700000001 }), .hint = "/opt/x has no execute permission (mode 0644)" },
	/* no descriptor at all: the working directory itself */
	{ "is_directory", KERNEL, FAILED(LOOKUP, EACCES), PATH(""), .event.call = CALL_EXECVEAT,
	  .event.flags = AT_EMPTY_PATH, .event.dirfd = AT_FDCWD, .event.cwd = S("/srv"), FILES({ "/srv/x", 0644 }),
	  .hint = "/srv is a directory" },
	{ "special_file", KERNEL, FAILED(LOOKUP, EACCES), BY_DESCRIPTOR("socket:[47]", 0140777),
	  .event.dirfd_file.magic = SOCKFS_MAGIC,
	  .hint = "\"socket:[47]\" is a socket: only regular files can be executed" },
	{ "special_file", KERNEL, FAILED(LOOKUP, EACCES), BY_DESCRIPTOR("pipe:[47]", 0010600),
	  .event.dirfd_file.magic = PIPEFS_MAGIC, .hint = "\"pipe:[47]\" is a pipe: only" },
	{ "special_file", KERNEL, FAILED(LOOKUP, EACCES), BY_DESCRIPTOR("anon_inode:[eventfd]", 0100600),
	  .event.dirfd_file.magic = ANON_INODE_FS_MAGIC,
	  .hint = "\"anon_inode:[eventfd]\" is no file of any file system: only" },
	{ "other_EACCES", USER, FAILED(LOOKUP, EACCES), BY_DESCRIPTOR("/opt/x", 0100755),
	  .world.descriptor = "/bin/tool", FILES(PROGRAM), .hint = "another file has taken its place since" },
	{ "lsm_denied", USER, FAILED(LOOKUP, EACCES), PATH(""), .event.call = CALL_EXECVEAT,
	  .event.flags = AT_EMPTY_PATH, .event.dirfd = 3, .event.dirfd_path = S("/memfd:x (deleted)"),
	  .world.descriptor = "/bin/tool", FILES(PROGRAM), .hint = "a security module likely did" },
	{ "no_search_permission", USER, FAILED(LOOKUP, EACCES), PATH("/proc/1/exe"),
	  FILES({ "/proc/1", S_IFDIR | 0555 }, { "/proc/1/exe", 0755, .error = EACCES }),
	  .hint = "user alice (1000) may not see what /proc/1 has: that is another process's" },
	{ "no_search_permission", USER, FAILED(LOOKUP, EACCES), PATH("/root/tool"),
	  FILES({ "/root", S_IFDIR | 0700 }, { "/root/tool", 0755 }),
	  .hint = "user alice (1000) may not pass through /root (mode 0700, owner 0:0), so /root/tool cannot be reached" },
	{ "virtual_file", USER, FAILED(LOOKUP, EACCES), PATH("/proc/version"),
	  FILES({ "/proc/version", 0444, .mount = 2 }),
	  .hint = "/proc/version lies on /proc (proc, proc): nothing there can be executed" },
	{ "is_directory", USER, FAILED(LOOKUP, EACCES), PATH("/opt"), FILES({ "/opt/x", 0755 }),
	  .hint = "/opt is a directory" },
	{ "special_file", USER, FAILED(LOOKUP, EACCES), PATH("/run/fifo"), FILES({ "/run/fifo", S_IFIFO | 0777 }),
	  .hint = "/run/fifo is a fifo" },
	/* Of a kernel before 5.8. */
	{ "special_file", USER, FAILED(LOOKUP, ENXIO), PATH("/run/socket"), FILES({ "/run/socket", S_IFSOCK | 0777 }),
	  .hint = "/run/socket is a socket" },
	{ "no_x_bit", USER, FAILED(LOOKUP, EACCES), PATH("/bin/my tool"),
	  FILES({ "/bin/my tool", 0644, ELF_GOOD, sizeof(ELF_GOOD) - 1 }),
	  .hint = "(mode 0644); give it with: chmod +x '/bin/my tool'" },
	/* What is no program is not to be made one. */
	{ "no_x_bit", USER, FAILED(LOOKUP, EACCES), PATH("/bin/list"), FILES({ "/bin/list", 0644, "a b\n", 4 }),
	  .hint = "/bin/list has no execute permission (mode 0644), and is text without a #! line" },
	/* What is in it the caller may not know. */
	{ "no_x_bit", USER, FAILED(LOOKUP, EACCES), PATH("/bin/list"), FILES({ "/bin/list", 0640, "a b\n", 4 }),
	  .hint = "/bin/list has no execute permission (mode 0640)" },
	{ "no_x_bit", USER, OUTCOME(EACCES), PATH("/bin/tool"), FILES({ "/bin/tool", 0644 }), .stage = STAGE_LOOKUP,
	  .hint = "has no execute permission" },
	/* Then chmod is not all. */
	{ "no_x_bit", USER, FAILED(LOOKUP, EACCES), PATH("/noexec/tool"), FILES({ "/noexec/tool", 0644, .mount = 3 }),
	  .hint = "(mode 0644), and lies on /noexec (tmpfs, scratch), which is mounted noexec" },
	{ "no_x_bit_for_user", USER, FAILED(LOOKUP, EACCES), PATH("/bin/tool"), FILES({ "/bin/tool", 0744 }),
	  TEXTS(STATUS("1000", "")), .hint = "user alice (1000) may not execute /bin/tool (mode 0744, owner 0:0)" },
	{ "no_x_bit_for_user", USER, FAILED(LOOKUP, EACCES), PATH("/bin/tool"), FILES({ "/bin/tool", 0750, .gid = 7 }),
	  .hint = "may likely not execute" },
	{ "no_x_bit_for_user", USER, FAILED(LOOKUP, EACCES), PATH("/bin/tool"),
	  FILES({ "/bin/tool", 0775, .acl = ACL_OF_1000, .acl_n = 28 }),
	  .hint = "(mode 0775, owner 0:0, and an access control list: getfacl /bin/tool)" },
	{ "no_search_permission", USER, FAILED(LOOKUP, EACCES), PATH("/opt/tool"),
	  FILES({ "/opt", S_IFDIR | 0775, .acl = ACL_OF_1000, .acl_n = 28 }, { "/opt/tool", 0755 }),
	  .hint = "may not pass through /opt (mode 0775, owner 0:0, and an access control list: getfacl /opt)" },
	{ "noexec_mount", USER, FAILED(LOOKUP, EACCES), PATH("/noexec/tool"),
	  FILES({ "/noexec/tool", 0755, .mount = 3 }),
	  .hint = "/noexec/tool lies on /noexec (tmpfs, scratch), which is mounted noexec; move it to another file system, or allow all that is there to be executed: mount -o remount,exec /noexec" },
	{ "text_busy", KERNEL, FAILED(LOOKUP, ETXTBSY), PATH("/bin/tool"), FILES(PROGRAM), .world.busy = "/bin/tool",
	  .hint = "/bin/tool is open for writing in process 77 (writer)" },
	{ "text_busy", KERNEL, FAILED(LOOKUP, ETXTBSY), PATH("/bin/tool"), FILES(PROGRAM), .world.answered = true,
	  .world.busy = "/bin/tool", .hint = "open for writing in process 77" },
	{ "text_busy", KERNEL, .gone = true, FAILED(LOOKUP, ETXTBSY), PATH("/bin/tool"),
	  .hint = "was open for writing, and the writer has likely closed it by now" },
};

int main(void)
{
	return EXAMPLES_RUN(rules_lookup);
}
