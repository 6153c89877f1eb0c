/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The wire format between bpf/ and src/: one variable-length record per event.
 *
 * A record is a fixed head (struct record) followed by sections, each a struct section and its bytes, one after the
 * other without padding. Everything is in the byte order of the machine. Bytes of sections come from other processes
 * and are not to be trusted: no terminator, no encoding, no limit but the length is promised.
 *
 * Sizes are asserted below because the two sides are built by two compilers.
 */
#ifndef EXECFAIL_RECORD_H
#define EXECFAIL_RECORD_H

#ifndef __VMLINUX_H__
#include <linux/types.h>
#endif

enum {
	RECORD_COMM = 16, /* TASK_COMM_LEN */
	RECORD_PATH_MAX = 4096,
	RECORD_STRINGS_MAX = 16384, /* bytes of arguments, and of environment, element heads not counted */
	RECORD_BUF = 256, /* BINPRM_BUF_SIZE */
	RECORD_ANCESTORS = 8,
	RECORD_LONGEST_START = 128, /* bytes of the longest string */
	RECORD_MEASURED_STRING = 128 * 1024, /* MAX_ARG_STRLEN with pages of 4 KiB: no string may be so long */
	RECORD_MEASURED_MAX = 8 << 20, /* more than all of them may be together, bprm_stack_limits(): 6 MiB */
	/* A perf sample's size is a 16-bit number; the ring buffer would take more. */
	RECORD_MAX = 60 * 1024,
};

#define RECORD_UNKNOWN 0xffffffffu /* of a 32-bit number: the kernel did not say */

/* What can be asked for: a bit each, 1 << enum event_type, in config.events. */
enum event_type {
	EVENT_PROCESS_EXECUTE_FAILED = 1,
	EVENT_SECURITY_BPRM_CHECK,
	EVENT_SCHED_PROCESS_EXEC,
	EVENT_EXECVE,
	EVENT_EXECVEAT,
	EVENT_PROCESS_START_FAILED,
	EVENT_FOUND, /* of no use but to fold.h, and told to nobody: its path, tid and times */
	EVENT_LOST, /* made in user space */
};

/*
 * The moment of an exec that a record was made at. Which events it stands for is told by that, by its call, and by what
 * was asked for.
 */
enum record_kind {
	RECORD_FAILED = 1, /* the call returns, or its caller is killed */
	RECORD_CHECKED, /* security_bprm_check() has answered */
	RECORD_STARTED, /* the program has taken the caller's place */
	RECORD_APPROVED, /* the call returns: it would have succeeded (AT_EXECVE_CHECK) */
	RECORD_ENDED, /* no exec: a process ends with a status of those that could not start what they were to; ret is that status */
	RECORD_FOUND, /* as RECORD_STARTED, in a task whose last exec had failed; only with config.searches. Its head has times and ids */
	RECORD_KINDS, /* one past the last */
};

/* How the kernel was asked. */
enum record_call {
	CALL_UNKNOWN, /* only of a program that has started */
	CALL_EXECVE,
	CALL_EXECVEAT = 2,
	CALL_KERNEL = 3, /* the kernel started it itself */
};

/* The function of the kernel that was seen to answer the error; STEP_NONE where no hook saw one. */
enum record_step {
	STEP_NONE,
	STEP_OPEN_PROGRAM, /* do_open_execat() for the program */
	STEP_OPEN_INTERPRETER, /* do_open_execat() or open_exec() for an interpreter */
	STEP_LSM_CREDS, /* security_bprm_creds_for_exec(), security_bprm_set_creds() before 5.8 */
	STEP_LSM_CHECK, /* security_bprm_check() */
	STEP_LSM_CREDS_FROM_FILE, /* security_bprm_creds_from_file(), inside begin_new_exec() */
	STEP_BEGIN_NEW_EXEC, /* begin_new_exec(), flush_old_exec() before 5.8 */
};

