// SPDX-License-Identifier: GPL-2.0-only
#include "base/text.h"

#include <stdint.h>
#include <string.h>
#include <utf8proc.h>

#include "base/arena.h"

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */
#define ELLIPSIS "\xe2\x80\xa6" /* U+2026 */

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Printable ASCII, the bulk of all text, is passed on in runs. */
static bool is_plain(unsigned char c)
{
	return c >= ' ' && c < 0x7f;
}

static size_t plain_run(struct bytes in, size_t from)
{
	size_t i = from;

	while (i < in.n && is_plain((unsigned char)in.p[i]) && in.p[i] != '\\' && in.p[i] != '#')
		i++;
	return i - from;
}

/* The bytes before the first that is not ASCII, or is DEL, eight at a time. */
static size_t ascii_run(struct bytes in, size_t from)
{
	const uint64_t high = 0x8080808080808080, ones = 0x0101010101010101;
	size_t i = from;
	uint64_t word;

	for (; in.n - i >= sizeof(word); i += sizeof(word)) {
		memcpy(&word, in.p + i, sizeof(word));
		/* Adding one carries 0x7f into the high bit; a carry out of 0xff only comes where that bit is set. */
		if ((word | (word + ones)) & high)
			break;
	}
	while (i < in.n && (unsigned char)in.p[i] < 0x7f)
		i++;
	return i - from;
}

static bool is_letter(struct bytes in, size_t at)
{
	return at < in.n && (in.p[at] | 32) >= 'a' && (in.p[at] | 32) <= 'z';
}

/* What those who run workflows take for a command to them, wherever it is in a line: "##[error]", "##vso[...]". */
static bool is_command(struct bytes in, size_t at)
{
	size_t i = at + 2;

	if (in.p[at] != '#' || i >= in.n || in.p[at + 1] != '#')
		return false;
	while (is_letter(in, i))
		i++;
	return i < in.n && in.p[i] == '[';
}

/* And where a line begins so, blanks aside: "::error::"; in.n: it does not. */
static size_t command_at_begin(struct bytes in)
{
	size_t i = 0;

	while (i < in.n && in.p[i] == ' ')
		i++;
	return in.n - i > 2 && in.p[i] == ':' && in.p[i + 1] == ':' && is_letter(in, i + 2) ? i : in.n;
}

/* The character at in.p[at] and its length, 0 where there is no UTF-8. */
static size_t character(struct bytes in, size_t at, utf8proc_int32_t *code)
{
	utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)in.p + at, (utf8proc_ssize_t)(in.n - at), code);

	return n > 0 ? (size_t)n : 0;
}

/* Whether a character commands, reorders, or cannot be told from another or from nothing. */
static bool is_hidden(utf8proc_int32_t code)
{
	const utf8proc_property_t *property;

	if (code < 0x80)
		return !is_plain((unsigned char)code);
	property = utf8proc_get_property(code);
	switch (property->category) {
	case UTF8PROC_CATEGORY_CC:
	case UTF8PROC_CATEGORY_CF:
	case UTF8PROC_CATEGORY_CN:
	case UTF8PROC_CATEGORY_CS:
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP:
	case UTF8PROC_CATEGORY_ZS:
		return true;
	default:
		return property->ignorable || code == 0x2800; /* an empty Braille pattern */
	}
}

static void escape_code(struct buffer *out, utf8proc_int32_t code)
{
	static const char letters[] = "\a\b\t\n\v\f\r\\'";
	static const char names[] = "abtnvfr\\'";
	const char *letter = code && code < 0x80 ? strchr(letters, (int)code) : NULL;

	if (letter)
		buffer_printf(out, "\\%c", names[letter - letters]);
	else if (code < 0x80)
		buffer_printf(out, "\\x%02x", (unsigned int)code);
	else if (code < 0x10000)
		buffer_printf(out, "\\u%04x", (unsigned int)code);
	else
		buffer_printf(out, "\\U%08x", (unsigned int)code);
}

/* also: one more character to be escaped, or 0. */
static void escape(struct buffer *out, struct bytes in, char also)
{
	size_t command = command_at_begin(in), n;
	utf8proc_int32_t code;

	for (size_t i = 0; i < in.n; i += n) {
		n = character(in, i, &code);
		if (!n) {
			n = 1;
			buffer_printf(out, "\\x%02x", (unsigned char)in.p[i]);
		} else if (code == '\\' || (also && code == also) || is_hidden(code) || i == command ||
			   is_command(in, i)) {
			escape_code(out, code);
		} else {
			n = also || n > 1 ? n : plain_run(in, i) ?: n;
			n = i < command ? least(n, command - i) : n;
			buffer_add(out, in.p + i, n);
		}
	}
}

void text_escape(struct buffer *out, struct bytes in)
{
	escape(out, in, 0);
}

