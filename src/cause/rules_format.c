// SPDX-License-Identifier: GPL-2.0-only
/* Causes in what is in the file: nobody knows how to start it. */
#include <elf.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cause/hint.h"
#include "cause/image.h"
#include "cause/rules.h"

static bool is_format(const struct facts *f)
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
		buffer_printf(out, "%s holds nothing but zeros", program(f));
	else if (sized && size)
		buffer_printf(out, "%s begins with zeros only: it was likely cut off or lost its contents in a crash",
			      program(f));
	else
		buffer_printf(out, "%s is empty", program(f));
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
	buffer_printf(out, "%s has blanks or an empty line before its #!, which must be the very first bytes",
		      program(f));
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
	buffer_printf(out, "the #! line of %s names no interpreter", program(f));
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
		"the interpreter in the #! line of %s is cut off: the kernel reads %d bytes, and it begins with %s",
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
	buffer_printf(out, "%s is of a format that nothing here knows (it begins with", program(f));
	for (size_t i = 0; i < head.n && i < 4; i++)
		buffer_printf(out, " %02x", (unsigned char)head.p[i]);
	buffer_puts(out, ")");
}

/* --- ELF --- */

static enum image_fault fault_of(struct facts *f)
{
	struct bytes loader;

	if (!is_format(f) || file_what(facts_head(f, f->at)).kind != FILE_ELF)
		return IMAGE_FINE;
	return image_check(f, f->at, &loader);
}

static bool elf_header(struct facts *f, struct elf_header *header)
{
	struct bytes head;

	if (!is_format(f) || f->error != ENOEXEC)
		return false;
	head = facts_head(f, f->at);
	return head.p && elf_header_parse(head, header);
}

static bool is_object(struct facts *f, const struct rule *rule)
{
	struct elf_header header;

	(void)rule;
	return elf_header(f, &header) && header.type == ET_REL;
}

static void say_object(struct facts *f, const struct rule *rule, struct buffer *out)
{
	(void)rule;
	buffer_printf(out, "%s is an object file, which the linker has yet to make a program of", program(f));
}

static bool is_core(struct facts *f, const struct rule *rule)
{
	struct elf_header header;

	(void)rule;
	return elf_header(f, &header) && header.type == ET_CORE;
}

static void say_core(struct facts *f, const struct rule *rule, struct buffer *out)
{
	(void)rule;
	buffer_printf(out, "%s is a core dump, not a program", program(f));
}

static bool is_wrong_machine(struct facts *f, const struct rule *rule)
{
	struct elf_header header;

	(void)rule;
	if (!elf_header(f, &header) || !header.bits || !header.machine)
		return false;
	return elf_runs_on(&header, f->machine) == ELF_RUNS_NOT;
}

static void say_wrong_machine(struct facts *f, const struct rule *rule, struct buffer *out)
{
	struct elf_header header;

	(void)rule;
	elf_header(f, &header);
	buffer_printf(out, "%s is an ELF program for %s; this machine is %s", program(f),
		      elf_machine_name(f->arena, &header), f->machine);
}

static bool is_truncated(struct facts *f, const struct rule *rule)
{
	enum image_fault fault;

	(void)rule;
	if (f->error != ENOEXEC && f->error != EIO)
		return false;
	fault = fault_of(f);
	return f->error == EIO ? fault == IMAGE_LOADER_NAME_CUT : fault == IMAGE_TRUNCATED;
}

static void say_truncated(struct facts *f, const struct rule *rule, struct buffer *out)
{
	uint64_t size;

	(void)rule;
	buffer_printf(out, "%s is an ELF file that ends too early", program(f));
	if (facts_size(f, f->at, &size))
		buffer_printf(out, ", after %llu bytes", (unsigned long long)size);
	buffer_puts(out, ": it was likely not copied to its end");
}

static bool is_broken(struct facts *f, const struct rule *rule)
{
	enum image_fault fault;

	(void)rule;
	if (f->error != ENOEXEC)
		return false;
	fault = fault_of(f);
	return fault == IMAGE_BAD_TABLE || fault == IMAGE_BAD_LOADER_NAME || fault == IMAGE_OTHER_TYPE ||
	       fault == IMAGE_NO_MACHINE;
}

static void say_broken(struct facts *f, const struct rule *rule, struct buffer *out)
{
	const char *what = "a type that no program has";

	(void)rule;
	switch (fault_of(f)) {
	case IMAGE_BAD_TABLE:
		what = "program headers that make no sense";
		break;
	case IMAGE_NO_MACHINE:
		what = "no machine that it is for";
		break;
	case IMAGE_BAD_LOADER_NAME:
		what = "a loader's name (PT_INTERP) that makes no sense";
		break;
	default:
		break;
	}
	buffer_printf(out, "%s is a damaged ELF file: it has %s", program(f), what);
}

static bool is_many(struct facts *f, const struct rule *rule)
{
	(void)rule;
	return f->error == ENOEXEC && fault_of(f) == IMAGE_MANY_HEADERS;
}

