// SPDX-License-Identifier: GPL-2.0-only
/* Where an exec failed, by what the kernel's hooks say and by a trial; also of trial.c, image.c and commit.c. */
#include "unit.h"

#include "cause/commit.h"
#include "cause/facts.h"
#include "cause/image.h"
#include "elf_bytes.h"
#include "world.h"

struct room {
	struct arena *arena;
	struct world world;
	struct event event;
	struct facts facts;
	struct view *view;
};

static int setup(void **state)
{
	struct room *room = calloc(1, sizeof(*room));

	room->arena = arena_new();
	room->event = unit_event(room->arena);
	room->event.seen = SEEN_OUTCOME;
	room->event.uid = room->event.euid = 1000;
	room->event.gid = 1000;
	room->event.cwd = B("/");
	*state = room;
	return 0;
}

static int teardown(void **state)
{
	struct room *room = *state;

	arena_free(room->arena);
	free(room);
	return 0;
}

static void begin(struct room *room, const struct world_file *files, enum view_standing standing)
{
	room->world = (struct world){ .files = files, .handler = "/bin/handler" };
	room->view = world_view(&room->world, room->arena, standing);
	facts_begin(&room->facts, &room->event, room->view);
}

static void end(struct room *room)
{
	facts_end(&room->facts);
	view_close(room->view);
}

/* --- trials --- */

struct attempt {
	const char *path;
	int error;
	enum stage stage;
	const char *at;
	enum role role;
};

static const struct world_file attempts_files[] = {
	{ "/bin/good", 0755, ELF_GOOD, sizeof(ELF_GOOD) - 1 },
	{ "/bin/dynamic", 0755, ELF_DYNAMIC, sizeof(ELF_DYNAMIC) - 1 },
	{ ELF_LOADER, 0755, ELF_GOOD, sizeof(ELF_GOOD) - 1 },
	{ "/bin/script", 0755, "#!/bin/dynamic -x\n" },
	{ "/bin/1", 0755, "#!/bin/2\n" },
	{ "/bin/2", 0755, "#!/bin/3\n" },
	{ "/bin/3", 0755, "#!/bin/4\n" },
	{ "/bin/4", 0755, "#!/bin/5\n" },
	{ "/bin/5", 0755, "#!/bin/6\n" },
	{ "/bin/6", 0755, "#!/bin/good\n" },
	{ "/bin/lost", 0755, "#!/bin/none\n" },
	{ "/bin/text", 0755, "echo\n" },
	{ "/bin/plain", 0644, "echo\n" },
	{ "/bin/of-plain", 0755, "#!/bin/plain\n" },
	{ "/bin/x.handled", 0755, "anything" },
	{ "/bin/arm", 0755, BYTES_OF(ELF_HEADER(ELF_EXEC, ELF_AARCH64, "\1")) },
	{ "/bin/arm.handled", 0755, BYTES_OF(ELF_HEADER(ELF_EXEC, ELF_AARCH64, "\1")) },
	{ "/bin/far", 0755, "x", .error = EAGAIN },
	{},
};

static const struct attempt attempts[] = {
	{ "/bin/good", 0, STAGE_UNKNOWN, "/bin/good", ROLE_PROGRAM },
	{ "/bin/dynamic", 0, STAGE_UNKNOWN, ELF_LOADER, ROLE_LOADER },
	{ "/bin/script", 0, STAGE_UNKNOWN, ELF_LOADER, ROLE_LOADER },
	{ "/bin/2", 0, STAGE_UNKNOWN, "/bin/good", ROLE_INTERPRETER },
	{ "/bin/1", ELOOP, STAGE_INTERPRETER, "/bin/good", ROLE_INTERPRETER },
	{ "/bin/none", ENOENT, STAGE_LOOKUP, "/bin/none", ROLE_PROGRAM },
	{ "/bin", EACCES, STAGE_LOOKUP, "/bin", ROLE_PROGRAM },
	{ "/bin/plain", EACCES, STAGE_LOOKUP, "/bin/plain", ROLE_PROGRAM },
	{ "/bin/lost", ENOENT, STAGE_INTERPRETER, "/bin/none", ROLE_INTERPRETER },
	{ "/bin/of-plain", EACCES, STAGE_INTERPRETER, "/bin/plain", ROLE_INTERPRETER },
	{ "/bin/text", ENOEXEC, STAGE_FORMAT, "/bin/text", ROLE_PROGRAM },
	{ "/bin/arm", ENOEXEC, STAGE_FORMAT, "/bin/arm", ROLE_PROGRAM },
	{ "/bin/x.handled", ENOENT, STAGE_INTERPRETER, "/bin/handler", ROLE_HANDLER },
	{ "/bin/arm.handled", ENOENT, STAGE_INTERPRETER, "/bin/handler", ROLE_HANDLER },
	{ "/bin/far", EAGAIN, STAGE_LOOKUP, "/bin/far", ROLE_PROGRAM },
	{ "", EAGAIN, STAGE_LOOKUP, "", ROLE_PROGRAM },
};

