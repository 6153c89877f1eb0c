// SPDX-License-Identifier: GPL-2.0-only
#include "event/getters.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

#include "event/events.h"
#include "event/names.h"

#ifndef AT_EXECVE_CHECK
#define AT_EXECVE_CHECK 0x10000
#endif

static struct bytes host_name;

void fields_set_host(struct bytes host)
{
	host_name = host;
}

/* What serves every field of one C type; field->at says which member. */

static const void *member(const struct field *field, const struct event *event)
{
	return (const char *)event + field->at;
}

struct value field_bytes(const struct field *field, const struct event *event)
{
	return value_bytes(*(const struct bytes *)member(field, event));
}

struct value field_strings(const struct field *field, const struct event *event)
{
	const struct bytes_list *list = member(field, event);

	return (struct value){ .type = list->known ? VALUE_STRINGS : VALUE_NULL, .strings = list };
}

struct value field_u32(const struct field *field, const struct event *event)
{
	uint32_t number = *(const uint32_t *)member(field, event);

	return number == RECORD_UNKNOWN ? value_null() : value_number(number);
}

/* An inode number of nsfs: 0 is none. */
struct value field_namespace(const struct field *field, const struct event *event)
{
	uint32_t number = *(const uint32_t *)member(field, event);

	return number ? value_number(number) : value_null();
}

/* Those of fields that events of this type have. */
static uint32_t parts_of(enum event_type type)
{
	uint32_t parts = 0;

	for (size_t i = 0; i < fields_count; i++)
		if (fields[i].part && field_applies(&fields[i], type))
			parts |= 1u << fields[i].part;
	return parts;
}

struct value field_names(const struct field *field, const struct event *event)
{
	uint32_t parts = *(const uint32_t *)member(field, event);

	if (parts)
		parts &= parts_of(event->type);

	return (struct value){ .type = parts ? VALUE_NAMES : VALUE_NULL, .parts = parts };
}

struct value field_time(const struct event *event)
{
	return value_time(event->arena, event->time_sec, event->time_nsec);
}

/* The program's file. */

struct value field_binary_device(const struct event *event)
{
	return event->binary.known ? value_number(event->binary.dev) : value_null();
}

struct value field_binary_inode(const struct event *event)
{
	return event->binary.known ? value_number(event->binary.ino) : value_null();
}

static struct value ctime_of(const struct event *event, const struct event_file *file)
{
	return file->known ? value_time(event->arena, file->ctime_sec, file->ctime_nsec) : value_null();
}

struct value field_binary_ctime(const struct event *event)
{
	return ctime_of(event, &event->binary);
}

struct value field_binary_ctime_ns(const struct event *event)
{
	const struct event_file *file = &event->binary;
	int64_t ns;

	if (!file->known || __builtin_mul_overflow(file->ctime_sec, 1000000000, &ns) ||
	    __builtin_add_overflow(ns, file->ctime_nsec, &ns))
		return value_null();
	return value_integer(ns);
}

struct value field_binary_mode(const struct event *event)
{
	return event->binary.known ? value_number(event->binary.mode) : value_null();
}

struct value field_binary_source(const struct event *event)
{
	return value_string(binary_source_name(event->binary_source));
}

/* Its ELF interpreter. */

struct value field_loader_device(const struct event *event)
{
	return event->loader.known ? value_number(event->loader.dev) : value_null();
}

struct value field_loader_inode(const struct event *event)
{
	return event->loader.known ? value_number(event->loader.ino) : value_null();
}

struct value field_loader_ctime(const struct event *event)
{
	return ctime_of(event, &event->loader);
}

/* Descriptor 0. */

struct value field_stdin_type(const struct event *event)
{
	if (!event->in_known)
		return value_null();
	return value_string(stdin_type_name(event->in.known ? event->in.mode : STDIN_CLOSED));
}

struct value field_stdin_mode(const struct event *event)
{
	return event->in_known && event->in.known ? value_number(event->in.mode) : value_null();
}

struct value field_stdin_path(const struct event *event)
{
	return event->in_known && event->in.known ? value_bytes(event->in.path) : value_null();
}

/* The call. */

struct value field_kernel_invoked(const struct event *event)
{
	return event->call ? value_bool(event->call == CALL_KERNEL) : value_null();
}

struct value field_event(const struct event *event)
{
	const struct event_kind *kind = events_by_type(event->type);

