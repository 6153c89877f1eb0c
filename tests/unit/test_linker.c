// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <elf.h>

#include "look/linker.h"

static const struct elf_header x86_64 = { .complete = true, .bits = 64, .machine = EM_X86_64 };

static void test_kinds(void **state)
{
	(void)state;
	assert_int_equal(linker_kind_of(B("/lib64/ld-linux-x86-64.so.2")), LINKER_GLIBC);
	assert_int_equal(linker_kind_of(B("/nix/store/abc-glibc-2.38/lib/ld-linux-aarch64.so.1")), LINKER_GLIBC);
	assert_int_equal(linker_kind_of(B("/lib/ld64.so.1")), LINKER_GLIBC);
	assert_int_equal(linker_kind_of(B("/lib/ld-musl-x86_64.so.1")), LINKER_MUSL);
	assert_int_equal(linker_kind_of(B("/system/bin/linker64")), LINKER_OTHER);
}

static void test_glibc(void **state)
{
	static const char image[] =
		"\x7f"
		"ELF\2\0/no/such\0/usr/share/lib.txt\0\0\0\0/lib/x86_64-linux-gnu/\0/usr/lib/x86_64-linux-gnu/\0"
		"/lib/\0/usr/lib/\0\0/tmp/lib/\0/etc/ld.so.cache\0";
	struct linker linker;

	linker_parse(&linker, *state, B("/lib64/ld-linux-x86-64.so.2"), B(image), &x86_64);
	assert_int_equal(linker.n_directories, 4);
	assert_bytes(linker.directories[0], "/lib/x86_64-linux-gnu");
	assert_bytes(linker.directories[3], "/usr/lib");
	assert_string_equal(linker.lib, "lib/x86_64-linux-gnu");
	assert_bytes(linker.cache, "/etc/ld.so.cache");

	linker_parse(&linker, *state, B("/nix/ld-linux-x86-64.so.2"),
		     B("\0/nix/store/x-glibc/lib/\0/nix/store/x-glibc/etc/ld.so.cache"), &x86_64);
	assert_int_equal(linker.n_directories, 1);
	assert_bytes(linker.directories[0], "/nix/store/x-glibc/lib");
	assert_bytes(linker.cache, "/nix/store/x-glibc/etc/ld.so.cache");
	assert_string_equal(linker.lib, "lib");

	/* of one that cannot be read, what most have */
	linker_parse(&linker, *state, B("/lib64/ld-linux-x86-64.so.2"), (struct bytes){}, &x86_64);
	assert_int_equal(linker.n_directories, 6);
	assert_bytes(linker.directories[1], "/usr/lib/x86_64-linux-gnu");
	assert_bytes(linker.directories[3], "/usr/lib64");
	assert_bytes(linker.cache, "/etc/ld.so.cache");
}

static void test_musl(void **state)
{
	struct linker linker;

	linker_parse(&linker, *state, B("/lib/ld-musl-aarch64.so.1"), (struct bytes){}, &x86_64);
	assert_null(linker.cache.p);
	assert_bytes(linker.config, "/etc/ld-musl-aarch64.path");
	assert_int_equal(linker.n_directories, 3);
	assert_bytes(linker.directories[1], "/usr/local/lib");
	linker_configure(&linker, *state, B("/opt/lib:/lib\n\n/usr/lib/\n"));
	assert_int_equal(linker.n_directories, 3);
	assert_bytes(linker.directories[0], "/opt/lib");
	assert_bytes(linker.directories[2], "/usr/lib");
	linker_parse(&linker, *state, B("/opt/cross/lib/ld-musl-arm.so.1"), (struct bytes){}, &x86_64);
	assert_bytes(linker.config, "/opt/cross/etc/ld-musl-arm.path");
}

/* Two entries of one name, as of a machine with libraries for 32 bits as well. */
#define U32(low) low "\0\0\0"
#define ENTRY(key, value) U32("\3") U32(key) U32(value) U32("\0") "\0\0\0\0\0\0\0\0"
#define CACHE                                                                                                          \
	"glibc-ld.so.cache1.1" U32("\3") U32("\x40") "\2\0\0\0" U32("\0") U32("\0") U32("\0") U32("\0")                \
		ENTRY("\x78", "\x84") ENTRY("\x9e", "\xaa") ENTRY(                                                     \
			"\x9e",                                                                                        \
			"\x84") "libfoo.so.1\0/lib/libfoo.so.1\0\0\0\0\0\0\0\0\0\0libbar.so.1\0/usr/lib/libbar.so.1\0"

static void test_cache(void **state)
{
	size_t at = 0;

	(void)state;
	assert_bytes(linker_cached(&x86_64, B(CACHE), B("libfoo.so.1"), &at), "/lib/libfoo.so.1");
	assert_null(linker_cached(&x86_64, B(CACHE), B("libfoo.so.1"), &at).p);
	at = 0;
	assert_bytes(linker_cached(&x86_64, B(CACHE), B("libbar.so.1"), &at), "/usr/lib/libbar.so.1");
	assert_bytes(linker_cached(&x86_64, B(CACHE), B("libbar.so.1"), &at), "/lib/libfoo.so.1");
	/* behind the older form, which has one entry of 12 bytes here */
	at = 0;
	assert_bytes(
		linker_cached(&x86_64, B("ld.so-1.7.0\0\1\0\0\0ABCDEFGHIJKL\0\0\0\0" CACHE), B("libfoo.so.1"), &at),
		"/lib/libfoo.so.1");
}

static void test_cache_cut(void **state)
{
	struct bytes whole = B("ld.so-1.7.0\0\1\0\0\0ABCDEFGHIJKL\0\0\0\0" CACHE);

	(void)state;
	for (size_t n = 0; n < whole.n; n++) {
		char *copy = malloc(n + 1);
		size_t at = 0;

		memcpy(copy, whole.p, n);
		while (linker_cached(&x86_64, (struct bytes){ copy, n }, B("libbar.so.1"), &at).p)
			;
		free(copy);
	}
	assert_null(linker_cached(&x86_64, B("something else"), B("x"), &(size_t){ 0 }).p);
}

int main(void)
{
	struct arena *arena = arena_new();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds),
		cmocka_unit_test_prestate(test_glibc, arena),
		cmocka_unit_test_prestate(test_musl, arena),
		cmocka_unit_test(test_cache),
		cmocka_unit_test(test_cache_cut),
	};
	int status = cmocka_run_group_tests(tests, NULL, NULL);

	arena_free(arena);
	return status;
}
