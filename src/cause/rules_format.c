// SPDX-License-Identifier: GPL-2.0-only
/* Causes in what is in the file: nobody knows how to start it. */
#include "cause/rules_format.h"

#include <errno.h>
#include <string.h>

#include "cause/hint.h"

bool is_format(const struct facts *f)
{
	return f->at->role == ROLE_PROGRAM && rule_at(f, STAGE_FORMAT);
}

/* The mark of a tar archive is behind what the kernel reads. */
static bool is_tar(struct facts *f)
{
	static const char mark[] = "ustar";
	char room[sizeof(mark) - 1];

	return facts_read(f, f->at, 257, room, sizeof(room)) == sizeof(room) && !memcmp(room, mark, sizeof(room));
}

static struct file_what what_is(struct facts *f)
{
	struct file_what what = file_what(facts_head(f, f->at));
	bool user = f->user;

	if (what.kind != FILE_TEXT && what.kind != FILE_DATA)
		return what;
	if (is_tar(f))
		return (struct file_what){ FILE_PACKED, "a tar archive" };
	f->user = user;
	return what;
}

static bool is_kind(struct facts *f, enum file_kind kind)
{
	if (!is_format(f) || f->error != ENOEXEC)
		return false;
	return facts_head(f, f->at).p && what_is(f).kind == kind;
}

static const char *program(struct facts *f)
{
	return hint_subject(f, f->program);
}

static bool is_empty(struct facts *f, const struct rule *rule)
{
	(void)rule;
	return is_kind(f, FILE_EMPTY) || is_kind(f, FILE_ZEROS);
}

static void say_empty(struct facts *f, const struct rule *rule, struct buffer *out)
{
	uint64_t size = 0;
	bool sized = facts_size(f, f->at, &size);

	(void)rule;
	if (sized && size && size <= facts_head(f, f->at).n)
		buffer_printf(out, "%s holds nothing but zeros; install or copy it again", program(f));
	else if (sized && size)
		buffer_printf(
			out,
			"%s begins with zeros only: it likely lost its contents in a crash; install or copy it again",
			program(f));
	else
		buffer_printf(out, "%s is empty; install or copy it again", program(f));
}

static bool is_marked(struct facts *f, const struct rule *rule)
{
	(void)rule;
	return is_kind(f, FILE_MARKED_TEXT);
}

static void say_marked(struct facts *f, const struct rule *rule, struct buffer *out)
{
	struct bytes head = facts_head(f, f->at);

	(void)rule;
	if (head.n && head.p[0] == '\xef')
		buffer_printf(
			out,
			"%s begins with a byte order mark, so the kernel does not see its first line; repair with: "
			"sed -i '1s/^\\xef\\xbb\\xbf//' %s",
			program(f), hint_word(f, f->event->path));
	else
		buffer_printf(out, "%s is UTF-16 text, which the kernel does not read: save it as UTF-8", program(f));
}

static bool is_blank_before(struct facts *f, const struct rule *rule)
{
	(void)rule;
	return is_kind(f, FILE_BLANK_SCRIPT);
}

static void say_blank_before(struct facts *f, const struct rule *rule, struct buffer *out)
{
	(void)rule;
	buffer_printf(out,
		      "%s has blanks or an empty line before its #!, which must be the very first bytes; repair with: "
		      "sed -i '0,/#!/{/#!/!d;s/^[[:blank:]]*//}' %s",
		      program(f), hint_word(f, f->event->path));
}

static bool is_shebang(struct facts *f, enum shebang_state state)
{
	return is_kind(f, FILE_SCRIPT) && shebang_parse(facts_head(f, f->at)).state == state;
}

static bool is_shebang_empty(struct facts *f, const struct rule *rule)
{
	(void)rule;
	/* Before 5.8 the kernel itself ended the line with a NUL. */
	return is_shebang(f, SHEBANG_EMPTY) || is_shebang(f, SHEBANG_NAMELESS);
}

static void say_shebang_empty(struct facts *f, const struct rule *rule, struct buffer *out)
{
	(void)rule;
	buffer_printf(out, "the #! line of %s names no interpreter; write #!/bin/sh, or what it is written for",
		      program(f));
}

static bool is_shebang_too_long(struct facts *f, const struct rule *rule)
{
	(void)rule;
	return is_shebang(f, SHEBANG_TOO_LONG);
}

static void say_shebang_too_long(struct facts *f, const struct rule *rule, struct buffer *out)
{
	struct shebang shebang = shebang_parse(facts_head(f, f->at));

	(void)rule;
	buffer_printf(
		out,
		"the interpreter in the #! line of %s is cut off: the kernel reads %d bytes, and it begins with %s; use a shorter path, or #!/usr/bin/env and its name",
		program(f), RECORD_BUF, hint_name(f, shebang.interpreter));
}

static bool is_no_shebang(struct facts *f, const struct rule *rule)
{
	(void)rule;
	return is_kind(f, FILE_TEXT);
}

