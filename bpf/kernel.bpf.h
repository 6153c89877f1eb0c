/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Every difference between kernels that the programs know, each with the version or commit that made it. Nothing else
 * under bpf/ asks what kernel it runs on.
 */
#ifndef EXECFAIL_KERNEL_BPF_H
#define EXECFAIL_KERNEL_BPF_H

#include "vmlinux.h"

#include "record.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

extern const volatile struct config cfg;

/* The functions behind the system calls: SYSCALL_DEFINE's wrappers, 4.17 and later. */
#if defined(__TARGET_ARCH_x86)
#define SYS_EXECVE "__x64_sys_execve"
#define SYS_EXECVEAT "__x64_sys_execveat"
#define COMPAT_SYS_EXECVE "__ia32_compat_sys_execve"
#define COMPAT_SYS_EXECVEAT "__ia32_compat_sys_execveat"
#elif defined(__TARGET_ARCH_arm64)
#define SYS_EXECVE "__arm64_sys_execve"
#define SYS_EXECVEAT "__arm64_sys_execveat"
#define COMPAT_SYS_EXECVE "__arm64_compat_sys_execve"
#define COMPAT_SYS_EXECVEAT "__arm64_compat_sys_execveat"
#endif

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct timespec64 {
	s64 tv_sec;
	long tv_nsec;
};

/* inode's change time: i_ctime until 6.5, __i_ctime since 13bc24457850 (6.6), two members since 3aa63a569c64 (6.11). */
struct inode___before_6_6 {
	struct timespec64 i_ctime;
};
struct inode___before_6_11 {
	struct timespec64 __i_ctime;
};
struct inode___6_11 {
	s64 i_ctime_sec;
	u32 i_ctime_nsec;
};

/* cgroup directories: parent until 6.14, __parent since 633488947ef6 (6.15). */
struct kernfs_node___before_6_15 {
	struct kernfs_node *parent;
};
struct kernfs_node___6_15 {
	struct kernfs_node *__parent;
};

/* A short name's own place: d_iname until 6.13, d_shortname since 6.14. */
struct dentry___before_6_14 {
	unsigned char d_iname[32];
};
union shortname_store {
	unsigned char string[32];
};
struct dentry___6_14 {
	union shortname_store d_shortname;
};

/* called_exec_mmap until 5.7, point_of_no_return since 5.8. */
struct linux_binprm___before_5_8 {
	unsigned int called_exec_mmap : 1;
};
struct linux_binprm___5_8 {
	unsigned int point_of_no_return : 1;
};

/* The name execveat() relative to a descriptor is given by the kernel; in the bprm since 60d9ad1d1d7f (5.9). */
struct linux_binprm___5_9 {
	const char *fdpath;
};

/* Where a name came from, NULL for the kernel's own; gone in 7.x, asked for only before 5.9. */
struct filename___uptr {
	const char *uptr;
};

/* A list of mappings until 6.0; a tree of ranges since d4af56c5c7c6 and 763ecb035029 (6.1). */
struct mm_struct___before_6_1 {
	struct vm_area_struct *mmap;
};
struct vm_area_struct___before_6_1 {
	struct vm_area_struct *vm_next;
};
struct maple_tree___6_1 {
	void *ma_root;
};
struct mm_struct___6_1 {
	struct maple_tree___6_1 mm_mt;
};
struct maple_range_64___6_1 {
	unsigned long pivot[15];
	void *slot[16];
};
struct maple_arange_64___6_1 {
	unsigned long pivot[9];
	void *slot[10];
};
struct maple_node___6_1 {
	struct maple_range_64___6_1 mr64;
	struct maple_arange_64___6_1 ma64;
};

#pragma clang attribute pop

enum maple_type {
	maple_range_64 = 2,
	maple_arange_64 = 3,
};