static void say_many(struct facts *f, const struct rule *rule, struct buffer *out)
{
	struct elf_header header;

	(void)rule;
	elf_header(f, &header);
	buffer_printf(out,
		      "%s has %u program headers: before 6.17 Linux takes no more than fit into a page, which are %lu",
		      program(f), header.entries, (unsigned long)sysconf(_SC_PAGESIZE) / header.entry_size);
}

/* The kernel was built without what this machine's 32-bit programs need. */
static bool is_no_compat(struct facts *f, const struct rule *rule)
{
	struct elf_header header;

	(void)rule;
	return elf_header(f, &header) && elf_runs_on(&header, f->machine) == ELF_RUNS_MAYBE &&
	       fault_of(f) == IMAGE_FINE;
}

static void say_no_compat(struct facts *f, const struct rule *rule, struct buffer *out)
{
	struct elf_header header;

	(void)rule;
	elf_header(f, &header);
	buffer_printf(out,
		      "%s is an ELF program for %s, which this %s kernel likely does not run (no support for 32-bit "
		      "programs)",
		      program(f), elf_machine_name(f->arena, &header), f->machine);
}

static bool is_elf_unknown(struct facts *f, const struct rule *rule)
{
	struct elf_header header;

	(void)rule;
	return elf_header(f, &header);
}

static void say_elf_unknown(struct facts *f, const struct rule *rule, struct buffer *out)
{
	struct elf_header header;

	(void)rule;
	elf_header(f, &header);
	buffer_printf(out, "%s is an ELF file for %s that this kernel does not take: ", program(f),
		      header.machine ? elf_machine_name(f->arena, &header) : "an unknown machine");
	if (f->event->seen & SEEN_FILTERED && f->stage == STAGE_UNKNOWN)
		buffer_printf(out, "it is damaged, or a seccomp filter of %s answered", hint_name(f, f->event->comm));
	else
		buffer_puts(out, "likely damaged");
}

#define FORMAT .stage = STAGE_FORMAT
#define AS_IT_IS                                                                                                          \
	"Where no hook is inside of the exec: told from the file as it is after the attempt, if it has not been changed " \
	"since."

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
	{ .code = "object_file",
	  FORMAT,
	  .applies = is_object,
	  .hint = say_object,
	  .looks = "ENOEXEC: the output of a compiler (gcc -c), not of the linker.",
	  .also = AS_IT_IS,
	  .fix = "Link it; look for an -o that names the wrong file." },
	{ .code = "core_file",
	  FORMAT,
	  .applies = is_core,
	  .hint = say_core,
	  .looks = "ENOEXEC: the memory of a program that crashed.",
	  .also = AS_IT_IS,
	  .fix = "Correct the path." },
	{ .code = "wrong_machine",
	  FORMAT,
	  .applies = is_wrong_machine,
	  .hint = say_wrong_machine,
	  .looks = "ENOEXEC: an ELF program for another processor.",
	  .also = AS_IT_IS,
	  .fix = "Use the build for this machine; in containers an image of this platform (--platform), or qemu-user-static." },
	{ .code = "truncated_elf",
	  FORMAT,
	  .applies = is_truncated,
	  .hint = say_truncated,
	  .looks = "ENOEXEC or EIO: an ELF program that ends too early.",
	  .also = "A device that could not be read: load_elf_phdrs() makes ENOEXEC of every error.",
	  .fix = "Copy or download it again; look at the disk's free space." },
	{ .code = "broken_elf",
	  FORMAT,
	  .applies = is_broken,
	  .hint = say_broken,
	  .looks = "ENOEXEC: an ELF program whose headers make no sense.",
	  .also = AS_IT_IS,
	  .fix = "Install it again; a packer or a patch may have damaged it." },
	{ .code = "too_many_headers",
	  FORMAT,
	  .applies = is_many,
	  .hint = say_many,
	  .looks = "ENOEXEC: an ELF program with more program headers than the kernel takes: 73 before Linux 6.17.",
	  .also = AS_IT_IS,
	  .fix = "Link it with fewer segments (no -z separate-code, another linker script), or use a newer kernel." },
	{ .code = "no_32_bit_support",
	  FORMAT,
	  .applies = is_no_compat,
	  .hint = say_no_compat,
	  .looks = "ENOEXEC: a 32-bit program on a kernel without support for it.",
	  .also = "Damage that is not seen: it is \"likely\".",
	  .fix = "Use the 64-bit build, or a kernel with CONFIG_IA32_EMULATION (ia32_emulation=1) or CONFIG_COMPAT." },
	{ .code = "elf_refused",
	  FORMAT,
	  .applies = is_elf_unknown,
	  .hint = say_elf_unknown,
	  .looks = "ENOEXEC: an ELF program in which nothing wrong is seen.",
	  .also = "No memory for its headers, an error of the device, GNU properties that make no sense, a file system that cannot map files: all of them are ENOEXEC.",
	  .fix = "Compare it with the original; readelf -hl shows what the kernel reads." },
	{ .code = "unknown_format",
	  FORMAT,
	  .applies = is_data,
	  .hint = say_data,
	  .looks = "ENOEXEC: bytes that no format begins with.",
	  .also = AS_IT_IS,
	  .fix = "See with `file` what it is; binfmt_misc may lack a handler for it." },
	{},
};
