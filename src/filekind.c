// SPDX-License-Identifier: GPL-2.0-only
#include "filekind.h"

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
	MAGIC(FILE_DOCUMENT, 0, "<!DOCTYPE html", "an HTML page"),
	MAGIC(FILE_DOCUMENT, 0, "<!doctype html", "an HTML page"),
	MAGIC(FILE_DOCUMENT, 0, "<html", "an HTML page"),
	MAGIC(FILE_DOCUMENT, 0, "<?xml", "an XML document"),
};

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* No control characters but those of text, up to the NULs that fill up the head. */
static bool is_text(struct bytes head)
{
	for (size_t i = 0; i < head.n; i++) {
		unsigned char c = (unsigned char)head.p[i];

		if ((c < ' ' && !is_space(head.p[i]) && c != 0x1b) || c == 0x7f)
			return false;
	}
	return true;
}

static bool is_blank_script(struct bytes head)
{
	size_t at = 0;

	while (at < head.n && is_space(head.p[at]))
		at++;
	return at && head.n - at >= 2 && !memcmp(head.p + at, "#!", 2);
}

static struct file_what what_without_magic(struct bytes head)
{
	if (is_blank_script(head))
		return (struct file_what){ FILE_BLANK_SCRIPT, "a script with blanks before its #!" };
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
