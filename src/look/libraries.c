// SPDX-License-Identifier: GPL-2.0-only
#include "look/libraries.h"

#include <elf.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buffer.h"
#include "look/cpu.h"
#include "look/dynamic.h"
#include "look/linker.h"

enum {
	LOADED_MAX = 2048, /* libraries of one program */
	PROBLEMS_MAX = 16,
	LOOKED_MAX = 64,
	IMAGE_MAX = 4 << 20, /* bytes of a loader */
	CACHE_MAX = 16 << 20, /* of ld.so.cache */
	CONFIG_MAX = 64 << 10,
};

/* A file that was asked for as a library, as it is to whoever asks. */
struct library {
	struct library *next; /* in its slot */
	struct bytes path;
	enum library_fault fault;
	const char *what;
	struct bytes mount;
	dev_t dev;
	uint64_t ino;
	struct dynamic dynamic;
};

enum { SLOTS = 1024 };

struct libraries {
	struct arena *arena;
	struct library *slots[SLOTS];
	struct {
		struct bytes name; /* p NULL: none was read yet */
		struct linker linker;
		struct bytes cache; /* the text of ld.so.cache */
	} last; /* the loader that most programs have */
};

/* One that is loaded, or the program, or the loader. */
struct loaded {
	const struct library *file;
	struct bytes name; /* by which it was asked for */
	const struct loaded *asker;
};

struct search {
	struct libraries *libraries;
	const struct libraries_how *how;
	struct arena *arena;
	const struct elf_header *header; /* the program's */
	struct loaded *loaded;
	size_t n_loaded;
	struct library_problem *problems;
	struct library_answer *answer;

	/* Of the library that is looked for. */
	const char *platform; /* $PLATFORM */
	const struct library *other; /* the first that was passed over */
	struct library_looked *looked;
	size_t n_looked;
};

/* --- files --- */

struct open_file {
	struct view *view;
	const struct look *look;
};

static ssize_t read_open(void *context, uint64_t at, void *to, size_t size)
{
	struct open_file *file = context;

	return file->view->ops->read(file->view, file->look->handle, &file->look->node, at, to, size);
}

static void look_for(const struct libraries_how *how, struct bytes path, struct look *look)
{
	look_path(how->look, view_path_of(how->look->view, how->caller, path), look);
}

/* All of a file, or its beginning; p NULL: it cannot be read. */
static struct bytes read_file(struct libraries *l, const struct libraries_how *how, struct bytes path, size_t max)
{
	struct bytes text = {};
	struct look look;
	size_t size;
	ssize_t n;

	look_for(how, path, &look);
	if (!look.error && S_ISREG(look.node.mode) && look_may_read(how->look, look.handle, &look.node)) {
		size = look.node.size < max ? (size_t)look.node.size : max;
		text.p = arena_alloc(l->arena, size + 1);
		n = read_open(&(struct open_file){ how->look->view, &look }, 0, (char *)text.p, size);
		text = n < 0 ? (struct bytes){} : (struct bytes){ text.p, (size_t)n };
	}
	look_end(how->look, &look);
	return text;
}

static enum library_fault fault_of_walk(int error)
{
	switch (error) {
	case EACCES:
		return LIBRARY_UNREADABLE;
	case EAGAIN:
		return LIBRARY_UNSEEN;
	default:
		return LIBRARY_MISSING;
	}
}

static const char *what_of_state(enum dynamic_state state)
{
	static const char *const whats[] = {
		[DYNAMIC_EMPTY] = "is empty",
		[DYNAMIC_SHORT] = "ends too early",
		[DYNAMIC_NO_ELF] = "is no ELF file",
		[DYNAMIC_TYPE] = "is no shared library, but another ELF file",
		[DYNAMIC_STATIC] = "is no shared library, but a static program",
		[DYNAMIC_DAMAGED] = "is a damaged ELF file",
	};

	return whats[state];
}

