// SPDX-License-Identifier: GPL-2.0-only
#include "event/strings.h"

#include <string.h>

#include "base/buffer.h"

void piece_mark(struct event *e, enum event_part part, uint16_t flags)
{
	if (flags & SECTION_CUT)
		e->cut |= 1u << part;
	if (flags & SECTION_UNREADABLE)
		e->unreadable |= 1u << part;
	if (flags & SECTION_DELETED)
		e->removed |= 1u << part;
}

/* In a flood, and of one program, all environments are the same. The number of this one. */
static uint64_t environment_number(const struct piece *piece)
{
	static struct buffer last;
	static uint64_t number;

	if (last.n != piece->n || memcmp(last.p, piece->p, piece->n)) {
		last.n = 0;
		buffer_add(&last, piece->p, piece->n);
		number++;
	}
	return number;
}

/*
 * Pointers and the memory that they point into, of the caller: they may point anywhere in it, also all to one place. So no more is
 * taken of it than there would be of elements.
 */
static struct bytes_list block_list(struct event *e, const struct piece *piece, enum event_part part)
{
	struct bytes_list list = { .known = true };
	size_t left = RECORD_STRINGS_MAX, n, size;
	struct block head = {};
	const char *memory;
	uint64_t pointer;

	if (piece->n >= sizeof(head))
		memcpy(&head, piece->p, sizeof(head));
	if (piece->n < sizeof(head) || (piece->n - sizeof(head)) / sizeof(pointer) < head.count)
		return (struct bytes_list){};
	n = piece->n - sizeof(head) - head.count * sizeof(pointer);
	memory = arena_copy(e->arena, piece->p + piece->n - n, n);
	list.v = arena_alloc(e->arena, (head.count + 1) * sizeof(*list.v));
	for (; list.n < head.count && left; list.n++) {
		memcpy(&pointer, piece->p + sizeof(head) + list.n * sizeof(pointer), sizeof(pointer));
		if (pointer - head.base > n) {
			piece_mark(e, part, SECTION_UNREADABLE);
			continue;
		}
		size = strnlen(memory + (pointer - head.base), n - (pointer - head.base));
		if (size > left)
			piece_mark(e, part, SECTION_CUT);
		size = size < left ? size : left;
		list.v[list.n] = (struct bytes){ .p = memory + (pointer - head.base), .n = size };
		left -= size;
	}
	list.more = list.n < head.count;
	list.same = part == PART_ENVIRONMENT ? environment_number(piece) : 0;
	piece_mark(e, part, list.more ? SECTION_CUT : 0);
	return list;
}

/* Strings one behind the other: the last has its NUL, unless there was more. */
struct bytes_list strings_joined(struct event *e, const struct piece *piece)
{
	struct bytes rest = { arena_copy(e->arena, piece->p, piece->n), piece->n };
	struct bytes_list list = { .known = !(piece->flags & SECTION_UNREADABLE), .more = piece->flags & SECTION_MORE };
	size_t count = 1;

	for (size_t i = 0; i < rest.n; i++)
		count += !rest.p[i];
	list.v = arena_alloc(e->arena, count * sizeof(*list.v));
	while (rest.n)
		list.v[list.n++] = bytes_cut(&rest, '\0');
	return list;
}

struct bytes_list strings_of(struct event *e, const struct piece *piece, enum event_part part)
{
	struct bytes_list list = { .known = true, .more = piece->flags & SECTION_MORE };
	struct element head;
	size_t off, count = 0;

	piece_mark(e, part, piece->flags);
	if (piece->flags & SECTION_JOINED)
		return strings_joined(e, piece);
	if (piece->flags & SECTION_BLOCK)
		return block_list(e, piece, part);
	for (off = 0; off + sizeof(head) <= piece->n; off += sizeof(head) + head.len, count++)
		memcpy(&head, piece->p + off, sizeof(head));
	list.v = arena_alloc(e->arena, (count + 1) * sizeof(*list.v));
	for (off = 0; off + sizeof(head) <= piece->n; off += sizeof(head) + head.len) {
		memcpy(&head, piece->p + off, sizeof(head));
		if (head.len > piece->n - off - sizeof(head)) {
			/* The record was full in the middle of it. */
			head.len = piece->n - off - sizeof(head);
			piece_mark(e, part, SECTION_CUT);
			list.more = true;
		}
		if (!(head.flags & ELEMENT_UNREADABLE))
			list.v[list.n] = (struct bytes){ arena_copy(e->arena, piece->p + off + sizeof(head), head.len), head.len };
		list.n++;
	}
	/* Not even the array could be read. */
	if (!list.n && piece->flags & SECTION_UNREADABLE)
		list.known = false;
	return list;
}
