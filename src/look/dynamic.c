// SPDX-License-Identifier: GPL-2.0-only
#include "look/dynamic.h"

#include <elf.h>
#include <string.h>

#ifndef PT_GNU_PROPERTY
#define PT_GNU_PROPERTY 0x6474e553
#endif
#ifndef DF_1_PIE
#define DF_1_PIE 0x08000000
#endif
#define ISA_NEEDED 0xc0008002u /* GNU_PROPERTY_X86_ISA_1_NEEDED */

enum {
	HEAD = 2048, /* bytes: the header and most tables of program headers */
	SECTION_MAX = 64 << 10, /* of a dynamic section */
	VERSIONS_MAX = 64 << 10, /* of a list of versions */
	STRINGS_MAX = 256 << 10, /* of strings that are read at once */
	STRING_MAX = 4096, /* of one string */
	NOTES_MAX = 4096,
	LIST_MAX = 4096, /* entries */
};

struct reader {
	struct dynamic *d;
	struct arena *arena;
	const struct dynamic_source *source;
	struct bytes head;
	struct bytes table; /* of program headers */
	struct bytes section; /* the dynamic one */
	uint64_t strings_at; /* in the file */
	uint64_t strings_n;
	struct bytes strings; /* all of them; p NULL: they are too many, and read one by one */
};

/* As many of these bytes as there are; p NULL: they cannot be read. */
static struct bytes part_of(struct reader *r, uint64_t at, size_t size)
{
	char *room;
	ssize_t n;

	if (at <= r->head.n && r->head.n - at >= size)
		return (struct bytes){ r->head.p + at, size };
	room = arena_alloc(r->arena, size + 1);
	n = at > INT64_MAX ? -1 : r->source->read(r->source->context, at, room, size);
	return n < 0 ? (struct bytes){} : (struct bytes){ room, (size_t)n };
}

static bool find_segment(const struct reader *r, uint32_t type, struct elf_segment *segment)
{
	for (size_t i = 0; elf_segment_parse(&r->d->header, r->table, i, segment); i++)
		if (segment->type == type)
			return true;
	return false;
}

/* Where in the file an address is, and how many bytes of its segment are behind it. */
static bool find_address(const struct reader *r, uint64_t address, uint64_t *at, uint64_t *rest)
{
	struct elf_segment s;

	for (size_t i = 0; elf_segment_parse(&r->d->header, r->table, i, &s); i++) {
		if (s.type != PT_LOAD || address < s.address || address - s.address >= s.file_size)
			continue;
		*rest = s.file_size - (address - s.address);
		return !__builtin_add_overflow(s.offset, address - s.address, at);
	}
	return false;
}

/* --- the dynamic section --- */

static bool entry_at(const struct reader *r, size_t index, int64_t *tag, uint64_t *value)
{
	const struct elf_header *header = &r->d->header;
	size_t size = ELF_SIZE_OF_CLASS(header, Dyn);
	const char *p = r->section.p + index * size;

	if (r->section.n / size <= index)
		return false;
	*tag = (int64_t)ELF_FIELD_OF_CLASS(header, p, Dyn, d_tag);
	if (header->bits == 32)
		*tag = (int32_t)*tag;
	*value = ELF_FIELD_OF_CLASS(header, p, Dyn, d_un);
	return *tag != DT_NULL;
}

/* The last of that tag, as loaders take it; 0: there is none. */
static uint64_t value_of(const struct reader *r, int64_t wanted)
{
	uint64_t value, found = 0;
	int64_t tag;

	for (size_t i = 0; entry_at(r, i, &tag, &value); i++)
		if (tag == wanted)
			found = value;
	return found;
}

static bool has_tag(const struct reader *r, int64_t wanted)
{
	uint64_t value;
	int64_t tag;

	for (size_t i = 0; entry_at(r, i, &tag, &value); i++)
		if (tag == wanted)
			return true;
	return false;
}

/* p NULL: there is no such string. */
static struct bytes string_at(struct reader *r, uint64_t at)
{
	struct bytes rest = bytes_after(r->strings, at > r->strings.n ? r->strings.n : (size_t)at);
	size_t n;

	if (at >= r->strings_n)
		return (struct bytes){};
	if (!r->strings.p)
		rest = part_of(r, r->strings_at + at,
			       r->strings_n - at < STRING_MAX ? (size_t)(r->strings_n - at) : STRING_MAX);
	n = bytes_find(rest, '\0');
	return n < rest.n ? bytes_first(rest, n) : (struct bytes){};
}

static struct bytes string_of(struct reader *r, int64_t tag)
{
	return has_tag(r, tag) ? string_at(r, value_of(r, tag)) : (struct bytes){};
}

