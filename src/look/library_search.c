// SPDX-License-Identifier: GPL-2.0-only
#include "look/library_search.h"

#include <elf.h>
#include <string.h>

#include "base/buffer.h"
#include "look/cpu.h"

enum {
	LOOKED_MAX = 64,
	IMAGE_MAX = 4 << 20, /* bytes of a loader */
	CACHE_MAX = 16 << 20, /* of ld.so.cache */
	CONFIG_MAX = 64 << 10,
};

/* --- the loader's own --- */

void library_linker(struct search *s, struct bytes name)
{
	struct libraries *l = s->libraries;
	struct linker *linker = &l->last.linker;
	struct bytes image = {}, text;

	if (bytes_same(l->last.name, name))
		return;
	l->last.name = (struct bytes){ arena_copy(l->arena, name.p, name.n), name.n };
	if (linker_kind_of(name) == LINKER_GLIBC)
		image = library_text(l, s->how, name, IMAGE_MAX);
	linker_parse(linker, l->arena, l->last.name, image, s->header);
	l->last.cache = linker->cache.p ? library_text(l, s->how, linker->cache, CACHE_MAX) : (struct bytes){};
	if (!linker->config.p)
		return;
	text = library_text(l, s->how, linker->config, CONFIG_MAX);
	if (text.p)
		linker_configure(linker, l->arena, text);
}

/* --- what a path means: _dl_dst_substitute() --- */

static struct bytes origin_of(struct bytes path)
{
	struct bytes directory = bytes_directory(path);

	return directory.n ? directory : bytes_of(".");
}

static struct bytes value_of(const struct search *s, struct bytes token, const struct loaded *owner)
{
	if (bytes_is(token, "ORIGIN"))
		return origin_of(owner->file->path);
	if (bytes_is(token, "LIB"))
		return bytes_of(s->libraries->last.linker.lib);
	if (bytes_is(token, "PLATFORM"))
		return bytes_of(s->platform);
	return (struct bytes){};
}

/* Cuts "$ORIGIN" or "${ORIGIN}" off the front, to which rest begins with a dollar; p NULL: it is no such token. */
static struct bytes cut_token(struct bytes *rest)
{
	struct bytes in = bytes_after(*rest, 1), token;
	bool braces = bytes_begins(in, "{");
	size_t n = 0;

	in = bytes_after(in, braces);
	while (n < in.n && in.p[n] >= 'A' && in.p[n] <= 'Z')
		n++;
	token = bytes_first(in, n);
	if (!n || (braces && (n == in.n || in.p[n] != '}')))
		return (struct bytes){};
	*rest = bytes_after(in, n + braces);
	return token;
}

static struct bytes expand(const struct search *s, struct bytes path, const struct loaded *owner)
{
	BUFFER_AUTO struct buffer out = {};
	struct bytes before, token, value, rest = path;

	if (bytes_find(path, '$') == path.n)
		return path;
	while (rest.n) {
		before = bytes_first(rest, bytes_find(rest, '$'));
		buffer_add(&out, before.p, before.n);
		rest = bytes_after(rest, before.n);
		if (!rest.n)
			break;
		token = cut_token(&rest);
		value = value_of(s, token, owner);
		if (!token.p) {
			buffer_put(&out, '$');
			rest = bytes_after(rest, 1);
		} else if (value.p) {
			buffer_add(&out, value.p, value.n);
		} else {
			buffer_printf(&out, "$%.*s", (int)token.n, token.p);
		}
	}
	return (struct bytes){ arena_copy(s->arena, out.p, out.n), out.n };
}

/* --- one library --- */

static void note_looked(struct search *s, enum library_place place, struct bytes directory)
{
	for (size_t i = 0; i < s->n_looked; i++)
		if (bytes_same(s->looked[i].directory, directory))
			return;
	if (s->n_looked < LOOKED_MAX)
		s->looked[s->n_looked++] = (struct library_looked){ place, directory };
}

static bool is_for_machine(const struct search *s, const struct library *file)
{
	const struct elf_header *a = &file->dynamic.header, *b = s->header;

	return a->machine == b->machine && a->bits == b->bits && a->big_endian == b->big_endian;
}

/* The file if the loader takes it, or stops at it; NULL: it goes on to the next. open_verify(), open_path(). */
static const struct library *try_file(struct search *s, struct bytes path)
{
	const struct library *file = library_at(s->libraries, s->how, path);

	s->answer->unsure |= file->fault == LIBRARY_UNSEEN;
	if (file->fault == LIBRARY_MISSING || file->fault == LIBRARY_UNSEEN)
		return NULL;
	if (file->fault != LIBRARY_UNREADABLE && (!file->dynamic.header.machine || is_for_machine(s, file)))
		return file;
	if (!s->other)
		s->other = file;
	return NULL;
}

