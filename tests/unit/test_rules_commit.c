// SPDX-License-Identifier: GPL-2.0-only
/* Taking the caller's place. */
#include "examples.h"

/* security.capability: revision 2, effective, CAP_NET_RAW */
#define NET_RAW "\1\0\0\2\0\x20\0\0\0\0\0\0\0\0\0\0\0\0\0\0"

#define NET_RAW_INHERITED "\1\0\0\2\0\x20\0\0\0\x20\0\0\0\0\0\0\0\0\0\0"

static const struct example examples[] = {
	{ "capability_not_in_bounds", KERNEL, FAILED(COMMIT, EPERM), PATH("/bin/ping"),
	  .event.step = STEP_LSM_CREDS_FROM_FILE,
	  FILES({ "/bin/ping", 0755, ELF_GOOD, sizeof(ELF_GOOD) - 1, .caps = NET_RAW, .caps_n = 20 }),
	  TEXTS(STATUS("1000", "CapEff:\t0\nCapPrm:\t0\nCapBnd:\t00000000000000fb\n")),
	  .hint = "/bin/ping has the file capability CAP_NET_RAW, which the caller may not have; give it" },
	{ "capability_not_in_bounds", USER, OUTCOME(EPERM), PATH("/bin/ping"),
	  FILES({ "/bin/ping", 0755, ELF_GOOD, sizeof(ELF_GOOD) - 1, .caps = NET_RAW, .caps_n = 20 }),
	  TEXTS(STATUS("1000", "CapEff:\t0\nCapPrm:\t0\nCapBnd:\t00000000000000fb\n")), .hint = "CAP_NET_RAW" },
	/* What nobody may get from the bounding set may be inherited. */
	{ "lsm_denied", USER, OUTCOME(EPERM), PATH("/bin/ping"),
	  FILES({ "/bin/ping", 0755, ELF_GOOD, sizeof(ELF_GOOD) - 1, .caps = NET_RAW_INHERITED, .caps_n = 20 }),
	  TEXTS(STATUS("1000", "CapInh:\t2000\nCapEff:\t0\nCapPrm:\t0\nCapBnd:\t00000000000000fb\n")),
	  .hint = "a security module or a fanotify listener likely did" },
	/* Without such a file another module was asked in the same place. */
	{ "lsm_denied", USER, FAILED(COMMIT, EPERM), PATH("/bin/ping"), .event.step = STEP_LSM_CREDS_FROM_FILE,
	  FILES({ "/bin/ping", 0755, ELF_GOOD, sizeof(ELF_GOOD) - 1 }),
	  .hint = "a security module denied /bin/ping at its hook bprm_creds_from_file" },
	{ "address_space_limit", KERNEL, FAILED(COMMIT, ENOMEM), PATH("/opt/x"), .event.seen = SEEN_NO_RETURN,
	  HEAD(ELF_HEADER(ELF_EXEC, ELF_X86_64, "\1")
		       ELF_SEGMENT("\1", "\6", N64("\0\0"), ELF_BASE, N64("\0\x10"), "\0\0\0\x10\0\0\0\0")),
	  TEXTS({ "process:limits", "Max data size   1048576   unlimited   bytes\n" }),
	  .hint = "does not get the 256 MiB of memory that it wants: the limit of data is 1 MiB; raise it (RLIMIT_DATA: ulimit -d)" },
	/* A limit that it is below is not to blame. */
	{ "address_space_limit", KERNEL, FAILED(COMMIT, ENOMEM), PATH("/opt/x"), .event.seen = SEEN_NO_RETURN,
	  HEAD(ELF_HEADER(ELF_EXEC, ELF_X86_64, "\1") ELF_LOAD(ELF_BASE, N64("\0\x10"), "\0\0\0\x10\0\0\0\0")),
	  TEXTS({ "process:limits", "Max address space   1073741824   unlimited   bytes\n" }),
	  .hint = "likely for ulimit -v, ulimit -d, the control group's limit" },
	{ "elf_bad_segment", KERNEL, FAILED(COMMIT, EINVAL), PATH("/opt/x"),
	  HEAD(ELF_HEADER(ELF_EXEC, ELF_X86_64, "\1") ELF_LOAD(ELF_BASE, N64("\0\x10"), N64("\0\x08"))),
	  .event.seen = SEEN_NO_RETURN, .hint = "a segment has 0x1000 bytes in the file and only 0x800 in memory" },
	{ "elf_bad_segment", KERNEL, FAILED(COMMIT, EINVAL), PATH("/opt/x"),
	  HEAD(ELF_HEADER(ELF_EXEC, ELF_X86_64, "\1")
		       ELF_SEGMENT("\1", "\5", N64("\x10\0"), ELF_BASE, N64("\0\x10"), N64("\0\x10"))),
	  .event.seen = SEEN_NO_RETURN,
	  .hint = "a segment is at the offset 0x10 of the file and wants to be at the address 0x400000, which" },
	{ "elf_page_size", KERNEL, FAILED(COMMIT, EINVAL), PATH("/opt/x"),
	  HEAD(ELF_HEADER(ELF_EXEC, ELF_X86_64, "\1")
		       ELF_LOAD_FOR(N64("\0\2"), N64("\0\2"), ELF_BASE, N64("\0\x10"), N64("\0\x10"))),
	  .event.seen = SEEN_NO_RETURN,
	  .hint = "/opt/x was linked for pages of 512 bytes, and this kernel has pages of" },
	{ "elf_bad_segment", KERNEL, FAILED(COMMIT, EFAULT), PATH("/opt/x"),
	  HEAD(ELF_HEADER(ELF_EXEC, ELF_X86_64, "\1") ELF_LOAD(ELF_BASE, N64("\0\x8"), N64("\0\x10"))),
	  .event.seen = SEEN_NO_RETURN, .hint = "/opt/x has a segment that wants zeros behind what is in the file" },
	{ "loader_bad_segment", USER, FAILED(COMMIT, EFAULT), DYNAMIC,
	  FILES({ ELF_LOADER, 0755,
		  BYTES_OF(ELF_HEADER(ELF_DYN, ELF_X86_64, "\1") ELF_LOAD(N64("\0\0"), N64("\0\x8"), N64("\0\x10"))) }),
	  .hint = "the ELF loader " ELF_LOADER " of /opt/app is damaged" },
	{ "truncated_elf", USER, FAILED(COMMIT, EFAULT), PATH("/opt/x"), .event.seen = SEEN_NO_RETURN,
	  FILES({ "/opt/x", 0755,
		  BYTES_OF(ELF_HEADER(ELF_EXEC, ELF_X86_64, "\1")
				   ELF_SEGMENT("\1", "\6", N64("\0\0"), ELF_BASE, N64("\0\x58"), N64("\0\x60"))) }),
	  .hint = "/opt/x ends before what its headers say is in it" },
	{ "elf_bad_address", KERNEL, FAILED(COMMIT, EEXIST), PATH("/opt/x"), .event.seen = SEEN_NO_RETURN,
	  .hint = "/opt/x wants to be at an address where something is already, as the stack" },
	{ "elf_bad_address", KERNEL, FAILED(COMMIT, ENOMEM), PATH("/opt/x"), .event.seen = SEEN_NO_RETURN,
	  HEAD(ELF_HEADER(ELF_EXEC, ELF_X86_64, "\1") ELF_LOAD("\0\0\0\0\0\x80\xff\xff", N64("\0\x10"), N64("\0\x10"))),
	  .hint = "at the address 0xffff800000000000" },
	/* Nothing but what runs is known. */
	{ "elf_bad_address", USER, FAILED(COMMIT, ENOMEM), .event.image = S("/opt/x"),
	  .event.seen = SEEN_OUTCOME | SEEN_COMMIT | SEEN_NO_RETURN | SEEN_IMAGE,
	  FILES({ "/opt/x", 0755,
		  BYTES_OF(ELF_HEADER(ELF_EXEC, ELF_X86_64, "\1")
				   ELF_LOAD("\0\0\0\0\0\x80\xff\xff", N64("\0\x10"), N64("\0\x10"))) }),
	  .hint = "/opt/x wants to be at the address 0xffff800000000000" },
	/* A script's interpreter, after its loader was opened. */
	{ "elf_bad_segment", KERNEL, FAILED(COMMIT, EINVAL), PATH("/opt/run.sh"), .event.interpreter = S(ELF_LOADER),
	  HEAD(ELF_HEADER(ELF_EXEC, ELF_X86_64, "\1") ELF_LOAD(ELF_BASE, N64("\0\x10"), N64("\0\x08"))),
	  .event.level = 1, .event.seen = SEEN_NO_RETURN | SEEN_SCRIPT,
	  FILES({ "/opt/run.sh", 0755, "#!/opt/app\n" }, { "/opt/app", 0755, ELF_DYNAMIC, sizeof(ELF_DYNAMIC) - 1 },
		{ ELF_LOADER, 0755, ELF_GOOD, sizeof(ELF_GOOD) - 1 }),
	  .hint = "the interpreter /opt/app of /opt/run.sh is a damaged ELF file" },
	{ "elf_bad_segment", KERNEL, .gone = true, FAILED(COMMIT, EINVAL), PATH("/opt/run.sh"),
	  HEAD(ELF_HEADER(ELF_EXEC, ELF_X86_64, "\1") ELF_LOAD(ELF_BASE, N64("\0\x10"), N64("\0\x08"))),
	  .event.interpreter = S(ELF_LOADER), .event.level = 1, .event.seen = SEEN_NO_RETURN | SEEN_SCRIPT,
	  .hint = "an interpreter of /opt/run.sh is a damaged ELF file" },
	{ "low_address", KERNEL, FAILED(COMMIT, EPERM), PATH("/opt/x"), .event.seen = SEEN_NO_RETURN,
	  HEAD(ELF_HEADER(ELF_EXEC, ELF_X86_64, "\1") ELF_LOAD(N64("\0\0"), N64("\0\x10"), N64("\0\x10"))),
	  .hint = "vm.mmap_min_addr" },
	{ "low_address", USER, FAILED(COMMIT, EPERM), DYNAMIC,
	  FILES({ ELF_LOADER, 0755,
		  BYTES_OF(ELF_HEADER(ELF_EXEC, ELF_X86_64, "\1")
				   ELF_LOAD(N64("\0\0"), N64("\0\x10"), N64("\0\x10"))) }),
	  .hint = "the ELF loader " ELF_LOADER " of /opt/app wants to be at the address 0" },
	{ "writable_code", KERNEL, FAILED(COMMIT, EACCES), PATH("/opt/x"), .event.seen = SEEN_NO_RETURN,
	  HEAD(ELF_HEADER(ELF_EXEC, ELF_X86_64, "\1")
		       ELF_SEGMENT("\1", "\7", N64("\0\0"), ELF_BASE, N64("\0\x10"), N64("\0\x10"))),
	  .hint = "code that can be written to" },
	{ "loader_bad_segment", USER, FAILED(COMMIT, ENOMEM), DYNAMIC,
	  FILES({ ELF_LOADER, 0755,
		  BYTES_OF(ELF_HEADER(ELF_DYN, ELF_X86_64, "\1") ELF_LOAD(N64("\0\0"), N64("\0\x10"), N64("\0\x08"))) }),
	  .hint = "the ELF loader " ELF_LOADER " of /opt/app is damaged" },
	{ "elf_too_big", KERNEL, FAILED(COMMIT, ENOMEM), PATH("/opt/x"), .event.seen = SEEN_NO_RETURN,
	  HEAD(ELF_HEADER(ELF_EXEC, ELF_X86_64, "\1") ELF_LOAD(ELF_BASE, N64("\0\x10"), "\0\0\0\0\1\0\0\0")),
	  TEXTS({ "proc:meminfo", "MemTotal:        1000 kB\nSwapTotal:   0 kB\n" }),
	  .hint = "wants 4096 MiB of memory for its data alone" },
	{ "address_space_limit", KERNEL, FAILED(COMMIT, ENOMEM), PATH("/opt/x"), .event.seen = SEEN_NO_RETURN,
	  HEAD(ELF_HEADER(ELF_EXEC, ELF_X86_64, "\1") ELF_LOAD(ELF_BASE, N64("\0\x10"), "\0\0\0\x10\0\0\0\0")),
	  TEXTS({ "process:limits", "Max address space   134217728   unlimited   bytes\n" }),
	  .hint = "does not get the 256 MiB of memory that it wants: the limit of the address space is 128 MiB" },

	{ "stack_limit", KERNEL, FAILED(COMMIT, EFAULT), PATH("/opt/x"), .event.seen = SEEN_NO_RETURN,
	  TEXTS({ "process:limits", "Max stack size   1000   unlimited   bytes\n" }),
	  .hint = "/opt/x gets no memory for its stack: the stack limit is 1000 bytes; raise it (ulimit -s, LimitSTACK=)" },
	{ "stack_limit", KERNEL, .gone = true, FAILED(COMMIT, EFAULT), PATH("/opt/x"), .event.seen = SEEN_NO_RETURN,
	  .hint = "likely for a limit of the stack (RLIMIT_STACK: ulimit -s) or of the address space (RLIMIT_AS" },
	{ "address_space_limit", USER, FAILED(COMMIT, EFAULT), PATH("/opt/x"), .event.seen = SEEN_NO_RETURN,
	  TEXTS({ "process:limits", "Max stack size   8388608   unlimited   bytes\n"
				    "Max address space   100000   unlimited   bytes\n" }),
	  .hint = "/opt/x gets no memory for its stack: the limit of the address space is 97 KiB" },
};

int main(void)
{
	return EXAMPLES_RUN(rules_commit);
}
