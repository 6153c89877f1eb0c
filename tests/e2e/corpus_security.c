// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rows: a security module refused. Two modules can be brought to that without touching the rest of the machine: BPF,
 * by a program of a few instructions that knows the caller's pid, and AppArmor, by a profile that only the caller
 * enters.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/btf.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "corpus.h"

/* ---- BPF ---- */

static size_t btf_extra_size(const struct btf_type *type)
{
	size_t n = BTF_INFO_VLEN(type->info);

	switch (BTF_INFO_KIND(type->info)) {
	case BTF_KIND_INT:
	case BTF_KIND_VAR:
	case BTF_KIND_DECL_TAG:
		return 4;
	case BTF_KIND_ARRAY:
		return sizeof(struct btf_array);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return n * sizeof(struct btf_member);
	case BTF_KIND_ENUM:
		return n * sizeof(struct btf_enum);
	case BTF_KIND_ENUM64:
		return n * sizeof(struct btf_enum64);
	case BTF_KIND_FUNC_PROTO:
		return n * sizeof(struct btf_param);
	case BTF_KIND_DATASEC:
		return n * sizeof(struct btf_var_secinfo);
	default:
		return 0;
	}
}

/* The type id of a function of the kernel, 0 if there is none. */
static uint32_t btf_find_function(const char *name)
{
	size_t size = 64 << 20, have = 0;
	char *data = malloc(size), *at, *end;
	struct btf_header *header = (void *)data;
	int fd = open("/sys/kernel/btf/vmlinux", O_RDONLY | O_CLOEXEC);
	uint32_t id = 1;
	ssize_t n;

	while (fd >= 0 && (n = read(fd, data + have, size - have)) > 0)
		have += n;
	if (fd < 0 || have < sizeof(*header))
		return 0;
	at = data + header->hdr_len + header->type_off;
	end = at + header->type_len;
	for (; at < end; id++) {
		const struct btf_type *type = (void *)at;

		if (BTF_INFO_KIND(type->info) == BTF_KIND_FUNC &&
		    !strcmp(data + header->hdr_len + header->str_off + type->name_off, name))
			return id;
		at += sizeof(*type) + btf_extra_size(type);
	}
	return 0;
}

static int bpf(int command, union bpf_attr *attr)
{
	return syscall(SYS_bpf, command, attr, sizeof(*attr));
}

/* return bpf_get_current_pid_tgid() >> 32 == pid ? -error : 0; */
static int load_refusal(uint32_t hook, pid_t pid, int error)
{
	const struct bpf_insn code[] = {
		{ .code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_get_current_pid_tgid },
		{ .code = BPF_ALU64 | BPF_RSH | BPF_K, .dst_reg = BPF_REG_0, .imm = 32 },
		{ .code = BPF_JMP | BPF_JEQ | BPF_K, .dst_reg = BPF_REG_0, .off = 2, .imm = pid },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = 0 },
		{ .code = BPF_JMP | BPF_EXIT },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = -error },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_LSM,
		.expected_attach_type = BPF_LSM_MAC,
		.insns = (uintptr_t)code,
		.insn_cnt = sizeof(code) / sizeof(code[0]),
		.license = (uintptr_t) "GPL",
		.attach_btf_id = hook,
	};

	return bpf(BPF_PROG_LOAD, &attr);
}

/* The link ends with the caller. */
static void refuse(struct world *w, const char *function)
{
	union bpf_attr attr = {};
	uint32_t hook = btf_find_function(function);
	int program;

	/* Before 5.11 programs are charged to it, the tracer's too. */
	setrlimit(RLIMIT_MEMLOCK, &(struct rlimit){ RLIM_INFINITY, RLIM_INFINITY });
	program = hook ? load_refusal(hook, w->seen->pid, w->row->error) : -1;
	if (program < 0)
		caller_skip(w, "no BPF security programs");
	attr.raw_tracepoint.prog_fd = program;
	if (bpf(BPF_RAW_TRACEPOINT_OPEN, &attr) < 0)
		caller_skip(w, "BPF security programs cannot be attached");
}

static void refuse_credentials(struct world *w)
{
	refuse(w, "bpf_lsm_bprm_creds_for_exec");
}

static void refuse_check(struct world *w)
{
	refuse(w, "bpf_lsm_bprm_check_security");
}

static void refuse_credentials_of_file(struct world *w)
{
	refuse(w, "bpf_lsm_bprm_creds_from_file");
}

static void refuse_open(struct world *w)
{
	refuse(w, "bpf_lsm_file_open");
}

