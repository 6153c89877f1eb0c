// SPDX-License-Identifier: GPL-2.0-only
/* Causes while the new program takes the caller's place. Past the point of no return the caller is killed for them. */
#include <errno.h>
#include <unistd.h>

#include "cause/commit.h"
#include "cause/hint.h"
#include "cause/image.h"
#include "cause/rules.h"

/* --- capabilities --- */

static bool is_out_of_bounds(struct facts *f, const struct rule *rule)
{
	bool known, user = f->user;

	(void)rule;
	if (f->error != EPERM || f->event->seen & SEEN_NO_RETURN)
		return false;
	if (rule_creds_from_file(f)) {
		/* Of the modules that are asked there, one looks at capabilities. */
		if (commit_has_no_caps(f, facts_image(f)))
			return false;
		f->user = user;
		return true;
	}
	/* Before 5.8 the capabilities were looked at with the other credentials. */
	if (f->stage != STAGE_UNKNOWN && f->stage != STAGE_COMMIT && f->event->step != STEP_LSM_CREDS)
		return false;
	return commit_caps_missing(f, facts_image(f), &known);
}

static void say_out_of_bounds(struct facts *f, const struct rule *rule, struct buffer *out)
{
	struct subject *image = facts_image(f);
	bool known;
	uint64_t missing = commit_caps_missing(f, image, &known);

	(void)rule;
	if (!missing) {
		buffer_printf(
			out,
			"%s has file capabilities (getcap) that the caller may not have: its bounding set lacks them",
			hint_subject(f, image));
		return;
	}
	buffer_printf(out,
		      "%s has the file capabilit%s %s, which the caller %smay not have%s; give it to the container "
		      "(--cap-add), or start the program without it: setcap -r %s",
		      hint_subject(f, image), missing & (missing - 1) ? "ies" : "y",
		      access_caps_names(f->arena, missing), rule_likely(!known && f->stage == STAGE_UNKNOWN),
		      known || !(missing & (missing - 1)) ? "" : ", or one of them",
		      image->name.p ? hint_word(f, image->name) : "FILE");
}

/* --- segments --- */

static bool is_commit(const struct facts *f)
{
	return f->stage == STAGE_COMMIT;
}

/* Where the stage is not known, the file must explain the error that the kernel has for such a fault. */
static bool could_commit(const struct facts *f, int error)
{
	return is_commit(f) || (f->stage == STAGE_UNKNOWN && f->error == error);
}

static const char *image_name(struct facts *f)
{
	return hint_subject(f, facts_image(f));
}

static bool is_bad_segment(struct facts *f, const struct rule *rule)
{
	struct segments segments;

	(void)rule;
	return could_commit(f, EINVAL) && image_has(f, facts_image(f), SEGMENT_SIZES, &segments);
}

static void say_bad_segment(struct facts *f, const struct rule *rule, struct buffer *out)
{
	struct segments segments;

	(void)rule;
	image_has(f, facts_image(f), SEGMENT_SIZES, &segments);
	buffer_printf(
		out,
		"%s is a damaged ELF file: a segment has %#llx bytes in the file and only %#llx in memory; install it again",
		image_name(f), (unsigned long long)segments.worst.file_size,
		(unsigned long long)segments.worst.memory_size);
}

/* The loader that the image names; NULL: it names none, or that cannot be seen. */
static struct subject *loader_of(struct facts *f, struct subject *image)
{
	struct bytes name;

	if (image_check(f, image, &name) != IMAGE_FINE || !name.p)
		return NULL;
	return facts_subject(f, ROLE_LOADER, name, image);
}

/* Of a file that was linked for smaller pages. */
static bool is_page_size(struct facts *f, const struct rule *rule)
{
	struct segments segments;

	(void)rule;
	return could_commit(f, EINVAL) && image_has(f, facts_image(f), SEGMENT_OFFSET, &segments) &&
	       segments.worst.alignment > 1 && segments.worst.alignment < (uint64_t)sysconf(_SC_PAGESIZE);
}