static struct bytes join(const struct search *s, struct bytes directory, const char *below, struct bytes name)
{
	return bytes_of(arena_printf(s->arena, "%.*s%s%s%.*s", (int)directory.n, directory.p,
				     directory.n && directory.p[directory.n - 1] == '/' ? "" : "/", below, (int)name.n,
				     name.p));
}

static bool has_below(struct search *s, struct bytes directory, const char *name)
{
	return library_at(s->libraries, s->how, join(s, directory, "", bytes_of(name)))->fault != LIBRARY_MISSING;
}

/* Libraries for better processors come first: they lie below, where there is such a directory. */
static const struct library *try_better(struct search *s, struct bytes directory, struct bytes name)
{
	static const struct {
		uint32_t level;
		const char *below;
	} all[] = {
		{ CPU_V4, "glibc-hwcaps/x86-64-v4/" },
		{ CPU_V3, "glibc-hwcaps/x86-64-v3/" },
		{ CPU_V2, "glibc-hwcaps/x86-64-v2/" },
	};
	const struct library *file = NULL;

	if (!s->how->cpu || !has_below(s, directory, "glibc-hwcaps"))
		return NULL;
	for (size_t i = 0; !file && i < sizeof(all) / sizeof(all[0]); i++)
		if (s->how->cpu & all[i].level)
			file = try_file(s, join(s, directory, all[i].below, name));
	return file;
}

/*
 * The older form: directories in one another, all of them first, of those that the processor may have:
 * _dl_important_hwcaps(). The second is the platform, and only processors of Intel's have a better one, or AVX-512:
 * init_cpu_features().
 */
static const struct library *try_legacy(struct search *s, struct bytes directory, struct bytes name)
{
	const uint32_t cpu = s->how->cpu & CPU_INTEL ? s->how->cpu : 0;
	const struct {
		const char *name;
		uint32_t level;
	} parts[] = {
		{ "tls", 0 }, { cpu & CPU_V3 ? "haswell" : "x86_64", 0 }, { "avx512_1", CPU_V4 }, { "x86_64", 0 }
	};
	enum { PARTS = sizeof(parts) / sizeof(parts[0]) };
	const struct library *file = NULL;
	unsigned int usable = 0, there = 0;

	for (size_t i = 0; i < PARTS; i++) {
		if (!parts[i].level || cpu & parts[i].level)
			usable |= 1u << (PARTS - 1 - i);
		there |= usable >> (PARTS - 1 - i) & 1 && has_below(s, directory, parts[i].name);
	}
	for (unsigned int set = (1u << PARTS) - 1; there && set && !file; set--) {
		BUFFER_AUTO struct buffer below = {};

		if (set & ~usable)
			continue;
		for (size_t i = 0; i < PARTS; i++)
			if (set >> (PARTS - 1 - i) & 1)
				buffer_printf(&below, "%s/", parts[i].name);
		file = try_file(s, join(s, directory, buffer_string(&below), name));
	}
	return file;
}

static const struct library *try_directory(struct search *s, enum library_place place, struct bytes directory,
					   struct bytes name)
{
	const struct linker *linker = &s->libraries->last.linker;
	const struct library *file = NULL;

	note_looked(s, place, directory);
	if (linker->kind == LINKER_GLIBC && s->header->machine == EM_X86_64)
		file = try_better(s, directory, name);
	if (!file && linker->legacy && s->header->machine == EM_X86_64)
		file = try_legacy(s, directory, name);
	return file ? file : try_file(s, join(s, directory, "", name));
}

/* In a program that is started with others' rights, $ORIGIN is where its user may have linked it to. */
static bool is_heeded(const struct search *s, struct bytes element, struct bytes directory)
{
	const struct linker *linker = &s->libraries->last.linker;

	if (!s->how->secure || !element.n || bytes_find(element, '$') == element.n)
		return true;
	for (size_t i = 0; i < linker->n_directories; i++)
		if (bytes_below(directory, linker->directories[i]))
			return true;
	return false;
}

/* The names of the platform: glibc has had better ones for what it thinks of as better processors. */
static const struct library *try_element(struct search *s, enum library_place place, struct bytes element,
					 const struct loaded *owner, struct bytes name)
{
	const char *const platforms[] = { elf_machine_name(s->arena, s->header), "haswell", "xeon_phi", "i686" };
	const size_t n = memmem(element.p, element.n, "PLATFORM", 8) ? sizeof(platforms) / sizeof(platforms[0]) : 1;
	const struct library *file = NULL;
	struct bytes directory;

	if (!element.n)
		return try_directory(s, place, bytes_of("."), name);
	for (size_t i = 0; i < n && !file; i++) {
		s->platform = platforms[i];
		directory = expand(s, element, owner);
		if (is_heeded(s, element, directory))
			file = try_directory(s, place, directory, name);
	}
	return file;
}

