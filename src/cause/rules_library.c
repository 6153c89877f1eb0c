// SPDX-License-Identifier: GPL-2.0-only
/* Programs that the kernel starts, and whose dynamic loader then stops for want of a library. */
#include <string.h>

#include "cause/hint.h"
#include "cause/rules.h"
#include "look/cpu.h"
#include "look/elsewhere.h"

static const struct library_problem *problem_of(struct facts *f)
{
	const struct library_answer *answer;

	/* It got beyond its loader: what is missing now was there. */
	if (f->event->seen & SEEN_RAN)
		return NULL;
	answer = facts_libraries(f);
	return answer->n ? &answer->problems[0] : NULL;
}

static bool is_fault(struct facts *f, const struct rule *rule)
{
	const struct library_problem *problem = problem_of(f);

	return problem && problem->fault == rule->fault;
}

/* "libfoo.so.1, which /opt/app needs," */
static const char *library_of(struct facts *f, const struct library_problem *problem)
{
	return arena_printf(f->arena, "%s, which %s needs,", hint_name(f, problem->name), hint_name(f, problem->asker));
}

static const char *where_of(struct facts *f, const struct library_looked *looked)
{
	static const char *const remarks[] = {
		[PLACE_RPATH] = " (RPATH)", [PLACE_RUNPATH] = " (RUNPATH)", [PLACE_VARIABLE] = " (LD_LIBRARY_PATH)",
		[PLACE_CACHE] = "",         [PLACE_DEFAULT] = "",
	};

	return arena_printf(f->arena, "%s%s", hint_name(f, looked->directory), remarks[looked->place]);
}

static void say_looked(struct facts *f, const struct library_problem *problem, struct buffer *out)
{
	for (size_t i = 0; i < problem->n_looked; i++)
		buffer_printf(out, "%s%s", i ? ", " : " (looked for in ", where_of(f, &problem->looked[i]));
	if (problem->n_looked)
		buffer_put(out, ')');
}

static void say_others(struct facts *f, const struct library_problem *first, struct buffer *out)
{
	const struct library_answer *answer = facts_libraries(f);
	BUFFER_AUTO struct buffer names = {};
	size_t n = 0;

	for (size_t i = 0; i < answer->n; i++)
		if (&answer->problems[i] != first && answer->problems[i].fault == LIBRARY_MISSING)
			buffer_printf(&names, "%s%s", n++ ? ", " : "", hint_name(f, answer->problems[i].name));
	if (n)
		buffer_printf(out, ", nor %s %s", n == 1 ? "is" : "are", buffer_string(&names));
}

/* How a package is asked for by what is in it. */
static void say_manager(struct facts *f, const struct library_problem *problem, enum elsewhere_manager manager,
			struct buffer *out)
{
	const char *name = hint_name(f, problem->name);

	switch (manager) {
	case MANAGER_DPKG:
		buffer_printf(out, "; find its package with: apt-file search %s", name);
		break;
	case MANAGER_RPM:
		buffer_printf(out, "; install it with: dnf install '%s()%s'", name,
			      facts_libraries(f)->program.bits == 64 ? "(64bit)" : "");
		break;
	case MANAGER_APK:
		buffer_printf(out, "; install it with: apk add so:%s", name);
		break;
	case MANAGER_PACMAN:
		buffer_printf(out, "; find its package with: pacman -F %s", name);
		break;
	default:
		buffer_puts(out, "; install it, or put its directory into LD_LIBRARY_PATH");
		break;
	}
}

static const char *directory_of(struct facts *f, struct bytes path)
{
	return hint_name(f, bytes_first(path, path.n - bytes_base(path).n - 1));
}

static void say_package(struct facts *f, const struct elsewhere *found, struct buffer *out)
{
	const char *package = hint_name(f, found->package);

	if (!found->packaged.p)
		buffer_printf(out, "; install %s, which likely has it: apt install %s", package, package);
	else if (found->packaged_there)
		buffer_printf(
			out,
			", but the package %s has one in %s, where the loader does not look; set LD_LIBRARY_PATH=%s",
			package, directory_of(f, found->packaged), directory_of(f, found->packaged));
	else
		buffer_printf(out, ", and the package %s has lost it; install that again: %s %s", package,
			      found->manager == MANAGER_RPM ? "dnf reinstall" : "apt install --reinstall", package);
}

