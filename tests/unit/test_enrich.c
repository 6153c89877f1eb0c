// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <fcntl.h>

#include "event/enrich.h"
#include "event/fields.h"

/*
 * A machine of files: proc/ with one process, 4243, whose root is box/; etc/; and host/, our own root.
 */
struct machine {
	char *path;
	struct arena *arena;
	struct enrich *enrich;
	char *proc, *etc, *host;
	uint32_t mnt_ns, own_ns;
};

static char *below(const struct machine *machine, const char *name)
{
	return arena_printf(machine->arena, "%s/%s", machine->path, name);
}

static void make_directory(const struct machine *machine, const char *name)
{
	assert_int_equal(mkdir(below(machine, name), 0755), 0);
}

static ino_t inode_of(const struct machine *machine, const char *name)
{
	struct stat st;

	assert_int_equal(stat(below(machine, name), &st), 0);
	return st.st_ino;
}

static int setup(void **state)
{
	static const char *const directories[] = {
		"proc", "proc/4243", "proc/4243/ns", "proc/self", "proc/self/ns", "proc/sys", "proc/sys/kernel",
		"etc",  "box",       "box/bin",      "box/srv",   "host",         "host/bin", "host/srv",
	};
	static const char *const files[] = {
		"proc/4243/ns/mnt", "proc/self/ns/mnt", "box/bin/tool", "box/srv/tool",
		"host/bin/tool",    "host/srv/tool",    "secret",
	};
	struct machine *machine = calloc(1, sizeof(*machine));
	struct enrich_roots roots;

	machine->path = unit_directory();
	machine->arena = arena_new();
	for (size_t i = 0; i < COUNT(directories); i++)
		make_directory(machine, directories[i]);
	for (size_t i = 0; i < COUNT(files); i++)
		unit_write(below(machine, files[i]), "");
	unit_write(below(machine, "proc/sys/kernel/hostname"), "here\n");
	unit_write(below(machine, "etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n"
						 "broken line\n"
						 "+nis::0:0:::\n"
						 "alice:x:1000:1000::/home/alice:/bin/sh\n");
	assert_int_equal(symlink("../../box", below(machine, "proc/4243/root")), 0);
	assert_int_equal(symlink("/srv", below(machine, "proc/4243/cwd")), 0);
	unit_link(AT_FDCWD, "../../secret", below(machine, "box/bin/escape"));
	machine->mnt_ns = (uint32_t)inode_of(machine, "proc/4243/ns/mnt");
	machine->own_ns = (uint32_t)inode_of(machine, "proc/self/ns/mnt");
	machine->proc = strdup(below(machine, "proc"));
	machine->etc = strdup(below(machine, "etc"));
	machine->host = strdup(below(machine, "host"));
	roots = (struct enrich_roots){ machine->proc, machine->etc, machine->host };
	machine->enrich = enrich_new(&roots, 0);
	*state = machine;
	return 0;
}

static int teardown(void **state)
{
	struct machine *machine = *state;

	enrich_free(machine->enrich);
	arena_free(machine->arena);
	unit_remove(machine->path);
	free(machine->proc);
	free(machine->etc);
	free(machine->host);
	free(machine);
	return 0;
}

/* An event of the process 4243, seen only from the outside. */
static struct event outcome(const struct machine *machine, const char *path)
{
	struct event event = unit_event(machine->arena);

	event.seen = SEEN_OUTCOME;
	event.mnt_ns = machine->mnt_ns;
	event.path = (struct bytes){ path, strlen(path) };
	event.cwd = B("/srv");
	/* Who made the folders may look into them. */
	event.euid = geteuid();
	event.gid = getegid();
	return event;
}

static void assert_binary(struct machine *machine, struct event event, const char *expected)
{
	enrich_event(machine->enrich, &event);
	if (!expected) {
		assert_false(event.binary.known);
		assert_int_equal(event.binary_source, BINARY_SOURCE_NONE);
		return;
	}
	assert_true(event.binary.known);
	assert_int_equal(event.binary_source, BINARY_SOURCE_STAT);
	assert_int_equal(event.binary.ino, inode_of(machine, expected));
	assert_non_null(strstr(event.binary.path.p, expected));
}

static void test_host(void **state)
{
	struct machine *machine = *state;
	struct event event = unit_event(machine->arena);

	assert_bytes(field_value(fields_find("host"), &event).bytes, "here");
}

static struct bytes user_of(struct machine *machine, uint32_t uid, int64_t time)
{
	struct event event = unit_event(machine->arena);

	event.uid = uid;
	event.time_sec = time;
	enrich_event(machine->enrich, &event);
	return event.user;
}

static void test_user(void **state)
{
	struct machine *machine = *state;

	assert_bytes(user_of(machine, 0, 1), "root");
	assert_bytes(user_of(machine, 1000, 1), "alice");
	assert_null(user_of(machine, 1001, 1).p);
	assert_null(user_of(machine, RECORD_UNKNOWN, 1).p);
}

static void test_user_changes(void **state)
{
	struct machine *machine = *state;

	assert_bytes(user_of(machine, 1000, 1), "alice");
	unit_write(below(machine, "etc/new"), "bob:x:1000:1000:::\ncarol:x:1001:1001:::\n");
	assert_int_equal(rename(below(machine, "etc/new"), below(machine, "etc/passwd")), 0);
	/* one who was not there is found at once, and another name a second later */
	assert_bytes(user_of(machine, 1001, 1), "carol");
	assert_bytes(user_of(machine, 1000, 2), "bob");
	assert_int_equal(unlink(below(machine, "etc/passwd")), 0);
	assert_null(user_of(machine, 1000, 3).p);
}

static void test_hostile_passwd(void **state)
{
	struct machine *machine = *state;
	FILE *file = fopen(below(machine, "etc/passwd"), "w");

	for (int i = 0; i < 5000; i++)
		fprintf(file, "user%d:x:%d:0:::\n:::::::\n\n%c\n", i, i, i % 255 + 1);
	fprintf(file, "long%0100000d:x:70000:0:::\n", 0);
	fclose(file);
	assert_bytes(user_of(machine, 4999, 1), "user4999");
	assert_null(user_of(machine, 65000, 1).p);
}

static void test_secrets(void **state)
{
	struct machine *machine = *state;
	struct bytes environment[] = { B("HOME=/"), B("DB_PASSWORD=x"), {}, B("URL=http://u:p@h/"), B("U=http://u:p") };
	struct event event = unit_event(machine->arena);

	event.environment = (struct bytes_list){ environment, COUNT(environment), true, false, 0 };
	enrich_event(machine->enrich, &event);
	assert_bytes(environment[0], "HOME=/");
	assert_bytes(environment[1], "DB_PASSWORD=********");
	assert_null(environment[2].p);
	assert_bytes(environment[3], "URL=http://u:********@h/");
	assert_bytes(environment[4], "U=http://u:p");
	event.cut = 1u << PART_ENVIRONMENT;
	enrich_event(machine->enrich, &event);
	assert_bytes(environment[4], "U=http://u:********");
}

/* Of an environment that came before, it is known what is to be masked; number: the environment's. */
static void expect_masked(struct machine *machine, uint64_t number, const char *first, const char *second,
			  const char *masked)
{
	struct bytes environment[] = { bytes_of(first), bytes_of(second) };
	struct event event = unit_event(machine->arena);

	event.environment =
		(struct bytes_list){ .v = environment, .n = COUNT(environment), .known = true, .same = number };
	enrich_event(machine->enrich, &event);
	assert_true(bytes_is(environment[0], first));
	assert_true(bytes_is(environment[1], masked));
}

static void test_secrets_again(void **state)
{
	struct machine *machine = *state;

	for (int i = 0; i < 2; i++)
		expect_masked(machine, 1, "A=1", "TOKEN=x", "TOKEN=********");
	expect_masked(machine, 2, "A=1", "URL=http://u:p", "URL=http://u:p");
	expect_masked(machine, 3, "A=1", "PW=x", "PW=********");
	/* Which they are is not known. */
	expect_masked(machine, 0, "A=1", "B=1", "B=1");
	expect_masked(machine, 0, "A=1", "PW=1", "PW=********");
}

static void test_secrets_are_shown(void **state)
{
	struct machine *machine = *state;
	const struct enrich_roots roots = { machine->proc, machine->etc, machine->host };
	struct enrich *enrich = enrich_new(&roots, ENRICH_SHOW_SECRETS);
	struct bytes environment[] = { B("DB_PASSWORD=x") };
	struct event event = unit_event(machine->arena);

	event.environment = (struct bytes_list){ environment, COUNT(environment), true, false, 0 };
	enrich_event(enrich, &event);
	assert_bytes(environment[0], "DB_PASSWORD=x");
	enrich_free(enrich);
}

static void test_binary(void **state)
{
	struct machine *machine = *state;

	assert_binary(machine, outcome(machine, "/bin/tool"), "box/bin/tool");
	assert_binary(machine, outcome(machine, "tool"), "box/srv/tool");
	assert_binary(machine, outcome(machine, "../bin/./tool"), "box/bin/tool");
	assert_binary(machine, outcome(machine, "/../../bin/tool"), "box/bin/tool");
	assert_binary(machine, outcome(machine, "/bin"), "box/bin");
	assert_binary(machine, outcome(machine, "/missing"), NULL);
	assert_binary(machine, outcome(machine, "/bin/escape"), NULL);
	assert_binary(machine, outcome(machine, ""), NULL);
}

static void test_binary_is_not_looked_for(void **state)
{
	struct machine *machine = *state;
	struct event event = outcome(machine, "/bin/tool");

	event.seen = SEEN_BPRM | SEEN_HOOKS;
	assert_binary(machine, event, NULL);
	event = outcome(machine, "/bin/tool");
	event.path.p = NULL;
	assert_binary(machine, event, NULL);
	event = outcome(machine, "/bin/tool");
	event.cut = 1u << PART_PATH;
	assert_binary(machine, event, NULL);
	event = outcome(machine, "/bin/tool");
	event.path = B("/bin/tool\0/x");
	assert_binary(machine, event, NULL);
	event = outcome(machine, "/bin/tool");
	event.binary = (struct event_file){ .known = true, .ino = 5 };
	event.binary_source = BINARY_SOURCE_KERNEL;
	enrich_event(machine->enrich, &event);
	assert_int_equal(event.binary.ino, 5);
	assert_int_equal(event.binary_source, BINARY_SOURCE_KERNEL);
}

static void test_relative_to_a_descriptor(void **state)
{
	struct machine *machine = *state;
	struct event event = outcome(machine, "tool");

	event.call = CALL_EXECVEAT;
	event.dirfd = AT_FDCWD;
	assert_binary(machine, event, "box/srv/tool");
	event.dirfd = 3;
	assert_binary(machine, event, NULL);
	event.dirfd_path = B("/bin");
	assert_binary(machine, event, "box/bin/tool");
	event.cut = 1u << PART_CWD;
	assert_binary(machine, event, "box/bin/tool");
	event.cut = 1u << PART_DIRFD_PATH;
	assert_binary(machine, event, NULL);
	event.cut = 0;
	event.path = B("");
	event.dirfd_path = B("/bin/tool");
	assert_binary(machine, event, NULL);
	event.flags = AT_EMPTY_PATH;
	assert_binary(machine, event, "box/bin/tool");
	event.dirfd_path = B("memfd:x (deleted)");
	assert_binary(machine, event, NULL);
}

#define LATER (1LL << 33) /* an event that no table of mounts read until now tells of */

static void mounted_as(struct machine *machine, const char *type)
{
	unit_write(below(machine, "proc/4243/mountinfo"),
		   arena_printf(machine->arena, "%llu 1 0:1 / / rw - %s x rw\n",
				unit_mount(below(machine, "box/bin/link")), type));
}

static void test_link_that_is_not_followed(void **state)
{
	struct machine *machine = *state;
	struct event event = outcome(machine, "/bin/link");

	unit_link(AT_FDCWD, "tool", below(machine, "box/bin/link"));
	/* Where it leads to is not asked of a server. */
	mounted_as(machine, "nfs4");
	assert_binary(machine, event, NULL);
	mounted_as(machine, "ext4");
	event.time_sec = LATER;
	event.failed_ns = INT64_MAX;
	event.path = B("/bin//link");
	assert_binary(machine, event, "box/bin/tool");
	event.call = CALL_EXECVEAT;
	event.flags = AT_SYMLINK_NOFOLLOW;
	assert_binary(machine, event, NULL);
}

static void test_working_directory(void **state)
{
	struct machine *machine = *state;
	struct event event = outcome(machine, "tool");
	const char *in_chroot;

	/* of a chroot the kernel shows it from the root of the mount namespace */
	assert_int_equal(unlink(below(machine, "proc/4243/root")), 0);
	assert_int_equal(symlink(below(machine, "box"), below(machine, "proc/4243/root")), 0);
	in_chroot = below(machine, "box/srv");
	event.cwd = (struct bytes){ in_chroot, strlen(in_chroot) };
	assert_binary(machine, event, "box/srv/tool");
	in_chroot = below(machine, "box");
	event.cwd = (struct bytes){ in_chroot, strlen(in_chroot) };
	event.path = B("bin/tool");
	assert_binary(machine, event, "box/bin/tool");
	event.path = B("tool");
	event.cwd.p = NULL;
	assert_binary(machine, event, "box/srv/tool");
	event.cwd = B("/srv (deleted)");
	assert_binary(machine, event, NULL);
	event.cwd = B("not absolute");
	assert_binary(machine, event, NULL);
}

static void test_caller_has_gone(void **state)
{
	struct machine *machine = *state;
	struct event event = outcome(machine, "/bin/tool");

	event.tid = 1;
	assert_binary(machine, event, NULL);
	event.mnt_ns = 0;
	assert_binary(machine, event, NULL);
	event.mnt_ns = machine->own_ns;
	assert_binary(machine, event, "host/bin/tool");
	event.path = B("tool");
	assert_binary(machine, event, "host/srv/tool");
	event.cwd.p = NULL;
	assert_binary(machine, event, NULL);
}

static void test_pid_is_another_process(void **state)
{
	struct machine *machine = *state;
	struct event event = outcome(machine, "/bin/tool");

	event.mnt_ns = machine->mnt_ns + machine->own_ns;
	assert_binary(machine, event, NULL);
	event.mnt_ns = machine->own_ns;
	assert_binary(machine, event, "host/bin/tool");
}

static void test_look(void **state)
{
	struct machine *machine = *state;
	struct event event = outcome(machine, "/bin/tool");

	enrich_event(machine->enrich, &event);
	assert_int_equal(event.look, LOOK_FOUND);
	event = outcome(machine, "/bin/tool");
	event.mnt_ns = machine->own_ns;
	event.path = B("/bin/missing");
	/* from our own root another file is missing */
	enrich_event(machine->enrich, &event);
	assert_int_equal(event.look, LOOK_UNSEEN);
	event = outcome(machine, "/bin/tool/x");
	/* What was changed since may have been there. */
	enrich_event(machine->enrich, &event);
	assert_int_equal(event.look, LOOK_UNSEEN);
	event = outcome(machine, "/bin/tool/x");
	unit_now(&event);
	event.time_sec++;
	enrich_event(machine->enrich, &event);
	assert_int_equal(event.look, LOOK_ABSENT);
	event = outcome(machine, "/bin/tool");
	event.seen = SEEN_HOOKS;
	enrich_event(machine->enrich, &event);
	assert_int_equal(event.look, LOOK_NONE);
}

static void test_busy(void **state)
{
	struct machine *machine = *state;
	struct event event = outcome(machine, "/bin/tool");

	enrich_busy(machine->enrich, true);
	enrich_event(machine->enrich, &event);
	assert_int_equal(event.look, LOOK_UNSEEN);
	assert_false(event.binary.known);
	enrich_busy(machine->enrich, false);
	enrich_event(machine->enrich, &event);
	assert_true(event.binary.known);
	/* what was found a moment ago is known all the same */
	enrich_busy(machine->enrich, true);
	event = outcome(machine, "/bin/tool");
	enrich_event(machine->enrich, &event);
	assert_int_equal(event.look, LOOK_FOUND);
	assert_int_equal(event.binary.ino, inode_of(machine, "box/bin/tool"));
	assert_int_equal(event.binary_source, BINARY_SOURCE_STAT);
}

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void test_container(void **state)
{
	struct machine *machine = *state;
	struct event event = unit_event(machine->arena);

	event.cgroup = B("/system.slice/docker-" ID ".scope");
	enrich_event(machine->enrich, &event);
	assert_bytes(event.container_id, ID);
	assert_bytes(event.container_runtime, "docker");
	assert_bytes(event.unit, "docker-" ID ".scope");
	assert_null(event.pod_uid.p);
	/* where the unified hierarchy is not used, /proc is asked */
	event = unit_event(machine->arena);
	event.cgroup = B("/");
	unit_write(below(machine, "proc/4243/cgroup"), "3:memory:/docker/" ID "\n0::/\n");
	enrich_event(machine->enrich, &event);
	assert_bytes(event.container_id, ID);
	assert_null(event.unit.p);
	event = unit_event(machine->arena);
	event.tid = 1;
	enrich_event(machine->enrich, &event);
	assert_null(event.container_id.p);
	assert_null(event.container_runtime.p);
}

/* A fifo must not be opened: nobody writes to it. */
static void test_fifo(void **state)
{
	struct machine *machine = *state;

	assert_int_equal(mkfifo(below(machine, "box/bin/fifo"), 0755), 0);
	assert_binary(machine, outcome(machine, "/bin/fifo"), "box/bin/fifo");
}

static void test_real_machine(void **state)
{
	struct arena *arena = arena_new();
	struct enrich *enrich = enrich_new(NULL, 0);
	struct event event = unit_event(arena);

	(void)state;
	unit_now(&event);
	event.uid = 0;
	event.pid = event.tid = (uint32_t)getpid();
	event.seen = SEEN_OUTCOME;
	event.path = B("/proc/self/status");
	enrich_event(enrich, &event);
	assert_false(event.binary.known);
	event.path = B("/");
	enrich_event(enrich, &event);
	assert_bytes(event.binary.path, "/");
	assert_int_equal(event.binary.mode & S_IFMT, S_IFDIR);
	enrich_free(enrich);
	enrich_free(NULL);
	arena_free(arena);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_host),
		TEST(test_user),
		TEST(test_user_changes),
		TEST(test_hostile_passwd),
		TEST(test_secrets),
		TEST(test_secrets_again),
		TEST(test_secrets_are_shown),
		TEST(test_binary),
		TEST(test_binary_is_not_looked_for),
		TEST(test_relative_to_a_descriptor),
		TEST(test_link_that_is_not_followed),
		TEST(test_working_directory),
		TEST(test_caller_has_gone),
		TEST(test_pid_is_another_process),
		TEST(test_look),
		TEST(test_busy),
		TEST(test_container),
		TEST(test_fifo),
		cmocka_unit_test(test_real_machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
