/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bytes of other processes made fit to be read: on a terminal, in JSON, in columns.
 *
 * Everything is UTF-8, whatever the locale says. Results are appended to the caller's buffer. What is unknown is taken
 * for empty.
 */
#ifndef EXECFAIL_TEXT_H
#define EXECFAIL_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/bytes.h"

/*
 * For a terminal: what could command it, hide, reorder or be taken for something else is shown by an escape.
 *
 *	\n \t \r \x1b	control characters, and \xff: bytes that are not UTF-8
 *	\u202e \U000e0001	C1, bidi and format characters, separators, spaces other than the plain one, characters
 *				that are invisible or unassigned
 *	\\		the backslash, so that the original can be told
 */
void text_escape(struct buffer *out, struct bytes in);

/* As text_escape(), in the arena, terminated. */
const char *text_escaped(struct arena *arena, struct bytes in);

/*
 * A sentence of ours with names of others in it: as text_escape(), but backslashes stay as they are, since it may hold
 * a command to be copied.
 */
void text_sentence(struct buffer *out, struct bytes in);

/*
 * One word of a command line as a shell would take it: bare, 'quoted' where a shell would split or expand it, or
 * $'escaped' where something in it has to be escaped as above.
 */
void text_quote(struct buffer *out, struct bytes word);

bool text_is_utf8(struct bytes in);

/* The same bytes, with U+FFFD for each maximal part of a sequence that is not UTF-8 (Unicode 3.9, as browsers do). */
void text_repair(struct buffer *out, struct bytes in);

/* With = at its end, and no newlines. */
void text_base64(struct buffer *out, struct bytes in);

/*
 * A line of finished JSON, where the characters that text_escape() would escape, but for backslashes, are written
 * \uXXXX: the same JSON to a parser, and harmless to a terminal. In the place of each byte that is not UTF-8 is U+FFFD.
 */
void text_json(struct buffer *out, struct bytes line);

/* Columns that escaped text takes on a terminal. */
size_t text_width(struct bytes in);

/*
 * Where a line of so many columns is to be broken: behind its last blank, in a word that fills it behind a part of a
 * path, or where it is full. Its length, where all of it fits, or not even one character.
 */
size_t text_break(struct bytes text, size_t columns);

/* In lines of so many columns, each with its newline, and blanks before all but the first. */
void text_wrap(struct buffer *out, struct bytes text, size_t columns, size_t indent);

/* How many bytes of escaped text fit into that many columns: no escape and no character is cut apart. */
size_t text_cut(struct bytes in, size_t columns);

/* Escaped text cut to columns, the last of them an ellipsis when something had to go; of 0 columns nothing. */
void text_fit(struct buffer *out, struct bytes in, size_t columns);

/* How many characters to insert, remove, replace or swap, in any case of letters; SIZE_MAX: too long to be compared. */
size_t text_distance(struct bytes a, struct bytes b);

/* Which of the names was meant by a mistyped one, in any case of letters; NULL: none is near. They end with a NULL. */
const char *text_nearest(const char *word, const char *const *names);

#endif
