// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rows: the kernel gave up while it was replacing the caller. Nobody but a tracer sees the error of those past the
 * point of no return: the caller is killed.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "corpus.h"

#ifndef PR_SET_MDWE
#define PR_SET_MDWE 65
#define PR_MDWE_REFUSE_EXEC_GAIN 1
#endif

/* The program, or the interpreter of a script. */
static void need_raw_sockets(struct world *w)
{
	const char *path = w->row->interp ? expand(w, w->row->interp) : w->call.path;
	struct vfs_cap_data capabilities = {
		.magic_etc = VFS_CAP_REVISION_2 | VFS_CAP_FLAGS_EFFECTIVE,
		.data[0].permitted = 1 << CAP_NET_RAW,
	};

	if (setxattr(path, "security.capability", &capabilities, sizeof(capabilities), 0))
		skip(w, "no file capabilities: %m");
}

static void drop_raw_sockets(struct world *w)
{
	(void)w;
	if (prctl(PR_CAPBSET_DROP, CAP_NET_RAW, 0, 0, 0))
		die("PR_CAPBSET_DROP: %m");
}

/* Before 5.8 capabilities were computed with the other credentials, before any handler. */
static void earlier_before_5_8(struct world *w, struct json_object *event)
{
	struct json_object *stage = match_before("5.8", match_any(), json_text(w->row->stage));

	expect(event, "stage", match_by_family("tracepoint", match_or_null(json_text(w->row->stage)), stage));
}

static void small_address_space(struct world *w)
{
	(void)w;
	limit(RLIMIT_AS, 256 << 20);
}

static void little_data(struct world *w)
{
	(void)w;
	limit(RLIMIT_DATA, 16 << 20);
}

/* They fill up nearly all of the one page that such a limit leaves, so that what comes below them has no room. */
static void strings_of_a_page(struct world *w)
{
	static char *variables[2];

	variables[0] = text_printf("A=%s", text_repeat("a", sysconf(_SC_PAGESIZE) - 396));
	w->call.envp = variables;
}

/* The page that they were on may have gone with the new stack. */
static void strings_may_be_lost(struct world *w, struct json_object *event)
{
	struct json_object *lost = json_pair(NULL, NULL), *one = json_object_new_array();

	json_object_array_add(one, NULL);
	expect(event, "arguments", match_or_null(match_either(json_list(w->call.argv), lost)));
	expect(event, "environment", match_or_null(match_either(json_list(w->call.envp), one)));
}

static void no_stack(struct world *w)
{
	(void)w;
	limit(RLIMIT_STACK, 1000);
}

static void refuse_writable_code(struct world *w)
{
	if (prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, 0, 0, 0))
		caller_skip(w, "no PR_SET_MDWE");
}

/* Since 6.7 such zeros are left out; before 5.16 a segment took the place of whatever was there. */
static void launch_unless_it_runs(struct world *w)
{
	launch_fork(w);
	if (WIFEXITED(w->status))
		skip(w, "the kernel runs such a program");
}

/* Unless addresses are random, the stack ends where those of programs do: our own is not far from there. */
static void move_over_stack(struct world *w)
{
	unsigned long end = (unsigned long)__builtin_frame_address(0), address = 1, entry;
	int fd = open_or_die(w->call.path, O_WRONLY);

	while (address < end)
		address *= 2;
	address -= 0x10000;
	entry = address + ELF_CODE;
	if (pwrite(fd, &address, sizeof(address), sizeof(Elf64_Ehdr) + offsetof(Elf64_Phdr, p_vaddr)) < 0 ||
	    pwrite(fd, &entry, sizeof(entry), offsetof(Elf64_Ehdr, e_entry)) < 0)
		die("%s: %m", w->call.path);
	close(fd);
}

static void no_random_addresses(struct world *w)
{
	(void)w;
	if (personality(ADDR_NO_RANDOMIZE) < 0)
		die("personality: %m");
}

