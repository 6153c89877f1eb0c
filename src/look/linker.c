// SPDX-License-Identifier: GPL-2.0-only
#include "look/linker.h"

#include <stdint.h>
#include <string.h>

enum { DIRECTORIES_MAX = 16 };

enum linker_kind linker_kind_of(struct bytes name)
{
	static const struct {
		const char *start;
		enum linker_kind kind;
	} kinds[] = {
		{ "ld-linux", LINKER_GLIBC }, { "ld64.so", LINKER_GLIBC }, { "ld.so", LINKER_GLIBC },
		{ "ld-lsb", LINKER_GLIBC },   { "ld-musl-", LINKER_MUSL },
	};
	struct bytes base = bytes_base(name);

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (bytes_begins(base, kinds[i].start))
			return kinds[i].kind;
	return LINKER_OTHER;
}

static void add_directory(struct linker *linker, struct arena *arena, struct bytes directory)
{
	if (!linker->directories)
		linker->directories = arena_alloc(arena, DIRECTORIES_MAX * sizeof(*linker->directories));
	while (directory.n > 1 && directory.p[directory.n - 1] == '/')
		directory.n--;
	if (linker->n_directories < DIRECTORIES_MAX)
		linker->directories[linker->n_directories++] = directory;
}

/* --- glibc: SYSTEM_DIRS of elf/dl-load.c, strings that follow one another, and SYSCONFDIR "/ld.so.cache" --- */

static bool is_directory(struct bytes string)
{
	if (string.n < 3 || string.p[0] != '/' || string.p[string.n - 1] != '/' ||
	    !memmem(string.p, string.n, "lib", 3))
		return false;
	for (size_t i = 0; i < string.n; i++)
		if (string.p[i] <= ' ' || string.p[i] > '~')
			return false;
	return true;
}

static void find_in_image(struct linker *linker, struct arena *arena, struct bytes image)
{
	bool done = false;
	struct bytes string;

	while (image.n) {
		string = bytes_cut(&image, '\0');
		if (!linker->cache.p && string.n && string.p[0] == '/' && bytes_ends(string, "/ld.so.cache"))
			linker->cache = string;
		if (!done && is_directory(string))
			add_directory(linker, arena, string);
		else
			done = linker->n_directories;
	}
}

/* Where the image does not say. */
static void add_usual(struct linker *linker, struct arena *arena, const struct elf_header *header)
{
	static const struct {
		const char *machine, *directory;
	} triplets[] = {
		{ "x86_64", "x86_64-linux-gnu" },   { "i386", "i386-linux-gnu" },
		{ "aarch64", "aarch64-linux-gnu" }, { "arm", "arm-linux-gnueabihf" },
		{ "riscv64", "riscv64-linux-gnu" }, { "ppc64le", "powerpc64le-linux-gnu" },
		{ "s390x", "s390x-linux-gnu" },
	};
	const char *machine = elf_machine_name(arena, header);

	for (size_t i = 0; i < sizeof(triplets) / sizeof(triplets[0]); i++) {
		if (strcmp(triplets[i].machine, machine))
			continue;
		add_directory(linker, arena, bytes_of(arena_printf(arena, "/lib/%s", triplets[i].directory)));
		add_directory(linker, arena, bytes_of(arena_printf(arena, "/usr/lib/%s", triplets[i].directory)));
	}
	if (header->bits == 64) {
		add_directory(linker, arena, bytes_of("/lib64"));
		add_directory(linker, arena, bytes_of("/usr/lib64"));
	}
	add_directory(linker, arena, bytes_of("/lib"));
	add_directory(linker, arena, bytes_of("/usr/lib"));
}

/* DL_DST_LIB, which is not written as such: the first of its directories from /lib on. */
static const char *lib_of(struct arena *arena, struct bytes directory)
{
	const char *at = memmem(directory.p, directory.n, "/lib", 4);

	return at ? arena_copy(arena, at + 1, directory.n - (size_t)(at + 1 - directory.p)) : "lib";
}