static const struct library *try_list(struct search *s, enum library_place place, struct bytes list,
				      const char *separators, const struct loaded *owner, struct bytes name)
{
	const struct library *file = NULL;
	size_t n;

	/* One that is empty is none, but one that has an empty element means the working directory. */
	for (bool more = list.n; more && !file; list = bytes_after(list, n + 1)) {
		for (n = 0; n < list.n && !strchr(separators, list.p[n]); n++)
			;
		more = n < list.n;
		file = try_element(s, place, bytes_first(list, n), owner, name);
	}
	return file;
}

/* For processors that this one is not: the cache has them all. */
static bool is_too_good(const struct search *s, struct bytes path)
{
	static const char *const levels[] = { "/x86-64-v2/", "/x86-64-v3/", "/x86-64-v4/" };
	const uint32_t bits[] = { CPU_V2, CPU_V3, CPU_V4 };

	for (size_t i = 0; s->how->cpu && i < sizeof(levels) / sizeof(levels[0]); i++)
		if (memmem(path.p, path.n, levels[i], strlen(levels[i])) && !(s->how->cpu & bits[i]))
			return true;
	return false;
}

static const struct library *try_cache(struct search *s, struct bytes name)
{
	struct bytes cache = s->libraries->last.cache, path;
	const struct library *file = NULL;
	size_t at = 0;

	if (!cache.p)
		return NULL;
	note_looked(s, PLACE_CACHE, s->libraries->last.linker.cache);
	while (!file && (path = linker_cached(s->header, cache, name, &at)).p)
		if (!is_too_good(s, path))
			file = try_file(s, path);
	return file;
}

static const struct library *try_defaults(struct search *s, struct bytes name)
{
	const struct linker *linker = &s->libraries->last.linker;
	const struct library *file = NULL;

	for (size_t i = 0; !file && i < linker->n_directories; i++)
		file = try_directory(s, PLACE_DEFAULT, linker->directories[i], name);
	return file;
}

/* Those of who asks, of who asked for it, and so on to the program. */
static const struct library *try_rpaths(struct search *s, const struct loaded *asker, struct bytes name)
{
	const struct library *file = NULL;
	bool musl = s->libraries->last.linker.kind == LINKER_MUSL;

	for (const struct loaded *l = asker; l && !file; l = l->asker) {
		file = try_list(s, PLACE_RPATH, l->file->dynamic.rpath, ":", l, name);
		if (!file && musl)
			file = try_list(s, PLACE_RUNPATH, l->file->dynamic.runpath, ":", l, name);
	}
	return file;
}

static const struct library *find_musl(struct search *s, const struct loaded *asker, struct bytes name)
{
	const struct library *file = NULL;

	if (!s->how->secure)
		file = try_list(s, PLACE_VARIABLE, s->how->library_path, ":\n", s->loaded, name);
	if (!file)
		file = try_rpaths(s, asker, name);
	return file ? file : try_defaults(s, name);
}

static const struct library *find_glibc(struct search *s, const struct loaded *asker, struct bytes name)
{
	const struct dynamic *dynamic = &asker->file->dynamic;
	const struct library *file = NULL;

	if (!dynamic->runpath.p)
		file = try_rpaths(s, asker, name);
	if (!file && !s->how->secure)
		file = try_list(s, PLACE_VARIABLE, s->how->library_path, ":;", s->loaded, name);
	if (!file)
		file = try_list(s, PLACE_RUNPATH, dynamic->runpath, ":", asker, name);
	if (!file && !dynamic->no_default)
		file = try_cache(s, name);
	if (!file && !dynamic->no_default)
		file = try_defaults(s, name);
	return file;
}

const struct library *library_find(struct search *s, const struct loaded *asker, struct bytes name)
{
	s->platform = elf_machine_name(s->arena, s->header);
	s->other = NULL;
	s->n_looked = 0;
	s->looked = arena_alloc(s->arena, LOOKED_MAX * sizeof(*s->looked));
	if (bytes_has(name, '/'))
		return try_file(s, expand(s, name, asker));
	return s->libraries->last.linker.kind == LINKER_MUSL ? find_musl(s, asker, name) : find_glibc(s, asker, name);
}

bool library_is_ignored(struct search *s, struct bytes name)
{
	const struct library *file = NULL;

	if (s->how->secure && s->how->library_path.p)
		file = try_list(s, PLACE_VARIABLE, s->how->library_path, ":;", s->loaded, name);
	return file && file->fault == LIBRARY_FINE;
}
