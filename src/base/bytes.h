/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bytes of another process, or any others: any value, but no promise of a terminator or an encoding. Who made them owns
 * them, mostly an arena; p NULL: unknown, which is like nothing else, begins and ends with nothing, and where n is 0.
 *
 * Nothing here allocates or copies: what is returned points into what was given. Strings are never NULL but for
 * bytes_of().
 */
#ifndef EXECFAIL_BYTES_H
#define EXECFAIL_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct bytes {
	const char *p;
	size_t n;
};

/* Of a string, without its NUL, which stays its owner's. NULL is unknown. */
static inline struct bytes bytes_of(const char *string)
{
	return (struct bytes){ string, string ? strlen(string) : 0 };
}

/* Nobody gains from a collision but a slower answer to questions of their own. */
static inline uint64_t bytes_hash(struct bytes in)
{
	const uint64_t prime = 0x9e3779b97f4a7c15;
	uint64_t hash = in.n, word;
	size_t i = 0;

	for (; in.n - i >= sizeof(word); i += sizeof(word)) {
		memcpy(&word, in.p + i, sizeof(word));
		hash = (hash ^ word) * prime;
		hash ^= hash >> 32;
	}
	for (; i < in.n; i++)
		hash = (hash ^ (unsigned char)in.p[i]) * prime;
	return hash ^ hash >> 29;
}

/* What is unknown is not even the same as itself. */
static inline bool bytes_same(struct bytes a, struct bytes b)
{
	return a.p && b.p && a.n == b.n && !memcmp(a.p, b.p, a.n);
}

static inline bool bytes_is(struct bytes in, const char *string)
{
	return bytes_same(in, bytes_of(string));
}

static inline bool bytes_begins(struct bytes in, const char *start)
{
	size_t n = strlen(start);

	return in.p && in.n >= n && !memcmp(in.p, start, n);
}

static inline bool bytes_ends(struct bytes in, const char *end)
{
	size_t n = strlen(end);

	return in.p && in.n >= n && !memcmp(in.p + in.n - n, end, n);
}

/* What is behind the first n of them, or behind their end. */
static inline struct bytes bytes_after(struct bytes in, size_t n)
{
	n = n < in.n ? n : in.n;
	return (struct bytes){ in.p ? in.p + n : NULL, in.n - n };
}

/* The first n of them, or all. */
static inline struct bytes bytes_first(struct bytes in, size_t n)
{
	return (struct bytes){ in.p, n < in.n ? n : in.n };
}

/* How many bytes are before the first such one; all, where there is none. */
static inline size_t bytes_find(struct bytes in, char c)
{
	const char *at = in.n ? memchr(in.p, c, in.n) : NULL;

	return at ? (size_t)(at - in.p) : in.n;
}

static inline bool bytes_has(struct bytes in, char c)
{
	return bytes_find(in, c) < in.n;
}

/*
 * Cuts what is before the first such byte off the front, and returns it; the byte goes, too. All, where there is none.
 */
static inline struct bytes bytes_cut(struct bytes *in, char c)
{
	size_t n = bytes_find(*in, c);
	struct bytes before = bytes_first(*in, n);

	*in = bytes_after(*in, n + 1);
	return before;
}

/* The last name of a path: what is behind its last slash, or all of it. */
static inline struct bytes bytes_base(struct bytes path)
{
	const char *slash = path.n ? memrchr(path.p, '/', path.n) : NULL;

	return slash ? bytes_after(path, (size_t)(slash + 1 - path.p)) : path;
}

/*
 * The directory that a path's last name is in, without the slash behind it, unless it is "/"; empty: the path has no
 * slash.
 */
static inline struct bytes bytes_directory(struct bytes path)
{
	size_t n = path.n - bytes_base(path).n;

	return bytes_first(path, n > 1 ? n - 1 : n);
}

/* Whether a path is that place, or leads below it. Below "/" is all that begins with a slash. */
static inline bool bytes_below(struct bytes path, struct bytes place)
{
	if (!path.p || !place.n || path.n < place.n || memcmp(path.p, place.p, place.n))
		return false;
	return path.n == place.n || place.p[place.n - 1] == '/' || path.p[place.n] == '/';
}

#endif
