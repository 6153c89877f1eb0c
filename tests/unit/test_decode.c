// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "event/decode.h"
#include "event/magic.h"

/* A record under construction, as the kernel's side puts one together. */
struct made {
	struct record head;
	char sections[RECORD_MAX];
	size_t n;
};

static struct made made;
static struct arena *arena;
static const struct decode plain;

static int setup(void **state)
{
	(void)state;
	memset(&made, 0, sizeof(made));
	made.head.kind = RECORD_FAILED;
	made.head.call = CALL_EXECVE;
	made.head.ret = -ENOENT;
	made.head.argc = made.head.envc = RECORD_UNKNOWN;
	made.head.binary.dev = made.head.stdin_file.dev = made.head.dirfd_file.dev = RECORD_UNKNOWN;
	made.head.root_file.dev = made.head.cwd_file.dev = made.head.user_ns_owner = RECORD_UNKNOWN;
	arena = arena_new();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static void put(const void *bytes, size_t n)
{
	memcpy(made.sections + made.n, bytes, n);
	made.n += n;
}

static void section(uint16_t kind, uint16_t flags, const void *bytes, size_t n)
{
	struct section s = { .kind = kind, .flags = flags, .len = n };

	put(&s, sizeof(s));
	put(bytes, n);
}

#define section_text(kind, flags, text) section(kind, flags, text, sizeof(text) - 1)

static size_t element(char *at, uint16_t flags, const char *text)
{
	struct element e = { .len = strlen(text), .flags = flags };

	memcpy(at, &e, sizeof(e));
	memcpy(at + sizeof(e), text, e.len);
	return sizeof(e) + e.len;
}

static int decode_padded(struct event *e, size_t padding)
{
	char bytes[sizeof(made.head) + RECORD_MAX + 64] = {};

	made.head.len = sizeof(made.head) + made.n;
	memcpy(bytes, &made.head, sizeof(made.head));
	memcpy(bytes + sizeof(made.head), made.sections, made.n);
	return decode_record(&plain, bytes, made.head.len + padding, arena, e);
}

static void test_short(void **state)
{
	struct event e;

	(void)state;
	made.head.len = sizeof(made.head);
	for (size_t n = 0; n < sizeof(made.head); n++)
		assert_int_equal(decode_record(&plain, &made.head, n, arena, &e), -EBADMSG);
	assert_int_equal(decode_record(&plain, &made.head, sizeof(made.head), arena, &e), 0);
}

static void test_places(void **state)
{
	struct event e;

	(void)state;
	decode_padded(&e, 0);
	assert_false(e.root_file.known);
	assert_false(e.cwd_file.known);
	assert_int_equal(e.user_ns_owner, RECORD_UNKNOWN);
	made.head.root_file = (struct record_file){ .dev = 8 << 20 | 1, .ino = 2, .mode = 0040755 };
	made.head.cwd_file = (struct record_file){ .dev = 24, .ino = 1, .mode = 0041777, .magic = TMPFS_MAGIC };
	made.head.user_ns_owner = 1000;
	decode_padded(&e, 0);
	assert_true(e.root_file.known && e.root_file.dev == makedev(8, 1) && e.root_file.ino == 2);
	assert_true(e.cwd_file.known && e.cwd_file.dev == makedev(0, 24) && e.cwd_file.magic == TMPFS_MAGIC);
	assert_int_equal(e.user_ns_owner, 1000);
}

static void test_padded(void **state)
{
	struct event e;

	(void)state;
	section_text(SECTION_PATH, 0, "/no/such");
	for (size_t padding = 0; padding < 16; padding++) {
		assert_int_equal(decode_padded(&e, padding), 0);
		assert_bytes(e.path, "/no/such");
	}
}

static void test_corrupt(void **state)
{
	struct section huge = { .kind = SECTION_PATH, .len = 0xfffffff0 };
	struct event e;

	(void)state;
	made.head.kind = 77;
	assert_int_equal(decode_padded(&e, 0), -EBADMSG);
	made.head.kind = RECORD_FAILED;
	made.head.call = CALL_UNKNOWN;
	assert_int_equal(decode_padded(&e, 0), -EBADMSG);
	made.head.call = CALL_KERNEL + 1;
	assert_int_equal(decode_padded(&e, 0), -EBADMSG);
	made.head.call = CALL_EXECVE;
	put(&huge, sizeof(huge));
	assert_int_equal(decode_padded(&e, 0), -EBADMSG);
	made.n = 3;
	assert_int_equal(decode_padded(&e, 0), -EBADMSG);
}

/* --- what has not failed --- */

static void decode_as(struct event *e, enum event_type type)
{
	struct decode decode = { .type = type };

	made.head.len = sizeof(made.head) + made.n;
	assert_int_equal(decode_record(&decode, &made.head, made.head.len, arena, e), 0);
	assert_int_equal(e->type, type);
}

static void put_started(const char *path, const char *interp, const char *const *arguments)
{
	char elements[256];
	size_t n = 0;

	made.head.kind = RECORD_STARTED;
	made.head.ret = 0;
	memcpy(made.head.comm, "now", sizeof("now"));
	section(SECTION_PATH, 0, path, strlen(path));
	section(SECTION_INTERP, 0, interp, strlen(interp));
	section(SECTION_PREV_COMM, 0, "before\0\0\0\0\0\0\0\0\0", RECORD_COMM);
	for (made.head.argc = 0; arguments[made.head.argc]; made.head.argc++)
		n += element(elements + n, 0, arguments[made.head.argc]);
	section(SECTION_ARGUMENTS, 0, elements, n);
}

static void assert_arguments(const struct event *e, const char *const *arguments, size_t n)
{
	assert_int_equal(e->arguments.n, n);
	assert_int_equal(e->argc, n);
	for (size_t i = 0; i < n; i++) {
		assert_true(!arguments[i] == !e->arguments.v[i].p);
		if (arguments[i])
			assert_true(bytes_is(e->arguments.v[i], arguments[i]));
	}
}

/* Not by a call: arguments are as they lie in its memory. */
static void test_ended(void **state)
{
	static const char *const arguments[] = { "sh", "-c", "", "none" };
	static const char memory[] = "sh\0-c\0\0none";
	struct record_file err = { .ino = 7, .dev = 12, .mode = 0010600 };
	struct event e;

	(void)state;
	made.head.kind = RECORD_ENDED;
	made.head.call = CALL_UNKNOWN;
	made.head.ret = 127;
	made.head.argc = RECORD_UNKNOWN;
	section(SECTION_ARGUMENTS, SECTION_JOINED, memory, sizeof(memory));
	section(SECTION_EXE, 0, "dash\0bin", sizeof("dash\0bin"));
	section(SECTION_STDERR_FILE, 0, &err, sizeof(err));
	section(SECTION_STDERR, 0, "log", sizeof("log"));
	decode_as(&e, EVENT_PROCESS_START_FAILED);
	assert_int_equal(e.exit_code, 127);
	assert_int_equal(e.ret, 0);
	assert_null(e.path.p);
	assert_bytes(event_program(&e), "/bin/dash");
	assert_bytes(e.err.path, "/log");
	assert_arguments(&e, arguments, COUNT(arguments));
}

/* Those of a process that wrote into the place, or of which not all was copied. */
static void test_ended_strangely(void **state)
{
	static const char title[] = { 'n', 'g', 'i', 'n', 'x' };
	struct event e;

	(void)state;
	made.head.kind = RECORD_ENDED;
	made.head.call = CALL_UNKNOWN;
	made.head.argc = RECORD_UNKNOWN;
	section(SECTION_ARGUMENTS, SECTION_JOINED, title, sizeof(title));
	section(SECTION_ENVIRONMENT, SECTION_JOINED | SECTION_UNREADABLE, "", 0);
	decode_as(&e, EVENT_PROCESS_START_FAILED);
	assert_int_equal(e.arguments.n, 1);
	assert_bytes(e.arguments.v[0], "nginx");
	assert_false(e.environment.known);
}

/* The program's, and the caller's. */
static void test_started(void **state)
{
	static const char *const arguments[] = { "ls", "-l", NULL };
	struct record_file loader = { .ino = 7, .dev = 8 << 20 | 1, .mode = 0100755 };
	struct event e;

	(void)state;
	put_started("/bin/ls", "/bin/ls", arguments);
	section(SECTION_LOADER_FILE, 0, &loader, sizeof(loader));
	section(SECTION_LOADER, 0, "ld.so\0lib", sizeof("ld.so\0lib"));
	decode_as(&e, EVENT_SCHED_PROCESS_EXEC);
	assert_bytes(e.comm, "now");
	assert_bytes(e.prev_comm, "before");
	assert_bytes(e.interp, "/bin/ls");
	assert_true(e.loader.known && e.loader.ino == 7);
	assert_bytes(e.loader.path, "/lib/ld.so");
	assert_arguments(&e, arguments, 2);
	decode_as(&e, EVENT_EXECVE);
	assert_bytes(e.comm, "before");
	assert_arguments(&e, arguments, 2);
	assert_int_equal(e.unreadable, 0);
}

/* What the kernel put before them is not the caller's, and the first of his is gone. */
static void test_started_script(void **state)
{
	static const char *const given[] = { "/bin/sh", "-e", "./script", "a", NULL };
	static const char *const called[] = { NULL, "a" };
	struct event e;

	(void)state;
	put_started("./script", "/bin/sh", given);
	decode_as(&e, EVENT_SCHED_PROCESS_EXEC);
	assert_arguments(&e, given, 4);
	decode_as(&e, EVENT_EXECVE);
	assert_arguments(&e, called, 2);
	assert_int_equal(e.unreadable, 1u << PART_ARGUMENTS);
}

/* It is not among them: nobody knows how many are not the caller's. */
static void test_started_script_unnamed(void **state)
{
	static const char *const given[] = { "/bin/sh", "other", NULL };
	static const char *const called[] = { NULL, "other" };
	struct event e;

	(void)state;
	put_started("./script", "/bin/sh", given);
	decode_as(&e, EVENT_EXECVE);
	assert_arguments(&e, called, 2);
}

static void test_events_of_records(void **state)
{
	static const struct {
		enum record_kind kind;
		enum record_call call;
		uint32_t events;
	} examples[] = {
		{ RECORD_FAILED, CALL_EXECVE, 1u << EVENT_PROCESS_EXECUTE_FAILED | 1u << EVENT_EXECVE },
		{ RECORD_FAILED, CALL_EXECVEAT, 1u << EVENT_PROCESS_EXECUTE_FAILED | 1u << EVENT_EXECVEAT },
		{ RECORD_FAILED, CALL_KERNEL, 1u << EVENT_PROCESS_EXECUTE_FAILED },
		{ RECORD_FAILED, CALL_UNKNOWN, 0 },
		{ RECORD_STARTED, CALL_EXECVE, 1u << EVENT_SCHED_PROCESS_EXEC | 1u << EVENT_EXECVE },
		{ RECORD_STARTED, CALL_KERNEL, 1u << EVENT_SCHED_PROCESS_EXEC },
		{ RECORD_STARTED, CALL_UNKNOWN, 1u << EVENT_SCHED_PROCESS_EXEC },
		{ RECORD_CHECKED, CALL_EXECVE, 1u << EVENT_SECURITY_BPRM_CHECK },
		{ RECORD_APPROVED, CALL_EXECVEAT, 1u << EVENT_EXECVEAT },
	};

	(void)state;
	made.head.len = sizeof(made.head);
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		made.head.kind = examples[i].kind;
		made.head.call = examples[i].call;
		assert_int_equal(decode_events(&made.head, sizeof(made.head)).bits, examples[i].events);
	}
	assert_int_equal(decode_events(&made.head, sizeof(made.head) - 1).bits, 0);
}

