// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "strings.bpf.h"

#include "attempt.bpf.h"
#include "record.bpf.h"

/* The i-th pointer of the array; on the new stack there is no array, strings lie one behind the other. */
static __always_inline long string_pointer(struct scratch *s, u32 i, u32 source, u64 *ptr)
{
	u32 narrow = 0;
	long err;

	if (source == STRINGS_STACK) {
		*ptr = i < s->limit ? s->stack : 0;
		return 0;
	}
	if (source == STRINGS_COMPAT) {
		err = bpf_probe_read_user(&narrow, sizeof(narrow), (void *)(s->where + i * sizeof(narrow)));
		*ptr = narrow;
		return err;
	}
	if (source == STRINGS_KERNEL)
		return bpf_probe_read_kernel(ptr, sizeof(*ptr), (void *)(s->where + i * sizeof(*ptr)));
	return bpf_probe_read_user(ptr, sizeof(*ptr), (void *)(s->where + i * sizeof(*ptr)));
}

static __always_inline long string_read(void *dst, u64 size, u64 ptr, u32 source)
{
	if (source == STRINGS_KERNEL)
		return bpf_probe_read_kernel_str(dst, size, (void *)ptr);
	return bpf_probe_read_user_str(dst, size, (void *)ptr);
}

/*
 * Copies one string as an element. False when there is no room for it. Sign masks in the place of conditions: each turn
 * of the loop is verified in all its ways, where functions are not verified on their own.
 */
static __always_inline bool element_put(struct scratch *s, u64 ptr, u32 source)
{
	struct element *e;
	u64 off = s->len, room = s->left;
	s64 n, len, over, failed, cut;

	if (off > SECTION_LAST || !room)
		return false;
	bound(off, RECORD_MASK);
	e = (void *)(s->data + off);
	/* Besides the NUL one byte more than may be kept: it tells a string that is cut from one that just fits. */
	room += 2;
	bound(room, STRINGS_MASK);
	n = string_read(s->data + off + sizeof(*e), room, ptr, source);
	failed = n >> 63;
	/* strncpy_from_user_nofault() counts the NUL of an empty string on some kernels and not on others. */
	len = n - 1;
	len &= ~(len >> 63);
	s->stack = ptr + len + 1;
	over = (s64)s->left - len;
	cut = over >> 63;
	len += over & cut;
	s->section_flags |= (failed & SECTION_UNREADABLE) | (cut & SECTION_CUT);
	e->flags = (failed & ELEMENT_UNREADABLE) | (cut & ELEMENT_CUT);
	e->len = len;
	s->len = off + sizeof(*e) + len;
	s->left -= len;
	return true;
}

/* Reads it piece by piece to behind what was written, where the next section will be. */
static __always_inline u32 string_length(struct scratch *s, u64 ptr, u32 source)
{
	u32 len = 0;
	u64 off;
	s64 n;
	int i;

	for (i = 0; i < RECORD_MEASURED_STRING / STRINGS_MASK + 1; i++) {
		off = s->len;
		bound(off, RECORD_MASK);
		n = string_read(s->data + off, STRINGS_MASK, ptr + len, source);
		if (n <= 0)
			break;
		len += n - 1;
		if (n < STRINGS_MASK)
			break;
	}
	return len;
}

__noinline int strings_measure(u32 slot, u32 index, u64 ptr, u32 source)
{
	struct scratch *s = scratch_get(slot);
	struct record_longest *longest;
	u32 len;

	if (!s || s->longest_facts.total >= RECORD_MEASURED_MAX)
		return 0;
	longest = &s->longest_facts;
	len = string_length(s, ptr, source);
	longest->total += len + 1;
	if (s->longest && len <= longest->len)
		return 0;
	s->longest = ptr;
	longest->kind = s->kind;
	longest->index = index;
	longest->len = len;
	return 0;
}

__noinline int strings_longest(u32 slot)
{
	struct scratch *s = scratch_get(slot);
	u64 off;
	long n;

	if (!s || !s->longest || !section_begin(s, SECTION_LONGEST))
		return 0;
	off = s->len;
	bound(off, RECORD_MASK);
	__builtin_memcpy(s->data + off, &s->longest_facts, sizeof(s->longest_facts));
	off += sizeof(s->longest_facts);
	n = string_read(s->data + off, RECORD_LONGEST_START + 1, s->longest, s->call.source);
	s->len = off + (n > 0 ? n - 1 : 0);
	section_end(s, 0);
	return 0;
}