/* What was seen on the way, whichever function answered. */
enum record_seen {
	SEEN_OUTCOME =
		1 << 0, /* only the call's return: this family has no hook inside of the exec. Set by user space */
	SEEN_BPRM = 1 << 1, /* a struct linux_binprm existed: path and limits had passed */
	SEEN_FILE = 1 << 2, /* the program was opened */
	SEEN_EXEC = 1 << 3, /* bprm_execve(), exec_binprm() or an LSM hook: arguments had been copied */
	SEEN_INTERP_OPEN = 1 << 4, /* an interpreter was opened */
	SEEN_SCRIPT = 1 << 5, /* a handler put an interpreter in the program's place at least once */
	SEEN_COMMIT = 1 << 6, /* begin_new_exec() was entered */
	SEEN_NO_RETURN = 1 << 7, /* past the point of no return: the caller is being killed */
	SEEN_COMPAT = 1 << 8, /* a 32-bit caller */
	SEEN_HOOKS = 1 << 9, /* every hook is attached that the stage is told from. Set by user space */
	SEEN_SECCOMP = 1 << 10, /* a seccomp filter answered, and nothing of the exec ran */
	SEEN_ENTERED = 1 << 11, /* the function behind the system call was entered, or nobody can tell */
	SEEN_FILTERED = 1 << 12, /* the caller has a seccomp filter */
	SEEN_ENTRY = 1 << 13, /* every hook is attached that notes SEEN_ENTERED. Set by user space */
	SEEN_IMAGE = 1 << 14, /* `binary` is what has taken the caller's place: the program, or its interpreter */
	SEEN_CLOSES = 1 << 15, /* dirfd would have been closed on exec */
	SEEN_NO_NEW_PRIVS = 1 << 16, /* the caller may not gain privileges, as who restricts itself may not */
	SEEN_FORKED =
		1 << 17, /* it has executed nothing since it was forked; this and the next two only RECORD_ENDED */
	SEEN_RAN = 1 << 18, /* it has taken memory from the heap, which no loader does before its program runs */
	SEEN_LOADER = 1 << 19, /* code of its loader ended it: it has not begun, or found a symbol missing */
};

enum section_kind {
	SECTION_PATH = 1, /* bytes: as the user gave it, but for SECTION_FDPATH */
	SECTION_INTERPRETER, /* bytes */
	SECTION_ARGUMENTS, /* elements */
	SECTION_ENVIRONMENT, /* elements */
	SECTION_BINARY, /* components */
	SECTION_STDIN, /* components */
	SECTION_EXE, /* components */
	SECTION_CWD, /* components */
	SECTION_DIRFD, /* components */
	SECTION_CGROUP, /* components */
	SECTION_TTY, /* bytes */
	SECTION_ANCESTORS, /* array of struct record_ancestor, nearest first */
	SECTION_HEAD, /* RECORD_BUF bytes, filled up with NULs: the start of the file as the kernel read it, bprm->buf */
	SECTION_CAUSE, /* bytes: the path of the exec that cause_pid tried */
	SECTION_ROOT, /* components: what the caller's paths begin at */
	SECTION_LONGEST, /* struct record_longest, and the start of that string; only with E2BIG */
	SECTION_INTERP, /* bytes: bprm->interp, what runs: the program, or the interpreter of a script */
	SECTION_PREV_COMM, /* bytes: comm before the exec; only RECORD_STARTED, like the next */
	SECTION_LOADER_FILE, /* struct record_file: of the ELF interpreter */
	SECTION_LOADER, /* components: likewise */
	SECTION_STDERR_FILE, /* struct record_file: descriptor 2; only RECORD_ENDED, like the next */
	SECTION_STDERR, /* components: likewise */
	SECTION_ARGV, /* where the arguments are in the caller's memory, 64 bits: only where they could not be read there */
	SECTION_KINDS, /* one past the last */
};

