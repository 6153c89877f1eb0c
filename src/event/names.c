// SPDX-License-Identifier: GPL-2.0-only
#include "event/names.h"

#include <string.h>

#include "base/error.h"

const char *errno_name(struct arena *arena, int number)
{
	const char *name = error_name(number);

	return name ? name : arena_printf(arena, "E%d", number);
}

/* Names from a table with holes. */
#define NAME_OF(names, index) ((size_t)(index) < sizeof(names) / sizeof((names)[0]) ? (names)[(size_t)(index)] : NULL)

const char *call_name(enum record_call call)
{
	static const char *const names[] = {
		[CALL_EXECVE] = "execve",
		[CALL_EXECVEAT] = "execveat",
		[CALL_KERNEL] = "kernel",
	};

	return NAME_OF(names, call);
}

const char *stage_name(enum stage stage)
{
	static const char *const names[] = {
		[STAGE_ENTRY] = "entry",         [STAGE_LOOKUP] = "lookup",
		[STAGE_ARGUMENTS] = "arguments", [STAGE_SECURITY] = "security",
		[STAGE_FORMAT] = "format",       [STAGE_INTERPRETER] = "interpreter",
		[STAGE_COMMIT] = "commit",       [STAGE_SHELL] = "shell",
		[STAGE_LOADER] = "loader",       [STAGE_SERVICE_MANAGER] = "service_manager",
	};

	return NAME_OF(names, stage);
}

const char *evidence_name(enum evidence evidence)
{
	static const char *const names[] = {
		[EVIDENCE_KERNEL] = "kernel",
		[EVIDENCE_USER] = "user",
	};

	return NAME_OF(names, evidence);
}

const char *binary_source_name(enum binary_source source)
{
	static const char *const names[] = {
		[BINARY_SOURCE_KERNEL] = "kernel",
		[BINARY_SOURCE_STAT] = "stat",
	};

	return NAME_OF(names, source);
}