/* One turn of strings_copy(), on its own so that it is verified once. Not 0: it was the last. */
__noinline int strings_one(u32 slot, u32 i, u32 source)
{
	struct scratch *s = scratch_get(slot);
	u64 ptr = 0;
	u32 len;

	if (!s)
		return 1;
	if (string_pointer(s, i, source, &ptr)) {
		s->section_flags |= SECTION_UNREADABLE;
		return 1;
	}
	if (!ptr) {
		s->ended = 1;
		return 1;
	}
	s->next = i + 1;
	if (loop_limit(true, false) && s->measure)
		strings_measure(slot, i, ptr, source);
	len = s->len;
	if (!element_put(s, ptr, source)) {
		s->section_flags |= SECTION_CUT | SECTION_MORE;
		return 1;
	}
	if (source == STRINGS_STACK && i < s->skip)
		s->len = len;
	return 0;
}

/* Not 0: it held the last. */
__noinline int strings_batch(u32 slot, u32 first, u32 source)
{
	u32 i;

	for (i = 0; i < STRINGS_BATCH; i++)
		if (strings_one(slot, first + i, source))
			return 1;
	return 0;
}

/* Not 0: the last is among the n-th batches. */
__noinline int strings_batches(u32 slot, u32 n, u32 source)
{
	u32 i;

	for (i = 0; i < loop_limit(BATCHES, 1); i++)
		if (strings_batch(slot, (n * loop_limit(BATCHES, 1) + i) * STRINGS_BATCH, source))
			return 1;
	return 0;
}

#define BLOCK_POINTERS 64
#define BLOCK_SOME 13 /* with the NULL behind the last, so that they come out even */
#define BLOCK_MASK 0x3fff
#define BLOCK_SPAN 12288 /* bytes between the first and the last string */
#define BLOCK_LAST 4096 /* bytes of the last one */
#define BLOCK_TAIL 64 /* of which so many are read with the others, if its page goes that far */
#define INT64_MAX 0x7fffffffffffffffL
#define PAGE_SIZE 4096 /* or more: what a read may cross without meeting another page */

_Static_assert(SECTION_LAST + 4096 + BLOCK_SPAN + BLOCK_TAIL + BLOCK_LAST < RECORD_MASK + STRINGS_MASK &&
		       BLOCK_SPAN <= BLOCK_MASK,
	       "a block that begins at the last offset still has room");

/* The pointers in one go, and behind them a NULL in any case: what is behind the page may not be there. */
static __always_inline bool block_pointers(struct scratch *s, u64 off)
{
	u64 left = PAGE_SIZE - (s->where & (PAGE_SIZE - 1));
	char *to;

	bound(off, RECORD_MASK);
	to = s->data + off;
	if (!bpf_probe_read_user(to, (BLOCK_POINTERS + 1) * sizeof(u64), (void *)s->where))
		return true;
	if (left >= (BLOCK_POINTERS + 1) * sizeof(u64))
		return false;
	bound(left, 0x3ff);
	if (bpf_probe_read_user(to, left, (void *)s->where))
		return false;
	/* Once more: before 5.11 what the verifier knew of it is gone where the compiler kept it on the stack. */
	bound(left, 0x3ff);
	*(u64 *)(to + left) = 0;
	return true;
}

/* Some of them. Not 0: the last was among those. No branch but for that, or the verifier would go all ways of all turns. */
__noinline int block_measure_some(u32 slot, u64 off)
{
	struct scratch *s = scratch_get(slot);
	s64 p, below, above;
	u64 *pointers;
	u32 i;

	if (!s)
		return 1;
	bound(off, RECORD_MASK);
	pointers = (void *)(s->data + off);
	for (i = 0; i < BLOCK_SOME; i++) {
		p = pointers[i];
		if (!p)
			return 1;
		s->addresses |= p;
		below = p - (s64)s->lowest;
		above = (s64)s->highest - p;
		opaque(below);
		opaque(above);
		s->lowest += below & (below >> 63);
		s->highest -= above & (above >> 63);
	}
	return 0;
}

