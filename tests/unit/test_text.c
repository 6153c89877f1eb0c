// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include "base/text.h"

struct pair {
	struct bytes in;
	const char *out;
};

static void check(void (*transform)(struct buffer *, struct bytes), const struct pair *pairs, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		BUFFER_AUTO struct buffer out = {};

		transform(&out, pairs[i].in);
		assert_string_equal(buffer_string(&out), pairs[i].out);
	}
}

static void test_escape(void **state)
{
	static const struct pair pairs[] = {
		{ B(""), "" },
		{ B("plain text ~ \"'$`"), "plain text ~ \"'$`" },
		{ B("a\nb\tc\rd\ae\bf\vg\fh"), "a\\nb\\tc\\rd\\ae\\bf\\vg\\fh" },
		{ B("\x1b]0;title\x07\x1b[31m"), "\\x1b]0;title\\a\\x1b[31m" },
		{ B("\0\x01\x1f\x7f"), "\\x00\\x01\\x1f\\x7f" },
		{ B("C:\\n"), "C:\\\\n" },
		/* C1, also as a single byte, as which a terminal of another encoding would take it */
		{ B("\xc2\x9b"
		    "2J \x9b"
		    "2J"),
		  "\\u009b2J \\x9b2J" },
		/* bidi: override, isolate, marks */
		{ B("\xe2\x80\xae\xe2\x80\xaa\xe2\x81\xa6\xe2\x81\xa9"), "\\u202e\\u202a\\u2066\\u2069" },
		{ B("\xe2\x80\x8e\xe2\x80\x8f\xd8\x9c"), "\\u200e\\u200f\\u061c" },
		/* nothing to be seen: zero width, joiner, BOM, soft hyphen, variation, filler, empty Braille, tag */
		{ B("\xe2\x80\x8b\xe2\x80\x8d\xef\xbb\xbf\xc2\xad"), "\\u200b\\u200d\\ufeff\\u00ad" },
		{ B("\xef\xb8\x8f\xe3\x85\xa4\xe2\xa0\x80\xf3\xa0\x80\x81"), "\\ufe0f\\u3164\\u2800\\U000e0001" },
		/* spaces that are none, separators */
		{ B("\xc2\xa0\xe3\x80\x80\xe2\x80\xa8\xe2\x80\xa9"), "\\u00a0\\u3000\\u2028\\u2029" },
		/* unassigned, a noncharacter */
		{ B("\xcd\xb8\xef\xbf\xbf"), "\\u0378\\uffff" },
		/* not UTF-8: lone, cut short, overlong, surrogate, beyond the end */
		{ B("\xff\x80"), "\\xff\\x80" },
		{ B("x\xe2\x82"), "x\\xe2\\x82" },
		{ B("\xc0\xaf\xe0\x80\xaf"), "\\xc0\\xaf\\xe0\\x80\\xaf" },
		{ B("\xed\xa0\x80\xf4\x90\x80\x80"), "\\xed\\xa0\\x80\\xf4\\x90\\x80\\x80" },
		/* what is to be read stays */
		{ B("gr\xc3\xbc\xc3\x9f \xe6\x97\xa5\xe6\x9c\xac \xf0\x9f\x98\x80 e\xcc\x81"),
		  "gr\xc3\xbc\xc3\x9f \xe6\x97\xa5\xe6\x9c\xac \xf0\x9f\x98\x80 e\xcc\x81" },
		{ B("\xef\xbf\xbd"), "\xef\xbf\xbd" },
		/* commands to who runs a workflow: anywhere, and where a line may begin */
		{ B("a ##[error]x ###vso[y] ####"), "a \\x23#[error]x #\\x23#vso[y] ####" },
		{ B("##*/ ##1[ # [ ##"), "##*/ ##1[ # [ ##" },
		{ B("::error::x ::error::"), "\\x3a:error::x ::error::" },
		{ B("  ::debug"), "  \\x3a:debug" },
		{ B("::1 std::x"), "::1 std::x" },
		{ B(" ::"), " ::" },
	};

	(void)state;
	check(text_escape, pairs, COUNT(pairs));
}

