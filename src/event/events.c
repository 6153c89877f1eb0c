// SPDX-License-Identifier: GPL-2.0-only
#include "event/events.h"

#include <string.h>

#include "base/text.h"

#define BIT(kind) (1u << RECORD_##kind)

/* clang-format off */ // text
const struct event_kind event_kinds[] = {
	{ .type = EVENT_PROCESS_EXECUTE_FAILED,
	  .name = "process_execute_failed",
	  .alias = "process_execution_failed",
	  .help = "a program failed to start",
	  .about = "An execve, an execveat or an exec that the kernel began itself has failed. Also what a seccomp filter answers, or kills for, and a\n"
		   "failure past the point of no return, for which the kernel kills the caller.",
	  .records = BIT(FAILED) },
	{ .type = EVENT_PROCESS_START_FAILED,
	  .name = "process_start_failed",
	  .help = "a program did not start, though no exec failed",
	  .about = "A process has ended with a status that says so: 127 or 126 of a shell that found no command or may not execute it, 127 of a dynamic\n"
		   "loader that found no library, or 1 where one lacks a version or a symbol (since 5.10), 1 of sudo that found no command and had started nothing, 200 to 245 of a\n"
		   "service manager that could not prepare what it was to start; `stage` is then `shell`, `loader` or `service_manager`. `path` is the\n"
		   "command or the program, where it can be told. Where an exec had failed before, `caused_by` is that, and with folding it is told instead. A shell that goes\n"
		   "on after a command that it did not find is not seen, unless it had made a process for it. What a shell was given is read, as its\n"
		   "arguments have it or in the script's file, and no further than it can be followed; where it says `exit 127` itself, and nothing tells\n"
		   "that a command of it is missing, the reason is `exit_127`.",
	  .records = BIT(ENDED) },
	{ .type = EVENT_SECURITY_BPRM_CHECK,
	  .name = "security_bprm_check",
	  .alias = "bprm_check",
	  .help = "the security modules were asked about a binary",
	  .about = "The kernel has asked the security modules whether a binary may be executed, and `ret` is what they answered. Of a script it asks twice:\n"
		   "about the script, then about its interpreter; `binary` is which. `argc` and `envc` are only told of the first. The family `tracepoint`\n"
		   "cannot tell it: Linux has no tracepoint there.",
	  .records = BIT(CHECKED) },
	{ .type = EVENT_SCHED_PROCESS_EXEC,
	  .name = "sched_process_exec",
	  .help = "a program started",
	  .about = "A program has taken the place of another. Of a script, `binary` is what runs, its interpreter, and `path` the script; `arguments` are\n"
		   "what the program was given, with what the kernel put before them for an interpreter. `tid` is the thread that called.",
	  .records = BIT(STARTED) },
	{ .type = EVENT_EXECVE,
	  .name = "execve",
	  .help = "execve returned, whatever it answered",
	  .about = "The call has returned. One that succeeded is told when the program starts: `comm` is the caller's, `exe` is null, since the caller's\n"
		   "program is gone, and so is the first of the arguments where an interpreter's name took its place: that is null, and `arguments`\n"
		   "among `unreadable`. What else is told of the caller is as it is then.",
	  .records = BIT(FAILED) | BIT(STARTED),
	  .call = CALL_EXECVE },
	{ .type = EVENT_EXECVEAT,
	  .name = "execveat",
	  .help = "execveat returned, whatever it answered",
	  .about = "As `execve`. `check_only`: it was asked whether it would succeed, and nothing was to be started.",
	  .records = BIT(FAILED) | BIT(STARTED) | BIT(APPROVED),
	  .call = CALL_EXECVEAT },
	{ .type = EVENT_FOUND, .name = "found", .records = BIT(FOUND) },
	{ .type = EVENT_LOST,
	  .name = "lost",
	  .about = "Events that could not be told, since the last of this name. It cannot be asked for, nor be filtered out." },
};
/* clang-format on */

const size_t event_kinds_count = sizeof(event_kinds) / sizeof(event_kinds[0]);

const struct event_kind *events_by_type(enum event_type type)
{
	for (size_t i = 0; i < event_kinds_count; i++)
		if (event_kinds[i].type == type)
			return &event_kinds[i];
	return NULL;
}

struct event_set events_of_record(enum record_kind kind, enum record_call call)
{
	struct event_set set = {};

	for (size_t i = 0; i < event_kinds_count; i++)
		if (event_kinds[i].records & 1u << kind && (!event_kinds[i].call || event_kinds[i].call == call))
			set.bits |= 1u << event_kinds[i].type;
	return set;
}

