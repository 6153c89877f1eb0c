// SPDX-License-Identifier: GPL-2.0-only
#include "cause/image.h"

#include <elf.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Program headers: all of them, or as many as could be seen. */
struct image {
	struct elf_header header;
	struct bytes table;
	bool complete;
};

/* Bytes of the file: out of its head where they are in it, so that the kernel's own are used. p NULL: unseen. */
static struct bytes part_of(struct facts *f, struct subject *s, uint64_t at, size_t size)
{
	struct bytes head = facts_head(f, s);
	char *room;
	ssize_t n;

	if (head.p && at <= head.n && head.n - at >= size)
		return (struct bytes){ head.p + at, size };
	room = arena_alloc(f->arena, size + 1);
	n = facts_read(f, s, at, room, size);
	return n < 0 ? (struct bytes){} : (struct bytes){ room, (size_t)n };
}

/* How much of the table lies in the head. */
static struct bytes table_in_head(const struct image *image, struct bytes head)
{
	if (image->header.table >= head.n)
		return (struct bytes){};
	return (struct bytes){ head.p + image->header.table, head.n - image->header.table };
}

static bool open_image(struct facts *f, struct subject *s, struct image *image)
{
	struct bytes head = facts_head(f, s);
	size_t size;

	*image = (struct image){};
	if (!head.p || !elf_header_parse(head, &image->header))
		return false;
	if (!image->header.complete || !elf_table_fits(&image->header))
		return true;
	size = elf_table_size(&image->header);
	image->table = part_of(f, s, image->header.table, size);
	image->complete = image->table.n == size;
	if (!image->table.p)
		image->table = table_in_head(image, head);
	return true;
}

/* Whether the file is known to end before that. The kernel's bytes do not tell: they are filled up with zeros. */
static bool is_cut(struct facts *f, struct subject *s, uint64_t at, uint64_t size)
{
	bool user = f->user;
	uint64_t file;

	if (facts_size(f, s, &file) && (at > file || file - at < size))
		return true;
	f->user = user;
	return false;
}

static bool table_is_cut(struct facts *f, struct subject *s, const struct elf_header *header)
{
	return is_cut(f, s, 0, header->bits == 64 ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr)) ||
	       is_cut(f, s, header->table, elf_table_size(header));
}

static enum image_fault check_loader_name(struct facts *f, struct subject *s, const struct elf_segment *segment,
					  struct bytes *loader)
{
	struct bytes name;

	if (segment->file_size < 2 || segment->file_size > PATH_MAX)
		return IMAGE_BAD_LOADER_NAME;
	name = part_of(f, s, segment->offset, segment->file_size);
	if (!name.p)
		return IMAGE_UNSEEN;
	if (name.n < segment->file_size)
		return IMAGE_LOADER_NAME_CUT;
	if (name.p[name.n - 1])
		return IMAGE_BAD_LOADER_NAME;
	*loader = (struct bytes){ name.p, strlen(name.p) };
	return IMAGE_FINE;
}

static enum image_fault check_type(const struct elf_header *header)
{
	switch (header->type) {
	case ET_EXEC:
	case ET_DYN:
		return IMAGE_FINE;
	case ET_REL:
		return IMAGE_OBJECT;
	case ET_CORE:
		return IMAGE_CORE;
	default:
		return IMAGE_OTHER_TYPE;
	}
}

/* Nothing is behind the first bytes: they may be NULs that the kernel's buffer was filled up with. */
static bool is_blank(const struct elf_header *header)
{
	return !header->machine && !header->type;
}

static enum image_fault check_header(struct facts *f, struct subject *s, const struct elf_header *header)
{
	if (is_blank(header) || is_cut(f, s, 0, offsetof(Elf32_Ehdr, e_version)))
		return IMAGE_TRUNCATED;
	/* Of another machine, the type is not worth a word; of an object file or a dump, it says more. */
	if (check_type(header) != IMAGE_FINE)
		return check_type(header);
	if (!header->machine)
		return IMAGE_NO_MACHINE;
	if (!header->bits)
		return IMAGE_BAD_TABLE;
	if (elf_runs_on(header, f->machine) == ELF_RUNS_NOT)
		return IMAGE_OTHER_MACHINE;
	if (header->bits == 64 && (header->machine == EM_386 || header->machine == EM_ARM))
		return IMAGE_BAD_CLASS;
	return header->complete ? IMAGE_FINE : IMAGE_TRUNCATED;
}