static void test_record_longer_than_its_bytes(void **state)
{
	struct event e;

	(void)state;
	made.head.len = sizeof(made.head) + 1;
	assert_int_equal(decode_record(&plain, &made.head, sizeof(made.head), arena, &e), -EBADMSG);
}

static void test_unknown_section_is_passed_over(void **state)
{
	struct event e;

	(void)state;
	section_text(SECTION_KINDS + 5, 0, "of a later version");
	section_text(SECTION_TTY, 0, "pts3");
	assert_int_equal(decode_padded(&e, 0), 0);
	assert_bytes(e.tty, "pts/3");
}

static void test_components(void **state)
{
	struct event e;

	(void)state;
	section(SECTION_CWD, 0, "c\0bb\0aaa\0", 9);
	section(SECTION_EXE, SECTION_DELETED, "run\0tmp\0", 8);
	section(SECTION_CGROUP, SECTION_CUT, "", 0);
	section(SECTION_ROOT, 0, "jail\0", 5);
	assert_int_equal(decode_padded(&e, 0), 0);
	assert_bytes(e.root, "/jail");
	assert_bytes(e.cwd, "/aaa/bb/c");
	assert_bytes(e.exe, "/tmp/run (deleted)");
	assert_bytes(e.cgroup, "/");
	assert_int_equal(e.cut, 1u << PART_CGROUP);
}

