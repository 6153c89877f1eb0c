// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include "look/search.h"
#include "world.h"

static const struct world_file files[] = {
	{ "/usr/bin/nginx", 0755 },  { "/usr/bin/python3", 0755 },        { "/usr/bin/notes.txt", 0644 },
	{ "/usr/bin/secret", 0700 }, { "/usr/bin/folder/x", 0755 },       { "/opt/bin/tool", 0644 },
	{ "/opt/bin/nginy", 0644 },  { "/far/x", 0755, .error = EAGAIN }, {},
};

struct search {
	struct world world;
	struct credentials credentials;
	struct caller caller;
	struct look_how how;
};

static void begin(struct search *s, struct arena *arena)
{
	*s = (struct search){
		.world.files = files,
		.credentials = { .uid = 1000, .gid = 5, .groups_known = true, .capabilities_known = true },
		.caller = { .cwd = B("/opt") },
	};
	s->how = (struct look_how){
		.view = world_view(&s->world, arena, VIEW_CALLER),
		.credentials = &s->credentials,
		.follow = true,
		.permissions = true,
	};
}

static enum search_result find(struct search *s, const char *path, const char *name, struct bytes *found)
{
	return search_path(&s->how, &s->caller, bytes_of(path), bytes_of(name), found);
}

static void test_path(void **state)
{
	struct search s;
	struct bytes found;

	begin(&s, *state);
	assert_int_equal(find(&s, "/opt/bin:/usr/bin", "nginx", &found), SEARCH_PROGRAM);
	assert_bytes(found, "/usr/bin/nginx");
	assert_int_equal(find(&s, "/opt/bin:/usr/bin", "tool", &found), SEARCH_REFUSED);
	assert_bytes(found, "/opt/bin/tool");
	assert_int_equal(find(&s, "/usr/bin", "secret", &found), SEARCH_REFUSED);
	assert_int_equal(find(&s, "/opt/bin:/usr/bin", "folder", &found), SEARCH_NOTHING);
	assert_null(found.p);
	assert_int_equal(find(&s, "/none", "nginx", &found), SEARCH_NOTHING);
	assert_int_equal(find(&s, "/far:/usr/bin", "x", &found), SEARCH_UNSEEN);
	assert_null(found.p);
	assert_int_equal(find(&s, "/none:bin", "tool", &found), SEARCH_REFUSED);
	assert_bytes(found, "bin/tool");
	assert_int_equal(find(&s, "/none", "bin/tool", &found), SEARCH_REFUSED);
	assert_int_equal(find(&s, "/none", "/usr/bin/nginx", &found), SEARCH_PROGRAM);
	view_close(s.how.view);
}

static void test_nearest(void **state)
{
	struct search s;

	begin(&s, *state);
	assert_bytes(search_nearest(&s.how, &s.caller, B("/opt/bin:/usr/bin"), B("ngnix")), "nginx");
	assert_bytes(search_nearest(&s.how, &s.caller, B("/usr/bin"), B("python")), "python3");
	/* neither what is far, nor what is no program, nor what it may not execute */
	assert_null(search_nearest(&s.how, &s.caller, B("/usr/bin"), B("frobnicate")).p);
	assert_null(search_nearest(&s.how, &s.caller, B("/usr/bin"), B("notes.tx")).p);
	assert_null(search_nearest(&s.how, &s.caller, B("/usr/bin"), B("secrets")).p);
	assert_null(search_nearest(&s.how, &s.caller, B(""), B("nginx")).p);
	view_close(s.how.view);
}

static void assert_place(const char *path, const char *file, size_t from, size_t place, bool last)
{
	bool is_last = !last;

	assert_int_equal(search_place(bytes_of(path), bytes_of(file), from, &is_last), place);
	if (place)
		assert_int_equal(is_last, last);
	assert_int_equal(search_place(bytes_of(path), bytes_of(file), from, NULL), place);
}

static void test_place(void **state)
{
	(void)state;
	assert_place("/a:/b/:/c:/b", "/a/x", 1, 1, false);
	assert_place("/a:/b/:/c:/b", "/b//x", 1, 2, false);
	assert_place("/a:/b/:/c:/b", "/b/x", 3, 4, true);
	assert_place("/a:/b/:/c:/b", "/a/x", 2, 0, false);
	assert_place("/a:/b/:/c:/b", "/d/x", 1, 0, false);
	assert_place("/a:/", "/x", 1, 2, true);
	/* The working directory: libc tries the name alone, shells ./NAME. */
	assert_place("/a::/b", "x", 1, 2, false);
	assert_place("/a:", "./x", 1, 2, true);
	assert_place(".", "./x", 1, 1, true);
	assert_place(".", "x", 1, 0, false);
	assert_place("", "x", 1, 1, true);
	assert_place(NULL, "/a/x", 1, 0, false);
}

int main(void)
{
	struct arena *arena = arena_new();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(test_path, arena),
		cmocka_unit_test_prestate(test_nearest, arena),
		cmocka_unit_test(test_place),
	};
	int status = cmocka_run_group_tests(tests, NULL, NULL);

	arena_free(arena);
	return status;
}