static void say_page_size(struct facts *f, const struct rule *rule, struct buffer *out)
{
	struct segments segments;

	(void)rule;
	image_has(f, facts_image(f), SEGMENT_OFFSET, &segments);
	buffer_printf(out,
		      "%s was linked for pages of %llu bytes, and this kernel has pages of %ld; use a build for these",
		      image_name(f), (unsigned long long)segments.worst.alignment, sysconf(_SC_PAGESIZE));
}

static bool is_bad_offset(struct facts *f, const struct rule *rule)
{
	struct segments segments;

	(void)rule;
	return could_commit(f, EINVAL) && image_has(f, facts_image(f), SEGMENT_OFFSET, &segments);
}

static void say_bad_offset(struct facts *f, const struct rule *rule, struct buffer *out)
{
	struct segments segments;

	(void)rule;
	image_has(f, facts_image(f), SEGMENT_OFFSET, &segments);
	buffer_printf(out,
		      "%s is a damaged ELF file: a segment is at the offset %#llx of the file and wants to be at the "
		      "address %#llx, which differ by no whole pages; install it again",
		      image_name(f), (unsigned long long)segments.worst.offset,
		      (unsigned long long)segments.worst.address);
}

/* padzero(), whose error counted for such segments, too, until 6.7 and what was made of it for older kernels. */
static bool is_zeros(struct facts *f, const struct rule *rule)
{
	struct segments segments;

	(void)rule;
	return f->error == EFAULT && is_commit(f) && image_has(f, facts_image(f), SEGMENT_ZEROS, &segments);
}

static bool is_cut_off(struct facts *f, const struct rule *rule)
{
	struct segments segments;

	(void)rule;
	return f->error == EFAULT && is_commit(f) && image_has(f, facts_image(f), SEGMENT_CUT_OFF, &segments);
}

static void say_cut_off(struct facts *f, const struct rule *rule, struct buffer *out)
{
	(void)rule;
	buffer_printf(
		out, "%s ends before what its headers say is in it: it was likely not copied to its end; copy it again",
		image_name(f));
}

static void say_zeros(struct facts *f, const struct rule *rule, struct buffer *out)
{
	(void)rule;
	buffer_printf(out,
		      "%s has a segment that wants zeros behind what is in the file and may not be written to, so that "
		      "this kernel cannot put them there",
		      image_name(f));
}

/* MAP_FIXED_NOREPLACE, of elf_load(), since 5.16. */
static bool is_taken_address(struct facts *f, const struct rule *rule)
{
	(void)rule;
	return f->error == EEXIST && could_commit(f, EEXIST);
}

static void say_taken_address(struct facts *f, const struct rule *rule, struct buffer *out)
{
	(void)rule;
	buffer_printf(
		out,
		"%s%s wants to be at an address where something is already, as the stack: the kernel's log has it "
		"(dmesg: Uhuuh)",
		image_name(f), loader_of(f, facts_image(f)) ? ", or its loader," : "");
}

static bool is_bad_address(struct facts *f, const struct rule *rule)
{
	struct segments segments;

	(void)rule;
	return (could_commit(f, ENOMEM) || could_commit(f, EINVAL)) &&
	       image_has(f, facts_image(f), SEGMENT_ADDRESS, &segments);
}

static void say_bad_address(struct facts *f, const struct rule *rule, struct buffer *out)
{
	struct segments segments;

	(void)rule;
	image_has(f, facts_image(f), SEGMENT_ADDRESS, &segments);
	buffer_printf(out,
		      "%s wants to be at the address %#llx, where no program can be: it is damaged, or a kernel image",
		      image_name(f), (unsigned long long)segments.worst.address);
}

/* Which of the two is to be where nobody but root may have something; NULL: none. */
static struct subject *low_image(struct facts *f)
{
	struct subject *image = facts_image(f), *loader;
	struct segments segments;
	bool user = f->user;