/* The type that a kernel has for the tracepoint sched_prepare_exec, since 5c5fad46e48c (6.10). */
typedef void (*btf_trace_sched_prepare_exec)(void *, struct task_struct *, struct linux_binprm *);

/*
 * Members of kernel objects: a load costs 1 to 3 ns where the verifier knows the type of the pointer, a
 * bpf_probe_read_kernel() some 20. Since a35b9af4ec2c (6.2) it believes what it is told of any address:
 * bpf_rdonly_cast(). Before, and where that cannot be called, it knows the type of bpf_get_current_task_btf(), since
 * 3ca1032ab7ab (5.11), and what is loaded by it; not what came by a probe, nor through a function that is not static.
 */
#ifndef LOADS
#define LOADS                                                                                                          \
	2 /* the most that is used of that: casts; 1: types, 0: neither. `make LOADS=0` shows what older kernels take (bench/) */
#endif

static void *(*const kernel_cast)(const void *address, u64 type) = (void *)CALL_CAST;

static __always_inline bool has_casts(void)
{
	return LOADS > 1 && cfg.casts[CAST_TASK];
}

/* The same pointer, whose members then may be loaded if has_casts(); as: enum cast, of what it points to. */
#define cast(from, as) (has_casts() ? (typeof(from))kernel_cast(from, cfg.casts[as]) : (from))

/* A member of what is copied, or of a type that the verifier knows: `direct`; else of what can only be read. */
#define member(from, name, direct) ((direct) ? (from)->name : BPF_CORE_READ(from, name))

/* A member of what is, or was made by, a cast. */
#define cast_member(from, name) member(from, name, has_casts())

/* A member of what an address leads to; as: enum cast, of what that is. */
#define member_as(from, as, name) cast_member(cast(from, as), name)

static __always_inline bool has_typed_task(void)
{
	return LOADS && bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_get_current_task_btf) && cfg.kernel_btf;
}

#define load(from, member)                                                                                             \
	({                                                                                                             \
		typeof(from) from_ = (from);                                                                           \
		has_typed_task() ? from_->member : BPF_CORE_READ(from_, member);                                       \
	})

/*
 * Of a task that it trusts, as bpf_get_current_task_btf() is, the verifier looks at each pointer that is loaded for a
 * type of another name among all of the kernel's, some four times: btf_nested_type_is_trusted(), 6.3 to 6.18. A cast is
 * trusted by nobody.
 */
static __always_inline struct task_struct *current_task(void)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();

	if (has_casts())
		return cast(task, CAST_TASK);
	if (has_typed_task())
		return bpf_get_current_task_btf();
	return task;
}

static __always_inline bool has_prepare_exec(void)
{
	return bpf_core_type_exists(btf_trace_sched_prepare_exec);
}

/*
 * Whether the current task, at the tracepoint sched_process_exit, is the last of its group. The tracepoint says so
 * since 6.16, where it has a type of its own; before, two that end at once may both seem to be.
 */
struct trace_event_raw_sched_process_exit___6_16 {
	bool group_dead;
} __attribute__((preserve_access_index));

static __always_inline bool exit_is_last(void *ctx)
{
	struct trace_event_raw_sched_process_exit___6_16 *exit = ctx;

	if (bpf_core_type_exists(struct trace_event_raw_sched_process_exit___6_16))
		return exit->group_dead;
	return !BPF_CORE_READ((struct task_struct *)bpf_get_current_task(), signal, live.counter);
}

/* Set by multigrain timestamps since 4e40eff0b573 (6.13); no nanoseconds. */
#define I_CTIME_QUERIED (1u << 31)