/* Whatever comes in, nothing that commands a terminal comes out, and the original can be told from it. */
static void test_escape_of_any_bytes(void **state)
{
	unsigned char bytes[3];

	(void)state;
	for (unsigned int i = 0; i < 1u << 16; i++) {
		BUFFER_AUTO struct buffer out = {};

		bytes[0] = i >> 8;
		bytes[1] = i & 0xff;
		bytes[2] = 'x';
		text_escape(&out, (struct bytes){ (char *)bytes, 3 });
		assert_true(text_is_utf8(buffer_bytes(&out)));
		for (size_t j = 0; j < out.n; j++) {
			unsigned char c = (unsigned char)out.p[j];

			assert_true(c >= ' ' && c != 0x7f);
			assert_false(c == 0xc2 && (unsigned char)out.p[j + 1] < 0xa0);
		}
	}
}

static void test_escaped(void **state)
{
	struct arena *arena = arena_new();

	(void)state;
	assert_string_equal(text_escaped(arena, B("a\x1b")), "a\\x1b");
	assert_string_equal(text_escaped(arena, B("")), "");
	arena_free(arena);
}

static void test_quote(void **state)
{
	static const struct pair pairs[] = {
		{ B(""), "''" },
		{ B("/usr/bin/gcc-12"), "/usr/bin/gcc-12" },
		{ B("--a=b,c:d@e%f+g_h.i"), "--a=b,c:d@e%f+g_h.i" },
		{ B("two words"), "'two words'" },
		{ B("$HOME"), "'$HOME'" },
		{ B("a*b"), "'a*b'" },
		{ B("~"), "'~'" },
		{ B("#x"), "'#x'" },
		{ B("it's"), "'it'\\''s'" },
		{ B("back\\slash"), "'back\\slash'" },
		{ B("/bin/sh\r"), "$'/bin/sh\\r'" },
		{ B("\x1b[31m"), "$'\\x1b[31m'" },
		{ B("\xff two"), "$'\\xff two'" },
		{ B("\xe2\x80\xae'"), "$'\\u202e\\''" },
		{ B("a\0b"), "$'a\\x00b'" },
		{ B("gr\xc3\xbc\xc3\x9f"), "gr\xc3\xbc\xc3\x9f" },
		{ B("gr\xc3\xbc\xc3\x9f Gott"), "'gr\xc3\xbc\xc3\x9f Gott'" },
		{ B("##[error]x"), "$'\\x23#[error]x'" },
		{ B("::error::x"), "'::error::x'" },
		{ B("::1"), "::1" },
	};

	(void)state;
	check(text_quote, pairs, COUNT(pairs));
}

static void test_is_utf8(void **state)
{
	(void)state;
	assert_true(text_is_utf8(B("")));
	assert_true(text_is_utf8(B("plain, longer than a word of the machine\x7f\n\0")));
	assert_true(text_is_utf8(B("gr\xc3\xbc\xc3\x9f \xf4\x8f\xbf\xbf")));
	assert_false(text_is_utf8(B("plain, longer than a word of the machine\xff")));
	assert_false(text_is_utf8(B("\xc3")));
	assert_false(text_is_utf8(B("\xed\xa0\x80")));
	assert_false(text_is_utf8(B("\xc0\x80")));
	assert_false(text_is_utf8(B("\xf4\x90\x80\x80")));
}

#define R "\xef\xbf\xbd"

