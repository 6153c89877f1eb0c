// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include "cause/explain.h"
#include "elf_bytes.h"

struct room {
	char *path;
	struct arena *arena;
};

static int setup(void **state)
{
	struct room *room = calloc(1, sizeof(*room));

	room->path = unit_directory();
	room->arena = arena_new();
	*state = room;
	return 0;
}

static int teardown(void **state)
{
	struct room *room = *state;

	arena_free(room->arena);
	unit_remove(room->path);
	free(room);
	return 0;
}

static char *below(const struct room *room, const char *name)
{
	return arena_printf(room->arena, "%s/%s", room->path, name);
}

static char *make(const struct room *room, const char *name, mode_t mode, const char *text, size_t n)
{
	char *path = below(room, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, n), n);
	assert_int_equal(fchmod(fd, mode), 0);
	assert_int_equal(close(fd), 0);
	return path;
}

#define MAKE(room, name, mode, text) make(room, name, mode, text, sizeof(text) - 1)

/* What it says, with @ in place of the directory. */
static void assert_says(const struct room *room, char *path, bool json, int status, const char *expected)
{
	char *argv[] = { path, NULL }, *text = NULL, *at;
	BUFFER_AUTO struct buffer said = {};
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);
	int got = explain(&(struct explain_request){ .argv = argv, .json = json }, out);

	fclose(out);
	for (const char *from = text; *from; from = at) {
		at = strstr(from, room->path);
		buffer_add(&said, from, at ? (size_t)(at - from) : strlen(from));
		if (!at)
			break;
		buffer_put(&said, '@');
		at += strlen(room->path);
	}
	assert_string_equal(buffer_string(&said), expected);
	assert_int_equal(got, status);
	free(text);
}

static void test_starts(void **state)
{
	struct room *room = *state;

	assert_says(room, MAKE(room, "good", 0755, ELF_GOOD), false, EXPLAIN_STARTS, "@/good would start\n");
	make(room, "script", 0755, below(room, "#!"), 0);
	unit_write(below(room, "script"), arena_printf(room->arena, "#!%s\n", below(room, "good")));
	assert_says(room, below(room, "script"), false, EXPLAIN_STARTS, "@/script would start, by @/good\n");
	assert_says(
		room, below(room, "script"), true, EXPLAIN_STARTS,
		"{\"path\":\"@/script\",\"starts\":true,\"errno\":null,\"stage\":null,\"reason\":null,\"hint\":null,"
		"\"files\":[\"@/script\",\"@/good\"]}\n");
}

static void test_fails(void **state)
{
	struct room *room = *state;

	assert_says(room, below(room, "none"), false, EXPLAIN_FAILS,
		    "@/none would not start: it does not exist (missing_file, ENOENT)\n");
	assert_says(
		room, MAKE(room, "crlf", 0755, "#!/bin/sh\r\n"), false, EXPLAIN_FAILS,
		"@/crlf would not start: the script @/crlf has DOS line endings (the kernel looks for the interpreter "
		"\"/bin/sh\\r\"); repair with: sed -i 's/\\r$//' @/crlf (interpreter_crlf, ENOENT)\n");
	assert_says(room, MAKE(room, "plain", 0644, ELF_GOOD), false, EXPLAIN_FAILS,
		    "@/plain would not start: it has no execute permission (mode 0644); give it with: chmod +x @/plain "
		    "(no_x_bit, EACCES)\n");
	assert_says(
		room, MAKE(room, "text", 0755, "echo\n"), true, EXPLAIN_FAILS,
		"{\"path\":\"@/text\",\"starts\":false,\"errno\":\"ENOEXEC\",\"stage\":\"format\",\"reason\":"
		"\"no_shebang\",\"hint\":\"@/text is text without a #! line: it works from a shell, and fails from systemd, "
		"cron and Python; if it is a script, make its first line #!/bin/sh\",\"files\":[\"@/text\"]}\n");
	assert_says(room,
		    MAKE(room, "segment", 0755,
			 ELF_HEADER(ELF_EXEC, ELF_X86_64, "\1") ELF_LOAD(ELF_BASE, N64("\0\x10"), N64("\0\x08"))),
		    false, EXPLAIN_FAILS,
		    "@/segment would not start: it is a damaged ELF file: a segment has 0x1000 bytes in the file and "
		    "only 0x800 in memory; install it again (elf_bad_segment, EINVAL)\n");
	assert_says(room, (char *)"", false, EXPLAIN_FAILS,
		    "'' would not start: the path is empty: likely a variable without a value in what execfail runs "
		    "(empty_path, ENOENT)\n");
}