static __always_inline void inode_ctime(struct inode *inode, bool direct, s64 *sec, u32 *nsec)
{
	struct inode___6_11 *now = (void *)inode;
	struct inode___before_6_11 *mid = (void *)inode;
	struct inode___before_6_6 *old = (void *)inode;

	if (bpf_core_field_exists(now->i_ctime_sec)) {
		*sec = member(now, i_ctime_sec, direct);
		*nsec = member(now, i_ctime_nsec, direct) & ~I_CTIME_QUERIED;
	} else if (bpf_core_field_exists(mid->__i_ctime)) {
		*sec = member(mid, __i_ctime.tv_sec, direct);
		*nsec = member(mid, __i_ctime.tv_nsec, direct);
	} else {
		*sec = member(old, i_ctime.tv_sec, direct);
		*nsec = member(old, i_ctime.tv_nsec, direct);
	}
}

static __always_inline u32 inode_ctime_offset(void)
{
	struct inode___6_11 *now = NULL;
	struct inode___before_6_11 *mid = NULL;

	if (bpf_core_field_exists(now->i_ctime_sec))
		return bpf_core_field_offset(struct inode___6_11, i_ctime_nsec);
	if (bpf_core_field_exists(mid->__i_ctime))
		return bpf_core_field_offset(struct inode___before_6_11, __i_ctime);
	return bpf_core_field_offset(struct inode___before_6_6, i_ctime);
}

/*
 * What a record tells of an inode and of its file system is at their start, but where the layout of structs is made
 * random.
 */
#define FILE_SPAN 160

static __always_inline bool inode_is_near(void)
{
	return inode_ctime_offset() + sizeof(struct timespec64) <= FILE_SPAN &&
	       bpf_core_field_offset(struct inode, i_mode) + sizeof(u16) <= FILE_SPAN &&
	       bpf_core_field_offset(struct inode, i_sb) + sizeof(u64) <= FILE_SPAN &&
	       bpf_core_field_offset(struct inode, i_ino) + sizeof(u64) <= FILE_SPAN &&
	       bpf_core_field_offset(struct super_block, s_dev) + sizeof(u32) <= FILE_SPAN &&
	       bpf_core_field_offset(struct super_block, s_magic) + sizeof(u64) <= FILE_SPAN;
}

/* typed: the verifier knows what kn points to. */
static __always_inline struct kernfs_node *kernfs_parent(struct kernfs_node *kn, bool typed)
{
	struct kernfs_node___6_15 *now = (void *)kn;
	struct kernfs_node___before_6_15 *old = (void *)kn;

	if (bpf_core_field_exists(now->__parent))
		return typed ? load(now, __parent) : BPF_CORE_READ(now, __parent);
	return typed ? load(old, parent) : BPF_CORE_READ(old, parent);
}

/* The compiler knows no more of it: it would make branches of what is none, and an "or" of an addition to a pointer. */
#define opaque(x) asm volatile("" : "+r"(x))

/* -1 if that is so, else 0: no branch, or the verifier would go all ways of all turns of a loop. */
static __always_inline u64 mask_if_zero(u64 x)
{
	x |= -x;
	opaque(x);
	x = (s64)x >> 63;
	opaque(x);
	return ~x;
}

/* address: of user space. */
static __always_inline u64 mask_if_below(u64 x, u64 address)
{
	x = (x - address) & ~x;
	opaque(x);
	x = (s64)x >> 63;
	opaque(x);
	return x;
}

/*
 * x &= mask in one register that the compiler cannot see through: older verifiers do not carry a bound that was checked
 * in one register over to its copy in another, nor (before 5.16) to one on the stack. It belongs right before the use,
 * with no call between. A mask and not a comparison, as that would be one more branch to verify.
 */
#define bound(x, mask) asm volatile("%0 &= %1" : "+r"(x) : "i"(mask))

/*
 * A name's place and what is above it, in one read where they lie together: the layout of a dentry may be made random.
 */