/* All threads but the caller are gone by then, and it has become the leader. */
static void became_leader(struct world *w, struct json_object *event)
{
	if (w->seen->pid == w->seen->tid)
		die("the thread is the leader");
	expect(event, "tid", match_either(json_object_new_int(w->seen->tid), json_object_new_int(w->seen->pid)));
}

/* Of a script the kernel drops argument 0, and only its own copy is left by then. */
static void argument_0_lost(struct world *w, struct json_object *event)
{
	struct json_object *rest = json_pair(NULL, json_text(w->call.argv[1]));

	expect(event, "arguments", match_or_null(match_either(json_list(w->call.argv), rest)));
}

/*
 * The kernel writes the number of the new program's execve over that of the call, so that its exit looks like another
 * one's, or nobody's.
 */
static void program_32(struct world *w)
{
	need_programs_32(w);
}

static void by_int80(struct world *w)
{
	need_int80(w);
	w->call.issue = issue_int80;
}

/* The point of no return itself cannot be seen there before 6.10. */
static void died_unseen(struct world *w, struct json_object *event)
{
	(void)w;
	optional_family_before(event, "tracepoint", "6.10");
}

/* More than a record holds: what comes behind them on the new stack must not be taken for the environment. */
static void many_arguments(struct world *w)
{
	size_t n = 400;
	char **argv = calloc(n + 1, sizeof(*argv));

	for (size_t i = 0; i < n; i++)
		argv[i] = text_printf("%s%zu", text_repeat("ARGUMENT=", 10), i);
	w->call.argv = argv;
}

static void arguments_cut(struct world *w, struct json_object *event)
{
	expect(event, "arguments", match_or_null(match("cut_of", json_list(w->call.argv))));
}

/* The last that was opened, unless only what runs is known. */
static void either_was_tried(struct world *w, struct json_object *event)
{
	argument_0_lost(w, event);
	expect(event, "interpreter_path",
	       match_or_null(match_either(json_text(expand(w, "@/ld.so")), json_text(expand(w, "@/program")))));
}

/* clang-format off */
#define BAD_SEGMENT(bits) POKES(POKE(sizeof(Elf##bits##_Ehdr), Elf##bits##_Phdr, p_memsz, 0x800))
#define FATAL(name, error, elf, ...) \
	{ name, "commit", error, .kills = SIGSEGV, .path = "@/program", FILES({ "program", 0755, elf }), __VA_ARGS__ }
/* clang-format on */
#define KERNEL_ADDRESS 0xffff800000000000
#define HUGE 0x600000000000 /* fits the address space, and no machine's memory */