/* 8030790477e8 (6.17) takes more than a page of them. */
static bool is_beyond_page(struct facts *f, const struct elf_header *header)
{
	return f->kernel->version && f->kernel->version < VIEW_VERSION(6, 17) &&
	       elf_table_size(header) > (size_t)sysconf(_SC_PAGESIZE);
}

enum image_fault image_check(struct facts *f, struct subject *s, struct bytes *loader)
{
	struct elf_segment segment;
	enum image_fault fault;
	struct image image;

	*loader = (struct bytes){};
	if (!open_image(f, s, &image))
		return IMAGE_UNSEEN;
	fault = check_header(f, s, &image.header);
	if (fault)
		return fault;
	if (table_is_cut(f, s, &image.header))
		return elf_table_fits(&image.header) || !image.header.entries ? IMAGE_TRUNCATED : IMAGE_BAD_TABLE;
	if (!elf_table_fits(&image.header))
		return IMAGE_BAD_TABLE;
	if (is_beyond_page(f, &image.header))
		return IMAGE_MANY_HEADERS;
	if (!image.complete)
		return IMAGE_UNSEEN;
	for (size_t i = 0; elf_segment_parse(&image.header, image.table, i, &segment); i++)
		if (segment.type == PT_INTERP)
			return check_loader_name(f, s, &segment, loader);
	return IMAGE_FINE;
}

/* Of a file that is not seen, as little is known as of one that is fine. */
static bool is_other_machine(struct facts *f, const struct elf_header *header, struct subject *asker)
{
	struct bytes head = asker ? facts_head(f, asker) : (struct bytes){};
	struct elf_header wanted;

	if (!head.p || !elf_header_parse(head, &wanted) || !wanted.machine)
		return false;
	return wanted.machine != header->machine || wanted.bits != header->bits;
}

enum image_fault image_check_loader(struct facts *f, struct subject *s)
{
	struct bytes head = facts_head(f, s), loader;
	enum image_fault fault = image_check(f, s, &loader);
	struct elf_header header;

	if ((fault == IMAGE_FINE || fault == IMAGE_UNSEEN) && head.p && elf_header_parse(head, &header) &&
	    is_other_machine(f, &header, s->asker))
		return IMAGE_OTHER_MACHINE;
	return fault;
}

const char *image_fault_name(enum image_fault fault)
{
	static const char *const names[] = {
		[IMAGE_TRUNCATED] = "an ELF file that ends too early",
		[IMAGE_OBJECT] = "an object file, not linked",
		[IMAGE_CORE] = "a core dump",
		[IMAGE_OTHER_TYPE] = "an ELF file of a type that no program has",
		[IMAGE_OTHER_MACHINE] = "an ELF file for another machine",
		[IMAGE_NO_MACHINE] = "a damaged ELF file, for no machine",
		[IMAGE_BAD_CLASS] = "a damaged ELF file, with 64-bit headers for a machine of 32 bits",
		[IMAGE_BAD_TABLE] = "a damaged ELF file, with program headers that make no sense",
		[IMAGE_MANY_HEADERS] = "an ELF file with more program headers than Linux took before 6.17",
		[IMAGE_BAD_LOADER_NAME] = "a damaged ELF file, with a loader's name (PT_INTERP) that makes no sense",
		[IMAGE_LOADER_NAME_CUT] = "an ELF file that ends before its loader's name (PT_INTERP)",
	};

	return names[fault];
}

int image_error(enum image_fault fault)
{
	switch (fault) {
	case IMAGE_FINE:
		return 0;
	case IMAGE_UNSEEN:
		return EAGAIN;
	case IMAGE_LOADER_NAME_CUT:
		return EIO;
	default:
		return ENOEXEC;
	}
}

/* --- segments --- */