static __always_inline void dentry_read(struct dentry *dentry, struct dentry **parent, const unsigned char **name)
{
	const u32 start = bpf_core_field_offset(struct dentry, d_parent);
	u64 span[3] = {};

	if (has_casts()) {
		dentry = cast(dentry, CAST_DENTRY);
		*parent = dentry->d_parent;
		*name = dentry->d_name.name;
		return;
	}
	if (bpf_core_field_offset(struct dentry, d_name.name) != start + 2 * sizeof(u64)) {
		*parent = BPF_CORE_READ(dentry, d_parent);
		*name = BPF_CORE_READ(dentry, d_name.name);
		return;
	}
	bpf_probe_read_kernel(span, sizeof(span), (void *)dentry + start);
	*parent = (void *)span[0];
	*name = (void *)span[2];
}

#define NAME_ROOM 256 /* NAME_MAX and its NUL */
#define NAME_SHORT 32 /* with its NUL: no kernel that has casts keeps one elsewhere than in the dentry */

static __always_inline u64 *dentry_short_name(struct dentry *dentry)
{
	struct dentry___6_14 *now = (void *)dentry;

	if (bpf_core_field_exists(now->d_shortname))
		return (void *)dentry + bpf_core_field_offset(struct dentry___6_14, d_shortname);
	return (void *)dentry + bpf_core_field_offset(struct dentry___before_6_14, d_iname);
}

/* The name with its NUL; how long that is, or negative. A helper that reads a string takes longer than these loads. */
static __always_inline long dentry_name(char *to, struct dentry *dentry, const unsigned char *name)
{
	u64 *from, *words = (u64 *)to, len;

	if (!has_casts())
		return bpf_probe_read_kernel_str(to, NAME_ROOM, name);
	dentry = cast(dentry, CAST_DENTRY);
	len = dentry->d_name.len;
	if (len >= NAME_SHORT)
		return bpf_probe_read_kernel_str(to, NAME_ROOM, name);
	from = dentry_short_name(dentry);
	for (u32 i = 0; i < NAME_SHORT / sizeof(u64); i++)
		words[i] = from[i];
	bound(len, NAME_SHORT - 1);
	/* It may be renamed meanwhile. */
	to[len] = 0;
	return len + 1;
}

/* Where a mount is mounted and what it has there, likewise. */
static __always_inline void mount_read(struct mount *mount, struct mount **above, struct dentry **point,
				       struct dentry **root)
{
	const u32 start = bpf_core_field_offset(struct mount, mnt_parent);
	u64 span[3] = {};

	if (has_casts()) {
		mount = cast(mount, CAST_MOUNT);
		*above = mount->mnt_parent;
		*point = mount->mnt_mountpoint;
		*root = mount->mnt.mnt_root;
		return;
	}
	if (bpf_core_field_offset(struct mount, mnt_mountpoint) != start + sizeof(u64) ||
	    bpf_core_field_offset(struct mount, mnt.mnt_root) != start + 2 * sizeof(u64)) {
		*above = BPF_CORE_READ(mount, mnt_parent);
		*point = BPF_CORE_READ(mount, mnt_mountpoint);
		*root = BPF_CORE_READ(mount, mnt.mnt_root);
		return;
	}
	bpf_probe_read_kernel(span, sizeof(span), (void *)mount + start);
	*above = (void *)span[0];
	*point = (void *)span[1];
	*root = (void *)span[2];
}

#define TASK_SPAN 96

/* The group that a task is in, likewise; all threads of it have the same parent. */
static __always_inline void group_read(struct task_struct *task, u32 *tgid, struct task_struct **parent,
				       struct task_struct **leader)
{
	const u32 to_tgid = bpf_core_field_offset(struct task_struct, tgid) % sizeof(u64);
	const u32 start = bpf_core_field_offset(struct task_struct, tgid) - to_tgid;
	const u32 to_parent = bpf_core_field_offset(struct task_struct, real_parent) - start;
	const u32 to_leader = bpf_core_field_offset(struct task_struct, group_leader) - start;
	u64 words[TASK_SPAN / sizeof(u64)] = {};
	char *span = (char *)words;