static void test_trials(void **state)
{
	struct room *room = *state;

	for (size_t i = 0; i < COUNT(attempts); i++) {
		const struct attempt *a = &attempts[i];
		const struct trial *trial;

		room->event.path = (struct bytes){ a->path, strlen(a->path) };
		room->event.ret = -EACCES;
		begin(room, attempts_files, VIEW_CALLER);
		trial = facts_try(&room->facts);
		if (trial->error != a->error)
			print_error("%s: %s\n", a->path, strerror(trial->error));
		assert_int_equal(trial->error, a->error);
		assert_int_equal(trial->stage, a->stage);
		assert_int_equal(trial->at->role, a->role);
		assert_bytes_at(trial->at->name, a->at, strlen(a->at), __FILE__, __LINE__);
		end(room);
	}
}

static void test_loaders(void **state)
{
	static const struct {
		struct world_file loader;
		int error;
	} examples[] = {
		{ { ELF_LOADER, 0755, "short" }, EIO },
		{ { ELF_LOADER, 0755,
		    BYTES_OF("text, and longer than the header of an ELF file, which has 64 bytes.") },
		  ELIBBAD },
		{ { ELF_LOADER, 0755, BYTES_OF(ELF_HEADER(ELF_DYN, ELF_AARCH64, "\1")) }, ELIBBAD },
		{ { ELF_LOADER, 0644, BYTES_OF(ELF_GOOD) }, EACCES },
		{ { "/other", 0755, "" }, ENOENT },
	};
	struct room *room = *state;

	room->event.path = B("/bin/dynamic");
	room->event.ret = -EACCES;
	for (size_t i = 0; i < COUNT(examples); i++) {
		struct world_file files[] = { { "/bin/dynamic", 0755, BYTES_OF(ELF_DYNAMIC) }, examples[i].loader, {} };

		begin(room, files, VIEW_CALLER);
		assert_int_equal(facts_try(&room->facts)->error, examples[i].error);
		assert_int_equal(facts_try(&room->facts)->stage, STAGE_INTERPRETER);
		assert_int_equal(facts_image(&room->facts)->role, ROLE_PROGRAM);
		end(room);
	}
}

static void test_without_a_view(void **state)
{
	struct room *room = *state;
	uint64_t size;
	char byte;

	room->event.path = B("/bin/good");
	begin(room, attempts_files, VIEW_NOTHING);
	assert_int_equal(facts_try(&room->facts)->error, EAGAIN);
	assert_int_equal(facts_obstacle(&room->facts, room->facts.program), OBSTACLE_UNSEEN);
	assert_null(facts_look(&room->facts, room->facts.program));
	assert_null(facts_head(&room->facts, room->facts.program).p);
	assert_false(facts_size(&room->facts, room->facts.program, &size));
	assert_int_equal(facts_read(&room->facts, room->facts.program, 0, &byte, 1), -1);
	facts_settle(&room->facts);
	assert_false(room->facts.settled);
	assert_ptr_equal(facts_image(&room->facts), room->facts.program);
	end(room);
}