static void test_components_hostile(void **state)
{
	struct event e;

	(void)state;
	section(SECTION_CWD, 0, "\0\0\0", 3);
	section(SECTION_EXE, 0, "no end", 6);
	assert_int_equal(decode_padded(&e, 0), 0);
	assert_bytes(e.cwd, "/");
	assert_non_null(e.exe.p);
}

static void test_arguments(void **state)
{
	char bytes[64];
	size_t n = 0;
	struct event e;

	(void)state;
	n += element(bytes + n, 0, "make");
	n += element(bytes + n, 0, "");
	n += element(bytes + n, ELEMENT_UNREADABLE, "");
	section(SECTION_ARGUMENTS, SECTION_UNREADABLE, bytes, n);
	assert_int_equal(decode_padded(&e, 0), 0);
	assert_true(e.arguments.known);
	assert_int_equal(e.arguments.n, 3);
	assert_bytes(e.arguments.v[0], "make");
	assert_bytes(e.arguments.v[1], "");
	assert_null(e.arguments.v[2].p);
	assert_int_equal(e.unreadable, 1u << PART_ARGUMENTS);
	assert_int_equal(e.argc, RECORD_UNKNOWN);
}

static void test_arguments_counted(void **state)
{
	char bytes[64];
	struct event e;

	(void)state;
	section(SECTION_ARGUMENTS, 0, bytes, element(bytes, 0, "one"));
	section(SECTION_ENVIRONMENT, 0, bytes, 0);
	assert_int_equal(decode_padded(&e, 0), 0);
	assert_int_equal(e.argc, 1);
	assert_int_equal(e.envc, 0);
}

