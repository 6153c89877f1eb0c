// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/types.h"

#include <bpf/btf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/system.h"

/* What is left of the kernel's types. */
struct cut {
	const struct btf *from;
	struct btf *to;
	uint32_t *ids; /* by their numbers in from: in to; 0: left out */
	uint32_t n; /* how many are in to */
};

/* --- which are asked for --- */

/* Without the ___flavor, as libbpf has it. */
static size_t essential_length(const char *name)
{
	const char *flavor = strstr(name, "___");

	return flavor && flavor != name ? (size_t)(flavor - name) : strlen(name);
}

static int name_compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool is_named(const struct btf_type *t)
{
	return t->name_off && !btf_is_func(t) && !btf_is_var(t) && !btf_is_datasec(t) && !btf_is_decl_tag(t);
}

struct names {
	char **all; /* in order */
	size_t n;
};

static void names_free(struct names *names)
{
	for (size_t i = 0; i < names->n; i++)
		free(names->all[i]);
	free(names->all);
}

static int names_of(struct names *names, const struct btf *btf)
{
	const struct btf_type *t;
	const char *name;

	names->all = calloc(btf__type_cnt(btf), sizeof(*names->all));
	for (uint32_t id = 1; names->all && id < btf__type_cnt(btf); id++) {
		t = btf__type_by_id(btf, id);
		if (!is_named(t))
			continue;
		name = btf__name_by_offset(btf, t->name_off);
		names->all[names->n] = strndup(name, essential_length(name));
		if (!names->all[names->n])
			return -ENOMEM;
		names->n++;
	}
	if (!names->all)
		return -ENOMEM;
	qsort(names->all, names->n, sizeof(*names->all), name_compare);
	return 0;
}

/* --- what they are made of --- */

static bool points_to_function(const struct btf *btf, const struct btf_type *t)
{
	do
		t = btf__type_by_id(btf, t->type);
	while (btf_is_mod(t));
	return btf_is_func_proto(t);
}

/* Does that with each number of a type that t is made of, and with what it points to. */
static void each_part(struct cut *c, struct btf_type *t, void (*part)(struct cut *c, uint32_t *id))
{
	if (btf_is_composite(t))
		for (uint16_t i = 0; i < btf_vlen(t); i++)
			part(c, &btf_members(t)[i].type);
	if (btf_is_func_proto(t))
		for (uint16_t i = 0; i < btf_vlen(t); i++)
			part(c, &btf_params(t)[i].type);
	if (btf_is_array(t)) {
		part(c, &btf_array(t)->type);
		part(c, &btf_array(t)->index_type);
	}
	if (btf_is_func_proto(t) || btf_is_ptr(t) || btf_is_mod(t) || btf_is_typedef(t))
		part(c, &t->type);
}

/* The numbers are given later, in the order of from. */
static void cut_keep(struct cut *c, uint32_t *id)
{
	const struct btf_type *t = btf__type_by_id(c->from, *id);

	if (!*id || c->ids[*id])
		return;
	c->ids[*id] = 1;
	if (!btf_is_ptr(t) || points_to_function(c->from, t))
		each_part(c, (struct btf_type *)t, cut_keep);
}

static void keep_asked(struct cut *c, const struct names *names)
{
	const struct btf_type *t;
	const char *name;

	for (uint32_t id = 1; id < btf__type_cnt(c->from); id++) {
		t = btf__type_by_id(c->from, id);
		if (!is_named(t))
			continue;
		name = btf__name_by_offset(c->from, t->name_off);
		if (bsearch(&name, names->all, names->n, sizeof(*names->all), name_compare))
			cut_keep(c, &id);
	}
	for (uint32_t id = 1; id < btf__type_cnt(c->from); id++)
		if (c->ids[id])
			c->ids[id] = ++c->n;
}

/* --- and under which numbers --- */

/* What was a pointer to something that is left out is one to void. */
static void cut_renumber(struct cut *c, uint32_t *id)
{
	*id = c->ids[*id];
}

static int cut_copy(struct cut *c)
{
	int id;

	for (uint32_t i = 1; i < btf__type_cnt(c->from); i++) {
		if (!c->ids[i])
			continue;
		id = btf__add_type(c->to, c->from, btf__type_by_id(c->from, i));
		if (id < 0)
			return id;
		/* It is ours, and nobody has seen it yet. */
		each_part(c, (struct btf_type *)btf__type_by_id(c->to, id), cut_renumber);
	}
	return 0;
}

