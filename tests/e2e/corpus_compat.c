// SPDX-License-Identifier: GPL-2.0-only
/* 32-bit callers: programs, and on x86 system calls of the int $0x80 kind from a 64-bit process, and x32. */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "corpus.h"

#ifdef __x86_64__

enum {
	EXECVE_32 = 11,
	GETPID_32 = 20,
	EXECVEAT_32 = 358,
	GETPID_X32 = 0x40000000 + 39,
	EXECVE_X32 = 0x40000000 + 520,
};

static long int80(long number, long a, long b, long c, long d, long e)
{
	long result;

	asm volatile("int $0x80"
		     : "=a"(result)
		     : "a"(number), "b"(a), "c"(b), "d"(c), "S"(d), "D"(e)
		     : "memory", "r8", "r9", "r10", "r11");
	return result;
}

void need_int80(struct world *w)
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		signal(SIGSEGV, SIG_DFL);
		_exit(int80(GETPID_32, 0, 0, 0, 0, 0) != getpid());
	}
	if (waitpid(pid, &status, 0) != pid || status)
		skip(w, "no 32-bit system calls");
}

void need_x86(struct world *w)
{
	(void)w;
}

/* Where it is known to start, @/good is a 32-bit program. */
void need_programs_32(struct world *w)
{
	char *good = expand(w, "@/good");
	pid_t pid = fork();
	int status;

	if (!pid) {
		execve(good, w->call.argv, w->call.envp);
		_exit(1);
	}
	if (waitpid(pid, &status, 0) != pid || status)
		skip(w, "no 32-bit programs");
}

static uint32_t put_string(char **at, const char *text)
{
	char *here = *at;

	*at = stpcpy(here, text) + 1;
	return (uintptr_t)here;
}

static uint32_t put_strings(char **at, char *const *strings)
{
	uint32_t pointers[64] = {};
	char *array;

	for (size_t i = 0; strings[i]; i++)
		pointers[i] = put_string(at, strings[i]);
	array = *at = (char *)(((uintptr_t)*at + 7) & ~7UL);
	memcpy(array, pointers, sizeof(pointers));
	*at += sizeof(pointers);
	return (uintptr_t)array;
}

long issue_int80(const struct call *call)
{
	char *at = low_memory(1 << 20);
	uint32_t path = put_string(&at, call->path);
	uint32_t argv = put_strings(&at, call->argv);
	uint32_t envp = put_strings(&at, call->envp);
	long result;

	if (call->at)
		result = int80(EXECVEAT_32, call->dirfd, path, argv, envp, call->flags);
	else
		result = int80(EXECVE_32, path, argv, envp, 0, 0);
	errno = -result;
	return result < 0 ? -1 : result;
}

/* CONFIG_X86_X32; Debian's wants syscall.x32=y on the command line, too. */
bool kernel_has_x32(void)
{
	return syscall(GETPID_X32) == getpid();
}

long issue_x32(const struct call *call)
{
	return syscall(EXECVE_X32, call->path, call->argv, call->envp);
}

#else

void need_int80(struct world *w)
{
	skip(w, "not x86");
}

void need_x86(struct world *w)
{
	skip(w, "not x86");
}

void need_programs_32(struct world *w)
{
	skip(w, "not x86");
}

long issue_int80(const struct call *call)
{
	return call_issue(call);
}

bool kernel_has_x32(void)
{
	return false;
}

long issue_x32(const struct call *call)
{
	return call_issue(call);
}

#endif

/* --- 32-bit programs of this machine --- */

/* execve(path, argv, envp); exit(errno), the three addresses to be put in. */
#ifdef __x86_64__
static const unsigned char call_32[] = {
	0xb8, 11,   0, 0, 0, /* mov $11, %eax */
	0xbb, 0,    0, 0, 0, /* mov $path, %ebx */
	0xb9, 0,    0, 0, 0, /* mov $argv, %ecx */
	0xba, 0,    0, 0, 0, /* mov $envp, %edx */
	0xcd, 0x80, /* int $0x80 */
	0xf7, 0xd8, /* neg %eax */
	0x89, 0xc3, /* mov %eax, %ebx */
	0xb8, 1,    0, 0, 0, /* mov $1, %eax */
	0xcd, 0x80, /* int $0x80 */
};
enum { MACHINE_32 = EM_386, PATH_AT = 6, ARGV_AT = 11, ENVP_AT = 16 };
#else
static const unsigned char call_32[] = {
	0x18, 0x00, 0x9f, 0xe5, /* ldr r0, path */
	0x18, 0x10, 0x9f, 0xe5, /* ldr r1, argv */
	0x18, 0x20, 0x9f, 0xe5, /* ldr r2, envp */
	11,   0x70, 0xa0, 0xe3, /* mov r7, #11 */
	0,    0,    0,    0xef, /* svc 0 */
	0,    0,    0x60, 0xe2, /* rsb r0, r0, #0 */
	1,    0x70, 0xa0, 0xe3, /* mov r7, #1 */
	0,    0,    0,    0xef, /* svc 0 */
	0,    0,    0,    0, /* path */
	0,    0,    0,    0, /* argv */
	0,    0,    0,    0, /* envp */
};
enum { MACHINE_32 = EM_ARM, PATH_AT = 32, ARGV_AT = 36, ENVP_AT = 40 };
#endif

/*
 * A 32-bit program: execve(path, { path, "argument" }, { "A=1" }); exit(errno).
 */
static void make_program_32(const char *name, const char *path)
{
	enum { DATA = ELF_BASE + ELF_CODE + 0x80, ARGV = DATA, ENVP = DATA + 12, STRINGS = DATA + 32 };
	uint32_t strings = STRINGS, argument = STRINGS + strlen(path) + 1, variable = argument + strlen("argument") + 1;
	uint32_t pointers[] = { strings, argument, 0, variable, 0 }, argv = ARGV, envp = ENVP;
	const struct elf_spec spec = {
		.bits = 32, .machine = MACHINE_32, .code = call_32, .code_size = sizeof(call_32)
	};
	size_t size;
	unsigned char *image = elf_build(NULL, &spec, &size), *data = image + (DATA - ELF_BASE);

	memcpy(image + ELF_CODE + PATH_AT, &strings, 4);
	memcpy(image + ELF_CODE + ARGV_AT, &argv, 4);
	memcpy(image + ELF_CODE + ENVP_AT, &envp, 4);
	memcpy(data, pointers, sizeof(pointers));
	strcpy((char *)image + (strings - ELF_BASE), path);
	strcpy((char *)image + (argument - ELF_BASE), "argument");
	strcpy((char *)image + (variable - ELF_BASE), "A=1");
	make_file(name, 0755, image, size);
}

void run_program_32(struct world *w)
{
	char *program = expand(w, "@/program32"), *missing = expand(w, "@/none");
	struct json_object *event;

	make_program_32(program, missing);
	w->call.path = program;
	launch_fork(w);
	if (w->seen->returned)
		skip(w, "no 32-bit programs: %s", strerrorname_np(w->seen->error));
	if (!WIFEXITED(w->status) || WEXITSTATUS(w->status) != w->row->error)
		die("the 32-bit program: %s", describe_outcome(w));
	event = expect_failure(w);
	if (w->row->adjust)
		w->row->adjust(w, event);
	expect_text(event, "path", missing);
	expect(event, "arguments", json_list((char *[]){ missing, "argument", NULL }));
	expect(event, "environment", json_list((char *[]){ "A=1", NULL }));
	expect(event, "envc", match_or_null(json_object_new_int(1)));
	expect_text(event, "comm", "program32");
	expect_text(event, "exe", program);
}
