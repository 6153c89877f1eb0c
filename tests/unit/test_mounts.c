// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <sys/sysmacros.h>

#include "look/mounts.h"

static const char text[] = "21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw,errors=remount-ro\n"
			   "22 21 0:20 / /proc rw,nosuid,nodev,noexec,relatime shared:2 - proc proc rw\n"
			   "30 21 0:30 / /home\\040dir rw - nfs4 server:/ex\\134port rw,vers=4.2\n"
			   "31 30 0:31 / /home\\040dir/sub rw - tmpfs tmpfs rw,noexec\n"
			   "nonsense\n"
			   "\n"
			   "40 21 0:40 / /proc rw - fuse.sshfs x rw\n"
			   "50 21 8:2 / /last rw,noexecutive,nosymfollow - ext4 /dev/sdb1 rw";

static void test_rows(void **state)
{
	struct mounts mounts;

	(void)state;
	mounts_parse(&mounts, B(text));
	assert_int_equal(mounts.n, 6);
	assert_bytes(mounts_by_id(&mounts, 30)->at, "/home dir");
	assert_bytes(mounts_by_id(&mounts, 30)->source, "server:/ex\\port");
	assert_bytes(mounts_by_id(&mounts, 30)->type, "nfs4");
	assert_true(mounts_by_id(&mounts, 22)->noexec);
	assert_true(mounts_by_id(&mounts, 22)->nosuid);
	assert_true(mounts_by_id(&mounts, 31)->noexec);
	assert_false(mounts_by_id(&mounts, 50)->noexec);
	assert_true(mounts_by_id(&mounts, 50)->nosymfollow);
	assert_false(mounts_by_id(&mounts, 31)->nosymfollow);
	assert_null(mounts_by_id(&mounts, 99));
	assert_true(mount_is_local(mounts_by_id(&mounts, 21)));
	assert_true(mount_is_local(mounts_by_id(&mounts, 22)));
	assert_true(mount_is_virtual(mounts_by_id(&mounts, 22)));
	assert_false(mount_is_local(mounts_by_id(&mounts, 30)));
	assert_false(mount_is_local(mounts_by_id(&mounts, 40)));
	mounts_free(&mounts);
}

static void test_paths(void **state)
{
	struct mounts mounts;

	(void)state;
	mounts_parse(&mounts, B(text));
	assert_int_equal(mounts_by_path(&mounts, B("/etc/passwd"))->id, 21);
	assert_int_equal(mounts_by_path(&mounts, B("/home dir/x"))->id, 30);
	assert_int_equal(mounts_by_path(&mounts, B("/home dir/sub"))->id, 31);
	assert_int_equal(mounts_by_path(&mounts, B("/home dir/submarine"))->id, 30);
	/* the later one lies on top */
	assert_int_equal(mounts_by_path(&mounts, B("/proc/x"))->id, 40);
	assert_null(mounts_by_path(&mounts, B("relative")));
	mounts_free(&mounts);
	mounts_parse(&mounts, B(""));
	assert_int_equal(mounts.n, 0);
	assert_null(mounts_by_path(&mounts, B("/")));
	mounts_free(&mounts);
}

static void test_file_systems(void **state)
{
	struct mounts mounts;

	(void)state;
	mounts_parse(&mounts, B("1 0 0:7 /12/map_files /p rw - proc proc rw\n2 1 x / /x rw - ext4 d rw\n"));
	assert_int_equal(mounts_by_id(&mounts, 1)->dev, makedev(0, 7));
	assert_bytes(mounts_by_id(&mounts, 1)->root, "/12/map_files");
	assert_int_equal(mounts_by_id(&mounts, 2)->dev, 0);
	assert_true(mounts_have_device(&mounts, makedev(0, 7)));
	assert_false(mounts_have_device(&mounts, makedev(0, 8)));
	mounts_free(&mounts);
	assert_true(magic_is_local(0xef53));
	assert_false(magic_is_local(0x65735546)); /* FUSE */
	assert_false(magic_is_local(0));
}

/* An overlay is as local as its layers. */
static void test_layers(void **state)
{
	static const char table[] = "1 0 8:1 / / rw - ext4 d rw\n"
				    "2 1 0:30 / /far rw - nfs4 s:/ rw\n"
				    "3 1 0:31 / /a rw - overlay overlay rw,lowerdir=/x:/y,upperdir=/u,workdir=/w\n"
				    "4 1 0:32 / /b rw - overlay overlay rw,lowerdir=/x:/far/y,upperdir=/u,workdir=/w\n"
				    "5 1 0:33 / /c rw - overlay overlay rw,lowerdir=/x,upperdir=/far/u,workdir=/w\n"
				    "6 1 0:34 / /d rw - overlay overlay rw,lowerdir+=/far/x,lowerdir+=/y\n"
				    "7 1 0:35 / /e rw - overlay overlay rw,lowerdir=l/AB:l/CD,upperdir=/u,workdir=/w\n";
	struct mounts mounts;

	(void)state;
	mounts_parse(&mounts, B(table));
	for (uint64_t id = 3; id <= 7; id++)
		assert_int_equal(mounts_layers_are_local(&mounts, mounts_by_id(&mounts, id)), id == 3 || id == 7);
	mounts_free(&mounts);
}

static void test_hostile(void **state)
{
	struct mounts mounts;

	(void)state;
	mounts_parse(
		&mounts,
		B("1\n1 2 3\n1 2 3 4 /x\n1 2 3 4 /x opt\n1 2 3 4 /x\\ opt - t\n18446744073709551615 a b c /\\04 o - t s\n"
		  "-\n - \n\n\n5 a b c / o"));
	for (size_t i = 0; i < mounts.n; i++)
		assert_true(mounts.v[i].at.n && mounts.v[i].type.n);
	mounts_free(&mounts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),   cmocka_unit_test(test_paths),   cmocka_unit_test(test_file_systems),
		cmocka_unit_test(test_layers), cmocka_unit_test(test_hostile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
