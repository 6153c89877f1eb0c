// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/casts.h"

#include <bpf/bpf.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "kernel/object.h"
#include "kernel/types.h"

static const char *const cast_types[CASTS] = {
	[CAST_TASK] = "task_struct",  [CAST_FILE] = "file",         [CAST_INODE] = "inode",
	[CAST_DENTRY] = "dentry",     [CAST_MOUNT] = "mount",       [CAST_KERNFS_NODE] = "kernfs_node",
	[CAST_BPRM] = "linux_binprm", [CAST_FILENAME] = "filename", [CAST_UPID] = "upid",
};

/* Not by a kernel that compiles no programs. */
static bool cast_is_taken(uint32_t function, uint32_t type)
{
	const struct bpf_insn program[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_1 },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_2, .imm = (int)type },
		{ .code = BPF_JMP | BPF_CALL, .src_reg = BPF_PSEUDO_KFUNC_CALL, .imm = (int)function },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	const size_t n = sizeof(program) / sizeof(program[0]);
	int fd = bpf_prog_load(BPF_PROG_TYPE_RAW_TRACEPOINT, "probe", "GPL", program, n, NULL);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

void casts_resolve(struct types *types, uint32_t casts[CASTS])
{
	uint32_t function = types_function(types, "bpf_rdonly_cast");
	bool known = function;

	for (size_t i = 0; i < CASTS; i++) {
		casts[i] = known ? types_struct(types, cast_types[i]) : 0;
		known = casts[i];
	}
	if (known && cast_is_taken(function, casts[0]))
		object_call(CALL_CAST, function);
	else
		memset(casts, 0, CASTS * sizeof(*casts));
}
