// SPDX-License-Identifier: GPL-2.0-only
#include "event/stage.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "event/program.h"

/* The function that was seen to answer the error; nothing has to be inferred then. */
static const enum stage step_stages[] = {
	[STEP_OPEN_PROGRAM] = STAGE_LOOKUP,
	[STEP_OPEN_INTERPRETER] = STAGE_INTERPRETER,
	[STEP_LSM_CREDS] = STAGE_SECURITY,
	[STEP_LSM_CHECK] = STAGE_SECURITY,
	/* Inside of begin_new_exec(): file capabilities outside of the bounding set. */
	[STEP_LSM_CREDS_FROM_FILE] = STAGE_COMMIT,
	[STEP_BEGIN_NEW_EXEC] = STAGE_COMMIT,
};

/* do_open_execat() looks at the flags of execveat() before anything else, and has no other use for this error. */
static bool flags_refused(const struct event *e)
{
	return e->step == STEP_OPEN_PROGRAM && e->ret == -EINVAL && e->call == CALL_EXECVEAT;
}

/*
 * Which errors a stage has of its own, without any function that is hooked. Another one means that a program of ours
 * did not run: it is skipped when a task fails to exec that has preempted it on the same CPU.
 */
static enum stage stage_if_possible(const struct event *e, enum stage stage)
{
	switch (event_error(e)) {
	case EPERM:
	case EACCES:
	case ENOTDIR:
	case ELOOP:
	case ETXTBSY:
		return STAGE_UNKNOWN;
	case ENOENT:
		return stage == STAGE_ENTRY && e->path.p && !e->path.n ? stage : STAGE_UNKNOWN;
	case ENOEXEC:
	case EIO:
	case ELIBBAD:
		return stage == STAGE_FORMAT ? stage : STAGE_UNKNOWN;
	case E2BIG:
		return stage == STAGE_ARGUMENTS ? stage : STAGE_UNKNOWN;
	default:
		return stage;
	}
}

/* How far an exec came that no hooked function refused. */
static enum stage stage_reached(const struct event *e)
{
	if (e->seen & (SEEN_NO_RETURN | SEEN_COMMIT))
		return STAGE_COMMIT;
	if (e->seen & SEEN_EXEC) {
		if (e->seen & (SEEN_SCRIPT | SEEN_INTERP_OPEN))
			return STAGE_INTERPRETER;
		/* load_script() refuses a script that its interpreter could not reach: a descriptor closed on exec. */
		if (e->ret == -ENOENT)
			return STAGE_INTERPRETER;
		return stage_if_possible(e, STAGE_FORMAT);
	}
	if (!(e->seen & SEEN_HOOKS))
		return STAGE_UNKNOWN;
	/* Before 5.8 the start of the file was read before arguments were copied, which never ends like this. */
	if (e->seen & SEEN_FILE && e->ret == -EIO)
		return STAGE_FORMAT;
	return stage_if_possible(e, e->seen & SEEN_BPRM ? STAGE_ARGUMENTS : STAGE_ENTRY);
}

/* As it is not there, it was not found. */
static enum stage stage_if_absent(const struct event *e)
{
	return e->look == LOOK_ABSENT && !e->binary.known ? STAGE_LOOKUP : STAGE_UNKNOWN;
}

/* Nobody executes it, whoever it is. */
static enum stage stage_if_refused(const struct event_file *file)
{
	return file->known && (!S_ISREG(file->mode) || !(file->mode & 0111)) ? STAGE_LOOKUP : STAGE_UNKNOWN;
}

/*
 * Only the outcome is known: the stage is what the error can only mean. That the program is there now says little: it
 * may have been put there since, and what it asks for is told from its contents, by diagnose.c.
 */
static enum stage stage_inferred(const struct event *e)
{
	switch (event_error(e)) {
	case E2BIG:
		return STAGE_ARGUMENTS;
	case ELIBBAD:
		return STAGE_INTERPRETER;
	case EFAULT:
		return e->path.p ? STAGE_ARGUMENTS : STAGE_ENTRY;
	case ENAMETOOLONG:
		if (e->path.n + 1 >= RECORD_PATH_MAX)
			return STAGE_ENTRY;
		return stage_if_absent(e);
	case ENOTDIR:
		return stage_if_absent(e);
	case EBADF:
		return STAGE_LOOKUP;
	case ENOENT:
		if (e->path.p && !e->path.n && !(e->flags & AT_EMPTY_PATH))
			return STAGE_ENTRY;
		return stage_if_absent(e);
	case EACCES:
		if (program_is_cwd(e))
			return STAGE_LOOKUP;
		return stage_if_refused(program_is_descriptor(e) ? &e->dirfd_file : &e->binary);
	default:
		return STAGE_UNKNOWN;
	}
}

void stage_event(struct event *e)
{
	if (e->seen & SEEN_SECCOMP || flags_refused(e))
		e->stage = STAGE_ENTRY;
	else if (e->step > STEP_NONE && e->step < sizeof(step_stages) / sizeof(step_stages[0]))
		e->stage = step_stages[e->step];
	else if (e->seen & SEEN_OUTCOME && !(e->seen & SEEN_COMMIT))
		e->stage = stage_inferred(e);
	else
		e->stage = stage_reached(e);
}
