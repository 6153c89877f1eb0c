// SPDX-License-Identifier: GPL-2.0-only
#include "event/names.h"

#include <string.h>
#include <sys/stat.h>

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

const char *security_hook_name(enum record_step step)
{
	static const char *const names[] = {
		[STEP_LSM_CREDS] = "bprm_creds_for_exec",
		[STEP_LSM_CHECK] = "bprm_check_security",
		[STEP_LSM_CREDS_FROM_FILE] = "bprm_creds_from_file",
	};

	return NAME_OF(names, step);
}

/* eventfd, epoll and the like have no type. */
const char *stdin_type_name(uint32_t mode)
{
	static const char *const names[] = {
		[0] = "anon",
		[S_IFIFO >> 12] = "fifo",
		[S_IFCHR >> 12] = "chr",
		[S_IFDIR >> 12] = "dir",
		[S_IFBLK >> 12] = "blk",
		[S_IFREG >> 12] = "reg",
		[S_IFLNK >> 12] = "lnk",
		[S_IFSOCK >> 12] = "sock",
		[STDIN_CLOSED >> 12] = "closed",
	};

	return NAME_OF(names, mode >> 12);
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
