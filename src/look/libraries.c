// SPDX-License-Identifier: GPL-2.0-only
#include "look/libraries.h"

#include <string.h>

#include "look/library_search.h"

enum {
	LOADED_MAX = 2048, /* libraries of one program */
	PROBLEMS_MAX = 16,
};

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

static void add_missing(struct search *s, const struct loaded *asker, struct bytes name)
{
	const struct library *other = s->other;
	enum library_fault fault = !other                               ? LIBRARY_MISSING
				   : other->fault == LIBRARY_UNREADABLE ? LIBRARY_UNREADABLE
									: LIBRARY_WRONG_MACHINE;
	struct library_problem *problem = add_problem(s, fault, name, asker, other);

	problem->looked = s->looked;
	problem->n_looked = s->n_looked;
	problem->ignored = library_is_ignored(s, name);
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
	file = library_find(s, asker, name);
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
	const struct library *linker = library_at(s->libraries, s->how, loader);
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
	const struct library *file = library_at(l, how, program);
	struct search s = { l, how, .arena = how->look->view->arena, .header = &file->dynamic.header,
			    .answer = answer };

	*answer = (struct library_answer){ .program = file->dynamic.header };
	/* Whoever may execute it need not be allowed to read it. */
	answer->unsure = file->fault != LIBRARY_FINE && file->fault != LIBRARY_NOEXEC;
	if (answer->unsure || linker_kind_of(loader) == LINKER_OTHER)
		return;
	s.loaded = arena_alloc(s.arena, LOADED_MAX * sizeof(*s.loaded));
	answer->problems = s.problems = arena_alloc(s.arena, PROBLEMS_MAX * sizeof(*s.problems));
	library_linker(&s, loader);
	try_all(&s, file, loader);
}