static void test_argument_of_the_kernel(void **state)
{
	struct event e;

	(void)state;
	made.head.argc = 1;
	section(SECTION_ARGUMENTS, 0, "", 0);
	assert_int_equal(decode_padded(&e, 0), 0);
	assert_int_equal(e.argc, 0);
}

static void test_argument_longer_than_its_section(void **state)
{
	struct element e_head = { .len = 9 };
	char bytes[8];
	struct event e;

	(void)state;
	memcpy(bytes, &e_head, sizeof(e_head));
	memcpy(bytes + sizeof(e_head), "abcd", 4);
	section(SECTION_ARGUMENTS, 0, bytes, sizeof(bytes));
	assert_int_equal(decode_padded(&e, 0), 0);
	assert_int_equal(e.arguments.n, 1);
	assert_bytes(e.arguments.v[0], "abcd");
	assert_int_equal(e.cut, 1u << PART_ARGUMENTS);
}

/* As the kernel sends them: pointers, and the memory from the lowest of them on. */
static void section_block(uint16_t kind, uint32_t count, const uint64_t *pointers, const char *memory, size_t n)
{
	static char bytes[RECORD_MAX];
	struct block head = { .base = 0x7000, .count = count };
	size_t listed = count < 1000 ? count * sizeof(*pointers) : sizeof(*pointers);

	memcpy(bytes, &head, sizeof(head));
	memcpy(bytes + sizeof(head), pointers, listed);
	memcpy(bytes + sizeof(head) + listed, memory, n);
	section(kind, SECTION_BLOCK, bytes, sizeof(head) + listed + n);
}

static void test_block(void **state)
{
	/* In another order, one twice, one inside of another, one empty; and what nobody points to. */
	const uint64_t pointers[] = { 0x7006, 0x7000, 0x7000, 0x7002, 0x7012 };
	struct event e;

	(void)state;
	section_block(SECTION_ARGUMENTS, 5, pointers, "first\0second\0gap\0\0", 19);
	assert_int_equal(decode_padded(&e, 0), 0);
	assert_true(e.arguments.known && !e.arguments.more);
	assert_int_equal(e.arguments.n, 5);
	assert_bytes(e.arguments.v[0], "second");
	assert_bytes(e.arguments.v[1], "first");
	assert_bytes(e.arguments.v[2], "first");
	assert_bytes(e.arguments.v[3], "rst");
	assert_bytes(e.arguments.v[4], "");
	assert_int_equal(e.argc, 5);
	assert_int_equal(e.cut | e.unreadable, 0);
}