static void test_repair(void **state)
{
	static const struct pair pairs[] = {
		{ B(""), "" },
		{ B("gr\xc3\xbc\xc3\x9f"), "gr\xc3\xbc\xc3\x9f" },
		{ B("a\xff"
		    "b"),
		  "a" R "b" },
		{ B("\xff\xff"), R R },
		/* Unicode 3.9, table 3-8 */
		{ B("\xc0\xaf\xe0\x80\xbf\xf0\x81\x82\x41"), R R R R R R R R "A" },
		/* table 3-9 */
		{ B("\xed\xa0\x80\xed\xbf\xbf\xed\xaf\x41"), R R R R R R R R "A" },
		/* table 3-10 */
		{ B("\xf4\x91\x92\x93\xff\x41\x80\xbf\x42"), R R R R R "A" R R "B" },
		/* table 3-11 */
		{ B("\xe1\x80\xe2\xf0\x91\x92\xf1\xbf\x41"), R R R R "A" },
		{ B("x\xf0\x9f\x98"), "x" R },
	};

	(void)state;
	check(text_repair, pairs, COUNT(pairs));
}

static void assert_wrapped(const char *text, size_t columns, size_t indent, const char *expected)
{
	BUFFER_AUTO struct buffer out = {};

	text_wrap(&out, bytes_of(text), columns, indent);
	assert_string_equal(buffer_string(&out), expected);
}

/* Between words; one that has no room for itself behind a part of a path, or where the line is full. */
static void test_wrap(void **state)
{
	(void)state;
	assert_wrapped("", 10, 2, "\n");
	assert_wrapped("one two", 7, 2, "one two\n");
	assert_wrapped("one two three", 8, 2, "one two\n  three\n");
	assert_wrapped("/usr/local/bin", 8, 0, "/usr/\nlocal/\nbin\n");
	assert_wrapped("abcdefghij", 4, 0, "abcd\nefgh\nij\n");
	assert_wrapped("a \xe6\xbc\xa2\xe5\xad\x97", 4, 1, "a\n \xe6\xbc\xa2\n \xe5\xad\x97\n");
	/* not even one character fits */
	assert_wrapped("\xe6\xbc\xa2", 1, 0, "\xe6\xbc\xa2\n");
	assert_wrapped("one two", SIZE_MAX, 2, "one two\n");
}

static void test_base64(void **state)
{
	static const struct pair pairs[] = {
		{ B(""), "" },        { B("f"), "Zg==" },        { B("fo"), "Zm8=" },
		{ B("foo"), "Zm9v" }, { B("foob"), "Zm9vYg==" }, { B("\xff\xfe\xfd\x00"), "//79AA==" },
	};

	(void)state;
	check(text_base64, pairs, COUNT(pairs));
}

static void test_json(void **state)
{
	static const struct pair pairs[] = {
		{ B("{\"plain\":[1,\"a\\nb\"]}"), "{\"plain\":[1,\"a\\nb\"]}" },
		{ B("\"\x7f\""), "\"\\u007f\"" },
		{ B("\"0123456\x7f\""), "\"0123456\\u007f\"" },
		{ B("\"\xc2\x9b\xe2\x80\xae\""), "\"\\u009b\\u202e\"" },
		{ B("\"\xf3\xa0\x80\x81\""), "\"\\udb40\\udc01\"" },
		{ B("\"gr\xc3\xbc\xc3\x9f\""), "\"gr\xc3\xbc\xc3\x9f\"" },
		{ B("\"\xff\""), "\"" R "\"" },
		/* a command to who runs a workflow */
		{ B("\"# ##[a] ###vso[b] ## ##c\""), "\"# \\u0023#[a] #\\u0023#vso[b] ## ##c\"" },
	};

	(void)state;
	check(text_json, pairs, COUNT(pairs));
}

static void test_width(void **state)
{
	(void)state;
	assert_int_equal(text_width(B("")), 0);
	assert_int_equal(text_width(B("abc")), 3);
	assert_int_equal(text_width(B("gr\xc3\xbc\xc3\x9f")), 4);
	assert_int_equal(text_width(B("\xe6\x97\xa5\xe6\x9c\xac")), 4);
	assert_int_equal(text_width(B("e\xcc\x81")), 1);
	assert_int_equal(text_width(B("\xf0\x9f\x98\x80")), 2);
	assert_int_equal(text_width(B("\\x1b\\\\")), 6);
}