static void say_no_shebang(struct facts *f, const struct rule *rule, struct buffer *out)
{
	(void)rule;
	buffer_printf(
		out,
		"%s is text without a #! line: it works from a shell, and fails from systemd, cron and Python; if it is a "
		"script, make its first line #!/bin/sh",
		program(f));
}

static bool is_other_kind(struct facts *f, const struct rule *rule)
{
	(void)rule;
	return is_kind(f, FILE_FOREIGN);
}

static void say_what(struct facts *f, const struct rule *rule, struct buffer *out)
{
	(void)rule;
	buffer_printf(out, "%s is %s, not a program for Linux", program(f), what_is(f).name);
}

static bool is_packed(struct facts *f, const struct rule *rule)
{
	(void)rule;
	return is_kind(f, FILE_PACKED) || is_kind(f, FILE_DOCUMENT);
}

static void say_packed(struct facts *f, const struct rule *rule, struct buffer *out)
{
	(void)rule;
	buffer_printf(out, "%s is %s, not a program", program(f), what_is(f).name);
	if (what_is(f).kind == FILE_DOCUMENT)
		buffer_puts(out, " (a failed download?)");
}

static bool is_data(struct facts *f, const struct rule *rule)
{
	(void)rule;
	return is_kind(f, FILE_DATA);
}

static void say_data(struct facts *f, const struct rule *rule, struct buffer *out)
{
	struct bytes head = facts_head(f, f->at);

	(void)rule;
	buffer_printf(out, "%s has no format that this kernel can start (it begins with", program(f));
	for (size_t i = 0; i < head.n && i < 4; i++)
		buffer_printf(out, " %02x", (unsigned char)head.p[i]);
	buffer_puts(out, ")");
}

const struct rule rules_format[] = {
	{ .code = "empty_file",
	  FORMAT,
	  .applies = is_empty,
	  .hint = say_empty,
	  .looks = "ENOEXEC: the file is empty, or begins with zeros only.",
	  .also = AS_IT_IS,
	  .fix = "Install or download it again; a full disk or a crash leaves such files." },
	{ .code = "byte_order_mark",
	  FORMAT,
	  .applies = is_marked,
	  .hint = say_marked,
	  .looks = "ENOEXEC for a script that looks right: there is an invisible byte order mark before its #!.",
	  .also = AS_IT_IS,
	  .fix = "sed -i '1s/^\\xef\\xbb\\xbf//' SCRIPT, and set the editor to UTF-8 without BOM." },
	{ .code = "blank_before_shebang",
	  FORMAT,
	  .applies = is_blank_before,
	  .hint = say_blank_before,
	  .looks = "ENOEXEC for a script: a blank or an empty line comes before its #!.",
	  .also = AS_IT_IS,
	  .fix = "Remove it: #! must be the first two bytes." },
	{ .code = "shebang_empty",
	  FORMAT,
	  .applies = is_shebang_empty,
	  .hint = say_shebang_empty,
	  .looks = "ENOEXEC for a script: behind its #! is nothing; EACCES where not even the line ends there.",
	  .also = AS_IT_IS,
	  .fix = "Name the interpreter: #!/bin/sh." },
	{ .code = "shebang_too_long",
	  FORMAT,
	  .applies = is_shebang_too_long,
	  .hint = say_shebang_too_long,
	  .looks =
		  "ENOEXEC for a script: its #! line is longer than what the kernel reads (256 bytes, 128 before 5.1).",
	  .also = AS_IT_IS,
	  .fix = "Use a shorter path to the interpreter (Python's virtual environments in deep directories), or env." },
	{ .code = "no_shebang",
	  FORMAT,
	  .applies = is_no_shebang,
	  .hint = say_no_shebang,
	  .looks = "ENOEXEC: a script without a #! line. A shell then runs it itself; systemd, cron and others do not.",
	  .also = AS_IT_IS,
	  .fix = "Begin it with #!/bin/sh, or the interpreter that it is written for." },
	{ .code = "foreign_program",
	  FORMAT,
	  .applies = is_other_kind,
	  .hint = say_what,
	  .looks = "ENOEXEC: a program for another system, or one that only runs inside of another program.",
	  .also = AS_IT_IS,
	  .fix = "Install the Linux build, or start it by its runtime (wine, java, ...)." },
	{ .code = "not_a_program",
	  FORMAT,
	  .applies = is_packed,
	  .hint = say_packed,
	  .looks = "ENOEXEC: the file is an archive, a document, an error page of a web server, ...",
	  .also = AS_IT_IS,
	  .fix = "Unpack it, or download it again." },
	{ .code = "unknown_format",
	  FORMAT,
	  .applies = is_data,
	  .hint = say_data,
	  .looks = "ENOEXEC: bytes that no format begins with.",
	  .also = AS_IT_IS,
	  .fix = "See with `file` what it is; binfmt_misc may lack a handler for it." },
	{},
};