void text_sentence(struct buffer *out, struct bytes in)
{
	utf8proc_int32_t code;
	size_t n;

	for (size_t i = 0; i < in.n; i += n) {
		n = character(in, i, &code);
		if (n && !is_hidden(code) && !is_command(in, i)) {
			buffer_add(out, in.p + i, n);
		} else if (n) {
			escape_code(out, code);
		} else {
			n = 1;
			buffer_printf(out, "\\x%02x", (unsigned char)in.p[i]);
		}
	}
}

const char *text_escaped(struct arena *arena, struct bytes in)
{
	BUFFER_AUTO struct buffer out = {};

	text_escape(&out, in);
	return arena_copy(arena, out.p, out.n);
}

enum quoting { QUOTE_NONE, QUOTE_SHELL, QUOTE_ESCAPE };

static enum quoting word_quoting(struct bytes word)
{
	enum quoting quoting = word.n && command_at_begin(word) == word.n ? QUOTE_NONE : QUOTE_SHELL;
	utf8proc_int32_t code;
	size_t n;

	for (size_t i = 0; i < word.n; i += n) {
		n = character(word, i, &code);
		if (!n || is_hidden(code) || is_command(word, i))
			return QUOTE_ESCAPE;
		if (code < 0x80 && strchr(" \"#$&'()*;<>?[\\]^`{|}~!", (int)code))
			quoting = QUOTE_SHELL;
	}
	return quoting;
}

/* Inside of quotes everything is itself but their end, as every shell has it. */
static void add_quoted(struct buffer *out, struct bytes word)
{
	for (size_t i = 0; i < word.n; i++)
		if (word.p[i] == '\'')
			buffer_puts(out, "'\\''");
		else
			buffer_put(out, word.p[i]);
}

void text_quote(struct buffer *out, struct bytes word)
{
	switch (word_quoting(word)) {
	case QUOTE_NONE:
		buffer_add(out, word.p, word.n);
		return;
	case QUOTE_SHELL:
		buffer_add(out, "'", 1);
		add_quoted(out, word);
		break;
	case QUOTE_ESCAPE:
		buffer_add(out, "$'", 2);
		escape(out, word, '\'');
		break;
	}
	buffer_add(out, "'", 1);
}

bool text_is_utf8(struct bytes in)
{
	utf8proc_int32_t code;
	size_t i = ascii_run(in, 0), n;

	for (; i < in.n; i += n) {
		n = character(in, i, &code);
		if (!n)
			return false;
	}
	return true;
}

/*
 * How many bytes at p, which are no character, began like one: they count as one mistake. The second byte has a
 * narrower range after some first bytes (overlong forms, surrogates, beyond U+10FFFF).
 */
static size_t broken_run(const unsigned char *p, size_t n)
{
	size_t length = p[0] < 0xc2 || p[0] > 0xf4 ? 1 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	unsigned char low = p[0] == 0xe0 ? 0xa0 : p[0] == 0xf0 ? 0x90 : 0x80;
	unsigned char high = p[0] == 0xed ? 0x9f : p[0] == 0xf4 ? 0x8f : 0xbf;
	size_t i = 1;

	while (i < length && i < n && p[i] >= low && p[i] <= high) {
		low = 0x80;
		high = 0xbf;
		i++;
	}
	return i;
}

void text_repair(struct buffer *out, struct bytes in)
{
	utf8proc_int32_t code;
	size_t good = 0, i = 0, n;

	while (i < in.n) {
		n = character(in, i, &code);
		if (n) {
			i += n;
			continue;
		}
		buffer_add(out, in.p + good, i - good);
		buffer_puts(out, REPLACEMENT);
		i += broken_run((const unsigned char *)in.p + i, in.n - i);
		good = i;
	}
	buffer_add(out, in.p + good, in.n - good);
}

void text_base64(struct buffer *out, struct bytes in)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *p = (const unsigned char *)in.p;
	char *to = buffer_reserve(out, (in.n + 2) / 3 * 4);

	for (size_t i = 0; i < in.n; i += 3) {
		size_t left = in.n - i;
		uint32_t bits = (uint32_t)p[i] << 16 | (left > 1 ? p[i + 1] << 8 : 0) | (left > 2 ? p[i + 2] : 0);

		*to++ = digits[bits >> 18];
		*to++ = digits[bits >> 12 & 63];
		*to++ = left > 1 ? digits[bits >> 6 & 63] : '=';
		*to++ = left > 2 ? digits[bits & 63] : '=';
	}
	out->n += (in.n + 2) / 3 * 4;
}

static void json_escape(struct buffer *out, utf8proc_int32_t code)
{
	unsigned int above = (unsigned int)code - 0x10000;

	if (code < 0x10000)
		buffer_printf(out, "\\u%04x", (unsigned int)code);
	else
		buffer_printf(out, "\\u%04x\\u%04x", 0xd800 | above >> 10, 0xdc00 | (above & 0x3ff));
}

/* Of ASCII. A command to who runs a workflow is none with its first character by its number, and the same JSON. */
static void json_add(struct buffer *out, struct bytes run)
{
	const char *mark;

	while ((mark = memmem(run.p, run.n, "##", 2))) {
		size_t before = (size_t)(mark - run.p);

		buffer_add(out, run.p, before);
		if (is_command(run, before))
			json_escape(out, '#');
		else
			buffer_put(out, '#');
		run = bytes_after(run, before + 1);
	}
	buffer_add(out, run.p, run.n);
}

