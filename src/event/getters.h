/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The ways from an event to the values of its fields: what the rows of fields.c name. Values point into the event or
 * its arena, and are null where it does not know.
 */
#ifndef EXECFAIL_GETTERS_H
#define EXECFAIL_GETTERS_H

#include "event/fields.h"

/*
 * Of all members of one type: struct bytes, struct bytes_list, uint32_t, one where 0 is none, bits 1 << enum
 * event_part.
 */
field_read field_bytes;
field_read field_strings;
field_read field_u32;
field_read field_namespace;
field_read field_names;

/* Of one field each, by its name. */
field_get field_time;
field_get field_binary_device;
field_get field_binary_inode;
field_get field_binary_ctime;
field_get field_binary_ctime_ns;
field_get field_binary_mode;
field_get field_binary_source;
field_get field_loader_device;
field_get field_loader_inode;
field_get field_loader_ctime;
field_get field_stdin_type;
field_get field_stdin_mode;
field_get field_stdin_path;
field_get field_kernel_invoked;
field_get field_event;
field_get field_schema_version;
field_get field_host;
field_get field_syscall;
field_get field_ret;
field_get field_exit_code;
field_get field_errno;
field_get field_stage;
field_get field_reason;
field_get field_lost_count;
field_get field_dirfd;
field_get field_dirfd_path;
field_get field_flags;
field_get field_ancestors;
field_get field_container;
field_get field_cause;
field_get field_signal;
field_get field_security_hook;
field_get field_interpreter_level;
field_get field_check_only;
field_get field_evidence;
field_get field_raw;
field_get field_attempts;
field_get field_repeats;
field_get field_first_time;
field_get field_last_time;

#endif
