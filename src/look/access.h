/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who may execute a file or pass through a directory: the kernel's rule, worked out for another process.
 *
 * Ids are as this process's user namespace has them, which is the initial one where execfail traces. Capabilities are
 * bits, 1 << CAP_....
 */
#ifndef EXECFAIL_ACCESS_H
#define EXECFAIL_ACCESS_H

#include <stdint.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "look/caller.h"

/* What struct cred has. CALLER_UNKNOWN: an id that is unknown. What it points to is its maker's. */
struct credentials {
	uint32_t uid; /* fsuid and fsgid: with which files are accessed */
	uint32_t gid;
	const uint32_t *groups;
	size_t n_groups;
	bool groups_known;
	uint64_t effective; /* capabilities: this and the next two */
	uint64_t permitted;
	uint64_t inheritable;
	uint64_t bounding;
	bool capabilities_known;
	/*
	 * Its capabilities are those of another user namespace: they hold for files whose owner and group have an id
	 * there, by the texts of /proc/PID/uid_map and gid_map. p NULL: unknown.
	 */
	bool other_user_ns;
	struct bytes uid_map;
	struct bytes gid_map;
	bool no_new_privs;
	int seccomp; /* 0: none, 1: strict, 2: filter; -1: unknown */
	uint32_t tgid; /* as the /proc has it that it was read from; 0: unknown */
};

/* Nothing is known. */
extern const struct credentials access_nobody;

/* Whether the maps are of another user namespace than the initial one, which maps every id to itself. Unknown: no. */
bool access_is_other_user_ns(struct bytes uid_map, struct bytes gid_map);

/* All of caller from the text of /proc/PID/status, but for what only the maps say. The groups live in the arena. */
void access_parse_status(struct arena *arena, struct bytes status, struct credentials *caller);

enum access {
	ACCESS_YES,
	ACCESS_NO,
	ACCESS_UNSURE, /* it depends on what is not known: groups, capabilities */
};

/*
 * inode_permission() for MAY_EXEC: acl_permission_check() and generic_permission() (fs/namei.c), posix_acl_permission()
 * (fs/posix_acl.c). mode: st_mode; acl: the attribute system.posix_acl_access; p NULL: the file has none.
 */
enum access access_execute(const struct credentials *caller, uint32_t mode, uint32_t uid, uint32_t gid,
			   struct bytes acl);

/* The same for MAY_READ. */
enum access access_read(const struct credentials *caller, uint32_t mode, uint32_t uid, uint32_t gid, struct bytes acl);

/* Whether its capabilities alone let it read, or else execute or pass through, whatever mode and ACL say. */
bool access_overrides(const struct credentials *caller, uint32_t mode, uint32_t uid, uint32_t gid, bool read);

/* The attribute security.capability, as get_vfs_caps_from_disk() (security/commoncap.c) reads it. False: too short. */
struct access_file_caps {
	uint64_t permitted;
	uint64_t inheritable;
	bool effective;
};

bool access_parse_file_caps(struct bytes attribute, struct access_file_caps *caps);

/* "CAP_NET_RAW, CAP_SYS_ADMIN", in the arena; "" for none. */
const char *access_caps_names(struct arena *arena, uint64_t caps);

#endif