void text_json(struct buffer *out, struct bytes line)
{
	utf8proc_int32_t code;
	size_t i = 0, n;

	while (i < line.n) {
		n = ascii_run(line, i);
		json_add(out, (struct bytes){ line.p + i, n });
		i += n;
		if (i == line.n)
			return;
		n = character(line, i, &code);
		if (!n)
			buffer_puts(out, REPLACEMENT);
		else if (is_hidden(code))
			json_escape(out, code);
		else
			buffer_add(out, line.p + i, n);
		i += n ? n : 1;
	}
}

/* The bytes of one unit of escaped text, which must not be cut apart, and its columns. */
static size_t unit(struct bytes in, size_t at, size_t *columns)
{
	utf8proc_int32_t code;
	size_t n = character(in, at, &code);

	if (n == 1 && code == '\\' && at + 1 < in.n) {
		char kind = in.p[at + 1];

		n = kind == 'x' ? 4 : kind == 'u' ? 6 : kind == 'U' ? 10 : 2;
		n = n < in.n - at ? n : in.n - at;
		*columns = n;
		return n;
	}
	*columns = n ? (size_t)utf8proc_charwidth(code) : 1;
	return n ? n : 1;
}

size_t text_width(struct bytes in)
{
	size_t width = 0, columns;

	for (size_t i = 0; i < in.n; width += columns)
		i += unit(in, i, &columns);
	return width;
}

size_t text_cut(struct bytes in, size_t columns)
{
	size_t i = 0, used = 0, wide, n;

	for (; i < in.n; i += n) {
		n = unit(in, i, &wide);
		if (used + wide > columns)
			break;
		used += wide;
	}
	return i;
}

void text_fit(struct buffer *out, struct bytes in, size_t columns)
{
	size_t n = text_cut(in, columns);

	if (n == in.n) {
		buffer_add(out, in.p, n);
		return;
	}
	if (!columns)
		return;
	buffer_add(out, in.p, text_cut(in, columns - 1));
	buffer_puts(out, ELLIPSIS);
}

/* Behind the last of these characters in so many bytes; 0: there is none. */
static size_t last_of(struct bytes text, size_t n, const char *characters)
{
	while (n && !strchr(characters, text.p[n - 1]))
		n--;
	return n;
}

size_t text_break(struct bytes text, size_t columns)
{
	size_t fits = text_cut(text, columns);

	if (!fits || fits == text.n)
		return text.n;
	return last_of(text, fits, " ") ?: last_of(text, fits, "/:") ?: fits;
}

void text_wrap(struct buffer *out, struct bytes text, size_t columns, size_t indent)
{
	size_t n = text_break(text, columns);

	columns = columns > indent ? columns - indent : columns;
	for (; n < text.n; n = text_break(text, columns)) {
		buffer_add(out, text.p, text.p[n - 1] == ' ' ? n - 1 : n);
		buffer_put(out, '\n');
		buffer_pad(out, ' ', indent);
		text = bytes_after(text, n);
	}
	buffer_add(out, text.p, text.n);
	buffer_put(out, '\n');
}

enum { NEAREST_MAX = 48 }; /* a longer word is not a mistyped name */

static int lower(char c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

/* Characters to insert, remove, replace, or swap with their neighbour; rows are kept for the last two of a. */
static size_t distance(const char *a, size_t an, const char *b, size_t bn)
{
	size_t rows[3][NEAREST_MAX + 1];
	size_t *older = rows[0], *old = rows[1], *row = rows[2], *spare;

	for (size_t j = 0; j <= bn; j++)
		row[j] = j;
	for (size_t i = 1; i <= an; i++) {
		spare = older;
		older = old;
		old = row;
		row = spare;
		row[0] = i;
		for (size_t j = 1; j <= bn; j++) {
			row[j] = old[j - 1] + (lower(a[i - 1]) != lower(b[j - 1]));
			row[j] = least(row[j], least(old[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]))
				row[j] = least(row[j], older[j - 2] + 1);
		}
	}
	return row[bn];
}

size_t text_distance(struct bytes a, struct bytes b)
{
	return a.n > NEAREST_MAX || b.n > NEAREST_MAX ? SIZE_MAX : distance(a.p, a.n, b.p, b.n);
}

const char *text_nearest(const char *word, const char *const *names)
{
	size_t n = strlen(word), far = 1 + n / 3;
	const char *nearest = NULL;

	if (!n || n > NEAREST_MAX)
		return NULL;
	for (; *names; names++) {
		size_t length = strlen(*names), d;

		if (length > NEAREST_MAX)
			continue;
		/* Of a name typed halfway nothing is wrong but its end. */
		d = n > 2 && !strncasecmp(word, *names, n) ? 0 : distance(word, n, *names, length);
		if (d > far || (nearest && d == far) || d >= length)
			continue;
		far = d;
		nearest = *names;
	}
	return nearest;
}