enum event_type events_first(struct event_set set)
{
	for (size_t i = 0; i < event_kinds_count; i++)
		if (event_set_has(set, event_kinds[i].type))
			return event_kinds[i].type;
	return 0;
}

const struct event_kind *events_find(const char *name)
{
	for (size_t i = 0; i < event_kinds_count; i++) {
		const struct event_kind *kind = &event_kinds[i];

		if (!strcmp(kind->name, name) || (kind->alias && !strcmp(kind->alias, name)))
			return kind;
	}
	return NULL;
}

bool event_is_failure(enum event_type type)
{
	return EVENTS_FAILURES & 1u << type;
}

#define ALL                                                                                                            \
	(EVENTS_FAILURES | 1u << EVENT_SECURITY_BPRM_CHECK | 1u << EVENT_SCHED_PROCESS_EXEC | 1u << EVENT_EXECVE |     \
	 1u << EVENT_EXECVEAT)

static const struct {
	const char *name;
	const char *help;
	uint32_t bits;
} groups[] = {
	{ "failures", "all that fails, as without -e", EVENTS_FAILURES },
	{ "all", "all of these", ALL },
};

enum { GROUPS = sizeof(groups) / sizeof(groups[0]) };

/* Of what can be asked for. */
static const char *events_nearest(const char *word)
{
	const char *names[2 * (sizeof(event_kinds) / sizeof(event_kinds[0])) + GROUPS + 2];
	size_t n = 0;

	for (size_t i = 0; i < event_kinds_count; i++) {
		if (!event_kinds[i].help)
			continue;
		names[n++] = event_kinds[i].name;
		if (event_kinds[i].alias)
			names[n++] = event_kinds[i].alias;
	}
	for (size_t i = 0; i < GROUPS; i++)
		names[n++] = groups[i].name;
	names[n++] = "help";
	names[n] = NULL;
	return text_nearest(word, names);
}

static enum events_parsed events_unknown(const char *word, struct buffer *error)
{
	const char *nearest = events_nearest(word);

	buffer_puts(error, "unknown event '");
	text_escape(error, bytes_of(word));
	if (nearest)
		buffer_printf(error, "': did you mean '%s'? (-e help lists them)", nearest);
	else
		buffer_puts(error, "' (-e help lists them)");
	return EVENTS_ERROR;
}

/* 0: it names none. */
static uint32_t bits_of(const char *word)
{
	const struct event_kind *kind = events_find(word);

	for (size_t i = 0; i < GROUPS; i++)
		if (!strcmp(groups[i].name, word))
			return groups[i].bits;
	return kind && kind->help ? 1u << kind->type : 0;
}

static enum events_parsed events_parse_word(const char *word, struct event_set *set, struct buffer *error)
{
	bool without = word[0] == '-';
	uint32_t bits = bits_of(word + without);

	if (!strcmp(word + without, "help"))
		return EVENTS_HELP;
	if (!bits)
		return events_unknown(word + without, error);
	set->bits = without ? set->bits & ~bits : set->bits | bits;
	return EVENTS_OK;
}

enum events_parsed events_parse(const char *list, struct event_set *set, struct buffer *error)
{
	enum events_parsed parsed;

	/* What begins with what is not wanted means the rest. */
	if (!set->bits && list[0] == '-')
		set->bits = ALL;
	for (const char *at = list, *end;; at = end + 1) {
		BUFFER_AUTO struct buffer word = {};

		end = strchrnul(at, ',');
		buffer_add(&word, at, (size_t)(end - at));
		parsed = events_parse_word(buffer_string(&word), set, error);
		if (parsed != EVENTS_OK || !*end)
			break;
	}
	if (parsed != EVENTS_OK || set->bits)
		return parsed;
	buffer_puts(error, "no event is left of '");
	text_escape(error, bytes_of(list));
	buffer_puts(error, "' (-e help lists them)");
	return EVENTS_ERROR;
}

void events_list(FILE *to)
{
	for (size_t i = 0; i < event_kinds_count; i++) {
		const struct event_kind *kind = &event_kinds[i];

		if (!kind->help)
			continue;
		fprintf(to, "%-24s  %s%s%s%s\n", kind->name, kind->help, kind->alias ? " (also: " : "",
			kind->alias ? kind->alias : "", kind->alias ? ")" : "");
	}
	for (size_t i = 0; i < GROUPS; i++)
		fprintf(to, "%-24s  %s\n", groups[i].name, groups[i].help);
}