static void say_elsewhere(struct facts *f, const struct library_problem *problem, struct buffer *out)
{
	const struct look *image = facts_look(f, facts_image(f));
	struct look_how how = facts_how(f);
	struct elsewhere found;

	elsewhere_find(&how, f->caller, image->at, problem->name, &found);
	if (problem->ignored)
		buffer_puts(out, ", and LD_LIBRARY_PATH, which leads to it, is not heeded for programs that start with "
				 "others' rights (set-user-ID, file capabilities); put its directory into "
				 "/etc/ld.so.conf.d, and run ldconfig");
	else if (found.configured.p)
		buffer_printf(out, ", but in %s, which ld.so.cache does not know of; run ldconfig",
			      directory_of(f, found.configured));
	else if (found.beside.p)
		buffer_printf(out, ", but there is one in %s, where the loader does not look; set LD_LIBRARY_PATH=%s",
			      directory_of(f, found.beside), directory_of(f, found.beside));
	else if (found.package.p)
		say_package(f, &found, out);
	else
		say_manager(f, problem, found.manager, out);
}

static void say_missing(struct facts *f, const struct rule *rule, struct buffer *out)
{
	const struct library_problem *problem = problem_of(f);

	(void)rule;
	buffer_printf(out, "the library %s is not there", library_of(f, problem));
	say_looked(f, problem, out);
	say_others(f, problem, out);
	say_elsewhere(f, problem, out);
}

static void say_version(struct facts *f, const struct rule *rule, struct buffer *out)
{
	const struct library_problem *problem = problem_of(f);

	(void)rule;
	buffer_printf(out, "%s needs %s of %s, and %s ", hint_name(f, problem->asker), hint_name(f, problem->version),
		      hint_name(f, problem->name), hint_name(f, problem->path));
	if (problem->newest.p)
		buffer_printf(out, "has no newer one than %s", hint_name(f, problem->newest));
	else
		buffer_puts(out, "has none of that kind");
	if (bytes_begins(problem->version, "GLIBC_"))
		buffer_puts(out, ": it was built on a newer system; build it here or on an older one, or run it in a "
				 "container of its own");
	else
		buffer_puts(out,
			    "; update the package of that library, or use the one that the program was built with");
}

static void say_wrong_machine(struct facts *f, const struct rule *rule, struct buffer *out)
{
	const struct library_problem *problem = problem_of(f);
	struct elf_header wanted = facts_libraries(f)->program;

	(void)rule;
	buffer_printf(
		out,
		"the library %s is there only for another machine: %s is for %s, and the program for %s; install the "
		"library's package for %s",
		library_of(f, problem), hint_name(f, problem->path), elf_machine_name(f->arena, &problem->header),
		elf_machine_name(f->arena, &wanted), elf_machine_name(f->arena, &wanted));
}

/* Of the program itself, and of a library. */
static void say_cpu(struct facts *f, const struct rule *rule, struct buffer *out)
{
	const struct library_problem *problem = problem_of(f);
	uint32_t levels = cpu_levels(facts_text(f, VIEW_PROC, "cpuinfo"));

	(void)rule;
	if (problem->asker.p)
		buffer_printf(out, "the library %s is built for processors of the level %s", library_of(f, problem),
			      cpu_level_name(problem->isa));
	else
		buffer_printf(out, "%s is built for processors of the level %s", hint_name(f, problem->path),
			      cpu_level_name(problem->isa));
	buffer_printf(out,
		      ", and this one is %s; use a build for older processors, or give the virtual machine a newer one",
		      cpu_level_name(levels));
}

static void say_noexec(struct facts *f, const struct rule *rule, struct buffer *out)
{
	const struct library_problem *problem = problem_of(f);
	const char *path = hint_name(f, problem->path);

	(void)rule;
	buffer_printf(out, "the library %s is %s, on a file system that is mounted noexec", library_of(f, problem),
		      path);
	if (problem->mount.p)
		buffer_printf(out, " (%s)", hint_name(f, problem->mount));
	buffer_puts(out, "; put it where programs may lie");
}

static void say_unreadable(struct facts *f, const struct rule *rule, struct buffer *out)
{
	const struct library_problem *problem = problem_of(f);

	(void)rule;
	buffer_printf(out,
		      "the library %s may not be read by %s: %s; look at its permissions, and those of the directories "
		      "on the way",
		      library_of(f, problem), hint_caller(f), hint_name(f, problem->path));
}

