// SPDX-License-Identifier: GPL-2.0-only
#include "look/access.h"

#include <endian.h>
#include <linux/capability.h>
#include <linux/posix_acl.h>
#include <linux/posix_acl_xattr.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buffer.h"

const struct credentials access_nobody = {
	.uid = CALLER_UNKNOWN,
	.gid = CALLER_UNKNOWN,
	.seccomp = -1,
};

/* What is behind "NAME:" on its line. */
static struct bytes line_of(struct bytes status, const char *name)
{
	struct bytes line;

	while (status.n) {
		line = bytes_cut(&status, '\n');
		if (bytes_is(bytes_cut(&line, ':'), name))
			return line;
	}
	return (struct bytes){};
}

static bool is_digit(char c, unsigned int base)
{
	return (c >= '0' && c <= '9') || (base == 16 && c >= 'a' && c <= 'f');
}

/* Takes the next number off the front of the text. False: there is none. */
static bool take_number(struct bytes *text, unsigned int base, uint64_t *number)
{
	size_t at = 0;

	while (at < text->n && !is_digit(text->p[at], base))
		at++;
	if (at == text->n)
		return false;
	*number = 0;
	for (; at < text->n && is_digit(text->p[at], base); at++)
		*number = *number * base + (uint64_t)(text->p[at] <= '9' ? text->p[at] - '0' : text->p[at] - 'a' + 10);
	text->p += at;
	text->n -= at;
	return true;
}

static bool number_of(struct bytes status, const char *name, unsigned int base, uint64_t *number)
{
	struct bytes line = line_of(status, name);

	return line.p && take_number(&line, base, number);
}

/* The last of the four: real, effective, saved, and that for files. */
static uint32_t file_id(struct bytes status, const char *name)
{
	struct bytes line = line_of(status, name);
	uint64_t id = CALLER_UNKNOWN;

	while (line.p && take_number(&line, 10, &id))
		;
	return (uint32_t)id;
}

static void parse_groups(struct arena *arena, struct bytes status, struct credentials *caller)
{
	struct bytes line = line_of(status, "Groups");
	uint32_t *groups;
	uint64_t group;

	if (!line.p)
		return;
	/* A number takes two bytes of text at least. */
	groups = arena_alloc(arena, (line.n / 2 + 1) * sizeof(*groups));
	for (caller->n_groups = 0; take_number(&line, 10, &group); caller->n_groups++)
		groups[caller->n_groups] = (uint32_t)group;
	caller->groups = groups;
	caller->groups_known = true;
}

void access_parse_status(struct arena *arena, struct bytes status, struct credentials *caller)
{
	uint64_t number;

	*caller = access_nobody;
	caller->uid = file_id(status, "Uid");
	caller->gid = file_id(status, "Gid");
	parse_groups(arena, status, caller);
	caller->capabilities_known = number_of(status, "CapEff", 16, &caller->effective) &&
				     number_of(status, "CapPrm", 16, &caller->permitted) &&
				     number_of(status, "CapBnd", 16, &caller->bounding);
	if (!number_of(status, "CapInh", 16, &caller->inheritable))
		caller->inheritable = 0;
	caller->no_new_privs = number_of(status, "NoNewPrivs", 10, &number) && number;
	if (number_of(status, "Seccomp", 10, &number))
		caller->seccomp = (int)number;
	if (number_of(status, "Tgid", 10, &number))
		caller->tgid = (uint32_t)number;
}

static enum access in_group(const struct credentials *caller, uint32_t gid)
{
	if (caller->gid == gid)
		return ACCESS_YES;
	for (size_t i = 0; i < caller->n_groups; i++)
		if (caller->groups[i] == gid)
			return ACCESS_YES;
	return caller->groups_known ? ACCESS_NO : ACCESS_UNSURE;
}

static enum access yes_or_no(bool yes)
{
	return yes ? ACCESS_YES : ACCESS_NO;
}

/* What is asked for, as one of the three parts of a mode and as an ACL have it: the same bits. */
enum {
	WANT_EXECUTE = ACL_EXECUTE,
	WANT_READ = ACL_READ,
};

static enum access by_mode(const struct credentials *caller, uint32_t mode, uint32_t uid, uint32_t gid,
			   unsigned int want)
{
	enum access member;

	if (caller->uid == uid)
		return yes_or_no(mode >> 6 & want);
	if (!(mode >> 3 & want) == !(mode & want))
		return yes_or_no(mode & want);
	member = in_group(caller, gid);
	if (member == ACCESS_UNSURE)
		return ACCESS_UNSURE;
	return yes_or_no((member == ACCESS_YES ? mode >> 3 : mode) & want);
}

struct acl_entry {
	uint16_t tag;
	uint16_t permissions;
	uint32_t id;
};

static bool acl_entry(struct bytes acl, size_t index, struct acl_entry *entry)
{
	const size_t head = sizeof(struct posix_acl_xattr_header);
	struct posix_acl_xattr_entry raw;

	if (acl.n < head || (acl.n - head) / sizeof(raw) <= index)
		return false;
	memcpy(&raw, acl.p + head + index * sizeof(raw), sizeof(raw));
	*entry = (struct acl_entry){ le16toh(raw.e_tag), le16toh(raw.e_perm), le32toh(raw.e_id) };
	return true;
}

