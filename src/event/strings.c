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

/* A block that was taken apart: what it consisted of, and what came of it. Strings are in raw. */
struct known {
	struct buffer raw;
	uint16_t flags;
	struct buffer strings; /* struct bytes each */
	struct bytes_list list;
	uint16_t marks;
};

static struct bytes known_string(struct known *known, const char *memory, size_t at, size_t left)
{
	size_t room = (size_t)(known->raw.p + known->raw.n - memory), n;

	if (at > room) {
		known->marks |= SECTION_UNREADABLE;
		return (struct bytes){};
	}
	n = strnlen(memory + at, room - at);
	if (n > left)
		known->marks |= SECTION_CUT;
	return (struct bytes){ .p = memory + at, .n = n < left ? n : left };
}

/*
 * Pointers and the memory that they point into, of the caller: they may point anywhere in it, also all to one place. So
 * no more is taken of it than there would be of elements.
 */
static void known_cut(struct known *known, const struct block *head)
{
	const char *pointers = known->raw.p + sizeof(*head);
	size_t left = RECORD_STRINGS_MAX, i;
	struct bytes string;
	uint64_t pointer;

	known->strings.n = known->marks = 0;
	for (i = 0; i < head->count && left; i++) {
		memcpy(&pointer, pointers + i * sizeof(pointer), sizeof(pointer));
		string = known_string(known, pointers + head->count * sizeof(pointer), pointer - head->base, left);
		buffer_add(&known->strings, &string, sizeof(string));
		left -= string.n;
	}
	known->list.n = i;
	known->list.more = i < head->count;
	known->list.known = true;
	known->marks |= known->list.more ? SECTION_CUT : 0;
}

/* False: it is none. */
static bool known_take(struct known *known, const struct piece *piece)
{
	static uint64_t number;
	struct block head;

	if (piece->n < sizeof(head))
		return false;
	memcpy(&head, piece->p, sizeof(head));
	if ((piece->n - sizeof(head)) / sizeof(uint64_t) < head.count)
		return false;
	known->raw.n = 0;
	buffer_add(&known->raw, piece->p, piece->n);
	known->flags = piece->flags;
	known_cut(known, &head);
	known->list.same = ++number;
	return true;
}

/* In a flood, and of one program, all of them are the same as the one before. */
static struct bytes_list block_list(struct event *e, const struct piece *piece, enum event_part part)
{
	static struct known last[2];
	struct known *known = &last[part == PART_ENVIRONMENT];
	struct bytes_list list;
	const char *raw;

	if ((known->raw.n != piece->n || known->flags != piece->flags || memcmp(known->raw.p, piece->p, piece->n)) &&
	    !known_take(known, piece))
		return (struct bytes_list){};
	list = known->list;
	raw = arena_copy(e->arena, known->raw.p, known->raw.n);
	list.v = arena_alloc(e->arena, known->strings.n + sizeof(*list.v));
	if (list.n)
		memcpy(list.v, known->strings.p, known->strings.n);
	for (size_t i = 0; i < list.n; i++)
		if (list.v[i].p)
			list.v[i].p = raw + (list.v[i].p - known->raw.p);
	piece_mark(e, part, known->marks);
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
			list.v[list.n] = (struct bytes){ arena_copy(e->arena, piece->p + off + sizeof(head), head.len),
							 head.len };
		list.n++;
	}
	/* Not even the array could be read. */
	if (!list.n && piece->flags & SECTION_UNREADABLE)
		list.known = false;
	return list;
}