static void test_settle(void **state)
{
	struct room *room = *state;

	room->event.path = B("/bin/lost");
	room->event.ret = -ENOENT;
	begin(room, attempts_files, VIEW_CALLER);
	facts_settle(&room->facts);
	assert_true(room->facts.settled);
	assert_int_equal(room->facts.stage, STAGE_INTERPRETER);
	assert_bytes(room->facts.at->name, "/bin/none");
	end(room);
	/* what does not explain the error, explains nothing */
	room->event.ret = -ENOEXEC;
	begin(room, attempts_files, VIEW_CALLER);
	facts_settle(&room->facts);
	assert_false(room->facts.settled);
	end(room);
	/* the kernel has said it */
	room->event.ret = -ENOENT;
	room->event.seen = SEEN_HOOKS;
	room->event.stage = STAGE_LOOKUP;
	begin(room, attempts_files, VIEW_CALLER);
	facts_settle(&room->facts);
	assert_false(room->facts.settled);
	end(room);
}

/* --- what the kernel says --- */

static void test_places(void **state)
{
	static const struct {
		enum stage stage;
		uint32_t seen;
		uint32_t level;
		enum record_step step;
		int error;
		struct bytes head;
		enum role role;
		const char *asker; /* NULL: the caller; "": not known */
		bool own_head;
	} examples[] = {
		{ STAGE_LOOKUP, 0, 0, STEP_OPEN_PROGRAM, ENOENT, {}, ROLE_PROGRAM, NULL, false },
		{ STAGE_FORMAT, SEEN_EXEC, 0, 0, ENOEXEC, { "x", 1 }, ROLE_PROGRAM, NULL, true },
		{ STAGE_INTERPRETER,
		  SEEN_SCRIPT,
		  1,
		  STEP_OPEN_INTERPRETER,
		  ENOENT,
		  { "#!/i", 4 },
		  ROLE_INTERPRETER,
		  "/p",
		  false },
		{ STAGE_INTERPRETER,
		  SEEN_SCRIPT,
		  2,
		  STEP_OPEN_INTERPRETER,
		  ENOENT,
		  { "#!/i", 4 },
		  ROLE_INTERPRETER,
		  "",
		  false },
		{ STAGE_INTERPRETER,
		  SEEN_EXEC,
		  0,
		  STEP_OPEN_INTERPRETER,
		  ENOENT,
		  { "\x7f"
		    "ELF",
		    4 },
		  ROLE_LOADER,
		  "/p",
		  false },
		{ STAGE_INTERPRETER,
		  SEEN_SCRIPT,
		  1,
		  STEP_OPEN_INTERPRETER,
		  ENOENT,
		  { "\x7f"
		    "ELF",
		    4 },
		  ROLE_LOADER,
		  "",
		  false },
		{ STAGE_INTERPRETER,
		  SEEN_SCRIPT,
		  1,
		  STEP_OPEN_INTERPRETER,
		  ENOENT,
		  { "data", 4 },
		  ROLE_HANDLER,
		  "/p",
		  false },
		{ STAGE_INTERPRETER, SEEN_SCRIPT, 1, STEP_OPEN_INTERPRETER, ENOENT, {}, ROLE_INTERPRETER, "/p", false },
		{ STAGE_INTERPRETER, SEEN_EXEC, 0, STEP_OPEN_INTERPRETER, ENOENT, {}, ROLE_LOADER, "/p", false },
		{ STAGE_INTERPRETER, SEEN_SCRIPT, 1, STEP_NONE, ENOENT, { "#!/i", 4 }, ROLE_INTERPRETER, "/p", false },
		{ STAGE_INTERPRETER, SEEN_SCRIPT, 1, STEP_NONE, ENOEXEC, { "text", 4 }, ROLE_INTERPRETER, "/p", true },
		{ STAGE_INTERPRETER,
		  SEEN_EXEC,
		  0,
		  STEP_NONE,
		  ELIBBAD,
		  { "\x7f"
		    "ELF",
		    4 },
		  ROLE_LOADER,
		  "/p",
		  false },
		{ STAGE_INTERPRETER, SEEN_EXEC, 0, STEP_NONE, ENOENT, { "#!/i", 4 }, ROLE_PROGRAM, NULL, true },
		{ STAGE_COMMIT,
		  SEEN_EXEC,
		  0,
		  STEP_NONE,
		  ENOMEM,
		  { "\x7f"
		    "ELF",
		    4 },
		  ROLE_PROGRAM,
		  NULL,
		  true },
		{ STAGE_COMMIT,
		  SEEN_SCRIPT,
		  1,
		  STEP_NONE,
		  ENOMEM,
		  { "\x7f"
		    "ELF",
		    4 },
		  ROLE_INTERPRETER,
		  "/p",
		  true },
		{ STAGE_SECURITY, SEEN_EXEC, 0, STEP_LSM_CREDS, EACCES, {}, ROLE_PROGRAM, NULL, false },
	};
	struct room *room = *state;

	for (size_t i = 0; i < COUNT(examples); i++) {
		const struct subject *at;

		room->event.path = B("/p");
		room->event.interpreter = B("/i");
		room->event.stage = examples[i].stage;
		room->event.seen = SEEN_HOOKS | examples[i].seen;
		room->event.level = examples[i].level;
		room->event.step = examples[i].step;
		room->event.ret = -examples[i].error;
		room->event.head = examples[i].head;
		begin(room, NULL, VIEW_NOTHING);
		at = room->facts.at;
		if (at->role != examples[i].role)
			print_error("example %zu\n", i);
		assert_int_equal(at->role, examples[i].role);
		assert_int_equal(at->head_asked, examples[i].own_head);
		assert_int_equal(!at->asker, !examples[i].asker);
		if (examples[i].asker)
			assert_int_equal(!at->asker->name.p, !*examples[i].asker);
		end(room);
	}
}