static void test_search(void **state)
{
	struct room *room = *state;
	char *old = strdup(getenv("PATH") ?: "");

	setenv("PATH", arena_printf(room->arena, "%s:%s", below(room, "a"), below(room, "b")), 1);
	mkdir(below(room, "a"), 0755);
	mkdir(below(room, "b"), 0755);
	assert_says(room, (char *)"tool", false, EXPLAIN_FAILS,
		    "tool would not start: no directory of PATH has tool (PATH is @/a:@/b) (not_in_path, ENOENT)\n");
	MAKE(room, "b/tool", 0755, ELF_GOOD);
	assert_says(room, (char *)"tool", false, EXPLAIN_STARTS, "@/b/tool would start\n");
	/* a search goes on behind what may not be executed, and that is reported when there is nothing else */
	MAKE(room, "a/tool", 0644, ELF_GOOD);
	assert_says(room, (char *)"tool", false, EXPLAIN_STARTS, "@/b/tool would start\n");
	assert_int_equal(unlink(below(room, "b/tool")), 0);
	assert_says(
		room, (char *)"tool", false, EXPLAIN_FAILS,
		"@/a/tool would not start: it has no execute permission (mode 0644); give it with: chmod +x @/a/tool "
		"(no_x_bit, EACCES)\n");
	/* one that is there, but lacks its interpreter, ends the search */
	MAKE(room, "a/tool", 0755, "#!/no/such/interpreter\n");
	assert_int_equal(chmod(below(room, "a/tool"), 0755), 0);
	MAKE(room, "b/tool", 0755, ELF_GOOD);
	assert_says(
		room, (char *)"tool", false, EXPLAIN_FAILS,
		"@/a/tool would not start: the interpreter /no/such/interpreter of @/a/tool does not exist: there is no "
		"directory /no (interpreter_missing, ENOENT)\n");
	setenv("PATH", old, 1);
	free(old);
}

/* A stand-in for env does: its name is what counts. */
static void test_env(void **state)
{
	struct room *room = *state;
	char *old = strdup(getenv("PATH") ?: ""), *script = below(room, "script");

	setenv("PATH", room->path, 1);
	MAKE(room, "env", 0755, ELF_GOOD);
	unit_write(script, arena_printf(room->arena, "#!%s tool\n", below(room, "env")));
	assert_int_equal(chmod(script, 0755), 0);
	assert_says(room, script, false, EXPLAIN_FAILS,
		    "@/script would start, by @/env, but then tool would not start: the script @/script asks env for "
		    "tool: tool is not in PATH (@) (env_missing, ENOENT)\n");
	assert_says(room, script, true, EXPLAIN_FAILS,
		    "{\"path\":\"@/script\",\"starts\":false,\"errno\":\"ENOENT\",\"stage\":\"lookup\",\"reason\":"
		    "\"env_missing\",\"hint\":\"the script @/script asks env for tool: tool is not in PATH (@)\","
		    "\"files\":[\"@/script\",\"@/env\"]}\n");
	MAKE(room, "tool", 0755, ELF_GOOD);
	assert_says(room, script, false, EXPLAIN_STARTS,
		    "@/script would start, by @/env, and then @/tool would start\n");
	unit_write(script, arena_printf(room->arena, "#!%s tool -u\n", below(room, "env")));
	assert_says(
		room, script, false, EXPLAIN_FAILS,
		"@/script would start, by @/env, but then 'tool -u' would not start: the script @/script asks "
		"env for \"tool -u\": \"tool -u\" is not in PATH (@), and env takes all of that for one name; split it with "
		"#!/usr/bin/env -S (env_missing, ENOENT)\n");
	unit_write(script, arena_printf(room->arena, "#!%s -S A=b tool -u\n", below(room, "env")));
	assert_says(room, script, false, EXPLAIN_STARTS,
		    "@/script would start, by @/env, and then @/tool would start\n");
	/* scripts of env that start one another are not followed for ever */
	unit_write(below(room, "tool"), arena_printf(room->arena, "#!%s tool\n", below(room, "env")));
	assert_says(
		room, below(room, "tool"), false, EXPLAIN_STARTS,
		"@/tool would start, by @/env, and then @/tool would start, by @/env, and then @/tool would start, by "
		"@/env, and then @/tool would start, by @/env, and then @/tool would start, by @/env\n");
	setenv("PATH", old, 1);
	free(old);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_starts),
		TEST(test_fails),
		TEST(test_search),
		TEST(test_env),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