static void say_invalid(struct facts *f, const struct rule *rule, struct buffer *out)
{
	const struct library_problem *problem = problem_of(f);

	(void)rule;
	buffer_printf(
		out,
		"the library %s is no good: %s %s; install its package again, or remove it if it is in the way of "
		"another",
		library_of(f, problem), hint_name(f, problem->path), problem->what);
}

static bool is_in_loader(struct facts *f, const struct rule *rule)
{
	(void)rule;
	return f->event->seen & SEEN_LOADER;
}

static void say_stopped(struct facts *f, const struct rule *rule, struct buffer *out)
{
	(void)rule;
	buffer_printf(out, "the loader of %s ended it with status %u", hint_name(f, f->event->exe),
		      f->event->exit_code);
	if (f->view && !facts_libraries(f)->unsure)
		buffer_puts(out, ", though no library is missing: likely one lacks a symbol");
	else
		buffer_puts(out, ": likely a library is missing, too old, or lacks a symbol");
	if (bytes_begins(f->event->err.path, "/"))
		buffer_printf(out, "; see its message, which names it, in %s", hint_name(f, f->event->err.path));
}

const struct rule rules_loader_end[] = {
	{ .code = "loader_stopped",
	  .stage = STAGE_LOADER,
	  .applies = is_in_loader,
	  .hint = say_stopped,
	  .looks =
		  "A program ended while code of its loader ran, and all libraries that it asks for are there, with all versions, or could not be looked for: \"symbol lookup error: undefined symbol\".",
	  .also = "A library that was taken away, or put there, since; a plugin that is loaded later.",
	  .fix = "Its message has the symbol: `stderr_path` is where that went. ldd -r PROGRAM lists what is missing; update the library that is to have it." },
	{},
};

#define STOPS(of) .stage = STAGE_LOADER, .fault = LIBRARY_##of, .applies = is_fault

const struct rule rules_library[] = {
	{ .code = "library_missing",
	  STOPS(MISSING),
	  .hint = say_missing,
	  .looks =
		  "The program starts, and its loader says \"cannot open shared object file\" (musl: \"Error loading shared library\") and exits with 127.",
	  .also = "A library that was taken away since.",
	  .fix = "Install the library's package; run ldconfig after putting one into a directory of ld.so.conf; else LD_LIBRARY_PATH or a RUNPATH." },
	{ .code = "library_version",
	  STOPS(VERSION),
	  .hint = say_version,
	  .looks =
		  "\"version `GLIBC_2.38' not found (required by ...)\": the library is older than that which the program was built with.",
	  .also = "Nothing else: _dl_check_map_versions().",
	  .fix = "Build on the oldest system it is to run on, or bring newer libraries (not glibc) along." },
	{ .code = "library_wrong_machine",
	  STOPS(WRONG_MACHINE),
	  .hint = say_wrong_machine,
	  .looks =
		  "\"wrong ELF class\", or \"cannot open shared object file\" though there is one: it is for another machine.",
	  .also = "Nothing else: the loader passes over such files.",
	  .fix = "Install the library's package for the program's machine (libfoo1:i386, foo.i686)." },
	{ .code = "library_cpu",
	  STOPS(CPU),
	  .hint = say_cpu,
	  .looks =
		  "\"CPU ISA level is lower than required\": the program, or a library, is built for a newer processor (x86-64-v3).",
	  .also = "Nothing else: glibc since 2.33 asks for what the file's note says.",
	  .fix = "Use a build for x86-64 or x86-64-v2; in a virtual machine choose a newer processor model." },
	{ .code = "library_noexec",
	  STOPS(NOEXEC),
	  .hint = say_noexec,
	  .looks =
		  "\"failed to map segment from shared object\": the library lies on a file system that is mounted noexec.",
	  .also = "A security module that forbids to map it.",
	  .fix = "Put the library where programs may lie; tools that unpack into /tmp take TMPDIR." },
	{ .code = "library_unreadable",
	  STOPS(UNREADABLE),
	  .hint = say_unreadable,
	  .looks =
		  "\"cannot open shared object file: Permission denied\": the file is there, and the caller may not read it.",
	  .also = "A security module.",
	  .fix = "Repair the permissions of the file, or of a directory on the way." },
	{ .code = "library_invalid",
	  STOPS(INVALID),
	  .hint = say_invalid,
	  .looks = "\"invalid ELF header\", \"file too short\": what is found under the library's name is none.",
	  .also = "Nothing else.",
	  .fix = "Install the library's package again. Files that git-lfs or a linker script left under the name are to be replaced." },
	{},
};