	if (has_casts()) {
		task = cast(task, CAST_TASK);
		*tgid = task->tgid;
		*parent = task->real_parent;
		*leader = task->group_leader;
		return;
	}
	opaque(span);
	if (to_parent > TASK_SPAN - sizeof(u64) || to_leader > TASK_SPAN - sizeof(u64)) {
		*tgid = BPF_CORE_READ(task, tgid);
		*parent = BPF_CORE_READ(task, real_parent);
		*leader = BPF_CORE_READ(task, group_leader);
		return;
	}
	bpf_probe_read_kernel(words, sizeof(words), (void *)task + start);
	*tgid = *(u32 *)(span + to_tgid);
	*parent = *(struct task_struct **)(span + to_parent);
	*leader = *(struct task_struct **)(span + to_leader);
}

/* A task's name, to any address. */
static __always_inline void task_comm(char *to, struct task_struct *task)
{
	u64 *words = (u64 *)to, *from;

	if (!has_casts()) {
		bpf_probe_read_kernel(to, RECORD_COMM, task->comm);
		return;
	}
	from = (u64 *)cast(task, CAST_TASK)->comm;
	words[0] = from[0];
	words[1] = from[1];
}

/* Past the point of no return. */
static __always_inline bool bprm_no_return(struct linux_binprm *bprm)
{
	struct linux_binprm___5_8 *now = (void *)bprm;
	struct linux_binprm___before_5_8 *old = (void *)bprm;

	if (bpf_core_field_exists(now->point_of_no_return))
		return BPF_CORE_READ_BITFIELD_PROBED(now, point_of_no_return);
	if (bpf_core_field_exists(old->called_exec_mmap))
		return BPF_CORE_READ_BITFIELD_PROBED(old, called_exec_mmap);
	return false;
}

static __always_inline bool bprm_has_fdpath(struct linux_binprm *bprm)
{
	struct linux_binprm___5_9 *now = (void *)bprm;

	/* Before that it may be such a name, and only its form tells. */
	return !bpf_core_field_exists(now->fdpath) || cast_member(cast(now, CAST_BPRM), fdpath);
}

/* do_execve() served system calls and the kernel's own execs alike until be619f7f063a (5.9) made kernel_execve(). */
static __always_inline bool filename_from_kernel(struct filename *name)
{
	struct filename___uptr *old = (void *)name;

	return bpf_core_field_exists(old->uptr) && !BPF_CORE_READ(old, uptr);
}

/* ~0: not set, or CONFIG_AUDIT is off. */
static __always_inline u32 task_loginuid(struct task_struct *task)
{
	if (bpf_core_field_exists(task->loginuid))
		return load(task, loginuid.val);
	return ~0u;
}

#define PFA_NO_NEW_PRIVS 0 /* include/linux/sched.h: a bit's number */

static __always_inline bool task_no_new_privs(struct task_struct *task)
{
	return load(task, atomic_flags) >> PFA_NO_NEW_PRIVS & 1;
}

#define MAX_ERRNO 4095 /* include/linux/err.h */
#define AT_FDCWD -100 /* include/uapi/linux/fcntl.h */
#define SECCOMP_MODE_FILTER 2 /* include/uapi/linux/seccomp.h */

/* CONFIG_SECCOMP may be off. One mode more is that of a task which its filter has killed, since 495ac3069a62 (5.17). */
static __always_inline bool task_is_filtered(struct task_struct *task)
{
	return bpf_core_field_exists(task->seccomp) && load(task, seccomp.mode) >= SECCOMP_MODE_FILTER;
}

/*
 * The registers with which the current task entered the kernel: bpf_task_pt_regs() since dd6e10fbd9fb (5.15), and
 * before it from where they lie, the top of the task's stack: there the system call's number has to be what it is.
 */
#if defined(__TARGET_ARCH_x86)
#define THREAD_SIZE 16384
#elif defined(__TARGET_ARCH_arm64)
#define THREAD_SIZE 16384
#endif

