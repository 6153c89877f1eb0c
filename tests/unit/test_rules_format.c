// SPDX-License-Identifier: GPL-2.0-only
/* What is in the file. */
#include "examples.h"

static const struct example examples[] = {
	{ "empty_file", USER, OUTCOME(ENOEXEC), PATH("/opt/x"), FILES({ "/opt/x", 0755, "" }), .stage = STAGE_FORMAT,
	  .hint = "/opt/x is empty" },
	{ "empty_file", KERNEL, FAILED(FORMAT, ENOEXEC), PATH("/opt/x"), HEAD("\0\0\0\0\0\0\0\0"),
	  FILES({ "/opt/x", 0755, "", .size = 5000 }), .hint = "/opt/x begins with zeros only" },
	{ "byte_order_mark", KERNEL, FAILED(FORMAT, ENOEXEC), PATH("/opt/x"), HEAD("\xef\xbb\xbf#!/bin/sh\n"),
	  .hint = "repair with: sed -i '1s/^\\xef\\xbb\\xbf//' /opt/x" },
	{ "byte_order_mark", KERNEL, FAILED(FORMAT, ENOEXEC), PATH("/opt/x"), HEAD("\xff\xfe#\0!\0/\0"),
	  .hint = "UTF-16" },
	{ "blank_before_shebang", KERNEL, FAILED(FORMAT, ENOEXEC), PATH("/opt/x"), HEAD("\n#!/bin/sh\n"),
	  .hint = "an empty line before its #!" },
	{ "shebang_empty", KERNEL, FAILED(FORMAT, ENOEXEC), PATH("/opt/x"), HEAD("#! \t\n"),
	  .hint = "names no interpreter" },
	{ "shebang_empty", KERNEL, FAILED(FORMAT, ENOEXEC), PATH("/opt/x"), HEAD("#! \0"),
	  .hint = "names no interpreter" },
	{ "shebang_too_long", KERNEL, FAILED(FORMAT, ENOEXEC), PATH("/opt/x"), HEAD("#!/" X256),
	  .hint = "the kernel reads 256 bytes" },
	{ "no_shebang", KERNEL, FAILED(FORMAT, ENOEXEC), PATH("/opt/x"), HEAD("echo hello\n"),
	  .hint = "/opt/x is text without a #! line" },
	{ "foreign_program", KERNEL, FAILED(FORMAT, ENOEXEC), PATH("/opt/x"), HEAD("MZ\x90\0\3\0"),
	  .hint = "a Windows" },
	{ "not_a_program", KERNEL, FAILED(FORMAT, ENOEXEC), PATH("/opt/x"), HEAD("\x1f\x8b\x08\0"),
	  .hint = "compressed by gzip" },
	{ "not_a_program", USER, FAILED(FORMAT, ENOEXEC), PATH("/opt/x"), HEAD(X256),
	  FILES({ "/opt/x", 0755, X256 "xustar" }), .hint = "/opt/x is a tar archive, not a program" },
	{ "unknown_format", KERNEL, FAILED(FORMAT, ENOEXEC), PATH("/opt/x"), HEAD("\1\2\3\4\5"),
	  .hint = "(it begins with 01 02 03 04)" },
};

int main(void)
{
	return EXAMPLES_RUN(rules_format);
}