enum section_flag {
	SECTION_CUT = 1 << 0, /* there was more */
	SECTION_UNREADABLE = 1 << 1, /* could not be read at all, or not to its end */
	SECTION_DELETED = 1 << 2, /* components: the name no longer exists */
	SECTION_MORE = 1 << 4, /* elements: there were more of them. Without: at most the last is cut */
	SECTION_FDPATH = 1 << 3, /* path: as the kernel rewrote it for execveat(), /dev/fd/N/PATH */
	SECTION_BLOCK = 1 << 5, /* elements: a block of memory in their place */
	SECTION_JOINED = 1 << 6, /* elements: bytes, one behind the other with their NULs, in their place */
};

/*
 * Components are the names of a path from the leaf up to the root, each terminated by a NUL: what a walk up the
 * dentries meets. An empty section is the root itself.
 *
 * Elements are struct element and its bytes (no terminator), one after the other. Where the strings lie close together,
 * as they nearly always do, a struct block stands for them: pointers, and the memory that they point into.
 */
struct section {
	__u16 kind; /* enum section_kind */
	__u16 flags; /* enum section_flag */
	__u32 len; /* bytes that follow, without this head */
};

enum element_flag {
	ELEMENT_CUT = 1 << 0,
	ELEMENT_UNREADABLE = 1 << 1, /* its pointer could not be followed; len is 0 */
};

struct element {
	__u16 len; /* bytes that follow */
	__u16 flags; /* enum element_flag */
};

struct block {
	__u64 base; /* what the address of the first byte was */
	__u32 count; /* of the pointers, 64 bits each, that follow; the rest of the section is the memory, and up to 7 bytes behind it */
	__u32 reserved;
};

struct record_ancestor {
	__u32 pid; /* the thread group's, in the initial pid namespace */
	char comm[RECORD_COMM]; /* its leader's */
};

/* Of all arguments and variables, whether there was room for them or not. */
struct record_longest {
	__u32 kind; /* SECTION_ARGUMENTS, SECTION_ENVIRONMENT */
	__u32 index; /* among those of its kind */
	__u32 len; /* bytes, without its NUL; as far as RECORD_MEASURED_STRING */
	__u32 total; /* bytes of all, NULs included; as far as RECORD_MEASURED_MAX */
};

struct record_file {
	__u64 ino;
	__s64 ctime_sec;
	__u32 ctime_nsec;
	__u32 dev; /* the kernel's dev_t: major << 20 | minor; RECORD_UNKNOWN: no file */
	__u32 mode; /* umode_t; 0: no file */
	__u32 magic; /* super_block.s_magic */
};

struct record {
	__u32 len; /* of the whole record, this head included; a perf sample is padded beyond it */
	__u16 kind; /* enum record_kind */
	__u16 call; /* enum record_call */
	__u64 time_ns; /* CLOCK_MONOTONIC of the first time namespace, when the call returned or was killed */
	__s32 ret; /* -errno; of a seccomp filter any number, also 0 */
	__u32 seen; /* enum record_seen */
	__u16 step; /* enum record_step */
	__u16 level; /* interpreters that were named before the failure: the last may not have been opened */
	__u32 pid; /* the thread group's; this and the next two in the initial pid namespace */
	__u32 tid;
	__u32 ppid;
	__u32 ns_pid; /* the thread group's, in the caller's own pid namespace; 0: unknown */
	__u32 uid; /* this and the next three in the initial user namespace */
	__u32 gid;
	__u32 euid;
	__u32 loginuid; /* RECORD_UNKNOWN: not set */
	__u32 mnt_ns; /* this and the next are inode numbers in nsfs; 0: unknown */
	__u32 pid_ns;
	__s32 dirfd; /* execveat only, like flags */
	__u32 flags;
	__u32 argc; /* as the caller gave them; RECORD_UNKNOWN: not counted. So is the next */
	__u32 envc;
	__u32 signal; /* that the caller gets instead of an answer; ret means nothing then. 0: none */
	__u32 cause_pid; /* the exec for which the kernel started this one; 0: none known */
	char comm[RECORD_COMM]; /* the calling thread's; the new program's where no hook saw it before SEEN_NO_RETURN */
	struct record_file binary;
	struct record_file stdin_file;
	struct record_file dirfd_file; /* behind dirfd: its number may be another file's when somebody looks */
	struct record_file root_file; /* what the caller's paths begin at: whatever has its name when somebody looks */
	struct record_file cwd_file;
	/*
	 * Whose the caller's user namespace is, of those that it is in below the initial one the outermost: who made
	 * it. RECORD_UNKNOWN: it is in the initial one.
	 */
	__u32 user_ns_owner;
	__u32 share; /* the one of the map `shares` that it is charged to, from 1 on; 0: none */
	__u64 cgroup; /* its id, only with COUNT_CGROUP */
};