/* --- ELF files --- */

static enum image_fault check(struct room *room, const char *image, size_t n, size_t size)
{
	struct world_file files[] = { { "/bin/x", 0755, image, n, size }, {} };
	enum image_fault fault;
	struct bytes loader;

	room->event.path = B("/bin/x");
	begin(room, files, VIEW_CALLER);
	fault = image_check(&room->facts, room->facts.program, &loader);
	end(room);
	return fault;
}

#define CHECK(room, image) check(room, image, sizeof(image) - 1, 0)

static void test_images(void **state)
{
	struct room *room = *state;

	assert_int_equal(CHECK(room, ELF_GOOD), IMAGE_FINE);
	assert_int_equal(CHECK(room, ELF_DYNAMIC), IMAGE_FINE);
	assert_int_equal(CHECK(room, "#!/bin/sh\n"), IMAGE_UNSEEN);
	assert_int_equal(CHECK(room, ELF_HEADER(ELF_REL, ELF_X86_64, "\0")), IMAGE_OBJECT);
	assert_int_equal(CHECK(room, ELF_HEADER(ELF_CORE, ELF_X86_64, "\1")), IMAGE_CORE);
	assert_int_equal(CHECK(room, ELF_HEADER("\x77\0", ELF_X86_64, "\1")), IMAGE_OTHER_TYPE);
	assert_int_equal(CHECK(room, ELF_HEADER(ELF_EXEC, ELF_AARCH64, "\1")), IMAGE_OTHER_MACHINE);
	assert_int_equal(CHECK(room, ELF_HEADER(ELF_EXEC, ELF_X86_64, "\0")), IMAGE_BAD_TABLE);
	assert_int_equal(CHECK(room, ELF_HEADER(ELF_EXEC, ELF_X86_64, "\1")), IMAGE_TRUNCATED);
	assert_int_equal(check(room, ELF_GOOD, 40, 0), IMAGE_TRUNCATED);
	assert_int_equal(check(room, ELF_GOOD, 20, 0), IMAGE_TRUNCATED);
	assert_int_equal(check(room, ELF_GOOD, 5, 0), IMAGE_TRUNCATED);
	/* the loader's name: cut, without its end, too short */
	assert_int_equal(check(room, ELF_DYNAMIC, 180, 0), IMAGE_LOADER_NAME_CUT);
	assert_int_equal(CHECK(room, ELF_HEADER(ELF_DYN, ELF_X86_64, "\1") ELF_SEGMENT(
					     "\3", "\4", N64("\0\0"), N64("\0\0"), N64("\7\0"), N64("\7\0"))),
			 IMAGE_BAD_LOADER_NAME);
	assert_int_equal(CHECK(room, ELF_HEADER(ELF_DYN, ELF_X86_64, "\1") ELF_SEGMENT(
					     "\3", "\4", N64("\x8\0"), N64("\0\0"), N64("\1\0"), N64("\1\0"))),
			 IMAGE_BAD_LOADER_NAME);
	assert_int_equal(CHECK(room, ELF_HEADER(ELF_DYN, ELF_X86_64, "\1") ELF_SEGMENT(
					     "\3", "\4", N64("\0\0"), N64("\0\0"), N64("\1\x10"), N64("\1\0"))),
			 IMAGE_BAD_LOADER_NAME);
	assert_int_equal(image_error(IMAGE_FINE), 0);
	assert_int_equal(image_error(IMAGE_UNSEEN), EAGAIN);
	assert_int_equal(image_error(IMAGE_LOADER_NAME_CUT), EIO);
	assert_int_equal(image_error(IMAGE_TRUNCATED), ENOEXEC);
}