static __always_inline bool user_regs_are_told(void)
{
	return LOADS && bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_task_pt_regs) && cfg.kernel_btf;
}

static __always_inline struct pt_regs *current_user_regs(void)
{
	struct task_struct *task;

	if (user_regs_are_told())
		return (struct pt_regs *)bpf_task_pt_regs(bpf_get_current_task_btf());
	task = (struct task_struct *)bpf_get_current_task();
	return BPF_CORE_READ(task, stack) + THREAD_SIZE - bpf_core_type_size(struct pt_regs);
}

/* Of registers that current_user_regs() returned. */
#define of_regs(regs, name) member(regs, name, user_regs_are_told())

/*
 * Of a trampoline's context: the n-th argument, and what the function returned, as numbers: typed pointers may not be
 * compared with ERR_PTR nor handed to a function that is not static. Helpers that cost no call, since f92c1e183604
 * (5.17). Before that the answer lies behind the arguments, `count` of them on those kernels: bprm_execve() had four
 * until 978ffcbf00d8 (6.8), __seccomp_filter() three until 6.15.
 */
static __always_inline u64 fentry_arg(u64 *ctx, u32 n)
{
	u64 value = 0;

	if (bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_get_func_arg))
		bpf_get_func_arg(ctx, n, &value);
	else
		bpf_probe_read_kernel(&value, sizeof(value), ctx + n);
	return value;
}

static __always_inline s64 fexit_ret(u64 *ctx, u32 count)
{
	u64 ret = 0;

	if (bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_get_func_ret))
		bpf_get_func_ret(ctx, &ret);
	else
		bpf_probe_read_kernel(&ret, sizeof(ret), ctx + count);
	return ret;
}

/* False, which nobody knows before the program is loaded. */
static __always_inline bool never(void)
{
	return !bpf_core_type_size(struct task_struct);
}

/* Since 457f44363a88 (5.8). */
static __always_inline bool has_ringbuf(void)
{
	return bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_ringbuf_output);
}

/*
 * Maps that user space has mapped, and a kernfs_node's id that is one number: since fc9702273e2e and 67c0496e87d1
 * (5.5), asked for with the ring buffer.
 */
static __always_inline bool has_shares(void)
{
	return has_ringbuf() && cfg.shares;
}

/*
 * How often loops may turn. Since 51c39bb1d5d1 (5.6) a function that is not static is verified by itself, once, so
 * loops of calls of loops cost the verifier little; before that, all is verified at each turn, and all turns of a
 * program together may leave 8192 branches to come back to. There, a turn that is a call of its own is the cheapest:
 * its registers and stack are forgotten when it returns, and the verifier finds the next turn alike.
 */
#define CLIMB_STEPS 8 /* directories, or mounts, in one call; one before 5.8 */
#define CLIMBS_MAX 32
#define CLIMBS_MAX_STATIC 32
#define USER_NS_DEPTH 34 /* user namespaces: 33 below the initial one at most */
#define USER_NS_DEPTH_STATIC 4
#define PID_NS_DEPTH 33 /* pid namespaces: 32 below the initial one at most */
#define PID_NS_DEPTH_STATIC 4
#define STRINGS_BATCH 32 /* arguments or variables in one call */
#define BATCHES 16 /* in one call; one before 5.8 */
#define BATCHES_TIMES 8
#define BATCHES_TIMES_STATIC 7
#define COUNT_BATCHES 32 /* of strings that are only counted, and of such batches; none before 5.8 */
#define loop_limit(now, before) (has_ringbuf() ? (now) : (before))

/* Is the current task in a system call of the 32-bit ABI? */
static __always_inline bool in_compat_syscall(void)
{
#if defined(__TARGET_ARCH_x86)
	return load(current_task(), thread_info.status) & 2; /* TS_COMPAT */
#elif defined(__TARGET_ARCH_arm64)
	return load(current_task(), thread_info.flags) & 1 << 22; /* TIF_32BIT */
#endif
}