static void read_strings(struct reader *r)
{
	uint64_t rest, size = value_of(r, DT_STRSZ);

	if (!find_address(r, value_of(r, DT_STRTAB), &r->strings_at, &rest))
		return;
	r->strings_n = size < rest ? size : rest;
	if (r->strings_n > STRINGS_MAX)
		return;
	r->strings = part_of(r, r->strings_at, (size_t)r->strings_n);
	r->strings_n = r->strings.n;
}

static void read_needed(struct reader *r)
{
	struct dynamic *d = r->d;
	uint64_t value;
	int64_t tag;

	for (size_t i = 0; entry_at(r, i, &tag, &value); i++)
		d->n_needed += tag == DT_NEEDED;
	d->needed = arena_alloc(r->arena, (d->n_needed + 1) * sizeof(*d->needed));
	d->n_needed = 0;
	for (size_t i = 0; entry_at(r, i, &tag, &value); i++) {
		struct bytes name = tag == DT_NEEDED ? string_at(r, value) : (struct bytes){};

		if (name.n)
			d->needed[d->n_needed++] = name;
	}
}

/* --- lists of versions: each entry says how far it is to the next, and to the first of its own --- */

/* All that may be of the list that a tag tells the address of. */
static struct bytes list_of(struct reader *r, int64_t tag)
{
	uint64_t at, rest;

	if (!has_tag(r, tag) || !find_address(r, value_of(r, tag), &at, &rest))
		return (struct bytes){};
	return part_of(r, at, rest < VERSIONS_MAX ? (size_t)rest : VERSIONS_MAX);
}

/* Goes on to the entry that is so far behind this one; false: it is beyond the end, or this was the last. */
static bool step(struct bytes list, size_t *at, uint64_t by, size_t size)
{
	if (!by || by > list.n - *at || list.n - *at - by < size)
		return false;
	*at += (size_t)by;
	return true;
}

/* The structures of both classes are the same. */
static size_t add_needs(struct reader *r, struct bytes list, size_t at, struct dynamic_need *to, size_t room)
{
	const struct elf_header *h = &r->d->header;
	struct bytes file = string_at(r, ELF_FIELD(h, list.p + at, Elf64_Verneed, vn_file));
	uint64_t next = ELF_FIELD(h, list.p + at, Elf64_Verneed, vn_aux);
	size_t n = 0;

	while (n < room && step(list, &at, next, sizeof(Elf64_Vernaux))) {
		if (to)
			to[n] = (struct dynamic_need){
				.file = file,
				.version = string_at(r, ELF_FIELD(h, list.p + at, Elf64_Vernaux, vna_name)),
				.weak = ELF_FIELD(h, list.p + at, Elf64_Vernaux, vna_flags) & VER_FLG_WEAK,
			};
		n++;
		next = ELF_FIELD(h, list.p + at, Elf64_Vernaux, vna_next);
	}
	return n;
}

/* How many there are; to can be NULL. */
static size_t walk_needs(struct reader *r, struct bytes list, struct dynamic_need *to)
{
	size_t at = 0, n = 0;

	if (list.n < sizeof(Elf64_Verneed))
		return 0;
	do
		n += add_needs(r, list, at, to ? to + n : NULL, LIST_MAX - n);
	while (n < LIST_MAX &&
	       step(list, &at, ELF_FIELD(&r->d->header, list.p + at, Elf64_Verneed, vn_next), sizeof(Elf64_Verneed)));
	return n;
}

static void read_needs(struct reader *r)
{
	struct bytes list = list_of(r, DT_VERNEED);
	size_t n = walk_needs(r, list, NULL);

	r->d->needs = arena_alloc(r->arena, (n + 1) * sizeof(*r->d->needs));
	r->d->n_needs = walk_needs(r, list, r->d->needs);
}

/* The name of a definition is its first; what follows are those that it comes after. */
static struct bytes name_of_version(struct reader *r, struct bytes list, size_t at)
{
	const struct elf_header *h = &r->d->header;

	if (!step(list, &at, ELF_FIELD(h, list.p + at, Elf64_Verdef, vd_aux), sizeof(Elf64_Verdaux)))
		return (struct bytes){};
	return string_at(r, ELF_FIELD(h, list.p + at, Elf64_Verdaux, vda_name));
}

static void read_versions(struct reader *r)
{
	struct bytes list = list_of(r, DT_VERDEF);
	struct dynamic *d = r->d;
	size_t at = 0, room = list.n / sizeof(Elf64_Verdef);
	uint64_t next = 0;

	if (!room)
		return;
	d->versions = arena_alloc(r->arena, (room < LIST_MAX ? room : LIST_MAX) * sizeof(*d->versions));
	do {
		d->versions[d->n_versions++] = name_of_version(r, list, at);
		next = ELF_FIELD(&d->header, list.p + at, Elf64_Verdef, vd_next);
	} while (d->n_versions < room && d->n_versions < LIST_MAX && step(list, &at, next, sizeof(Elf64_Verdef)));
	d->versions_known = !next;
}