struct btf *types_cut(const struct btf *all, const struct btf *asked)
{
	struct cut c = { .from = all, .to = btf__new_empty(), .ids = calloc(btf__type_cnt(all), sizeof(*c.ids)) };
	struct names names = {};
	int err = c.to && c.ids ? names_of(&names, asked) : -ENOMEM;

	if (!err) {
		keep_asked(&c, &names);
		err = cut_copy(&c);
	}
	names_free(&names);
	free(c.ids);
	if (!err)
		return c.to;
	btf__free(c.to);
	errno = -err;
	return NULL;
}

/* --- as a file, since libbpf takes no others --- */

static int bytes_write(int fd, const void *bytes, size_t n)
{
	const char *at = bytes;
	ssize_t wrote;

	for (; n; at += wrote, n -= wrote) {
		wrote = write(fd, at, n);
		if (wrote <= 0)
			return -EIO;
	}
	return 0;
}

int types_ask(struct types *types, const struct btf *asked)
{
	struct btf *cut = types->path && !types->asked ? types_cut(types->all, asked) : NULL;
	const void *bytes;
	uint32_t size;
	int err;

	if (!types->path || types->asked)
		return 0;
	if (!cut)
		return -errno;
	bytes = btf__raw_data(cut, &size);
	err = bytes ? bytes_write(types->fd, bytes, size) : -ENOMEM;
	btf__free(cut);
	types->asked = !err;
	return err;
}

/* Mapped, which the kernel lets us since 6.16: what is read would be there twice while it is taken apart. */
static struct btf *kernel_mapped(void)
{
	int fd = open(KERNEL_BTF, O_RDONLY | O_CLOEXEC);
	struct btf *btf = NULL;
	struct stat st;
	void *at;

	if (fd < 0)
		return NULL;
	at = fstat(fd, &st) ? MAP_FAILED : mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (at != MAP_FAILED) {
		btf = btf__new(at, (uint32_t)st.st_size);
		munmap(at, (size_t)st.st_size);
	}
	return btf;
}

static struct btf *kernel_types(void)
{
	return system_has_btf() ? kernel_mapped() ?: btf__load_vmlinux_btf() : NULL;
}

void types_open(struct types *types)
{
	struct stat st;

	*types = (struct types){ .all = kernel_types(), .fd = -1 };
	if (types->all)
		types->fd = memfd_create("types", MFD_CLOEXEC);
	if (types->fd < 0 || asprintf(&types->path, "/proc/self/fd/%d", types->fd) < 0)
		types->path = NULL;
	/* Without /proc, it is all of them. */
	if (types->path && stat(types->path, &st)) {
		free(types->path);
		types->path = NULL;
	}
}

void types_close(struct types *types)
{
	btf__free(types->all);
	free(types->named);
	free(types->path);
	if (types->fd >= 0)
		close(types->fd);
}

/* --- functions and structs --- */

enum { NAMED_PLACES = 1 << 18 }; /* for some 70,000 */

static uint32_t named_place(const char *name)
{
	uint32_t hash = 2166136261;

	for (; *name; name++)
		hash = (hash ^ (unsigned char)*name) * 16777619;
	return hash;
}

/* Where one of that name and kind is, or would be. */
static uint32_t *named_find(const struct types *types, const char *name, uint16_t kind)
{
	const struct btf_type *t;
	uint32_t *at;

	for (uint32_t place = named_place(name);; place++) {
		at = &types->named[place % NAMED_PLACES];
		if (!*at)
			return at;
		t = btf__type_by_id(types->all, *at);
		if (btf_kind(t) == kind && !strcmp(btf__name_by_offset(types->all, t->name_off), name))
			return at;
	}
}

static void named_look_up(struct types *types)
{
	uint32_t *at, n = 0;
	const struct btf_type *t;

	types->named = calloc(NAMED_PLACES, sizeof(*types->named));
	for (uint32_t id = 1; types->named && id < btf__type_cnt(types->all) && n < NAMED_PLACES / 2; id++) {
		t = btf__type_by_id(types->all, id);
		if (!btf_is_func(t) && !btf_is_struct(t))
			continue;
		at = named_find(types, btf__name_by_offset(types->all, t->name_off), btf_kind(t));
		if (*at)
			continue;
		*at = id;
		n++;
	}
}

static uint32_t types_named(struct types *types, const char *name, uint16_t kind)
{
	if (types->all && !types->named)
		named_look_up(types);
	return types->named ? *named_find(types, name, kind) : 0;
}

uint32_t types_function(struct types *types, const char *name)
{
	return types_named(types, name, BTF_KIND_FUNC);
}

uint32_t types_struct(struct types *types, const char *name)
{
	return types_named(types, name, BTF_KIND_STRUCT);
}
