// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include "look/filekind.h"

#define S(literal)                                                                                                     \
	{                                                                                                              \
		literal, sizeof(literal) - 1                                                                           \
	}

static const struct {
	struct bytes head;
	enum file_kind kind;
	const char *name;
} examples[] = {
	{ S(""), FILE_EMPTY, "empty" },
	{ S("\0\0\0\0"), FILE_ZEROS, "nothing but zeros" },
	{ S("#!/bin/sh\n"), FILE_SCRIPT, "a script" },
	{ S("\x7f"
	    "ELF"),
	  FILE_ELF, "an ELF file" },
	{ S("\xef\xbb\xbf#!/bin/sh"), FILE_MARKED_TEXT, "text with a UTF-8 byte order mark" },
	{ S("\xff\xfe#\0"), FILE_MARKED_TEXT, "UTF-16 text" },
	{ S(" #!/bin/sh"), FILE_BLANK_SCRIPT, "a script with blanks before its #!" },
	{ S("\n\r\n#!/bin/sh"), FILE_BLANK_SCRIPT, "a script with blanks before its #!" },
	{ S("echo \x1b[1m caf\xc3\xa9\n\0\0\0"), FILE_TEXT, "text" },
	{ S("M"), FILE_TEXT, "text" },
	{ S("MZ\x90\0"), FILE_FOREIGN, "a Windows or DOS program" },
	{ S("\0asm\1\0\0\0"), FILE_FOREIGN, "a WebAssembly module" },
	{ S("\xa7\r\r\n\0\0\0\0xx"), FILE_FOREIGN, "compiled Python" },
	{ S("\x1f\x8b\x08"), FILE_PACKED, "compressed by gzip" },
	{ S("\xfd"
	    "7zXZ\0\0\0"),
	  FILE_PACKED, "compressed by xz" },
	{ S("!<arch>\ndebian-binary"), FILE_PACKED, "a Debian package" },
	{ S("!<arch>\nx.o"), FILE_PACKED, "a static library" },
	{ S("version https://git-lfs.github.com/spec/v1\n"), FILE_DOCUMENT, "a Git LFS pointer, not the file itself" },
	{ S("<!DOCTYPE html>\n"), FILE_DOCUMENT, "an HTML page" },
	{ S("\n <!Doctype HTML>\n"), FILE_DOCUMENT, "an HTML page" },
	{ S("\n<html>"), FILE_DOCUMENT, "an HTML page" },
	{ S("<?xml version"), FILE_DOCUMENT, "an XML document" },
	{ S("{\n  \"a\" : 1 }"), FILE_DOCUMENT, "a JSON document" },
	{ S(" {}\n"), FILE_DOCUMENT, "a JSON document" },
	{ S("[\n 1 ]"), FILE_DOCUMENT, "a JSON document" },
	{ S("[{\"a\":1}]"), FILE_DOCUMENT, "a JSON document" },
	{ S("{ echo; }\n"), FILE_TEXT, "text" },
	{ S("{ \"$x\"; }\n"), FILE_TEXT, "text" },
	{ S("[ \"$1\" = x ] && exit\n"), FILE_TEXT, "text" },
	{ S("[[ -f x ]]\n"), FILE_TEXT, "text" },
	{ S("{"), FILE_TEXT, "text" },
	{ S("{ \""), FILE_TEXT, "text" },
	{ S("---\na: b\n"), FILE_DOCUMENT, "a YAML document" },
	{ S("# r\xe9sum\xe9 of it\necho hello\n"), FILE_TEXT, "text" },
	{ S("# caf\xc3"), FILE_TEXT, "text" },
	{ S("\x93\xa1\xd4\xff\xe3"), FILE_DATA, "data of an unknown format" },
	{ S("a\x93\xa1\xd4\xff\xe3"), FILE_DATA, "data of an unknown format" },
	{ S("a\xe3\x41\xd4"), FILE_DATA, "data of an unknown format" },
	{ S("\1\2\3"), FILE_DATA, "data of an unknown format" },
	{ S("text\0more"), FILE_DATA, "data of an unknown format" },
};

static void test_examples(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(examples); i++) {
		struct file_what what = file_what(examples[i].head);

		if (what.kind != examples[i].kind)
			print_error("example %zu: %s\n", i, what.name);
		assert_int_equal(what.kind, examples[i].kind);
		assert_string_equal(what.name, examples[i].name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_examples) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
