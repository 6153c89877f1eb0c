// SPDX-License-Identifier: GPL-2.0-only
/* The text of /proc/PID/status and, behind a NUL each, the maps of its user namespace and an ACL. */
#include "fuzz.h"

#include "base/bytes.h"
#include "look/access.h"

static const struct bytes none;

/* Who may with an ACL that says what the mode says may without it. */
static void ask(const struct credentials *caller, struct bytes acl)
{
	for (uint32_t mode = 0; mode < 01000; mode += 0111) {
		access_execute(caller, S_IFREG | mode, 0, 0, acl);
		access_read(caller, S_IFREG | mode, 1000, 1000, acl);
		/* All may what nobody is kept from. */
		assert_true(mode != 0777 || access_execute(caller, S_IFREG | mode, 0, 0, none) != ACCESS_NO);
		assert_true(mode || access_execute(caller, S_IFREG, 0, 0, none) != ACCESS_YES);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes rest = { (const char *)data, size };
	struct bytes status = bytes_cut(&rest, '\0'), map = bytes_cut(&rest, '\0');
	struct arena *arena = arena_new();
	struct credentials caller;
	struct access_file_caps caps;

	access_parse_status(arena, status, &caller);
	assert_true(!caller.n_groups || caller.groups_known);
	caller.uid_map = caller.gid_map = map;
	caller.other_user_ns = access_is_other_user_ns(map, map);
	ask(&caller, none);
	ask(&caller, rest);
	if (access_parse_file_caps(rest, &caps))
		access_caps_names(arena, caps.permitted);
	arena_free(arena);
	return 0;
}