static void test_cut(void **state)
{
	(void)state;
	assert_int_equal(text_cut(B("abc"), 0), 0);
	assert_int_equal(text_cut(B("abc"), 2), 2);
	assert_int_equal(text_cut(B("abc"), 9), 3);
	assert_int_equal(text_cut(B("gr\xc3\xbc\xc3\x9f"), 3), 4);
	/* half of a wide character is none, and an accent belongs to its letter */
	assert_int_equal(text_cut(B("\xe6\x97\xa5\xe6\x9c\xac"), 3), 3);
	assert_int_equal(text_cut(B("e\xcc\x81x"), 1), 3);
	/* half of an escape would be another text */
	assert_int_equal(text_cut(B("a\\x1bz"), 4), 1);
	assert_int_equal(text_cut(B("a\\x1bz"), 5), 5);
	assert_int_equal(text_cut(B("\\u202e"), 5), 0);
	assert_int_equal(text_cut(B("\\U000e0001"), 10), 10);
	assert_int_equal(text_cut(B("\\\\n"), 1), 0);
	assert_int_equal(text_cut(B("\\"), 1), 1);
	assert_int_equal(text_cut(B("\\x1"), 3), 3);
}

static void test_fit(void **state)
{
	BUFFER_AUTO struct buffer out = {};

	(void)state;
	text_fit(&out, B("abc"), 3);
	text_fit(&out, B("|abcd"), 3);
	text_fit(&out, B("abc"), 0);
	text_fit(&out, B("|"), 1);
	text_fit(&out, B("abc"), 1);
	assert_text(&out, "abc|a\xe2\x80\xa6|\xe2\x80\xa6");
}

static void test_nearest(void **state)
{
	static const char *const names[] = { "table", "json", "process_execute_failed", "execve", "execveat", NULL };
	char longest[1000];

	(void)state;
	assert_string_equal(text_nearest("jsn", names), "json");
	assert_string_equal(text_nearest("jsno", names), "json");
	assert_string_equal(text_nearest("JSON", names), "json");
	assert_string_equal(text_nearest("tabel", names), "table");
	assert_string_equal(text_nearest("exceve", names), "execve");
	assert_string_equal(text_nearest("execvat", names), "execveat");
	assert_string_equal(text_nearest("process", names), "process_execute_failed");
	assert_string_equal(text_nearest("process_exec_failed", names), "process_execute_failed");
	assert_null(text_nearest("", names));
	assert_null(text_nearest("x", names));
	assert_null(text_nearest("yaml", names));
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	assert_null(text_nearest(longest, names));
}

static void test_sentence(void **state)
{
	BUFFER_AUTO struct buffer out = {};

	(void)state;
	text_sentence(&out, B("\"/bin/sh\r\" \\r \x1b[2J caf\xc3\xa9 \xff \xe2\x80\xae ##[a] ##"));
	assert_text(&out, "\"/bin/sh\\r\" \\r \\x1b[2J caf\xc3\xa9 \\xff \\u202e \\x23#[a] ##");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_escape),   cmocka_unit_test(test_escape_of_any_bytes),
		cmocka_unit_test(test_escaped),  cmocka_unit_test(test_quote),
		cmocka_unit_test(test_is_utf8),  cmocka_unit_test(test_repair),
		cmocka_unit_test(test_wrap),     cmocka_unit_test(test_wrap),
		cmocka_unit_test(test_base64),   cmocka_unit_test(test_json),
		cmocka_unit_test(test_width),    cmocka_unit_test(test_cut),
		cmocka_unit_test(test_fit),      cmocka_unit_test(test_nearest),
		cmocka_unit_test(test_sentence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
