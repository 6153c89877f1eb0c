// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include "look/access.h"

/* Entries of an ACL as the attribute has them: tag, permissions, id. */
#define ACL "\2\0\0\0"
#define OWNER "\1\0\7\0\xff\xff\xff\xff"
#define USER_1000(permissions) "\2\0" permissions "\0\xe8\3\0\0"
#define OWNING_GROUP(permissions) "\4\0" permissions "\0\xff\xff\xff\xff"
#define GROUP_50(permissions) "\x8\0" permissions "\0\x32\0\0\0"
#define MASK(permissions) "\x10\0" permissions "\0\xff\xff\xff\xff"
#define OTHERS(permissions) "\x20\0" permissions "\0\xff\xff\xff\xff"

static const uint32_t groups_20_50[] = { 20, 50 };

static struct credentials user(uint32_t uid, uint32_t gid)
{
	struct credentials caller = access_nobody;

	caller.uid = uid;
	caller.gid = gid;
	caller.capabilities_known = true;
	return caller;
}

static void test_mode(void **state)
{
	struct credentials alice = user(1000, 20), unknown = user(1000, 20);
	const struct bytes none = {};

	(void)state;
	alice.groups = groups_20_50;
	alice.n_groups = 2;
	alice.groups_known = true;
	assert_int_equal(access_execute(&alice, S_IFREG | 0100, 1000, 0, none), ACCESS_YES);
	/* the owner's bits alone count for the owner */
	assert_int_equal(access_execute(&alice, S_IFREG | 0011, 1000, 20, none), ACCESS_NO);
	assert_int_equal(access_execute(&alice, S_IFREG | 0010, 0, 20, none), ACCESS_YES);
	assert_int_equal(access_execute(&alice, S_IFREG | 0010, 0, 50, none), ACCESS_YES);
	assert_int_equal(access_execute(&alice, S_IFREG | 0001, 0, 50, none), ACCESS_NO);
	assert_int_equal(access_execute(&alice, S_IFREG | 0010, 0, 60, none), ACCESS_NO);
	assert_int_equal(access_execute(&alice, S_IFREG | 0001, 0, 60, none), ACCESS_YES);
	assert_int_equal(access_execute(&unknown, S_IFREG | 0010, 0, 60, none), ACCESS_UNSURE);
	assert_int_equal(access_execute(&unknown, S_IFREG | 0010, 0, 20, none), ACCESS_YES);
	assert_int_equal(access_execute(&unknown, S_IFREG | 0011, 0, 60, none), ACCESS_YES);
	assert_int_equal(access_execute(&access_nobody, S_IFREG | 0777, 0, 0, none), ACCESS_UNSURE);
}

static void test_reading(void **state)
{
	struct credentials alice = user(1000, 20), root = user(0, 0);
	const struct bytes none = {};

	(void)state;
	alice.groups_known = true;
	assert_int_equal(access_read(&alice, S_IFREG | 0444, 0, 0, none), ACCESS_YES);
	assert_int_equal(access_read(&alice, S_IFREG | 0711, 0, 0, none), ACCESS_NO);
	assert_int_equal(access_read(&alice, S_IFREG | 0640, 0, 20, none), ACCESS_YES);
	assert_int_equal(access_read(&alice, S_IFREG | 0300, 1000, 20, none), ACCESS_NO);
	assert_int_equal(access_read(&root, S_IFREG | 0600, 5, 5, none), ACCESS_NO);
	root.effective = 1u << 2; /* CAP_DAC_READ_SEARCH */
	assert_int_equal(access_read(&root, S_IFREG | 0000, 5, 5, none), ACCESS_YES);
	assert_int_equal(access_execute(&root, S_IFREG | 0100, 5, 5, none), ACCESS_NO);
}

static void test_capabilities(void **state)
{
	struct credentials root = user(0, 0);
	const struct bytes none = {};

	(void)state;
	/* a root without capabilities is a user as any other */
	assert_int_equal(access_execute(&root, S_IFREG | 0100, 5, 5, none), ACCESS_NO);
	root.effective = 1u << 1; /* CAP_DAC_OVERRIDE */
	assert_int_equal(access_execute(&root, S_IFREG | 0100, 5, 5, none), ACCESS_YES);
	assert_int_equal(access_execute(&root, S_IFREG | 0666, 5, 5, none), ACCESS_NO);
	assert_int_equal(access_execute(&root, S_IFDIR | 0000, 5, 5, none), ACCESS_YES);
	root.other_user_ns = true;
	assert_int_equal(access_execute(&root, S_IFREG | 0100, 5, 5, none), ACCESS_UNSURE);
	root.uid_map = B("         0       1000          1\n         1     100000      65536\n");
	assert_int_equal(access_execute(&root, S_IFREG | 0100, 5, 5, none), ACCESS_NO);
	assert_int_equal(access_execute(&root, S_IFREG | 0100, 1000, 5, none), ACCESS_UNSURE);
	root.gid_map = B("0 1000 1\n");
	assert_int_equal(access_execute(&root, S_IFREG | 0100, 1000, 5, none), ACCESS_NO);
	assert_int_equal(access_execute(&root, S_IFREG | 0100, 1000, 1000, none), ACCESS_YES);
	assert_int_equal(access_execute(&root, S_IFREG | 0100, 165535, 1000, none), ACCESS_YES);
	assert_int_equal(access_execute(&root, S_IFREG | 0100, 165536, 1000, none), ACCESS_NO);
	assert_true(access_is_other_user_ns(root.uid_map, root.gid_map));
	assert_true(access_is_other_user_ns(B("0 0 4294967295\n"), root.gid_map));
	assert_false(access_is_other_user_ns(B("         0          0 4294967295\n"), none));
	root.effective = 1u << 2; /* CAP_DAC_READ_SEARCH */
	root.other_user_ns = false;
	assert_int_equal(access_execute(&root, S_IFREG | 0100, 5, 5, none), ACCESS_NO);
	assert_int_equal(access_execute(&root, S_IFDIR | 0000, 5, 5, none), ACCESS_YES);
	/* of one that has gone nobody knows in which user namespace it was root */
	root.capabilities_known = false;
	assert_int_equal(access_execute(&root, S_IFREG | 0100, 5, 5, none), ACCESS_UNSURE);
	root.uid = 1;
	assert_int_equal(access_execute(&root, S_IFREG | 0100, 5, 5, none), ACCESS_NO);
}