static void test_block_outside(void **state)
{
	const uint64_t pointers[] = { 0x7000, 0x6fff, 0x7006, 0x7007, UINT64_MAX };
	struct event e;

	(void)state;
	section_block(SECTION_ENVIRONMENT, 5, pointers, "a=b\0c=", 6);
	assert_int_equal(decode_padded(&e, 0), 0);
	assert_int_equal(e.environment.n, 5);
	assert_bytes(e.environment.v[0], "a=b");
	assert_null(e.environment.v[1].p);
	assert_bytes(e.environment.v[2], "");
	assert_null(e.environment.v[3].p);
	assert_null(e.environment.v[4].p);
	assert_int_equal(e.unreadable, 1u << PART_ENVIRONMENT);
	made.n = 0;
	section_block(SECTION_ENVIRONMENT, UINT32_MAX, pointers, "", 0);
	assert_int_equal(decode_padded(&e, 0), 0);
	assert_false(e.environment.known);
}

/* The number of an environment, and of no other. */
static uint64_t number_of(const uint64_t *pointer, const char *memory)
{
	struct event e;

	made.n = 0;
	section_block(SECTION_ENVIRONMENT, 1, pointer, memory, 4);
	assert_int_equal(decode_padded(&e, 0), 0);
	assert_true(bytes_is(e.environment.v[0], memory + (*pointer - 0x7000)));
	return e.environment.same;
}

static void test_block_same(void **state)
{
	const uint64_t first = 0x7000, second = 0x7001;
	uint64_t number = number_of(&first, "a=b");

	(void)state;
	assert_int_not_equal(number, 0);
	assert_int_equal(number_of(&first, "a=b"), number);
	assert_int_not_equal(number_of(&first, "a=c"), number);
	number = number_of(&first, "a=b");
	assert_int_not_equal(number_of(&second, "a=b"), number);
}

/* Each pointer may lead to the same long string: no more comes of it than of elements. */
static void test_block_large(void **state)
{
	static uint64_t pointers[64];
	static char memory[8192];
	struct event e;

	(void)state;
	memset(memory, 'x', sizeof(memory) - 1);
	for (size_t i = 0; i < 64; i++)
		pointers[i] = 0x7000;
	section_block(SECTION_ARGUMENTS, 64, pointers, memory, sizeof(memory));
	assert_int_equal(decode_padded(&e, 0), 0);
	assert_int_equal(e.arguments.n, 3);
	assert_int_equal(e.arguments.v[1].n, 8191);
	assert_int_equal(e.arguments.v[2].n, 2);
	assert_true(e.arguments.more);
	assert_int_equal(e.cut, 1u << PART_ARGUMENTS);
	assert_int_equal(e.argc, RECORD_UNKNOWN);
}

static void test_arguments_unreadable(void **state)
{
	struct event e;

	(void)state;
	section(SECTION_ARGUMENTS, SECTION_UNREADABLE, "", 0);
	assert_int_equal(decode_padded(&e, 0), 0);
	assert_false(e.arguments.known);
}

static void test_path_of_execveat(void **state)
{
	struct event e;

	(void)state;
	made.head.call = CALL_EXECVEAT;
	made.head.dirfd = 7;
	section_text(SECTION_PATH, SECTION_FDPATH, "/dev/fd/7/bin/run");
	assert_int_equal(decode_padded(&e, 0), 0);
	assert_bytes(e.path, "bin/run");
	made.n = 0;
	section_text(SECTION_PATH, SECTION_FDPATH, "/dev/fd/7");
	assert_int_equal(decode_padded(&e, 0), 0);
	assert_bytes(e.path, "");
	made.n = 0;
	/* Another descriptor's, and one that the caller wrote so itself. */
	section_text(SECTION_PATH, SECTION_FDPATH, "/dev/fd/77");
	assert_int_equal(decode_padded(&e, 0), 0);
	assert_bytes(e.path, "/dev/fd/77");
	made.n = 0;
	section_text(SECTION_PATH, 0, "/dev/fd/7/x");
	assert_int_equal(decode_padded(&e, 0), 0);
	assert_bytes(e.path, "/dev/fd/7/x");
}