/* The mask limits what all entries but those of the owner and of others give. */
static bool acl_allows(struct bytes acl, uint16_t permissions, unsigned int want)
{
	struct acl_entry entry;

	for (size_t i = 0; acl_entry(acl, i, &entry); i++)
		if (entry.tag == ACL_MASK)
			return permissions & entry.permissions & want;
	return permissions & want;
}

/* As posix_acl_permission(): the entries are in the order in which they are asked. */
static enum access by_acl(const struct credentials *caller, uint32_t mode, uint32_t uid, uint32_t gid, struct bytes acl,
			  unsigned int want)
{
	enum access member, groups = ACCESS_NO;
	bool group_found = false;
	struct acl_entry entry;

	if (caller->uid == uid)
		return yes_or_no(mode >> 6 & want);
	for (size_t i = 0; acl_entry(acl, i, &entry); i++) {
		if (entry.tag == ACL_USER && entry.id == caller->uid)
			return yes_or_no(acl_allows(acl, entry.permissions, want));
		if (entry.tag != ACL_GROUP_OBJ && entry.tag != ACL_GROUP)
			continue;
		member = in_group(caller, entry.tag == ACL_GROUP ? entry.id : gid);
		if (member == ACCESS_NO)
			continue;
		if (member == ACCESS_UNSURE)
			groups = ACCESS_UNSURE;
		else if (acl_allows(acl, entry.permissions, want))
			return ACCESS_YES;
		else
			group_found = true;
	}
	if (groups == ACCESS_UNSURE)
		return ACCESS_UNSURE;
	return group_found ? ACCESS_NO : yes_or_no(mode & want);
}

/* A line of a map: so many ids from `inside` on are those from `outside` on. */
struct id_range {
	uint64_t inside, outside, count;
};

static bool take_range(struct bytes *map, struct id_range *range)
{
	return take_number(map, 10, &range->inside) && take_number(map, 10, &range->outside) &&
	       take_number(map, 10, &range->count);
}

static bool is_initial(struct bytes map)
{
	struct id_range range;

	return take_range(&map, &range) && !range.inside && !range.outside && range.count == UINT32_MAX;
}

bool access_is_other_user_ns(struct bytes uid_map, struct bytes gid_map)
{
	return (uid_map.n && !is_initial(uid_map)) || (gid_map.n && !is_initial(gid_map));
}

static enum access is_mapped(struct bytes map, uint32_t id)
{
	struct id_range range;

	if (!map.p)
		return ACCESS_UNSURE;
	while (take_range(&map, &range))
		if (id >= range.outside && id - range.outside < range.count)
			return ACCESS_YES;
	return ACCESS_NO;
}

/* As capable_wrt_inode_uidgid(). */
static enum access in_user_ns(const struct credentials *caller, uint32_t uid, uint32_t gid)
{
	enum access owner = is_mapped(caller->uid_map, uid), group = is_mapped(caller->gid_map, gid);

	if (owner == ACCESS_NO || group == ACCESS_NO)
		return ACCESS_NO;
	return owner == ACCESS_YES && group == ACCESS_YES ? ACCESS_YES : ACCESS_UNSURE;
}

/* CAP_DAC_OVERRIDE does not make a program of a file that nobody may execute. */
static enum access by_capability(const struct credentials *caller, uint32_t mode, uint32_t uid, uint32_t gid,
				 unsigned int want)
{
	uint64_t dac = 1ull << CAP_DAC_OVERRIDE;

	if (S_ISDIR(mode) || want == WANT_READ)
		dac |= 1ull << CAP_DAC_READ_SEARCH;
	else if (!(mode & (S_IXUSR | S_IXGRP | S_IXOTH)))
		return ACCESS_NO;
	/* That of a user namespace may have none here. */
	if (!caller->capabilities_known)
		return caller->uid ? ACCESS_NO : ACCESS_UNSURE;
	if (!(caller->effective & dac))
		return ACCESS_NO;
	return caller->other_user_ns ? in_user_ns(caller, uid, gid) : ACCESS_YES;
}

static enum access may(const struct credentials *caller, uint32_t mode, uint32_t uid, uint32_t gid, struct bytes acl,
		       unsigned int want)
{
	enum access owned, capable;

	if (caller->uid == CALLER_UNKNOWN)
		return ACCESS_UNSURE;
	/*
	 * The group's part of the mode is the mask: where it is empty, the kernel does not ask the ACL, whatever others
	 * may.
	 */
	owned = acl.p && mode & S_IRWXG ? by_acl(caller, mode, uid, gid, acl, want)
					: by_mode(caller, mode, uid, gid, want);
	if (owned == ACCESS_YES)
		return ACCESS_YES;
	capable = by_capability(caller, mode, uid, gid, want);
	if (capable == ACCESS_NO)
		return owned;
	return capable;
}

