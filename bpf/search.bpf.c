// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "search.bpf.h"

#include "share.bpf.h"

enum { FOUND_PATH = 256 };

enum { FOUND_COPIES = 3 };

/* A record with one section, in the memory of the CPU, for each copy of the program: it is too big for the stack. */
struct found {
	struct record head;
	struct section section;
	char path[FOUND_PATH];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, FOUND_COPIES);
	__type(key, u32);
	__type(value, struct found);
} founds SEC(".maps");

/* tid: of who called, which has the leader's by now. */
static __always_inline void found_fill(struct found *f, u32 tid, struct linux_binprm *bprm)
{
	long n = bpf_probe_read_kernel_str(f->path, sizeof(f->path), member_as(bprm, CAST_BPRM, filename));

	__builtin_memset(&f->head, 0, sizeof(f->head));
	f->head.kind = RECORD_FOUND;
	f->head.call = CALL_EXECVE;
	f->head.time_ns = bpf_ktime_get_ns();
	f->head.tid = tid;
	f->head.pid = bpf_get_current_pid_tgid() >> 32;
	f->section.kind = SECTION_PATH;
	f->section.flags = n == sizeof(f->path) ? SECTION_CUT : 0;
	f->section.len = n > 0 ? n - 1 : 0;
	f->head.len = sizeof(f->head) + sizeof(f->section) + f->section.len;
}

/*
 * A program has started: (task, the caller's tid, bprm). Of several copies, as in outcome.bpf.h, the first finds the
 * mark.
 */
static __always_inline int search_found(struct bpf_raw_tracepoint_args *ctx, u32 copy)
{
	u64 key = bpf_get_current_task();
	struct found *f;
	u32 own = copy - 1;

	if (!bpf_map_lookup_elem(&searching, &key) || bpf_map_delete_elem(&searching, &key))
		return 0;
	f = bpf_map_lookup_elem(&founds, &own);
	if (!f)
		return 0;
	found_fill(f, ctx->args[1], (struct linux_binprm *)ctx->args[2]);
	record_send(ctx, &f->head, sizeof(*f));
	return 0;
}

SEC("raw_tracepoint/sched_process_exec")
int search__sched_process_exec(struct bpf_raw_tracepoint_args *ctx)
{
	return search_found(ctx, 1);
}

/* Two at the same moment are rare, and all that a third costs is a search that is told though it succeeded. */
SEC("raw_tracepoint/sched_process_exec")
int search__sched_process_exec_2(struct bpf_raw_tracepoint_args *ctx)
{
	return search_found(ctx, 2);
}

SEC("raw_tracepoint/sched_process_exec")
int search__sched_process_exec_3(struct bpf_raw_tracepoint_args *ctx)
{
	return search_found(ctx, 3);
}