	if (image_has(f, image, SEGMENT_LOW, &segments))
		return image;
	loader = loader_of(f, image);
	if (loader && image_has(f, loader, SEGMENT_LOW, &segments))
		return loader;
	f->user = user;
	return NULL;
}

static bool is_low_address(struct facts *f, const struct rule *rule)
{
	(void)rule;
	return f->error == EPERM && could_commit(f, EPERM) && low_image(f);
}

static void say_low_address(struct facts *f, const struct rule *rule, struct buffer *out)
{
	struct subject *image = low_image(f);
	struct segments segments;

	(void)rule;
	image_has(f, image, SEGMENT_LOW, &segments);
	buffer_printf(out,
		      "%s wants to be at the address %#llx, which is kept free for all but root (sysctl "
		      "vm.mmap_min_addr)",
		      hint_subject(f, image), (unsigned long long)segments.worst.address);
}

static bool is_writable_code(struct facts *f, const struct rule *rule)
{
	struct segments segments;

	(void)rule;
	return f->error == EACCES && could_commit(f, EACCES) &&
	       image_has(f, facts_image(f), SEGMENT_WRITABLE_CODE, &segments);
}

static void say_writable_code(struct facts *f, const struct rule *rule, struct buffer *out)
{
	(void)rule;
	buffer_printf(out,
		      "%s has code that can be written to, which the caller's setting PR_SET_MDWE "
		      "(MemoryDenyWriteExecute=) or a security module likely forbids",
		      image_name(f));
}

static bool is_loader_segment(struct facts *f, const struct rule *rule)
{
	struct segments segments;
	struct subject *loader;

	(void)rule;
	if (!could_commit(f, ENOMEM) && !could_commit(f, EINVAL) && !could_commit(f, EFAULT))
		return false;
	loader = loader_of(f, facts_image(f));
	if (!loader)
		return false;
	if (f->error == EFAULT)
		return image_has(f, loader, SEGMENT_ZEROS, &segments);
	return image_has(f, loader, SEGMENT_SIZES, &segments) || image_has(f, loader, SEGMENT_ADDRESS, &segments) ||
	       image_has(f, loader, SEGMENT_OFFSET, &segments);
}

static void say_loader_segment(struct facts *f, const struct rule *rule, struct buffer *out)
{
	struct subject *loader = loader_of(f, facts_image(f));

	(void)rule;
	buffer_printf(out, "%s is damaged: its segments cannot be mapped; install the C library again",
		      loader ? hint_subject(f, loader) : "the ELF loader");
}

static bool is_too_big(struct facts *f, const struct rule *rule)
{
	struct segments segments;

	(void)rule;
	return f->error == ENOMEM && could_commit(f, ENOMEM) && !commit_limit(f, facts_image(f)).words &&
	       image_has(f, facts_image(f), SEGMENT_HUGE, &segments);
}

static void say_too_big(struct facts *f, const struct rule *rule, struct buffer *out)
{
	struct segments segments;

	(void)rule;
	image_has(f, facts_image(f), SEGMENT_HUGE, &segments);
	buffer_printf(out, "%s wants %llu MiB of memory for its data alone, more than this machine has", image_name(f),
		      (unsigned long long)(segments.total >> 20));
}

static bool is_address_space(struct facts *f, const struct rule *rule)
{
	(void)rule;
	return f->error == ENOMEM && is_commit(f);
}

static void say_address_space(struct facts *f, const struct rule *rule, struct buffer *out)
{
	struct commit_limit limit = commit_limit(f, facts_image(f));
	struct segments segments;

	(void)rule;
	buffer_puts(out, image_name(f));
	if (image_has(f, facts_image(f), SEGMENT_BIG, &segments) && segments.total >> 20)
		buffer_printf(out, " does not get the %llu MiB of memory that it wants",
			      (unsigned long long)(segments.total >> 20));
	else
		buffer_puts(out, " does not get enough memory");
	if (limit.words)
		buffer_printf(out, ": %s is %llu MiB; raise it (%s)", limit.words,
			      (unsigned long long)(limit.bytes >> 20), limit.setting);
	else
		buffer_puts(out,
			    ": likely for ulimit -v, ulimit -d, the control group's limit, or vm.overcommit_memory=2");
}