#define RECORD_ASSERT_SIZE(type, size) _Static_assert(sizeof(struct type) == (size), "wire size of struct " #type)
RECORD_ASSERT_SIZE(section, 8);
RECORD_ASSERT_SIZE(element, 4);
RECORD_ASSERT_SIZE(block, 16);
RECORD_ASSERT_SIZE(record_ancestor, 20);
RECORD_ASSERT_SIZE(record_longest, 16);
RECORD_ASSERT_SIZE(record_file, 32);
RECORD_ASSERT_SIZE(record, 288);

/* Types that the programs give to addresses. */
enum cast {
	CAST_TASK,
	CAST_FILE,
	CAST_INODE,
	CAST_DENTRY,
	CAST_MOUNT,
	CAST_KERNFS_NODE,
	CAST_BPRM,
	CAST_FILENAME,
	CAST_UPID,
	CASTS,
};

/* What user space tells the programs before they are loaded (read-only data). */
struct config {
	__u8 ringbuf; /* the map `events` is a ring buffer; else a perf event array */
	__u8 environment; /* collect it */
	__u8 scoped; /* only tasks in the map `scope`: execfail -- COMMAND, or -p */
	__u8 kin; /* note in the map `kin` who begins and ends before all is armed: -p */
	__u8 kernel_btf; /* the kernel itself has BTF: helpers that return its types can be called */
	__u8 entries; /* a call comes to its outcome though its entry was not seen: the families kprobe and legacy */
	__u8 shares; /* the maps `shares` and `buffered` are kept: user space takes off what it has read */
	__u8 copies; /* how many programs are attached to the end of a call, at most OUTCOME_LAST */
	__u32 scope_ns; /* the pid namespace that numbers in those two maps are of, by its inode; 0: the initial one */
	__u32 slots; /* for records that are being put together: the first are one for each CPU, the rest is for all of them */
	__u32 cpus;
	__u32 buffer; /* bytes of the ring buffer, or of the perf buffer of each CPU */
	__u32 events; /* that were asked for: bits 1 << enum event_type */
	__u8 searches; /* say which programs start after a failure: RECORD_FOUND */
	__u8 counts; /* enum count_by: only the first failure of a kind makes a record; 0: each does */
	__u8 returns; /* the return of the function tells a failure, as OUTCOME_LAST, and the exit of the call those it did not see */
	__u8 reserved;
	__u32 rows; /* of places for execs that are under way: a power of 2 */
	__u32 casts[CASTS]; /* by enum cast: the kernel's numbers of these types; 0: it does not know casts */
};

RECORD_ASSERT_SIZE(config, 72);

enum { ROW_PLACES = 8 };

/* Of places, in the map `rows`: see place.bpf.h. */
struct place_row {
	__u64 task[ROW_PLACES]; /* whose it is, by the address of its task_struct; 0: nobody's */
	__u64 takers[ROW_PLACES]; /* how many have it, or try to */
};

RECORD_ASSERT_SIZE(place_row, 128);

/*
 * In the programs' code, the number of a helper that no kernel has: user space puts a call of bpf_rdonly_cast() there.
 */
#define CALL_CAST 0x7fff0001

/* By what failures are counted. */
enum count_by {
	COUNT_ERRNO = 1 << 0,
	COUNT_UID = 1 << 1,
	COUNT_COMM = 1 << 2,
	COUNT_CGROUP = 1 << 3,
};