static void inspect(struct arena *arena, const struct libraries_how *how, const struct look *look, struct library *file)
{
	struct open_file open = { how->look->view, look };
	const struct dynamic_source source = { read_open, &open };
	const struct mount_row *mount = view_mount(open.view, &look->node);

	file->dev = look->node.dev;
	file->ino = look->node.ino;
	if (!S_ISREG(look->node.mode)) {
		file->fault = LIBRARY_INVALID;
		file->what = S_ISDIR(look->node.mode) ? "is a directory" : "is no regular file";
		return;
	}
	if (!look_may_read(how->look, look->handle, &look->node)) {
		file->fault = LIBRARY_UNREADABLE;
		return;
	}
	dynamic_read(&file->dynamic, arena, &source);
	file->what = what_of_state(file->dynamic.state);
	/* What this process may not read, the caller may not, only where both are one. */
	if (file->dynamic.state == DYNAMIC_UNREADABLE)
		file->fault = open.view->standing == VIEW_SELF ? LIBRARY_UNREADABLE : LIBRARY_UNSEEN;
	else if (file->what)
		file->fault = LIBRARY_INVALID;
	else if (mount && mount->noexec)
		file->fault = LIBRARY_NOEXEC;
	if (mount)
		file->mount = (struct bytes){ arena_copy(arena, mount->at.p, mount->at.n), mount->at.n };
}

static void ask(struct arena *arena, const struct libraries_how *how, struct library *file)
{
	struct look look;

	look_for(how, file->path, &look);
	if (look.error)
		file->fault = fault_of_walk(look.error);
	else
		inspect(arena, how, &look, file);
	look_end(how->look, &look);
}

/* What a path is, asked once. */
static const struct library *file_at(struct libraries *l, const struct libraries_how *how, struct bytes path)
{
	struct library **slot = &l->slots[bytes_hash(path) % SLOTS], *file;

	for (file = *slot; file; file = file->next)
		if (bytes_same(file->path, path))
			return file;
	file = arena_alloc(l->arena, sizeof(*file));
	file->path = (struct bytes){ arena_copy(l->arena, path.p, path.n), path.n };
	ask(l->arena, how, file);
	file->next = *slot;
	*slot = file;
	return file;
}

/* --- the loader's own --- */

static void ask_linker(struct search *s, struct bytes name)
{
	struct libraries *l = s->libraries;
	struct linker *linker = &l->last.linker;
	struct bytes image = {}, text;

	if (bytes_same(l->last.name, name))
		return;
	l->last.name = (struct bytes){ arena_copy(l->arena, name.p, name.n), name.n };
	if (linker_kind_of(name) == LINKER_GLIBC)
		image = read_file(l, s->how, name, IMAGE_MAX);
	linker_parse(linker, l->arena, l->last.name, image, s->header);
	l->last.cache = linker->cache.p ? read_file(l, s->how, linker->cache, CACHE_MAX) : (struct bytes){};
	if (!linker->config.p)
		return;
	text = read_file(l, s->how, linker->config, CONFIG_MAX);
	if (text.p)
		linker_configure(linker, l->arena, text);
}

/* --- what a path means: _dl_dst_substitute() --- */

static struct bytes directory_of(struct bytes path)
{
	size_t n = path.n - bytes_base(path).n;

	return n > 1 ? bytes_first(path, n - 1) : bytes_of(n ? "/" : ".");
}

static struct bytes value_of(const struct search *s, struct bytes token, const struct loaded *owner)
{
	if (bytes_is(token, "ORIGIN"))
		return directory_of(owner->file->path);
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
	const struct library *file = file_at(s->libraries, s->how, path);

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

	if (!s->how->cpu || s->header->machine != EM_X86_64 || s->libraries->last.linker.kind != LINKER_GLIBC ||
	    file_at(s->libraries, s->how, join(s, directory, "", bytes_of("glibc-hwcaps")))->fault == LIBRARY_MISSING)
		return NULL;
	for (size_t i = 0; !file && i < sizeof(all) / sizeof(all[0]); i++)
		if (s->how->cpu & all[i].level)
			file = try_file(s, join(s, directory, all[i].below, name));
	return file;
}

static const struct library *try_directory(struct search *s, enum library_place place, struct bytes directory,
					   struct bytes name)
{
	const struct library *file;