static void test_files(void **state)
{
	struct event e;

	(void)state;
	made.head.binary = (struct record_file){
		.ino = UINT64_MAX - 1, .dev = 259 << 20 | 70000, .mode = 0100755, .ctime_sec = 5, .ctime_nsec = 6
	};
	made.head.stdin_file = (struct record_file){ .ino = 4711, .mode = 0010600, .magic = PIPEFS_MAGIC };
	section(SECTION_STDIN, 0, "", 0);
	assert_int_equal(decode_padded(&e, 0), 0);
	assert_true(e.binary.known);
	assert_int_equal(e.binary.dev, makedev(259, 70000));
	assert_true(e.binary.ino == UINT64_MAX - 1);
	assert_int_equal(e.binary_source, BINARY_SOURCE_KERNEL);
	assert_bytes(e.in.path, "pipe:[4711]");
}

/* As /proc shows them, whatever the kernel calls their dentries. */
static void test_descriptors_without_path(void **state)
{
	static const struct {
		uint32_t magic, mode;
		const char *name, *path;
	} cases[] = {
		{ SOCKFS_MAGIC, 0140777, "TCP", "socket:[4711]" },
		{ PIPEFS_MAGIC, 0010600, "", "pipe:[4711]" },
		{ ANON_INODE_FS_MAGIC, 0600, "[eventfd]", "anon_inode:[eventfd]" },
		{ PID_FS_MAGIC, 0100700, "", "anon_inode:[pidfd]" },
		{ NSFS_MAGIC, 0100444, "", "nsfs:[4711]" },
	};
	struct event e;

	(void)state;
	made.head.call = CALL_EXECVEAT;
	made.head.dirfd = 5;
	for (size_t i = 0; i < COUNT(cases); i++) {
		made.n = 0;
		made.head.dirfd_file =
			(struct record_file){ .ino = 4711, .mode = cases[i].mode, .magic = cases[i].magic };
		section(SECTION_DIRFD, SECTION_DELETED, cases[i].name, *cases[i].name ? strlen(cases[i].name) + 1 : 0);
		assert_int_equal(decode_padded(&e, 0), 0);
		assert_int_equal(e.dirfd_file.mode, cases[i].mode);
		assert_true(bytes_is(e.dirfd_path, cases[i].path));
	}
}

static void test_closed_and_unknown(void **state)
{
	struct event e;

	(void)state;
	assert_int_equal(decode_padded(&e, 0), 0);
	assert_true(e.in_known);
	assert_false(e.in.known);
	assert_false(e.binary.known);
	assert_int_equal(e.ns_pid, RECORD_UNKNOWN);
	assert_int_equal(e.dirfd, AT_FDCWD);
	assert_null(e.path.p);
	assert_int_equal(e.signal, 0);
}

static void test_no_return(void **state)
{
	struct event e;

	(void)state;
	made.head.seen = SEEN_NO_RETURN;
	assert_int_equal(decode_padded(&e, 0), 0);
	assert_int_equal(e.signal, SIGSEGV);
}

/*
 * The function was not entered: where that would have been seen, the filter that the caller has answered in its place.
 */
static void test_answered_by_filter(void **state)
{
	static const struct {
		uint32_t plan, seen;
		enum record_call call;
		bool answered;
	} examples[] = {
		{ SEEN_ENTRY, SEEN_FILTERED, CALL_EXECVE, true },
		{ SEEN_ENTRY, SEEN_FILTERED, CALL_EXECVEAT, true },
		{ SEEN_ENTRY, SEEN_FILTERED | SEEN_ENTERED, CALL_EXECVE, false },
		{ SEEN_ENTRY, SEEN_FILTERED | SEEN_COMPAT, CALL_EXECVE, false },
		{ SEEN_ENTRY, SEEN_FILTERED, CALL_KERNEL, false },
		{ SEEN_ENTRY, 0, CALL_EXECVE, false },
		{ SEEN_HOOKS, SEEN_FILTERED, CALL_EXECVE, false },
	};
	struct event e;

	(void)state;
	for (size_t i = 0; i < COUNT(examples); i++) {
		struct decode decode = { .seen = examples[i].plan };

		made.head.len = sizeof(made.head);
		made.head.seen = examples[i].seen;
		made.head.call = examples[i].call;
		assert_int_equal(decode_record(&decode, &made.head, sizeof(made.head), arena, &e), 0);
		assert_int_equal(!!(e.seen & SEEN_SECCOMP), examples[i].answered);
	}
}