const struct scenario commit_scenarios[] = {
	{ "capability_not_in_bounds", "commit", EPERM, .path = "@/program", .setup = need_raw_sockets,
	  .prepare = drop_raw_sockets, .adjust = earlier_before_5_8, FILES({ "program", 0755, GOOD_ELF }) },
	{ "capability_of_interpreter", "commit", EPERM, .path = "@/script", .interp = "@/program",
	  .setup = need_raw_sockets, .prepare = drop_raw_sockets, .adjust = earlier_before_5_8,
	  FILES({ "script", 0755, "#!@/program\n" }, { "program", 0755, GOOD_ELF }) },
	FATAL("elf_over_address_space_limit", ENOMEM, ELF(POKES(PHDR(0, p_memsz, 512 << 20))),
	      .prepare = small_address_space),
	FATAL("elf_over_data_limit", ENOMEM, ELF(POKES(PHDR(0, p_memsz, 512 << 20), PHDR(0, p_flags, PF_R | PF_W))),
	      .prepare = little_data),
	FATAL("stack_limit", EFAULT, GOOD_ELF, .setup = strings_of_a_page, .prepare = no_stack,
	      .adjust = strings_may_be_lost),
	FATAL("elf_huge_bss", ENOMEM, ELF(POKES(PHDR(0, p_memsz, HUGE)))),
	FATAL("elf_file_size_over_memory_size", EINVAL, ELF(POKES(PHDR(0, p_memsz, 0x800)))),
	FATAL("elf_kernel_address", ENOMEM, ELF(POKES(PHDR(0, p_vaddr, KERNEL_ADDRESS)))),
	FATAL("elf_off_pages", EINVAL, ELF(POKES(PHDR(0, p_offset, 0x10), PHDR(0, p_align, 0x10000)))),
	FATAL("elf_for_small_pages", EINVAL, ELF(POKES(PHDR(0, p_offset, 0x10), PHDR(0, p_align, 0x10)))),
	FATAL("elf_zeros_not_writable", EFAULT, ELF(POKES(PHDR(0, p_filesz, 0x800), PHDR(0, p_memsz, 0x1800))),
	      .launch = launch_unless_it_runs),
	FATAL("elf_cut_off", EFAULT,
	      ELF(POKES(PHDR(0, p_filesz, 0x5800), PHDR(0, p_memsz, 0x6000), PHDR(0, p_flags, PF_R | PF_W | PF_X))),
	      .launch = launch_unless_it_runs),
	FATAL("elf_over_stack", EEXIST, GOOD_ELF, .setup = move_over_stack, .prepare = no_random_addresses,
	      .launch = launch_unless_it_runs),
	FATAL("elf_page_zero", EPERM, ELF(POKES(PHDR(0, p_vaddr, 0))), .uid = NOBODY),
	FATAL("elf_writable_code", EACCES, ELF(POKES(PHDR(0, p_flags, PF_R | PF_W | PF_X))),
	      .prepare = refuse_writable_code),
	{ "loader_broken", "commit", ENOMEM, .kills = SIGSEGV, .path = "@/program", .interp = "@/ld.so",
	  FILES({ "program", 0755, ELF(.interp = "@/ld.so") },
		{ "ld.so", 0755, ELF(.type = ET_DYN, POKES(PHDR(0, p_memsz, 0x800))) }) },
	{ "loader_page_zero", "commit", EPERM, .kills = SIGSEGV, .path = "@/program", .interp = "@/ld.so",
	  .uid = NOBODY,
	  FILES({ "program", 0755, ELF(.interp = "@/ld.so") }, { "ld.so", 0755, ELF(POKES(PHDR(0, p_vaddr, 0))) }) },
	{ "script_elf_kernel_address", "commit", ENOMEM, .kills = SIGSEGV, .path = "@/script", .interp = "@/program",
	  .adjust = argument_0_lost,
	  FILES({ "script", 0755, "#!@/program\n" },
		{ "program", 0755, ELF(POKES(PHDR(0, p_vaddr, KERNEL_ADDRESS))) }) },
	{ "script_elf_with_loader", "commit", EINVAL, .kills = SIGSEGV, .path = "@/script", .interp = "@/ld.so",
	  .adjust = either_was_tried,
	  FILES({ "script", 0755, "#!@/program\n" }, { "ld.so", 0755, GOOD_ELF },
		{ "program", 0755, ELF(.interp = "@/ld.so", POKES(PHDR(0, p_memsz, 0x800))) }) },
	FATAL("thread_elf_kernel_address", ENOMEM, ELF(POKES(PHDR(0, p_vaddr, KERNEL_ADDRESS))),
	      .launch = launch_thread, .adjust = became_leader),
	FATAL("elf_with_many_arguments", EINVAL, ELF(BAD_SEGMENT(64)), .setup = many_arguments,
	      .adjust = arguments_cut),
	FATAL("int80_elf_bad_segment", EINVAL, ELF(BAD_SEGMENT(64)), .setup = by_int80),
	{ "elf_32_bad_segment", "commit", EINVAL, .kills = SIGSEGV, .path = "@/program", .setup = program_32,
	  .adjust = died_unseen,
	  FILES({ "good", 0755, .elf = &elf_good_32 },
		{ "program", 0755, ELF(.bits = 32, .machine = EM_386, BAD_SEGMENT(32)) }) },
	{ "execveat_elf_bad_segment", "commit", EINVAL, .kills = SIGSEGV, .at = true, .dir = "@", .path = "program",
	  FILES({ "program", 0755, ELF(BAD_SEGMENT(64)) }) },
	{},
};