/* arch/.../syscall.tbl */
#if defined(__TARGET_ARCH_x86)
#define NR_EXECVE 59
#define NR_EXECVEAT 322
#define NR_COMPAT_EXECVE 11
#define NR_COMPAT_EXECVEAT 358
#elif defined(__TARGET_ARCH_arm64)
#define NR_EXECVE 221
#define NR_EXECVEAT 281
#define NR_COMPAT_EXECVE 11
#define NR_COMPAT_EXECVEAT 387
#endif

/* The exec that a system call's number means: enum record_call, or 0. */
static __always_inline u32 call_of_syscall(s32 nr, bool compat)
{
	if (nr == (compat ? NR_COMPAT_EXECVE : NR_EXECVE))
		return CALL_EXECVE;
	if (nr == (compat ? NR_COMPAT_EXECVEAT : NR_EXECVEAT))
		return CALL_EXECVEAT;
	return 0;
}

/* The number of the system call that they are of. */
static __always_inline s32 regs_syscall(struct pt_regs *regs)
{
#if defined(__TARGET_ARCH_x86)
	return of_regs(regs, orig_ax);
#elif defined(__TARGET_ARCH_arm64)
	return of_regs(regs, syscallno);
#endif
}

#define VMA_STEPS 32 /* mappings of a program that has just started: some ten */
#define MAPLE_PIVOTS 15 /* of the other kind of node nine */
#define MAPLE_NODE_MASK 255UL /* of an address: below it, from bit 3 on, is the node's type */

static __always_inline u32 maple_type_of(u64 node)
{
	return node >> 3 & 15;
}

static __always_inline bool maple_is_leaf(u64 node)
{
	return maple_type_of(node) < maple_range_64;
}

static __always_inline struct vm_area_struct *vma_in_list(struct vm_area_struct *vma, u64 address)
{
	struct vm_area_struct___before_6_1 *old;

	for (u32 i = 0; i < VMA_STEPS && vma; i++) {
		if (address < BPF_CORE_READ(vma, vm_end))
			break;
		old = (void *)vma;
		vma = BPF_CORE_READ(old, vm_next);
	}
	return vma;
}

/* Mappings are in a tree since d4af56c5c7c6 (6.1), in a list before. */
static __always_inline bool mappings_are_in_a_tree(void)
{
	struct mm_struct___6_1 *now = NULL;

	return bpf_core_field_exists(now->mm_mt);
}

/* The pivots of a node, MAPLE_PIVOTS; returned is where its slots are. */
static __always_inline void **maple_read(u64 of, unsigned long *pivots)
{
	struct maple_node___6_1 *node = (void *)(of & ~MAPLE_NODE_MASK);

	if (maple_type_of(of) == maple_arange_64) {
		bpf_probe_read_kernel(pivots, sizeof(node->ma64.pivot), node->ma64.pivot);
		return node->ma64.slot;
	}
	bpf_probe_read_kernel(pivots, MAPLE_PIVOTS * sizeof(*pivots), node->mr64.pivot);
	return node->mr64.slot;
}

/* What a node of the tree has for the address: another node, or of a leaf the mapping. */
u64 maple_slot(u64 node, u64 address);

/* As mtree_range_walk() goes, three levels down: the first mapping whose end is not below the address. */
static __always_inline struct vm_area_struct *vma_in_tree(u64 entry, u64 address)
{
	u64 node = entry;

	/* The root may be no node: one mapping, or none. */
	if ((entry & 3) != 2)
		return NULL;
	entry = maple_slot(node, address);
	/* No loop, in which 5.4 finds a jump back that it does not allow, though it has no such tree. */
	if (!maple_is_leaf(node)) {
		node = entry;
		entry = maple_slot(node, address);
	}
	if (!maple_is_leaf(node)) {
		node = entry;
		entry = maple_slot(node, address);
	}
	return maple_is_leaf(node) ? (void *)entry : NULL;
}