/* --- properties: a note of entries of type, size and data --- */

static size_t aligned(uint64_t size, size_t to)
{
	return size > NOTES_MAX ? NOTES_MAX : ((size_t)size + to - 1) / to * to;
}

static void read_properties(struct dynamic *d, struct bytes in)
{
	const struct elf_header *h = &d->header;
	const size_t head = 8, align = h->bits / 8;

	while (in.n >= head + 4) {
		if (elf_number(h, in.p, 4) == ISA_NEEDED)
			d->isa = (uint32_t)elf_number(h, in.p + head, 4);
		in = bytes_after(in, head + aligned(elf_number(h, in.p + 4, 4), align));
	}
}

static bool is_properties(const struct elf_header *h, struct bytes note)
{
	return ELF_FIELD(h, note.p, Elf64_Nhdr, n_type) == NT_GNU_PROPERTY_TYPE_0 &&
	       ELF_FIELD(h, note.p, Elf64_Nhdr, n_namesz) == 4 && note.n >= sizeof(Elf64_Nhdr) + 4 &&
	       !memcmp(note.p + sizeof(Elf64_Nhdr), "GNU", 4);
}

static void read_notes(struct reader *r)
{
	const struct elf_header *h = &r->d->header;
	struct elf_segment segment;
	struct bytes note;
	uint64_t size;

	if ((h->machine != EM_X86_64 && h->machine != EM_386) || !find_segment(r, PT_GNU_PROPERTY, &segment) ||
	    segment.file_size > NOTES_MAX)
		return;
	note = part_of(r, segment.offset, (size_t)segment.file_size);
	while (note.n >= sizeof(Elf64_Nhdr)) {
		size = ELF_FIELD(h, note.p, Elf64_Nhdr, n_descsz);
		if (is_properties(h, note))
			read_properties(r->d, bytes_first(bytes_after(note, sizeof(Elf64_Nhdr) + 4), (size_t)size));
		note = bytes_after(note, sizeof(Elf64_Nhdr) + aligned(ELF_FIELD(h, note.p, Elf64_Nhdr, n_namesz), 4) +
						 aligned(size, h->bits / 8));
	}
}

/* --- all of it --- */

static enum dynamic_state read_header(struct reader *r)
{
	char room[HEAD];
	ssize_t n = r->source->read(r->source->context, 0, room, sizeof(room));
	struct elf_header *header = &r->d->header;

	if (n < 0)
		return DYNAMIC_UNREADABLE;
	if (!n)
		return DYNAMIC_EMPTY;
	r->head = (struct bytes){ arena_copy(r->arena, room, (size_t)n), (size_t)n };
	if (!elf_header_parse(r->head, header))
		return DYNAMIC_NO_ELF;
	if (!header->complete)
		return header->bits ? DYNAMIC_SHORT : DYNAMIC_DAMAGED;
	if (header->type != ET_EXEC && header->type != ET_DYN)
		return DYNAMIC_TYPE;
	if (!elf_table_fits(header))
		return DYNAMIC_DAMAGED;
	r->table = part_of(r, header->table, elf_table_size(header));
	return r->table.n < elf_table_size(header) ? DYNAMIC_SHORT : DYNAMIC_FINE;
}

static enum dynamic_state read_section(struct reader *r)
{
	struct elf_segment segment;

	r->d->has_interpreter = find_segment(r, PT_INTERP, &segment);
	read_notes(r);
	if (!find_segment(r, PT_DYNAMIC, &segment))
		return DYNAMIC_STATIC;
	r->section =
		part_of(r, segment.offset, segment.file_size < SECTION_MAX ? (size_t)segment.file_size : SECTION_MAX);
	return r->section.n ? DYNAMIC_FINE : DYNAMIC_SHORT;
}

void dynamic_read(struct dynamic *d, struct arena *arena, const struct dynamic_source *source)
{
	struct reader r = { .d = d, .arena = arena, .source = source };
	uint64_t flags;

	*d = (struct dynamic){};
	d->state = read_header(&r);
	if (d->state == DYNAMIC_FINE)
		d->state = read_section(&r);
	if (d->state != DYNAMIC_FINE)
		return;
	flags = value_of(&r, DT_FLAGS_1);
	d->is_position_independent = flags & DF_1_PIE;
	d->no_default = flags & DF_1_NODEFLIB;
	read_strings(&r);
	d->soname = string_of(&r, DT_SONAME);
	d->runpath = string_of(&r, DT_RUNPATH);
	if (!d->runpath.p)
		d->rpath = string_of(&r, DT_RPATH);
	read_needed(&r);
	read_needs(&r);
	read_versions(&r);
}

bool dynamic_is_program(const struct dynamic *d)
{
	return d->header.type == ET_EXEC || d->has_interpreter || d->is_position_independent;
}