/* The span of what they point to, in whatever order. */
static __always_inline void block_measure_any(u32 slot, struct scratch *s, u64 off)
{
	s->addresses = 0;
	s->lowest = INT64_MAX;
	s->highest = 0;
	for (u32 i = 0; i <= BLOCK_POINTERS; i += BLOCK_SOME)
		if (block_measure_some(slot, off + i * sizeof(u64)))
			break;
	/* An address that no user has: too far from all others. */
	if (s->addresses >> 62)
		s->highest = ~0UL;
}

/*
 * How many there are, and the span of what they point to: at once where each lies behind the one before, as an exec
 * leaves them. What was found goes through memory, where the verifier forgets what it was.
 */
__noinline int block_measure(u32 slot, u64 off)
{
	u64 *pointers, p, before = 0, falls = 0;
	struct scratch *s = scratch_get(slot);
	u32 i;

	if (!s)
		return 0;
	bound(off, RECORD_MASK);
	pointers = (void *)(s->data + off);
#pragma clang loop unroll(disable)
	for (i = 0; i <= BLOCK_POINTERS; i++) {
		p = pointers[i];
		if (!p)
			break;
		falls |= p - before;
		before = p;
	}
	s->next = i;
	s->lowest = pointers[0];
	s->highest = before;
	if (falls >> 63)
		block_measure_any(slot, s, off);
	return 0;
}

/* How many of those bytes, in words, it takes to come to a NUL. 0: there is none. */
static __always_inline u32 block_tail_length(const char *tail)
{
	const u64 ones = 0x0101010101010101, highs = 0x8080808080808080;
	u64 word;

#pragma clang loop unroll(disable)
	for (u32 i = 0; i < BLOCK_TAIL; i += sizeof(word)) {
		word = *(u64 *)(tail + i);
		if (word - ones & ~word & highs)
			return i + sizeof(word);
	}
	return 0;
}

/*
 * All strings of the list in two or three reads, SECTION_BLOCK; user space cuts them. 0: they are too many, or lie too
 * far apart, or there is something that cannot be read, and then nothing is written.
 */
__noinline int strings_block(u32 slot)
{
	struct scratch *s = scratch_get(slot);
	struct block *block;
	u64 off, span, tail, n;
	char *to;
	long last = 0;

	if (!s)
		return 0;
	off = s->len;
	if (off > SECTION_LAST || !block_pointers(s, off + sizeof(*block)))
		return 0;
	block_measure(slot, off + sizeof(*block));
	n = s->next;
	span = s->highest - s->lowest;
	if (n > BLOCK_POINTERS || (n && span > BLOCK_SPAN))
		return 0;
	bound(off, RECORD_MASK);
	block = (void *)(s->data + off);
	block->base = s->lowest;
	block->count = n;
	block->reserved = 0;
	off += sizeof(*block) + n * sizeof(u64);
	if (off > SECTION_LAST)
		return 0;
	bound(off, RECORD_MASK);
	to = s->data + off;
	if (n) {
		tail = (s->highest & (PAGE_SIZE - 1)) > PAGE_SIZE - BLOCK_TAIL ? 0 : BLOCK_TAIL;
		bound(span, BLOCK_MASK);
		if (span + tail && bpf_probe_read_user(to, span + tail, (void *)s->lowest))
			return 0;
		if (tail)
			last = block_tail_length(to + span);
		if (!last)
			last = bpf_probe_read_user_str(to + span, BLOCK_LAST, (void *)s->highest);
		if (last < 0 || last == BLOCK_LAST || off + span + last > RECORD_MAX)
			return 0;
		off += span + last;
	}
	s->len = off;
	s->ended = 1;
	return 1;
}

/*
 * The new stack has the arguments as the kernel changed them for an interpreter: in the place of the first are the
 * interpreter, its argument and the script. The caller's first is gone.
 */
static __always_inline void strings_of_script(struct scratch *s, struct record *r)
{
	struct attempt *a = scratch_attempt(s);
	struct element *e;
	u64 off = s->len;

	if (!a || !a->level || r->kind != RECORD_FAILED)
		return;

	s->skip = a->stack_argc - r->argc + 1;
	s->limit = a->stack_argc;
	bound(off, RECORD_MASK);
	e = (void *)(s->data + off);
	e->len = 0;
	e->flags = ELEMENT_UNREADABLE;
	s->len = off + sizeof(*e);
	s->section_flags = SECTION_UNREADABLE;
}