/* Programs load and attach also where nobody asks them. */
static void launch_refused(struct world *w)
{
	launch_fork(w);
	if (!w->seen->returned && !w->status)
		skip(w, "BPF is no active security module (lsm= of the kernel's command line)");
}

/* ---- AppArmor ---- */

#define PROFILE "execfail-test"

/* A profile in the form the kernel takes: a tree of values, each with a tag and maybe a name. */
enum {
	TAG_U32 = 2,
	TAG_NAME = 4,
	TAG_STRING = 5,
	TAG_STRUCT = 7,
	TAG_STRUCTEND = 8,
};

struct policy {
	unsigned char data[512];
	size_t size;
};

static void put(struct policy *p, const void *data, size_t size)
{
	memcpy(p->data + p->size, data, size);
	p->size += size;
}

static void put_tag(struct policy *p, unsigned char tag)
{
	put(p, &tag, 1);
}

static void put_string(struct policy *p, unsigned char tag, const char *text)
{
	uint16_t size = strlen(text) + 1;

	put_tag(p, tag);
	put(p, &size, sizeof(size));
	put(p, text, size);
}

static void put_u32(struct policy *p, uint32_t value)
{
	put_tag(p, TAG_U32);
	put(p, &value, sizeof(value));
}

static void put_struct(struct policy *p, const char *name)
{
	put_string(p, TAG_NAME, name);
	put_tag(p, TAG_STRUCT);
}

/* Enforced, and without a single rule: nothing is allowed. */
static struct policy empty_profile(void)
{
	struct policy p = {};

	put_string(&p, TAG_NAME, "version");
	put_u32(&p, 5);
	put_struct(&p, "profile");
	put_string(&p, TAG_STRING, PROFILE);
	put_struct(&p, "flags");
	put_u32(&p, 0); /* not a hat */
	put_u32(&p, 0); /* enforce */
	put_u32(&p, 0); /* do not audit */
	put_tag(&p, TAG_STRUCTEND);
	for (int i = 0; i < 4; i++)
		put_u32(&p, 0); /* capabilities: allow, audit, quiet, kill */
	put_tag(&p, TAG_STRUCTEND);
	return p;
}

static char *apparmor_file(struct world *w, const char *name)
{
	char *at = expand(w, "@/security");

	own_mounts();
	mkdir(at, 0755);
	if (mount("securityfs", at, "securityfs", 0, NULL))
		return NULL;
	return text_printf("%s/apparmor/%s", at, name);
}

static long issue_confined(const struct call *call)
{
	static const char enter[] = "changeprofile " PROFILE;

	if (!write_text("/proc/self/attr/apparmor/current", enter) && !write_text("/proc/self/attr/current", enter))
		return -1;
	return call_issue(call);
}

static void load_profile(struct world *w)
{
	struct policy p = empty_profile();
	char *load = apparmor_file(w, ".load");
	int fd = load ? open(load, O_WRONLY | O_CLOEXEC) : -1;

	if (fd < 0)
		skip(w, "no AppArmor");
	if (write(fd, p.data, p.size) != (ssize_t)p.size)
		skip(w, "AppArmor does not take the profile: %m");
	close(fd);
	w->call.issue = issue_confined;
}

static void remove_profile(struct world *w)
{
	char *path = apparmor_file(w, ".remove");

	if (!path)
		return;
	write_text(path, PROFILE);
	umount2(expand(w, "@/security"), MNT_DETACH);
}

#define PROGRAM .path = "@/program", FILES({ "program", 0755, GOOD_ELF })

const struct scenario security_scenarios[] = {
	{ "bpf_credentials", "security", EPERM, PROGRAM, .prepare = refuse_credentials, .launch = launch_refused },
	{ "bpf_check", "security", EACCES, PROGRAM, .prepare = refuse_check, .launch = launch_refused },
	{ "bpf_creds_from_file", "commit", EPERM, PROGRAM, .prepare = refuse_credentials_of_file,
	  .launch = launch_refused },
	{ "bpf_open", "lookup", EPERM, PROGRAM, .prepare = refuse_open, .launch = launch_refused },
	{ "apparmor", "security", EACCES, PROGRAM, .setup = load_profile, .undo = remove_profile },
	{ "selinux", "lookup", EACCES, PROGRAM, .settings = true, .priv = "denied_t", .setup = selinux_deny,
	  .undo = selinux_permit },
	{ "selinux_transition", "security", EACCES, PROGRAM, .settings = true, .priv = "no_trans_t",
	  .setup = selinux_deny, .undo = selinux_permit },
	{},
};