	return value_string(kind ? kind->name : NULL);
}

struct value field_schema_version(const struct event *event)
{
	(void)event;
	return value_number(SCHEMA_VERSION);
}

struct value field_host(const struct event *event)
{
	(void)event;
	return value_bytes(host_name);
}

struct value field_syscall(const struct event *event)
{
	/* Past the point of no return every call looks like execve where no hook saw it made. */
	return value_string(event->call == CALL_KERNEL || event->seen & SEEN_IMAGE ? NULL : call_name(event->call));
}

struct value field_ret(const struct event *event)
{
	/* Past the point of no return the kernel has an error all the same, and only a tracer sees it. */
	if (event->signal == SIGSYS)
		return value_null();
	return value_integer(event->ret);
}

struct value field_errno(const struct event *event)
{
	/* A seccomp filter can make the call return anything. */
	int error = event_error(event);

	return value_string(error ? errno_name(event->arena, error) : NULL);
}

struct value field_stage(const struct event *event)
{
	return value_string(stage_name(event->stage));
}

struct value field_reason(const struct event *event)
{
	return value_bytes(event->type == EVENT_LOST ? event->lost_reason : event->reason);
}

struct value field_lost_count(const struct event *event)
{
	return value_number(event->lost_count);
}

struct value field_dirfd(const struct event *event)
{
	return event->call == CALL_EXECVEAT ? value_integer(event->dirfd) : value_null();
}

struct value field_dirfd_path(const struct event *event)
{
	return event->call == CALL_EXECVEAT ? value_bytes(event->dirfd_path) : value_null();
}

struct value field_flags(const struct event *event)
{
	return event->call == CALL_EXECVEAT ? value_number(event->flags) : value_null();
}

/* The caller. */

struct value field_ancestors(const struct event *event)
{
	return (struct value){
		.type = event->ancestors_known ? VALUE_ANCESTORS : VALUE_NULL,
		.ancestors = { event->ancestors, event->n_ancestors },
	};
}

struct value field_container(const struct event *event)
{
	return (struct value){
		.type = event->container_id.p ? VALUE_CONTAINER : VALUE_NULL,
		.container = { event->container_id, event->container_runtime, event->container_user },
	};
}

struct value field_cause(const struct event *event)
{
	return (struct value){
		.type = event->cause_pid ? VALUE_CAUSE : VALUE_NULL,
		.cause = { event->cause_pid, event->cause_path },
	};
}

struct value field_exit_code(const struct event *event)
{
	return (struct value){ .type = VALUE_UINT, .number = event->exit_code };
}

struct value field_signal(const struct event *event)
{
	const char *name = event->signal ? sigabbrev_np(event->signal) : NULL;

	return event->signal ? value_string(arena_printf(event->arena, "SIG%s", name ?: "?")) : value_null();
}

/* The hook of the kernel's security modules that answered the error. */
struct value field_security_hook(const struct event *event)
{
	return value_string(security_hook_name(event->step));
}

/* Without hooks inside of the exec nobody counted. */
struct value field_interpreter_level(const struct event *event)
{
	if (event->seen & SEEN_OUTCOME)
		return value_null();
	return value_number(event->level);
}

struct value field_check_only(const struct event *event)
{
	return value_bool(event->call == CALL_EXECVEAT && event->flags & AT_EXECVE_CHECK);
}

struct value field_evidence(const struct event *event)
{
	return value_string(evidence_name(event->evidence));
}

struct value field_raw(const struct event *event)
{
	(void)event;
	return (struct value){ .type = VALUE_RAW };
}

/* What this event stands for beside itself. */

struct value field_attempts(const struct event *event)
{
	return (struct value){
		.type = event->n_attempts ? VALUE_ATTEMPTS : VALUE_NULL,
		.attempts = { event->attempts, event->n_attempts },
	};
}

struct value field_repeats(const struct event *event)
{
	return event->repeats ? value_number(event->repeats) : value_null();
}

static struct value time_of(const struct event *event, int64_t ns)
{
	return event->repeats ? value_time(event->arena, ns / 1000000000, (uint32_t)(ns % 1000000000)) : value_null();
}

struct value field_first_time(const struct event *event)
{
	return time_of(event, event->first_ns);
}

struct value field_last_time(const struct event *event)
{
	return time_of(event, event->last_ns);
}