/* The mapping of an address, of a task that changes none meanwhile: the current one. */
static __always_inline struct vm_area_struct *mm_vma(struct mm_struct *mm, u64 address)
{
	struct mm_struct___before_6_1 *old = (void *)mm;
	struct mm_struct___6_1 *now = (void *)mm;
	struct vm_area_struct *vma;

	if (mappings_are_in_a_tree())
		vma = vma_in_tree((u64)BPF_CORE_READ(now, mm_mt.ma_root), address);
	else
		vma = vma_in_list(BPF_CORE_READ(old, mmap), address);
	return vma && BPF_CORE_READ(vma, vm_start) <= address ? vma : NULL;
}

#define AT_BASE 7 /* include/uapi/linux/auxvec.h */

/* Where the kernel has put the program's loader, as it told the program; 0: it has none, or that is not found. */
u64 mm_loader(u64 mm);

/* Where the task goes on in user space. */
static __always_inline u64 regs_ip(struct pt_regs *regs)
{
#if defined(__TARGET_ARCH_x86)
	return BPF_CORE_READ(regs, ip);
#elif defined(__TARGET_ARCH_arm64)
	return BPF_CORE_READ(regs, pc);
#endif
}

/* What the system call will answer, as far as it is decided. */
static __always_inline long regs_return(struct pt_regs *regs)
{
#if defined(__TARGET_ARCH_x86)
	return of_regs(regs, ax);
#elif defined(__TARGET_ARCH_arm64)
	return of_regs(regs, regs[0]);
#endif
}

struct call_args {
	u64 arg[5];
};

/*
 * Whether what stands in the place of an answer is what syscall_rollback() put there, since a filter traps or kills: on
 * x86 the call's number, on arm64 its first argument. That may also be the number of an error: such a path cannot be
 * read, and such a descriptor, but for AT_FDCWD, is none; so there the error is the answer.
 */
static __always_inline bool is_rolled_back(long ret, s32 nr, u32 call, struct pt_regs *regs)
{
#if defined(__TARGET_ARCH_x86)
	return (s32)ret == nr;
#elif defined(__TARGET_ARCH_arm64)
	u64 first = of_regs(regs, orig_x0);

	/* After an exec that succeeded, both are 0. */
	if (!ret)
		return false;
	if (call == CALL_EXECVEAT)
		return (s32)ret == (s32)first && ((s32)ret >= 0 || (s32)ret == AT_FDCWD);
	return (u64)ret == first && (u64)ret < (u64)-MAX_ERRNO;
#endif
}

/* The arguments of the system call that the current task is in. */
static __always_inline void syscall_args(struct pt_regs *regs, bool compat, struct call_args *args)
{
#if defined(__TARGET_ARCH_x86)
	if (compat) {
		args->arg[0] = (u32)of_regs(regs, bx);
		args->arg[1] = (u32)of_regs(regs, cx);
		args->arg[2] = (u32)of_regs(regs, dx);
		args->arg[3] = (u32)of_regs(regs, si);
		args->arg[4] = (u32)of_regs(regs, di);
		return;
	}
	args->arg[0] = of_regs(regs, di);
	args->arg[1] = of_regs(regs, si);
	args->arg[2] = of_regs(regs, dx);
	args->arg[3] = of_regs(regs, r10);
	args->arg[4] = of_regs(regs, r8);
#elif defined(__TARGET_ARCH_arm64)
	args->arg[0] = of_regs(regs, orig_x0);
	args->arg[1] = of_regs(regs, regs[1]);
	args->arg[2] = of_regs(regs, regs[2]);
	args->arg[3] = of_regs(regs, regs[3]);
	args->arg[4] = of_regs(regs, regs[4]);
	if (compat)
		for (int i = 0; i < 5; i++)
			args->arg[i] = (u32)args->arg[i];
#endif
}

#endif