static void test_longest(void **state)
{
	struct {
		struct record_longest longest;
		char start[4];
	} bytes = { { .kind = SECTION_ENVIRONMENT, .index = 7, .len = 131072, .total = 200000 }, "A=xx" };
	struct event e;

	(void)state;
	section(SECTION_LONGEST, 0, &bytes, sizeof(bytes));
	assert_int_equal(decode_padded(&e, 0), 0);
	assert_true(e.longest.known && e.longest.variable);
	assert_int_equal(e.longest.index, 7);
	assert_int_equal(e.longest.length, 131072);
	assert_int_equal(e.longest.total, 200000);
	assert_bytes(e.longest.start, "A=xx");

	made.n = 0;
	section(SECTION_LONGEST, 0, &bytes, sizeof(bytes.longest) - 1);
	assert_int_equal(decode_padded(&e, 0), 0);
	assert_false(e.longest.known);
}

/* What has taken the caller's place is the program if it has the name that comm has by then. */
static void test_image(void **state)
{
	struct event e;

	(void)state;
	made.head.seen = SEEN_IMAGE | SEEN_NO_RETURN;
	made.head.binary = (struct record_file){ .dev = 1 << 20, .ino = 5, .mode = 0100755 };
	memcpy(made.head.comm, "a-name-of-more-", RECORD_COMM);
	section_text(SECTION_PATH, SECTION_UNREADABLE, "");
	section_text(SECTION_BINARY, 0, "a-name-of-more-than-15\0opt\0");
	assert_int_equal(decode_padded(&e, 0), 0);
	assert_null(e.path.p);
	assert_bytes(e.binary.path, "/opt/a-name-of-more-than-15");
	assert_bytes(e.image, "/opt/a-name-of-more-than-15");
	assert_int_equal(e.binary.ino, 5);
	assert_int_equal(e.binary_source, BINARY_SOURCE_KERNEL);

	memcpy(made.head.comm, "a-script\0......", RECORD_COMM);
	assert_int_equal(decode_padded(&e, 0), 0);
	assert_false(e.binary.known);
	assert_null(e.binary.path.p);
	assert_int_equal(e.binary_source, BINARY_SOURCE_NONE);
	assert_bytes(e.image, "/opt/a-name-of-more-than-15");
	assert_bytes(event_program(&e), "/opt/a-name-of-more-than-15");

	/* Half a path names nothing. */
	made.n = 0;
	section_text(SECTION_BINARY, SECTION_CUT, "x\0opt\0");
	assert_int_equal(decode_padded(&e, 0), 0);
	assert_null(e.image.p);
}

static void test_ancestors(void **state)
{
	struct record_ancestor a[2] = { { .pid = 10, .comm = "sixteen letters!" }, { .pid = 1, .comm = "init" } };
	struct event e;

	(void)state;
	/* The last is cut off: it does not count. */
	section(SECTION_ANCESTORS, 0, a, sizeof(a) - 1);
	assert_int_equal(decode_padded(&e, 0), 0);
	assert_int_equal(e.n_ancestors, 1);
	assert_int_equal(e.ancestors[0].pid, 10);
	assert_int_equal(e.ancestors[0].comm.n, RECORD_COMM);
}

static void test_time(void **state)
{
	struct decode later = { .clock_offset_ns = 1000000000 };
	struct event e;

	(void)state;
	made.head.len = sizeof(made.head);
	made.head.time_ns = 2500000000;
	assert_int_equal(decode_record(&later, &made.head, sizeof(made.head), arena, &e), 0);
	assert_int_equal(e.time_sec, 3);
	assert_int_equal(e.time_nsec, 500000000);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_short),
		TEST(test_places),
		TEST(test_padded),
		TEST(test_corrupt),
		TEST(test_started),
		TEST(test_ended),
		TEST(test_ended_strangely),
		TEST(test_started_script),
		TEST(test_started_script_unnamed),
		TEST(test_events_of_records),
		TEST(test_record_longer_than_its_bytes),
		TEST(test_unknown_section_is_passed_over),
		TEST(test_components),
		TEST(test_components_hostile),
		TEST(test_arguments),
		TEST(test_arguments_counted),
		TEST(test_argument_of_the_kernel),
		TEST(test_argument_longer_than_its_section),
		TEST(test_block),
		TEST(test_block_outside),
		TEST(test_block_same),
		TEST(test_block_large),
		TEST(test_arguments_unreadable),
		TEST(test_path_of_execveat),
		TEST(test_files),
		TEST(test_descriptors_without_path),
		TEST(test_closed_and_unknown),
		TEST(test_no_return),
		TEST(test_answered_by_filter),
		TEST(test_image),
		TEST(test_longest),
		TEST(test_ancestors),
		TEST(test_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