static void parse_glibc(struct linker *linker, struct arena *arena, struct bytes image, const struct elf_header *header)
{
	find_in_image(linker, arena, image);
	linker->legacy = image.n && memmem(image.p, image.n, "avx512_1", strlen("avx512_1") + 1);
	if (!linker->n_directories)
		add_usual(linker, arena, header);
	if (!linker->cache.p)
		linker->cache = bytes_of("/etc/ld.so.cache");
	linker->lib = lib_of(arena, linker->directories[0]);
}

/* --- musl: ldso/dynlink.c --- */

static void parse_musl(struct linker *linker, struct arena *arena, struct bytes name)
{
	struct bytes base = bytes_after(bytes_base(name), strlen("ld-musl-"));
	struct bytes prefix = bytes_first(name, name.n - bytes_base(name).n);

	/* "/lib/" of the loader's own path, and what is before that is before all. */
	prefix =
		bytes_ends(prefix, "/lib/") ? bytes_first(prefix, prefix.n - strlen("/lib/")) : (struct bytes){ "", 0 };
	linker->config = bytes_of(arena_printf(arena, "%.*s/etc/ld-musl-%.*s.path", (int)prefix.n, prefix.p,
					       (int)bytes_find(base, '.'), base.p));
	linker_configure(linker, arena, bytes_of("/lib:/usr/local/lib:/usr/lib"));
	linker->lib = "lib";
}

void linker_configure(struct linker *linker, struct arena *arena, struct bytes text)
{
	struct bytes line, directory;

	linker->n_directories = 0;
	while (text.n) {
		line = bytes_cut(&text, '\n');
		while (line.n) {
			directory = bytes_cut(&line, ':');
			if (directory.n)
				add_directory(linker, arena, directory);
		}
	}
}

void linker_parse(struct linker *linker, struct arena *arena, struct bytes name, struct bytes image,
		  const struct elf_header *header)
{
	*linker = (struct linker){ .kind = linker_kind_of(name), .lib = "lib" };
	if (linker->kind == LINKER_GLIBC)
		parse_glibc(linker, arena, image, header);
	else if (linker->kind == LINKER_MUSL)
		parse_musl(linker, arena, name);
}

/* --- ld.so.cache: struct cache_file_new of sysdeps/generic/dl-cache.h --- */

enum {
	OLD_HEADER = 16, /* "ld.so-1.7.0", and a number of entries */
	OLD_ENTRY = 12,
	NEW_HEADER = 48,
	NEW_ENTRY = 24,
	AT_ENTRIES = 20, /* their number, behind magic and version */
	AT_KEY = 4, /* in an entry, where its name is, from the header on; and behind it where its path is */
	AT_VALUE = 8,
};

/* What is behind the older form, which a file may begin with. */
static struct bytes newer_form(const struct elf_header *header, struct bytes cache)
{
	uint64_t entries;

	if (!bytes_begins(cache, "ld.so-1.7.0") || cache.n < OLD_HEADER)
		return cache;
	entries = elf_number(header, cache.p + OLD_HEADER - 4, 4);
	return bytes_after(cache, (size_t)(OLD_HEADER + entries * OLD_ENTRY + 7) / 8 * 8);
}

static struct bytes string_at(const struct elf_header *header, struct bytes cache, const char *where)
{
	struct bytes rest = bytes_after(cache, (size_t)elf_number(header, where, 4));

	return bytes_first(rest, bytes_find(rest, '\0'));
}

struct bytes linker_cached(const struct elf_header *header, struct bytes cache, struct bytes name, size_t *at)
{
	uint64_t entries;

	cache = newer_form(header, cache);
	if (!bytes_begins(cache, "glibc-ld.so.cache1.1") || cache.n < NEW_HEADER)
		return (struct bytes){};
	entries = elf_number(header, cache.p + AT_ENTRIES, 4);
	while (*at < entries && *at < (cache.n - NEW_HEADER) / NEW_ENTRY) {
		const char *entry = cache.p + NEW_HEADER + NEW_ENTRY * (*at)++;

		if (bytes_same(string_at(header, cache, entry + AT_KEY), name))
			return string_at(header, cache, entry + AT_VALUE);
	}
	return (struct bytes){};
}
