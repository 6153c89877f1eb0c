// SPDX-License-Identifier: GPL-2.0-only
/* An ACL as it comes; and one that the kernel would take, about which we say what posix_acl_permission() says. */
#include "fuzz.h"

#include <linux/posix_acl.h>
#include <linux/posix_acl_xattr.h>

#include "base/bytes.h"
#include "look/access.h"

enum { IDS = 8, ENTRIES = 16 };

/* A few ids, so that they meet. */
struct input {
	uint8_t uid, gid, groups, owner, group, named_users, named_groups, mask;
	uint8_t permissions[ENTRIES];
	uint8_t ids[ENTRIES];
};

struct acl {
	struct posix_acl_xattr_header head;
	struct posix_acl_xattr_entry v[2 * ENTRIES];
	size_t n;
};

static void add(struct acl *acl, const struct input *in, uint16_t tag)
{
	acl->v[acl->n] = (struct posix_acl_xattr_entry){
		.e_tag = tag,
		.e_perm = in->permissions[acl->n % ENTRIES] & 7,
		.e_id = tag == ACL_USER || tag == ACL_GROUP ? in->ids[acl->n % ENTRIES] % IDS : ACL_UNDEFINED_ID,
	};
	acl->n++;
}

/* In the order of posix_acl_valid(), which wants a mask where there are names. */
static void make(struct acl *acl, const struct input *in)
{
	unsigned int users = in->named_users % 4, groups = in->named_groups % 4;

	*acl = (struct acl){ .head.a_version = POSIX_ACL_XATTR_VERSION };
	add(acl, in, ACL_USER_OBJ);
	for (unsigned int i = 0; i < users; i++)
		add(acl, in, ACL_USER);
	add(acl, in, ACL_GROUP_OBJ);
	for (unsigned int i = 0; i < groups; i++)
		add(acl, in, ACL_GROUP);
	if (users || groups || in->mask & 1)
		add(acl, in, ACL_MASK);
	add(acl, in, ACL_OTHER);
}

static const struct posix_acl_xattr_entry *first(const struct acl *acl, uint16_t tag)
{
	for (size_t i = 0; i < acl->n; i++)
		if (acl->v[i].e_tag == tag)
			return &acl->v[i];
	return NULL;
}

/* What posix_acl_equiv_mode() keeps in the mode. */
static uint32_t mode_of(const struct acl *acl)
{
	const struct posix_acl_xattr_entry *mask = first(acl, ACL_MASK) ?: first(acl, ACL_GROUP_OBJ);

	return (uint32_t)first(acl, ACL_USER_OBJ)->e_perm << 6 | (uint32_t)mask->e_perm << 3 |
	       first(acl, ACL_OTHER)->e_perm;
}

static int is_member(const struct credentials *caller, uint32_t gid)
{
	for (size_t i = 0; i < caller->n_groups; i++)
		if (caller->groups[i] == gid)
			return 1;
	return caller->gid == gid;
}

static int masked(const struct acl *acl, const struct posix_acl_xattr_entry *entry, int want)
{
	const struct posix_acl_xattr_entry *mask = first(acl, ACL_MASK);

	return !(want & ~(entry->e_perm & (mask ? mask->e_perm : 7)));
}

static int kernel_says(const struct credentials *caller, const struct acl *acl, uint32_t owner, uint32_t group,
		       int want)
{
	uint32_t mode = mode_of(acl);
	int found = 0;

	if (caller->uid == owner)
		return (mode >> 6 & 7 & want) == (uint32_t)want;
	/* Where the mask, which is the group's part of the mode, is empty, the ACL is not asked. */
	if (!(mode & 070))
		return !is_member(caller, group) && (mode & want) == (uint32_t)want;
	for (size_t i = 0; i < acl->n; i++) {
		const struct posix_acl_xattr_entry *entry = &acl->v[i];

		if (entry->e_tag == ACL_USER && entry->e_id == caller->uid)
			return masked(acl, entry, want);
		if ((entry->e_tag == ACL_GROUP_OBJ && is_member(caller, group)) ||
		    (entry->e_tag == ACL_GROUP && is_member(caller, entry->e_id))) {
			found = 1;
			if (!(want & ~entry->e_perm))
				return masked(acl, entry, want);
		}
	}
	return !found && (mode & want) == (uint32_t)want;
}

static void compare(const struct input *in)
{
	uint32_t groups[IDS], owner = in->owner % IDS, group = in->group % IDS, mode;
	struct credentials caller = {
		.uid = in->uid % IDS,
		.gid = in->gid % IDS,
		.groups = groups,
		.groups_known = true,
		.capabilities_known = true,
	};
	struct acl acl;
	struct bytes text;

	for (uint32_t i = 0; i < IDS; i++)
		if (in->groups >> i & 1)
			groups[caller.n_groups++] = i;
	make(&acl, in);
	mode = S_IFREG | mode_of(&acl);
	text = (struct bytes){ (const char *)&acl, sizeof(acl.head) + acl.n * sizeof(acl.v[0]) };
	assert_true(access_execute(&caller, mode, owner, group, text) ==
		    (kernel_says(&caller, &acl, owner, group, ACL_EXECUTE) ? ACCESS_YES : ACCESS_NO));
	assert_true(access_read(&caller, mode, owner, group, text) ==
		    (kernel_says(&caller, &acl, owner, group, ACL_READ) ? ACCESS_YES : ACCESS_NO));
}

static void ask(struct bytes acl)
{
	const uint32_t groups[] = { 1, 2 };
	struct credentials caller = { .uid = 1, .gid = 2, .groups = groups, .n_groups = 2, .groups_known = true };

	for (uint32_t mode = 0; mode < 01000; mode += 011) {
		access_execute(&caller, S_IFREG | mode, 0, 3, acl);
		access_read(&access_nobody, S_IFDIR | mode, 1, 1, acl);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {};

	ask((struct bytes){ (const char *)data, size });
	memcpy(&in, data, size < sizeof(in) ? size : sizeof(in));
	compare(&in);
	return 0;
}