/* --- the new stack --- */

enum { STACK_WANTED = 131072 }; /* with less, a program that starts cannot go far */

static bool limit_below(struct facts *f, const char *name, uint64_t enough, uint64_t *limit)
{
	return f->view && view_limit(f->view, name, limit) && *limit < enough;
}

static bool is_stack(const struct facts *f)
{
	return f->error == EFAULT && is_commit(f);
}

/* The limit of all memory is in the way of the stack, which comes first. */
static bool is_address_space_of_stack(struct facts *f, const struct rule *rule)
{
	uint64_t limit;

	(void)rule;
	if (!is_stack(f) || limit_below(f, "Max stack size", STACK_WANTED, &limit) ||
	    !limit_below(f, "Max address space", UINT64_MAX, &limit))
		return false;
	f->user = true;
	return true;
}

static void say_address_space_of_stack(struct facts *f, const struct rule *rule, struct buffer *out)
{
	uint64_t limit = 0;

	(void)rule;
	limit_below(f, "Max address space", UINT64_MAX, &limit);
	buffer_printf(
		out,
		"%s gets no memory for its stack: the limit of the address space is %llu KiB; raise it (ulimit -v, LimitAS=)",
		image_name(f), (unsigned long long)(limit >> 10));
}

static bool is_stack_limit(struct facts *f, const struct rule *rule)
{
	(void)rule;
	return is_stack(f);
}

static void say_stack_limit(struct facts *f, const struct rule *rule, struct buffer *out)
{
	uint64_t limit;

	(void)rule;
	buffer_printf(out, "%s gets no memory for its stack: ", image_name(f));
	if (limit_below(f, "Max stack size", STACK_WANTED, &limit))
		buffer_printf(out, "the stack limit is %llu bytes; raise it (ulimit -s, LimitSTACK=)",
			      (unsigned long long)limit);
	else
		buffer_puts(out, "likely for a limit of the stack (RLIMIT_STACK: ulimit -s) or of the address space "
				 "(RLIMIT_AS: ulimit -v)");
}

#define COMMIT .stage = STAGE_COMMIT