	note_looked(s, place, directory);
	file = try_better(s, directory, name);
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

static const struct library *find(struct search *s, const struct loaded *asker, struct bytes name)
{
	s->platform = elf_machine_name(s->arena, s->header);
	s->other = NULL;
	s->n_looked = 0;
	s->looked = arena_alloc(s->arena, LOOKED_MAX * sizeof(*s->looked));
	if (bytes_find(name, '/') < name.n)
		return try_file(s, expand(s, name, asker));
	return s->libraries->last.linker.kind == LINKER_MUSL ? find_musl(s, asker, name) : find_glibc(s, asker, name);
}

/* --- all of them --- */

/* musl has these in its own file, under whatever name they are asked for. */
static bool is_of_musl(struct bytes name)
{
	static const char *const names[] = {
		"libc.", "libpthread.", "librt.", "libm.", "libdl.", "libutil.", "libxnet."
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (bytes_begins(name, names[i]))
			return true;
	return false;
}

static const struct loaded *find_loaded(const struct search *s, struct bytes name)
{
	for (size_t i = 0; i < s->n_loaded; i++)
		if (bytes_same(s->loaded[i].name, name) || bytes_same(s->loaded[i].file->dynamic.soname, name) ||
		    bytes_same(s->loaded[i].file->path, name))
			return &s->loaded[i];
	return NULL;
}

static bool is_loaded_file(const struct search *s, const struct library *file)
{
	for (size_t i = 0; i < s->n_loaded; i++)
		if (s->loaded[i].file == file ||
		    (s->loaded[i].file->ino == file->ino && s->loaded[i].file->dev == file->dev))
			return true;
	return false;
}

static void load(struct search *s, const struct library *file, struct bytes name, const struct loaded *asker)
{
	if (s->n_loaded < LOADED_MAX)
		s->loaded[s->n_loaded++] = (struct loaded){ file, name, asker };
}

static struct library_problem *add_problem(struct search *s, enum library_fault fault, struct bytes name,
					   const struct loaded *asker, const struct library *file)
{
	static struct library_problem spare;
	struct library_problem *problem = s->answer->n < PROBLEMS_MAX ? &s->problems[s->answer->n++] : &spare;

	*problem = (struct library_problem){
		.fault = fault,
		.name = name,
		.asker = asker ? asker->file->path : (struct bytes){},
	};
	if (!file)
		return problem;
	problem->path = file->path;
	problem->what = file->what;
	problem->mount = file->mount;
	problem->header = file->dynamic.header;
	problem->isa = file->dynamic.isa;
	return problem;
}

/* Where LD_LIBRARY_PATH would have led to. */
static bool is_ignored(struct search *s, struct bytes name)
{
	const struct library *file = NULL;

	if (s->how->secure && s->how->library_path.p)
		file = try_list(s, PLACE_VARIABLE, s->how->library_path, ":;", s->loaded, name);
	return file && file->fault == LIBRARY_FINE;
}

static void add_missing(struct search *s, const struct loaded *asker, struct bytes name)
{
	const struct library *other = s->other;
	enum library_fault fault = !other                               ? LIBRARY_MISSING
				   : other->fault == LIBRARY_UNREADABLE ? LIBRARY_UNREADABLE
									: LIBRARY_WRONG_MACHINE;
	struct library_problem *problem = add_problem(s, fault, name, asker, other);

	problem->looked = s->looked;
	problem->n_looked = s->n_looked;
	problem->ignored = is_ignored(s, name);
}

/* Processors of other kinds have no such levels. */
static bool needs_better_cpu(const struct search *s, const struct library *file)
{
	return s->how->cpu && file->dynamic.isa & ~s->how->cpu;
}

static void need(struct search *s, const struct loaded *asker, struct bytes name)
{
	bool musl = s->libraries->last.linker.kind == LINKER_MUSL;
	const struct library *file;

	if (find_loaded(s, name) || (musl && is_of_musl(name)))
		return;
	for (size_t i = 0; i < s->answer->n; i++)
		if (bytes_same(s->problems[i].name, name))
			return;
	file = find(s, asker, name);
	if (!file)
		add_missing(s, asker, name);
	else if (file->fault != LIBRARY_FINE)
		add_problem(s, file->fault, name, asker, file);
	else if (needs_better_cpu(s, file))
		add_problem(s, LIBRARY_CPU, name, asker, file);
	else if (!is_loaded_file(s, file))
		load(s, file, name, asker);
}

static bool has_version(const struct dynamic *dynamic, struct bytes version)
{
	for (size_t i = 0; i < dynamic->n_versions; i++)
		if (bytes_same(dynamic->versions[i], version))
			return true;
	return false;
}

/* "GLIBC_" of "GLIBC_2.38" */
static size_t prefix_of(struct bytes version)
{
	const char *at = version.n ? memrchr(version.p, '_', version.n) : NULL;

	return at ? (size_t)(at + 1 - version.p) : 0;
}

/* Those that begin with a number alone: GLIBC_PRIVATE is none of a row. */
static struct bytes newest_of(struct arena *arena, const struct dynamic *dynamic, struct bytes version)
{
	size_t n = prefix_of(version);
	const char *newest = NULL;

	for (size_t i = 0; n && i < dynamic->n_versions; i++) {
		struct bytes have = dynamic->versions[i];
		const char *text;

		if (have.n <= n || memcmp(have.p, version.p, n) || have.p[n] < '0' || have.p[n] > '9')
			continue;
		text = arena_copy(arena, have.p, have.n);
		if (!newest || strverscmp(text, newest) > 0)
			newest = text;
	}
	return bytes_of(newest);
}

/* A library without any versions has what it has. */
static void check_version(struct search *s, const struct loaded *asker, const struct dynamic_need *wanted)
{
	const struct loaded *library = find_loaded(s, wanted->file);
	struct library_problem *problem;

	if (wanted->weak || !wanted->version.n || !library || !library->file->dynamic.versions_known ||
	    has_version(&library->file->dynamic, wanted->version))
		return;
	problem = add_problem(s, LIBRARY_VERSION, wanted->file, asker, library->file);
	problem->version = wanted->version;
	problem->newest = newest_of(s->arena, &library->file->dynamic, wanted->version);
}

static void check_versions(struct search *s, const struct loaded *asker)
{
	const struct dynamic *dynamic = &asker->file->dynamic;

	for (size_t i = 0; i < dynamic->n_needs; i++)
		check_version(s, asker, &dynamic->needs[i]);
}

static void try_all(struct search *s, const struct library *program, struct bytes loader)
{
	const struct library *linker = file_at(s->libraries, s->how, loader);
	size_t first = 0;

	load(s, program, bytes_base(program->path), NULL);
	/* The loader is there already, and asks for nothing. */
	if (linker->fault == LIBRARY_FINE)
		load(s, linker, bytes_base(loader), NULL);
	if (needs_better_cpu(s, program))
		add_problem(s, LIBRARY_CPU, program->path, NULL, program);
	for (; first < s->n_loaded; first++)
		for (size_t i = 0; i < s->loaded[first].file->dynamic.n_needed; i++)
			need(s, &s->loaded[first], s->loaded[first].file->dynamic.needed[i]);
	if (s->libraries->last.linker.kind == LINKER_GLIBC && !s->answer->n)
		for (size_t i = 0; i < s->n_loaded; i++)
			check_versions(s, &s->loaded[i]);
}

struct libraries *libraries_new(struct arena *arena)
{
	struct libraries *libraries = arena_alloc(arena, sizeof(*libraries));

	libraries->arena = arena;
	return libraries;
}

void libraries_try(struct libraries *l, const struct libraries_how *how, struct bytes program, struct bytes loader,
		   struct library_answer *answer)
{
	const struct library *file = file_at(l, how, program);
	struct search s = { l, how, .arena = how->look->view->arena, .header = &file->dynamic.header,
			    .answer = answer };

	*answer = (struct library_answer){ .program = file->dynamic.header };
	/* Whoever may execute it need not be allowed to read it. */
	answer->unsure = file->fault != LIBRARY_FINE && file->fault != LIBRARY_NOEXEC;
	if (answer->unsure || linker_kind_of(loader) == LINKER_OTHER)
		return;
	s.loaded = arena_alloc(s.arena, LOADED_MAX * sizeof(*s.loaded));
	answer->problems = s.problems = arena_alloc(s.arena, PROBLEMS_MAX * sizeof(*s.problems));
	ask_linker(&s, loader);
	try_all(&s, file, loader);
}
