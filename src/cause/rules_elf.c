// SPDX-License-Identifier: GPL-2.0-only
/* Causes in an ELF file that the kernel does not take. */
#include <elf.h>
#include <errno.h>
#include <unistd.h>

#include "cause/hint.h"
#include "cause/image.h"
#include "cause/rules_format.h"

static const char *program(struct facts *f)
{
	return hint_subject(f, f->program);
}

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
	buffer_printf(out,
		      "%s is an object file (gcc -c), not yet linked into a program; link it (look at the -o of gcc)",
		      program(f));
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
	buffer_printf(out, "%s is an ELF program for %s, and this machine is %s; install the build for it", program(f),
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
	buffer_puts(out, ": it was likely not copied to its end; copy it again");
}

static bool is_broken(struct facts *f, const struct rule *rule)
{
	enum image_fault fault;

	(void)rule;
	if (f->error != ENOEXEC)
		return false;
	fault = fault_of(f);
	return fault == IMAGE_BAD_TABLE || fault == IMAGE_BAD_LOADER_NAME || fault == IMAGE_OTHER_TYPE ||
	       fault == IMAGE_NO_MACHINE || fault == IMAGE_BAD_CLASS;
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
	case IMAGE_BAD_CLASS:
		what = "64-bit headers, and is for a machine of 32 bits";
		break;
	case IMAGE_BAD_LOADER_NAME:
		what = "a loader's name (PT_INTERP) that makes no sense";
		break;
	default:
		break;
	}
	buffer_printf(out, "%s is a damaged ELF file: it has %s; install it again", program(f), what);
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
		      "programs); use the 64-bit build",
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

const struct rule rules_elf[] = {
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
	{},
};