const struct rule rules_commit[] = {
	{ .code = "capability_not_in_bounds",
	  COMMIT,
	  .applies = is_out_of_bounds,
	  .hint = say_out_of_bounds,
	  .looks = "EPERM for an executable file, root included: it has file capabilities (getcap) that the caller's "
		   "bounding set lacks. Common in containers.",
	  .also = "Another security module at the same hook: told by the file, where that can be seen and has none.",
	  .fix = "Give the container the capability (--cap-add, CapabilityBoundingSet=), or setcap -r FILE." },
	{ .code = "elf_bad_segment",
	  COMMIT,
	  .applies = is_bad_segment,
	  .hint = say_bad_segment,
	  .looks =
		  "The caller is killed (SIGSEGV) at the start: a segment is larger in the file than in memory, or at no page of the file.",
	  .also = "Nothing else: load_elf_binary() compares the sizes, and vm_mmap() takes whole pages only. EFAULT is that of stack_limit as well: told by the segments.",
	  .fix = "Install the program again; a packer or a patch may have damaged it." },
	{ .code = "elf_page_size",
	  COMMIT,
	  .applies = is_page_size,
	  .hint = say_page_size,
	  .looks =
		  "The caller is killed (SIGSEGV) at the start: the program was linked for smaller pages than the kernel has.",
	  .also = "Damage, which would have to fit the alignment of the segments as well.",
	  .fix = "Use a build for these pages (-z max-page-size=65536), or a kernel with pages of 4 KiB." },
	{ .code = "elf_bad_segment", COMMIT, .applies = is_bad_offset, .hint = say_bad_offset },
	{ .code = "elf_bad_segment", COMMIT, .applies = is_zeros, .hint = say_zeros },
	{ .code = "truncated_elf", COMMIT, .applies = is_cut_off, .hint = say_cut_off },
	{ .code = "elf_bad_address",
	  COMMIT,
	  .applies = is_bad_address,
	  .hint = say_bad_address,
	  .looks = "The caller is killed (SIGSEGV) at the start: a segment is to be where no program can be.",
	  .also = "A limit of the address space, where both are so.",
	  .fix = "Install the program again; kernels and boot loaders are ELF files, too, and no programs." },
	{ .code = "elf_bad_address", COMMIT, .applies = is_taken_address, .hint = say_taken_address },
	{ .code = "low_address",
	  COMMIT,
	  .applies = is_low_address,
	  .hint = say_low_address,
	  .looks = "The caller is killed (SIGSEGV) at the start: the program is linked to addresses near 0 (EPERM).",
	  .also = "A security module at the same place (SELinux: mmap_zero, which answers EACCES).",
	  .fix = "Link it to another address, or lower the sysctl vm.mmap_min_addr." },
	{ .code = "writable_code",
	  COMMIT,
	  .applies = is_writable_code,
	  .hint = say_writable_code,
	  .looks =
		  "The caller is killed (SIGSEGV) at the start: the program has a segment to write to and execute (EACCES).",
	  .also = "MemoryDenyWriteExecute= (PR_SET_MDWE), or a security module (SELinux: execmem, execmod): the two are not told apart.",
	  .fix = "Link it with -z noexecstack -z separate-code, or drop MemoryDenyWriteExecute= for this service." },
	{ .code = "loader_bad_segment",
	  COMMIT,
	  .applies = is_loader_segment,
	  .hint = say_loader_segment,
	  .looks = "The caller is killed (SIGSEGV) at the start: the loader of the C library is damaged.",
	  .also = "A limit of the address space, where both are so.",
	  .fix = "Reinstall the C library." },
	{ .code = "elf_too_big",
	  COMMIT,
	  .applies = is_too_big,
	  .hint = say_too_big,
	  .looks =
		  "The caller is killed (SIGSEGV) at the start: the program's data is larger than the machine's memory.",
	  .also = "A limit of the address space or of data, which is named first where it is known.",
	  .fix = "Use a build with less static data, or allow overcommit (sysctl vm.overcommit_memory)." },
	{ .code = "address_space_limit",
	  COMMIT,
	  .applies = is_address_space,
	  .hint = say_address_space,
	  .looks = "The caller is killed (SIGSEGV) at the start: the new program does not fit into a limit (ENOMEM).",
	  .also = "RLIMIT_AS, RLIMIT_DATA, the control group's memory, vm.overcommit_memory=2: where the numbers do not tell which, it is \"likely\".",
	  .fix = "Raise RLIMIT_AS (ulimit -v, LimitAS=), or the memory limit of the control group." },
	{ .code = "address_space_limit",
	  COMMIT,
	  .applies = is_address_space_of_stack,
	  .hint = say_address_space_of_stack },
	{ .code = "stack_limit",
	  COMMIT,
	  .applies = is_stack_limit,
	  .hint = say_stack_limit,
	  .looks = "The caller is killed (SIGSEGV) at the start: a limit leaves the new program no room for a stack "
		   "(EFAULT).",
	  .also = "RLIMIT_AS, which is named where the stack limit leaves room and it is the one that is set; a segment without room for its zeros (elf_bad_segment).",
	  .fix = "Raise RLIMIT_STACK (ulimit -s, LimitSTACK=: it is in bytes there), or RLIMIT_AS (ulimit -v)." },
	{},
};
