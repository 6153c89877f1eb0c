// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <elf.h>

#include "elf_bytes.h"
#include "look/elffile.h"

static void test_header(void **state)
{
	struct elf_segment segment;
	struct elf_header header;

	(void)state;
	assert_true(elf_header_parse(B(ELF_DYNAMIC), &header));
	assert_true(header.complete);
	assert_int_equal(header.bits, 64);
	assert_false(header.big_endian);
	assert_int_equal(header.type, ET_DYN);
	assert_int_equal(header.machine, EM_X86_64);
	assert_int_equal(header.entries, 2);
	assert_int_equal(header.table, 64);
	assert_true(elf_table_fits(&header));
	assert_true(elf_segment_parse(&header, (struct bytes){ &ELF_DYNAMIC[64], 112 }, 1, &segment));
	assert_int_equal(segment.type, PT_INTERP);
	assert_int_equal(segment.offset, 0xb0);
	assert_int_equal(segment.file_size, sizeof(ELF_LOADER));
	assert_false(elf_segment_parse(&header, (struct bytes){ &ELF_DYNAMIC[64], 111 }, 1, &segment));
	assert_false(elf_segment_parse(&header, (struct bytes){ &ELF_DYNAMIC[64], 300 }, 2, &segment));
}

static void test_big_endian_32(void **state)
{
	static const char image[] = "\x7f"
				    "ELF\1\2\1\0\0\0\0\0\0\0\0\0"
				    "\0\2\0\x14"
				    "\0\0\0\1"
				    "\x10\0\0\0"
				    "\0\0\0\x34"
				    "\0\0\0\0"
				    "\0\0\0\0"
				    "\0\x34"
				    "\0\x20"
				    "\0\1"
				    "\0\0\0\0\0\0"
				    "\0\0\0\1"
				    "\0\0\0\0"
				    "\x10\0\0\0"
				    "\x10\0\0\0"
				    "\0\0\0\x54"
				    "\0\0\1\0"
				    "\0\0\0\5"
				    "\0\0\x10\0";
	struct elf_segment segment;
	struct elf_header header;

	assert_true(elf_header_parse(B(image), &header));
	assert_true(header.complete && header.big_endian);
	assert_int_equal(header.bits, 32);
	assert_int_equal(header.machine, EM_PPC);
	assert_true(elf_table_fits(&header));
	assert_true(elf_segment_parse(&header, (struct bytes){ image + 52, 32 }, 0, &segment));
	assert_int_equal(segment.address, 0x10000000);
	assert_int_equal(segment.file_size, 0x54);
	assert_int_equal(segment.memory_size, 0x100);
	assert_int_equal(segment.flags, 5);
	assert_string_equal(elf_machine_name(*state, &header), "ppc");
}

/* However much of it there is, nothing is read beyond. */
static void test_cut(void **state)
{
	static const char image[] = ELF_DYNAMIC;
	struct elf_header header;

	(void)state;
	for (size_t n = 0; n < sizeof(image); n++) {
		char *copy = malloc(n ? n : 1);

		memcpy(copy, image, n);
		assert_int_equal(elf_header_parse((struct bytes){ copy, n }, &header), n >= 4);
		assert_int_equal(header.complete, n >= 64);
		free(copy);
	}
}

static void test_nonsense(void **state)
{
	struct elf_header header;

	(void)state;
	assert_false(elf_header_parse(B("#!/bin/sh\n"), &header));
	assert_true(
		elf_header_parse(B("\x7f"
				   "ELF\7\7\1\0\0\0\0\0\0\0\0\0\2\0\x3e\0aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
				   "aaaa"),
				 &header));
	assert_int_equal(header.bits, 0);
	assert_false(header.complete);
	header = (struct elf_header){ .bits = 64, .entry_size = 56, .entries = 0xffff };
	assert_false(elf_table_fits(&header));
	header.entries = 0;
	assert_false(elf_table_fits(&header));
	header = (struct elf_header){ .bits = 64, .entry_size = 32, .entries = 1 };
	assert_false(elf_table_fits(&header));
}

static void test_machines(void **state)
{
	const struct elf_header x86_64 = { .bits = 64, .machine = EM_X86_64 },
				x32 = { .bits = 32, .machine = EM_X86_64 };
	const struct elf_header i386 = { .bits = 32, .machine = EM_386 }, arm64 = { .bits = 64, .machine = EM_AARCH64 };
	const struct elf_header broken = { .bits = 0, .machine = EM_X86_64 }, none = { .bits = 64, .machine = 4711 };
	const struct elf_header ppc64le = { .bits = 64, .machine = EM_PPC64 };

	assert_int_equal(elf_runs_on(&x86_64, "x86_64"), ELF_RUNS);
	assert_int_equal(elf_runs_on(&i386, "x86_64"), ELF_RUNS_MAYBE);
	assert_int_equal(elf_runs_on(&x32, "x86_64"), ELF_RUNS_MAYBE);
	assert_int_equal(elf_runs_on(&arm64, "x86_64"), ELF_RUNS_NOT);
	assert_int_equal(elf_runs_on(&broken, "x86_64"), ELF_RUNS_NOT);
	assert_int_equal(elf_runs_on(&none, "x86_64"), ELF_RUNS_NOT);
	assert_int_equal(elf_runs_on(&arm64, "aarch64"), ELF_RUNS);
	assert_int_equal(elf_runs_on(&ppc64le, "ppc64le"), ELF_RUNS);
	assert_int_equal(elf_runs_on(&ppc64le, "ppc64"), ELF_RUNS_NOT);
	assert_int_equal(elf_runs_on(&x86_64, "machine of the future"), ELF_RUNS_MAYBE);
	assert_string_equal(elf_machine_name(*state, &arm64), "aarch64");
	assert_string_equal(elf_machine_name(*state, &none), "machine 4711");
	assert_string_equal(elf_machine_name(*state, &broken), "machine 62");
}

static int setup(void **state)
{
	*state = arena_new();
	return 0;
}

static int teardown(void **state)
{
	arena_free(*state);
	return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_header), TEST(test_big_endian_32), TEST(test_cut), TEST(test_nonsense), TEST(test_machines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