bool access_overrides(const struct credentials *caller, uint32_t mode, uint32_t uid, uint32_t gid, bool read)
{
	return by_capability(caller, mode, uid, gid, read ? WANT_READ : WANT_EXECUTE) == ACCESS_YES;
}

enum access access_execute(const struct credentials *caller, uint32_t mode, uint32_t uid, uint32_t gid,
			   struct bytes acl)
{
	return may(caller, mode, uid, gid, acl, WANT_EXECUTE);
}

enum access access_read(const struct credentials *caller, uint32_t mode, uint32_t uid, uint32_t gid, struct bytes acl)
{
	return may(caller, mode, uid, gid, acl, WANT_READ);
}

bool access_parse_file_caps(struct bytes attribute, struct access_file_caps *caps)
{
	struct vfs_cap_data data = {};
	uint32_t magic;
	size_t words;

	if (attribute.n < sizeof(data.magic_etc))
		return false;
	memcpy(&data, attribute.p, attribute.n < sizeof(data) ? attribute.n : sizeof(data));
	magic = le32toh(data.magic_etc);
	words = (magic & VFS_CAP_REVISION_MASK) == VFS_CAP_REVISION_1 ? 1 : 2;
	if (attribute.n < sizeof(data.magic_etc) + words * sizeof(data.data[0]))
		return false;
	*caps = (struct access_file_caps){ .effective = magic & VFS_CAP_FLAGS_EFFECTIVE };
	for (size_t i = 0; i < words; i++) {
		caps->permitted |= (uint64_t)le32toh(data.data[i].permitted) << 32 * i;
		caps->inheritable |= (uint64_t)le32toh(data.data[i].inheritable) << 32 * i;
	}
	return true;
}

static const char *const cap_names[] = {
	[CAP_CHOWN] = "CHOWN",
	[CAP_DAC_OVERRIDE] = "DAC_OVERRIDE",
	[CAP_DAC_READ_SEARCH] = "DAC_READ_SEARCH",
	[CAP_FOWNER] = "FOWNER",
	[CAP_FSETID] = "FSETID",
	[CAP_KILL] = "KILL",
	[CAP_SETGID] = "SETGID",
	[CAP_SETUID] = "SETUID",
	[CAP_SETPCAP] = "SETPCAP",
	[CAP_LINUX_IMMUTABLE] = "LINUX_IMMUTABLE",
	[CAP_NET_BIND_SERVICE] = "NET_BIND_SERVICE",
	[CAP_NET_BROADCAST] = "NET_BROADCAST",
	[CAP_NET_ADMIN] = "NET_ADMIN",
	[CAP_NET_RAW] = "NET_RAW",
	[CAP_IPC_LOCK] = "IPC_LOCK",
	[CAP_IPC_OWNER] = "IPC_OWNER",
	[CAP_SYS_MODULE] = "SYS_MODULE",
	[CAP_SYS_RAWIO] = "SYS_RAWIO",
	[CAP_SYS_CHROOT] = "SYS_CHROOT",
	[CAP_SYS_PTRACE] = "SYS_PTRACE",
	[CAP_SYS_PACCT] = "SYS_PACCT",
	[CAP_SYS_ADMIN] = "SYS_ADMIN",
	[CAP_SYS_BOOT] = "SYS_BOOT",
	[CAP_SYS_NICE] = "SYS_NICE",
	[CAP_SYS_RESOURCE] = "SYS_RESOURCE",
	[CAP_SYS_TIME] = "SYS_TIME",
	[CAP_SYS_TTY_CONFIG] = "SYS_TTY_CONFIG",
	[CAP_MKNOD] = "MKNOD",
	[CAP_LEASE] = "LEASE",
	[CAP_AUDIT_WRITE] = "AUDIT_WRITE",
	[CAP_AUDIT_CONTROL] = "AUDIT_CONTROL",
	[CAP_SETFCAP] = "SETFCAP",
	[CAP_MAC_OVERRIDE] = "MAC_OVERRIDE",
	[CAP_MAC_ADMIN] = "MAC_ADMIN",
	[CAP_SYSLOG] = "SYSLOG",
	[CAP_WAKE_ALARM] = "WAKE_ALARM",
	[CAP_BLOCK_SUSPEND] = "BLOCK_SUSPEND",
	[CAP_AUDIT_READ] = "AUDIT_READ",
	[38] = "PERFMON",
	[39] = "BPF",
	[40] = "CHECKPOINT_RESTORE",
};

const char *access_caps_names(struct arena *arena, uint64_t caps)
{
	BUFFER_AUTO struct buffer names = {};

	for (unsigned int i = 0; i < 64; i++) {
		if (!(caps >> i & 1))
			continue;
		if (names.n)
			buffer_puts(&names, ", ");
		if (i < sizeof(cap_names) / sizeof(cap_names[0]) && cap_names[i])
			buffer_printf(&names, "CAP_%s", cap_names[i]);
		else
			buffer_printf(&names, "capability %u", i);
	}
	return arena_copy(arena, names.p, names.n);
}