static bool number_of(struct facts *f, enum view_text which, const char *name, uint64_t *number)
{
	struct bytes text = facts_text(f, which, name);
	char *end;

	if (!text.p)
		return false;
	*number = strtoull(text.p, &end, 10);
	return end != text.p;
}

/* Memory and swap, in bytes; 0: unknown. */
static uint64_t memory_of_machine(struct facts *f)
{
	static const char *const names[] = { "MemTotal:", "SwapTotal:" };
	struct bytes text = facts_text(f, VIEW_PROC, "meminfo");
	uint64_t kib = 0;

	for (size_t i = 0; text.p && i < sizeof(names) / sizeof(names[0]); i++) {
		const char *at = strstr(text.p, names[i]);

		kib += at ? strtoull(at + strlen(names[i]), NULL, 10) : 0;
	}
	return kib << 10;
}

/* vm.overcommit_memory=1: the kernel promises what it does not have. */
static bool may_overcommit(struct facts *f)
{
	uint64_t mode = 0;

	return number_of(f, VIEW_PROC, "sys/vm/overcommit_memory", &mode) && mode == 1;
}

static uint64_t end_of(const struct elf_segment *segment)
{
	uint64_t end;

	return __builtin_add_overflow(segment->address, segment->memory_size, &end) ? UINT64_MAX : end;
}

/* No machine gives programs more than 56 bits of addresses, and 32-bit programs have what they can name. */
static bool outside(const struct elf_header *header, const struct elf_segment *segment)
{
	return header->bits == 64 && end_of(segment) > 1ull << 56;
}

/* The page where its zeros begin is of a file that has none there. */
static bool is_cut_off(struct facts *f, struct subject *s, const struct elf_segment *segment, uint64_t page)
{
	uint64_t size, end;

	return segment->file_size < segment->memory_size && facts_size(f, s, &size) &&
	       !__builtin_add_overflow(segment->offset, segment->file_size, &end) && end & page &&
	       (end & ~page) >= size;
}

static bool segment_has(struct facts *f, struct subject *s, const struct elf_header *header,
			const struct elf_segment *segment, enum segment_fault fault)
{
	uint64_t lowest = 65536, page = (uint64_t)sysconf(_SC_PAGESIZE) - 1;

	switch (fault) {
	case SEGMENT_SIZES:
		return segment->file_size > segment->memory_size;
	case SEGMENT_ADDRESS:
		return outside(header, segment);
	case SEGMENT_OFFSET:
		return segment->file_size && (segment->offset ^ segment->address) & page;
	case SEGMENT_ZEROS:
		return segment->file_size < segment->memory_size && !(segment->flags & PF_W) &&
		       (segment->address + segment->file_size) & page;
	case SEGMENT_CUT_OFF:
		return is_cut_off(f, s, segment, page);
	case SEGMENT_LOW:
		number_of(f, VIEW_PROC, "sys/vm/mmap_min_addr", &lowest);
		return header->type == ET_EXEC && segment->address < lowest;
	case SEGMENT_WRITABLE_CODE:
		return segment->flags & PF_W && segment->flags & PF_X;
	default:
		return false;
	}
}

static void add(uint64_t *sum, uint64_t bytes)
{
	if (__builtin_add_overflow(*sum, bytes, sum))
		*sum = UINT64_MAX;
}

bool image_has(struct facts *f, struct subject *s, enum segment_fault fault, struct segments *segments)
{
	struct elf_segment segment;
	struct image image;
	uint64_t memory;
	bool has = false;

	*segments = (struct segments){};
	if (!open_image(f, s, &image))
		return false;
	for (size_t i = 0; elf_segment_parse(&image.header, image.table, i, &segment); i++) {
		if (segment.type != PT_LOAD)
			continue;
		add(&segments->total, segment.memory_size);
		if (segment.flags & PF_W)
			add(&segments->writable, segment.memory_size);
		if (has || !segment_has(f, s, &image.header, &segment, fault))
			continue;
		segments->worst = segment;
		has = true;
	}
	if (fault != SEGMENT_HUGE)
		return has || fault == SEGMENT_BIG;
	memory = may_overcommit(f) ? 0 : memory_of_machine(f);
	return memory && segments->total > memory;
}