static int commit(struct room *room, const char *image, size_t n, const struct world_text *texts)
{
	struct world_file files[] = { { "/bin/x", 0755, image, n }, {} };
	int error;

	room->event.path = B("/bin/x");
	begin(room, files, VIEW_SELF);
	room->world.texts = texts;
	error = commit_try(&room->facts);
	end(room);
	return error;
}

#define SEGMENT(address, file_size, memory_size)                                                                       \
	BYTES_OF(ELF_HEADER(ELF_EXEC, ELF_X86_64, "\1") ELF_LOAD(address, file_size, memory_size))

static void test_commits(void **state)
{
	static const struct world_text small[] = { { "proc:meminfo", "MemTotal: 4 kB\n" }, {} };
	static const struct world_text over[] = { { "proc:meminfo", "MemTotal: 4 kB\n" },
						  { "proc:sys/vm/overcommit_memory", "1\n" },
						  {} };
	static const struct world_text limit[] = {
		{ "process:limits", "Max address space     4096    unlimited   bytes\n" }, {}
	};
	struct room *room = *state;

	assert_int_equal(commit(room, SEGMENT(ELF_BASE, N64("\0\x10"), N64("\0\x10")), NULL), 0);
	assert_int_equal(commit(room, SEGMENT(ELF_BASE, N64("\0\x10"), N64("\0\x08")), NULL), EINVAL);
	assert_int_equal(commit(room, SEGMENT("\0\0\0\0\0\0\0\xff", N64("\0\x10"), N64("\0\x10")), NULL), ENOMEM);
	assert_int_equal(commit(room, SEGMENT("\0\0\0\0\0\0\0\xff", N64("\0\x10"), "\0\0\0\0\0\0\0\xff"), NULL),
			 ENOMEM);
	assert_int_equal(commit(room, SEGMENT(N64("\0\0"), N64("\0\x10"), N64("\0\x10")), NULL), EPERM);
	assert_int_equal(commit(room, SEGMENT(ELF_BASE, N64("\0\x10"), N64("\0\x20")), small), ENOMEM);
	assert_int_equal(commit(room, SEGMENT(ELF_BASE, N64("\0\x10"), N64("\0\x20")), over), 0);
	assert_int_equal(commit(room, SEGMENT(ELF_BASE, N64("\0\x10"), N64("\0\x20")), limit), ENOMEM);
	room->event.euid = 0;
	assert_int_equal(commit(room, SEGMENT(N64("\0\0"), N64("\0\x10"), N64("\0\x10")), NULL), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_trials), TEST(test_loaders), TEST(test_without_a_view), TEST(test_settle),
		TEST(test_places), TEST(test_images),  TEST(test_commits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