/* Not 0: the end of the list was seen, or it cannot be. */
__noinline int strings_count_one(u32 slot, u32 source)
{
	struct scratch *s = scratch_get(slot);
	u64 ptr = 0;

	if (!s || string_pointer(s, s->next, source, &ptr))
		return 1;
	if (!ptr) {
		s->ended = 1;
		return 1;
	}
	if (s->measure)
		strings_measure(slot, s->next, ptr, source);
	s->next++;
	return 0;
}

/* Some of those, likewise. */
__noinline int strings_count_batch(u32 slot, u32 source)
{
	u32 i;

	for (i = 0; i < STRINGS_BATCH; i++)
		if (strings_count_one(slot, source))
			return 1;
	return 0;
}

__noinline int strings_count_batches(u32 slot, u32 source)
{
	u32 i;

	for (i = 0; i < COUNT_BATCHES; i++)
		if (strings_count_batch(slot, source))
			return 1;
	return 0;
}

static __always_inline u32 *strings_known(struct scratch *s)
{
	struct record *r = (struct record *)s->data;

	return s->kind == SECTION_ARGUMENTS ? &r->argc : &r->envc;
}

/* Goes on to the end of a list, of which only the first strings may have had room; before 5.8 those were all. */
__noinline int strings_count(u32 slot, u32 source)
{
	struct scratch *s = scratch_get(slot);
	u32 i;

	if (!s || (*strings_known(s) != RECORD_UNKNOWN && !s->measure) || source == STRINGS_STACK)
		return 0;
	for (i = 0; i < loop_limit(COUNT_BATCHES, 0); i++)
		if (strings_count_batches(slot, source))
			break;
	return 0;
}

/* One by one. Not 0: the last was among them. */
__noinline int strings_all(u32 slot, u32 source)
{
	u32 i;

	for (i = 0; i < loop_limit(BATCHES_TIMES, BATCHES_TIMES_STATIC); i++)
		if (strings_batches(slot, i, source))
			return 1;
	return 0;
}

__noinline int strings_copy(u32 slot, u32 kind)
{
	struct scratch *s = scratch_get(slot);
	u32 last = 1, source;
	struct record *r;
	u64 where;

	if (!s || !section_begin(s, kind))
		return 0;
	source = s->call.source;
	where = kind == SECTION_ARGUMENTS ? s->call.argv : s->call.envp;
	r = (struct record *)s->data;
	s->limit = kind == SECTION_ARGUMENTS ? r->argc : r->envc;
	/* One list lies behind the other, unless the new memory tells of both. */
	if (kind == SECTION_ARGUMENTS || s->call.envp != s->call.argv)
		s->stack = where;
	s->where = where;
	s->kind = kind;
	s->left = RECORD_STRINGS_MAX;
	s->section_flags = 0;
	s->skip = 0;
	s->next = 0;
	s->ended = 0;
	if (kind == SECTION_ARGUMENTS || s->call.envp != s->call.argv)
		s->astray = 0;
	/* Where one list ends is known only by its count. */
	if (source == STRINGS_STACK && (s->astray || s->limit == RECORD_UNKNOWN)) {
		s->astray = 1;
		section_end(s, SECTION_UNREADABLE);
		return 0;
	}
	if (kind == SECTION_ARGUMENTS && source == STRINGS_STACK)
		strings_of_script(s, r);
	if (loop_limit(true, false) && where && source == STRINGS_USER && !s->measure && strings_block(slot)) {
		s->section_flags = SECTION_BLOCK;
	} else if (where) {
		s->next = 0;
		last = strings_all(slot, source);
	}
	s->astray = !s->ended || s->section_flags & SECTION_CUT;
	section_end(s, last ? s->section_flags : s->section_flags | SECTION_CUT | SECTION_MORE);
	if (!s->ended)
		strings_count(slot, source);
	if (s->ended && *strings_known(s) == RECORD_UNKNOWN)
		*strings_known(s) = s->next;
	if (kind == SECTION_ARGUMENTS && s->section_flags & SECTION_UNREADABLE &&
	    (source == STRINGS_USER || source == STRINGS_COMPAT))
		section_bytes(s, SECTION_ARGV, &s->where, sizeof(s->where), 0xf, 0);
	return 0;
}
