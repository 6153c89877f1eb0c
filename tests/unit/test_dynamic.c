// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <errno.h>

#include "elf_build.h"
#include "look/dynamic.h"

struct part {
	struct bytes file;
	bool error;
};

static ssize_t read_part(void *context, uint64_t at, void *to, size_t size)
{
	const struct part *part = context;
	struct bytes rest = bytes_after(part->file, at > part->file.n ? part->file.n : (size_t)at);

	if (part->error)
		return -EIO;
	rest = bytes_first(rest, size);
	memcpy(to, rest.p, rest.n);
	return (ssize_t)rest.n;
}

static struct dynamic read_bytes(struct arena *arena, struct bytes file)
{
	struct part part = { file, false };
	struct dynamic dynamic;

	dynamic_read(&dynamic, arena, &(struct dynamic_source){ read_part, &part });
	return dynamic;
}

static struct dynamic read_plan(struct arena *arena, const struct elf_plan *plan)
{
	struct elf_image image;

	elf_build(&image, plan);
	return read_bytes(arena, (struct bytes){ image.p, sizeof(image.p) });
}

static void test_all(void **state)
{
	struct arena *arena = *state;
	struct dynamic d = read_plan(arena, &(struct elf_plan){
						    .interpreter = "/lib64/ld-linux-x86-64.so.2",
						    .needed = { "libfoo.so.1", "libc.so.6" },
						    .runpath = "$ORIGIN/../lib",
						    .rpath = "/ignored",
						    .flags = 0x08000800,
						    .asks = "libc.so.6",
						    .wants = { "GLIBC_2.2.5", "GLIBC_2.38" },
						    .isa = 4,
					    });

	assert_int_equal(d.state, DYNAMIC_FINE);
	assert_int_equal(d.n_needed, 2);
	assert_bytes(d.needed[0], "libfoo.so.1");
	assert_bytes(d.needed[1], "libc.so.6");
	assert_bytes(d.runpath, "$ORIGIN/../lib");
	assert_null(d.rpath.p);
	assert_null(d.soname.p);
	assert_true(d.no_default && d.is_position_independent && d.has_interpreter && dynamic_is_program(&d));
	assert_int_equal(d.n_needs, 2);
	assert_bytes(d.needs[1].file, "libc.so.6");
	assert_bytes(d.needs[1].version, "GLIBC_2.38");
	assert_false(d.needs[1].weak || d.versions_known);
	assert_int_equal(d.isa, 4);
}

static void test_library(void **state)
{
	struct dynamic d = read_plan(*state, &(struct elf_plan){ .soname = "libfoo.so.1",
								 .rpath = "/opt/lib",
								 .has = { "libfoo.so.1", "FOO_1", "FOO_2" },
								 .asks = "libbar.so.1",
								 .wants = { "BAR_1" },
								 .weak = true });

	assert_false(dynamic_is_program(&d));
	assert_bytes(d.soname, "libfoo.so.1");
	assert_bytes(d.rpath, "/opt/lib");
	assert_true(d.versions_known);
	assert_int_equal(d.n_versions, 3);
	assert_bytes(d.versions[2], "FOO_2");
	assert_true(d.needs[0].weak);
	assert_int_equal(d.n_needed, 0);
}

static void test_states(void **state)
{
	struct elf_image image;
	struct part broken = { .error = true };
	struct dynamic d;

	elf_build(&image, &(struct elf_plan){ .soname = "x" });
	assert_int_equal(read_bytes(*state, B("")).state, DYNAMIC_EMPTY);
	assert_int_equal(read_bytes(*state, B("INPUT(-lfoo)\n")).state, DYNAMIC_NO_ELF);
	assert_int_equal(read_bytes(*state, (struct bytes){ image.p, 40 }).state, DYNAMIC_SHORT);
	assert_int_equal(read_bytes(*state, (struct bytes){ image.p, 100 }).state, DYNAMIC_SHORT);
	dynamic_read(&d, *state, &(struct dynamic_source){ read_part, &broken });
	assert_int_equal(d.state, DYNAMIC_UNREADABLE);
	((Elf64_Ehdr *)(void *)image.p)->e_type = ET_REL;
	assert_int_equal(read_bytes(*state, (struct bytes){ image.p, sizeof(image.p) }).state, DYNAMIC_TYPE);
	((Elf64_Ehdr *)(void *)image.p)->e_type = ET_EXEC;
	((Elf64_Ehdr *)(void *)image.p)->e_phnum = 1;
	d = read_bytes(*state, (struct bytes){ image.p, sizeof(image.p) });
	assert_int_equal(d.state, DYNAMIC_STATIC);
	assert_true(dynamic_is_program(&d));
}

/* Whichever byte is wrong, or wherever the file ends, nothing is read that is not there, and it comes to an end. */
static void test_spoilt(void **state)
{
	struct elf_image image;

	(void)state;
	elf_build(&image, &(struct elf_plan){ .needed = { "liba.so" },
					      .asks = "liba.so",
					      .wants = { "A_1", "A_2" },
					      .has = { "B_1", "B_2" },
					      .isa = 2 });
	for (size_t i = 0; i < image.n; i++) {
		struct arena *arena = arena_new();
		char old = image.p[i];

		image.p[i] = (char)0xff;
		read_bytes(arena, (struct bytes){ image.p, sizeof(image.p) });
		image.p[i] = old;
		read_bytes(arena, (struct bytes){ image.p, i });
		arena_free(arena);
	}
}

int main(void)
{
	struct arena *arena = arena_new();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(test_all, arena),
		cmocka_unit_test_prestate(test_library, arena),
		cmocka_unit_test_prestate(test_states, arena),
		cmocka_unit_test_prestate(test_spoilt, arena),
	};
	int status = cmocka_run_group_tests(tests, NULL, NULL);

	arena_free(arena);
	return status;
}