/* A kind of failure, what is not counted by is 0: key of the map `counts`. */
struct count_key {
	__u64 cgroup; /* struct record's */
	__s32 ret;
	__u32 uid;
	char comm[RECORD_COMM];
};

RECORD_ASSERT_SIZE(count_key, 32);

struct count {
	__u64 n;
	__u64 last_ns; /* CLOCK_MONOTONIC of the first time namespace, of the last of them */
};

RECORD_ASSERT_SIZE(count, 16);

/* Of a process that began or ended while hooks were being attached: an entry of the map `kin`. */
struct kin {
	__u32 parent; /* 0: not in the namespace */
	__u8 gone; /* it has ended */
	__u8 followed; /* its parent was in the map `scope`, so it has been added there */
	__u16 reserved;
};

RECORD_ASSERT_SIZE(kin, 8);

/* What it tells them while they run. */
struct control {
	__u32 armed; /* everything is attached: what begins now is reported */
	__u32 reserved;
	__u64 settled_ns; /* CLOCK_MONOTONIC of the first time namespace: nothing is under way any more that began before */
};

RECORD_ASSERT_SIZE(control, 16);

/*
 * What one source of failures has in the buffer, of what came when it was more than half full: in the map `shares`. The
 * programs add, user space takes off. See bpf/share.bpf.c.
 */
struct share {
	__u64 cgroup;
	__u32 owner;
	__u32 cpu; /* of perf buffers */
	__s64 held; /* bytes */
};

RECORD_ASSERT_SIZE(share, 24);

enum { SHARES = 256 };

/*
 * Where a program may be preempted, the kernel skips further runs of it on that CPU until it goes on. So programs are
 * attached to the end of a call several times, and the first copy that runs takes the call.
 */
enum {
	OUTCOME_COPIES = 8,
	/* And one that hangs on a probe, where those can be preempted: of it the kernel skips no run. */
	OUTCOME_LAST,
};

/* Those beside the first, by their numbers. */
#define COPIES(copy) copy(2) copy(3) copy(4) copy(5) copy(6) copy(7) copy(8)

/* What programs count of calls that failed; index into the map `runs`. */
enum {
	RUNS_TAKEN, /* calls that one of them took */
	RUNS_OF_COPY, /* and of each copy how often it ran, taking or not */
	RUNS_DENIED = RUNS_OF_COPY + OUTCOME_LAST, /* execs that a seccomp filter denied, */
	RUNS_DENIED_DONE, /* and those of them that all was done for */
	RUNS_FILTERED, /* what was not wanted, by the kernel's part of the filter */
	RUNS_KINDS,
};

/* Of who reads a ring buffer: whether the programs are to wake it. They set it to awake then. */
enum reader_state {
	READER_SLEEPS, /* and the first value: who cannot say more is always woken */
	READER_AWAKE,
};

/* What the reader tells the programs, in the map `reader`. */
struct reader {
	__u64 state; /* enum reader_state */
	__u64 time_ns; /* when it last read: CLOCK_MONOTONIC of the first time namespace */
};

RECORD_ASSERT_SIZE(reader, 16);

/*
 * Perf buffers cannot be written to without a word to the reader but by a buffer that wakes nobody. So the programs
 * wake it, by a record in the map `bell`, when the one before came so long ago; who reads goes on looking for longer
 * than that.
 */
enum { BELL_MS = 10 };

/* Why something was lost; index into the map `lost`. */
enum lost_reason {
	LOST_BUFFER, /* ring or perf buffer full */
	LOST_SCRATCH, /* all scratch slots of the CPU taken */
	LOST_STATE, /* more execs in flight than the map of attempts holds: event comes, without its file */
	LOST_SCOPE, /* more processes are followed than the map of the scope holds */
	LOST_SHARE, /* the buffer was more than half full, and one source had its share of it */
	LOST_REASONS,
};

#endif
