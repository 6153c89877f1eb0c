// SPDX-License-Identifier: GPL-2.0-only
#include "look/filekind.h"

#include <string.h>

#define MAGIC(kind, offset, bytes, name)                                                                               \
	{                                                                                                              \
		kind, offset, sizeof(bytes) - 1, bytes, name                                                           \
	}

static const struct {
	enum file_kind kind;
	size_t offset;
	size_t n;
	const char *bytes;
	const char *name;
} magics[] = {
	MAGIC(FILE_SCRIPT, 0, "#!", "a script"),
	MAGIC(FILE_ELF, 0,
	      "\x7f"
	      "ELF",
	      "an ELF file"),
	MAGIC(FILE_MARKED_TEXT, 0, "\xef\xbb\xbf", "text with a UTF-8 byte order mark"),
	MAGIC(FILE_MARKED_TEXT, 0, "\xff\xfe", "UTF-16 text"),
	MAGIC(FILE_MARKED_TEXT, 0, "\xfe\xff", "UTF-16 text"),
	MAGIC(FILE_FOREIGN, 0, "MZ", "a Windows or DOS program"),
	MAGIC(FILE_FOREIGN, 0, "\xcf\xfa\xed\xfe", "a macOS program (Mach-O)"),
	MAGIC(FILE_FOREIGN, 0, "\xce\xfa\xed\xfe", "a macOS program (Mach-O)"),
	MAGIC(FILE_FOREIGN, 0, "\xfe\xed\xfa\xcf", "a macOS program (Mach-O)"),
	MAGIC(FILE_FOREIGN, 0, "\xfe\xed\xfa\xce", "a macOS program (Mach-O)"),
	MAGIC(FILE_FOREIGN, 0, "\xca\xfe\xba\xbe", "a Java class or a macOS program"),
	MAGIC(FILE_FOREIGN, 0, "\0asm", "a WebAssembly module"),
	MAGIC(FILE_FOREIGN, 0, "dex\n", "an Android program"),
	MAGIC(FILE_FOREIGN, 0, "\x1bLua", "compiled Lua"),
	MAGIC(FILE_FOREIGN, 0, "BC\xc0\xde", "LLVM bitcode"),
	MAGIC(FILE_FOREIGN, 2, "\r\n\0\0", "compiled Python"),
	MAGIC(FILE_PACKED, 0, "\x1f\x8b", "compressed by gzip"),
	MAGIC(FILE_PACKED, 0, "\x1f\x9d", "compressed by compress"),
	MAGIC(FILE_PACKED, 0, "BZh", "compressed by bzip2"),
	MAGIC(FILE_PACKED, 0,
	      "\xfd"
	      "7zXZ\0",
	      "compressed by xz"),
	MAGIC(FILE_PACKED, 0, "\x28\xb5\x2f\xfd", "compressed by zstd"),
	MAGIC(FILE_PACKED, 0, "\x04\x22\x4d\x18", "compressed by lz4"),
	MAGIC(FILE_PACKED, 0, "PK\x03\x04", "a zip archive (or jar, or the like)"),
	MAGIC(FILE_PACKED, 0, "PK\x05\x06", "an empty zip archive"),
	MAGIC(FILE_PACKED, 0, "7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
	MAGIC(FILE_PACKED, 0, "Rar!\x1a\x07", "a RAR archive"),
	MAGIC(FILE_PACKED, 0, "!<arch>\ndebian-", "a Debian package"),
	MAGIC(FILE_PACKED, 0, "!<arch>\n", "a static library"),
	MAGIC(FILE_PACKED, 0, "!<thin>\n", "a static library"),
	MAGIC(FILE_PACKED, 0, "\xed\xab\xee\xdb", "an RPM package"),
	MAGIC(FILE_PACKED, 0, "070701", "a cpio archive"),
	MAGIC(FILE_PACKED, 0, "hsqs", "a SquashFS image"),
	MAGIC(FILE_DOCUMENT, 0, "%PDF-", "a PDF document"),
	MAGIC(FILE_DOCUMENT, 0, "\x89PNG", "an image"),
	MAGIC(FILE_DOCUMENT, 0, "GIF8", "an image"),
	MAGIC(FILE_DOCUMENT, 0, "\xff\xd8\xff", "an image"),
	MAGIC(FILE_DOCUMENT, 0, "SQLite format 3", "an SQLite database"),
	MAGIC(FILE_DOCUMENT, 0, "version https://git-lfs", "a Git LFS pointer, not the file itself"),
	MAGIC(FILE_DOCUMENT, 0, "---\n", "a YAML document"),
	MAGIC(FILE_DOCUMENT, 0, "---\r\n", "a YAML document"),
	MAGIC(FILE_DOCUMENT, 0, "%YAML", "a YAML document"),
};

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* How many bytes the character has that begins there; 0: it is none in UTF-8. What is cut off at the end is good. */
static size_t character(struct bytes head, size_t at)
{
	unsigned char first = (unsigned char)head.p[at];
	size_t n = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;

	for (size_t i = 1; i < n && at + i < head.n; i++)
		if (((unsigned char)head.p[at + i] & 0xc0) != 0x80)
			return 0;
	return n;
}

/*
 * No control characters but those of text, up to the NULs that fill up the head; and either UTF-8 or an older encoding,
 * of which most is ASCII and the beginning is.
 */
static bool is_text(struct bytes head)
{
	size_t strange = 0, n;

	for (size_t i = 0; i < head.n; i += n ? n : 1) {
		unsigned char c = (unsigned char)head.p[i];

		if ((c < ' ' && !is_space(head.p[i]) && c != 0x1b) || c == 0x7f)
			return false;
		n = character(head, i);
		strange += !n;
		if (!n && !i)
			return false;
	}
	return strange * 5 <= head.n;
}

static struct bytes skip_spaces(struct bytes in)
{
	size_t at = 0;

	while (at < in.n && is_space(in.p[at]))
		at++;
	return bytes_after(in, at);
}

/* Letters as small ones. */
static bool begins_any_case(struct bytes in, const char *with)
{
	size_t n = strlen(with);

	for (size_t i = 0; i < n && i < in.n; i++)
		if ((in.p[i] >= 'A' && in.p[i] <= 'Z' ? in.p[i] + 'a' - 'A' : in.p[i]) != with[i])
			return false;
	return in.n >= n;
}

/* What no shell would read: a group of commands begins with { as well, and a test with [. */
static bool is_json(struct bytes in)
{
	const char *end;

	if (bytes_begins(in, "[")) {
		in = bytes_after(in, 1);
		return bytes_begins(in, "\n") || bytes_begins(in, "\r\n") || bytes_begins(skip_spaces(in), "{");
	}
	if (!bytes_begins(in, "{"))
		return false;
	in = skip_spaces(bytes_after(in, 1));
	if (bytes_begins(in, "}"))
		return !skip_spaces(bytes_after(in, 1)).n;
	end = bytes_begins(in, "\"") ? memchr(in.p + 1, '"', in.n - 1) : NULL;
	return end && bytes_begins(skip_spaces(bytes_after(in, (size_t)(end + 1 - in.p))), ":");
}

/* Marks of text, which blanks may come before. NULL: none. */
static const char *name_of_document(struct bytes in)
{
	if (begins_any_case(in, "<!doctype html") || begins_any_case(in, "<html"))
		return "an HTML page";
	if (bytes_begins(in, "<?xml"))
		return "an XML document";
	return is_json(in) ? "a JSON document" : NULL;
}

static struct file_what what_without_magic(struct bytes head)
{
	struct bytes text = skip_spaces(head);
	const char *document = name_of_document(text);

	if (text.n < head.n && bytes_begins(text, "#!"))
		return (struct file_what){ FILE_BLANK_SCRIPT, "a script with blanks before its #!" };
	if (document)
		return (struct file_what){ FILE_DOCUMENT, document };
	if (is_text(head))
		return (struct file_what){ FILE_TEXT, "text" };
	return (struct file_what){ FILE_DATA, "data of an unknown format" };
}

struct file_what file_what(struct bytes head)
{
	size_t given = head.n;

	while (head.n && !head.p[head.n - 1])
		head.n--;
	if (!head.n)
		return (struct file_what){ given ? FILE_ZEROS : FILE_EMPTY, given ? "nothing but zeros" : "empty" };
	for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++) {
		/* The magic itself may end in NULs. */
		if (given < magics[i].offset + magics[i].n ||
		    memcmp(head.p + magics[i].offset, magics[i].bytes, magics[i].n))
			continue;
		return (struct file_what){ magics[i].kind, magics[i].name };
	}
	return what_without_magic(head);
}