static void test_acl(void **state)
{
	struct credentials alice = user(1000, 20), bob = user(1001, 50), unknown = user(1002, 20);
	const struct bytes denied = B(ACL OWNER USER_1000("\4") OWNING_GROUP("\5") MASK("\7") OTHERS("\5"));
	const struct bytes masked = B(ACL OWNER USER_1000("\7") OWNING_GROUP("\5") MASK("\4") OTHERS("\5"));
	const struct bytes group = B(ACL OWNER OWNING_GROUP("\4") GROUP_50("\5") MASK("\7") OTHERS("\0"));

	(void)state;
	alice.groups_known = bob.groups_known = true;
	assert_int_equal(access_execute(&alice, S_IFREG | 0775, 0, 0, denied), ACCESS_NO);
	assert_int_equal(access_execute(&alice, S_IFREG | 0775, 0, 0, masked), ACCESS_NO);
	assert_int_equal(access_execute(&bob, S_IFREG | 0775, 0, 0, denied), ACCESS_YES);
	assert_int_equal(access_execute(&bob, S_IFREG | 0770, 0, 0, group), ACCESS_YES);
	assert_int_equal(access_execute(&alice, S_IFREG | 0770, 0, 0, group), ACCESS_NO);
	assert_int_equal(access_execute(&alice, S_IFREG | 0770, 0, 20, group), ACCESS_NO);
	assert_int_equal(access_execute(&unknown, S_IFREG | 0770, 0, 0, group), ACCESS_UNSURE);
	assert_int_equal(access_execute(&alice, S_IFREG | 0770, 1000, 0, denied), ACCESS_YES);
	/* an empty mask: then others' part of the mode decides */
	assert_int_equal(access_execute(&alice, S_IFREG | 0705, 0, 0, masked), ACCESS_YES);
	assert_int_equal(access_execute(&bob, S_IFREG | 0705, 0, 50, masked), ACCESS_NO);
	/* what makes no sense is as if it was not there */
	assert_int_equal(access_execute(&alice, S_IFREG | 0771, 0, 0, B("\2\0")), ACCESS_YES);
}

static void test_status(void **state)
{
	static const char text[] =
		"Name:\tx\nTgid:\t42\nUid:\t1000\t1000\t1000\t1001\nGid:\t5\t5\t5\t6\nGroups:\t4 24 27 \n"
		"CapPrm:\t0000000000000002\nCapEff:\t0000000000000001\nCapBnd:\t000001ffffffffff\n"
		"NoNewPrivs:\t1\nSeccomp:\t2\nSeccomp_filters:\t1\n";
	struct credentials caller;

	access_parse_status(*state, B(text), &caller);
	assert_int_equal(caller.tgid, 42);
	assert_int_equal(caller.uid, 1001);
	assert_int_equal(caller.gid, 6);
	assert_int_equal(caller.n_groups, 3);
	assert_int_equal(caller.groups[2], 27);
	assert_true(caller.groups_known && caller.capabilities_known && caller.no_new_privs);
	assert_int_equal(caller.effective, 1);
	assert_int_equal(caller.permitted, 2);
	assert_true(caller.bounding == 0x1ffffffffff);
	assert_int_equal(caller.seccomp, 2);
	access_parse_status(*state, B("Groups:\t\nUid:"), &caller);
	assert_true(caller.groups_known);
	assert_int_equal(caller.n_groups, 0);
	assert_int_equal(caller.uid, RECORD_UNKNOWN);
	assert_int_equal(caller.seccomp, -1);
	access_parse_status(*state, B(""), &caller);
	assert_false(caller.groups_known || caller.capabilities_known);
}

static void test_file_capabilities(void **state)
{
	struct access_file_caps caps;

	assert_true(access_parse_file_caps(B("\1\0\0\2\0\x20\0\0\0\0\0\0\x80\0\0\0\0\0\0\0"), &caps));
	assert_true(caps.effective);
	assert_true(caps.permitted == (1ull << 13 | 1ull << 39));
	assert_string_equal(access_caps_names(*state, caps.permitted | 1ull << 63),
			    "CAP_NET_RAW, CAP_BPF, capability 63");
	assert_true(access_parse_file_caps(B("\0\0\0\1\0\x20\0\0\0\0\0\0"), &caps));
	assert_false(caps.effective);
	assert_true(caps.permitted == 1ull << 13);
	assert_false(access_parse_file_caps(B("\1\0\0\2\0\x20\0\0"), &caps));
	assert_false(access_parse_file_caps(B(""), &caps));
	assert_string_equal(access_caps_names(*state, 0), "");
}

static int setup(void **state)
{
	*state = arena_new();
	return 0;
}

static int teardown(void **state)
{
	arena_free(*state);
	return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_mode), TEST(test_reading), TEST(test_capabilities),
		TEST(test_acl),  TEST(test_status),  TEST(test_file_capabilities),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
